"""One owner, readers beside it, and indexes that follow the catalogue whatever became of them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.errors import CatalogueBroken, IndexMismatch, LibraryBusy, LibraryMissing
from retrieval.library import Library
from tests.library_kit import opened, reader, titles
from tests.papers import HashingEmbedder, settings_for, write_records


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_records(tmp_path / "papers" / "list.jsonl").parent


@pytest.fixture
def library(tmp_path: Path, folder: Path) -> Iterator[Library]:
    with opened(tmp_path / "data") as library:
        library.ingest([folder])
        yield library


def test_nobody_else_can_write_and_the_owner_is_named(library: Library, tmp_path: Path) -> None:
    with pytest.raises(LibraryBusy, match="held by `footnote`"):
        opened(tmp_path / "data")
    assert library.status().owner is not None
    library.close()
    opened(tmp_path / "data").close()


def test_a_reader_beside_the_owner_sees_each_change(library: Library, tmp_path: Path, folder: Path) -> None:
    with reader(tmp_path / "data") as beside:
        assert len(titles(beside)) == 4
        write_records(folder / "more.jsonl", [{"id": "x", "title": "Snow on Cars", "abstract": "It snows."}])
        library.ingest([folder])
        assert beside.search("snow on cars").passages[0].paper.title == "Snow on Cars"
        library.remove("more.jsonl")
        assert "Snow on Cars" not in [found.paper.title for found in beside.search("snow on cars").papers]


def test_there_is_no_library_yet(tmp_path: Path) -> None:
    with pytest.raises(LibraryMissing, match="footnote ingest"):
        reader(tmp_path / "data")
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("lost", ["chroma", "lexical"])
def test_an_index_that_is_deleted_is_made_anew_without_embedding(
    library: Library, tmp_path: Path, lost: str
) -> None:
    library.close()
    shutil.rmtree(tmp_path / "data" / lost)
    embedder = HashingEmbedder()
    with opened(tmp_path / "data", embedder) as again:
        assert embedder.embedded == 0
        assert again.verify().problems == ()
        assert again.search("sourdough culture").passages[0].paper.venue == "BAKE"


def test_a_reader_mends_a_lost_index_too(library: Library, tmp_path: Path) -> None:
    library.close()
    shutil.rmtree(tmp_path / "data" / "lexical")
    with reader(tmp_path / "data") as again:
        assert again.verify().problems == ()
        assert again.status().owner is None


def test_a_library_of_another_embedder_is_not_searched_but_can_be_rebuilt(
    library: Library, tmp_path: Path
) -> None:
    library.close()
    other = HashingEmbedder("another-64")
    with pytest.raises(IndexMismatch, match="--rebuild"):
        Library.open(settings_for(tmp_path / "data"), embedder=other)
    with opened(tmp_path / "data", other, rebuild=True) as again:
        assert again.ingest([]).embedded == other.embedded > 0
        assert again.verify().problems == ()
        assert len(titles(again)) == 4
    Library.open(settings_for(tmp_path / "data"), embedder=other).close()


def test_a_library_in_the_middle_of_being_rebuilt_is_not_searched(library: Library, tmp_path: Path) -> None:
    library.close()
    beside = reader(tmp_path / "data")
    opened(tmp_path / "data", rebuild=True).close()  # as if killed before `ingest` came to its end
    with pytest.raises(IndexMismatch, match="anew"):
        beside.search("moss")
    beside.close()
    with pytest.raises(IndexMismatch, match="anew"):
        reader(tmp_path / "data")
    with opened(tmp_path / "data", rebuild=True) as again:
        report = again.ingest([])
        assert (report.embedded, report.papers) == (0, 4)  # the same embedder: nothing is embedded twice
        assert again.verify().problems == ()
    with reader(tmp_path / "data") as after:
        assert after.search("moss").papers[0].paper.title == "Moss on Roofs"


def test_a_reader_does_not_search_what_another_embedder_made(library: Library, tmp_path: Path) -> None:
    library.close()
    other = HashingEmbedder("another-64")
    with reader(tmp_path / "data") as beside:
        assert beside.search("moss").passages
        with opened(tmp_path / "data", other, rebuild=True) as again:
            again.ingest([])
        with pytest.raises(IndexMismatch, match="another-64"):
            beside.search("moss")


def test_a_damaged_catalogue_says_what_to_do(library: Library, tmp_path: Path) -> None:
    library.close()
    for file in (tmp_path / "data").glob("catalogue.sqlite*"):
        file.unlink()
    (tmp_path / "data" / "catalogue.sqlite").write_bytes(b"this is no database" * 100)
    with pytest.raises(CatalogueBroken, match="backup"):
        reader(tmp_path / "data")
