"""The journey of a question: route, search, answer; and for chat surfaces, reply."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.answerer import ENGLISH_ONLY, Answerer, OnText
from bot.conversation import asked_of
from bot.credits import credit_asked
from bot.errors import BadQuestion, BotError, UnexpectedFault, sentence_for
from bot.gather import gather
from bot.helper import Helper
from bot.ledger import Spending
from bot.models import FIXED, Answer, Question, Reply, Route, Usage
from bot.plain_answers import code_answer, fixed_answer, library_answer, why_none
from bot.questions.just_cited import with_just_cited
from bot.questions.named_author import with_known_author
from bot.questions.named_sides import with_named_sides
from bot.questions.those_cited import standing, with_those_cited
from bot.rendering import render
from bot.reranking import CANDIDATES, wanted
from bot.router import asks_for_code, route
from bot.searchable import PAPERS, PASSAGES, Searchable
from bot.surface import ChatSurface
from bot.translation.foreign import is_foreign, language_of
from bot.translation.languages import Language
from bot.translation.translator import Translator
from retrieval.errors import RetrievalError
from retrieval.models import NO_FILTERS, Filters, Paper, SearchResult

log = logging.getLogger(__name__)

MOST_CHARACTERS = 4_000  # of a question; Discord allows as many, and more is no question
SEARCHED = "Searched for: “{text}”."
NOT_IN_ENGLISH = (
    "The question was not put into English, so it was searched for as it is: please ask in English."
)


@dataclass(frozen=True, slots=True)
class _Found:
    """What a question means, and what the library has for it."""

    asked: Question  # in English, where it was in another language and a model knew it
    route: Route
    result: SearchResult
    held: bool = False  # the gate has looked at it, and the library holds an answer


class Assistant:
    """Answers questions over a library."""

    def __init__(
        self,
        library: Searchable,
        answerer: Answerer,
        helper: Helper | None = None,
        translator: Translator | None = None,
    ) -> None:
        """`helper`, where there is one, makes follow-ups whole and chooses among passages.

        `translator` puts answers into the language of the question.
        """
        self._library = library
        self._answerer = answerer
        self._helper = helper
        self._translator = translator

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
        question = replace(question, history=standing(question.history))
        way = route(question)
        if plain := fixed_answer(way.kind, question.text):
            return plain
        started = time.perf_counter()
        spent = Spending()
        language = language_of(question)
        found = await self._found(question, way, language is not None, spent)
        searched = time.perf_counter()
        answer = await self._told(found, self._translated_later(on_text, language))
        if language:
            answer = await self._in_language(answer, question, found, language, spent)
        finished = time.perf_counter()
        kind = found.route.kind
        log.info("answered: %s, %d citations, refused %s", kind, len(answer.citations), answer.refused)
        return replace(
            answer,
            usage=_together(answer.usage, spent.total),
            search_ms=1000 * (searched - started),
            answer_ms=1000 * (finished - searched),
        )

    async def _found(self, question: Question, way: Route, foreign: bool, spent: Spending) -> _Found:
        """What the question means and what the library has for it, with the helper's help."""
        asked = question
        if self._helper and (foreign or not await self._is_of_several(question, way)):
            whole = await self._helper.made_whole(question, spent)
            if whole is not question and ((other := route(whole)).kind not in FIXED or foreign):
                asked, way = whole, other
        told = asked if foreign else question
        if way.kind in FIXED:  # thanks, or a call for help, in another language
            return _Found(told, way, SearchResult(()))
        way = await asyncio.to_thread(with_known_author, self._library, asked, way)
        for narrowed in (with_named_sides, with_those_cited, with_just_cited):
            way = await asyncio.to_thread(narrowed, self._library, asked, way)
        text = asked_of(asked.text.strip(), asked.history)
        result = await asyncio.to_thread(gather, self._library, way, text)
        if not (self._helper and self._helper.reranks) or credit_asked(text) or not wanted(way, result):
            return _Found(told, way, result)
        kept = way.about is not None and result.papers[0].paper.id == way.about
        within = replace(way.filters, paper=way.about) if kept else way.filters
        more = await asyncio.to_thread(self._library.search, way.query, within, CANDIDATES, PAPERS)
        ranked = await self._helper.reranked(way, result, more.passages, PASSAGES, spent)
        return _Found(told, way, ranked, held=True)

    async def _is_of_several(self, question: Question, way: Route) -> bool:
        """Whether it is known which papers a follow-up is of: then there is nothing to make whole."""
        return bool((await asyncio.to_thread(with_those_cited, self._library, question, way)).among)

    async def _in_language(
        self, answer: Answer, question: Question, found: _Found, language: Language, spent: Spending
    ) -> Answer:
        """`answer` with what was searched for instead of a question in `language`, in that language."""
        note = ""
        if found.asked is not question:
            note = SEARCHED.format(text=found.asked.text)
        elif is_foreign(question.text) and ENGLISH_ONLY not in answer.notes:
            note = NOT_IN_ENGLISH
        if note and answer.route not in FIXED:
            answer = replace(answer, notes=(note, *answer.notes))
        return await self._translator.translated(answer, language, spent) if self._translator else answer

    def _translated_later(self, on_text: OnText | None, language: Language | None) -> OnText | None:
        """Shows the English text that is being written, and that it will be in `language`."""
        if on_text is None or language is None or self._translator is None:
            return on_text

        async def shown(text: str) -> None:
            await on_text(f"{text}\n\n… → {language.own}" if text.strip() else text)

        return shown

    async def _told(self, found: _Found, on_text: OnText | None) -> Answer:
        question, way, result = found.asked, found.route, found.result
        if plain := fixed_answer(way.kind, question.text):
            return plain
        if way.kind == "library":
            held = await self._papers()
            passing = await self._papers(way.filters)
            told = code_answer if asks_for_code(question.text) else library_answer
            answer = told(way, len(held), passing, result)
            return answer if passing else _impossible(answer, way.filters, held)
        answer = await self._answerer.answer(question, way, result, on_text, held=found.held)
        if way.filters and not result.passages:
            return _impossible(answer, way.filters, await self._papers())
        return answer

    async def _papers(self, filters: Filters = NO_FILTERS) -> list[Paper]:
        return [entry.paper for entry in await asyncio.to_thread(self._library.papers, filters)]

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


def _impossible(answer: Answer, filters: Filters, held: Sequence[Paper]) -> Answer:
    """`answer`, of which no paper passes the filters, in kinder words where none ever could."""
    told = why_none(filters, held)
    return replace(answer, text=told, refused=True) if told else answer


def _together(*usages: Usage | None) -> Usage | None:
    """All of them; None where there is none."""
    known = [usage for usage in usages if usage is not None]
    return sum(known, Usage()) if known else None


def _check(question: Question) -> None:
    """Raise BadQuestion unless this can be asked."""
    if not question.text.strip():
        raise BadQuestion("Please ask a question: this one is empty.")
    if len(question.text) > MOST_CHARACTERS:
        raise BadQuestion(f"Please ask in at most {MOST_CHARACTERS} characters.")
