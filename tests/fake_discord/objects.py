"""What Discord sends, as small as discord.py takes it. Snowflakes are strings, as on the wire."""

from __future__ import annotations

import itertools
import time
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]

TOKEN = "MTAwMDAwMDAwMDAwMDAwMDAwMQ.fake.token"  # the bot's id in base64, a time, a signature
BOT_ID = "1000000000000000001"
APPLICATION_ID = "1000000000000000002"
BOT_ROLE = "1000000000000000003"
GUILD = "2000000000000000000"
CHANNEL = "2000000000000000001"
OTHER_CHANNEL = "2000000000000000002"
THREAD = "2000000000000000003"
FORUM = "2000000000000000004"
ADA = "3000000000000000001"
BEN = "3000000000000000002"
OTHER_BOT = "3000000000000000009"

ELSEWHERE = "2000000000000000008"  # a server that the bot is not in, and its channel
ELSEWHERE_CHANNEL = "2000000000000000009"

ALL_PERMISSIONS = str((1 << 53) - 1)
MANAGE_SERVER = 1 << 5
ORDINARY = str(((1 << 53) - 1) & ~MANAGE_SERVER & ~(1 << 3))
"""The permissions of everyone but Ada, who runs the server."""
DISCORD_EPOCH = 1_420_070_400_000

_counter = itertools.count(1)


def snowflake() -> str:
    """A new id: its time in the upper bits, as Discord makes them."""
    return str(((int(time.time() * 1000) - DISCORD_EPOCH) << 22) | (next(_counter) & 0x3FFFFF))


def now() -> str:
    """The time as Discord writes it."""
    return datetime.now(UTC).isoformat()


def user(user_id: str, name: str, *, bot: bool = False) -> Json:
    """A user."""
    return {
        "id": user_id,
        "username": name,
        "global_name": name.title(),
        "discriminator": "0",
        "avatar": None,
        "bot": bot,
        "public_flags": 0,
    }


def member(of: Json, *, roles: list[str] | None = None) -> Json:
    """The same user as the member of a guild."""
    return {
        "user": of,
        "nick": None,
        "avatar": None,
        "roles": roles or [],
        "joined_at": "2024-01-01T00:00:00+00:00",
        "deaf": False,
        "mute": False,
        "flags": 0,
        "permissions": ALL_PERMISSIONS,
    }


def role(role_id: str, name: str, *, of_bot: str | None = None) -> Json:
    """A role; a bot's own role is managed and carries its id."""
    return {
        "id": role_id,
        "name": name,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "position": 0,
        "permissions": ALL_PERMISSIONS,
        "managed": of_bot is not None,
        "mentionable": True,
        "flags": 0,
        **({"tags": {"bot_id": of_bot}} if of_bot else {}),
    }


def text_channel(channel_id: str, name: str, guild_id: str) -> Json:
    """A text channel of a guild."""
    return {
        "id": channel_id,
        "type": 0,
        "guild_id": guild_id,
        "name": name,
        "position": 0,
        "permission_overwrites": [],
        "parent_id": None,
        "topic": None,
        "nsfw": False,
        "last_message_id": None,
        "rate_limit_per_user": 0,
    }


def forum_channel(channel_id: str, name: str, guild_id: str) -> Json:
    """A forum, whose posts are threads."""
    return {**text_channel(channel_id, name, guild_id), "type": 15, "available_tags": []}


def thread_channel(thread_id: str, name: str, parent_id: str, guild_id: str, owner_id: str) -> Json:
    """A public thread of a text channel."""
    return {
        "id": thread_id,
        "type": 11,
        "guild_id": guild_id,
        "parent_id": parent_id,
        "owner_id": owner_id,
        "name": name,
        "last_message_id": None,
        "rate_limit_per_user": 0,
        "message_count": 0,
        "member_count": 1,
        "thread_metadata": {
            "archived": False,
            "auto_archive_duration": 1440,
            "archive_timestamp": now(),
            "locked": False,
        },
    }


def dm_channel(channel_id: str, recipient: Json) -> Json:
    """A direct conversation with `recipient`."""
    return {"id": channel_id, "type": 1, "last_message_id": None, "recipients": [recipient]}


def guild(guild_id: str, name: str, channels: list[Json], threads: list[Json], bot: Json) -> Json:
    """A guild as GUILD_CREATE brings it."""
    return {
        "id": guild_id,
        "name": name,
        "owner_id": ADA,
        "unavailable": False,
        "member_count": 3,
        "large": False,
        "joined_at": "2024-01-01T00:00:00+00:00",
        "roles": [role(guild_id, "@everyone"), role(BOT_ROLE, "Footnote", of_bot=bot["id"])],
        "channels": channels,
        "threads": threads,
        "members": [member(bot, roles=[BOT_ROLE])],
        "emojis": [],
        "stickers": [],
        "features": [],
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
        "preferred_locale": "en-US",
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "premium_tier": 0,
        "system_channel_flags": 0,
        "afk_timeout": 300,
    }


def message(channel: Json, author: Json, content: str, **more: Any) -> Json:
    """A message; `more` adds to it or takes the place of a key."""
    return {
        "id": snowflake(),
        "type": 0,
        "channel_id": channel["id"],
        "author": author,
        "content": content,
        "timestamp": now(),
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "components": [],
        "pinned": False,
        "flags": 0,
        **more,
    }


def application() -> Json:
    """The bot's application, as /oauth2/applications/@me shows it."""
    return {
        "id": APPLICATION_ID,
        "name": "Footnote",
        "icon": None,
        "description": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "owner": user(ADA, "ada"),
        "team": None,
        "flags": 0,
        "approximate_guild_count": 1,
    }


def interaction(kind: int, channel: Json, asker: Json, data: Json, **more: Any) -> Json:
    """An interaction of `kind` (2 command, 3 component, 4 autocomplete, 5 modal) by `asker` in `channel`.

    Elsewhere than in the bot's own server, the asker has installed it for himself.
    """
    in_guild = "guild_id" in channel
    elsewhere = in_guild and channel["guild_id"] == ELSEWHERE
    owners = {"1": asker["id"]} if elsewhere else {"0": channel.get("guild_id", "0")}
    if not in_guild:
        owners["1"] = asker["id"]
    rights = ALL_PERMISSIONS if asker["id"] == ADA else ORDINARY
    who: Json = {"member": {**member(asker), "permissions": rights}} if in_guild else {"user": asker}
    where: Json = {"guild_id": channel["guild_id"], "guild_locale": "en-US"} if in_guild else {}
    return {
        "id": snowflake(),
        "application_id": APPLICATION_ID,
        "type": kind,
        "token": f"interaction-token-{snowflake()}",
        "version": 1,
        "data": data,
        "channel_id": channel["id"],
        "channel": {**channel, "permissions": ALL_PERMISSIONS},
        "context": 0 if in_guild else 1,
        "authorizing_integration_owners": owners,
        "entitlements": [],
        "app_permissions": ALL_PERMISSIONS,
        "attachment_size_limit": 10 * 1024 * 1024,
        "locale": "en-US",
        **who,
        **where,
        **more,
    }
