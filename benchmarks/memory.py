"""Memory of an ingest, by the number of papers in the folder: python -m benchmarks.memory.

    --papers N ...   how many papers each folder has (500 2000 8000)
    --sentences N    of each of a paper's five sections (9: a thousand words a paper)
    --results FILE   keep the table as Markdown

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
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.folders import write
from benchmarks.footprint import peak
from benchmarks.ingesting import Stub
from benchmarks.synthetic import DIMENSIONS
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


def measured(papers: int, sentences: int, work: Path) -> dict[str, int]:
    """MB by step, and the number of passages, of an ingest in a process of its own."""
    folder = work / "papers"  # those of a smaller folder are the first of a larger one
    write(folder, papers, sentences)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    printed, _, _ = process(["-m", "benchmarks.memory", str(folder), str(work / f"{papers}")], environment)
    found: dict[str, int] = json.loads(printed.splitlines()[-1])
    return found


def _ingest(folder: Path, data: Path) -> dict[str, int]:
    settings = RetrievalSettings.model_validate({"FOOTNOTE_DATA": data})
    with Library.open(settings, writable=True, create=True, embedder=Stub()) as library:
        peaks = Peaks()
        report = library.ingest([folder], progress=peaks)
    return {**peaks.found, "writing": peak(), "passages": report.passages, "vectors": report.embedded}


def lines(found: dict[int, dict[str, int]]) -> Iterator[str]:
    """The table in Markdown."""
    yield f"| papers | passages | {' | '.join(f'{step}, MB' for step in STEPS)} | of it Chroma's graph, MB |"
    yield "|---" * (len(STEPS) + 3) + "|"
    for papers, row in found.items():
        graph = row["vectors"] * GRAPH // 1_000_000
        steps = " | ".join(str(row[step]) for step in STEPS)
        yield f"| {papers:,} | {row['passages']:,} | {steps} | {graph} |"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--papers", type=int, nargs="+", default=[500, 2000, 8000])
    parser.add_argument("--sentences", type=int, default=9)
    parser.add_argument("--results", type=Path)
    options = parser.parse_args(arguments)
    found = {}
    with tempfile.TemporaryDirectory(prefix="footnote-bench-") as work:
        for papers in sorted(options.papers):
            found[papers] = measured(papers, options.sentences, Path(work))
            print("\n".join(lines({papers: found[papers]})), flush=True)
    if options.results:
        options.results.write_text("\n".join([HEAD, *lines(found), ""]), encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) == 3 and not sys.argv[1].startswith("-"):
        print(json.dumps(_ingest(Path(sys.argv[1]), Path(sys.argv[2]))))
    else:
        main()
