"""Files of records that are too large to be read whole: in one transaction all the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.library import Library
from retrieval.readers.pieces import PIECE
from tests.papers import HashingEmbedder, settings_for

LINES = 60
FILLING = "x" * (PIECE // LINES + 100)  # in a column of its own, so that few records make a large file


def written(file: Path, numbers: range, year: int = 2001) -> Path:
    rows = ({"id": n, "title": f"Kites over town {n * 7919}", "year": year, "more": FILLING} for n in numbers)
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return file


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    settings = settings_for(tmp_path / "data")
    with Library.open(settings, writable=True, create=True, embedder=HashingEmbedder()) as opened:
        yield opened


def test_a_large_file_loses_nothing_while_it_is_damaged_and_then_what_it_no_longer_holds(
    library: Library, tmp_path: Path
) -> None:
    file = written(tmp_path / "kites.jsonl", range(LINES))
    assert file.stat().st_size > PIECE
    assert library.ingest([file]).added == LINES
    unchanged = library.ingest([file])
    assert (unchanged.unchanged, unchanged.embedded) == (LINES, 0)

    whole = file.read_bytes()
    file.write_bytes(whole.replace(b'"title": "Kites over town 0"', b'"title": "Balloons"') + b"\n\xff\n")
    damaged = library.ingest([file])
    assert "not UTF-8: byte 0xFF" in damaged.failed[0].reason
    assert (damaged.removed, damaged.papers) == (0, LINES)
    assert library.paper("Balloons") is None  # nothing of what was read before the damage

    written(file, range(20, LINES + 10), year=2002)
    mended = library.ingest([file])
    assert (mended.added, mended.updated, mended.removed) == (10, LINES - 20, 20)
    assert mended.papers == LINES - 10
