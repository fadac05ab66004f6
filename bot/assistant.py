"""The journey of a question: route, search, answer; and for chat surfaces, reply."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.answerer import Answerer, OnText
from bot.errors import BadQuestion, BotError, UnexpectedFault, sentence_for
from bot.gather import Searchable, gather
from bot.models import Answer, Question, Reply
from bot.plain_answers import code_answer, fixed_answer, library_answer, with_venues
from bot.rendering import render
from bot.router import asks_for_code, route
from bot.surface import ChatSurface
from retrieval.errors import RetrievalError

log = logging.getLogger(__name__)

MOST_CHARACTERS = 4_000  # of a question; Discord allows as many, and more is no question


class Assistant:
    """Answers questions over a library."""

    def __init__(self, library: Searchable, answerer: Answerer) -> None:
        self._library = library
        self._answerer = answerer

    async def answer(self, question: Question, on_text: OnText | None = None) -> Answer:
        """The checked answer; `on_text` gets the text so far while a model writes it.

        Raises BadQuestion, RetrievalError and UnexpectedFault. What a model does wrong is mended.
        """
        try:
            return await self._answered(question, on_text)
        except (BotError, RetrievalError):
            raise
        except Exception as error:  # the one place: whoever asked waits for a sentence, and so does a batch
            log.exception("no answer")
            raise UnexpectedFault(f"A fault of the program: {type(error).__name__}: {error}") from error

    async def _answered(self, question: Question, on_text: OnText | None) -> Answer:
        _check(question)
        way = route(question)
        if plain := fixed_answer(way.kind, question.text):
            return plain
        started = time.perf_counter()
        result = await asyncio.to_thread(gather, self._library, way, question.text.strip())
        searched = time.perf_counter()
        if way.kind == "library":
            held = await asyncio.to_thread(self._library.papers)
            passing = await asyncio.to_thread(self._library.papers, way.filters)
            papers = [entry.paper for entry in passing]
            told = code_answer if asks_for_code(question.text) else library_answer
            answer = told(way, len(held), papers, result)
        elif way.filters.venue and not result.passages:
            held = await asyncio.to_thread(self._library.papers)
            answer = await self._answerer.answer(question, way, result, on_text)
            answer = with_venues(answer, way.filters.venue, [entry.paper for entry in held])
        else:
            answer = await self._answerer.answer(question, way, result, on_text)
        finished = time.perf_counter()
        log.info("answered: %s, %d citations, refused %s", way.kind, len(answer.citations), answer.refused)
        return replace(answer, search_ms=1000 * (searched - started), answer_ms=1000 * (finished - searched))

    async def reply(
        self,
        question: Question,
        surface: ChatSurface,
        rendered: Callable[[Answer], Sequence[Reply]] = render,
    ) -> Answer | None:
        """Answer on a chat surface. A failure becomes a sentence, and None comes back.

        `rendered` turns the answer into messages, and so is told of it before anybody sees it.
        """
        await surface.acknowledge()
        try:
            answer = await self.answer(question, surface.show)
        except (BotError, RetrievalError) as error:
            told = isinstance(error, (BadQuestion, UnexpectedFault))
            log.warning("no answer: %s", error, exc_info=not told)
            await surface.finish((Reply(sentence_for(error)),))
            return None
        await surface.finish(rendered(answer))
        return answer


def _check(question: Question) -> None:
    """Raise BadQuestion unless this can be asked."""
    if not question.text.strip():
        raise BadQuestion("Please ask a question: this one is empty.")
    if len(question.text) > MOST_CHARACTERS:
        raise BadQuestion(f"Please ask in at most {MOST_CHARACTERS} characters.")
