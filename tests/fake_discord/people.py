"""What people do on the fake Discord: write, type, send commands, delete."""

from __future__ import annotations

import re
from typing import Any

from tests.fake_discord import objects
from tests.fake_discord.faults import Fault
from tests.fake_discord.gateway import Gateway
from tests.fake_discord.world import Interaction, World

Json = dict[str, Any]

ATTACHMENT = 11  # the type of an option that is a file, given as its name and content


class People:
    """Everyone in this world but the bot."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.gateway = Gateway(world)
        self.faults: list[Fault] = []

    async def say(
        self,
        text: str,
        *,
        author: str = objects.ADA,
        channel: str = objects.CHANNEL,
        reply_to: Json | None = None,
        reply_ping: bool = True,
        **more: Any,
    ) -> Json:
        """A person writes `text`, in reply to a message or not; the bot's mention is `<@BOT_ID>` in it."""
        users = self.world.users
        mentioned = [users[i] for i in dict.fromkeys(re.findall(r"<@!?(\d+)>", text)) if i in users]
        if reply_to is not None:
            if reply_ping and reply_to["author"] not in mentioned:
                mentioned.append(reply_to["author"])
            target = {"message_id": reply_to["id"], "channel_id": channel, "type": 0}
            still_there = self.world.messages.get(reply_to["id"])
            more = {"type": 19, "message_reference": target, "referenced_message": still_there, **more}
        roles = re.findall(r"<@&(\d+)>", text)
        everyone = bool(re.search(r"@(everyone|here)\b", text))
        more = {"mentions": mentioned, "mention_roles": roles, "mention_everyone": everyone, **more}
        message = objects.message(self.world.channel(channel), users[author], text, **more)
        self.world.keep(message)
        await self.gateway.dispatch_message("MESSAGE_CREATE", message)
        return message

    async def say_privately(self, text: str, *, author: str = objects.ADA, **more: Any) -> Json:
        """A person writes to the bot directly."""
        return await self.say(text, author=author, channel=self.world.dm_with(author)["id"], **more)

    async def post(self, title: str, text: str, *, author: str = objects.ADA) -> Json:
        """A person begins a post in the forum: a thread, and a message of the same id."""
        first = objects.snowflake()
        thread = objects.thread_channel(first, title, objects.FORUM, objects.GUILD, author)
        self.world.channels[first] = thread
        await self.gateway.dispatch("THREAD_CREATE", {**thread, "newly_created": True})
        return await self.say(text, author=author, channel=first, id=first)

    async def deliver_again(self, message: Json) -> None:
        """The same message once more, as it happens after RESUME."""
        await self.gateway.dispatch_message("MESSAGE_CREATE", message)

    def delete(self, message: Json) -> None:
        """The message is gone."""
        del self.world.messages[message["id"]]

    async def slash(
        self, name: str, /, *, asker: str = objects.ADA, channel: str = objects.CHANNEL, **options: Any
    ) -> Interaction:
        """A person sends a command that was registered, with options that it has; a file is (name, bytes).

        The option "channel" is written `channel_`, for `channel` is where the command is sent.
        """
        name, _, inner = name.partition(" ")
        options = {key.removesuffix("_"): value for key, value in options.items()}
        command = self._command(name)
        self._check_right(command, asker, channel)
        within = self._subcommand(command, inner) if inner else command
        given = [self._option(within, key, value) for key, value in options.items()]
        missing = [
            o["name"] for o in within.get("options", []) if o.get("required") and o["name"] not in options
        ]
        assert not missing, f"Discord's client would ask for {missing} first"
        if inner:
            given = [{"name": inner, "type": 1, "options": given}]
        return await self._send_command(2, command, given, asker, channel)

    def _subcommand(self, command: Json, name: str) -> Json:
        found = [o for o in command.get("options", []) if o["name"] == name and o["type"] == 1]
        assert found, f"/{command['name']} has no {name!r}"
        return dict(found[0])

    def _check_right(self, command: Json, asker: str, channel: str) -> None:
        """Discord's client shows a command only where it is meant to be used, to people who may."""
        needed = int(command.get("default_member_permissions") or 0)
        assert not needed or asker == objects.ADA, f"{asker} does not see /{command['name']}"
        where = self.world.channel(channel)
        context = 1 if where["type"] == 1 else 0
        installed = 1 if where.get("guild_id") == objects.ELSEWHERE else 0
        assert context in command.get("contexts", [0, 1, 2]), f"/{command['name']} is not shown there"
        assert installed in command.get("integration_types", [0]), f"/{command['name']} is missing there"

    async def menu(
        self, name: str, message: Json, *, asker: str = objects.ADA, channel: str = objects.CHANNEL
    ) -> Interaction:
        """A person chooses a command from the menu of a message, whose content then comes along."""
        command = self._command(name)
        self._check_right(command, asker, channel)
        data = {
            "id": command["id"],
            "name": command["name"],
            "type": 3,
            "target_id": message["id"],
            "resolved": {"messages": {message["id"]: message}},
        }
        return await self._interact(2, data, asker, channel)

    async def press(
        self, message: Json, button: str, *, asker: str = objects.ADA, custom_id: str | None = None
    ) -> Interaction:
        """A person presses the button of that label or emoji under a message."""
        buttons = {
            part.get("label") or part["emoji"]["name"]: part
            for row in message["components"]
            for part in row.get("components", [])
        }
        assert button in buttons, f"there is no {button!r}; there are {sorted(buttons)}"
        assert not buttons[button].get("disabled"), f"{button!r} is disabled"
        data = {"custom_id": custom_id or buttons[button]["custom_id"], "component_type": 2}
        return await self._interact(3, data, asker, message["channel_id"], message=message)

    async def submit(self, opened: Interaction, *values: str) -> Interaction:
        """A person fills in a modal, input by input, and sends it."""
        assert opened.modal is not None, "no modal was opened"
        filled = []
        for part, value in zip(opened.modal["components"], values, strict=True):
            given = part.get("component") or part["components"][0]
            assert value or not given.get("required", True), "Discord's client would ask for it"
            assert len(value) <= (given.get("max_length") or 4000), "Discord's client would not take it"
            told = {"type": 4, "id": 2, "custom_id": given["custom_id"], "value": value}
            inside = {"component": told} if "component" in part else {"components": [told]}
            filled.append({"type": part["type"], "id": 1, **inside})
        data = {"custom_id": opened.modal["custom_id"], "components": filled}
        asker = opened.payload.get("user") or opened.payload["member"]["user"]
        more = {"message": opened.payload["message"]} if "message" in opened.payload else {}
        return await self._interact(5, data, asker["id"], opened.payload["channel_id"], **more)

    async def edit(self, message: Json, text: str, **more: Any) -> None:
        """A person changes what was written."""
        message |= {"content": text, "edited_timestamp": objects.now(), **more}
        await self.gateway.dispatch_message("MESSAGE_UPDATE", message)

    async def take_back(self, message: Json) -> None:
        """A person deletes a message, and the bot is told."""
        self.delete(message)
        channel = self.world.channel(message["channel_id"])
        where = {key: channel[key] for key in ("guild_id",) if key in channel}
        gone = {"id": message["id"], "channel_id": message["channel_id"], **where}
        await self.gateway.dispatch("MESSAGE_DELETE", gone)

    async def type_into(
        self,
        name: str,
        option: str,
        typed: str,
        *,
        asker: str = objects.ADA,
        channel: str = objects.CHANNEL,
        **options: Any,
    ) -> Interaction:
        """A person types into an option that completes itself."""
        name, _, inner = name.partition(" ")
        command = self._command(name)
        within = self._subcommand(command, inner) if inner else command
        given = [self._option(within, key, value) for key, value in options.items()]
        given.append(self._option(within, option, typed, typing=True))
        if inner:
            given = [{"name": inner, "type": 1, "options": given}]
        return await self._send_command(4, command, given, asker, channel)

    def _command(self, name: str) -> Json:
        found = [command for command in self.world.commands if command["name"] == name]
        assert found, f"/{name} is not registered; there are {[c['name'] for c in self.world.commands]}"
        return found[0]

    def _option(self, command: Json, name: str, value: Any, *, typing: bool = False) -> Json:
        kinds = {option["name"]: option for option in command.get("options", [])}
        assert name in kinds, f"/{command['name']} has no option {name!r}; it has {sorted(kinds)}"
        kind = kinds[name]
        if typing:
            assert kind.get("autocomplete"), f"{name!r} does not complete itself"
            return {"name": name, "type": kind["type"], "value": value, "focused": True}
        limit = kind.get("max_length")
        assert not (limit and isinstance(value, str) and len(value) > limit), f"{name!r}: at most {limit}"
        if kind["type"] == ATTACHMENT:
            return {"name": name, "type": ATTACHMENT, "value": self.world.upload(*value)}
        known = {choice["name"]: choice["value"] for choice in kind.get("choices") or []}
        assert not known or value in known.values() or value in known, f"{name!r}: one of {sorted(known)}"
        return {"name": name, "type": kind["type"], "value": known.get(value, value)}

    async def _send_command(
        self, kind: int, command: Json, options: list[Json], asker: str, channel: str
    ) -> Interaction:
        data: Json = {"id": command["id"], "name": command["name"], "type": 1, "options": options}
        if chosen := [option["value"] for option in options if option["type"] == 7]:
            channels = {i: {**self.world.channels[i], "permissions": objects.ALL_PERMISSIONS} for i in chosen}
            data["resolved"] = {"channels": channels}
        flat = [inner for option in options for inner in option.get("options", [option])]
        if files := [option["value"] for option in flat if option["type"] == ATTACHMENT]:
            data["resolved"] = {"attachments": {key: self.world.attachment(key) for key in files}}
        return await self._interact(kind, data, asker, channel)

    async def _interact(self, kind: int, data: Json, asker: str, channel: str, **more: Any) -> Interaction:
        who = self.world.users[asker]
        payload = objects.interaction(kind, self.world.channel(channel), who, data, **more)
        if "member" in payload:
            payload["member"]["roles"] = self.world.roles_of.get(asker, [])
        found = Interaction(payload)
        self.world.interactions[payload["token"]] = found
        for fault in self.faults:  # those that wait for the next interaction
            fault.path = fault.path.replace("TOKEN", payload["token"])
        await self.gateway.dispatch("INTERACTION_CREATE", payload)
        return found
