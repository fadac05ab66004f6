"""What this Discord knows: people, channels, messages, interactions, commands."""

from __future__ import annotations

import enum
import time
from dataclasses import dataclass, field
from typing import Any

from tests.fake_discord import objects

Json = dict[str, Any]


class Intents(enum.IntFlag):
    """What a bot asks to be told. The last three are privileged."""

    GUILDS = 1 << 0
    GUILD_MESSAGES = 1 << 9
    DIRECT_MESSAGES = 1 << 12
    GUILD_MEMBERS = 1 << 1
    GUILD_PRESENCES = 1 << 8
    MESSAGE_CONTENT = 1 << 15


PRIVILEGED = Intents.GUILD_MEMBERS | Intents.GUILD_PRESENCES | Intents.MESSAGE_CONTENT


class Refusal(Exception):
    """What Discord answers to a request that it does not take."""

    def __init__(self, status: int, code: int, message: str, errors: Json | None = None) -> None:
        super().__init__(f"{status} {code} {message} {errors or ''}".strip())
        self.status, self.code, self.message, self.errors = status, code, message, errors


@dataclass(slots=True)
class Interaction:
    """An interaction that was sent to the bot, and what came back. Times in seconds of time.monotonic()."""

    payload: Json
    sent: float = field(default_factory=time.monotonic)
    acknowledged: float | None = None
    callback: Json | None = None
    ephemeral: bool = False
    waiting: bool = False  # deferred, and nothing shown yet
    original: str | None = None
    followups: list[str] = field(default_factory=list)
    modal: Json | None = None  # what the bot asked the person to fill in

    @property
    def ack_seconds(self) -> float:
        """Between our sending it and the bot's first answer; infinite while there is none."""
        return float("inf") if self.acknowledged is None else self.acknowledged - self.sent

    @property
    def choices(self) -> list[Json]:
        """What an autocomplete was answered with."""
        return list((self.callback or {}).get("data", {}).get("choices", []))


class World:
    """One guild with two channels and a thread of the bot's, some people, and what they do."""

    def __init__(self) -> None:
        bot = objects.user(objects.BOT_ID, "footnote", bot=True)
        self.bot = bot
        people = [
            objects.user(objects.ADA, "ada"),
            objects.user(objects.BEN, "ben"),
            objects.user(objects.OTHER_BOT, "beep", bot=True),
            bot,
        ]
        self.users = {one["id"]: one for one in people}
        channels = [
            objects.text_channel(objects.CHANNEL, "papers", objects.GUILD),
            objects.text_channel(objects.OTHER_CHANNEL, "random", objects.GUILD),
            objects.forum_channel(objects.FORUM, "help", objects.GUILD),
        ]
        threads = [
            objects.thread_channel(
                objects.THREAD, "a thread", objects.CHANNEL, objects.GUILD, owner_id=objects.BOT_ID
            )
        ]
        away = objects.text_channel(objects.ELSEWHERE_CHANNEL, "away", objects.ELSEWHERE)
        self.guild = objects.guild(objects.GUILD, "Lab", channels, threads, bot)
        self.guilds = [self.guild]  # that the bot is in
        self.application = objects.application()
        self.recommended_shards = 1
        self.channels: dict[str, Json] = {one["id"]: one for one in (*channels, *threads, away)}
        self.intents = Intents(0)  # of the bot that connected last
        self.denied: dict[str, set[str]] = {}  # by channel: view, send, history, thread, react
        self.files: dict[str, bytes] = {}  # by attachment id
        self.names: dict[str, str] = {}  # of files that people attached to commands, by attachment id
        self.lost: set[str] = set()  # names of those that cannot be had any more
        self.roles_of: dict[str, list[str]] = {}  # by user id
        self.cdn = ""  # the address below which those are
        self.messages: dict[str, Json] = {}
        self.reactions: dict[str, list[str]] = {}  # of the bot, by message id
        self.interactions: dict[str, Interaction] = {}  # by token
        self.commands: list[Json] = []
        self.nonces: dict[tuple[str, str], str] = {}
        self.pings: list[set[str]] = []  # whom each message of the bot pinged, where it did
        self.previews = 0  # times a message of the bot's was seen with a link preview
        self.edits: dict[str, list[float]] = {}  # message id -> when it was edited

    def join(self, guild_id: str, channel_id: str) -> None:
        """The bot is in one more server, with one channel."""
        channel = objects.text_channel(channel_id, "general", guild_id)
        self.channels[channel_id] = channel
        self.guilds.append(objects.guild(guild_id, "Another lab", [channel], [], self.bot))

    def channel(self, channel_id: str) -> Json:
        """The channel, or Discord's refusal."""
        if channel_id not in self.channels:
            raise Refusal(404, 10003, "Unknown Channel")
        return self.channels[channel_id]

    def channel_for(self, channel_id: str, right: str) -> Json:
        """The channel where the bot has the `right` (send, history, thread), or Discord's refusal."""
        channel, denied = self.channel(channel_id), self.denied.get(channel_id, set())
        if "view" in denied or channel.get("guild_id") == objects.ELSEWHERE:
            raise Refusal(403, 50001, "Missing Access")
        if right in denied:
            if right == "history":
                raise Refusal(400, 160002, "Cannot reply without permission to read message history")
            raise Refusal(403, 50013, "Missing Permissions")
        return channel

    def message(self, channel_id: str, message_id: str) -> Json:
        """The message in that channel, or Discord's refusal."""
        found = self.messages.get(message_id)
        if found is None or found["channel_id"] != channel_id:
            raise Refusal(404, 10008, "Unknown Message")
        return found

    def dm_with(self, user_id: str) -> Json:
        """The direct conversation of the bot with a person, opened when there is none."""
        if user_id not in self.users:
            raise Refusal(400, 50033, "Invalid Recipient(s)")
        for channel in self.channels.values():
            if channel["type"] == 1 and channel["recipients"][0]["id"] == user_id:
                return channel
        channel = objects.dm_channel(objects.snowflake(), self.users[user_id])
        self.channels[channel["id"]] = channel
        return channel

    def keep(self, message: Json) -> None:
        """A new message is in its channel."""
        self.messages[message["id"]] = message
        self.channels[message["channel_id"]]["last_message_id"] = message["id"]

    def shown(self, channel_id: str) -> list[Json]:
        """The bot's messages in a channel, oldest first, those that only the asker sees included."""
        mine = (m for m in self.messages.values() if m["author"]["id"] == objects.BOT_ID)
        return [m for m in mine if m["channel_id"] == channel_id]

    def upload(self, name: str, content: bytes) -> str:
        """A person attaches a file to a command; its id."""
        key = objects.snowflake()
        self.names[key], self.files[key] = name, content
        return key

    def attachment(self, key: str) -> Json:
        """A file that a person attached, as Discord tells of it."""
        url = f"{self.cdn}{key}"
        size = len(self.files[key])
        return {"id": key, "filename": self.names[key], "size": size, "url": url, "proxy_url": url}

    def as_told(self, message: Json, intents: Intents) -> Json:
        """The message as an event shows it to the bot: without content, unless Discord lets it see that."""
        told = {k: v for k, v in message.items() if not k.startswith("_")}
        channel = self.channels[message["channel_id"]]
        if "guild_id" in channel:
            told["guild_id"] = channel["guild_id"]
            author = message["author"]
            told["member"] = {k: v for k, v in objects.member(author).items() if k != "user"}
        if not self._may_read(message, intents):
            told |= {"content": "", "embeds": [], "attachments": [], "components": []}
        if told.get("referenced_message"):
            told["referenced_message"] = self.as_told(told["referenced_message"], intents)
        return told

    def _may_read(self, message: Json, intents: Intents) -> bool:
        mentioned = any(one["id"] == objects.BOT_ID for one in message["mentions"])
        own = message["author"]["id"] == objects.BOT_ID
        direct = self.channels[message["channel_id"]]["type"] == 1
        return own or direct or mentioned or bool(intents & Intents.MESSAGE_CONTENT)
