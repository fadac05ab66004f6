"""What has been handled: after a lost connection events come twice, and discord.py passes both on."""

from __future__ import annotations

from collections import OrderedDict

REMEMBERED = 10_000


class Seen:
    """The last ids that came by, the oldest forgotten first."""

    def __init__(self, limit: int = REMEMBERED) -> None:
        self._limit = limit
        self._ids: OrderedDict[int, None] = OrderedDict()

    def first_time(self, number: int) -> bool:
        """Whether this id is new; from now on it is not."""
        if number in self._ids:
            return False
        self._ids[number] = None
        if len(self._ids) > self._limit:
            self._ids.popitem(last=False)
        return True
