"""Indexes that are damaged, cut short or gone come back from the catalogue, with nothing embedded."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from retrieval.errors import IndexBroken
from retrieval.library import Library
from retrieval.ownership import own
from tests.papers import RECORDS, HashingEmbedder, settings_for, write_records

RAIN: list[dict[str, object]] = [
    {"id": f"p{n}", "title": f"Paper {n}", "abstract": f"Rain fell on roof {n}."} for n in range(30)
]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose lexical index has deleted entries, too."""
    folder = tmp_path_factory.mktemp("whole")
    papers = folder / "papers" / "list.jsonl"
    with opened(folder / "data", create=True) as library:
        library.ingest([write_records(papers, [*RECORDS, *RAIN]).parent])
        library.ingest([write_records(papers, [*RECORDS, *RAIN[:20]]).parent])
    return folder / "data"


@pytest.fixture
def data(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "data"))


def opened(
    data: Path, *, writable: bool = True, create: bool = False, embedder: HashingEmbedder | None = None
) -> Library:
    return Library.open(
        settings_for(data), writable=writable, create=create, embedder=embedder or HashingEmbedder()
    )


def _noise(data: bytes) -> bytes:
    return random.Random(7).randbytes(max(64, len(data)))


def _some_bytes(data: bytes) -> bytes:
    rng, changed = random.Random(7), bytearray(data)
    for _ in range(20):
        changed[rng.randrange(len(data))] ^= 0xFF
    return bytes(changed)


DAMAGES: dict[str, Callable[[bytes], bytes | None]] = {
    "gone": lambda data: None,
    "empty": lambda data: b"",
    "cut short": lambda data: data[: len(data) // 2],
    "noise": _noise,
    "some bytes": _some_bytes,
}
FILES: tuple[str, ...] = (
    "chroma/chroma.sqlite3",
    "lexical/meta.json",
    "lexical/.managed.json",
    "lexical/*.del",
)
FILES += tuple(f"lexical/*.{part}" for part in ("term", "idx", "pos", "store", "fast", "fieldnorm"))


def damage(data: Path, pattern: str, how: str) -> None:
    (file,) = data.glob(pattern)
    left = DAMAGES[how](file.read_bytes())
    if left is None:
        file.unlink()
    else:
        file.write_bytes(left)


def sound(data: Path, embedder: HashingEmbedder) -> None:
    """The library answers, its indexes are as the catalogue says, and only the question was embedded."""
    with opened(data, writable=False, embedder=embedder) as library:
        assert library.verify().problems == ()
        found = library.search("How many hours of flight was the kite trained on?")
        assert found.passages[0].paper.title == "KiteNet: Learning to Fly Tethered Wings"
    assert embedder.embedded == 1


@pytest.mark.parametrize("file", FILES)
def test_a_damaged_file_of_an_index_is_mended_when_the_library_is_opened_to_be_changed(
    whole: Path, tmp_path: Path, file: str
) -> None:
    for how in DAMAGES:
        data = Path(shutil.copytree(whole, tmp_path / how))
        damage(data, file, how)
        embedder = HashingEmbedder()
        with opened(data, embedder=embedder) as library:
            assert library.verify().problems == ()
        sound(data, embedder)


@pytest.mark.parametrize("file", FILES)
def test_a_reader_of_a_damaged_index_goes_on_or_reads_what_to_do(
    whole: Path, tmp_path: Path, file: str
) -> None:
    for how in DAMAGES:
        data = Path(shutil.copytree(whole, tmp_path / how))
        damage(data, file, how)
        try:
            with own(data, "footnote ingest", 0), opened(data, writable=False) as library:
                assert library.search("rain on roof 7").passages
        except IndexBroken as error:
            assert "footnote verify --mend" in str(error)


@pytest.mark.parametrize("index", ["chroma", "lexical"])
def test_a_lost_index_is_made_anew(data: Path, index: str) -> None:
    shutil.rmtree(data / index)
    embedder = HashingEmbedder()
    opened(data, embedder=embedder).close()
    sound(data, embedder)


def test_a_reader_mends_a_damaged_index_where_nobody_owns_the_folder(data: Path) -> None:
    damage(data, "lexical/meta.json", "noise")
    sound(data, HashingEmbedder())


def test_a_vector_that_is_not_that_of_the_catalogue_is_found_and_mended(data: Path) -> None:
    with opened(data) as library:
        ids = sorted(library._vectors.ids())
        library._vectors.put({ids[0]: np.eye(64, dtype=np.float32)[3]})
        library._vectors.drop(ids[1:2])
        library._vectors.put({"nobody.0": np.eye(64, dtype=np.float32)[1]})
        report = library.verify()
        assert report.mended == (
            "the vector index lacks 1 vectors",
            "the vector index has, beyond the catalogue, 1 vectors",
            "the vector index holds 1 vectors wrong",
        )
        assert report.problems == ()
    sound(data, HashingEmbedder())


def test_readers_go_on_while_an_index_is_made_anew_and_then_read_the_new_one(data: Path) -> None:
    with opened(data, writable=False) as reader:
        assert reader.search("rain on roof 7").passages
        damage(data, "lexical/*.store", "noise")
        damage(data, "chroma/chroma.sqlite3", "noise")
        with opened(data) as library:
            assert reader.search("rain on roof 8").passages
            assert reader.verify().problems == library.verify().problems == ()
    assert {folder.name for folder in data.iterdir() if folder.is_dir()} == {"chroma-2", "lexical-2"}
    sound(data, HashingEmbedder())


def test_passages_that_an_older_version_cut_serve_until_an_ingest_has_made_them_anew(data: Path) -> None:
    with closing(sqlite3.connect(data / "catalogue.sqlite")) as db, db:  # as that version left it
        db.execute("UPDATE meta SET value = '0.0/hashing-64' WHERE key = 'recipe'")
        db.execute("UPDATE papers SET digest = 'of then'")
        db.execute("UPDATE chunks SET id = 'old-' || id")
        db.execute("UPDATE vectors SET id = 'old-' || id, chunk_id = 'old-' || chunk_id")
    embedder = HashingEmbedder()
    with opened(data, writable=False) as reader:
        assert reader.search("rain on roof 7").passages
        with opened(data, embedder=embedder) as library:
            assert library.verify().problems == ()
            report = library.ingest([])
            assert (report.papers, report.embedded, embedder.embedded) == (24, 0, 0)
        assert reader.search("rain on roof 8").passages
        assert not [chunk for chunk in all_chunks(reader) if chunk.startswith("old-")]
    sound(data, embedder)


def all_chunks(library: Library) -> set[str]:
    return {chunk.id for entry in library.papers() for chunk in library.passages_of(entry.paper.id)}
