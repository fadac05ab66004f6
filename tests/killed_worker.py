"""A process that fills, changes and empties a library until somebody kills it.

Its papers are files of its own making, of a version each. What is done is written to a log, a line before and
a line after: the second says that the library holds the folder as it stands, and must never be lost.
"""

from __future__ import annotations

import json
import os
import random
import sys
from collections.abc import Sequence
from pathlib import Path

import retrieval.ingest
from retrieval.library import Library
from tests.papers import HashingEmbedder, settings_for

FEWEST, MOST = 14, 24  # files
_LETTERS = "abcdefghiklmnoprstuvw"


def marks(name: str, version: int) -> set[str]:
    """The words that the text of this version holds, and no other text: one in each of its sections."""
    return {f"{name}v{version}s{section}" for section in range(1 + version % 4)}


def record(name: str, version: int) -> dict[str, object]:
    rng = random.Random(f"{name} {version}")
    words = ["".join(rng.choices(_LETTERS, k=7)) for _ in range(300)]
    text = "\n\n".join(
        f"Section {mark}. " + " ".join(rng.choices(words, k=150)) for mark in sorted(marks(name, version))
    )
    return {
        "id": name,
        "title": " ".join([*words[:4], name]).capitalize(),
        "authors": [f"{words[4].capitalize()} {words[5].capitalize()}"],
        "text": text,
    }


def write(folder: Path, name: str, version: int) -> None:
    """A whole file, or none: what becomes of half a file is another question."""
    fresh = folder / f".{name}"
    fresh.write_text(json.dumps({**record(name, version), "version": version}), encoding="utf-8")
    fresh.replace(folder / f"{name}.jsonl")


def versions(folder: Path) -> dict[str, int]:
    """The version of each paper in the folder."""
    return {
        file.stem: json.loads(file.read_text(encoding="utf-8"))["version"] for file in folder.glob("*.jsonl")
    }


def change(library: Library, folder: Path, rng: random.Random, kind: str) -> None:
    """One change of the folder, of a paper or a few."""
    there = versions(folder)
    if kind == "add":
        for _ in range(rng.randint(1, 4)):
            write(folder, f"q{rng.randrange(10**6)}", rng.randrange(100))
    elif kind == "update":
        for name in rng.sample(sorted(there), rng.randint(1, 4)):
            write(folder, name, there[name] + rng.randint(1, 3))
    else:
        for name in rng.sample(sorted(there), rng.randint(1, 2)):
            if kind == "remove":
                library.remove(f"{name}.jsonl")
            (folder / f"{name}.jsonl").unlink()


def next_kind(rng: random.Random, files: int) -> str:
    if files < FEWEST:
        return "add"
    return rng.choice(
        ("update", "delete", "remove") if files > MOST else ("add", "update", "delete", "remove")
    )


def say(log: Path, *words: object) -> None:
    """A line of the log, which outlives the process from here on."""
    with log.open("ab", buffering=0) as file:
        file.write((json.dumps(words) + "\n").encode())


def main(arguments: Sequence[str]) -> None:
    data, folder, log = map(Path, arguments[:3])
    rng = random.Random(arguments[3])
    retrieval.ingest.CHUNKS_AT_A_TIME = 6  # many small steps, and so many moments between them
    retrieval.ingest.BATCHES_WRITTEN = 1
    say(log, "opening")
    settings = settings_for(data)
    rebuild = rng.random() < 0.2
    with Library.open(
        settings, writable=True, create=True, rebuild=rebuild, embedder=HashingEmbedder()
    ) as library:
        say(log, "rebuild" if rebuild else "ingest")
        library.ingest([folder])
        say(log, "done", versions(folder))
        for _ in range(10**6):
            kind = next_kind(rng, len(versions(folder)))
            say(log, kind)
            change(library, folder, rng, kind)
            library.ingest([folder])
            say(log, "done", versions(folder))


if __name__ == "__main__":
    os.nice(1)
    main(sys.argv[1:])
