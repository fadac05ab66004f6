"""Oddities in watched folders: links that lead to themselves, names that are no text, files with an end."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

import pytest

from retrieval.discovery import UNNAMEABLE
from retrieval.watching import Waiting, has_ended
from tests.test_corrections import written
from tests.test_watching import Clock, text, until, watching


def test_a_link_to_itself_is_told_once_and_stops_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    loop, folder = tmp_path / "loop", written(tmp_path / "papers" / "Kites.txt").parent
    loop.symlink_to(loop)
    with caplog.at_level(logging.WARNING), watching(tmp_path, loop, folder) as reader:
        until(lambda: reader.titles() == {"Kites"})
        loop.unlink()
        loop.symlink_to(written(tmp_path / "other" / "Tents.txt", text("Tents")).parent)
        until(lambda: reader.titles() == {"Kites", "Tents"})
        written(tmp_path / "other" / "Boats.txt", text("Boats"))  # of which the notices speak by another name
        until(lambda: "Boats" in reader.titles())
    told = [record.getMessage() for record in caplog.records if "leads to itself" in record.getMessage()]
    assert len(told) == 1 and str(loop) in told[0]


def test_a_link_to_what_nothing_can_be_called_stops_nothing(tmp_path: Path) -> None:
    folder = written(tmp_path / "papers" / "Kites.txt").parent
    with watching(tmp_path, folder) as reader:
        until(lambda: reader.titles() == {"Kites"})
        (folder / "odd.txt").symlink_to("x" * 300)  # a look at it ends in an error of its own
        written(folder / "Tents.txt", text("Tents"))
        until(lambda: reader.titles() == {"Kites", "Tents"})


@pytest.mark.skipif(sys.platform != "linux", reason="other systems take no such names")
def test_names_that_are_no_text_are_told_and_not_passed_over(tmp_path: Path) -> None:
    folder = written(tmp_path / "papers" / "Kites.txt").parent
    first = Path(os.fsdecode(bytes(folder) + b"/early\xff.txt"))
    late = Path(os.fsdecode(bytes(folder) + b"/late\xfe.txt"))
    first.write_text(text("Tents"), encoding="utf-8")
    with watching(tmp_path, folder) as reader:
        until(lambda: any("early" in failure.name for failure in reader.failed))
        late.write_text(text("Boats"), encoding="utf-8")
        until(lambda: any("late" in failure.name for failure in reader.failed))
        late.rename(folder / "late.txt")
        until(lambda: reader.titles() == {"Kites", "Boats"})
    assert {failure.reason for failure in reader.failed} == {UNNAMEABLE}
    assert sum("early" in failure.name for failure in reader.failed) == 1


def test_a_pdf_file_that_has_its_end_is_complete_sooner(tmp_path: Path) -> None:
    clock = Clock()
    waiting = Waiting(2.0, clock)
    whole, part = tmp_path / "whole.pdf", tmp_path / "part.pdf"
    whole.write_bytes(b"%PDF-1.4\n" + b"x" * 500 + b"\nstartxref\n9\n%%EOF\n")
    part.write_bytes(b"%PDF-1.4\n%%EOF\n" + b"x" * 500)  # as of one that is made for the web
    written(tmp_path / "whole.txt", "%%EOF")
    for path in (whole, part, tmp_path / "whole.txt"):
        waiting.note(path)
    clock.now = 0.4
    assert waiting.take() == []
    clock.now = 0.6
    assert waiting.take() == [whole]
    with whole.open("ab") as file:
        file.write(b"more" * 99)
    waiting.note(whole)
    clock.now = 1.9
    assert waiting.take() == []
    clock.now = 3.0
    assert set(waiting.take()) == {whole, part, tmp_path / "whole.txt"}
    assert not has_ended(tmp_path / "gone.pdf")
