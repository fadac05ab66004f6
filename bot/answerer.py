"""(Question, what was found) -> Answer: by a language model where there is one, else by quoting."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from bot.checking import Unsupported, Verified, finished, verify
from bot.checking.support import Passages
from bot.citations import KEY, Checked, numbered, renumbered, resolve, unfinished_key_cut
from bot.comparison import compared, of_each
from bot.comparison import renumbered as renumbered_table
from bot.conversation import asked_of, doubts
from bot.credits import Credit, credit_asked, credit_of_each, credited, credited_each
from bot.errors import ModelError, ModelSilent, ModelUnfaithful
from bot.extractive import extract, says_nothing_of
from bot.gate import holds_answer, is_far, lacking
from bot.gather import subjects
from bot.language_model import LanguageModel
from bot.ledger import Spending
from bot.mentioning import count_of_all
from bot.models import Answer, Question, Route, RouteKind
from bot.notes import notes
from bot.prompts import NOT_IN_LIBRARY, messages, rewriting, rewritten, room
from bot.questions.named_paper import named_paper
from bot.questions.named_sides import without_names
from bot.questions.restrictions import without_doi
from bot.quoting.asked import kind_of
from bot.refusals import refusal, silent, too_far, untold
from bot.titles import title_in_text
from bot.tokens import fitting
from bot.translation.foreign import is_foreign
from bot.written import without_thoughts
from retrieval.models import Paper, Passage, SearchResult

log = logging.getLogger(__name__)

OnText = Callable[[str], Awaitable[None]]
"""Gets the text so far, not the latest piece."""

LEAST_ROOM = 1_000  # tokens for passages: three or four of them
ENGLISH_ONLY = "I understand questions in English only: please ask in English."


class Answerer:
    """Writes answers from passages."""

    def __init__(
        self,
        model: LanguageModel | None = None,
        unsupported: Unsupported = "drop",
        context: int = 16_384,
    ) -> None:
        """Without a `model`, every answer is extractive; `unsupported` is for what a model writes.

        `context` is how many tokens the model takes at once.
        """
        self._model = model
        self._unsupported = unsupported
        self._context = context

    async def answer(
        self,
        question: Question,
        route: Route,
        result: SearchResult,
        on_text: OnText | None = None,
        *,
        held: bool = False,
    ) -> Answer:
        """The checked answer. A failing model is no error: an extractive answer takes its place.

        `held`: the gate has found already that the library holds an answer.
        """
        frame = Answer(
            text="",
            route=route.kind,
            papers=result.papers,
            passages=result.passages,
            notes=(*notes(route, result), *self._on_language(question)),
        )
        if not route.among and (credit := credit_asked(question.text)):
            paper = named_paper(question.text, route, result)
            return _credited(frame, credit, paper) if paper else refusal(frame)
        if not (held or holds_answer(result, route)):
            if route.about and [found.paper.id for found in result.papers[:1]] == [route.about]:
                return silent(frame, question, route)
            return too_far(frame) if is_far(result) else refusal(frame, lacking(route.query, result))
        if self._model is None:
            return _extractive(frame, question, route)
        spent = Spending()
        try:
            told = replace(frame, notes=(*frame.notes, *count_of_all(route, result)))
            written = await self._written(self._model, told, question, on_text, spent)
            written = _with_table(written, question, route)
        except ModelError as error:
            log.warning("%s failed, answering without it: %s", self._model.name, error)
            quoted = _extractive(frame, question, route)
            written = replace(quoted, fallback_from=self._model.name, fallback_reason=error.reader)
        return replace(written, usage=spent.total)

    def _on_language(self, question: Question) -> tuple[str, ...]:
        return (ENGLISH_ONLY,) if self._model is None and is_foreign(question.text) else ()

    async def _written(
        self,
        model: LanguageModel,
        frame: Answer,
        question: Question,
        on_text: OnText | None,
        spent: Spending,
    ) -> Answer:
        """What the model writes, shown sentence by sentence as it is checked. Raises ModelError."""
        question = _without_history(question, frame.route, self._context)
        frame = replace(frame, passages=fitting(frame.passages, room(question, frame.route, self._context)))
        passages = Passages(frame.passages)
        mark = self._unsupported == "mark"
        written = ""
        async for piece in model.stream(messages(question, frame.route, frame.passages), spent):
            written += piece
            told = without_thoughts(written)
            if on_text and not _may_refuse(told):
                await on_text(_so_far(told, passages, mark))
        written = without_thoughts(written)
        if not written.strip():
            raise ModelSilent("It thought aloud and wrote no answer.", reader="wrote no answer")
        if _refuses(written):
            return replace(refusal(frame), model=model.name)
        keyed = resolve(written, passages.passages)
        verified = verify(keyed, passages, mark)
        if verified.failed and self._unsupported == "rewrite":
            verified = await _mended(model, keyed, verified, passages, spent)
        if not KEY.search(verified.text):
            if verified.failed:
                raise ModelUnfaithful(
                    f"no passage supports what it wrote: {verified.failed[0][:200]}",
                    reader="wrote nothing that these papers support",
                )
            return replace(refusal(frame), model=model.name)
        answer = _filled(frame, numbered(verified.text, frame.passages))
        left = _told(len(verified.failed), mark)
        return replace(answer, model=model.name, notes=(*answer.notes, *left))


def _without_history(question: Question, kind: RouteKind, context: int) -> Question:
    """`question`, without what was said before where that would leave too little room for passages."""
    short = question.history and room(question, kind, context) < LEAST_ROOM
    return replace(question, history=()) if short else question


async def _mended(
    model: LanguageModel, keyed: str, verified: Verified, passages: Passages, spent: Spending
) -> Verified:
    """`keyed` with the failed sentences as the model rewrites them, checked again."""
    answer = ""
    try:
        async for piece in model.stream(rewriting(verified.failed, passages.passages), spent):
            answer += piece
    except ModelError as error:
        log.warning("%s failed to rewrite: %s", model.name, error)
        return verified
    told = [resolve(line, passages.passages) for line in rewritten(verified.failed, without_thoughts(answer))]
    return verify(keyed, passages, mended=dict(zip(verified.failed, told, strict=True)))


def _so_far(written: str, passages: Passages, mark: bool) -> str:
    """What may be shown of an answer that is being written: no key before its sentence is checked."""
    whole, rest = finished(resolve(unfinished_key_cut(written), passages.passages))
    text = verify(whole, passages, mark).text
    gap = whole[len(whole.rstrip()) :] if text else ""
    return renumbered(f"{text}{gap}{rest}")


def _told(failed: int, mark: bool) -> tuple[str, ...]:
    if not failed:
        return ()
    count = "1 sentence" if failed == 1 else f"{failed} sentences"
    if mark:
        return (f"{count} marked as unverified: no passage supports it.",)
    return (f"{count} left out: no passage supports {'it' if failed == 1 else 'them'}.",)


def _extractive(frame: Answer, question: Question, route: Route) -> Answer:
    """Quotes of the papers that the question is about: further passages only show what else was found."""
    passages = _of_subjects(frame, route)
    asked = route.query if doubts(question.text) else without_doi(asked_of(question.text, question.history))
    if route.among:
        return _of_those(frame, route, passages)
    if route.kind == "compare" and (found := compared(asked, route.query, passages)):
        checked, table = found
        return replace(_filled(frame, checked), comparison=table)
    if route.about and says_nothing_of(asked, passages):
        return silent(frame, question, route)
    return _filled(frame, extract(asked, route.query, route.kind, passages, fitting=len(frame.papers)))


def _credited(frame: Answer, credit: Credit, paper: Paper) -> Answer:
    """The fact of `paper`; a refusal that says so where the library does not know it."""
    checked = credited(credit, paper, frame.passages)
    if checked.text:
        return _filled(frame, checked)
    return replace(
        frame, refused=True, text=f"The library does not know {credit.called} {title_in_text(paper)}."
    )


def _of_those(frame: Answer, route: Route, passages: Sequence[Passage]) -> Answer:
    """What each of the papers that are compared says of what is asked; a refusal where none says anything."""
    papers = [found.paper for found in frame.papers]
    asked = without_names(route.query, papers)
    if credit := credit_of_each(asked):
        return _filled(frame, credited_each(credit, papers, passages))
    named = asked != route.query  # by whoever may not know what they are about
    found = of_each(asked, passages, idea=named and kind_of(asked) is None)
    if found is None:
        return untold(frame, papers)
    checked, table = found
    return replace(_filled(frame, checked), comparison=table)


def _of_subjects(answer: Answer, route: Route) -> list[Passage]:
    """The passages of the papers that the question is about."""
    about = subjects(route, answer.papers)
    own = None if about is None else {found.paper.id for found in about}
    return [passage for passage in answer.passages if own is None or passage.paper.id in own]


def _with_table(answer: Answer, question: Question, route: Route) -> Answer:
    """A written comparison with its table, whose footnotes follow those of the text."""
    if route.kind != "compare" or answer.refused:
        return answer
    passages = _of_subjects(answer, route)
    if route.among:
        asked = without_names(route.query, [found.paper for found in answer.papers])
        found = of_each(asked, passages)
    else:
        found = compared(question.text, route.query, passages)
    if found is None or found[1] is None:
        return answer
    table = renumbered_table(found[1], len(answer.citations))
    quotes = {one.n: one for row in table.cells for cell in row for one in cell}
    return replace(
        answer, comparison=table, citations=(*answer.citations, *(quotes[n] for n in sorted(quotes)))
    )


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
