"""/privacy: what is kept of a person, and the wish that nothing be."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from bot.discord_bot.client import FootnoteClient

TEXT = (
    "**What I keep of you**, for {days:g} days at most:\n"
    "- the questions that you asked me and the footnotes of the answers: for the buttons under them, and so "
    "that the people who run this server see what is asked and what stays unanswered, without your name;\n"
    "- your votes and reasons;\n"
    "- how many questions you asked a day, and what the language model cost for them;\n"
    "- the topics you watch, until you stop.\n"
    "What was said last is kept in memory for an hour, so that I understand follow-up questions. It never "
    "leaves the channel or conversation where it was said.\n"
    "**What leaves this machine**: {leaves}\n"
    "**What you can do**: `/my-data` shows what is stored, `/forget-me` erases it. After "
    "`/privacy remember:False` I keep nothing more; answers then have no buttons, and I understand no "
    "follow-ups.\n"
    "I read only messages that call me, and channels whose every message the people here want answered."
)
LEAVES = "your question, what was said before, and passages of papers go to the language model `{model}`."
STAYS = "nothing; answers are quotations, made here."
NOTHING = (
    "From now on I keep nothing of you but how many questions you ask and what they cost. `/forget-me` "
    "erases what I have."
)
AGAIN = "From now on I remember your questions again, as `/privacy` says."


def command(client: FootnoteClient) -> app_commands.Command[Any, ..., None]:
    """The command, bound to `client`."""

    async def chosen(person: int, remember: bool) -> str:
        await client.memory.remember_nothing(person, not remember)
        return AGAIN if remember else NOTHING

    @app_commands.command(name="privacy", description="What I keep of you, and whether I may")
    @app_commands.describe(remember="False: keep nothing of me from now on")
    async def privacy(interaction: discord.Interaction[Any], remember: bool | None = None) -> None:
        if remember is not None:
            await client.told(interaction, chosen(interaction.user.id, remember))
            return
        model = client.footnote.model_name
        leaves = LEAVES.format(model=model) if model else STAYS
        text = TEXT.format(days=client.settings.retention_days, leaves=leaves)
        await client.told(interaction, text)

    return privacy
