"""A catalogue that is damaged, empty, locked or barred: a sentence with what to do, and where that leads."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from retrieval.catalogue import sql
from retrieval.errors import CatalogueBroken, LibraryBusy, LibraryMissing
from retrieval.library import Library
from retrieval.mending import rescue_catalogue
from retrieval.ownership import own, owner
from tests.papers import HashingEmbedder, settings_for, write_records

RAIN: list[dict[str, object]] = [
    {"id": f"p{n}", "title": f"Paper {n} on rain", "abstract": f"Rain fell on roof {n}. " * 30}
    for n in range(60)
]


def opened(data: Path, *, writable: bool = True, embedder: HashingEmbedder | None = None) -> Library:
    return Library.open(
        settings_for(data), writable=writable, create=True, embedder=embedder or HashingEmbedder()
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number, record in enumerate(RAIN):
        write_records(tmp_path / "papers" / f"{number}.jsonl", [record])
    return tmp_path / "papers"


@pytest.fixture
def data(tmp_path: Path, folder: Path) -> Path:
    with opened(tmp_path / "data") as library:
        library.ingest([folder])
    return tmp_path / "data"


def _middle(data: bytes) -> bytes:
    start = len(data) // 3
    return data[:start] + b"\x07" * 40_000 + data[start + 40_000 :]


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "cut in half": lambda data: data[: len(data) // 2],
    "cut to one page": lambda data: data[:16_384],
    "noise": lambda data: b"noise" * (len(data) // 5),
    "noise in the middle": _middle,
    "empty": lambda data: b"",
}


@pytest.mark.parametrize("how", DAMAGES)
def test_a_damaged_catalogue_is_rescued_and_an_ingest_brings_the_rest(
    data: Path, folder: Path, how: str
) -> None:
    file = data / "catalogue.sqlite"
    damaged = DAMAGES[how](file.read_bytes())
    file.write_bytes(damaged)
    saved = rescue_catalogue(data)
    assert saved.keys() >= {"sources", "files", "embeddings"}
    assert saved["files"] == (60 if how == "cut in half" else saved["files"])
    assert (data / "catalogue.damaged").read_bytes() == damaged
    embedder = HashingEmbedder()
    with opened(data, embedder=embedder) as library:
        report = library.ingest([folder])
        assert (report.papers, report.failed) == (60, ())
        assert library.verify().problems == ()
        assert library.search("rain on roof 7").passages
    assert rescue_catalogue(data) == {}


def test_what_can_be_read_is_not_embedded_again(data: Path, folder: Path) -> None:
    file = data / "catalogue.sqlite"
    with closing(sqlite3.connect(file)) as db:  # a page of a table that is made from others
        page = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'chunks'").fetchone()[0]
    held = bytearray(file.read_bytes())
    held[(page - 1) * 16_384 : page * 16_384] = b"\x07" * 16_384
    file.write_bytes(bytes(held))
    saved = rescue_catalogue(data)
    assert (saved["sources"], saved["files"]) == (60, 60)
    embedder = HashingEmbedder()
    with opened(data, embedder=embedder) as library:
        assert len(library.papers()) == 60
        assert library.ingest([folder]).embedded == embedder.embedded == 0


@pytest.mark.parametrize("how", ["cut in half", "noise", "empty"])
@pytest.mark.parametrize("writable", [True, False])
def test_nobody_works_with_a_damaged_catalogue(data: Path, how: str, writable: bool) -> None:
    file = data / "catalogue.sqlite"
    file.write_bytes(DAMAGES[how](file.read_bytes()))
    with pytest.raises(CatalogueBroken, match=r"damaged .*footnote restore.*footnote verify --mend"):
        opened(data, writable=writable).papers()
    assert (data / "chroma" / "chroma.sqlite3").exists()


def test_a_catalogue_that_is_gone_is_told_from_none(data: Path, folder: Path, tmp_path: Path) -> None:
    (data / "catalogue.sqlite").unlink()
    with pytest.raises(LibraryMissing, match=r"gone.*restore FILE.*ingest FOLDER"):
        Library.open(settings_for(data), embedder=HashingEmbedder())
    with pytest.raises(LibraryMissing, match="no library"):
        Library.open(settings_for(tmp_path / "none"), embedder=HashingEmbedder())
    with opened(data) as library:
        assert library.ingest([folder]).papers == len(RAIN)
        assert library.verify().problems == ()


def test_damage_that_no_question_meets_is_found_by_verify(data: Path) -> None:
    file = data / "catalogue.sqlite"
    with closing(sqlite3.connect(file)) as db:
        page = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'ix_files_folder'").fetchone()[0]
    held = bytearray(file.read_bytes())
    held[(page - 1) * 16_384 : page * 16_384] = b"\x07" * 16_384
    file.write_bytes(bytes(held))
    with opened(data, writable=False) as library:
        assert library.search("rain on roof 7").passages
        assert "the catalogue is damaged" in library.verify().problems


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("SQLITE_FULL", "Make room"),
        ("SQLITE_IOERR_WRITE", "Make room"),
        ("SQLITE_CORRUPT_INDEX", "footnote restore"),
        ("SQLITE_READONLY_DBMOVED", "right to write"),
        ("SQLITE_CANTOPEN", "right to write"),
        ("SQLITE_BUSY_SNAPSHOT", "locked"),
        ("SQLITE_NOMEM", "footnote verify"),
    ],
)
def test_each_error_of_the_database_says_what_to_do(name: str, says: str) -> None:
    error = sqlite3.OperationalError("it failed")
    error.sqlite_errorname = name
    assert says in sql.advice(error)
    assert "it failed" in sql.advice(error)


def test_a_lock_of_another_program_is_told_from_damage(data: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{data / 'catalogue.sqlite'}", connect_args={"timeout": 0})
    sa.event.listen(engine, "handle_error", sql.translate)
    with closing(sqlite3.connect(data / "catalogue.sqlite")) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(CatalogueBroken, match="keeps the catalogue locked"), engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM folders")
    engine.dispose()


def test_a_data_folder_that_cannot_be_owned_says_so(tmp_path: Path) -> None:
    (tmp_path / "data" / "writer.json").mkdir(parents=True)  # where nobody can write a note
    with pytest.raises(CatalogueBroken, match="cannot be written"):
        own(tmp_path / "data", "footnote ingest", 0)
    assert owner(tmp_path / "data") is None


def test_a_clock_set_back_changes_nothing(data: Path, folder: Path) -> None:
    with closing(sqlite3.connect(data / "catalogue.sqlite")) as db, db:
        db.execute("UPDATE meta SET value = '4102444800' WHERE key = 'changed_at'")
    with opened(data) as library:
        write_records(folder / "0.jsonl", [{**RAIN[0], "abstract": "Hail fell instead."}])
        assert library.ingest([folder]).updated == 1
        assert library.verify().problems == ()
        assert library.search("hail").passages


def test_a_second_owner_is_told_who_is_the_first(data: Path) -> None:
    with opened(data), pytest.raises(LibraryBusy, match="process"):
        opened(data)
