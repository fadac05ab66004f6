"""The form of a Discord bot's token, looked at before anything goes over the network."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from bot.errors import SetupError

if TYPE_CHECKING:
    from bot.settings import BotSettings

MISSING = "DISCORD_TOKEN is not set"
MALFORMED = "DISCORD_TOKEN does not look like a bot's token (three parts with dots between)"
COPY = "Copy it from the Bot page of https://discord.com/developers/applications (no client secret)"


def looks_like_token(secret: str) -> bool:
    """Whether this has a bot token's form: the bot's id in base64, a time and a signature, parted by dots."""
    parts = secret.split(".")
    if len(parts) != 3 or not all(parts) or not secret.isascii() or secret.split() != [secret]:
        return False
    try:
        return base64.urlsafe_b64decode(parts[0] + "=" * (-len(parts[0]) % 4)).isdigit()
    except (binascii.Error, ValueError):
        return False


def check_token(settings: BotSettings) -> None:
    """Raises SetupError, without the token in it, where none is set or what is set cannot be one."""
    if settings.discord_token is None:
        raise SetupError(f"{MISSING}. {COPY} into .env; `footnote doctor` checks it.")
    if not looks_like_token(settings.discord_token.get_secret_value()):
        raise SetupError(f"{MALFORMED}. {COPY}.")
