"""Disk, memory, and how long a process takes to its first answer.

python -m benchmarks.footprint SIZE DATA CHROMA      prints what a process of its own needs, in MB
"""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.libraries import Chroma, opened, questions, reading, size_of, writing
from benchmarks.synthetic import Synthetic
from benchmarks.tables import Row
from benchmarks.timing import process
from retrieval.models import Filters

IMPORTS = "import chromadb, openai, discord"
QUESTION = "Which papers repair dark photos?"
TIMES = 3


def rows(made: Synthetic, data: Path, peer: Chroma, work: Path) -> Iterator[Row]:
    ours, theirs = size_of(data) / made.size, size_of(peer.folder) / made.size
    yield Row(
        f"{made.size:,} passages, disk of one",
        f"{ours / 1000:.1f} kB",
        "Chroma with documents",
        f"{theirs / 1000:.1f} kB",
        ours / theirs,
        "<= 6 kB",
        "catalogue with texts, both indexes",
    )
    empty, full, chroma = (
        _megabytes(size, folder)
        for size, folder in ((50, work / "nearly-empty"), (made.size, data), (made.size, peer.folder))
    )
    yield Row(
        f"{made.size:,} passages, memory",
        f"{full - empty} MB",
        "Chroma with documents, peak",
        f"{chroma} MB",
        (full - empty) / chroma,
        "<= 350 MB",
        f"peak of questions with filters, above the {empty} MB with {50} passages",
    )


def start(samples: Path, work: Path) -> Iterator[Row]:
    """From the command to its answer, over the papers in samples/."""
    environment = {**os.environ, "FOOTNOTE_DATA": str(work / "start")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    process(["-m", "bot", "ingest", str(samples)], environment)
    asked = [process(["-m", "bot", "ask", QUESTION], environment)[1:] for _ in range(TIMES + 1)][1:]
    imported = [process(["-c", IMPORTS], environment)[1:] for _ in range(TIMES + 1)][1:]
    ours, theirs = min(asked), min(imported)
    yield Row(
        "start to first answer",
        f"{ours[0]:.2f} s (cpu {ours[1]:.2f})",
        "importing chromadb, openai, discord.py",
        f"{theirs[0]:.2f} s (cpu {theirs[1]:.2f})",
        ours[0] / theirs[0],
        "<= 2 s",
        "`footnote ask`, whole process; best of three",
    )


def _megabytes(size: int, folder: Path) -> int:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    printed, _, _ = process(["-m", "benchmarks.footprint", str(size), str(folder)], environment)
    return int(printed.split()[-1])


def _ask(made: Synthetic, folder: Path) -> None:
    filters = [Filters(), Filters(venue="VENUE 3"), Filters(year_from=2012)]
    if not folder.exists():
        with opened(made, folder, writable=True) as library:
            made.fill(writing(library))
    with opened(made, folder) as library:
        reading(made, library)
        for number, question in enumerate(questions(made)[:30]):
            library.search(question, filters[number % 3])


def _ask_chroma(made: Synthetic, folder: Path) -> None:
    import chromadb
    from chromadb.config import Settings

    client = chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))
    collection = client.get_collection("langchain")
    asked = made.questions(30)
    wheres: list[Any] = [None, {"venue": "VENUE 3"}, {"year": {"$gte": 2012}}]
    for number, question in enumerate(asked):
        collection.query(query_embeddings=[question], n_results=10, where=wheres[number % 3])


def peak() -> int:
    """MB that this process had at most. Linux's ru_maxrss would count the process that started it too."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text("utf-8").split("VmHWM:")[1].split()[0]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    made, folder = Synthetic(int(sys.argv[1])), Path(sys.argv[2])
    if (folder / "catalogue.sqlite").exists() or not folder.exists():
        _ask(made, folder)
    else:
        _ask_chroma(made, folder)
    print(peak())
