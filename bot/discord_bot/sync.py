"""Telling Discord the commands: by one call, and only when they have changed."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from pathlib import Path
from typing import Any

import discord
from discord import app_commands

from bot.discord_bot.errors import sentence_for_discord
from bot.discord_bot.wire import TROUBLE, describe, twice

log = logging.getLogger(__name__)

FILE = "discord-commands.json"
"""In the data folder: application id -> fingerprint of the commands that Discord was told last."""


OF_COMMANDS = (30032, 30034)
"""Codes whose sentence is about commands; all others speak of messages."""
REFUSED = "Discord refuses them: the token may not be of this application, or a command may be malformed."


async def fingerprint(tree: app_commands.CommandTree[Any]) -> str:
    """A hash of what would be sent."""
    if tree.translator is None:
        payload = [command.to_dict(tree) for command in tree.get_commands()]
    else:
        payload = [await one.get_translated_payload(tree, tree.translator) for one in tree.get_commands()]
    return hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()


async def tell_commands(tree: app_commands.CommandTree[Any], folder: Path, *, force: bool = False) -> bool:
    """Tell Discord the commands if they are not those of the last time; whether it was told.

    Raises what the call to Discord failed with: one of `wire.TROUBLE`.
    """
    application, wanted = str(tree.client.application_id), await fingerprint(tree)
    known = await asyncio.to_thread(_read, folder / FILE)
    if not force and known.get(application) == wanted:
        return False
    await twice(tree.sync)
    await asyncio.to_thread(_write, folder / FILE, {**known, application: wanted})
    log.info("Discord was told %d commands", len(tree.get_commands()))
    return True


async def sync_commands(tree: app_commands.CommandTree[Any], folder: Path, *, force: bool = False) -> bool:
    """The same when the bot starts.

    A failure is logged and no reason not to start: the commands of the last time are still there.
    """
    try:
        return await tell_commands(tree, folder, force=force)
    except TROUBLE as error:
        log.error("Discord was not told the commands. %s", why_not(error))
        return False


def why_not(error: BaseException) -> str:
    """Why Discord was not told, in a sentence for whoever runs the bot."""
    if isinstance(error, discord.HTTPException):
        known = error.code in OF_COMMANDS or error.status >= 500 or error.status == 429
        return f"{sentence_for_discord(error) if known else REFUSED} ({describe(error)})"
    return f"Discord cannot be reached ({describe(error)}). Check the network."


def _read(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write(path: Path, known: dict[str, str]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(known), "utf-8")
    except OSError as error:
        log.warning("%s could not be written (%s): the commands will be sent again", path, error)
