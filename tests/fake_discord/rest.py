"""The HTTP calls: who may do what, when, and with which code Discord refuses."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

from tests.fake_discord import objects, rules
from tests.fake_discord.world import Interaction, Refusal, World

Json = dict[str, Any]
Reply = tuple[int, Any]
Event = tuple[str, Json]

TOKEN_SECONDS = 15 * 60.0


def form_refusal(faults: list[rules.Fault]) -> Refusal:
    """50035 with the place of every fault, or 50006 for a message with nothing in it."""
    if ("", "Cannot send an empty message") in faults:
        return Refusal(400, 50006, "Cannot send an empty message")
    errors: Json = {}
    for path, what in faults:
        node = errors
        for part in path.split("."):
            node = node.setdefault(part or "_", {})
        node.setdefault("_errors", []).append({"code": "INVALID", "message": what})
    return Refusal(400, 50035, "Invalid Form Body", errors)


def check(faults: Any) -> None:
    """Refuse where there is any fault."""
    if found := list(faults):
        raise form_refusal(found)


class Rest:
    """The calls that this Discord knows. `events` gets what the gateway has to tell afterwards."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.ack_seconds = 3.0
        self.events: list[Event] = []
        self.created: set[str] = set()  # names of commands that were new today
        i, any_ = r"(\d+)", r"([^/]+)"
        hook = rf"/webhooks/{i}/{any_}"
        self._table: list[tuple[str, re.Pattern[str], Callable[..., Reply]]] = [
            (method, re.compile(path), call)
            for method, path, call in (
                ("GET", r"/users/@me", self._me),
                ("GET", r"/oauth2/applications/@me", self._application),
                ("GET", r"/gateway/bot", self._gateway),
                ("POST", r"/users/@me/channels", self._open_dm),
                ("GET", rf"/applications/{i}/commands", self._get_commands),
                ("PUT", rf"/applications/{i}/commands", self._put_commands),
                ("GET", rf"/channels/{i}", self._get_channel),
                ("POST", rf"/channels/{i}/typing", self._typing),
                ("POST", rf"/channels/{i}/messages", self._create),
                ("GET", rf"/channels/{i}/messages", self._history),
                ("POST", rf"/channels/{i}/messages/{i}/threads", self._open_thread),
                ("GET", rf"/channels/{i}/messages/{i}", self._get),
                ("PATCH", rf"/channels/{i}/messages/{i}", self._edit),
                ("DELETE", rf"/channels/{i}/messages/{i}", self._delete),
                ("POST", rf"/interactions/{i}/{any_}/callback", self._callback),
                ("POST", hook, self._follow_up),
                ("PUT", rf"/channels/{i}/messages/{i}/reactions/{any_}/@me", self._react),
                ("GET", rf"{hook}/messages/(@original|\d+)", self._get_of_interaction),
                ("PATCH", rf"{hook}/messages/(@original|\d+)", self._edit_of_interaction),
                ("DELETE", rf"{hook}/messages/(@original|\d+)", self._delete_of_interaction),
            )
        ]

    def answer(self, method: str, path: str, query: Json, body: Any) -> Reply:
        """Status and JSON; raises Refusal."""
        if rules.overflows(body):
            raise Refusal(500, 0, "500: Internal Server Error")
        for known, pattern, call in self._table:
            if known == method and (match := pattern.fullmatch(path)):
                return call(*match.groups(), query=query, body=body)
        raise Refusal(404, 0, "404: Not Found")

    # the bot and its commands

    def _me(self, **_: Any) -> Reply:
        return 200, self.world.bot

    def _application(self, **_: Any) -> Reply:
        return 200, self.world.application

    def _gateway(self, **_: Any) -> Reply:
        limit = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
        return 200, {"url": "", "shards": self.world.recommended_shards, "session_start_limit": limit}

    def _open_dm(self, *, body: Json, **_: Any) -> Reply:
        return 200, self.world.dm_with(str(body["recipient_id"]))

    def _get_commands(self, _application: str, **_: Any) -> Reply:
        return 200, self.world.commands

    def _put_commands(self, application: str, *, body: list[Json], **_: Any) -> Reply:
        if application != objects.APPLICATION_ID:
            raise Refusal(403, 20012, "You are not authorized to perform this action on this application")
        if len(body) > rules.COMMANDS:
            raise Refusal(400, 30032, "Maximum number of application commands reached")
        check(rules.command_faults(body))
        self.created |= {command["name"] for command in body} - {old["name"] for old in self.world.commands}
        if len(self.created) > rules.COMMANDS_A_DAY:
            raise Refusal(400, 30034, "Maximum number of daily application command creates has been reached")
        fixed = {"application_id": application, "version": objects.snowflake()}
        self.world.commands = [
            {"type": 1, "description": "", **command, **fixed, "id": objects.snowflake()} for command in body
        ]
        return 200, self.world.commands

    # channels and messages

    def _get_channel(self, channel_id: str, **_: Any) -> Reply:
        return 200, self.world.channel(channel_id)

    def _typing(self, channel_id: str, **_: Any) -> Reply:
        self.world.channel(channel_id)
        return 204, None

    def _create(self, channel_id: str, *, body: Json, **_: Any) -> Reply:
        channel = self.world.channel_for(channel_id, "send")
        check(rules.message_faults(body))
        self._check_flags(body, rules.CREATE_FLAGS)
        key = (channel_id, str(body.get("nonce")))
        if body.get("enforce_nonce") and key in self.world.nonces:
            return 200, self._public(self.world.messages[self.world.nonces[key]])
        reference = self._reference(channel_id, body.get("message_reference"))
        message = self._new_message(channel, body, **reference)
        if body.get("nonce"):
            self.world.nonces[key] = message["id"]
        self._pings(body, message.get("referenced_message"))
        self.events.append(("MESSAGE_CREATE", message))
        return 200, self._public(message)

    def _reference(self, channel_id: str, reference: Json | None) -> Json:
        if not reference:
            return {}
        self.world.channel_for(channel_id, "history")
        target = self.world.messages.get(str(reference["message_id"]))
        if target is None or target["channel_id"] != channel_id:
            if reference.get("fail_if_not_exists", True):
                raise form_refusal([("message_reference", "Unknown message")])
            return {}
        pointer = {"message_id": target["id"], "channel_id": channel_id, "type": 0}
        return {"type": 19, "message_reference": pointer, "referenced_message": target}

    def _history(self, channel_id: str, *, query: Json, **_: Any) -> Reply:
        """Messages after one, oldest first in the choice and newest first in the answer, as Discord does."""
        self.world.channel_for(channel_id, "history")
        first = int(query.get("after", 0))
        there = [m for m in self.world.messages.values() if m["channel_id"] == channel_id]
        later = sorted((m for m in there if int(m["id"]) > first), key=lambda m: int(m["id"]))
        chosen = later[: int(query.get("limit", 50))][::-1]
        intents = self.world.intents
        return 200, [
            {k: v for k, v in self.world.as_told(m, intents).items() if k != "member"} for m in chosen
        ]

    def _open_thread(self, channel_id: str, message_id: str, *, body: Json, **_: Any) -> Reply:
        channel = self.world.channel_for(channel_id, "thread")
        self._visible(channel_id, message_id)
        if not 1 <= len(body["name"]) <= 100:
            raise form_refusal([("name", "Must be between 1 and 100 in length.")])
        if channel["type"] != 0:
            raise Refusal(400, 50024, "Cannot execute action on this channel type")
        if message_id in self.world.channels:
            raise Refusal(400, 160004, "A thread has already been created for this message")
        thread = objects.thread_channel(
            message_id, body["name"], channel_id, channel["guild_id"], objects.BOT_ID
        )
        self.world.channels[message_id] = thread
        self.events.append(("THREAD_CREATE", {**thread, "newly_created": True}))
        return 201, thread

    def _get(self, channel_id: str, message_id: str, **_: Any) -> Reply:
        message = self._visible(channel_id, message_id)
        return 200, self._public(message)

    def _edit(self, channel_id: str, message_id: str, *, body: Json, **_: Any) -> Reply:
        message = self._visible(channel_id, message_id)
        if message["author"]["id"] != objects.BOT_ID:
            raise Refusal(403, 50005, "Cannot edit a message authored by another user")
        if self.world.channel(channel_id).get("thread_metadata", {}).get("archived"):
            raise Refusal(400, 50083, "Tried to perform an operation on an archived thread")
        return 200, self._change(message, body)

    def _delete(self, channel_id: str, message_id: str, **_: Any) -> Reply:
        del self.world.messages[self._visible(channel_id, message_id)["id"]]
        return 204, None

    def _react(self, channel_id: str, message_id: str, emoji: str, **_: Any) -> Reply:
        """Add Reactions is needed only where nobody else put the same one; Read Message History always."""
        self._visible(channel_id, message_id)
        if "history" in self.world.denied.get(channel_id, set()):
            raise Refusal(403, 50013, "Missing Permissions")
        self.world.channel_for(channel_id, "react")
        self.world.reactions.setdefault(message_id, []).append(emoji)
        return 204, None

    def _visible(self, channel_id: str, message_id: str) -> Json:
        message = self.world.message(channel_id, message_id)
        if message["flags"] & rules.EPHEMERAL:
            raise Refusal(404, 10008, "Unknown Message")
        return message

    def _new_message(self, channel: Json, body: Json, **more: Any) -> Json:
        flags = (body.get("flags") or 0) | more.pop("flags", 0)
        kept = {key: body[key] for key in ("embeds", "components", "nonce") if body.get(key)}
        if files := body.pop("_files", None):
            self._may_attach(channel, flags)
            kept["attachments"] = self._attachments(files, body)
        message = objects.message(
            channel, self.world.bot, body.get("content") or "", flags=flags, **kept, **more
        )
        self.world.keep(message)
        self.world.previews += rules.shows_preview(message)
        return message

    def _may_attach(self, channel: Json, flags: int) -> None:
        if not flags & rules.EPHEMERAL:
            self.world.channel_for(channel["id"], "attach")

    def _attachments(self, files: list[tuple[str, bytes]], body: Json) -> list[Json]:
        """The files as Discord keeps them, each with the description that was sent beside."""
        check(rules.file_faults(files, body.get("attachments") or []))
        told = {int(one["id"]): one.get("description") for one in body.get("attachments") or []}
        kept = []
        for number, (name, data) in enumerate(files):
            key = objects.snowflake()
            self.world.files[key] = data
            url = f"https://cdn.example/{key}/{name}"
            about = {"id": key, "filename": name, "size": len(data), "url": url, "proxy_url": url}
            kept.append({**about, "description": told.get(number)})
        return kept

    def _change(self, message: Json, body: Json) -> Json:
        if files := body.pop("_files", None):
            self._may_attach(self.world.channel(message["channel_id"]), message["flags"])
            message["attachments"] = self._attachments(files, body)
        check(rules.message_faults(body, edit=True, flags=message["flags"]))
        self._check_flags(body, rules.SUPPRESS_EMBEDS | rules.COMPONENTS_V2)
        message |= {
            key: body[key] for key in ("content", "embeds", "components") if body.get(key) is not None
        }
        if (
            "flags" in body
        ):  # an edit that names flags sets or clears SUPPRESS_EMBEDS, one that does not keeps it
            message["flags"] = message["flags"] & ~rules.SUPPRESS_EMBEDS | (body["flags"] or 0)
        message["edited_timestamp"] = objects.now()
        self.world.edits.setdefault(message["id"], []).append(time.monotonic())
        self.world.previews += rules.shows_preview(message)
        if not message["flags"] & rules.EPHEMERAL:
            self.events.append(("MESSAGE_UPDATE", message))
        return self._public(message)

    def _check_flags(self, body: Json, allowed: int) -> None:
        if (body.get("flags") or 0) & ~allowed:
            raise form_refusal([("flags", "Flags that may not be set here")])

    def _pings(self, body: Json, replied_to: Json | None, *, interaction: bool = False) -> None:
        allowed = body.get("allowed_mentions")
        found = rules.pinged(body.get("content") or "", allowed, default_everyone=not interaction)
        if replied_to and (allowed is None or allowed.get("replied_user")):
            found.add(replied_to["author"]["id"])
        if found:
            self.world.pings.append(found)

    def _public(self, message: Json) -> Json:
        return dict(message)

    # interactions

    def _callback(self, interaction_id: str, token: str, *, query: Json, body: Json) -> Reply:
        found = self.world.interactions.get(token)
        moment = time.monotonic()
        if found is None or found.payload["id"] != interaction_id or moment - found.sent > self.ack_seconds:
            raise Refusal(404, 10062, "Unknown interaction")
        if found.acknowledged is not None:
            raise Refusal(400, 40060, "Interaction has already been acknowledged.")
        self._check_callback(found, body)
        found.acknowledged, found.callback = moment, body
        data = body.get("data") or {}
        found.ephemeral = bool((data.get("flags") or 0) & rules.EPHEMERAL)
        if body["type"] in (4, 5):
            self._first_message(found, body["type"], data)
        if body["type"] in (6, 7):
            found.original = found.payload["message"]["id"]
        if body["type"] == 7:
            self._change(self.world.messages[found.payload["message"]["id"]], data)
        if body["type"] == 9:
            found.modal = data
        if not int(query.get("with_response", "0")):
            return 204, None
        return 200, self._callback_reply(found, body["type"])

    def _check_callback(self, found: Interaction, body: Json) -> None:
        kind, data = body["type"], body.get("data") or {}
        if kind not in rules.CALLBACK_TYPES[found.payload["type"]]:
            raise form_refusal([("type", "This type of answer does not fit this interaction")])
        if kind == 8:
            check(rules.choice_faults(data.get("choices") or []))
        if kind == 5:
            self._check_flags(data, rules.EPHEMERAL)
        if kind == 9:
            check(rules.modal_faults(data))
        if kind in (6, 7) and "message" not in found.payload:
            raise form_refusal([("type", "There is no message to update")])
        if kind == 4:
            check(rules.message_faults(data))
            self._check_flags(data, rules.CREATE_FLAGS | rules.EPHEMERAL)

    def _first_message(self, found: Interaction, kind: int, data: Json) -> None:
        found.waiting = kind == 5
        message = self._new_message(self._channel_of(found), data, type=20)
        found.original = message["id"]
        if kind == 4:
            self._pings(data, None, interaction=True)

    def _callback_reply(self, found: Interaction, kind: int) -> Json:
        about: Json = {"id": found.payload["id"], "type": found.payload["type"]}
        if found.original is None:
            return {"interaction": about}
        if kind in (6, 7, 9):
            return {"interaction": about, "resource": {"type": kind}}
        about |= {"response_message_id": found.original, "response_message_loading": found.waiting}
        about["response_message_ephemeral"] = found.ephemeral
        message = self._public(self.world.messages[found.original])
        return {"interaction": about, "resource": {"type": kind, "message": message}}

    def _channel_of(self, found: Interaction) -> Json:
        return self.world.channel(found.payload["channel_id"])

    def _by_token(self, application: str, token: str) -> Interaction:
        found = self.world.interactions.get(token)
        if found is None or application != objects.APPLICATION_ID or found.acknowledged is None:
            raise Refusal(404, 10015, "Unknown Webhook")
        if time.monotonic() - found.sent > TOKEN_SECONDS:
            raise Refusal(401, 50027, "Invalid Webhook Token")
        return found

    def _follow_up(self, application: str, token: str, *, body: Json, **_: Any) -> Reply:
        found = self._by_token(application, token)
        check(rules.message_faults(body))
        self._check_flags(body, rules.CREATE_FLAGS | rules.EPHEMERAL)
        self._pings(body, None, interaction=True)
        if found.waiting and found.original:  # the first one takes the place of "thinking"
            found.waiting = False
            plain = {**body, "flags": (body.get("flags") or 0) & ~rules.EPHEMERAL}
            return 200, self._change(self.world.messages[found.original], plain)
        elsewhere = "0" not in found.payload["authorizing_integration_owners"]
        if elsewhere and len(found.followups) >= rules.FOLLOW_UPS_ELSEWHERE:
            raise Refusal(400, 40094, "This interaction has reached the maximum number of follow up messages")
        message = self._new_message(self._channel_of(found), body)
        found.followups.append(message["id"])
        return 200, self._public(message)

    def _of_interaction(self, application: str, token: str, message_id: str) -> tuple[Interaction, Json]:
        found = self._by_token(application, token)
        wanted = found.original if message_id == "@original" else message_id
        if wanted not in (found.original, *found.followups) or wanted not in self.world.messages:
            raise Refusal(404, 10008, "Unknown Message")
        return found, self.world.messages[wanted]

    def _get_of_interaction(self, application: str, token: str, message_id: str, **_: Any) -> Reply:
        return 200, self._public(self._of_interaction(application, token, message_id)[1])

    def _edit_of_interaction(
        self, application: str, token: str, message_id: str, *, body: Json, **_: Any
    ) -> Reply:
        found, message = self._of_interaction(application, token, message_id)
        if message["id"] == found.original:
            if found.waiting and not rules.has_something(body):
                raise Refusal(400, 50006, "Cannot send an empty message")
            found.waiting = False
        self._pings(body, None, interaction=True)
        return 200, self._change(message, body)

    def _delete_of_interaction(self, application: str, token: str, message_id: str, **_: Any) -> Reply:
        found, message = self._of_interaction(application, token, message_id)
        del self.world.messages[message["id"]]
        found.waiting = False
        return 204, None
