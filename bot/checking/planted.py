"""Sentences that a passage supports, and the same made wrong on purpose: how well are the wrong ones told?

`footnote evaluate checks` prints the share of faults that are caught, and of right sentences lost. Pure.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.checking.claims import negated
from bot.checking.support import Passages
from bot.gate import names
from bot.quoting.readable import readable, shown
from retrieval.evaluate import Share
from retrieval.models import Chunk, PaperEntry, Passage
from retrieval.sentences import sentences

FAITHFUL = "faithful"
PAPERS_TOGETHER = 4
PASSAGES_OF_EACH = 2
_VERB = re.compile(
    r"\b(?:is|are|was|were|can|will|does|has|have|outperforms?|achieves?|improves?|uses?|reaches|requires?|shows?|"
    r"learns?|predicts?|generates?|reduces?|increases?|enables?|provides?|contains?|leads?|helps?)\b"
)
_FIGURE = re.compile(r"(?<![\w.,-])\d+(?:\.\d+)?(?![\w]|[.,]\d)")
_PLAIN = {"is", "are", "was", "were", "can", "will", "does"}


class Shelf(Protocol):
    """What is asked of a library."""

    def papers(self) -> list[PaperEntry]: ...

    def passages_of(self, paper_id: str) -> list[Chunk]: ...


@dataclass(frozen=True, slots=True)
class Planted:
    """One sentence as a model might have written it."""

    kind: str
    sentence: str
    cited: int  # the passage that it names, from 1


Maker = Callable[[str, int, Sequence[Passage], random.Random], Planted | None]


def plant(passages: Sequence[Passage], dice: random.Random) -> Iterator[Planted]:
    """For some sentences of each passage: the sentence reworded a little, and one fault of each kind."""
    for number, passage in enumerate(passages, 1):
        whole = [s for s in sentences(passage.chunk.text) if readable(s) and len(s.split()) <= 40]
        for sentence in dice.sample(whole, min(2, len(whole))):
            told = reworded(shown(sentence))
            yield Planted(FAITHFUL, told, number)
            for make in MAKERS:
                if made := make(told, number, passages, dice):
                    yield made


def reworded(sentence: str) -> str:
    """`sentence` as one retells it: "we" are the authors, and what joins it to the text before is gone."""
    text = re.sub(
        r"^(?:However|Moreover|Furthermore|In addition|Thus|Therefore|Finally|Also),\s+", "", sentence
    )
    for own, other in (
        (r"\b[Ww]e\b", "the authors"),
        (r"\b[Oo]ur\b", "their"),
        (r"\bthis paper\b", "the paper"),
    ):
        text = re.sub(own, other, text)
    return text[:1].upper() + text[1:]


def wrong_number(told: str, number: int, passages: Sequence[Passage], dice: random.Random) -> Planted | None:
    """One figure changed."""
    figures = list(_FIGURE.finditer(told))
    if not figures:
        return None
    found = dice.choice(figures)
    old = found[0]
    changed = f"{float(old) * dice.choice((0.7, 1.3, 1.9)) + 0.1:.{len(old.partition('.')[2])}f}"
    if changed == old:
        return None
    return Planted("wrong number", told[: found.start()] + changed + told[found.end() :], number)


def last_digit(told: str, number: int, passages: Sequence[Passage], dice: random.Random) -> Planted | None:
    """One figure that is one off in its last digit: 84.8 for 84.9."""
    figures = list(_FIGURE.finditer(told))
    if not figures:
        return None
    found = dice.choice(figures)
    digit = str((int(found[0][-1]) + dice.choice((1, 9))) % 10)
    return Planted("last digit changed", f"{told[: found.end() - 1]}{digit}{told[found.end() :]}", number)


def figure_of_another(
    told: str, number: int, passages: Sequence[Passage], dice: random.Random
) -> Planted | None:
    """One figure gives way to one that the passage prints elsewhere, of the same kind."""
    own = {found[0] for found in _FIGURE.finditer(told)}
    printed = [other for other in _FIGURE.finditer(passages[number - 1].chunk.text) if other[0] not in own]
    swaps = [
        (found, other[0]) for found in _FIGURE.finditer(told) for other in printed if _alike(found, other)
    ]
    if not swaps:
        return None
    found, other = dice.choice(swaps)
    return Planted("number of another", told[: found.start()] + other + told[found.end() :], number)


def _alike(one: re.Match[str], other: re.Match[str]) -> bool:
    """Whether two figures have the same word or sign after them, and as many digits behind the point."""
    return _kind(one) == _kind(other)


def _kind(figure: re.Match[str]) -> tuple[str, int]:
    after = re.match(r"\s?(%|[a-z]+)", figure.string[figure.end() :])
    return after[1] if after else "", len(figure[0].partition(".")[2])


def wrong_paper(told: str, number: int, passages: Sequence[Passage], dice: random.Random) -> Planted | None:
    """A true sentence that names a passage of another paper."""
    owner = passages[number - 1].paper.id
    others = [n for n, passage in enumerate(passages, 1) if passage.paper.id != owner]
    return Planted("wrong paper", told, dice.choice(others)) if others else None


def denied(told: str, number: int, passages: Sequence[Passage], dice: random.Random) -> Planted | None:
    """What is affirmed is denied."""
    found = _VERB.search(told)
    if found is None or negated(told):
        return None
    put = f"{found[0]} not" if found[0] in _PLAIN else f"does not {found[0]}"
    return Planted("denied", told[: found.start()] + put + told[found.end() :], number)


def exchanged_names(
    told: str, number: int, passages: Sequence[Passage], dice: random.Random
) -> Planted | None:
    """Two names of the sentence change places, or one gives way to a name from another paper.

    Not to one of the paper's own authors, or its venue: what is put to them is true of them.
    """
    own = list(dict.fromkeys(name for name in names(told) if told.count(name) == 1))
    if len(own) > 1:
        first, second = dice.sample(own, 2)
        text = told.replace(first, "\0").replace(second, first).replace("\0", second)
        return Planted("exchanged names", text, number) if text != told else None
    here = passages[number - 1]
    paper = here.paper
    held = f"{paper.title} {' '.join(paper.authors)} {paper.venue} {here.chunk.text}".casefold()
    foreign = [
        name
        for passage in passages
        for name in names(passage.chunk.text)
        if name.casefold() not in held and len(name) > 3
    ]
    if not own or not foreign:
        return None
    return Planted("exchanged names", told.replace(own[0], dice.choice(foreign)), number)


def wrong_unit(told: str, number: int, passages: Sequence[Passage], dice: random.Random) -> Planted | None:
    """One unit changed."""
    other = {"%": " ms", "ms": "hours", "GB": "MB", "hours": "seconds", "fps": "ms", "seconds": "hours"}
    found = re.search(r"(?<=\d)\s?(%|ms|GB|hours|fps|seconds)(?!\w)", told)
    if found is None:
        return None
    return Planted("wrong unit", f"{told[: found.start(1)]}{other[found[1]]}{told[found.end() :]}", number)


MAKERS: tuple[Maker, ...] = (
    wrong_number,
    wrong_paper,
    denied,
    exchanged_names,
    wrong_unit,
    last_digit,
    figure_of_another,
)


def groups(library: Shelf, papers: int, dice: random.Random) -> Iterator[list[Passage]]:
    """Passages of some papers of a library, as an answer might be given them: two of each of four papers."""
    chosen = [entry.paper for entry in library.papers()]
    chosen = dice.sample(chosen, min(papers, len(chosen)))
    for at in range(0, len(chosen), PAPERS_TOGETHER):
        held = [(paper, library.passages_of(paper.id)) for paper in chosen[at : at + PAPERS_TOGETHER]]
        yield [
            Passage(chunk, paper, 1.0)
            for paper, chunks in held
            for chunk in dice.sample(chunks, min(PASSAGES_OF_EACH, len(chunks)))
        ]


def table(library: Shelf, papers: int) -> dict[str, Share]:
    """For each kind of sentence, how many are found to have no support; the same on every run."""
    dice = random.Random(0)
    total: dict[str, Share] = {}
    for passages in groups(library, papers, dice):
        for kind, share in caught(list(plant(passages, dice)), Passages(passages)).items():
            before = total.get(kind, Share(0, 0))
            total[kind] = Share(before.hits + share.hits, before.of + share.of)
    return total


def caught(planted: Sequence[Planted], passages: Passages) -> dict[str, Share]:
    """For each kind, how many sentences were found to have no support by the passage that they name."""
    kinds = dict.fromkeys(one.kind for one in planted)
    found = {
        kind: [not passages.support(one.sentence, one.cited).holds for one in planted if one.kind == kind]
        for kind in kinds
    }
    return {kind: Share(sum(seen), len(seen)) for kind, seen in found.items()}
