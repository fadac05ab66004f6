"""Footnote on Discord. discord.py is imported in this folder only, and not before the bot runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.build import Footnote
    from bot.settings import BotSettings


async def run_bot(settings: BotSettings, footnote: Footnote, *, sync_commands: bool = False) -> None:
    """Answer on Discord until SIGTERM or SIGINT, then finish or mark what is being written and return.

    `sync_commands` sends the commands to Discord even where they have not changed.
    Raises SetupError when the token or the intents are wrong.
    """
    from bot.discord_bot.run import run

    await run(settings, footnote, sync_commands=sync_commands)


async def tell_commands(settings: BotSettings, *, force: bool = False) -> bool:
    """Tell Discord the commands where they have changed (with `force` in any case), without running the bot.

    Returns whether Discord was told. Raises SetupError when it does not take the token or the commands.
    """
    from bot.discord_bot.telling import tell

    return await tell(settings, force=force)
