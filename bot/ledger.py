"""What language models cost, and who may still spend: prices, costs, and a ledger of one day. Pure.

The ledger knows no clock and no file. Whoever keeps it says which day it is, and writes down what is charged.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from bot.models import Usage

PER = 1_000_000  # tokens that a price is for

Limit = Literal["person", "server", "day"]
"""Whose money is used up: of one person, of one server, or of everybody."""

_NUMBER = r"\d+(?:\.\d+)?"
_PRICE = re.compile(rf"\s*(?P<model>[^=\s][^=]*?)\s*=\s*(?P<read>{_NUMBER})\s*/\s*(?P<written>{_NUMBER})\s*")


@dataclass(frozen=True, slots=True)
class Price:
    """What a million tokens cost, in whatever currency the settings are in."""

    read: float = 0.0
    written: float = 0.0


FREE = Price()


def cost(usage: Usage, price: Price) -> float:
    """What `usage` costs, in the currency of `price`. An estimate where the usage is one."""
    return (usage.read * price.read + usage.written * price.written) / PER


def read_prices(told: str) -> dict[str, Price]:
    """The price of each model in `MODEL=READ/WRITTEN, …`. Raises ValueError for other forms."""
    found = {}
    for part in filter(str.strip, told.split(",")):
        match = _PRICE.fullmatch(part)
        if match is None:
            raise ValueError(f"{part.strip()!r} is no price: write MODEL=READ/WRITTEN, such as gpt-4o=2.5/10")
        found[match["model"]] = Price(float(match["read"]), float(match["written"]))
    return found


def price_of(model: str, prices: Mapping[str, Price], other: Price) -> Price:
    """The price of `model`; `other` where it has none of its own."""
    return prices.get(model, other)


class Spending:
    """Adds up what the calls for one answer took."""

    def __init__(self) -> None:
        self.total: Usage | None = None  # None: nothing was called

    def __call__(self, usage: Usage) -> None:
        self.total = (self.total or Usage()) + usage


@dataclass(frozen=True, slots=True)
class Caps:
    """What language models may cost a day; 0 is no limit."""

    person: float = 0.0
    server: float = 0.0
    day: float = 0.0  # of all together


@dataclass(slots=True)
class Ledger:
    """What was spent on one day, by whom and where. Another day begins with nothing.

    `person` and `server` are ids; 0 is no server (a direct message, a terminal), which has no cap.
    """

    day: str = ""
    usage: Usage = field(default_factory=Usage)  # of all
    _persons: dict[int, float] = field(default_factory=dict)
    _servers: dict[int, float] = field(default_factory=dict)
    _total: float = 0.0

    def turn(self, day: str) -> None:
        """Begin `day`, unless it is the present one."""
        if day != self.day:
            self.day, self.usage, self._total = day, Usage(), 0.0
            self._persons, self._servers = {}, {}

    def charge(self, usage: Usage, person: int = 0, server: int = 0) -> None:
        """Add what an answer took; its cost is that in `usage`."""
        self.usage += usage
        self._total += usage.cost
        self._persons[person] = self._persons.get(person, 0.0) + usage.cost
        self._servers[server] = self._servers.get(server, 0.0) + usage.cost

    def spent(self, limit: Limit = "day", key: int = 0) -> float:
        """What everybody, or the person or server `key`, has spent today."""
        if limit == "day":
            return self._total
        return (self._persons if limit == "person" else self._servers).get(key, 0.0)

    def used_up(self, caps: Caps, person: int = 0, server: int = 0) -> Limit | None:
        """The limit that is reached, the nearest to the person first; None where there is money left."""
        if caps.person and self.spent("person", person) >= caps.person:
            return "person"
        if caps.server and server and self.spent("server", server) >= caps.server:
            return "server"
        return "day" if caps.day and self._total >= caps.day else None


OVER: dict[Limit, str] = {
    "person": "You have used up today's share of the language model, so these are quotations.",
    "server": "This server has used up today's share of the language model, so these are quotations.",
    "day": "Today's budget for the language model is used up, so these are quotations.",
}
"""What a reader is told where a limit is reached."""
