"""Gold questions: what is known to be the answer, read from JSON lines, and how a result is held against it.

A line is `{"id", "kind", "question", "gold_papers", "evidence": [{"paper", "quote"}], "must_include",
"must_not"?, "also_ok"?, "answer"?, "history"?, "filters": {"year"}?, "hard"?}`; unknown keys are ignored.

A paper is named by the part of its source (the base name of a result's path, a DOI), by the base name of its
file, or by place: `000#3` is the third paper of the file whose name starts with `000_`, in reading order.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from rapidfuzz.distance import LCSseq

from retrieval.errors import GoldUnreadable
from retrieval.models import NO_FILTERS, Filters
from retrieval.source_names import as_file
from retrieval.text_repair import repair

EVIDENCE_SHARE = 0.8
"""A quote counts as found when at least this share of its words stands in order in one passage."""

EXAMPLE = '{"id": 1, "question": "How many lamps are lit?", "gold_papers": ["lamps.pdf"]}'

ReadingOrder = Mapping[str, Sequence[str]]
"""File name -> the parts of its sources in the order in which they stand in the file."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words of a gold paper that an answer should rest on."""

    paper: str  # a gold id
    quote: str  # as it stands in the file, before repair


@dataclass(frozen=True, slots=True)
class Gold:
    """One question whose answer is known. Papers are gold ids."""

    id: str
    kind: str
    question: str
    gold_papers: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    must_include: tuple[tuple[str, ...], ...] = ()  # of each item, one of its alternatives
    must_not: tuple[str, ...] = ()  # a fault if found
    also_ok: tuple[str, ...] = ()  # right too
    history: tuple[tuple[str, str], ...] = ()  # (question, answer), oldest first
    filters: Filters = NO_FILTERS
    answer: str = ""
    hard: bool = False

    @property
    def answerable(self) -> bool:
        """Whether the library holds an answer; a question without gold papers is to be refused."""
        return bool(self.gold_papers)

    @property
    def right(self) -> tuple[str, ...]:
        """The ids that count as found."""
        return (*self.gold_papers, *self.also_ok)


def load(paths: Sequence[Path]) -> tuple[Gold, ...]:
    """The questions of all files, in order, one at least. Raises GoldUnreadable with the file and line."""
    found = tuple(gold for path in paths for gold in _load_file(path))
    if not found:
        raise GoldUnreadable(f"{', '.join(map(str, paths))}: no gold question stands there.")
    return found


def _load_file(path: Path) -> Iterable[Gold]:
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise GoldUnreadable(f"{path}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise GoldUnreadable(f"{path} is not UTF-8 text, so no gold questions.") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield _gold(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise GoldUnreadable(
                f"{path}, line {number}: not a gold question ({_fault(error)}). "
                f"Each line is a JSON object such as {EXAMPLE}"
            ) from error


def _fault(error: Exception) -> str:
    return f"it has no {error}" if isinstance(error, KeyError) else str(error)


def _gold(row: Mapping[str, Any]) -> Gold:
    return Gold(
        id=str(row["id"]),
        kind=str(row.get("kind") or "question"),
        question=str(row["question"]),
        gold_papers=tuple(row["gold_papers"]),
        evidence=tuple(Evidence(item["paper"], item["quote"]) for item in row.get("evidence") or ()),
        must_include=tuple(_alternatives(item) for item in row.get("must_include") or ()),
        must_not=tuple(row.get("must_not") or ()),
        also_ok=tuple(row.get("also_ok") or ()),
        history=tuple((turn["question"], turn["answer"]) for turn in row.get("history") or ()),
        filters=_filters(row.get("filters") or {}),
        answer=str(row.get("answer") or ""),
        hard=bool(row.get("hard")),
    )


def _alternatives(item: str | Sequence[str]) -> tuple[str, ...]:
    return (item,) if isinstance(item, str) else tuple(item)


def _filters(row: Mapping[str, Any]) -> Filters:
    year = row.get("year")
    return Filters(
        year_from=row.get("year_from", year),
        year_to=row.get("year_to", year),
        venue=row.get("venue"),
        author=row.get("author"),
        paper=row.get("paper"),
    )


def reading_order(sources: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The parts of each file, from all sources in reading order. See `is_gold`."""
    parts: dict[str, list[str]] = {}
    for source in sources:
        file, _, part = source.partition("#")
        parts.setdefault(file, []).append(part)
    return {file: tuple(found) for file, found in parts.items()}


def is_gold(sources: Iterable[str], ids: Iterable[str], order: ReadingOrder | None = None) -> bool:
    """Whether a paper of these sources is one of those that `ids` name.

    `order` is needed only for a place in a file whose parts are not numbers (`003#2`, the second result).
    """
    wanted = tuple(ids)
    return any(_names(name, source, order or {}) for source in sources for name in wanted)


def unknown(questions: Iterable[Gold], order: ReadingOrder) -> list[str]:
    """The gold papers that no source in `order` is: nothing can find them. Each once, as first met."""
    names = dict.fromkeys(name for gold in questions for name in gold.gold_papers)
    sources = [f"{file}#{part}" if part else file for file, parts in order.items() for part in parts]
    plain = {name for source in sources for name in _own_names(source)}
    return [name for name in names if name not in plain and not is_gold(sources, (name,), order)]


def _own_names(source: str) -> tuple[str, ...]:
    file, _, part = source.partition("#")
    return (source, part, PurePosixPath(file).name)


def _names(name: str, source: str, order: ReadingOrder) -> bool:
    file, _, part = source.partition("#")
    if {name, as_file(name)} & {source, part, PurePosixPath(file).name}:
        return True
    if part and name.lower() == part.lower():
        return True
    prefix, mark, place = name.partition("#")
    if not mark or not place.isdigit() or not PurePosixPath(file).name.startswith(f"{prefix}_"):
        return False
    parts = order.get(file, ())
    return part == place or (1 <= int(place) <= len(parts) and part == parts[int(place) - 1])


def evidence_found(quote: str, passages: Iterable[str]) -> bool:
    """Whether EVIDENCE_SHARE of the quote's words stand in order in one of the passages' texts."""
    words = comparable_words(quote)
    needed = EVIDENCE_SHARE * len(words)
    return bool(words) and any(
        LCSseq.similarity(words, comparable_words(text)) >= needed for text in passages
    )


_MARKUP = re.compile(r"</?[A-Za-z][^<>]{0,80}>|[*_`$\\{}#]")
_HYPHEN = re.compile(r"[-\u00ad\u2010-\u2015\u2212]\s*")
_WORD = re.compile(r"[^\W_]+")


def comparable_words(text: str) -> list[str]:
    """The words of a text after repair, without markup, hyphens (and the line ends after them) and case."""
    bare = _HYPHEN.sub("", _MARKUP.sub(" ", repair(text)))
    return _WORD.findall(unicodedata.normalize("NFKC", bare).casefold())


def includes(text: str, alternatives: Iterable[str]) -> bool:
    """Whether one of the alternatives stands in the text, whatever the case, accents and kind of hyphen."""
    plain = _plain(text)
    return any(_plain(alternative) in plain for alternative in alternatives)


def _plain(text: str) -> str:
    """Case, accents, hyphens, quotation marks and white space made alike."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    bare = re.sub(r"[\u2010-\u2015\u2212]", "-", bare.replace("\u00ad", "")).replace("\u2019", "'")
    return re.sub(r"\s+", " ", bare).casefold()
