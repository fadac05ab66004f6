"""An answer as a reply to a message, in a channel, a thread or a direct conversation."""

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
from bot.discord_bot.wire import NO_PINGS, TROUBLE, describe

log = logging.getLogger(__name__)

TYPING_SECONDS = 8.0  # Discord shows the sign for ten
NONCE = 25  # characters
REFUSED_REPLY = 160002  # a reply needs Read Message History, a plain message does not
GONE = 10003  # the channel
TELL_ASKER = {GONE, 50001, 50013, 50083, 20028}  # nothing can be written there, so the asker is told directly


def _needed(channel: object) -> tuple[tuple[str, str], ...]:
    """discord.py's name of each permission, and Discord's."""
    thread = isinstance(channel, discord.Thread)
    send = (
        ("send_messages_in_threads", "Send Messages in Threads")
        if thread
        else ("send_messages", "Send Messages")
    )
    return (("view_channel", "View Channel"), send)


class MessageSurface(Surface):
    """The answer is a reply to a message, in a channel, a thread or a direct conversation."""

    def __init__(
        self,
        question: discord.Message,
        pace: float = SECONDS,
        *,
        thread: discord.Thread | None = None,
        again: MessageSurface | None = None,
    ) -> None:
        """`thread`: answer there. `again`: in the place of the answer on that surface, which has ended."""
        super().__init__(pace)
        self._question = question
        self._channel = thread or question.channel
        self._sent: list[discord.PartialMessage] = again._sent if again else []
        self._tries: int = again._tries + 1 if again else 0
        self._typing: asyncio.Task[None] | None = None
        self._halted = False
        self._reference: discord.MessageReference | None = None
        if thread is None:
            self._reference = question.to_reference(fail_if_not_exists=False)
        if again is not None:
            self._channel, self._reference = again._channel, again._reference

    @property
    def message_ids(self) -> tuple[int, ...]:
        return tuple(message.id for message in self._sent)

    @property
    def channel_id(self) -> int:
        """Where the answer is: the question's channel, or a thread of its own."""
        return self._channel.id

    async def halt(self) -> None:
        """Write no more here: another surface takes up where this one was."""
        self._halted = True
        await self._pace.stop()
        await self._done()

    async def acknowledge(self) -> None:
        """The typing sign, kept up until something is shown."""
        if self._typing is None:
            await self._type_once()
            if not self._halted:
                self._typing = asyncio.create_task(self._keep_typing())

    async def _keep_typing(self) -> None:
        while True:
            await asyncio.sleep(TYPING_SECONDS)
            await self._type_once()

    async def _type_once(self) -> None:
        try:
            await self._channel.typing()
        except TROUBLE as error:
            log.info("The typing sign could not be shown: %s", describe(error))

    async def _done(self) -> None:
        if self._typing is not None:
            self._typing.cancel()
            await asyncio.wait((self._typing,))

    async def _write(
        self, number: int, text: str, view: Any = MISSING, files: Sequence[Enclosed] = ()
    ) -> None:
        if number < len(self._sent):
            # not Message.edit: that sends flags, and so brings link previews back
            more: dict[str, Any] = {} if view is MISSING or not (view or self._tries) else {"view": view}
            if files or (self._tries and view is not MISSING):  # those of an earlier answer go
                more["attachments"] = [one.as_file() for one in files]
            await self._sent[number].edit(content=text, allowed_mentions=NO_PINGS, **more)
            return
        message = await self._send(number, text, view or MISSING, files)
        self._sent.append(discord.PartialMessage(channel=message.channel, id=message.id))
        if self.trace:
            await self.trace.shown(message.channel.id, message.id)
        await self._done()

    async def _shorten(self, number: int) -> None:
        while len(self._sent) > number:
            await self._sent.pop().delete()

    async def _send(self, number: int, text: str, view: Any, files: Sequence[Enclosed]) -> discord.Message:
        """The first message replies to the question; the nonce lets Discord drop a second one of the same."""
        reference = self._reference if number == 0 else None
        try:
            return await self._post(number, text, view, reference, files)
        except discord.HTTPException as error:
            if error.code != REFUSED_REPLY or reference is None:
                raise
            self._reference = None
            return await self._post(number, text, view, None, files)

    async def _post(
        self,
        number: int,
        text: str,
        view: Any,
        reference: discord.MessageReference | None,
        files: Sequence[Enclosed],
    ) -> discord.Message:
        more: dict[str, Any] = {"reference": reference, "mention_author": False} if reference else {}
        if view is not MISSING:
            more["view"] = view
        if files:
            more["files"] = [one.as_file() for one in files]
        return await self._channel.send(
            text,
            nonce=f"{self._question.id}-{number}-{self._tries}"[:NONCE],
            suppress_embeds=True,
            allowed_mentions=NO_PINGS,
            **more,
        )

    def _lacking(self) -> list[str]:
        """The permissions that an answer there needs and the bot has not, as Discord's settings name them."""
        guild, channel = self._question.guild, self._channel
        if guild is None or not isinstance(channel, discord.abc.GuildChannel | discord.Thread):
            return []
        held = channel.permissions_for(guild.me)
        return [name for right, name in _needed(channel) if not getattr(held, right)]

    async def _apologise(self, error: discord.HTTPException) -> None:
        sentence = sentence_for_discord(error)
        if error.code in (50001, 50013) and (lacking := self._lacking()):
            sentence = f"I lack there: {', '.join(lacking)}."
        try:
            if error.code in TELL_ASKER and self._question.guild is not None:
                where = getattr(self._channel, "mention", "that channel")
                await self._question.author.send(
                    f"I cannot answer in {where}. {sentence}", allowed_mentions=NO_PINGS
                )
            elif self._question.guild is not None or self._sent:
                await self._channel.send(sentence, allowed_mentions=NO_PINGS)
        except TROUBLE as second:
            log.info("Nor could the reason be told: %s", describe(second))
