"""A folder of many whole papers: how long it takes to see that nothing changed, and what memory it takes.

python -m benchmarks.folders FILES real|stub FOLDER DATA      prints a line of JSON for each of two runs
"""

from __future__ import annotations

import json
import random
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.footprint import peak
from benchmarks.ingesting import Stub
from retrieval.library import Library
from retrieval.settings import RetrievalSettings

SECTIONS = ("1. Introduction", "2. Related Work", "3. Method", "4. Experiments", "5. Conclusion")
SOUNDS = ("ba", "do", "fi", "gu", "ka", "le", "mi", "no", "pe", "ru", "sa", "ti", "vo", "zu", "ne", "lo")
SENTENCES, WORDS = 60, 18  # of a section; with five sections, a paper of 5,400 words


def write(folder: Path, files: int, sentences: int = SENTENCES) -> None:
    """Papers of words made by chance, the same each time; `sentences` in each of their sections."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(files):
        chance = random.Random(number)
        title = " ".join(_word(chance) for _ in range(7)).title()
        head = f"{title}\nAda Lovelace{number}, Alan Turing{number}\n\nAbstract\n{_sentences(chance, 9)}\n"
        text = head + "".join(f"\n{section}\n{_sentences(chance, sentences)}\n" for section in SECTIONS)
        (folder / f"paper-{number:05}.txt").write_text(text, encoding="utf-8")


def _sentences(chance: random.Random, count: int) -> str:
    return "\n".join("The " + " ".join(_word(chance) for _ in range(WORDS - 1)) + "." for _ in range(count))


def _word(chance: random.Random) -> str:
    return "".join(chance.choices(SOUNDS, k=chance.choice((1, 2, 2, 3, 4))))


def run(kind: str, folder: Path, data: Path) -> dict[str, Any]:
    """One run of ingest over the folder: seconds, what it did, and the peak of this process so far."""
    settings = RetrievalSettings.model_validate({"FOOTNOTE_DATA": data})
    began = time.monotonic()
    with Library.open(
        settings, writable=True, create=True, embedder=Stub() if kind == "stub" else None
    ) as library:
        report = library.ingest([folder])
    return {
        "seconds": round(time.monotonic() - began, 2),
        "added": report.added,
        "unchanged": report.unchanged,
        "embedded": report.embedded,
        "passages": report.passages,
        "peak_mb": peak(),
    }


if __name__ == "__main__":
    files, kind, folder, data = int(sys.argv[1]), sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4])
    write(folder, files)
    for _ in range(2):
        print(json.dumps(run(kind, folder, data)), flush=True)
