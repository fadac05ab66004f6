"""Calls to Discord that survive a hiccup: what discord.py does not try again, tried once more."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

import aiohttp
import discord

log = logging.getLogger(__name__)
T = TypeVar("T")

PAUSE = 0.5  # seconds before the second try
NO_PINGS = discord.AllowedMentions.none()

LOST = (aiohttp.ClientError, OSError)
"""The connection broke: nobody knows whether Discord did it."""
TROUBLE = (discord.HTTPException, *LOST)
"""Everything that a call to Discord ends in when it fails."""


async def twice(call: Callable[[], Awaitable[T]]) -> T:
    """`call`, and once more if the connection broke or Discord answered 503.

    discord.py itself tries again after 429, 500, 502 and 504 only. Whoever creates something passes a nonce,
    so that the second try cannot make a second one.
    """
    try:
        return await call()
    except discord.DiscordServerError as error:
        if error.status != 503:
            raise
        log.warning("Discord answered 503; trying once more")
    except LOST as error:
        log.warning("The connection to Discord broke (%s); trying once more", type(error).__name__)
    await asyncio.sleep(PAUSE)
    return await call()


def describe(error: BaseException) -> str:
    """An error for the log: kind, status and code, or what the system says; never the text of a message."""
    if isinstance(error, discord.HTTPException):
        return f"{type(error).__name__}, status {error.status}, code {error.code}"
    if isinstance(error, OSError) and error.strerror:
        return f"{type(error).__name__}: {error.strerror}"
    return type(error).__name__
