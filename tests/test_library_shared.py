"""One owner, readers beside it, and indexes that follow the catalogue whatever became of them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from retrieval import ingest
from retrieval.errors import CatalogueBroken, IndexMismatch, LibraryBusy, LibraryMissing, ModelUnavailable
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


def test_a_data_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("no folder", encoding="utf-8")
    with pytest.raises(CatalogueBroken, match=r"data cannot be written \(File exists\).*FOOTNOTE_DATA"):
        opened(tmp_path / "data")


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


def test_a_library_of_another_embedder_is_not_changed_but_can_be_rebuilt(
    library: Library, tmp_path: Path
) -> None:
    library.close()
    other = HashingEmbedder("another-64")
    with pytest.raises(IndexMismatch, match=r"indexed by [a-z]\S*, and EMBEDDER is now .*--rebuild"):
        opened(tmp_path / "data", other)
    with opened(tmp_path / "data", other, rebuild=True) as again:
        assert again.ingest([]).embedded == other.embedded > 0
        assert again.verify().problems == ()
        assert len(titles(again)) == 4
    Library.open(settings_for(tmp_path / "data"), embedder=other).close()


def folders_of(data: Path) -> list[str]:
    return sorted(path.name for path in data.iterdir() if path.is_dir())


def test_the_old_indexes_are_read_until_the_new_ones_are_whole(library: Library, tmp_path: Path) -> None:
    library.close()
    seen: list[str] = []
    beside = reader(tmp_path / "data")

    class Asked(HashingEmbedder):
        """Another embedder, beside whose work somebody asks."""

        def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
            seen.append(beside.search("moss").papers[0].paper.title)
            return super().embed(texts)

    other = Asked("another-64")
    with opened(tmp_path / "data", other, rebuild=True) as again:
        assert beside.search("moss").passages
        assert again.ingest([]).embedded == other.embedded > 0
        assert seen and set(seen) == {"Moss on Roofs"}
        assert again.verify().problems == ()
    assert beside.search("moss").words_only
    beside.close()
    with opened(tmp_path / "data", HashingEmbedder("another-64")) as after:
        assert after.search("moss").papers[0].paper.title == "Moss on Roofs"
        assert folders_of(tmp_path / "data") == ["chroma-2", "lexical-2"]


def test_a_reader_of_the_same_embedder_goes_on_with_the_new_indexes(library: Library, tmp_path: Path) -> None:
    library.close()
    with reader(tmp_path / "data") as beside, opened(tmp_path / "data", rebuild=True) as again:
        before = beside.search("moss")
        report = again.ingest([])
        assert (report.embedded, report.papers) == (0, 4)  # nothing is embedded twice
        assert again.verify().problems == ()
        shutil.rmtree(tmp_path / "data" / "lexical")  # the old one
        assert beside.search("moss") == before


def test_a_rebuilding_that_is_broken_off_changed_nothing_and_goes_on(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.close()
    monkeypatch.setattr(ingest, "CHUNKS_AT_A_TIME", 1)

    class Failing(HashingEmbedder):
        """Another embedder, which fails at its third batch."""

        calls = 0

        def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
            self.calls += 1
            if self.calls == 3:
                raise ModelUnavailable("out of breath")
            return super().embed(texts)

    failing, other = Failing("another-64"), HashingEmbedder("another-64")
    with opened(tmp_path / "data", failing, rebuild=True) as again, pytest.raises(ModelUnavailable):
        again.ingest([])
    with opened(tmp_path / "data") as old:  # with the embedder of before
        assert old.verify().problems == () and old.verify().mended == ()
        assert old.search("moss").papers[0].paper.title == "Moss on Roofs"
        assert folders_of(tmp_path / "data") == ["chroma", "lexical"]
    with opened(tmp_path / "data", other, rebuild=True) as again:
        whole = again.ingest([])
        assert again.verify().problems == ()
    assert whole.embedded == other.embedded > 0 and failing.embedded > 0
    with opened(tmp_path / "data", other) as after:
        assert after.status().vectors == whole.embedded + failing.embedded


def test_a_damaged_catalogue_says_what_to_do(library: Library, tmp_path: Path) -> None:
    library.close()
    for file in (tmp_path / "data").glob("catalogue.sqlite*"):
        file.unlink()
    (tmp_path / "data" / "catalogue.sqlite").write_bytes(b"this is no database" * 100)
    with pytest.raises(CatalogueBroken, match="backup"):
        reader(tmp_path / "data")


class Interrupted(HashingEmbedder):
    """While it embeds its next question, something happens."""

    def __init__(self) -> None:
        super().__init__()
        self.then: Callable[[], object] | None = None

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        then, self.then = self.then, None
        if then:
            then()
        return super().embed(texts)


class Wider(HashingEmbedder):
    dimensions = 96


def test_an_embedder_that_is_changed_in_the_middle_of_a_search_leaves_the_words(
    library: Library, tmp_path: Path, folder: Path
) -> None:
    library.close()
    embedder = Interrupted()
    with Library.open(settings_for(tmp_path / "data"), embedder=embedder) as beside:

        def change() -> None:
            with opened(tmp_path / "data", Wider("hashing-96"), rebuild=True) as other:
                other.ingest([folder])

        embedder.then = change
        found = beside.search("wings in the wind")
        assert found.words_only and found.papers[0].paper.title.startswith("KiteNet")
