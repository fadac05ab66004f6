"""What a paper says, ready for names to be looked up in it. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import OSA

from bot.quoting.concepts import ABBREVIATIONS
from retrieval.analysis import words
from retrieval.models import SearchResult

LONG, LONG_IN_CAPITALS = 7, 5  # letters of a name that may hold a typing error
INITIALS = 4  # letters of an abbreviation from which on it is no chance that words begin with them


@dataclass(frozen=True, slots=True)
class Held:
    """What a paper says, ready for names to be looked up."""

    text: str
    words: frozenset[str]
    joined: frozenset[str]  # of two words in a row: "AU-ROC" is AUROC
    initials: str

    @classmethod
    def of(cls, text: str) -> Held:
        told = words(text)
        joined = frozenset(one + other for one, other in pairwise(told))
        return cls(text, frozenset(told), joined, "".join(word[0] for word in told))

    def has(self, name: str) -> bool:
        """Whether a name stands here: as one word, in its parts, spelled out, or with a typing error."""
        parts = words(name)
        if not parts:  # it is longer than any word
            return name.casefold() in self.text.casefold()
        last = parts[-1]
        if last in self.words or all(part in self.words for part in parts) or last in self.joined:
            return True
        if f"{last}s" in self.words or (last.endswith("s") and last[:-1] in self.words):
            return True
        return self._spells(name, last) or _mistyped(name, last, self.words)

    def _spells(self, name: str, last: str) -> bool:
        """Whether the words that an abbreviation is short for stand here."""
        short = last.removesuffix("s")
        if long := ABBREVIATIONS.get(short):
            return set(long) <= self.words
        return name.rstrip("s").isupper() and len(short) >= INITIALS and short in self.initials


def held_by_paper(result: SearchResult) -> list[Held]:
    """For each paper, its title, abstract and passages."""
    texts: dict[str, list[str]] = {}
    for passage in result.passages:
        paper = passage.paper
        texts.setdefault(paper.id, [paper.title, paper.abstract or ""]).append(passage.chunk.text)
    return [Held.of(" ".join(parts)) for parts in texts.values()]


def _mistyped(name: str, last: str, there: frozenset[str]) -> bool:
    """Whether a name is a word of `there` but for one error. Short ones and those with digits are others.

    An abbreviation may have a letter more or less already where it has five: AUROC, AUCROC.
    """
    least = LONG_IN_CAPITALS if name.isupper() else LONG
    if len(last) < least or any(char.isdigit() for char in last):
        return False
    return nearest_word(last, there) is not None


def nearest_word(typed: str, there: Collection[str]) -> str | None:
    """The word of `there` that `typed` is but for one error, not in its first letter; None for none."""
    near = (word for word in sorted(there) if word[0] == typed[0] and abs(len(word) - len(typed)) <= 1)
    return next((word for word in near if OSA.distance(typed, word, score_cutoff=1) <= 1), None)
