"""Folders of many papers: nothing is read or embedded twice, and memory stays within bounds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.folders import run, write
from benchmarks.ingesting import Stub
from retrieval.library import Library
from retrieval.settings import RetrievalSettings
from tests.test_pdf import make_pdf

ROOT = Path(__file__).resolve().parent.parent


class Counting(Stub):
    """Remembers how many texts it was given."""

    texts = 0

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.texts += len(texts)
        return super().embed(texts)


def test_a_bad_pdf_among_many_stops_nothing_and_is_not_tried_again_unasked(tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    write(folder, 2, sentences=9)
    (folder / "good.pdf").write_bytes(make_pdf())
    (folder / "half.pdf").write_bytes(make_pdf()[:3000])
    (folder / "nothing.pdf").write_bytes(b"")
    settings = RetrievalSettings.model_validate({"FOOTNOTE_DATA": tmp_path / "data"})
    embedder = Counting()
    with Library.open(settings, writable=True, create=True, embedder=embedder) as library:
        first = library.ingest([folder])
        embedded = embedder.texts
        second = library.ingest([folder])
    assert (first.added, second.unchanged, second.added) == (3, 3, 0)
    assert embedder.texts == embedded > 0
    for report in (first, second):
        reasons = {failure.name: failure.reason for failure in report.failed}
        assert reasons.keys() == {"half.pdf", "nothing.pdf"}
        assert "truncated" in reasons["half.pdf"] and reasons["nothing.pdf"] == "empty: 0 bytes"


@pytest.mark.long
@pytest.mark.timeout(900)
def test_a_thousand_unchanged_files_are_seen_within_five_seconds(tmp_path: Path) -> None:
    write(tmp_path / "papers", 1000, sentences=9)
    first = run("stub", tmp_path / "papers", tmp_path / "data")
    began = time.process_time()  # of this process: other work on the machine is not counted
    second = run("stub", tmp_path / "papers", tmp_path / "data")
    assert (first["added"], second["unchanged"], second["embedded"]) == (1000, 1000, 0)
    assert time.process_time() - began < 5


@pytest.mark.long
@pytest.mark.timeout(900)
def test_memory_of_ingest_is_bounded(tmp_path: Path) -> None:
    command = ["-m", "benchmarks.folders", "300", "stub", str(tmp_path / "papers"), str(tmp_path / "data")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    first = json.loads(done.stdout.splitlines()[0])
    assert first["added"] == 300
    assert first["peak_mb"] < 600
