"""Documents of one run, compared pair by pair and brought together, the surest first. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from retrieval.identity.evidence import (
    NOTHING,
    Finding,
    Strength,
    compare,
    contradiction,
    strangers,
    two_numbers,
)
from retrieval.identity.joining import Sets
from retrieval.identity.meeting import pairs
from retrieval.identity.merging import fullest_first
from retrieval.identity.traits import Traits, words_of
from retrieval.models import Document

_KNOWN = 3
"""Documents that use a word which is then no misspelling: a misspelt one may come into a library twice."""

_RARER = 10  # times: a misspelling that came in again and again is yet so much rarer than its word
_SHORT = 5  # letters

_NEAR_CASES = 5  # that one paper is shown in at most: a yearly editorial is like all the others


@dataclass(frozen=True, slots=True)
class Doubt:
    """Two documents, by their places, that may be one paper; and why that is in doubt."""

    one: int
    other: int
    reason: str


_Compared = tuple[Finding, int, int]


class Room:
    """Who is with whom so far."""

    def __init__(self, documents: Iterable[Document]) -> None:
        """Takes what it needs of each document in turn, and holds none of their texts."""
        self.traits: list[Traits] = []
        self._frequency = Counter[str]()  # in how many documents a word stands
        for document in documents:
            words = words_of(document)
            self.traits.append(Traits(document, words))
            self._frequency.update({*self.traits[-1].title.words, *words})
        self._sets = Sets(len(self.traits))

    def part(self, pairs: Iterable[tuple[int, int]]) -> None:
        """Keep these apart, whatever they share."""
        for one, other in pairs:
            self._sets.keep_apart(one, other)

    def groups(self) -> list[list[int]]:
        """The places of each paper's documents, the fullest text first; in the order of their first."""
        found: dict[int, list[int]] = defaultdict(list)
        for place in range(len(self.traits)):
            found[self._sets.root(place)].append(place)
        return [fullest_first(members, self.traits) for members in found.values()]

    def settle(self, same: Iterable[tuple[int, int]]) -> list[Doubt]:
        """Compare what meets and join what is one, and last of all these, whatever parts them.

        Last, lest what one of two has against a third keep it from the other. Returns what stays in doubt,
        the nearest first.
        """
        compared = (
            (compare(self.traits[one], self.traits[other], self._two_words), one, other)
            for one, other in pairs(self.traits)
        )
        found = sorted(
            (pair for pair in compared if pair[0] is not NOTHING),
            key=lambda pair: (-pair[0].strength, pair[2], pair[1]),
        )
        doubts = []
        for strength in sorted(Strength, reverse=True):
            level = [pair for pair in found if pair[0].strength is strength]
            doubts += list(self._joined(level, strength))
        for one, other in same:
            self._sets.join(one, other)
        return self._shown(doubts)

    def _joined(self, level: Sequence[_Compared], strength: Strength) -> Iterable[Doubt]:
        """Join the pairs of one strength; what cannot be joined comes back."""
        rivals = self._rivals(level) if strength in (Strength.NAMELESS, Strength.NAMELESS_LIKE) else {}
        by_text = self._texts_against if strength is Strength.TEXT else self._titles_against
        against = None if strength is Strength.NUMBER else by_text
        for finding, one, other in level:
            if not finding.joins:
                yield Doubt(one, other, finding.reason)
            elif max(len(rivals.get(one, ())), len(rivals.get(other, ()))) > 1:
                yield Doubt(one, other, f"{finding.reason}; but another paper has it too")
            elif not self._sets.join(one, other, against):
                yield Doubt(one, other, f"{finding.reason}; but other sources of the two disagree")

    def _rivals(self, level: Sequence[_Compared]) -> dict[int, set[int]]:
        """For each document without authors, the papers with authors that it might be."""
        found: dict[int, set[int]] = defaultdict(set)
        for _, one, other in level:
            for nameless, named in ((one, other), (other, one)):
                if not self.traits[nameless].authors and self.traits[named].authors:
                    found[nameless].add(self._sets.root(named))
        return found

    def _titles_against(self, one: int, other: int) -> bool:
        a, b = self.traits[one], self.traits[other]
        return strangers(a, b) or bool(contradiction(a, b))

    def _texts_against(self, one: int, other: int) -> bool:
        return bool(two_numbers(self.traits[one], self.traits[other]))

    def _shown(self, doubts: Iterable[Doubt]) -> list[Doubt]:
        """Of papers that are two in the end, and of no two papers twice."""
        shown: dict[tuple[int, ...], Doubt] = {}
        times: Counter[int] = Counter()
        for doubt in doubts:
            roots = tuple(sorted((self._sets.root(doubt.one), self._sets.root(doubt.other))))
            if roots[0] == roots[1] or roots in shown or self._sets.are_kept_apart(*roots):
                continue
            if max(times[root] for root in roots) < _NEAR_CASES:
                times.update(roots)
                shown[roots] = doubt
        return list(shown.values())

    def _two_words(self, one: str, other: str) -> bool:
        """Whether both are words that papers use. Of a word and its misspelling, one is much rarer."""
        rarer, other_count = sorted((self._frequency[one], self._frequency[other]))
        if min(len(one), len(other)) < _SHORT and other_count < _KNOWN:
            return True  # two short words of which nothing is known, as names are
        return rarer >= _KNOWN and rarer * _RARER > other_count
