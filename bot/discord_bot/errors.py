"""What Discord refuses, in a sentence. One table for readers, one for whoever runs the bot."""

from __future__ import annotations

import discord
from discord import app_commands

from bot.errors import UNEXPECTED, sentence_for

FOR_CODES: dict[int, str] = {
    10003: "That channel is gone.",
    10008: "The message that was to hold my answer is gone. Please ask again.",
    10062: "Discord waited too long for me and gave up. Please ask again.",
    20028: "Too much is being written in that channel. Please ask again in a minute.",
    30032: "Discord takes no more commands from this bot.",
    30034: "Discord takes no more new commands from this bot today.",
    30046: "That message is too old to be edited so often.",
    40060: "This command has already been answered.",
    50001: "I have no access to that channel.",
    50006: "I had nothing to send.",
    50007: "I may not write to you directly: your privacy settings do not allow it.",
    50013: "I lack a permission in that channel; I need View Channel, Send Messages and, in threads, "
    "Send Messages in Threads.",
    50027: "Discord takes an answer for 15 minutes only, and those are over. Please ask again.",
    50035: "Discord did not take the form of my answer.",
    50083: "That thread is archived.",
    160002: "I lack the permission Read Message History in that channel.",
    160004: "That message already has a thread.",
    160006: "This server has too many open threads.",
    200000: "The AutoMod of this server does not let my answer through.",
}
"""Discord's error code -> what it means here. Numbers: its documentation, topics/opcodes-and-status-codes."""

_FOR_STATUS = {
    403: "Discord does not allow me to do that here.",
    404: "What I was to answer is gone.",
    429: "Discord asks me to slow down. Please ask again in a minute.",
}
_TROUBLE = "Discord itself has trouble right now. Please ask again in a minute."

CHANGED = "This command has just changed. Please try again in a few minutes, or restart Discord."


def sentence_for_discord(error: discord.HTTPException) -> str:
    """What a person reads when Discord refuses a call."""
    if error.code in FOR_CODES:
        return FOR_CODES[error.code]
    if error.status >= 500:
        return _TROUBLE
    return _FOR_STATUS.get(error.status, UNEXPECTED)


def sentence_for_any(error: BaseException) -> str:
    """What a person reads for whatever went wrong in a command."""
    cause = getattr(error, "original", error)
    if isinstance(cause, (app_commands.CommandNotFound, app_commands.CommandSignatureMismatch)):
        return CHANGED
    if isinstance(cause, discord.HTTPException):
        return sentence_for_discord(cause)
    return sentence_for(cause)
