"""How fast a folder is read and searched on this machine: `make bench`, or python benchmarks/speed.py FOLDER.

The library goes into FOOTNOTE_DATA, which should be an empty folder. The papers' titles are the questions.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from retrieval.library import Library
from retrieval.models import IngestReport
from retrieval.settings import RetrievalSettings

QUESTIONS = 200  # at most
T = TypeVar("T")


def _timed(call: Callable[[], T]) -> tuple[T, float]:
    """What `call` returns, and the seconds it took."""
    start = time.perf_counter()
    result = call()
    return result, time.perf_counter() - start


def _line(what: str, report: IngestReport, seconds: float) -> str:
    rate = f", {report.embedded / seconds:.0f} texts/s" if report.embedded else ""
    return f"{what:<16}{seconds:7.2f} s  {report.passages} passages, {report.embedded} texts embedded{rate}"


def main(folder: Path) -> None:
    """Print the times of two ingests and of searches over `folder`."""
    settings = RetrievalSettings.model_validate({})  # all comes from the environment
    with Library.open(settings, writable=True, create=True, purpose="benchmark") as library:
        print(_line("first ingest", *_timed(lambda: library.ingest([folder]))))
        print(_line("second ingest", *_timed(lambda: library.ingest([folder]))))
        papers = [entry.paper for entry in library.papers()][:QUESTIONS]
        searches = [_timed(partial(library.search, paper.title)) for paper in papers]
    times = sorted(seconds for _, seconds in searches)
    middle, slow = 1000 * statistics.median(times), 1000 * times[int(0.95 * len(times))]
    print(f"{'search':<16}{middle:7.1f} ms median, {slow:.1f} ms at the 95th percentile")
    pairs = zip(papers, searches, strict=True)
    first = sum(bool(result.papers) and result.papers[0].paper.id == paper.id for paper, (result, _) in pairs)
    print(f"{'':<16}{first} of {len(papers)} titles find their own paper first")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
