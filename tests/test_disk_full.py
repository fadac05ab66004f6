"""A full disk, or a folder that cannot be written: one sentence, and all is well once that is mended."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from retrieval.errors import CatalogueBroken
from retrieval.library import Library
from tests.papers import HashingEmbedder, settings_for, write_records

ROOT = Path(__file__).parent.parent
INGEST = """
import sys
from pathlib import Path
from retrieval.errors import LibraryError
from retrieval.library import Library
from tests.papers import HashingEmbedder, settings_for
try:
    with Library.open(settings_for(Path(sys.argv[1])), writable=True, embedder=HashingEmbedder()) as library:
        library.ingest([Path(sys.argv[2])])
    print("done")
except LibraryError as error:
    print(error)
"""


def opened(data: Path, *, writable: bool = True) -> Library:
    return Library.open(settings_for(data), writable=writable, create=True, embedder=HashingEmbedder())


def many(first: int, last: int) -> list[dict[str, object]]:
    return [
        {"id": f"p{n}", "title": f"Report {n} on roofs", "abstract": f"Rain {n} fell on roof {n * 7}. " * 40}
        for n in range(first, last)
    ]


@pytest.mark.parametrize("limit", [0, 60_000, 600_000])
def test_a_full_disk_is_named_and_what_was_there_is_there(tmp_path: Path, limit: int) -> None:
    data, folder = tmp_path / "data", tmp_path / "papers"
    with opened(data) as library:
        library.ingest([write_records(folder / "a.jsonl", many(0, 20)).parent])
    write_records(folder / "b.jsonl", many(20, 120))

    def no_file_grows_longer() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    command = [sys.executable, "-c", INGEST, str(data), str(folder)]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, preexec_fn=no_file_grows_longer, timeout=60
    )
    assert "Make room" in done.stdout or "disk is full" in done.stdout, done
    with opened(data, writable=False) as reader:
        assert reader.search("Report 7 on roofs").papers[0].paper.title == "Report 7 on roofs"
    with opened(data) as library:
        assert library.ingest([folder]).papers == 120
        assert library.verify().problems == ()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    data = tmp_path / "data"
    opened(data).close()
    data.chmod(0o555)
    try:
        with pytest.raises(CatalogueBroken, match="cannot be written"):
            opened(data)
    finally:
        data.chmod(0o755)
