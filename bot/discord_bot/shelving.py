"""What `/library add`, `remove`, `mend` and `retry` do and show, and who may use them."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any

import discord

from bot.counting import counted
from bot.discord_bot.interaction_surface import InteractionSurface
from bot.discord_bot.listing import escaped, facts, shorten, shorten_lines, title
from bot.discord_bot.surfaces import Surface
from bot.discord_bot.wire import TROUBLE, describe
from bot.errors import BadFile, sentence_for
from bot.librarian import Added, Given, Librarian, Show
from bot.models import Reply
from bot.rendering import LIMIT
from retrieval.errors import LibraryBusy, RetrievalError, SourceMissing
from retrieval.jobs import Changed, Read
from retrieval.models import Paper
from retrieval.ownership import owner

if TYPE_CHECKING:
    from bot.discord_bot.client import FootnoteClient
    from bot.settings import BotSettings

log = logging.getLogger(__name__)

ROOM = LIMIT - 80  # characters, so that the library can be named below
TITLES = 12  # papers of one file that are named
NOT_HERE = "The library can be changed only in a server that I was added to, and by the people who manage it."
NOT_THIS_SERVER = "The people who run me let the library be changed only in other servers."
NOT_YOU = "Only people with Manage Server, or with a role that the people who run me named, may do that."
NO_LIBRARIAN = "This library cannot be changed from Discord."
NO_PAPER = "The library holds no such paper. Choose one from the list that appears while you type its title."
BUSY = "The library is being changed by {owner} right now. "
LATER = "What you added is kept, and will be read as soon as that is done."
AGAIN = "Please try again when that is done."
NOTHING_FAILED = "No file waits for another try: all were read."
MAIN = "-# In the main library."
NAMED = "-# In the library **{name}**."

Work = Callable[[Librarian, Show], Awaitable[str]]
"""Changes the library and says what came of it."""


def refusal(interaction: discord.Interaction[Any], settings: BotSettings) -> str | None:
    """Why this person may not change the library here; None where he may.

    A server where only he installed the bot for himself is not one that the bot was added to.
    """
    if interaction.guild_id is None or not interaction.is_guild_integration():
        return NOT_HERE
    servers = _ids(settings.library_servers)
    if servers and interaction.guild_id not in servers:
        return NOT_THIS_SERVER
    roles = {role.id for role in getattr(interaction.user, "roles", ())}
    if interaction.permissions.manage_guild or roles & _ids(settings.library_roles):
        return None
    return NOT_YOU


def which(client: FootnoteClient, interaction: discord.Interaction[Any]) -> str:
    """Says which library is meant there; "" where there is but one to choose."""
    if not client.offered(interaction.guild_id or 0):
        return ""
    name = client.chosen(interaction)
    return NAMED.format(name=escaped(name)) if name else MAIN


async def change(
    client: FootnoteClient, interaction: discord.Interaction[Any], work: Work, *, kept: bool = False
) -> None:
    """Do `work` on the library that is asked there, where this person may; show how far it is and what came
    of it.

    `kept` says that nothing has to be given again where the library is busy.
    """
    librarian = client.place(interaction).librarian
    said = refusal(interaction, client.settings) or (None if librarian else NO_LIBRARIAN)
    if said or librarian is None:
        await client.told(interaction, said or NO_LIBRARIAN)
        return
    surface = InteractionSurface(interaction)
    await surface.acknowledge()
    if surface.reachable:
        where = interaction.channel_id or 0
        surface.trace = await client.memory.unfinished.begin(interaction.id, where, token=interaction.token)
        await client.desk.run(surface, _finish(librarian, surface, work, kept, which(client, interaction)))


async def _finish(librarian: Librarian, surface: Surface, work: Work, kept: bool, where: str) -> None:
    try:
        text = await work(librarian, surface.show)
    except SourceMissing:
        text = NO_PAPER
    except LibraryBusy:
        holder = (owner(librarian.data) or "another process").split(" (")[0]
        text = BUSY.format(owner=holder) + (LATER if kept else AGAIN)
    except RetrievalError as error:
        log.warning("The library could not be changed", exc_info=error)
        text = sentence_for(error)
    await surface.finish((Reply("\n".join(filter(None, (text, where)))),))


def given(attachment: discord.Attachment) -> Given:
    """A file that was attached to a command."""

    async def get() -> tuple[str, bytes]:
        try:
            return attachment.filename, await attachment.read()
        except TROUBLE as error:
            log.warning("An attachment could not be had: %s", describe(error))
            raise BadFile("Discord did not hand it over; please try again") from error

    return Given(attachment.filename, attachment.size, get)


def added_text(found: Sequence[Added]) -> str:
    """What became of each file that was given."""
    new = sum(len(one.read.papers) - len(one.read.known) for one in found if one.read and not one.double)
    failed = sum(one.refused is not None or (one.read is not None and bool(one.read.error)) for one in found)
    head = f"**{counted(new, 'paper')}** added."
    if failed:
        head += f" {failed} of {counted(len(found), 'file')} could not be read."
    lines = [head]
    for one in found:
        name = escaped(shorten(one.title, 80))
        if one.refused is not None:
            lines.append(f"- ✗ {name}: {escaped(one.refused)}.")
        elif one.read is not None:
            lines += _read_lines(one.read, name, double=one.double)
    return shorten_lines(lines, ROOM)


def retried_text(found: Sequence[Read]) -> str:
    """What became of the files that had failed."""
    if not found:
        return NOTHING_FAILED
    good = sum(not one.error for one in found)
    lines = [f"**{good}** of {counted(len(found), 'file')} could be read now."]
    for one in found:
        lines += _read_lines(one, escaped(shorten(one.name, 80)), double=False)
    return shorten_lines(lines, ROOM)


def mended_text(changed: Changed) -> str:
    """The paper as it is now."""
    lines = [f"Mended: {title(changed.paper)}", f"-# {facts(changed.paper, all_authors=True)}"]
    lines.append("-# This holds however often its files are read again.")
    return shorten_lines([*lines, *_absent(changed, "It holds once they are there again.")], ROOM)


def removed_text(changed: Changed) -> str:
    """The paper as it was."""
    lines = [f"Removed: {title(changed.paper)}", f"-# {facts(changed.paper)}"]
    lines.append("-# It stays out although its files may be read again. `/library add` brings it back.")
    return shorten_lines([*lines, *_absent(changed, "They may bring it back when they return.")], ROOM)


def _read_lines(one: Read, name: str, *, double: bool) -> list[str]:
    if one.error:
        return [f"- ✗ {name}: {escaped(one.error)}."]
    if not one.papers:
        return [f"- ✗ {name}: it holds no paper."]
    lines = []
    for paper in one.papers[:TITLES]:
        mark = _mark(paper, one, double)
        lines.append(f"- {mark}{title(paper)}{f' ({paper.year})' if paper.year else ''} · {name}")
    if more := len(one.papers) - TITLES:
        lines.append(f"-# … and {counted(more, 'paper')} more from {name}." if more > 0 else "")
    return [*filter(None, lines), *(f"-# {name}: {escaped(shorten(note, 150))}" for note in one.notes[:3])]


def _mark(paper: Paper, one: Read, double: bool) -> str:
    if double:
        return "＝ added before: "
    if paper.id in one.known:
        return "＝ there already, from another file: "
    return "? without a title that I could find: " if paper.title_is_label else "✓ "


def _absent(changed: Changed, then: str) -> list[str]:
    if not changed.absent:
        return []
    names = escaped(shorten(", ".join(changed.absent), 200))
    return [f"-# Not there now: {names}. {then}"]


def _ids(told: str) -> set[int]:
    return {int(part) for part in told.split(",") if part.strip()}
