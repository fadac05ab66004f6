"""An answer without a language model: the sentences that answer best, word for word, with footnotes. Pure.

Every claim is a quote, so every claim has support by construction. What is left to do well is the choice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.citations import Checked
from bot.models import Citation, RouteKind
from bot.readable import readable, shown
from bot.words import content_words, inverse_frequency
from retrieval.models import Passage
from retrieval.sentences import spans

WORDS = 120  # of an answer, as a reader counts them
WORDS_OF_A_LIST = 250  # of a list of papers or a comparison
PAPERS_LISTED = 8
SENTENCES = 4  # of one answer; a fifth hides the first
LISTS: frozenset[RouteKind] = frozenset({"find", "author", "compare"})

# What makes a sentence worth quoting, against the share of the question's words that it holds (0..1).
NAMED = (
    0.4  # weight of a word of the paper's title: it tells which paper is meant, not what is asked about it
)
AGAIN = 0.25  # weight of a word that the answer already holds
OF_PASSAGE = 0.35  # of the search's score, the best passage having 1
OF_TITLE = 0.4  # of how well the paper's title answers to the question
OF_NUMBER = 0.25  # of two numbers where a quantity is asked for
OF_REASON = 0.25  # of a word that gives a reason where one is asked for

_QUANTITY = re.compile(
    r"\bhow\s+(?:many|much|long|fast|big|large|often|far|well|accurate)\b|\b(?:numbers?|size|percentage|percent|rate|score|accuracy|"
    r"acc|m?ap\d*|mi?ou|psnr|ssim|au(?:ro)?c|fid|fvd|epe|cider|gain|by\s+how|budget|learning\s+rate|batch\s+size|fps|speed|"
    r"parameters?|params|gflops|stats|statistics|top-?\d|rank-?\d|defaults?|dimensions?|resolution|threshold|value)\b",
    re.IGNORECASE,
)
_WHY = re.compile(r"\b(?:why|purpose|reason|motivation|what\s+for)\b", re.IGNORECASE)
_BECAUSE = re.compile(
    r"\b(?:because|since|due\s+to|in\s+order\s+to|so\s+that|thus|therefore|avoid\w*|ensur\w*|prevent\w*|allow\w*|enabl\w*|aim\w*)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?<![\w\[.,])\d+(?:[.,]\d+)*(?![\w\]])|\b(?:two|three|four|five|six|seven|eight|nine|ten|hundred|thousand|million|billion)\b"
)
_OWN_WORK = re.compile(
    r"\b(?:we|our|this\s+(?:paper|work|article|study))\b.*\b(?:propos\w*|present\w*|introduc\w*|develop\w*|investigat\w*|"
    r"stud(?:y|ies)|show\w*|design\w*|address\w*|explor\w*|tackl\w*|demonstrat\w*|describ\w*)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A readable sentence of a passage."""

    passage: int  # its place among the passages
    place: int  # its place within the passage
    start: int
    end: int
    text: str
    stems: frozenset[str]


def extract(question: str, query: str, kind: RouteKind, passages: Sequence[Passage]) -> Checked:
    """The extractive answer to `question` from `passages`, best first; empty where no sentence can be shown.

    `query` is the question made whole: it decides which papers are meant, the question alone what is asked.
    """
    candidates = _candidates(passages)
    worth = _worth(question, query, passages, candidates)
    if kind in LISTS:
        chosen = _best_of_each_paper(passages, candidates, worth, 2 if kind == "compare" else 1)
        return _listed(passages, chosen, WORDS_OF_A_LIST)
    return _told(passages, _choose(question, candidates, worth), WORDS)


def _candidates(passages: Sequence[Passage]) -> list[Candidate]:
    """The sentences of all passages that a reader can read, each once."""
    found: dict[str, Candidate] = {}
    for number, passage in enumerate(passages):
        text = passage.chunk.text
        for place, (start, end) in enumerate(spans(text)):
            sentence = text[start:end]
            if readable(sentence) and sentence not in found:
                stems = frozenset(content_words(sentence))
                found[sentence] = Candidate(number, place, start, end, sentence, stems)
    return list(found.values())


def _worth(
    question: str, query: str, passages: Sequence[Passage], candidates: Sequence[Candidate]
) -> Callable[[Candidate, frozenset[str]], float]:
    """How much a sentence adds to an answer that already holds some of the wanted words."""
    asked = frozenset(content_words(question)) or frozenset(content_words(query))
    weights = inverse_frequency([candidate.stems for candidate in candidates])
    best = max((passage.score for passage in passages), default=1.0) or 1.0
    meant = _title_matches(query, passages)
    names = {passage.paper.id: frozenset(content_words(passage.paper.title)) for passage in passages}
    wants_number, wants_reason = bool(_QUANTITY.search(question)), bool(_WHY.search(question))

    unknown = max(weights.values(), default=1.0)

    def value(word: str, paper: str) -> float:
        return weights.get(word, unknown) * (NAMED if word in names[paper] else 1.0)

    def worth(candidate: Candidate, told: frozenset[str]) -> float:
        passage = passages[candidate.passage]
        paper = passage.paper.id
        total = sum(value(word, paper) for word in asked) or 1.0
        new = sum(value(word, paper) for word in asked & candidate.stems - told)
        again = sum(value(word, paper) for word in asked & candidate.stems & told)
        score = (new + AGAIN * again) / total + OF_PASSAGE * passage.score / best + OF_TITLE * meant[paper]
        if wants_number:
            score += OF_NUMBER * min(2, len(_NUMBER.findall(shown(candidate.text)))) / 2
        if wants_reason and _BECAUSE.search(candidate.text):
            score += OF_REASON
        return score

    return worth


def _title_matches(query: str, passages: Sequence[Passage]) -> dict[str, float]:
    """How well each paper's title answers to the query, 0..1, against the other papers."""
    stems = {passage.paper.id: frozenset(content_words(passage.paper.title)) for passage in passages}
    weights = inverse_frequency(stems.values())
    wanted = set(content_words(query))
    values = {
        paper: sum(weights[word] for word in words & wanted) / (sum(weights.values()) or 1.0)
        for paper, words in stems.items()
    }
    best = max(values.values(), default=0.0)
    return {paper: value / best if best else 0.0 for paper, value in values.items()}


def _choose(
    question: str, candidates: Sequence[Candidate], worth: Callable[[Candidate, frozenset[str]], float]
) -> list[Candidate]:
    """The best sentences, each judged by what it adds to those before it."""
    chosen: list[Candidate] = []
    asked = frozenset(content_words(question))
    budget = WORDS - 24  # for two titles and the keys
    least = 0.0
    while len(chosen) < SENTENCES:
        told = frozenset().union(*(c.stems for c in chosen)) & asked
        free = [
            c
            for c in candidates
            if c not in chosen and len(c.text.split()) <= budget and not _repeats(c, chosen)
        ]
        if not free:
            break
        best = max(free, key=lambda c: worth(c, told))
        value = worth(best, told)
        if value < least:
            break
        least = least or 0.45 * value
        chosen.append(best)
        budget -= len(best.text.split())
    return chosen


def _repeats(candidate: Candidate, chosen: Sequence[Candidate]) -> bool:
    """Whether a sentence says again what a chosen one says."""
    return any(
        len(candidate.stems & other.stems) > 0.7 * min(len(candidate.stems), len(other.stems))
        for other in chosen
    )


def _best_of_each_paper(
    passages: Sequence[Passage],
    candidates: Sequence[Candidate],
    worth: Callable[[Candidate, frozenset[str]], float],
    sentences: int,
) -> list[Candidate]:
    """For each paper, in the order of the passages, its best sentences; those on its own work first."""
    order = list(dict.fromkeys(passage.paper.id for passage in passages))[:PAPERS_LISTED]
    chosen = []
    for paper in order:
        own = [c for c in candidates if passages[c.passage].paper.id == paper]
        own.sort(key=lambda c: -worth(c, frozenset()) - (0.15 if _OWN_WORK.search(c.text) else 0.0))
        chosen += own[:sentences]
    return chosen


def _told(passages: Sequence[Passage], chosen: Iterable[Candidate], words: int) -> Checked:
    """Running text: each paper's title, then its sentences."""
    return _compose(passages, chosen, words, "{title}: {quotes}", "\n\n")


def _listed(passages: Sequence[Passage], chosen: Iterable[Candidate], words: int) -> Checked:
    """One line for each paper."""
    return _compose(passages, chosen, words, "{n}. {title}: {quotes}", "\n")


def _compose(
    passages: Sequence[Passage], chosen: Iterable[Candidate], words: int, line: str, joint: str
) -> Checked:
    """Lines in the order in which papers first appear, as long as they fit into `words`."""
    order = list(dict.fromkeys(passages[c.passage].paper.id for c in chosen))
    grouped = sorted(chosen, key=lambda c: order.index(passages[c.passage].paper.id))
    lines: list[str] = []
    citations: list[Citation] = []
    for _, group in groupby(grouped, key=lambda c: passages[c.passage].paper.id):
        own = list(group)
        made = [_citation(len(citations) + n, passages[c.passage], c) for n, c in enumerate(own, 1)]
        while made:
            quotes = " ".join(_quoted(citation) for citation in made)
            text = line.format(n=len(lines) + 1, title=title_of(passages[own[0].passage]), quotes=quotes)
            if len(joint.join([*lines, text]).split()) <= words:
                lines.append(text)
                citations += made
                break
            made.pop()
    return Checked(joint.join(lines), tuple(citations))


def _citation(n: int, passage: Passage, candidate: Candidate) -> Citation:
    return Citation(n, passage.paper, passage.chunk, passage.chunk.text[candidate.start : candidate.end])


def _quoted(citation: Citation) -> str:
    """The quote as a reader sees it: in quotation marks, or named as ours where it is."""
    words = shown(citation.quote)
    if citation.chunk.kind == "summary":
        return f"(summary by Footnote) {words} [{citation.n}]"
    return f"“{words}” [{citation.n}]"


def title_of(passage: Passage) -> str:
    """A paper's title as it stands in a text; a label is visibly one."""
    title = re.sub(r"\[(\d+)\]", r"(\1)", passage.paper.title)
    return f"(untitled page) {title}" if passage.paper.title_is_label else title
