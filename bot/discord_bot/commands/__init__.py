"""The commands, one file each. A new one is a file and its row here."""

from __future__ import annotations

from bot.discord_bot.commands import (
    about_message,
    ask,
    author,
    compare,
    forget_me,
    help,
    insights,
    library,
    my_data,
    paper,
    privacy,
    quote,
    search,
    settings,
    similar,
    trends,
    usage,
    watch,
)

COMMANDS = (
    ask.command,
    search.command,
    paper.command,
    similar.command,
    compare.command,
    author.command,
    quote.command,
    trends.command,
    library.command,
    watch.command,
    help.command,
    usage.command,
    privacy.command,
    my_data.command,
    forget_me.command,
    settings.command,
    insights.command,
    about_message.command,
)
"""Each makes its command for a client."""
