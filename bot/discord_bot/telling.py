"""`footnote commands sync`: Discord is told the commands by somebody who does not run the bot."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import discord

from bot.discord_bot.client import FootnoteClient
from bot.discord_bot.commands import COMMANDS
from bot.discord_bot.run import NO_TOKEN, WRONG_TOKEN, aim
from bot.discord_bot.seen import Seen
from bot.discord_bot.sync import tell_commands, why_not
from bot.discord_bot.translation import Translator
from bot.discord_bot.tree import FootnoteTree
from bot.discord_bot.wire import TROUBLE
from bot.errors import SetupError

if TYPE_CHECKING:
    from bot.settings import BotSettings


async def tell(settings: BotSettings, *, force: bool = False) -> bool:
    """See bot.discord_bot.tell_commands. No gateway is connected to, and no library opened."""
    if settings.discord_token is None:
        raise SetupError(NO_TOKEN)
    aim(settings)
    async with discord.Client(intents=discord.Intents.none()) as client:
        tree = FootnoteTree(client, Seen())
        await tree.set_translator(Translator())
        for make in COMMANDS:
            # making a command only binds it: nothing is asked of the client before somebody uses it
            tree.add_command(make(cast(FootnoteClient, client)))
        try:
            await client.login(settings.discord_token.get_secret_value())
            return await tell_commands(tree, settings.data, force=force)
        except discord.LoginFailure as error:
            raise SetupError(WRONG_TOKEN) from error
        except TROUBLE as error:
            raise SetupError(f"Discord was not told the commands. {why_not(error)}") from error
