"""Are the numbers that a sentence claims those that a paper prints? Pure."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from bot.checking.claims import Claim
from bot.checking.numerals import amount
from bot.checking.rounded import SIDES, rounds

Printed = Collection[tuple[str, str]]
"""Values with their units, as `bot.checking.numerals.printed` gives them."""


def number_faults(said: Claim, there: Printed) -> list[Literal["number", "unit"]]:
    """What is wrong with the claim's numbers: not printed, or with another unit."""
    values = {value for value, _ in there}
    faults: list[Literal["number", "unit"]] = []
    for value, unit in said.numbers:
        units = {held for known, held in there if known == value}
        if value not in values:
            if amount(value, unit) not in values and not rounds(said.rough, value, unit, there):
                faults.append("number")
        elif unit and unit not in units and "" not in units:
            faults.append("unit")
    return list(dict.fromkeys(faults))


def stands(said: Claim, wanted: str, unit: str, there: Printed) -> bool:
    """Whether a number of the claim is among some printed ones, as it is or rounded; units aside."""
    values = {value for value, _ in there}
    return bool({wanted, amount(wanted, unit)} & values) or rounds(said.rough, wanted, unit, there)


def unlimited(said: Claim, bounds: Collection[tuple[str, str]], there: Printed) -> bool:
    """Whether the claim calls a number a limit that the paper does not, and that limits no number of it."""
    return any(
        not any(
            rough.stands_for(*printed)
            for rough in said.rough
            if (rough.side, rough.value) == (SIDES[side], limit)
            for printed in there
        )
        for side, limit in said.bounds
        if (side, limit) not in bounds
    )
