"""A Discord of our own on loopback: the gateway and the REST calls that the real discord.py speaks with.

It keeps Discord's rules: what Discord would refuse, it refuses with Discord's code, and notes in `refusals`.

    objects.py   what Discord sends: users, guilds, channels, messages, interactions
    rules.py     what Discord accepts; pure
    openapi.py   every request held against Discord's own description of its API, where that file is found
    faults.py    what goes wrong on purpose, and rate limits
    world.py     what this Discord knows: channels, messages, interactions, commands
    gateway.py   the websocket
    rest.py      the HTTP calls
    people.py    what people do on it
    server.py    FakeDiscord: all of it
"""

from __future__ import annotations

from tests.fake_discord.faults import Fault
from tests.fake_discord.server import FakeDiscord
from tests.fake_discord.world import Intents

__all__ = ["FakeDiscord", "Fault", "Intents"]
