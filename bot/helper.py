"""Small tasks that a language model does before an answer is written: questions made whole, passages ranked.

Each is one call with a limit on its time. What fails, is cut off or makes no sense is done without: by the
rules, and in the order of the search.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

from bot.errors import ModelError
from bot.language_model import LanguageModel, Spent, said
from bot.models import Question, Route
from bot.prompts import scoring, standing_alone
from bot.reranking import read_scores, reranked
from bot.rewriting import accepted, accepted_english
from bot.tokens import OF_THE_RULES, fitting
from bot.translation.foreign import language_of
from retrieval.models import Passage, SearchResult

log = logging.getLogger(__name__)

OF_SCORES = 400  # tokens of the answer
FIRST_WORDS = 1_500  # characters of a passage that are read: about 250 words, which nearly all have


class Helper:
    """A language model for small tasks; often a cheaper one than that which answers."""

    def __init__(
        self,
        model: LanguageModel,
        *,
        rerank: bool = True,
        rewrite: bool = True,
        translate: bool = True,
        context: int = 16_384,
    ) -> None:
        """`context` is how many tokens the model takes at once."""
        self._model = model
        self._rewrites = rewrite
        self._translates = translate
        self._room = context - OF_THE_RULES - OF_SCORES
        self.reranks = rerank

    async def made_whole(self, question: Question, spent: Spent | None = None) -> Question:
        """A question in English that leans on nothing said before; the same one, as it was, if that fails."""
        foreign = language_of(question) is not None
        if not ((self._rewrites and (question.history or foreign)) or (self._translates and foreign)):
            return question
        try:
            told = await said(self._model, standing_alone(question, foreign=foreign), spent)
        except ModelError as error:
            log.warning("%s made no question whole: %s", self._model.name, error)
            return question
        whole = accepted_english(told, question) if foreign else accepted(told, question)
        return question if whole is None else replace(question, text=whole, history=())

    async def reranked(
        self,
        route: Route,
        result: SearchResult,
        candidates: Sequence[Passage],
        places: int,
        spent: Spent | None = None,
    ) -> SearchResult:
        """`result` with the best `places` of `candidates`; as it is, if the model gives no scores."""
        short = fitting(candidates, self._room)
        if len(short) <= places:
            return result
        try:
            told = await said(self._model, scoring(route.query, short, FIRST_WORDS), spent)
        except ModelError as error:
            log.warning("%s ranked no passages: %s", self._model.name, error)
            return result
        scores = read_scores(told, len(short))
        if scores is None:
            log.warning("%s ranked no passages: no scores in its answer", self._model.name)
            return result
        return reranked(route, result, short, scores, places)
