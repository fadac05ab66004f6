"""Memory of an ingest, by how much there is: python -m benchmarks.memory.

    --papers N ...    how many papers each folder has (500 2000 8000)
    --sentences N     of each of a paper's five sections (9: a thousand words a paper)
    --records N ...   how many records one file has, each with an abstract of 200 words (10000 40000)
    --results FILE    keep the tables as Markdown

The papers are made by chance and the embedder costs nothing: its weights come on top. Peaks are of the whole
process, up to the end of each step. Chroma holds its whole graph in memory while it writes; the rest should
hardly grow.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.folders import write
from benchmarks.footprint import peak
from benchmarks.ingesting import Stub, write_records
from benchmarks.synthetic import DIMENSIONS, Synthetic
from benchmarks.timing import process
from retrieval.library import Library
from retrieval.models import IngestProgress
from retrieval.settings import RetrievalSettings

STEPS = ("start", "reading", "telling apart", "writing")
GRAPH = 4 * DIMENSIONS + 140  # bytes of one vector in Chroma's graph: its numbers, and links to 32 others


HEAD = """# Memory of an ingest

Peak of the whole process up to the end of each step, with an embedder that costs nothing.
"""


class Peaks:
    """The most MB that this process had, up to the end of each step."""

    def __init__(self) -> None:
        self.found = {"start": peak()}

    def __call__(self, progress: IngestProgress) -> None:
        if progress.stage == "reading":
            self.found["reading"] = peak()
        else:  # papers are told apart between the last file and the first batch
            self.found.setdefault("telling apart", peak())


def measured(folder: Path, data: Path) -> dict[str, int]:
    """MB by step, and the number of passages, of an ingest in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    printed, _, _ = process(["-m", "benchmarks.memory", str(folder), str(data)], environment)
    found: dict[str, int] = json.loads(printed.splitlines()[-1])
    return found


def of_papers(papers: int, sentences: int, work: Path) -> dict[str, int]:
    """The same of a folder of so many papers."""
    folder = work / "papers"  # those of a smaller folder are the first of a larger one
    write(folder, papers, sentences)
    return measured(folder, work / f"of-papers-{papers}")


def of_records(records: int, work: Path) -> dict[str, int]:
    """The same of one file of so many records."""
    folder = write_records(Synthetic(records), work / f"records-{records}", records)
    return measured(folder, work / f"of-records-{records}")


def _ingest(folder: Path, data: Path) -> dict[str, int]:
    settings = RetrievalSettings.model_validate({"FOOTNOTE_DATA": data})
    with Library.open(settings, writable=True, create=True, embedder=Stub()) as library:
        peaks = Peaks()
        report = library.ingest([folder], progress=peaks)
    return {**peaks.found, "writing": peak(), "passages": report.passages, "vectors": report.embedded}


def lines(what: str, found: dict[int, dict[str, int]]) -> Iterator[str]:
    """The table in Markdown."""
    yield f"| {what} | passages | {' | '.join(f'{step}, MB' for step in STEPS)} | of it Chroma's graph, MB |"
    yield "|---" * (len(STEPS) + 3) + "|"
    for size, row in found.items():
        graph = row["vectors"] * GRAPH // 1_000_000
        steps = " | ".join(str(row[step]) for step in STEPS)
        yield f"| {size:,} | {row['passages']:,} | {steps} | {graph} |"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--papers", type=int, nargs="*", default=[500, 2000, 8000])
    parser.add_argument("--sentences", type=int, default=9)
    parser.add_argument("--records", type=int, nargs="*", default=[10_000, 40_000])
    parser.add_argument("--results", type=Path)
    options = parser.parse_args(arguments)
    tables: list[str] = []
    with tempfile.TemporaryDirectory(prefix="footnote-bench-") as place:
        work = Path(place)
        curves: tuple[tuple[str, list[int], Callable[[int], dict[str, int]]], ...] = (
            ("papers in a folder", options.papers, lambda size: of_papers(size, options.sentences, work)),
            ("records in a file", options.records, lambda size: of_records(size, work)),
        )
        for what, sizes, of_size in curves:
            found = {}
            for size in sorted(sizes):
                found[size] = of_size(size)
                print("\n".join(lines(what, {size: found[size]})), flush=True)
            tables += [*lines(what, found), ""] if found else []
    if options.results:
        options.results.write_text("\n".join([HEAD, *tables]), encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) == 3 and not sys.argv[1].startswith("-"):
        print(json.dumps(_ingest(Path(sys.argv[1]), Path(sys.argv[2]))))
    else:
        main()
