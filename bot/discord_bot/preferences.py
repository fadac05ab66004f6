"""How the bot behaves in a server and in its channels: `/settings` changes it, every message asks for it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from types import MappingProxyType
from typing import Any

from bot.discord_bot.store import Store

EVERYWHERE = 0  # the channel of a choice that holds for the whole server


@dataclass(frozen=True, slots=True)
class Manners:
    """How to behave in one place. The defaults are those of a new server: quiet unless asked."""

    answers: bool = True  # answer messages here at all
    everything: bool = False  # every message is a question, mention or not
    threads: bool = False  # answer in a thread of the question's own
    forum: bool = False  # new posts of a forum are questions
    quotes: bool = False  # answer by quoting, without the language model
    library: str = ""  # the name of the one that is asked there; "": the first


NAMES = tuple(field.name for field in fields(Manners) if field.name != "library")
"""What can be switched on and off."""
Choice = bool | str


class Preferences:
    """The choices of all servers, in memory and in the store. Used from the event loop alone."""

    def __init__(self, store: Store, servers: Mapping[str, Collection[int]] = MappingProxyType({})) -> None:
        """`servers` has the ids of the servers that may choose a library; any other is for all of them."""
        self._store = store
        self._servers = servers
        self._choices: dict[tuple[int, int], dict[str, Choice]] = {}

    async def load(self) -> None:
        """Read what was chosen in earlier lives."""
        for guild, channel, name, value in await self._store.rows("SELECT * FROM choices"):
            if name in (*NAMES, "library"):
                chosen = value if name == "library" else value == "1"
                self._choices.setdefault((guild, channel), {})[name] = chosen

    def of(self, guild: int, *channels: int) -> Manners:
        """What holds in a channel; `channels` from the widest to the narrowest (a forum, then its post)."""
        manners = Manners()
        for channel in (EVERYWHERE, *channels):
            chosen: dict[str, Any] = self._choices.get((guild, channel), {})
            manners = replace(manners, **chosen)
        return manners if self.may_choose(guild, manners.library) else replace(manners, library="")

    def may_choose(self, guild: int, library: str) -> bool:
        """Whether the library of that name was given to this server."""
        return library not in self._servers or guild in self._servers[library]

    async def choose(self, guild: int, channel: int, name: str, value: Choice | None) -> None:
        """Let `value` hold there from now on; None takes the choice back. Raises KeyError for a bad name."""
        if name not in (*NAMES, "library"):
            raise KeyError(name)
        chosen = self._choices.setdefault((guild, channel), {})
        if value is None:
            chosen.pop(name, None)
            await self._store.write(
                "DELETE FROM choices WHERE guild = ? AND channel = ? AND name = ?", guild, channel, name
            )
            return
        chosen[name] = value
        await self._store.write(
            "INSERT OR REPLACE INTO choices VALUES (?, ?, ?, ?)",
            *(guild, channel, name, value if isinstance(value, str) else str(int(value))),
        )
