"""Fair use: what a person and a server may ask and cost in a day, and how fast. Refuses in words."""

from __future__ import annotations

import time
from collections import Counter

from bot.discord_bot.store import DAY, Store
from bot.ledger import Caps, Ledger, Limit
from bot.models import Usage

TOO_FAST = "One question at a time, please: ask again <t:{at}:R>."
DAY_OVER = (
    "You have asked {limit} questions today, which is as many as I answer one person. Ask again <t:{at}:R>."
)
SERVER_OVER = (
    "This server has asked {limit} questions today, which is as many as I answer it. Ask again <t:{at}:R>."
)


NO_CAPS = Caps()


class Quota:
    """Counts questions. The count is in memory, so that asking it takes no time, and written behind.

    `person` and `server` are questions a day (UTC), `cooldown` seconds between two of one person; 0 is no
    limit. `caps` are what language models may cost a day. Used from the event loop alone.
    """

    def __init__(
        self,
        store: Store,
        *,
        person: int = 0,
        server: int = 0,
        cooldown: float = 0.0,
        caps: Caps = NO_CAPS,
    ) -> None:
        self._store = store
        self.caps = caps
        self._ledger = Ledger()
        self.person, self.server, self.cooldown = person, server, cooldown
        self._day = ""
        self._of_person: Counter[int] = Counter()
        self._of_server: Counter[int] = Counter()
        self._last: dict[int, float] = {}

    async def load(self) -> None:
        """Read how much was asked today before the last restart."""
        self._turn_day()
        rows = await self._store.rows("SELECT guild, person, number FROM asked WHERE day = ?", self._day)
        for guild, person, number in rows:
            self._of_person[person] += number
            self._of_server[guild] += number
        rows = await self._store.rows("SELECT guild, person, money FROM costs WHERE day = ?", self._day)
        for guild, person, money in rows:
            self._ledger.charge(Usage(cost=money), person, guild)

    def refusal(self, person: int, guild: int) -> str | None:
        """Why this person may not ask now, and when again; None where he may."""
        now = self._store.clock()
        if over := self.day_over(person, guild):
            return over
        free = self._last.get(person, float("-inf")) + self.cooldown
        return TOO_FAST.format(at=int(free) + 1) if now < free else None

    def day_over(self, person: int, guild: int) -> str | None:
        """Why this person may ask no more today; None where he may."""
        self._turn_day()
        tomorrow = int(self._store.clock() // DAY + 1) * int(DAY)
        if self.person and self._of_person[person] >= self.person:
            return DAY_OVER.format(limit=self.person, at=tomorrow)
        if self.server and guild and self._of_server[guild] >= self.server:
            return SERVER_OVER.format(limit=self.server, at=tomorrow)
        return None

    async def count(self, person: int, guild: int) -> None:
        """One more question of this person there."""
        self.add(person, guild)
        await self.note(person, guild)

    def add(self, person: int, guild: int) -> None:
        """The same in memory alone: at once, so that of two questions together the second one finds it."""
        self._turn_day()
        self._of_person[person] += 1
        self._of_server[guild] += 1
        self._last[person] = self._store.clock()

    async def note(self, person: int, guild: int) -> None:
        """What `add` counted, written down."""
        await self._store.write(
            "INSERT INTO asked VALUES (?, ?, ?, 1) ON CONFLICT DO UPDATE SET number = number + 1",
            self._day,
            guild,
            person,
        )

    async def take_back(self, person: int, guild: int) -> None:
        """One question less: it was counted, and nobody had the time to answer it."""
        self._turn_day()
        self._of_person[person] = max(0, self._of_person[person] - 1)
        self._of_server[guild] = max(0, self._of_server[guild] - 1)
        self._last.pop(person, None)
        query = (
            "UPDATE asked SET number = number - 1 WHERE day = ? AND guild = ? AND person = ? AND number > 0"
        )
        await self._store.write(query, self._day, guild, person)

    def over(self, person: int, guild: int) -> Limit | None:
        """Whose money for language models is used up today; None where there is some left."""
        self._turn_day()
        return self._ledger.used_up(self.caps, person, guild)

    def spent(self, limit: Limit, key: int = 0) -> float:
        """What everybody, or that person or server, has cost today, in the currency of the prices."""
        self._turn_day()
        return self._ledger.spent(limit, key)

    async def pay(self, usage: Usage, person: int, guild: int) -> None:
        """Note what an answer cost."""
        self._turn_day()
        self._ledger.charge(usage, person, guild)
        await self._store.write(
            "INSERT INTO costs VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET money = money + excluded.money",
            self._day,
            guild,
            person,
            usage.cost,
        )

    def used(self, person: int, guild: int) -> tuple[int, int]:
        """How many questions this person and this server asked today."""
        self._turn_day()
        return self._of_person[person], self._of_server[guild]

    def _turn_day(self) -> None:
        today = time.strftime("%Y-%m-%d", time.gmtime(self._store.clock()))
        if today != self._day:
            self._day = today
            self._of_person.clear()
            self._of_server.clear()
            self._last.clear()
            self._ledger.turn(today)
