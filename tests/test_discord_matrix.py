"""Every kind of call to Discord meets every kind of fault, in every kind of place: see fault_matrix.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fault_matrix import FAULTS, LASTING, PASSING, ROWS, Row, places, run_row, synced

NOT = ("could not be delivered", "not be acknowledged", "No thread could be opened", "without its files")
"""What the log says of a call that failed for good."""


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.call}, {row.where}")
async def test_each_fault_ends_in_the_answer_or_a_sentence_and_the_log_says_which(
    tmp_path: Path, row: Row
) -> None:
    async with places() as fake:
        seen = await run_row(fake, tmp_path, row)
    assert seen.outcomes == row.expected
    failed = [line for line in seen.log if any(words in line for words in NOT)]
    assert len(failed) == len(LASTING), seen.log


@pytest.mark.parametrize("name", FAULTS)
async def test_telling_the_commands(tmp_path: Path, name: str) -> None:
    async with places() as fake:
        seen = await synced(fake, tmp_path, name)
    assert seen.outcomes == {name: "answer" if name in PASSING else "log"}
    assert any("Discord was not told the commands" in line for line in seen.log) == (name in LASTING)
