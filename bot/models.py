"""The values that flow from a question to a reply. Frozen, like those of `retrieval.models`.

Question -> Route -> SearchResult -> Answer -> Reply
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from retrieval.models import NO_FILTERS, Chunk, Filters, Paper, Passage, RankedPaper

RouteKind = Literal["question", "find", "compare", "author", "library", "smalltalk", "help"]
FIXED: tuple[RouteKind, ...] = ("smalltalk", "help")
"""Kinds that are answered without a search."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One exchange of a conversation."""

    question: str
    answer: str
    papers: tuple[str, ...] = ()  # ids of those that the answer cites, where they are known


@dataclass(frozen=True, slots=True)
class Question:
    """What a person asked, and what was said before in the same conversation, oldest first."""

    text: str
    history: tuple[Turn, ...] = ()
    filters: Filters = NO_FILTERS


@dataclass(frozen=True, slots=True)
class Route:
    """How a question will be answered."""

    kind: RouteKind
    query: str  # the question made whole, as it goes to the search
    filters: Filters = NO_FILTERS
    about: str | None = None  # id of the paper that a follow-up speaks of: it is looked at first
    among: tuple[str, ...] = ()  # ids of the papers that are compared, in their order; () where words tell


@dataclass(frozen=True, slots=True)
class Citation:
    """A footnote: the number in the text, the paper, and its words."""

    n: int  # from 1, in the order in which the answer cites
    paper: Paper
    chunk: Chunk
    quote: str  # a verbatim substring of chunk.text

    @property
    def page(self) -> int | None:
        """The printed page on which the quote begins."""
        return self.chunk.page_of(self.quote)


NOTHING_FOUND = "I found nothing in the library"
"""What every refusal begins with, where something was searched for."""
NONE_SAYS = f"{NOTHING_FOUND} to quote on this from any of these papers:"
"""What stands over the papers that were asked about together, and say nothing of it."""

NOT_REPORTED = "not reported"
"""What an empty cell of a comparison says."""

OURS = "(summary by Footnote)"
"""Stands before words of a summary: Footnote's own are never shown as if they were the paper's."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Papers by aspects, as a table. `cells[aspect][paper]` are quotes; () where nothing is reported."""

    papers: tuple[Paper, ...]
    aspects: tuple[str, ...]
    cells: tuple[tuple[tuple[Citation, ...], ...], ...]


@dataclass(frozen=True, slots=True)
class Usage:
    """What a language model read and wrote, in tokens."""

    read: int = 0
    written: int = 0
    estimated: bool = False  # counted by us (bot.tokens): the endpoint did not say
    cost: float = 0.0  # estimated, by the price of the model that was called, in the currency of the settings

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.read + other.read,
            self.written + other.written,
            self.estimated or other.estimated,
            self.cost + other.cost,
        )


@dataclass(frozen=True, slots=True)
class Translation:
    """That a checked English answer was put into another language."""

    language: str  # its English name
    english: str  # the checked text
    notices: tuple[tuple[str, str], ...] = ()  # lines under the answer, in English and in that language


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, checked: every `[n]` in `text` is the number of one of `citations`."""

    text: str  # the body with its [n], without the list of titles
    route: RouteKind
    refused: bool = False  # the library holds no answer
    model: str | None = None  # None: extractive
    fallback_from: str | None = None  # the model that failed, where an extractive answer took its place
    fallback_reason: str = "gave no answer"  # how it failed, after "The language model NAME"
    citations: tuple[Citation, ...] = ()
    translation: Translation | None = None  # None: `text` is in English
    comparison: Comparison | None = None  # its footnotes are among `citations`
    papers: tuple[RankedPaper, ...] = ()  # the ten best
    passages: tuple[Passage, ...] = ()  # what it was written from, best first
    usage: Usage | None = None  # of all calls of language models; None where there was none
    notes: tuple[str, ...] = ()  # for the reader, shown under the answer: filters applied, papers left out
    search_ms: float = 0.0
    answer_ms: float = 0.0

    @property
    def cited_papers(self) -> tuple[str, ...]:
        """The ids of the papers that it cites, each once, in the order of their footnotes."""
        return tuple(dict.fromkeys(citation.paper.id for citation in self.citations))


@dataclass(frozen=True, slots=True)
class Reply:
    """One message of a chat surface, within its limits."""

    text: str
