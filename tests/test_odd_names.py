"""Files whose names are odd: none of them stops the others."""

from __future__ import annotations

import os
import threading
import unicodedata
from pathlib import Path
from typing import Literal

import pytest

from retrieval.corrections import load
from retrieval.discovery import discover
from retrieval.errors import SourceMissing
from retrieval.jobs import Jobs
from retrieval.models import IngestProgress
from tests.library_kit import opened, titles
from tests.papers import HashingEmbedder, settings_for

WORDS = {
    "Moss on Roofs": "Moss cools the roofs of harbour towns by four degrees in July, as 412 sensors showed.",
    "Sharp Tongues": "We show that a compiler which knows its types makes the programs of 30 people smaller.",
}


def written(folder: Path, name: str, title: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(
        f"# {title}\n\nBo Lindqvist\n\n## Abstract\n\n{WORDS.get(title, title)}\n", encoding="utf-8"
    )
    return path


def quiet(step: IngestProgress) -> None:
    """Nobody looks."""


def test_a_name_that_is_no_text_is_told_and_stops_no_other(tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    written(folder, "moss.md", "Moss on Roofs")
    odd = os.fsencode(folder) + b"/kite\xff.md"
    try:
        Path(os.fsdecode(odd)).write_text("x", encoding="utf-8")
    except (OSError, UnicodeError):
        pytest.skip("this file system takes no such names")
    with opened(tmp_path / "data") as library:
        report = library.ingest([folder])
        again = library.ingest([folder], only=[folder / "moss.md"])
        with pytest.raises(SourceMissing, match="rename it"):
            library.ingest([Path(os.fsdecode(odd))])
        assert titles(library) == ["Moss on Roofs"]
    assert [(Path(one.name).name, "rename it" in one.reason) for one in report.failed] == [
        ("kite\\xff.md", True)
    ]
    assert again.failed == ()


def test_a_link_to_what_nothing_can_be_called_stops_no_other(tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    written(folder, "moss.md", "Moss on Roofs")
    (folder / "odd.md").symlink_to("x" * 300)  # a look at it ends in an error of its own
    with opened(tmp_path / "data") as library:
        assert library.ingest([folder]).failed == ()
        assert titles(library) == ["Moss on Roofs"]


def test_folders_that_go_while_they_are_looked_through_stop_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    written(folder, "moss.md", "Moss on Roofs")
    over = threading.Event()

    def come_and_go() -> None:
        while not over.is_set():
            for number in range(40):
                (folder / f"new-{number}").mkdir()
            for number in range(40):
                (folder / f"new-{number}").rmdir()

    busy = threading.Thread(target=come_and_go)
    busy.start()
    try:
        for _ in range(200):
            assert [file.name for file in discover([folder], tmp_path / "data").files] == ["moss.md"]
    finally:
        over.set()
        busy.join()


def test_a_link_that_leads_to_itself_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    written(folder, "moss.md", "Moss on Roofs")
    (folder / "loop").symlink_to("loop")
    (folder / "round").symlink_to(folder)
    with opened(tmp_path / "data") as library:
        assert library.ingest([folder]).added == 1
        with pytest.raises(SourceMissing, match="leads to itself"):
            library.ingest([folder / "loop"])


def test_a_number_sign_in_a_name_begins_no_part(tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    written(folder, "C# today.md", "Sharp Tongues")
    written(folder, "C.md", "Moss on Roofs")
    (folder / "papers.csv").write_text("source,year\nC# today.md,2021\n", encoding="utf-8")
    with opened(tmp_path / "data") as library:
        assert library.ingest([folder]).notes == ()
        paper = library.named("Sharp Tongues")
        assert (paper.sources, paper.year) == (("C%23 today.md",), 2021)


def test_what_is_removed_for_good_stays_away_whatever_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    written(folder, "C# today.md", "Sharp Tongues")
    written(folder, "moss.md", "Moss on Roofs")
    settings = settings_for(tmp_path / "data")
    jobs = Jobs(settings, purpose="a test", embedder=lambda _: HashingEmbedder())
    jobs.library.ingest([folder])
    assert jobs.remove("Sharp Tongues", quiet).absent == ()
    assert [one.removed for one in load(settings.data)] == [True]
    jobs.library.ingest([folder])
    assert titles(jobs.library) == ["Moss on Roofs"]
    jobs.rest()


def test_names_of_several_lines_and_forms_are_files_of_their_own(tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    for name in ("two\nlines.md", "-dash.md", "caf\u00e9.md", "cafe\u0301.md", "50%.md"):
        written(folder, name, "Moss on Roofs")
    with opened(tmp_path / "data") as library:
        library.ingest([folder])
        assert {row.name for row in library.files()} == {path.name for path in folder.iterdir()}
        assert (library.ingest([folder]).added, library.status().failed) == (0, ())


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_manifest_finds_a_name_however_its_letters_are_composed(
    tmp_path: Path, form: Literal["NFC", "NFD"]
) -> None:
    folder = tmp_path / "papers"
    for name in ("NFC", "NFD"):
        written(folder / name, unicodedata.normalize(name, "Möwe.md"), "Moss on Roofs")
        rows = f"source,title\n{unicodedata.normalize(form, 'Möwe.md')},Gulls over {name}\n"
        (folder / name / "papers.csv").write_text(rows, encoding="utf-8")
    with opened(tmp_path / "data") as library:
        report = library.ingest([folder])
        assert report.notes == ()
        assert titles(library)[0].startswith("Gulls over")
