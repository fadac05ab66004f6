"""Numbers that a sentence gives less exactly than its paper does: rounded, or as a limit. Pure.

Models are told to keep numbers as printed, and an exact number needs none of this. Beside it stands what a
careful reader lets pass: "about 85 %" for 84.9, "nearly 3x" for 2.94, "over 3,700" for 3,712, 73.6 for 73.56,
"1.2 million" for 1,203,441. Never 84.8 for 84.9; nor a bare 85, which claims to be what was printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from bot.checking.numerals import DIGITS, amount, figures, in_digits, scaled, unit, value

Side = Literal["about", "below", "above", "kept", "scaled"]
"""How a sentence says that a number is not exact; "kept": it does not, "scaled": by a scale alone."""

SIDES: Mapping[str, Side] = {"at most": "below", "at least": "above"}
"""On which side of a limit, as `bounds` names it, the number is that it limits."""
FARTHEST = Decimal("0.05")  # of the number: "about 90" is not 85.1
FARTHEST_LIMIT = Decimal("0.1")  # "less than 20 ms" for 18
DIGITS_KEPT = 3  # that a rounded number must keep where nothing says that it is one: 73.6
DIGITS_SCALED = 2  # the same before a scale: 1.2 million

_WORDS: Mapping[Side, str] = {
    "about": r"\b(?:about|around|roughly|approximately|approx\.|circa|ca\.|some)|[~≈∼]",
    "below": (
        r"\b(?:nearly|almost|just\s+(?:under|below|short\s+of)|close\s+to|under|below|up\s+to|at\s+most|"
        r"(?:less|fewer|lower|smaller|shorter|(?:no|not)\s+more)\s+than)|[<≤]"
    ),
    "above": (
        r"\b(?:over|above|exceed(?:s|ed|ing)?|at\s+least|beyond|upwards\s+of|"
        r"(?:more|greater|larger|higher|longer|(?:no|not)\s+less)\s+than)|[>≥]"
    ),
}
_HEDGES: Mapping[Side, re.Pattern[str]] = {
    side: re.compile(rf"(?:{words})\s*(?:the\s+|an?\s+)?[$€£]?\s*\Z", re.IGNORECASE)
    for side, words in _WORDS.items()
}
_BEFORE = 24  # characters in which such words stand

_AMOUNT = rf"\s*(?:about\s+)?[$~]?(?P<digits>{DIGITS})"
_BOUNDS = tuple(
    (side, re.compile(rf"(?:{words}){_AMOUNT}", re.IGNORECASE))
    for side, words in (
        (
            "at most",
            r"\b(?:(?:fewer|less|lower|smaller|shorter)\s+than|at\s+most|(?:no|not)\s+more\s+than|below|under|up\s+to|within|"
            r"maximum\s+of)\b|[<≤]",
        ),
        (
            "at least",
            r"\b(?:(?<!no\s)(?<!not\s)(?:more|greater|larger|higher|longer)\s+than|at\s+least|no\s+(?:less|fewer)\s+than|above|"
            r"over|exceed\w*|minimum\s+of|beyond)\b|[>≥]",
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Rough:
    """A number of a sentence, and which printed numbers it may stand for."""

    value: str
    unit: str
    side: Side
    step: Decimal  # the worth of its last digit, its scale counted

    def stands_for(self, printed: str, printed_unit: str) -> bool:
        """Whether a careful reader takes this number for that printed one."""
        if scaled(self.unit):
            printed, printed_unit = amount(printed, printed_unit), ""
        elif printed_unit != self.unit and printed_unit and self.unit:
            return False
        own, exact = Decimal(amount(self.value, self.unit)), Decimal(printed)
        farthest = FARTHEST_LIMIT if self.side in ("below", "above") else FARTHEST
        if abs(own - exact) > farthest * own:
            return False
        if self.side == "below":
            return own - self.step <= exact < own
        if self.side == "above":
            return own < exact < own + self.step
        finer = self.side != "scaled" or exact % (self.step / 10) != 0
        return finer and 2 * abs(own - exact) <= self.step


def roughly(text: str) -> Iterator[Rough]:
    """The numbers of a sentence that need not stand in its paper as they are."""
    text = in_digits(text)
    for found in figures(text):
        digits = found["digits"].replace(",", "")
        scale = unit(found["unit"])
        before = text[max(0, found.start() - _BEFORE) : found.start()]
        side = next((side for side, words in _HEDGES.items() if words.search(before)), None) or _unsaid(
            digits, scale
        )
        if side:
            yield Rough(value(digits), scale, side, _step(digits, scale))


def bounds(text: str) -> frozenset[tuple[str, str]]:
    """The numbers that are limits: ("at least", "5") of "more than 5", ("at most", "5") of "under five"."""
    text = in_digits(text)
    return frozenset(
        (side, value(found["digits"])) for side, pattern in _BOUNDS for found in pattern.finditer(text)
    )


def rounds(rough: Iterable[Rough], wanted: str, scale: str, there: Iterable[tuple[str, str]]) -> bool:
    """Whether the number `wanted` of a sentence is one of `rough`, and may stand for one that is `there`."""
    mine = [one for one in rough if (one.value, one.unit) == (wanted, scale)]
    return any(one.stands_for(*printed) for one in mine for printed in there)


def _unsaid(digits: str, scale: str) -> Side | None:
    """How a number that nothing calls rounded may be it all the same."""
    kept = len(digits.replace(".", "").lstrip("0"))
    if scaled(scale) and kept >= DIGITS_SCALED:
        return "scaled"
    return "kept" if "." in digits and kept >= DIGITS_KEPT else None


def _step(digits: str, scale: str) -> Decimal:
    """What one more of the last digit is worth; the zeros at the end of a whole number are no digits."""
    whole, point, part = digits.partition(".")
    step = Decimal(1).scaleb(-len(part)) if point else Decimal(1).scaleb(len(whole) - len(whole.rstrip("0")))
    return step * Decimal(amount("1", scale))
