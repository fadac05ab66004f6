"""commands: what Discord knows of the bot's slash commands."""

from __future__ import annotations

from typing import Annotated

import typer


def add_to(app: typer.Typer) -> None:
    """Register the commands of this file."""
    group = typer.Typer(no_args_is_help=True, help="The slash commands, as Discord knows them.")
    group.callback()(commands)
    group.command()(sync)
    app.add_typer(group, name="commands")


def commands() -> None:
    """The slash commands, as Discord knows them."""


def sync(
    force: Annotated[
        bool, typer.Option("--force", help="Tell Discord even where nothing has changed.")
    ] = False,
) -> None:
    """Tell Discord the commands that have changed.

    In one call, with DISCORD_TOKEN. `footnote run` does the same when it starts, unless
    DISCORD_SYNC_COMMANDS is false.
    """
    import asyncio

    from bot.cli.session import load_settings
    from bot.discord_bot import tell_commands
    from bot.discord_token import check_token

    settings = load_settings()
    check_token(settings)
    told = asyncio.run(tell_commands(settings, force=force))
    typer.echo("Discord was told the commands." if told else "Discord knows these commands already.")
