"""What people do on the fake Discord: write, type, send commands, delete."""

from __future__ import annotations

import re
from typing import Any

from tests.fake_discord import objects
from tests.fake_discord.gateway import Gateway
from tests.fake_discord.world import Interaction, World

Json = dict[str, Any]


class People:
    """Everyone in this world but the bot."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.gateway = Gateway(world)

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
        self.world.messages[message["id"]] = message
        await self.gateway.dispatch_message("MESSAGE_CREATE", message)
        return message

    async def say_privately(self, text: str, *, author: str = objects.ADA, **more: Any) -> Json:
        """A person writes to the bot directly."""
        return await self.say(text, author=author, channel=self.world.dm_with(author)["id"], **more)

    async def deliver_again(self, message: Json) -> None:
        """The same message once more, as it happens after RESUME."""
        await self.gateway.dispatch_message("MESSAGE_CREATE", message)

    def delete(self, message: Json) -> None:
        """The message is gone."""
        del self.world.messages[message["id"]]

    async def slash(
        self, name: str, *, asker: str = objects.ADA, channel: str = objects.CHANNEL, **options: Any
    ) -> Interaction:
        """A person sends a command that was registered, with options that it has."""
        command = self._command(name)
        given = [self._option(command, key, value) for key, value in options.items()]
        missing = [
            o["name"] for o in command.get("options", []) if o.get("required") and o["name"] not in options
        ]
        assert not missing, f"Discord's client would ask for {missing} first"
        return await self._interact(2, command, given, asker, channel)

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
        command = self._command(name)
        given = [self._option(command, key, value) for key, value in options.items()]
        focused = self._option(command, option, typed, typing=True)
        return await self._interact(4, command, [*given, focused], asker, channel)

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
        return {"name": name, "type": kind["type"], "value": value}

    async def _interact(
        self, kind: int, command: Json, options: list[Json], asker: str, channel: str
    ) -> Interaction:
        data = {"id": command["id"], "name": command["name"], "type": 1, "options": options}
        who = self.world.users[asker]
        payload = objects.interaction(kind, self.world.channel(channel), who, data)
        found = Interaction(payload)
        self.world.interactions[payload["token"]] = found
        await self.gateway.dispatch("INTERACTION_CREATE", payload)
        return found
