"""How well a stretch of text answers a question, beside what was already said. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.candidates import Candidate
from bot.readable import shown, signs
from bot.words import content_words, inverse_frequency
from retrieval.models import Passage

# What makes a candidate worth quoting, against the share of the question's words that it holds (0..1).
NAMED = (
    0.4  # weight of a word of the paper's title: it tells which paper is meant, not what is asked about it
)
AGAIN = 0.5  # weight of a word that the answer already holds, or that stands over it: in a heading, a head
OF_PAPER = 0.4  # of the paper's best score in the search, the best paper having 1
OF_PASSAGE = 0.2  # of the passage's own score, the best passage having 1
OF_NUMBER = 0.25  # of two numbers where a quantity is asked for
OF_OURS = 0.15  # of a table's row on the paper's own method
OF_REASON = 0.15  # of a word that gives a reason where one is asked for
OF_SIGNS = 0.5  # taken off, of a sign of formulas for each word

_QUANTITY = re.compile(
    r"\bhow\s+(?:many|much|long|fast|big|large|often|far|well|accurate)\b|\b(?:fast|slow|larg|small)er\b|"
    r"\b(?:numbers?|size|percentage|percent|rate|score|accuracy|acc|m?ap\d*|mi?ou|psnr|ssim|lpips|au(?:ro)?c|"
    r"fid|fvd|epe|cider|gain|by\s+how|budget|learning\s+rate|batch\s+size|fps|speed|parameters?|params|gflops|"
    r"stats|statistics|top-?\d|rank-?\d|defaults?|dimensions?|resolution|threshold|value)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?<![\w\[.,])\d+(?:[.,]\d+)*(?![\w\]])|"
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|hundred|thousand|million|billion)\b"
)
_WHY = re.compile(r"\b(?:why|purpose|reason|motivation|what\s+for)\b", re.IGNORECASE)
_BECAUSE = re.compile(
    r"\b(?:because|since|due\s+to|in\s+order\s+to|so\s+that|thus|therefore|avoid\w*|ensur\w*|prevent\w*|"
    r"allow\w*|enabl\w*|aim\w*)\b",
    re.IGNORECASE,
)


def wants_quantity(question: str) -> bool:
    """Whether `question` asks for a number."""
    return bool(_QUANTITY.search(question))


@dataclass(frozen=True, slots=True)
class Scale:
    """Weighs candidates for one question."""

    asked: frozenset[str]
    weights: dict[str, float]
    unknown: float  # weight of a word that no candidate has
    prior: tuple[float, ...]  # of each passage, before its text is looked at
    titles: tuple[frozenset[str], ...]  # of each passage's paper
    quantity: bool
    reason: bool

    def worth(self, candidate: Candidate, told: frozenset[str] = frozenset()) -> float:
        """How much `candidate` adds to an answer that already holds the words `told`."""
        title = self.titles[candidate.passage]
        total = self._weight(self.asked, title) or 1.0
        new = self._weight(self.asked & candidate.stems - told, title)
        again = self._weight(self.asked & candidate.stems & told, title)
        again += self._weight(self.asked & candidate.around - candidate.stems, title)
        score = (new + AGAIN * again) / total + self.prior[candidate.passage]
        if candidate.columns is None:
            score -= OF_SIGNS * signs(candidate.text)
        if candidate.ours:
            score += OF_OURS
        if self.quantity:
            score += OF_NUMBER * min(2, len(_NUMBER.findall(shown(candidate.text)))) / 2
        if self.reason and _BECAUSE.search(candidate.text):
            score += OF_REASON
        return score

    def _weight(self, words: frozenset[str], title: frozenset[str]) -> float:
        return sum(self.weights.get(word, self.unknown) * (NAMED if word in title else 1.0) for word in words)


def scale(question: str, query: str, passages: Sequence[Passage], found: Sequence[Candidate]) -> Scale:
    """What weighs `found`. `query`, the question made whole, stands in for a question without a subject."""
    weights = inverse_frequency([candidate.stems for candidate in found])
    titles = tuple(frozenset(content_words(passage.paper.title)) for passage in passages)
    best = max((passage.score for passage in passages), default=1.0) or 1.0
    papers: dict[str, float] = {}
    for passage in passages:
        papers[passage.paper.id] = max(passage.score, papers.get(passage.paper.id, passage.score))
    return Scale(
        asked=frozenset(content_words(question)) or frozenset(content_words(query)),
        weights=weights,
        unknown=max(weights.values(), default=1.0),
        prior=tuple(
            (OF_PAPER * papers[passage.paper.id] + OF_PASSAGE * passage.score) / best for passage in passages
        ),
        titles=titles,
        quantity=wants_quantity(question),
        reason=bool(_WHY.search(question)),
    )
