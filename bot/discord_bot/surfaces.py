"""Where an answer appears: what the surfaces of commands and of messages have in common.

Both acknowledge before any work, show the text while it grows, and put the final form there last. Neither
raises when Discord refuses: whoever writes the answer cannot help it. It is logged, and said where possible.
"""

from __future__ import annotations

import io
import logging
import re
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import discord
from discord.utils import MISSING

from bot.discord_bot.formulas import readable_formulas
from bot.discord_bot.pace import SECONDS, Pace
from bot.discord_bot.wire import LOST, TROUBLE, describe, twice
from bot.errors import UNEXPECTED
from bot.models import Answer, Reply
from bot.rendering import LIMIT

log = logging.getLogger(__name__)

NO_FILE = "Discord did not take the file {names}."
INTERRUPTED = "-# Interrupted: I was restarted while I wrote this. Please ask again."


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file that goes with an answer. `words` say what a picture shows, for who does not see it."""

    name: str
    data: bytes
    words: str = ""  # at most 1,024 characters

    def as_file(self) -> discord.File:
        """For one try: discord.py reads a file once."""
        return discord.File(io.BytesIO(self.data), self.name, description=self.words or None)


Controls = Callable[[Answer], Awaitable[discord.ui.View | None]]
"""Makes the buttons under an answer, and keeps what they will need."""
Pictures = Callable[[Answer], Awaitable[tuple[Enclosed, ...]]]
"""Draws what an answer shows as pictures."""

_MASKED_LINK = re.compile(r"!?\[([^\]\n]*)\]\(\s*<?https?://[^)\n]*\)")
_BARE_LINK = re.compile(r"(?<![<(])\bhttps?://[^\s<>)\]]+")


def growing(text: str, limit: int = LIMIT) -> str:
    """The text so far as one message can show it: cut with a sign, no fence left open, no link preview."""
    text = _MASKED_LINK.sub(r"\1", readable_formulas(text))
    text = _BARE_LINK.sub(lambda found: f"<{found[0]}>", text.strip())
    if len(text) > limit - 10:
        text = text[: limit - 10].rsplit(" ", 1)[0] + " …"
    return text + "\n```" if text.count("```") % 2 else text


def cut_off(text: str) -> str:
    """The text so far, and that it is not the whole."""
    shown = growing(text, LIMIT - len(INTERRUPTED) - 2)
    return f"{shown}\n\n{INTERRUPTED}".strip()


class Noted(Protocol):
    """What keeps in mind, beyond the end of the process, that an answer is being written."""

    async def shown(self, channel: int, message: int) -> None:
        """A part of it stands in this message."""

    async def done(self) -> None:
        """Nothing is left to do for it."""


class Surface(ABC):
    """What both have in common: `acknowledge` first, `show` as often as one likes, `finish` once."""

    def __init__(self, pace: float = SECONDS) -> None:
        self._pace = Pace(self._show_quietly, pace)
        self._so_far = ""
        self.answer: Answer | None = None  # what `finish` shows, where it is an answer and no sentence
        self.controls: Controls | None = None
        self.view: discord.ui.View | None = None  # buttons under what is no answer
        self.files: tuple[Enclosed, ...] = ()  # they go with the last message
        self.pictures: Pictures | None = None
        self.trace: Noted | None = None
        self.head = ""  # stands above the text while it grows

    @abstractmethod
    async def acknowledge(self) -> None:
        """Tell the asker that the question has arrived. May be called again."""

    @property
    @abstractmethod
    def message_ids(self) -> tuple[int, ...]:
        """The ids of the messages that hold the answer; () where only the asker sees them."""

    @abstractmethod
    async def _write(
        self, number: int, text: str, view: Any = MISSING, files: Sequence[Enclosed] = ()
    ) -> None:
        """Make message `number` of the answer, from 0, hold `text`, whether or not it is there yet.

        `view` are the buttons under it: None takes them away, MISSING leaves them as they are.
        """

    async def _shorten(self, number: int) -> None:
        """Take away what an earlier answer left behind its first `number` messages."""
        return

    @abstractmethod
    async def _apologise(self, error: discord.HTTPException) -> None:
        """Say in another way why the answer cannot be there."""

    @abstractmethod
    async def _done(self) -> None:
        """Take away the sign that something is coming."""

    async def show(self, text: str) -> None:
        """The text so far. Returns at once: it is shown when it is time."""
        self._so_far = self.head + text
        if text.strip():
            self._pace.offer(self._so_far)

    async def finish(self, replies: Sequence[Reply]) -> None:
        """The final form, one message a reply."""
        await self._pace.stop()
        if await self._finished(replies) and self.trace:
            await self.trace.done()

    async def _finished(self, replies: Sequence[Reply]) -> bool:
        """Whether that is done, be it with a refusal; False where the connection to Discord is lost."""
        try:
            texts = [reply.text for reply in replies or (Reply(UNEXPECTED),)]
            buttons = await self.controls(self.answer) if self.controls and self.answer else self.view
            if self.pictures and self.answer:
                self.files = await self.pictures(self.answer)
            last = len(texts) - 1
            for number, text in enumerate(texts[:last]):
                await twice(lambda n=number, t=text: self._write(n, t, None))  # type: ignore[misc]
            await self._write_last(last, texts[last], buttons)
            await self._shorten(len(texts))
        except discord.HTTPException as error:
            log.warning("An answer could not be delivered: %s", describe(error))
            await self._apologise(error)
        except LOST as error:
            log.warning("An answer could not be delivered: %s", describe(error))
            return False
        finally:
            await self._done()
        return True

    async def _write_last(self, number: int, text: str, view: Any) -> None:
        """With buttons and files; without the files where Discord takes those not.

        Of pictures the text says the same; other files are said to be missing.
        """
        try:
            await twice(lambda: self._write(number, text, view, self.files))
        except discord.HTTPException as error:
            if not self.files or error.status not in (400, 403, 413):
                raise
            log.warning("An answer goes without its files: %s", describe(error))
            if missing := [one.name for one in self.files if not one.words]:
                text = f"{text}\n{NO_FILE.format(names=', '.join(missing))}"
            await twice(lambda: self._write(number, text[:LIMIT], view))

    async def withdraw(self) -> None:
        """Nobody wants the answer any more: take away what is there of it."""
        await self._pace.stop()
        await self._done()
        try:
            await self._shorten(0)
        except TROUBLE as error:
            log.info("An unwanted answer could not be taken away: %s", describe(error))
        if self.trace:
            await self.trace.done()

    async def interrupt(self) -> None:
        """The bot stops: keep what is there and say that it is not the whole."""
        self.answer = None
        await self.finish((Reply(cut_off(self._so_far)),))

    async def _show_quietly(self, text: str) -> None:
        try:
            await self._write(0, growing(text))
        except TROUBLE as error:
            log.info("A part of a growing answer could not be shown: %s", describe(error))
