"""Facts mended and papers set aside by hand, which hold however often the files are read again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval import corrections
from retrieval.corrections import Correction, load, save, with_said
from retrieval.errors import LibraryError
from retrieval.fingerprints import content_of
from retrieval.library import Library
from retrieval.readers.manifest import Override
from tests.papers import HashingEmbedder, settings_for, write_records

TEXT = (
    "Kites on Long Lines\n\nAda Falk\n\nAbstract\n\n"
    "A kite on a long line flies in steadier wind than a short one.\n"
)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    settings = settings_for(tmp_path / "data")
    with Library.open(settings, writable=True, create=True, embedder=HashingEmbedder()) as opened:
        yield opened


def written(path: Path, text: str = TEXT) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def said(tmp_path: Path, one: Correction) -> None:
    save(tmp_path / "data", with_said(load(tmp_path / "data"), one))


def titles(library: Library) -> list[str]:
    return [entry.paper.title for entry in library.papers()]


def test_a_mended_title_holds_through_reading_again_editing_and_renaming(
    library: Library, tmp_path: Path
) -> None:
    file = written(tmp_path / "papers" / "kites.txt")
    written(tmp_path / "papers" / "other.txt", TEXT.replace("Kites", "Tents").replace("kite", "tent"))
    library.ingest([file.parent])
    said(tmp_path, Correction("kites.txt", content_of(file.read_bytes()), Override(title="Long Lines")))
    assert library.ingest([file.parent]).updated == 1
    assert "Long Lines" in titles(library)
    assert library.ingest([file.parent]).updated == 0
    written(file, TEXT + "\nIt flew for nine days.\n")
    library.ingest([file.parent])
    assert "Long Lines" in titles(library)
    written(file)
    file.rename(file.with_name("renamed.txt"))
    report = library.ingest([file.parent])
    assert (report.added, report.removed) == (1, 1) and "Long Lines" in titles(library)


def test_later_words_go_before_earlier_ones_and_add_to_them(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    said(tmp_path, Correction("a.pdf", "1", Override(title="One", year=2001)))
    said(tmp_path, Correction("b.pdf", "2", removed=True))
    said(tmp_path, Correction("a.pdf", "3", Override(title="Two", authors=("Ada Falk", "Bo Lindqvist"))))
    assert load(tmp_path / "data") == (
        Correction("b.pdf", "2", removed=True),
        Correction("a.pdf", "3", Override(title="Two", year=2001, authors=("Ada Falk", "Bo Lindqvist"))),
    )


def test_what_was_set_aside_stays_out_of_a_list_that_is_written_anew(
    library: Library, tmp_path: Path
) -> None:
    file = write_records(tmp_path / "papers" / "list.jsonl")
    library.ingest([file])
    said(tmp_path, Correction("list.jsonl#bread", content_of(file.read_bytes()), removed=True))
    report = library.ingest([file])
    assert report.removed == 1 and "set aside by hand" in report.notes[0]
    written(file, file.read_text(encoding="utf-8") + "\n")
    library.ingest([file])
    assert "Sourdough at Scale" not in titles(library) and len(titles(library)) == 3


def test_another_paper_may_come_by_the_name_of_one_that_was_set_aside(
    library: Library, tmp_path: Path
) -> None:
    file = written(tmp_path / "papers" / "paper.txt")
    said(tmp_path, Correction("paper.txt", content_of(file.read_bytes()), removed=True))
    library.ingest([file])
    assert titles(library) == []
    written(file, TEXT.replace("Kites", "Tents"))
    library.ingest([file])
    assert titles(library) == ["Tents on Long Lines"]


def test_a_damaged_list_is_said_and_nothing_is_changed(library: Library, tmp_path: Path) -> None:
    file = written(tmp_path / "papers" / "kites.txt")
    library.ingest([file])
    written(tmp_path / "data" / corrections.FILE, '{"source": "kites.txt"\n')
    with pytest.raises(LibraryError, match=r"corrections\.jsonl cannot be read"):
        library.ingest([file])
    assert titles(library) == ["Kites on Long Lines"]


# what is read, and what is gone


def test_a_file_renamed_in_a_small_folder_is_no_loss(library: Library, tmp_path: Path) -> None:
    file = written(tmp_path / "papers" / "kites.txt")
    library.ingest([file.parent])
    embedded = library.ingest([file.parent]).embedded
    file.rename(file.with_name("lines.txt"))
    report = library.ingest([file.parent])
    assert (report.added, report.removed, report.embedded, report.notes) == (1, 1, embedded, ())
    file.with_name("lines.txt").unlink()
    lost = library.ingest([file.parent])
    assert lost.removed == 0 and "has lost 1 of its 1 files" in lost.notes[0]


def test_only_the_chosen_files_are_read_but_all_that_is_gone_is_forgotten(
    library: Library, tmp_path: Path
) -> None:
    folder = tmp_path / "papers"
    files = [
        written(folder / f"{name}.txt", TEXT.replace("Kites", name).replace("kite", name)) for name in "abcd"
    ]
    library.ingest([folder])
    for file in files[:2]:
        written(file, file.read_text(encoding="utf-8") + "\nMore.\n")
    files[3].unlink()
    report = library.ingest([folder], only=[files[0]])
    assert (report.updated, report.unchanged, report.removed) == (1, 0, 1)
    assert library.ingest([folder]).updated == 1


def test_a_file_that_failed_is_tried_again_only_when_asked(library: Library, tmp_path: Path) -> None:
    file = tmp_path / "papers" / "empty.txt"
    written(file, "")
    assert library.ingest([file]).failed
    row = next(row for row in library.files() if row.error)
    library._catalogue.replace_file(
        type(row)(row.path, row.folder, row.name, row.fingerprint, "an old reason"), None
    )
    assert library.ingest([file]).failed[0].reason == "an old reason"
    assert library.ingest([file], again=True).failed[0].reason != "an old reason"


def test_a_manifest_above_holds_for_a_single_file(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    file = written(folder / "deep" / "kites.txt")
    written(folder / "papers.csv", "source,title\ndeep/kites.txt,As a Person Says\n")
    library.ingest([folder])
    assert library.ingest([file]).notes == ()
    assert titles(library) == ["As a Person Says"]


def test_unfinished_downloads_are_left_alone_and_added_papers_are_read(
    library: Library, tmp_path: Path
) -> None:
    written(tmp_path / "papers" / "kites.txt.part")
    written(tmp_path / "data" / "papers" / "kites.txt")
    assert library.ingest([tmp_path]).added == 1
    assert titles(library) == ["Kites on Long Lines"]


def test_words_that_cannot_be_kept_are_refused_and_the_old_ones_hold(tmp_path: Path) -> None:
    said = [Correction("moss.md", "", Override(year=1999))]
    save(tmp_path, said)
    (tmp_path / f".{corrections.FILE}.part").mkdir()  # where the new list would be written
    with pytest.raises(LibraryError, match="nothing was changed"):
        save(tmp_path, [])
    assert list(load(tmp_path)) == said
