"""How well PDF files are read: python -m benchmarks.pdfs FOLDER [--truth FILE]

    FOLDER        PDF files, also in folders below it
    --truth FILE  CSV or TSV with the columns file, title and authors (parted by ";"), the truth as printed
    --passages N  passages of each paper whose page is looked up (20)
    --seed N      which ones

Pages and the order of lines are judged by another reader, Poppler's pdftotext, where that is installed.
"""

from __future__ import annotations

import argparse
import csv
import random
import re
import shutil
import subprocess
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from rich.console import Console
from rich.table import Table

from retrieval.errors import UnreadableFile
from retrieval.models import Block, Document
from retrieval.readers import read_file
from retrieval.readers.pdf_letters import is_in_ornaments

MINUTE = 60.0
WORDS = 12  # of a passage's beginning, which are looked for on its page
MOST_MISSED = 0.35  # of these: words of formulas and cut words are written otherwise by another reader
EDGE = 4  # lines at the head and the foot of a page, among which its number is printed
MOST_PAGES = 400  # of a file whose pages are looked at
CAPTION = re.compile(r"(?:table|tab\.)\s*\d+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Truth:
    title: str
    authors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What was read of a file, and how it compares; counts are (right, all)."""

    name: str
    title: str = ""
    authors: tuple[str, ...] = ()
    reason: str = ""  # why it could not be read
    pages: tuple[int, int] = (0, 0)
    order: tuple[int, int] = (0, 0)
    tables: tuple[int, int] = (0, 0)  # with rows beside their captions


def main() -> None:
    options = _options()
    truth = truth_of(options.truth) if options.truth else {}
    chance = random.Random(options.seed)
    found = [
        measured(path, path.relative_to(options.folder).as_posix(), options.passages, chance)
        for path in sorted(options.folder.rglob("*.pdf"))
    ]
    show(found, truth)


def truth_of(path: Path) -> dict[str, Truth]:
    """The truth by file name. Raises SystemExit where a column is missing."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t" if path.suffix == ".tsv" else ","))
    if rows and not {"file", "title", "authors"} <= set(rows[0]):
        raise SystemExit(f"{path.name}: its first line must name the columns file, title and authors")
    return {row["file"]: Truth(row["title"], _names(row["authors"])) for row in rows}


def measured(path: Path, name: str, passages: int, chance: random.Random) -> Found:
    """Read a file and compare it with what pdftotext reads."""
    try:
        document = read_file(path.name, path.read_bytes()).documents[0]
    except UnreadableFile as error:
        return Found(name, reason=str(error))
    shown = pages_of(path)
    return Found(
        name,
        document.title or "",
        document.authors,
        pages=page_share(document, shown, passages, chance),
        order=order_share(document, shown),
        tables=table_share(document.blocks),
    )


def pages_of(path: Path) -> list[list[str]]:
    """The lines of each page by pdftotext; none where that is missing or fails."""
    if not (tool := _pdftotext()):
        return []
    call = [tool, "-l", str(MOST_PAGES), "-enc", "UTF-8", str(path), "-"]
    try:
        out = subprocess.run(call, capture_output=True, timeout=MINUTE, check=True).stdout
    except (subprocess.SubprocessError, OSError):
        return []
    text = out.decode("utf-8", "replace")
    if is_in_ornaments(text):
        return []  # it cannot name the letters of this file
    return [page.split("\n") for page in text.split("\f")][:-1]


@cache
def _pdftotext() -> str | None:
    return shutil.which("pdftotext")


def page_share(
    document: Document, shown: Sequence[Sequence[str]], most: int, chance: random.Random
) -> tuple[int, int]:
    """Of so many blocks, how many begin on the page that is named.

    Pages that are not counted from 1 have to show their numbers at their edges, or all are wrong.
    """
    words = [_words(" ".join(lines)) for lines in shown]
    blocks = [block for block in document.blocks if block.page is not None and _first(block)]
    sample = chance.sample(blocks, min(most, len(blocks)))
    if not words or not sample:
        return 0, 0
    places = [[at for at, page in enumerate(words) if _holds(page, _first(block))] for block in sample]
    votes: dict[int, int] = {}
    for block, found in zip(sample, places, strict=True):
        for at in found:
            first = (block.page or 0) - at
            votes[first] = votes.get(first, 0) + 1
    if not votes:
        return 0, len(sample)
    offset = max(votes, key=lambda first: votes[first])
    judged = [(block, found) for block, found in zip(sample, places, strict=True) if found]
    if offset != 1 and not _are_printed(offset, shown):
        return 0, len(judged)
    return sum((block.page or 0) - offset in found for block, found in judged), len(judged)


def _are_printed(offset: int, shown: Sequence[Sequence[str]]) -> bool:
    filled = [[line for line in lines if line.strip()] for lines in shown]
    edges = [" ".join((*lines[:EDGE], *lines[-EDGE:])) for lines in filled]
    right = sum(str(at + offset) in re.findall(r"\d+", edge) for at, edge in enumerate(edges))
    return 2 * right >= sum(map(bool, filled))


def order_share(document: Document, shown: Sequence[Sequence[str]]) -> tuple[int, int]:
    """Of the pairs of neighbouring lines of running text, how many follow on each other in what was read."""
    text = _joined(document.text())
    right = judged = 0
    for lines in shown:
        for first, second in pairwise(lines):
            ends, begins = _joined(first)[-24:], _joined(second)[:24]
            if len(ends) < 24 or len(begins) < 24 or ends not in text or begins not in text:
                continue
            judged += 1
            right += ends + begins in text
    return right, judged


def table_share(blocks: Iterable[Block]) -> tuple[int, int]:
    """Of the captions of tables, how many stand in one block with rows."""
    tables = [block.text.split("\n") for block in blocks if block.kind == "caption"]
    tables = [lines for lines in tables if any(map(CAPTION.match, lines))]
    return sum(len(lines) > 2 for lines in tables), len(tables)


def _first(block: Block) -> list[str]:
    words = _words(block.text)[:WORDS]
    return words if len(words) == WORDS else []


def _holds(page: Sequence[str], words: Sequence[str]) -> bool:
    """Whether these words stand on the page close together, but for a few that are written otherwise."""
    wanted = set(words)
    span = 2 * len(words)
    starts = [at for at, word in enumerate(page) if word in words[:4]]
    return any(len(wanted & set(page[at : at + span])) >= (1 - MOST_MISSED) * len(wanted) for at in starts)


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKD", text.replace("-\n", "")).casefold()
    return re.findall(r"[a-z0-9]{2,}", "".join(char for char in folded if not unicodedata.combining(char)))


def _joined(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in folded if char.isascii() and char.isalnum())


def title_right(got: str, truth: str) -> bool:
    """The same letters; a subtitle may be missing, or be there."""
    ours, theirs = _joined(got), _joined(truth)
    if not theirs:
        return not ours
    return ours == theirs or (len(ours) >= 12 and theirs.startswith(ours) and ":" in truth)


def authors_right(got: Sequence[str], truth: Sequence[str]) -> bool:
    """The same people in the same order, each by the family's name and the first initial."""
    return [_person(name) for name in got] == [_person(name) for name in truth]


def _person(name: str) -> tuple[str, str]:
    words = name.split()
    return (_joined(words[-1]), _joined(words[0])[:1]) if words else ("", "")


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(";") if name.strip())


def show(found: Sequence[Found], truth: Mapping[str, Truth]) -> None:
    """Print a row a file, and the shares of all."""
    table = Table("file", "title", "authors", "pages", "order", "tables", title="PDF files")
    for one in found:
        known = truth.get(one.name)
        table.add_row(
            one.name,
            one.reason or _judged(one.title, title_right(one.title, known.title) if known else None),
            _judged("; ".join(one.authors), authors_right(one.authors, known.authors) if known else None),
            *map(_share, (one.pages, one.order, one.tables)),
        )
    console = Console(width=170)
    console.print(table)
    for line in totals(found, truth):
        console.print(line)


def totals(found: Sequence[Found], truth: Mapping[str, Truth]) -> list[str]:
    """The shares of all files, in words."""
    told = [(one, truth[one.name]) for one in found if one.name in truth and not one.reason]
    lines = [f"{len(found)} files, {sum(bool(one.reason) for one in found)} not read, each with its reason"]
    if told:
        titles = sum(title_right(one.title, known.title) for one, known in told)
        authors = sum(authors_right(one.authors, known.authors) for one, known in told)
        lines.append(f"titles {_share((titles, len(told)))}, authors {_share((authors, len(told)))}")
    if _pdftotext() is None:
        return [*lines, "pages and order: not measured, for pdftotext (poppler-utils) is not installed"]
    for name in ("pages", "order", "tables"):
        pairs = [getattr(one, name) for one in found]
        lines.append(f"{name} {_share((sum(a for a, _ in pairs), sum(b for _, b in pairs)))}")
    return lines


def _judged(text: str, right: bool | None) -> str:
    return text if right is None else f"{'' if right else 'WRONG: '}{text}"


def _share(counts: tuple[int, int]) -> str:
    right, judged = counts
    return f"{right}/{judged} ({100 * right / judged:.1f} %)" if judged else "-"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--truth", type=Path)
    parser.add_argument("--passages", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    main()
