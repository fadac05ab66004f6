"""A data folder that cannot be written: it is searched all the same, and changes are refused."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.backup import back_up, restore
from retrieval.errors import CatalogueBroken
from retrieval.library import Library
from retrieval.read_only import Lent, is_barred, uri_to_read
from tests.library_kit import opened, reader, titles
from tests.papers import KITES, HashingEmbedder, settings_for, write_records


@pytest.fixture
def barred(tmp_path: Path) -> Iterator[tuple[Path, Path]]:
    """A library's folder, and the same folder where this process may not write."""
    data, seen = tmp_path / "data", tmp_path / "seen"
    with opened(data) as library:
        library.ingest([write_records(tmp_path / "papers" / "list.jsonl").parent])
    seen.mkdir()
    if os.geteuid() != 0:  # whom permissions do not bind
        pytest.skip("only root can show one folder twice")
    try:
        subprocess.run(["mount", "--bind", data, seen], check=True, capture_output=True)
        subprocess.run(["mount", "-o", "remount,ro,bind", seen], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        subprocess.run(["umount", "--lazy", seen], capture_output=True)
        pytest.skip("nothing can be mounted here")
    yield data, seen
    subprocess.run(["umount", "--lazy", seen], check=True)  # files of the index may be mapped still


def test_it_is_searched_listed_verified_and_backed_up(barred: tuple[Path, Path], tmp_path: Path) -> None:
    _, seen = barred
    before = sorted(path.name for path in seen.rglob("*"))
    with reader(seen) as library:
        assert library.search(KITES).passages[0].paper.title.startswith("KiteNet")
        assert len(titles(library)) == 4
        assert library.verify().problems == ()
        status = library.status()
        assert (status.papers, status.vectors, status.words) == (4, status.passages, status.passages)
    assert back_up(seen, tmp_path / "backup") > 0
    restore(tmp_path / "again", tmp_path / "backup")
    assert sorted(path.name for path in seen.rglob("*")) == before


def test_what_its_owner_changes_is_seen(barred: tuple[Path, Path], tmp_path: Path) -> None:
    data, seen = barred
    snow: list[dict[str, object]] = [{"id": "x", "title": "Snow on Cars", "abstract": "It snows."}]
    with reader(seen) as library:
        assert len(titles(library)) == 4
        with opened(data) as owner:
            owner.ingest([write_records(tmp_path / "papers" / "more.jsonl", snow)])
            assert library.search("snow on cars").passages[0].paper.title == "Snow on Cars"
        assert library.search("snow on cars").passages[0].paper.title == "Snow on Cars"
        assert library.verify().problems == ()


def test_nothing_is_changed_there(barred: tuple[Path, Path]) -> None:
    with pytest.raises(CatalogueBroken, match=r"seen cannot be written \(Read-only file system\)"):
        Library.open(settings_for(barred[1]), writable=True, embedder=HashingEmbedder())


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_the_right_to_write_is_searched(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with opened(data) as library:
        library.ingest([write_records(tmp_path / "papers" / "list.jsonl")])
    folders = [data, *(path for path in data.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    try:
        assert is_barred(data)
        with reader(data) as library:
            assert library.search(KITES).passages[0].paper.title.startswith("KiteNet")
    finally:
        for folder in folders:
            folder.chmod(0o755)


def test_places_of_our_own_go_when_they_are_closed(tmp_path: Path) -> None:
    (tmp_path / "lexical").mkdir()
    for name in ("meta.json", "a.term", ".lock"):
        (tmp_path / "lexical" / name).write_text(name, encoding="utf-8")
    lent = Lent()
    linked, copied = lent.linked(tmp_path / "lexical"), lent.copied(tmp_path / "lexical")
    assert sorted(path.name for path in linked.iterdir()) == ["a.term", "meta.json"]
    assert not (linked / "meta.json").is_symlink() and (linked / "a.term").read_text() == "a.term"
    assert (copied / "a.term").read_text() == "a.term" and not (copied / "a.term").is_symlink()
    assert list(lent.linked(tmp_path / "none").iterdir()) == []
    lent.close()
    assert not linked.exists() and not copied.exists() and (tmp_path / "lexical" / "a.term").exists()


def test_no_more_copies_are_kept_than_are_read(tmp_path: Path) -> None:
    (tmp_path / "chroma").mkdir()
    lent = Lent()
    links = lent.linked(tmp_path / "chroma")
    first, second, third = (lent.copied(tmp_path / "chroma") for _ in range(3))
    assert not first.exists()  # or an owner who changes much would fill the disk of whoever reads
    assert links.exists() and second.exists() and third.exists()
    lent.close()


def test_a_log_beside_a_database_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "a b.sqlite"
    assert uri_to_read(path).endswith("/a%20b.sqlite?immutable=1")
    (tmp_path / "a b.sqlite-wal").touch()
    assert uri_to_read(path).endswith("/a%20b.sqlite?mode=ro")


def test_a_copy_can_be_written_though_the_folders_cannot(tmp_path: Path) -> None:
    inner = tmp_path / "chroma" / "segment"
    inner.mkdir(parents=True)
    (inner / "data.bin").write_bytes(b"1")
    inner.chmod(0o555)
    inner.parent.chmod(0o555)
    lent = Lent()
    place = lent.copied(inner.parent)
    for path in (place, place / "segment"):
        assert path.stat().st_mode & 0o700 == 0o700  # root could write there in any case
    assert (place / "segment" / "data.bin").read_bytes() == b"1"
    lent.close()
    assert not place.exists()
    inner.parent.chmod(0o755)
    inner.chmod(0o755)
