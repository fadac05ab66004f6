"""Which clause a number belongs to: where "A needs 18 ms, while B needs 95 ms", A does not need 95 ms. Pure.

A number is taken to be another's only where the sentence says nothing of what stands in the number's own
clause, and does speak of a clause beside it that gives a number of the same kind. So what is retold in quite
other words is let pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.checking.numerals import UNITS, figures, in_digits, unit, value
from bot.gate import names
from bot.words import content_words

_PARTS = re.compile(
    r"(?P<compares>\(|,?\s+(?:versus|vs\.?|compared\s+(?:to|with)|against|than|as\s+opposed\s+to|instead\s+of|over)\s)|"
    r"(?P<turns>\)|;|,?\s+(?:while|whereas|but|although|though|yet)\s)|(?P<joins>,\s|,?\s+and\s)"
)
_POINTS_BACK = re.compile(
    r"\W*(?:it|they|we|our|ours|this|these|the\s+(?:proposed|former|method|model|network|approach|system|authors?))\b",
    re.IGNORECASE,
)
_PREDICATES = """
need needs take takes require requires reach reaches achieve achieves attain attains obtain obtains get gets
yield yields score scores has have report reports cost costs use uses perform performs run runs give gives
contain contains hold holds result results only just about roughly compare compared method model
"""
_SILENT = frozenset(content_words(f"{_PREDICATES} {UNITS}"))  # stems that tell no clause from another
_MARKS = re.compile(r"\[\d[\d,;\s–-]*\]")  # footnotes of the paper itself
_THINGS = r"\s+(?P<things>(?:[^\W\d]+[\s-]){0,2}[^\W\d]+)"
_ONE = re.compile(rf"\b(?:(?<!no\s)one(?!\s+(?:or|and|of|to|by)\b)|a\s+single){_THINGS}", re.IGNORECASE)
_SINGLE = re.compile(rf"\b(?:1|one|single|an?|each|every|per){_THINGS}", re.IGNORECASE)
_SEVERAL = re.compile(rf"(?<![\w.,-])(?!1\s)\d+{_THINGS}")


@dataclass(frozen=True, slots=True)
class _Clause:
    """One statement with its numbers."""

    before: frozenset[str]  # stems of what is said before the first of its numbers: its subject
    after: frozenset[str]
    named: frozenset[str]  # stems of the names in it
    figures: frozenset[tuple[str, str]]  # values with their unit, or the word that is counted

    @property
    def stems(self) -> frozenset[str]:
        return self.before | self.after


def of_another_clause(said: str, told: Sequence[str], subject: str = "") -> bool:
    """Whether a number of `said` is told of something else in `told`, sentences in a row.

    `subject` is what "it" stands for at their beginning: the paper's title, and what was said just before.
    """
    source = _all_clauses(told, subject)
    if len(source) < 2:
        return False
    return any(_misplaced(wanted, clause, source) for clause in _clauses(said) for wanted in clause.figures)


def points_back(sentence: str) -> bool:
    """Whether a sentence goes on about what was spoken of before it: "It needs ..."."""
    return bool(_POINTS_BACK.match(sentence))


def _misplaced(wanted: tuple[str, str], mine: _Clause, source: Sequence[_Clause]) -> bool:
    """Whether every clause of `source` that holds the number speaks of another thing than `mine` does."""
    own = [clause for clause in source if wanted[0] in {number for number, _ in clause.figures}]
    rivals = [clause for clause in source if clause not in own and _same_kind(clause, wanted, mine)]
    return bool(own) and all(any(_told_of(mine, clause, rival) for rival in rivals) for clause in own)


def _same_kind(clause: _Clause, wanted: tuple[str, str], mine: _Clause) -> bool:
    claimed = {number for number, _ in mine.figures}
    return any(kind == wanted[1] and kind and number not in claimed for number, kind in clause.figures)


def _told_of(mine: _Clause, own: _Clause, rival: _Clause) -> bool:
    """Whether `mine` speaks of what `rival` is about, and not of what the number's own clause is about."""
    ours, theirs = own.named - rival.named, (rival.named - own.named) & mine.stems
    if ours and theirs:
        return not ours & mine.stems
    if not own.stems - rival.stems:
        return False
    about = rival.before - own.stems if own.before - rival.before else rival.stems - own.stems
    return not (own.stems - rival.stems) & mine.stems and bool(about & mine.stems)


def _all_clauses(told: Sequence[str], subject: str) -> list[_Clause]:
    """The clauses of sentences; one that begins with "it" is about what was said before it, too."""
    found: list[_Clause] = []
    for sentence in told:
        for number, clause in enumerate(_clauses(sentence)):
            if number == 0 and points_back(sentence):
                named = _named(subject)
                clause = replace(clause, before=clause.before | named, named=clause.named | named)
            found.append(clause)
        subject = sentence if not points_back(sentence) else f"{subject} {sentence}"
    return found


def _clauses(sentence: str) -> list[_Clause]:
    """The parts of a sentence that hold numbers. "71 % on A and 65 % on B" are two with one subject."""
    text = in_digits(_MARKS.sub(" ", sentence))
    if "respectively" in text:
        return _in_order(text)
    found: list[_Clause] = []
    for piece, compares in _pieces(text):
        places = list(figures(piece))
        clause = _Clause(
            before=_stems(piece[: places[0].start()]),
            after=_stems(piece[places[0].end("digits") :]),
            named=_named(piece),
            figures=frozenset(map(_figure, places)),
        )
        if found and not compares:
            last = found[-1]
            found[-1] = replace(last, after=last.after or clause.after)
            clause = replace(clause, before=clause.before or last.before)
        found.append(clause)
    return found


def _in_order(text: str) -> list[_Clause]:
    """What "A and B have 4 and 11 branches, respectively" says of each, where that can be told."""
    own = list(dict.fromkeys(names(text, within=True)))
    places = list(figures(text))
    if len(own) != len(places):
        return []
    return [
        _Clause(_stems(name), frozenset(), _stems(name), frozenset({_figure(place)}))
        for name, place in zip(own, places, strict=True)
    ]


def _figure(place: re.Match[str]) -> tuple[str, str]:
    """A number and its unit, or the word that is counted: "images" of "100 images"."""
    word = place["unit"] or ""
    return value(place["digits"]), unit(word) or next(iter(content_words(word)), "")


def _named(text: str) -> frozenset[str]:
    return _stems(" ".join(names(text, within=True)))


def _pieces(sentence: str) -> Iterator[tuple[str, bool]]:
    """The pieces of a sentence that hold numbers, and whether each is compared with the one before it.

    What holds no number goes to the piece after it; before a turn of the sentence, or its end, to the one
    before it.
    """
    whole: list[tuple[str, bool]] = []
    held: list[str] = []
    compares, start = False, 0
    for end in (*_PARTS.finditer(sentence), None):
        piece = sentence[start : end.start() if end else len(sentence)]
        held.append(piece)
        if any(figures(piece)):
            whole.append((" ".join(held), compares))
            held, compares = [], False
        elif whole and (end is None or end["turns"]):
            whole[-1] = (" ".join((whole[-1][0], *held)), whole[-1][1])
            held, compares = [], False
        if end:
            start, compares = end.end(), bool(end["compares"]) or compares
    return iter(whole)


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem for stem in content_words(text) if not stem[0].isdigit()) - _SILENT


def one_of_many(said: str, told: Sequence[str]) -> bool:
    """Whether `said` speaks of one thing of which `told` counts several, and of a single one nowhere."""
    found = [things for one in _ONE.finditer(said) if (things := _stems(one["things"]))]
    if not found:
        return False
    source = in_digits(" ".join(told))
    several = [_stems(one["things"]) for one in _SEVERAL.finditer(source)]
    single = [_stems(one["things"]) for one in _SINGLE.finditer(source)]
    return any(
        any(map(things.intersection, several)) and not any(map(things.intersection, single))
        for things in found
    )
