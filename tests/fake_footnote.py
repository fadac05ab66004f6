"""A Footnote over a hand-made library, as the Discord bot gets it: slow, failing or talkative as told."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace

from bot.answerer import Answerer
from bot.assistant import Assistant
from bot.build import Footnote
from bot.conversation import Conversations
from bot.language_model import Message, Spent
from bot.ledger import FREE, Price, cost
from bot.models import Usage
from bot.settings import BotSettings
from retrieval.models import (
    NO_FILTERS,
    Chunk,
    FileFailure,
    Filters,
    LibraryStatus,
    Paper,
    PaperEntry,
    SearchResult,
)
from tests.fakes import FakeLibrary


@dataclass(slots=True)
class TitledLibrary(FakeLibrary):
    """A library that can also be looked up by title, and takes its time."""

    delay: float = 0.0  # seconds that each call blocks its thread
    shelf: list[Paper] = field(default_factory=list)  # more papers, without passages

    def search(
        self, question: str, filters: Filters = NO_FILTERS, limit: int = 8, papers: int = 10
    ) -> SearchResult:
        time.sleep(self.delay)
        # not super(): a dataclass with slots is another class than the one that super() would ask for
        return FakeLibrary.search(self, question, filters, limit, papers)

    def titles(self, part: str, limit: int = 25) -> list[Paper]:
        time.sleep(self.delay)
        if self.error:
            raise self.error
        return [paper for paper in self._all() if part.casefold() in paper.title.casefold()][:limit]

    def paper(self, key: str) -> PaperEntry | None:
        time.sleep(self.delay)
        if self.error:
            raise self.error
        for paper in self._all():
            if key in (paper.id, paper.title):
                return PaperEntry(paper, sum(p.paper.id == paper.id for p in self.passages))
        return None

    def passages_of(self, paper_id: str) -> list[Chunk]:
        return [passage.chunk for passage in self.passages if passage.paper.id == paper_id]

    def papers(self, filters: Filters = NO_FILTERS) -> list[PaperEntry]:
        return [PaperEntry(paper, 1) for paper in sorted(self._all(), key=lambda paper: paper.title)]

    def status(self) -> LibraryStatus:
        failed = (FileFailure("scan.pdf", "it holds no text"),)
        count = len(self._all())
        return LibraryStatus(
            data="data",
            papers=count,
            sources=count,
            passages=len(self.passages),
            vectors=len(self.passages),
            words=len(self.passages),
            embedder="fake",
            changed_at=1_700_000_000,
            folders=("papers",),
            failed=failed,
            owner=None,
        )

    def _all(self) -> list[Paper]:
        return [*{p.paper.id: p.paper for p in self.passages}.values(), *self.shelf]


@dataclass(slots=True)
class TalkingModel:
    """A language model that says its pieces with pauses, and the last ones only when it is let go on."""

    pieces: Sequence[str] = ("HedgeNet prunes its own branches while it trains [1].",)
    pause: float = 0.0  # seconds before each piece
    held: asyncio.Event | None = None  # waits for it after the pieces
    name: str = "talking"
    price: Price = FREE
    asked: list[list[Message]] = field(default_factory=list)

    async def stream(self, messages: Sequence[Message], spent: Spent | None = None) -> AsyncIterator[str]:
        if spent:
            usage = Usage(100, 10)
            spent(replace(usage, cost=cost(usage, self.price)))
        self.asked.append(list(messages))
        for piece in self.pieces:
            await asyncio.sleep(self.pause)
            yield piece
        if self.held is not None:
            await self.held.wait()


def fake_footnote(
    settings: BotSettings, library: TitledLibrary | None = None, model: TalkingModel | None = None
) -> Footnote:
    """The real assistant over a library of ours."""
    library = library or TitledLibrary()
    return Footnote(
        settings=settings,
        library=library,  # type: ignore[arg-type]
        assistant=Assistant(library, Answerer(model)),
        conversations=Conversations(),
        model_name=model.name if model else None,
    )
