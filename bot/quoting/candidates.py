"""What an extractive answer can be made of: readable sentences of passages, rows of their tables. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.quoting.readable import is_row, numbered, readable
from bot.words import content_words
from retrieval.models import Passage
from retrieval.sentences import spans

COLUMNS_SHOWN = 12  # words of a table's head

_OURS = re.compile(
    r"\b(?:ours?|proposed|full)\b", re.IGNORECASE
)  # what papers call their own method in a table


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stretch of a passage's text that can stand in an answer."""

    passage: int  # its place among the passages
    start: int  # in the passage's text, in characters
    end: int
    text: str
    stems: frozenset[str]
    around: frozenset[str] = frozenset()  # what speaks for it from outside: section; caption, head
    before: frozenset[str] = frozenset()  # the words of the sentence before it
    after: frozenset[str] = frozenset()  # those of the next one
    columns: str | None = None  # the head of its table; None for a sentence, "" where the head is not known
    ours: bool = False  # a row of the paper's own method


def candidates(passages: Sequence[Passage], rows: bool) -> list[Candidate]:
    """The sentences of all passages that a reader can read, each once; with `rows`, also rows of tables."""
    found: dict[str, Candidate] = {}
    told = {passage.paper.id for passage in passages if passage.chunk.kind != "card"}
    for number, passage in enumerate(passages):
        if passage.chunk.kind == "card" and passage.paper.id in told:
            continue  # title and authors are no sentences, and the paper has some
        for candidate in _sentences(number, passage):
            found.setdefault(candidate.text, candidate)
        if rows and passage.chunk.kind == "caption":
            for candidate in _rows(number, passage):
                found.setdefault(candidate.text, candidate)
    return list(found.values())


def _sentences(number: int, passage: Passage) -> Iterator[Candidate]:
    text = passage.chunk.text
    first, last = passage.chunk.own or (0, len(text))
    section = frozenset(content_words(passage.chunk.section))
    before: frozenset[str] = frozenset()
    places = spans(text)
    told = [frozenset(content_words(text[start:end])) for start, end in places]
    for (start, end), stems, after in zip(places, told, [*told[1:], frozenset()], strict=True):
        start += numbered(text[start:end])
        around = section if first <= start < last else frozenset()  # the passage may run on into the next one
        if readable(text[start:end]):
            yield Candidate(number, start, end, text[start:end], stems, around, before, after)
        before = stems


def _rows(number: int, passage: Passage) -> Iterator[Candidate]:
    """The rows of a table whose lines stand in a caption's chunk, each with the words of caption and head.

    A row of "ours" speaks of the paper's own method, and so of its title.
    """
    text = passage.chunk.text
    lines = [(found.start(), found[0]) for found in re.finditer(r"[^\n]+", text)]
    told = [line for _, line in lines if not is_row(line)]
    around = frozenset(content_words(" ".join(told)))
    title = frozenset(content_words(passage.paper.title))
    columns = ""
    for start, line in lines:
        if is_row(line):
            row = line.rstrip()
            ours = bool(_OURS.search(row))
            stems = frozenset(content_words(row)) | (title if ours else frozenset())
            yield Candidate(number, start, start + len(row), row, stems, around, columns=columns, ours=ours)
        elif _is_head(line):
            columns = line.strip()


def _is_head(line: str) -> bool:
    """Whether a line of a table names its columns: few words, no sentence, and no row without a name."""
    cells = line.split()
    named = sum(any(char.isalpha() for char in cell) for cell in cells)
    return len(cells) <= COLUMNS_SHOWN and 2 * named >= len(cells) and not line.rstrip().endswith(".")
