"""run and doctor: the Discord bot, and whether everything it needs is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import output
from bot.cli.guard import FAILED
from bot.cli.logs import set_up_logging
from bot.cli.options import AsJson

if TYPE_CHECKING:
    from bot.doctor.finding import Finding

MARKS = {"ok": "ok     ", "problem": "PROBLEM", "not set": "not set"}
STYLES = {"ok": "green", "problem": "bold red", "not set": "yellow"}


def add_to(app: typer.Typer) -> None:
    """Register the commands of this file."""
    app.command()(run)
    app.command()(doctor)


def run(
    ctx: typer.Context,
    sync_commands: Annotated[
        bool,
        typer.Option(
            "--sync-commands", help="Tell Discord the slash commands even where they have not changed."
        ),
    ] = False,
) -> None:
    """Run the Discord bot until it is stopped (SIGTERM or Ctrl-C). Needs DISCORD_TOKEN."""
    import asyncio

    from bot.cli.session import load_settings
    from bot.discord_token import check_token

    settings = load_settings()
    check_token(settings)
    set_up_logging(ctx.find_root().params.get("verbose", 0), service=True)

    async def serve() -> None:
        from bot.build import build
        from bot.discord_bot import run_bot
        from bot.librarian import open_librarians

        async with open_librarians(settings) as librarians, build(settings) as footnote:
            await run_bot(settings, footnote.kept_by(librarians), sync_commands=sync_commands)

    asyncio.run(serve())


def doctor(as_json: AsJson = False) -> None:
    """Check what Footnote needs, and say what to do about each.

    Settings, data folder, index, embedder, model and Discord token are looked at one by one. The model gets
    one tiny request, and Discord is asked who the bot is. The exit status is 1 for a problem.
    """
    import asyncio

    if asyncio.run(_examine(as_json)):
        raise typer.Exit(FAILED)


async def _examine(as_json: bool) -> int:
    """Show each finding as it comes. Returns the number of problems."""
    from bot.cli.session import load_settings
    from bot.doctor import examine
    from bot.doctor.finding import Finding
    from bot.errors import SetupError

    try:
        settings = load_settings()
    except SetupError as error:
        _show(Finding("settings", "problem", "cannot be read", str(error)), as_json)
        return 1
    problems = 0
    async for finding in examine(settings):
        problems += finding.state == "problem"
        _show(finding, as_json)
    return problems


def _show(finding: Finding, as_json: bool) -> None:
    if as_json:
        output.print_json(finding)
        return
    from rich.text import Text

    out = output.console()
    line = Text.assemble(
        (MARKS[finding.state], STYLES[finding.state]), f"  {finding.check}: {finding.message}"
    )
    out.print(line, soft_wrap=True)
    if finding.advice:
        out.print(Text(f"         {finding.advice}"), soft_wrap=True)
