"""How well a stretch of text answers a question, beside what was already said. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.quoting.asked import coined_names, thing_of, unit_of, wants_name, wants_quantity
from bot.quoting.candidates import Candidate
from bot.quoting.concepts import RELATED
from bot.quoting.readable import shown, signs
from bot.words import ASKING, content_words, inverse_frequency
from retrieval.models import Passage

# What makes a candidate worth quoting, against the share of the question's words that it holds (0..1).
NAMED = (
    0.4  # weight of a word of the paper's title: it tells which paper is meant, not what is asked about it
)
AGAIN = 0.5  # weight of a word that the answer already holds, or that stands in the heading over it
OVER_ROW = 0.75  # the same of a table's row, whose caption and head say what its figures are
BEFORE = 0.3  # weight of a word that stands in the sentence before
LEANING = 0.6  # the same where a sentence leans on the one before it: "It ...", "This ..."
AFTER = 0.2  # weight of a word that stands in the sentence after
OF_PAPER = 0.4  # of the paper's best score in the search, the best paper having 1
OF_PASSAGE = 0.2  # of the passage's own score, the best passage having 1
OF_NUMBER = 0.35  # of two numbers where a quantity is asked for
OF_UNIT = 0.15  # of a figure in the unit that the question asks for
OF_THING = 0.4  # of a thing of the kind that is asked for: a GPU, a data set, what a name is short for
OF_OURS = 0.15  # of a table's row on the paper's own method
OF_RELATED = 0.3  # of a word of the question that the sentence says in another word
OF_OWN = 0.2  # of a sentence in which the paper speaks of itself, where something of a paper is asked for
OF_OWN_FACT = 0.1  # the same where it is one fact: those are told without "we" as often
OF_NAME = (
    0.2  # of a name that neither question nor title has, where it is asked which tool or network is used
)
OF_POINTING = 0.3  # taken off, of a sentence that only says what stands where: "In this section, we ..."
OF_BRINGS = 1.3  # of a sentence that tells what the paper brings, where nothing but its name is asked about
OF_LEANING = 0.4  # taken off, of a sentence that leans on another, where it would be the first
OF_REASON = 0.25  # of a word that gives a reason where one is asked for
OF_SIGNS = 0.5  # taken off, of a sign of formulas for each word

_NUMBER = re.compile(
    r"(?<![\w\[.,])\d+(?:[.,]\d+)*(?![\w\]])|"
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|hundred|thousand|million|billion)\b"
)
LEANS = re.compile(
    r"\W*(?:it|this(?!\s+(?:paper|work|article|study)\b)|these|they|such|specifically|in\s+particular|therefore|thus|hence|moreover|that\s+is|here|"
    r"then|to\s+(?:do\s+so|this\s+end)|as\s+a\s+result|in\s+this\s+way)\b",
    re.IGNORECASE,
)
"""A sentence that leans on what stands before it."""
_POINTS = re.compile(
    r"^\W*(?:in|as\s+(?:shown|described|seen|illustrated)\s+in)\s+(?:this|the\s+(?:following|next|previous))\s+"
    r"(?:sub)?section\b|"
    r"^\W*(?:Tab(?:le|\.)|Fig(?:ure|\.)?|Sec(?:tion|\.)?)\s*\d+\w?\s+(?:shows?|presents?|lists?|reports?|"
    r"summari[sz]es|illustrates?|depicts?|gives?|describes?)\b|"
    r"\bfollowing\s+(?:\w+\s+){0,2}(?:questions?|findings?|sections?|experiments?|aspects?)\b|"
    r"\b(?:above|aforementioned)\s+categor|"
    r"^\W*(?:Illustrations?|Overview|Visuali[sz]ations?|Comparisons?|Examples?|Results)\s+(?:of|on|for)\b"
    r"(?![^.]*\b(?:is|are|was|were|shows?|can|has|have)\b)",
    re.IGNORECASE,
)
_OWN = re.compile(r"\b(?:we|our|ours|us|this\s+paper|the\s+proposed)\b", re.IGNORECASE)
BRINGS = re.compile(
    r"\b(?:we|our|this\s+(?:paper|work|article|study))\b.*\b(?:propos\w*|present\w*|introduc\w*|develop\w*|"
    r"investigat\w*|stud(?:y|ies)|show\w*|design\w*|address\w*|explor\w*|tackl\w*|demonstrat\w*|describ\w*)\b",
    re.IGNORECASE,
)
"""A sentence in which a paper tells what it does itself."""
PROPOSES = re.compile(
    r"\A(?!\W*(?:additionally|afterwards?|also|finally|further(?:more)?|moreover|then|thus|therefore|second(?:ly)?|third(?:ly)?|next)\b)"
    r".*?(?:\b(?:we|this\s+(?:paper|work|article|study))\s+(?:\w+\s+)?(?:propos|present|introduc|develop|devis|describ|advocat)\w*|"
    r"\bis\s+(?:proposed|presented|introduced)\b|\bis\s+an?\s+(?:novel|new)\b)",
    re.IGNORECASE | re.DOTALL,
)
"""A sentence that says what the paper brings, and can stand first."""
_WHY = re.compile(r"\b(?:why|purpose|reason|motivation|what\s+for)\b", re.IGNORECASE)
_EXPLAINS = re.compile(
    r"\bhow\b(?!\s+(?:many|much|long|fast|big|large|often|far|well|accurate|slow|high|small|few|old)\b)|\bwhy\b|"
    r"\b(?:explain\w*|describe|idea|mechanism|purpose|reason|motivation|difference|what\s+for)\b|\bwhat\s+(?:do|does|did)\b",
    re.IGNORECASE,
)
_BECAUSE = re.compile(
    r"\b(?:because|since|due\s+to|in\s+order\s+to|so\s+that|thus|therefore|avoid\w*|ensur\w*|prevent\w*|"
    r"allow\w*|enabl\w*|aim\w*)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Scale:
    """Weighs candidates for one question."""

    asked: frozenset[str]
    weights: dict[str, float]
    unknown: float  # weight of a word that no candidate has
    prior: tuple[float, ...]  # of each passage, before its text is looked at
    titles: tuple[frozenset[str], ...]  # of each passage's paper
    quantity: bool
    known: frozenset[str]  # figures of the question: they answer nothing
    unit: re.Pattern[str] | None  # of what is asked for
    thing: re.Pattern[str] | None  # what shows the thing that is asked for
    reason: bool
    explains: bool = False  # an explanation is asked for, not a single fact
    pointed: bool = False  # one fact is asked for, which a sentence or two can tell
    own: bool = False  # one paper is asked about, and what it says of itself counts more
    unnamed: str | None = None  # the question, where it asks for the name of something

    def worth(self, candidate: Candidate, told: frozenset[str] = frozenset()) -> float:
        """How much `candidate` adds to an answer that already holds the words `told`."""
        return self.gain(candidate, told) + self.prior[candidate.passage]

    def gain(self, candidate: Candidate, told: frozenset[str] = frozenset()) -> float:
        """The same, wherever it stands: what its own words are worth."""
        title = self.titles[candidate.passage]
        total = self._weight(self.asked, title) or 1.0
        present = candidate.stems | candidate.around
        score = self._weight(self.asked & candidate.stems - told, title)
        score += AGAIN * self._weight(self.asked & candidate.stems & told, title)
        score += self._from_outside(candidate, title)
        missing = self.asked - candidate.stems - told
        meant = frozenset(word for word in missing if RELATED.get(word, frozenset()) & present)
        score = (score + OF_RELATED * self._weight(meant, title)) / total
        if candidate.columns is None:
            speaks_of_itself = self.own and not self.reason and _OWN.search(candidate.text)
            score += (OF_OWN_FACT if self.pointed else OF_OWN) if score and speaks_of_itself else 0.0
            score -= OF_SIGNS * signs(candidate.text)
            score -= OF_POINTING if _POINTS.search(candidate.text) else 0.0
        if candidate.ours:
            score += OF_OURS
        if self.quantity:
            figures = [found for found in _NUMBER.findall(shown(candidate.text)) if found not in self.known]
            score += OF_NUMBER * min(2, len(figures)) / 2
            score += OF_UNIT if self.unit and self.unit.search(candidate.text) else 0.0
        if self.thing and self.thing.search(candidate.text):
            score += OF_THING
        if self.asked <= title:  # what the paper is: told by what it brings, and never begun with "It ..."
            score += OF_BRINGS if PROPOSES.search(candidate.text) else 0.0
            score -= OF_LEANING if not told and LEANS.match(candidate.text) else 0.0
        if self.unnamed and self._names(candidate, title):
            score += OF_NAME
        if self.reason and _BECAUSE.search(candidate.text):
            score += OF_REASON
        return score

    def says(self, candidate: Candidate) -> float:
        """The weight of the words asked that stand in a candidate itself."""
        return self._weight(self.asked & candidate.stems, frozenset())

    def _names(self, candidate: Candidate, title: frozenset[str]) -> bool:
        """Whether a candidate holds a name that can be an answer."""
        names = (name for name in coined_names(shown(candidate.text)) if name not in (self.unnamed or ""))
        return any(not title.issuperset(content_words(name)) for name in names)

    def _from_outside(self, candidate: Candidate, title: frozenset[str]) -> float:
        """What the words over, before and after a candidate are worth to it, where it does not say them."""
        over = self.asked & candidate.around - candidate.stems
        before = self.asked & candidate.before - candidate.stems - candidate.around
        leans = LEANING if LEANS.match(candidate.text) else BEFORE
        after = self.asked & candidate.after - candidate.stems - candidate.around - candidate.before
        head = AGAIN if candidate.columns is None else OVER_ROW
        near = leans * self._weight(before, title) + AFTER * self._weight(after, title)
        return head * self._weight(over, title) + near

    def _weight(self, words: frozenset[str], title: frozenset[str]) -> float:
        return sum(self.weights.get(word, self.unknown) * (NAMED if word in title else 1.0) for word in words)


def scale(
    question: str,
    query: str,
    passages: Sequence[Passage],
    found: Sequence[Candidate],
    *,
    own: bool = False,
) -> Scale:
    """What weighs `found`. `query`, the question made whole, stands in for a question without a subject.

    `own`: a fact of a paper is asked for, and what papers say of themselves counts more.
    """
    weights = inverse_frequency([candidate.stems for candidate in found])
    thing = thing_of(question)
    titles = tuple(frozenset(content_words(passage.paper.title)) for passage in passages)
    best = max((passage.score for passage in passages), default=1.0) or 1.0
    papers: dict[str, float] = {}
    for passage in passages:
        papers[passage.paper.id] = max(passage.score, papers.get(passage.paper.id, passage.score))
    return Scale(
        asked=_words_asked(question, query),
        weights=weights,
        unknown=max(weights.values(), default=1.0),
        prior=tuple(
            (OF_PAPER * papers[passage.paper.id] + OF_PASSAGE * passage.score) / best for passage in passages
        ),
        titles=titles,
        quantity=wants_quantity(question),
        known=frozenset(_NUMBER.findall(question)),
        unit=unit_of(question),
        thing=thing,
        reason=bool(_WHY.search(question)),
        explains=bool(_EXPLAINS.search(question)),
        pointed=own and (wants_quantity(question) or thing is not None),
        own=own,
        unnamed=question if own and wants_name(question) else None,
    )


def _words_asked(question: str, query: str) -> frozenset[str]:
    """The words of `question` that an answer may hold; where it has none but those of asking, of `query`."""
    own, whole = frozenset(content_words(question)), frozenset(content_words(query))
    return own - ASKING or whole - ASKING or own
