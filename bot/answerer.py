"""(Question, what was found) -> Answer: by a language model where there is one, else by quoting."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.citations import Checked, check, preview
from bot.credits import credit_asked, credited
from bot.errors import ModelError
from bot.extractive import extract
from bot.gate import holds_answer
from bot.language_model import LanguageModel
from bot.models import Answer, Question, Route
from bot.notes import notes
from bot.prompts import NOT_IN_LIBRARY, messages
from retrieval.models import SearchResult

log = logging.getLogger(__name__)

OnText = Callable[[str], Awaitable[None]]
"""Gets the text so far, not the latest piece."""

NEAREST = 3  # titles that a refusal names


class Answerer:
    """Writes answers from passages."""

    def __init__(self, model: LanguageModel | None = None) -> None:
        """Without a `model`, every answer is extractive."""
        self._model = model

    async def answer(
        self, question: Question, route: Route, result: SearchResult, on_text: OnText | None = None
    ) -> Answer:
        """The checked answer. A failing model is no error: an extractive answer takes its place."""
        frame = Answer(
            text="",
            route=route.kind,
            papers=result.papers,
            passages=result.passages,
            notes=notes(route, result),
        )
        if not holds_answer(result, route):
            return refusal(frame)
        if fact := credit_asked(question.text):
            return _filled(frame, credited(fact, result))
        if self._model is None:
            return _extractive(frame, question, route)
        try:
            return await self._written(self._model, frame, question, on_text)
        except ModelError as error:
            log.warning("%s failed, answering without it: %s", self._model.name, error)
            return replace(_extractive(frame, question, route), fallback_from=self._model.name)

    async def _written(
        self, model: LanguageModel, frame: Answer, question: Question, on_text: OnText | None
    ) -> Answer:
        """What the model writes, shown while it comes and checked when it is whole. Raises ModelError."""
        written = ""
        async for piece in model.stream(messages(question, frame.route, frame.passages)):
            written += piece
            if on_text and not _may_refuse(written):
                await on_text(preview(written, len(frame.passages)))
        if _refuses(written):
            return replace(refusal(frame), model=model.name)
        checked = check(written, frame.passages)
        return replace(_filled(frame, checked), model=model.name)


def refusal(frame: Answer) -> Answer:
    """That the library holds no answer, with the nearest titles: a value, never read out of the text."""
    titles = [
        f"(untitled page) {found.paper.title}" if found.paper.title_is_label else found.paper.title
        for found in frame.papers[:NEAREST]
    ]
    if not titles:
        return replace(frame, refused=True, text="The library holds no paper that this question asks for.")
    nearest = "\n".join(f"- {title}" for title in titles)
    return replace(
        frame,
        refused=True,
        text=f"I found nothing in the library that answers this. The nearest papers:\n{nearest}",
    )


def _extractive(frame: Answer, question: Question, route: Route) -> Answer:
    checked = extract(question.text, route.query, route.kind, frame.passages)
    return _filled(frame, checked)


def _filled(frame: Answer, checked: Checked) -> Answer:
    """The answer with its text; a refusal where there is nothing to say."""
    if not checked.text:
        return refusal(frame)
    return replace(frame, text=checked.text, citations=checked.citations)


def _refuses(written: str) -> bool:
    return written.lstrip(" \n*_`\"'[(").startswith(NOT_IN_LIBRARY)


def _may_refuse(written: str) -> bool:
    """Whether the token, or a beginning of it, is all that was written so far."""
    start = written.lstrip(" \n*_`\"'[(")
    return start.startswith(NOT_IN_LIBRARY) or NOT_IN_LIBRARY.startswith(start)
