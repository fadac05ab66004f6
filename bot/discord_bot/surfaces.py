"""Where an answer appears: under a slash command, or as a reply to a message.

Both acknowledge before any work, show the text while it grows, and put the final form there last. Neither
raises when Discord refuses: whoever writes the answer cannot help it. It is logged, and said where possible.
"""

from __future__ import annotations

import asyncio
import logging
import re
from abc import ABC, abstractmethod
from collections.abc import Sequence

import discord

from bot.discord_bot.errors import sentence_for_discord
from bot.discord_bot.pace import SECONDS, Pace
from bot.discord_bot.wire import LOST, NO_PINGS, TROUBLE, describe, twice
from bot.errors import UNEXPECTED
from bot.models import Reply

log = logging.getLogger(__name__)

LIMIT = 2000  # characters of a message
TYPING_SECONDS = 8.0  # Discord shows the sign for ten
ACK_SECONDS = 3.0  # an interaction that is not acknowledged by then is lost
INTERRUPTED = "-# Interrupted: I was restarted while I wrote this. Please ask again."
REFUSED_REPLY = 160002  # a reply needs Read Message History, a plain message does not
ACKNOWLEDGED = 40060
TELL_ASKER = {50001, 50013, 50083, 20028}  # nothing can be written there, so the asker is told directly

_MASKED_LINK = re.compile(r"!?\[([^\]\n]*)\]\(\s*<?https?://[^)\n]*\)")
_BARE_LINK = re.compile(r"(?<![<(])\bhttps?://[^\s<>)\]]+")


def growing(text: str) -> str:
    """The text so far as one message can show it: cut with a sign, no fence left open, no link preview."""
    text = _MASKED_LINK.sub(r"\1", text)
    text = _BARE_LINK.sub(lambda found: f"<{found[0]}>", text.strip())
    if len(text) > LIMIT - 10:
        text = text[: LIMIT - 10].rsplit(" ", 1)[0] + " …"
    return text + "\n```" if text.count("```") % 2 else text


class Surface(ABC):
    """What both have in common: `acknowledge` first, `show` as often as one likes, `finish` once."""

    def __init__(self, pace: float = SECONDS) -> None:
        self._pace = Pace(self._show_quietly, pace)
        self._so_far = ""

    @abstractmethod
    async def acknowledge(self) -> None:
        """Tell the asker that the question has arrived. May be called again."""

    @property
    @abstractmethod
    def message_ids(self) -> tuple[int, ...]:
        """The ids of the messages that hold the answer; () where only the asker sees them."""

    @abstractmethod
    async def _write(self, number: int, text: str) -> None:
        """Make message `number` of the answer, from 0, hold `text`, whether or not it is there yet."""

    @abstractmethod
    async def _apologise(self, error: discord.HTTPException) -> None:
        """Say in another way why the answer cannot be there."""

    @abstractmethod
    async def _done(self) -> None:
        """Take away the sign that something is coming."""

    async def show(self, text: str) -> None:
        """The text so far. Returns at once: it is shown when it is time."""
        self._so_far = text
        if text.strip():
            self._pace.offer(text)

    async def finish(self, replies: Sequence[Reply]) -> None:
        """The final form, one message a reply."""
        await self._pace.stop()
        try:
            for number, reply in enumerate(replies or (Reply(UNEXPECTED),)):
                await twice(lambda n=number, text=reply.text: self._write(n, text))  # type: ignore[misc]
        except discord.HTTPException as error:
            log.warning("An answer could not be delivered: %s", describe(error))
            await self._apologise(error)
        except LOST as error:
            log.warning("An answer could not be delivered: %s", describe(error))
        finally:
            await self._done()

    async def interrupt(self) -> None:
        """The bot stops: keep what is there and say that it is not the whole."""
        shown = growing(self._so_far)[: LIMIT - len(INTERRUPTED) - 2]
        await self.finish((Reply(f"{shown}\n\n{INTERRUPTED}".strip()),))

    async def _show_quietly(self, text: str) -> None:
        try:
            await self._write(0, growing(text))
        except TROUBLE as error:
            log.info("A part of a growing answer could not be shown: %s", describe(error))


class MessageSurface(Surface):
    """The answer is a reply to a message, in a channel, a thread or a direct conversation."""

    def __init__(self, question: discord.Message, pace: float = SECONDS) -> None:
        super().__init__(pace)
        self._question = question
        self._channel = question.channel
        self._sent: list[discord.PartialMessage] = []
        self._typing: asyncio.Task[None] | None = None
        self._reference: discord.MessageReference | None = question.to_reference(fail_if_not_exists=False)

    @property
    def message_ids(self) -> tuple[int, ...]:
        return tuple(message.id for message in self._sent)

    async def acknowledge(self) -> None:
        """The typing sign, kept up until something is shown."""
        if self._typing is None:
            await self._type_once()
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

    async def _write(self, number: int, text: str) -> None:
        if number < len(self._sent):
            # not Message.edit: that sends flags, and so brings link previews back
            await self._sent[number].edit(content=text, allowed_mentions=NO_PINGS)
            return
        message = await self._send(number, text)
        self._sent.append(discord.PartialMessage(channel=message.channel, id=message.id))
        await self._done()

    async def _send(self, number: int, text: str) -> discord.Message:
        """The first message replies to the question; the nonce lets Discord drop a second one of the same."""
        reference = self._reference if number == 0 else None
        try:
            return await self._post(number, text, reference)
        except discord.HTTPException as error:
            if error.code != REFUSED_REPLY or reference is None:
                raise
            self._reference = None
            return await self._post(number, text, None)

    async def _post(
        self, number: int, text: str, reference: discord.MessageReference | None
    ) -> discord.Message:
        nonce = f"{self._question.id}-{number}"
        if reference is None:
            return await self._channel.send(
                text,
                nonce=nonce,
                suppress_embeds=True,
                allowed_mentions=NO_PINGS,
            )
        return await self._channel.send(
            text,
            nonce=nonce,
            suppress_embeds=True,
            allowed_mentions=NO_PINGS,
            reference=reference,
            mention_author=False,
        )

    async def _apologise(self, error: discord.HTTPException) -> None:
        sentence = sentence_for_discord(error)
        try:
            if error.code in TELL_ASKER and self._question.guild is not None:
                where = getattr(self._channel, "mention", "that channel")
                await self._question.author.send(
                    f"I cannot answer in {where}. {sentence}", allowed_mentions=NO_PINGS
                )
            elif error.code not in (10003, *TELL_ASKER):
                await self._channel.send(sentence, allowed_mentions=NO_PINGS)
        except TROUBLE as second:
            log.info("Nor could the reason be told: %s", describe(second))


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

    async def _write(self, number: int, text: str) -> None:
        if not self._acknowledged:
            return
        if number == 0:
            shown = await self._interaction.edit_original_response(content=text, allowed_mentions=NO_PINGS)
            self._original = shown.id
        elif number <= len(self._sent):
            await self._sent[number - 1].edit(content=text, allowed_mentions=NO_PINGS)
        else:
            self._sent.append(
                await self._interaction.followup.send(
                    text, wait=True, ephemeral=self._private, suppress_embeds=True, allowed_mentions=NO_PINGS
                )
            )

    async def _done(self) -> None:
        return  # "… is thinking" goes by itself

    async def _apologise(self, error: discord.HTTPException) -> None:
        if error.code in (10008, 10015, 10062, 50027):
            return  # there is nothing left to write to
        try:
            await self._write(0, sentence_for_discord(error))
        except TROUBLE as second:
            log.info("Nor could the reason be told: %s", describe(second))
