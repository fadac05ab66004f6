"""Several connections to Discord, which a bot in many servers needs: when, how many, and the client for it.

Discord wants them from 2,500 servers on, and says how many (docs: topics/gateway, sharding). Each server's
events come over one of them, direct messages over the first.
"""

from __future__ import annotations

from typing import Any

import discord

from bot.discord_bot.client import FootnoteClient

MANY_SERVERS = 2_000  # from here on, what Discord recommends is done


async def shards_for(client: discord.Client, wanted: int) -> int:
    """How many connections to hold: `wanted`, or what suits the servers where that is 0.

    `client` is logged in. Raises discord.GatewayNotFound or one of wire.TROUBLE where Discord does not say.
    """
    application = client.application
    if wanted or application is None or (application.approximate_guild_count or 0) < MANY_SERVERS:
        return wanted or 1
    recommended, _, _ = await client.http.get_bot_gateway()
    return max(recommended, 1)


class ShardedFootnote(FootnoteClient, discord.AutoShardedClient):
    """Footnote on several connections. It is connected while none of them is lost."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._up: set[int] = set()

    async def on_connect(self) -> None:
        """One of them: on_shard_connect says which."""

    async def on_resumed(self) -> None:
        """The same."""

    async def on_disconnect(self) -> None:
        """The same."""

    async def on_shard_connect(self, shard_id: int) -> None:
        self._note(shard_id, up=True)

    async def on_shard_resumed(self, shard_id: int) -> None:
        self._note(shard_id, up=True)

    async def on_shard_disconnect(self, shard_id: int) -> None:
        self._note(shard_id, up=False)

    def _note(self, shard_id: int, *, up: bool) -> None:
        (self._up.add if up else self._up.discard)(shard_id)
        self.connected = len(self._up) == self.shard_count
