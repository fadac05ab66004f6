"""An answer as the response to a slash command, a button or a form."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

import discord
from discord.utils import MISSING

from bot.discord_bot.errors import sentence_for_discord
from bot.discord_bot.pace import SECONDS
from bot.discord_bot.surfaces import Enclosed, Surface
from bot.discord_bot.wire import NO_PINGS, TROUBLE, describe, twice
from bot.models import Reply
from bot.rendering import LIMIT

log = logging.getLogger(__name__)

ACK_SECONDS = 3.0  # an interaction that is not acknowledged by then is lost
ACKNOWLEDGED = 40060
GONE = 10008  # the message that was to hold the answer
OVER = (10015, 10062, 50027)  # nothing can be written any more in answer to this command
MOST_ELSEWHERE = 6  # messages that a command may be answered with where only the asker installed the bot
NO_ROOM = "\n-# Discord lets me show no more of it here."
LATE = "-# Discord takes an answer to a command for 15 minutes only. This one took longer:\n"


def elsewhere(interaction: discord.Interaction[Any]) -> bool:
    """Whether only the asker installed the bot, and this is neither its server nor a talk with it."""
    at_home = interaction.is_guild_integration() or interaction.context.dm_channel
    return interaction.is_user_integration() and not at_home


class InteractionSurface(Surface):
    """The answer is the response to a slash command; `private` shows it to the asker alone."""

    def __init__(
        self, interaction: discord.Interaction, *, private: bool = False, pace: float = SECONDS
    ) -> None:
        super().__init__(pace)
        self._interaction = interaction
        self._private = private
        self._acknowledged = False
        self._original: int | None = None
        self._first = ""  # what the first message holds
        self._replies: Sequence[Reply] = ()
        self._sent: list[discord.WebhookMessage] = []

    @property
    def reachable(self) -> bool:
        """Whether Discord took the acknowledgement: without it nothing can be shown."""
        return self._acknowledged

    @property
    def message_ids(self) -> tuple[int, ...]:
        if self._private or self._original is None:
            return ()
        return (self._original, *(message.id for message in self._sent))

    async def acknowledge(self) -> None:
        """ "… is thinking", within the three seconds that Discord gives."""
        if self._acknowledged:
            return
        defer = self._interaction.response.defer
        try:
            async with asyncio.timeout(ACK_SECONDS):
                await twice(lambda: defer(ephemeral=self._private, thinking=True))
            self._acknowledged = True
        except TROUBLE as error:
            # a first try that reached Discord although we heard nothing makes the second one be refused
            self._acknowledged = isinstance(error, discord.HTTPException) and error.code == ACKNOWLEDGED
            if not self._acknowledged:
                log.warning("A command could not be acknowledged: %s", describe(error))

    async def finish(self, replies: Sequence[Reply]) -> None:
        """The final form; its end is cut off, and said to be, where Discord does not take all of it."""
        if len(replies) > MOST_ELSEWHERE and elsewhere(self._interaction):
            *whole, last = replies[:MOST_ELSEWHERE]
            replies = (*whole, Reply(last.text[: LIMIT - len(NO_ROOM)] + NO_ROOM))
        self._replies = replies
        await super().finish(replies)

    async def _write(
        self, number: int, text: str, view: Any = MISSING, files: Sequence[Enclosed] = ()
    ) -> None:
        if not self._acknowledged:
            return
        more: dict[str, Any] = {"view": view} if view is not MISSING and view is not None else {}
        new = number > len(self._sent)  # the first one, 0, is there since the acknowledgement
        if files:
            more["files" if new else "attachments"] = [one.as_file() for one in files]
        if number == 0:
            shown = await self._interaction.edit_original_response(
                content=text, allowed_mentions=NO_PINGS, **more
            )
            self._first = text
            await self._note(shown.id)
            self._original = shown.id
        elif not new:
            await self._sent[number - 1].edit(content=text, allowed_mentions=NO_PINGS, **more)
        else:
            sent = await self._interaction.followup.send(
                text,
                wait=True,
                ephemeral=self._private,
                suppress_embeds=True,
                allowed_mentions=NO_PINGS,
                **more,
            )
            self._sent.append(sent)
            await self._note(sent.id)

    async def _note(self, message: int) -> None:
        if self.trace and message != self._original:
            await self.trace.shown(self._interaction.channel_id or 0, message)

    async def _done(self) -> None:
        return  # "… is thinking" goes by itself

    async def _apologise(self, error: discord.HTTPException) -> None:
        """In the place of the answer, or beside what is there of it, for the asker alone."""
        if not self._acknowledged:
            return
        if error.code in OVER:
            await self._tell_late()
            return
        sentence = sentence_for_discord(error)
        ways = (self._tell_instead, self._tell_beside)
        for tell in reversed(ways) if self._first or error.code == GONE else ways:
            try:
                await tell(sentence)
                return
            except TROUBLE as second:
                log.info("Nor could the reason be told: %s", describe(second))

    async def _tell_late(self) -> None:
        """Directly, for that is always as private as the command was."""
        head = LATE
        try:
            for reply in self._replies:
                text = f"{head}{reply.text}"[:LIMIT]
                await self._interaction.user.send(text, suppress_embeds=True, allowed_mentions=NO_PINGS)
                head = ""
        except TROUBLE as error:
            log.info("An answer that came too late could not be sent directly: %s", describe(error))

    async def _tell_instead(self, sentence: str) -> None:
        there = f"{self._first[: LIMIT - len(sentence) - 5]}\n\n-# " if self._first else ""
        await self._write(0, f"{there}{sentence}")

    async def _tell_beside(self, sentence: str) -> None:
        await self._interaction.followup.send(sentence, ephemeral=True, allowed_mentions=NO_PINGS)
