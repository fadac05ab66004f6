"""Small test doubles that record, and keep the rules of the real things."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from bot.citations import Checked, numbered, resolve
from bot.language_model import Message, Spent
from bot.models import Reply, Usage
from bot.words import content_words, inverse_frequency
from retrieval.errors import RetrievalError
from retrieval.models import (
    NO_FILTERS,
    BlockKind,
    Chunk,
    Filters,
    Paper,
    PaperEntry,
    Passage,
    RankedPaper,
    SearchResult,
)


def paper(
    key: str, title: str, *, authors: Sequence[str] = (), year: int | None = None, venue: str | None = None
) -> Paper:
    """A paper with its link; `key` becomes its id and its source."""
    return Paper(
        id=key,
        title=title,
        authors=tuple(authors),
        year=year,
        venue=venue,
        url=f"https://papers.example/{key}",
        sources=(f"made.jsonl#{key}",),
    )


def passage(
    owner: Paper, text: str, score: float = 1.0, *, page: int | None = None, kind: BlockKind = "body"
) -> Passage:
    """A passage of `owner`."""
    chunk = Chunk(
        id=f"{owner.id}-{abs(hash(text)) % 10**8}",
        paper_id=owner.id,
        source=owner.sources[0],
        text=text,
        page=page,
        kind=kind,
    )
    return Passage(chunk, owner, score)


HEDGE = paper(
    "hedge",
    "HedgeNet: Pruning Networks like Gardens",
    authors=["Ada Rowan", "Ben Alder"],
    year=2023,
    venue="CVPR",
)
MOLE = paper(
    "mole",
    "Digging Deeper: MoleFormer for Underground Maps",
    authors=["Cy Birch", "Ada Rowan", "Di Elm", "Ed Fir"],
    year=2024,
    venue="ICCV",
)
TIDE = paper("tide", "Learning Tides from Harbour Cameras", authors=["Flo Gorse"])

_GROWING = (
    "We present HedgeNet, a network that prunes its own branches while it trains. "
    "HedgeNet has 4.2 million parameters and reaches 71.3 % accuracy on GardenSet."
)
_TIMING = (
    "Pruning happens every 500 steps because earlier pruning removes branches that have not grown yet. "
    "All runs used four small GPUs."
)
_DIGGING = (
    "MoleFormer maps tunnels from ground radar alone. "
    "It needs 18 ms for one scan, while the previous best method of Rook et al. [7] needs 95 ms."
)
_HARBOUR = (
    "Harbour cameras see the water line at all hours. "
    "Our model predicts the tide to within 6 cm from a single photograph."
)
PASSAGES = (
    passage(HEDGE, _GROWING, page=1),
    passage(HEDGE, _TIMING, page=4),
    passage(MOLE, _DIGGING, page=3),
    passage(TIDE, _HARBOUR),
)


def check(written: str, passages: Sequence[Passage]) -> Checked:
    """What becomes of the footnotes of a written answer, as if every sentence had support."""
    return numbered(resolve(written, passages), passages)


@dataclass(slots=True)
class FakeLibrary:
    """Searches hand-made passages by their words; filters by year, venue and author as the real one does."""

    passages: Sequence[Passage] = PASSAGES
    error: RetrievalError | None = None
    asked: list[tuple[str, Filters]] = field(default_factory=list)

    def search(
        self, question: str, filters: Filters = NO_FILTERS, limit: int = 8, papers: int = 10
    ) -> SearchResult:
        self.asked.append((question, filters))
        if self.error:
            raise self.error
        dated = filters.year_from is not None or filters.year_to is not None
        unknown = {p.paper.id for p in self.passages if dated and p.paper.year is None}
        allowed = [p for p in self.passages if p.paper.id not in unknown and _passes(p.paper, filters)]
        stems = [set(content_words(f"{p.paper.title} {p.chunk.text}")) for p in self.passages]
        weights = inverse_frequency(stems)
        wanted = set(content_words(question))
        weights.update({word: 3.0 for word in wanted if word not in weights})
        found = []
        for p in allowed:
            score = _overlap(wanted, content_words(f"{p.paper.title} {p.chunk.text}"), weights)
            found.append(Passage(p.chunk, p.paper, score))
        found.sort(key=lambda p: -p.score)
        ranked: dict[str, RankedPaper] = {}
        for p in found:
            ranked.setdefault(p.paper.id, RankedPaper(p.paper, p.score))
        best = found[0].score if found else 0.0
        return SearchResult(tuple(found[:limit]), tuple(ranked.values())[:papers], best, best, len(unknown))

    def papers(self, filters: Filters = NO_FILTERS) -> list[PaperEntry]:
        owners = {p.paper.id: p.paper for p in self.passages if _passes(p.paper, filters)}
        return [
            PaperEntry(owner, sum(p.paper.id == key for p in self.passages))
            for key, owner in sorted(owners.items(), key=lambda item: item[1].title)
        ]

    def passages_of(self, paper_id: str) -> list[Chunk]:
        return [p.chunk for p in self.passages if p.paper.id == paper_id]

    def holding(self, name: str, filters: Filters = NO_FILTERS) -> list[Passage]:
        wanted = set(content_words(name))
        texts = [(p, set(content_words(p.chunk.text))) for p in self.passages if _passes(p.paper, filters)]
        return [p for p, held in texts if wanted <= held or name.casefold() in p.chunk.text.casefold()]


def _overlap(wanted: Collection[str], there: Collection[str], weights: Mapping[str, float]) -> float:
    """The share of the weight of the words in `wanted` that `there` has, 0..1."""
    total = sum(weights.get(word, 0.0) for word in wanted)
    return sum(weights.get(word, 0.0) for word in set(wanted) & set(there)) / total if total else 0.0


def _passes(owner: Paper, filters: Filters) -> bool:
    year = owner.year or 0
    return (
        (filters.year_from or 0) <= year <= (filters.year_to or 9999)
        and (filters.venue or "").casefold() in (owner.venue or "").casefold()
        and filters.paper in (None, owner.id)
        and (filters.author is None or any(filters.author.casefold() in a.casefold() for a in owner.authors))
    )


@dataclass(slots=True)
class ScriptedModel:
    """A language model that says its script, piece by piece, and then fails if it was told to."""

    pieces: Sequence[str] = ()
    error: Exception | None = None
    name: str = "scripted"
    asked: list[list[Message]] = field(default_factory=list)

    async def stream(self, messages: Sequence[Message], spent: Spent | None = None) -> AsyncIterator[str]:
        self.asked.append(list(messages))
        if spent:
            spent(Usage(100, 10))
        for piece in self.pieces:
            yield piece
        if self.error:
            raise self.error


class BrokenRule(AssertionError):
    """A surface was used as no platform allows."""


@dataclass(slots=True)
class RecordingSurface:
    """A chat surface that keeps the rules: acknowledge first and once, finish once and last."""

    limit: int = 2_000
    acknowledged: bool = False
    shown: list[str] = field(default_factory=list)
    replies: tuple[Reply, ...] | None = None

    async def acknowledge(self) -> None:
        if self.acknowledged:
            raise BrokenRule("acknowledged twice")
        self.acknowledged = True

    async def show(self, text: str) -> None:
        self._check_open()
        self.shown.append(text)

    async def finish(self, replies: Sequence[Reply]) -> None:
        self._check_open()
        if not replies or any(not 0 < len(reply.text) <= self.limit for reply in replies):
            raise BrokenRule("an empty reply, or one over the limit")
        self.replies = tuple(replies)

    def _check_open(self) -> None:
        if not self.acknowledged:
            raise BrokenRule("used before it was acknowledged")
        if self.replies is not None:
            raise BrokenRule("used after it was finished")
