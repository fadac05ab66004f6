"""What the asker alone is told: that he may not ask now; that something failed, traced back in the log."""

from __future__ import annotations

import logging
from types import TracebackType
from typing import Any

import discord

from bot.discord_bot.errors import sentence_for_any
from bot.discord_bot.wire import NO_PINGS, TROUBLE, describe

log = logging.getLogger(__name__)

NOT_NOW = "⏳"


async def tell(interaction: discord.Interaction[Any], sentence: str) -> None:
    """Say `sentence` to the asker alone, as the first answer or a further one."""
    try:
        if interaction.response.is_done():
            await interaction.followup.send(sentence, ephemeral=True, allowed_mentions=NO_PINGS)
        else:
            await interaction.response.send_message(sentence, ephemeral=True, allowed_mentions=NO_PINGS)
    except TROUBLE as error:
        log.info("A sentence could not be told: %s", describe(error))


async def refuse(message: discord.Message, sentence: str) -> None:
    """Say directly why a message is not answered; to who takes no direct messages, by a sign under it."""
    try:
        await message.author.send(sentence, allowed_mentions=NO_PINGS)
        return
    except TROUBLE as error:
        log.info("A refusal could not be told: %s", describe(error))
    try:
        await message.add_reaction(NOT_NOW)
    except TROUBLE as error:
        log.info("Nor could it be shown: %s", describe(error))


async def report(interaction: discord.Interaction[Any], error: BaseException, what: str) -> None:
    """Log `error` with its traceback, and tell the asker, and the asker alone, a sentence."""
    log.error("%s failed", what, exc_info=error)
    await tell(interaction, sentence_for_any(error))


class Polite:
    """A block in which an error is reported and goes no further."""

    def __init__(self, interaction: discord.Interaction[Any], what: str) -> None:
        self._interaction, self._what = interaction, what

    async def __aenter__(self) -> None:
        return

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if not isinstance(error, Exception):
            return False
        await report(self._interaction, error, self._what)
        return True
