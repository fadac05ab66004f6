"""The slash commands, one file each. A new one is a file and its row here."""

from __future__ import annotations

from bot.discord_bot.commands import ask, paper, search

COMMANDS = (ask.command, search.command, paper.command)
"""Each makes its command for a client."""
