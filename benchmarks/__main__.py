"""Every figure of speed beside its peer, in one run: `make bench`, or python -m benchmarks.

    --size N       passages of the synthetic library (100,000; 500,000 with --large)
    --large        only the searches over many vectors, without texts
    --only PART    embedding | vectors | words | searching | footprint | start | ingest; may be repeated
    --corpus DIR   a folder of papers whose ingest is timed too
    --results DIR  where the tables and their picture are kept
    --work DIR     keep the synthetic libraries here, use them again, and go on with what was broken off

LangChain and others come with the extra `bench`; a peer that is not installed is named as such.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import footprint, ingesting, searching, vectors, words
from benchmarks.drawing import draw
from benchmarks.libraries import chroma, fill, opened
from benchmarks.synthetic import Synthetic
from benchmarks.tables import Row, markdown, show

HERE = Path(__file__).resolve().parent
SAMPLES = HERE.parent / "samples"
RECORDS = 10_000
Part = tuple[str, str, Callable[[], Iterable[Row]]]  # its name, its title, and its rows


def main() -> None:
    options = _options()
    with _work(options) as work:
        sections: list[tuple[str, list[Row]]] = []
        parts = _large(options, work) if options.large else _usual(options, work)
        for name, title, rows in parts:
            if options.only and name not in options.only:
                continue
            start = time.perf_counter()
            found = list(rows())
            show(f"{title} ({time.perf_counter() - start:.0f} s)", found)
            sections.append((title, found))
            _keep(sections, options)  # a run that is broken off keeps what it has


def _keep(sections: list[tuple[str, list[Row]]], options: argparse.Namespace) -> None:
    options.results.mkdir(parents=True, exist_ok=True)
    name = "speed-large" if options.large else "speed"
    picture = draw(sections, options.results / f"{name}.svg")
    text = markdown(sections, f"{name}.svg" if picture else None)
    (options.results / f"{name}.md").write_text(text, encoding="utf-8")


@contextmanager
def _work(options: argparse.Namespace) -> Iterator[Path]:
    """A temporary folder, with the synthetic libraries of another run in it where those were kept."""
    with tempfile.TemporaryDirectory(prefix="footnote-bench-") as folder:
        if options.work:
            kept = options.work.resolve() / f"{options.size}"
            kept.mkdir(parents=True, exist_ok=True)
            (Path(folder) / "libraries").symlink_to(kept)
        yield Path(folder)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--size", type=int)
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--work", type=Path)
    parser.add_argument("--results", type=Path, default=HERE / "results")
    options = parser.parse_args()
    options.size = options.size or (500_000 if options.large else 100_000)
    return options


def _usual(options: argparse.Namespace, work: Path) -> Iterator[Part]:
    from benchmarks import embedding

    made = Synthetic(options.size)
    folders = {"10,000 records": (ingesting.write_records(made, work / "records", RECORDS), False)}
    if options.corpus:
        folders["the corpus"] = (options.corpus.resolve(), True)
    else:
        folders["samples/"] = (SAMPLES, True)
    yield "start", "Start", lambda: footprint.start(SAMPLES, work)
    yield "embedding", "Embedding", embedding.rows
    yield "ingest", "Ingest", lambda: ingesting.rows(folders, work)
    if not options.only or {"vectors", "words", "searching", "footprint"} & set(options.only):
        library_folder = fill(made, work / "libraries" / "footnote")
        peer = chroma(made, work / "libraries" / "chroma")
        yield (
            "vectors",
            "Nearest passages",
            lambda: vectors.rows(made, library_folder, peer.folder, documents=True),
        )
        with opened(made, library_folder) as library:
            yield "words", "Words", lambda: words.rows(made, library, work)
            yield "searching", "Whole searches", lambda: searching.rows(made, library, peer)
        yield "footprint", "Footprint", lambda: footprint.rows(made, library_folder, peer, work)


def _large(options: argparse.Namespace, work: Path) -> Iterator[Part]:
    made = Synthetic(options.size, words_of_passage=1)
    library_folder = fill(made, work / "libraries" / "footnote")
    peer = chroma(made, work / "libraries" / "chroma", documents=False)
    title = "Nearest passages (Footnote fetches their texts too, Chroma holds none)"
    yield "vectors", title, lambda: vectors.rows(made, library_folder, peer.folder, documents=False)


if __name__ == "__main__":
    main()
