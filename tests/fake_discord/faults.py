"""What goes wrong on purpose, and the rate limits."""

from __future__ import annotations

import re
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(slots=True)
class Fault:
    """The next `times` requests that match go wrong.

    `status` and `body` are answered in place of the real answer. `drop` closes the connection instead. With
    `after`, the request is carried out first: Discord did it, but the bot never hears so.
    """

    method: str
    path: str  # a regular expression, searched in the path without version
    status: int = 503
    code: int = 0
    message: str = ""
    times: int = 1
    drop: bool = False
    after: bool = False
    delay: float = 0.0  # seconds before anything happens
    headers: dict[str, str] = field(default_factory=dict)
    body: Json | None = None
    files: bool = False  # only requests that bring files

    def matches(self, method: str, path: str, body: Any = None) -> bool:
        """Whether this request is to go wrong."""
        brings = isinstance(body, dict) and bool(body.get("_files"))
        meant = self.times > 0 and method == self.method and (brings or not self.files)
        return meant and re.search(self.path, path) is not None


class Window:
    """At most `limit` events in `seconds`, for each key of its own."""

    def __init__(self, limit: int, seconds: float) -> None:
        self.limit, self.seconds = limit, seconds
        self._events: dict[str, deque[float]] = {}

    def take(self, key: str) -> tuple[bool, int, float]:
        """Whether one more fits, how many then still fit, and the seconds until the oldest is forgotten."""
        moment = time.monotonic()
        events = self._events.setdefault(key, deque())
        while events and moment - events[0] >= self.seconds:
            events.popleft()
        fits = len(events) < self.limit
        if fits:
            events.append(moment)
        reset = self.seconds - (moment - events[0]) if events else 0.0
        return fits, self.limit - len(events), reset
