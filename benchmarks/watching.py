"""After how many seconds a changed file is in the answers: python -m benchmarks.watching

    --events N     of each kind: new, changed, renamed, deleted (10)
    --asking N     threads that ask all the while, as people of a bot do (2)
    --library DIR  a data folder whose copy is used (else: the samples)

The time runs from the moment when the file is complete. Two of the seconds are waited on purpose: see QUIET
in retrieval/watching.py.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from bot.librarian import open_librarian
from bot.settings import BotSettings
from retrieval.library import Library

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
PATIENCE = 180.0  # seconds after which an event counts as lost
LOOK = 0.1  # seconds between two looks at the answers
QUESTIONS = (
    "How do robots learn to walk?",
    "Which data sets are used for training?",
    "What are the limits of the method?",
    "How is the error measured?",
)
_WORDS = """
amber basin cedar delta ember fjord glacier harbour island juniper kelp lagoon meadow nettle orchard
pebble quarry river saddle tundra upland valley willow yarrow zephyr anchor beacon canyon dune estuary
forest gorge heath inlet jetty knoll ledge marsh notch outcrop plateau ravine shoal terrace
"""
WORDS = _WORDS.split()
KINDS = ("new", "changed", "renamed", "deleted")


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="footnote-watch-") as work:
        data, folder = Path(work) / "data", Path(work) / "papers"
        folder.mkdir()
        if options.library:
            shutil.copytree(options.library, data)
        settings = BotSettings.model_validate({"FOOTNOTE_DATA": data, "WATCH": str(folder)})
        if not options.library:
            with Library.open(settings, writable=True, create=True) as library:
                library.ingest([SAMPLES])
        delays, asked = asyncio.run(_run(settings, folder, options.events, options.asking))
    show(delays, asked)


async def _run(
    settings: BotSettings, folder: Path, events: int, asking: int
) -> tuple[dict[str, list[float]], int]:
    async with open_librarian(settings):
        with Library.open(settings) as library, _asked(library, asking) as count:
            delays = await asyncio.to_thread(measured, library, folder, events)
            return delays, sum(count)


@contextmanager
def _asked(library: Library, threads: int) -> Iterator[list[int]]:
    """Questions on several threads until the block ends; how many each thread asked."""
    stop, count = threading.Event(), [0] * threads

    def ask(number: int) -> None:
        while not stop.is_set():
            library.search(QUESTIONS[count[number] % len(QUESTIONS)])
            count[number] += 1

    running = [threading.Thread(target=ask, args=(number,)) for number in range(threads)]
    for thread in running:
        thread.start()
    try:
        yield count
    finally:
        stop.set()
        for thread in running:
            thread.join()


def measured(library: Library, folder: Path, events: int) -> dict[str, list[float]]:
    """The seconds of each event, by kind."""
    # One paper is there before and stays: a folder that has lost all its files counts as not mounted.
    write(folder / "kept.txt", "marestail")
    until(lambda: _source(library, "marestail") == "kept.txt")
    delays: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for number in range(events):
        path, other = folder / f"paper {number}.txt", folder / f"renamed {number}.txt"
        first, second = f"quillwort{number}", f"bogbean{number}"
        write(path, first)
        delays["new"].append(until(lambda: _source(library, first) == path.name))  # noqa: B023
        write(path, second)
        delays["changed"].append(until(lambda: _source(library, second) == path.name))  # noqa: B023
        path.rename(other)
        delays["renamed"].append(until(lambda: _source(library, second) == other.name))  # noqa: B023
        other.unlink()
        delays["deleted"].append(until(lambda: _source(library, second) is None))  # noqa: B023
    return delays


def write(path: Path, plant: str) -> None:
    """A paper that appears complete, as one that a browser has finished fetching."""
    chance = random.Random(plant)  # papers that resemble each other would be taken for one
    matter = " ".join(" ".join(chance.choices(WORDS, k=12)).capitalize() + "." for _ in range(12))
    title = f"{' '.join(chance.sample(WORDS, 5)).title()} of {plant.capitalize()}"
    name = f"{chance.choice(WORDS).title()} {chance.choice(WORDS).title()}"
    said = f"We ask how much water {plant} drinks, and find that {plant} drinks nine litres a day."
    part = path.with_suffix(".part")
    part.write_text(f"{title}\n\n{name}\n\nAbstract\n\n{said} {matter}\n", encoding="utf-8")
    part.replace(path)


def _source(library: Library, plant: str) -> str | None:
    """The file that tells of this plant, if any does."""
    for passage in library.search(f"How much water does {plant} drink?").passages:
        if plant in passage.chunk.text:
            return passage.paper.sources[0].rpartition("/")[2]
    return None


def until(seen: Callable[[], bool]) -> float:
    """Seconds until it is seen; infinite where PATIENCE is lost."""
    began = time.monotonic()
    while not seen():
        if time.monotonic() - began > PATIENCE:
            return float("inf")
        time.sleep(LOOK)
    return time.monotonic() - began


def show(delays: dict[str, list[float]], asked: int) -> None:
    table = Table(
        "change", "files", "p50 (s)", "max (s)", title="Seconds until changed files are in the answers"
    )
    for kind, seconds in delays.items():
        table.add_row(kind, str(len(seconds)), f"{median(seconds):.1f}", f"{max(seconds):.1f}")
    console = Console(width=110)
    console.print(table)
    console.print(f"{asked} questions were answered meanwhile")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--events", type=int, default=10)
    parser.add_argument("--asking", type=int, default=2)
    parser.add_argument("--library", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
