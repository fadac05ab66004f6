"""A backup is a library in one file, taken and put back while others read and write."""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from retrieval.backup import back_up, restore
from retrieval.corrections import Correction, load, save
from retrieval.errors import BackupUnusable, CatalogueBroken, IndexMismatch, LibraryBusy, LibraryMissing
from retrieval.library import Library
from retrieval.ownership import own
from retrieval.shelving import keep
from tests.papers import RECORDS, HashingEmbedder, settings_for, write_records

KITES = "KiteNet: Learning to Fly Tethered Wings"


def opened(data: Path, *, writable: bool = True, embedder: HashingEmbedder | None = None) -> Library:
    return Library.open(
        settings_for(data), writable=writable, create=writable, embedder=embedder or HashingEmbedder()
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_records(tmp_path / "papers" / "list.jsonl").parent


@pytest.fixture
def data(tmp_path: Path, folder: Path) -> Path:
    with opened(tmp_path / "data") as library:
        library.ingest([folder])
    with closing(sqlite3.connect(tmp_path / "data" / "discord.sqlite")) as db, db:
        db.execute("CREATE TABLE votes (good INTEGER)")
        db.execute("INSERT INTO votes VALUES (1)")
    return tmp_path / "data"


def titles(data: Path) -> set[str]:
    with opened(data, writable=False) as library:
        assert library.verify().problems == ()
        return {entry.paper.title for entry in library.papers()}


def votes(data: Path) -> int:
    with closing(sqlite3.connect(data / "discord.sqlite")) as db:
        return int(db.execute("SELECT count(*) FROM votes").fetchone()[0])


def test_a_library_comes_back_whole_without_embedding(data: Path, tmp_path: Path) -> None:
    before = titles(data)
    size = back_up(data, tmp_path / "library.backup")
    assert size == (tmp_path / "library.backup").stat().st_size
    assert restore(tmp_path / "other", tmp_path / "library.backup") == ("discord.sqlite", "catalogue.sqlite")
    embedder = HashingEmbedder()
    opened(tmp_path / "other", embedder=embedder).close()
    assert (titles(tmp_path / "other"), votes(tmp_path / "other")) == (before, 1)
    assert embedder.embedded == 0
    assert {file.name for file in tmp_path.iterdir()} == {"papers", "data", "other", "library.backup"}


def test_what_people_asked_is_for_the_owner_alone(data: Path, tmp_path: Path) -> None:
    back_up(data, tmp_path / "library.backup")
    restore(tmp_path / "other", tmp_path / "library.backup")
    for file in (tmp_path / "library.backup", tmp_path / "other" / "discord.sqlite"):
        assert file.stat().st_mode & 0o077 == 0, file.name


def test_a_backup_is_of_one_moment_though_papers_come_and_go(
    data: Path, folder: Path, tmp_path: Path
) -> None:
    done = threading.Event()

    def change() -> None:
        with opened(data) as library:
            for number in range(5):
                write_records(
                    folder / "more.jsonl", [{"id": "x", "title": f"Snow {number}", "abstract": "It."}]
                )
                library.ingest([folder])
        done.set()

    thread = threading.Thread(target=change)
    thread.start()
    taken = 0
    while not done.is_set() or not taken:
        back_up(data, tmp_path / f"{taken}.backup")
        taken += 1
    thread.join()
    for number in (0, taken - 1):
        restore(tmp_path / str(number), tmp_path / f"{number}.backup")
        opened(tmp_path / str(number)).close()
        assert titles(tmp_path / str(number)) >= {str(record["title"]) for record in RECORDS}


def test_a_reader_goes_on_with_what_was_restored(data: Path, folder: Path, tmp_path: Path) -> None:
    back_up(data, tmp_path / "old.backup")
    write_records(folder / "more.jsonl", [{"id": "x", "title": "Snow on Cars", "abstract": "It snows."}])
    with opened(data) as library:
        library.ingest([folder])
    with opened(data, writable=False) as reader:
        assert reader.paper("Snow on Cars")
        restore(data, tmp_path / "old.backup", overwrite=True)
        assert reader.paper("Snow on Cars") is None
        assert reader.search("How many hours of flight?").papers[0].paper.title == KITES
        opened(data).close()
        assert reader.verify().problems == ()
    assert titles(data) == {str(record["title"]) for record in RECORDS}


def test_a_damaged_library_gives_way_to_its_backup(data: Path, tmp_path: Path) -> None:
    back_up(data, tmp_path / "old.backup")
    (data / "catalogue.sqlite").write_bytes(b"noise" * 5000)
    with pytest.raises(CatalogueBroken, match="verify --mend"):
        back_up(data, tmp_path / "second.backup")
    restore(data, tmp_path / "old.backup", overwrite=True)
    opened(data).close()
    assert KITES in titles(data)


def test_nothing_is_replaced_unasked(data: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("mine", encoding="utf-8")
    with pytest.raises(BackupUnusable, match="--force"):
        back_up(data, tmp_path / "taken")
    assert (tmp_path / "taken").read_text(encoding="utf-8") == "mine"
    back_up(data, tmp_path / "taken", overwrite=True)
    with pytest.raises(BackupUnusable, match="--force"):
        restore(data, tmp_path / "taken")
    with own(data, "footnote ingest", 0), pytest.raises(LibraryBusy, match="`footnote ingest`"):
        restore(data, tmp_path / "taken", overwrite=True)


@pytest.mark.parametrize("what", ["gone", "text", "cut short", "some bytes", "another archive"])
def test_what_is_no_backup_changes_nothing(data: Path, tmp_path: Path, what: str) -> None:
    file = tmp_path / "file"
    back_up(data, file)
    whole = file.read_bytes()
    if what == "another archive":
        shutil.make_archive(str(tmp_path / "other"), "zip", tmp_path / "papers")
        whole = (tmp_path / "other.zip").read_bytes()
    middle = len(whole) // 2
    noise = bytes(byte ^ 0xFF for byte in whole[middle : middle + 200])
    kinds = {"text": b"hello", "cut short": whole[:middle], "some bytes": whole[:middle] + noise}
    kinds["some bytes"] += whole[middle + 200 :]
    file.write_bytes(kinds.get(what, whole))
    if what == "gone":
        file.unlink()
    with pytest.raises(BackupUnusable, match="is not there" if what == "gone" else "no backup"):
        restore(data, file, overwrite=True)
    assert KITES in titles(data)
    if what == "text":
        with pytest.raises(BackupUnusable, match="no backup"):  # which is said before --force is advised
            restore(data, file)


def test_a_backup_of_a_newer_version_is_refused(data: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(data / "catalogue.sqlite")) as db, db:
        db.execute("UPDATE meta SET value = '999' WHERE key = 'schema'")
    back_up(data, tmp_path / "file")
    with pytest.raises(IndexMismatch, match="newer"):
        restore(tmp_path / "other", tmp_path / "file")
    assert not (tmp_path / "other" / "catalogue.sqlite").exists()


def test_places_that_cannot_be_are_named(data: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupUnusable, match="cannot be written"):
        back_up(data, tmp_path / "nowhere" / "file")
    with pytest.raises(LibraryMissing, match="FOOTNOTE_DATA"):
        back_up(tmp_path / "nowhere", tmp_path / "file")


def test_what_was_added_and_mended_by_hand_comes_back_too(data: Path, tmp_path: Path) -> None:
    added = keep(data, "kites.txt", b"Kites on Long Lines").path
    added = added.rename(added.with_name("Kites on (Long) Lines.txt"))
    save(data, [Correction("papers.jsonl#moss", "", removed=True)])
    back_up(data, tmp_path / "backup.zip")
    with zipfile.ZipFile(tmp_path / "backup.zip", "a") as bundle:
        bundle.writestr("papers/../../escaped.txt", "x")
        bundle.writestr("papers/.hidden", "x")
    restore(tmp_path / "elsewhere", tmp_path / "backup.zip")
    assert load(tmp_path / "elsewhere") == load(data) != ()
    papers = tmp_path / "elsewhere" / "papers"
    assert [path.read_bytes() for path in papers.iterdir()] == [added.read_bytes()]
    assert not list(tmp_path.rglob("escaped.txt"))


def test_a_file_of_a_time_before_zip_is_kept_too(data: Path, tmp_path: Path) -> None:
    kept = keep(data, "moss.md", b"# Moss on Roofs")
    os.utime(kept.path, (0, 0))  # as a clock says that has lost its battery
    back_up(data, tmp_path / "backup.zip")
    with zipfile.ZipFile(tmp_path / "backup.zip") as bundle:
        assert bundle.read("papers/moss.md") == b"# Moss on Roofs"
