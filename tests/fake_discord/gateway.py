"""The websocket: HELLO, IDENTIFY, heartbeats, events, RESUME, and the ways in which Discord hangs up."""

from __future__ import annotations

import asyncio
import json
import zlib
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.fake_discord import objects
from tests.fake_discord.faults import Window
from tests.fake_discord.world import PRIVILEGED, Intents, World

Json = dict[str, Any]


@dataclass(slots=True)
class Session:
    """One identified bot: its intents and every event it was sent, for RESUME."""

    id: str
    intents: Intents
    shard: tuple[int, int] = (0, 1)  # number, of how many
    events: list[Json] = field(default_factory=list)

    def hears(self, guild_id: str | None) -> bool:
        """Whether events of this server come over this connection; direct ones come over the first."""
        number, count = self.shard
        return (int(guild_id or 0) >> 22) % count == number


class Hangup(Exception):
    """Discord closes the connection with this code."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


class Connection:
    """One websocket of one bot."""

    def __init__(self, socket: web.WebSocketResponse, *, compress: bool) -> None:
        self.socket = socket
        self.session: Session | None = None
        self._deflate = zlib.compressobj() if compress else None
        self._sent = Window(120, 60.0)

    async def send(self, payload: Json) -> None:
        """One payload, through this connection's zlib stream where the bot asked for one."""
        text = json.dumps(payload)
        if self._deflate is None:
            await self.socket.send_str(text)
            return
        data = self._deflate.compress(text.encode()) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
        await self.socket.send_bytes(data)

    def read(self, text: str) -> Json:
        """What the bot sent, counted: 120 in a minute, 4096 bytes each."""
        if len(text.encode()) > 4096:
            raise Hangup(4002)
        if not self._sent.take("all")[0]:
            raise Hangup(4008)
        payload: Json = json.loads(text)
        return payload


class Gateway:
    """All connections. Public fields are switches for tests."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.url = ""
        self.allowed_privileged = Intents(0)
        self.heartbeat_seconds = 41.25
        self.mute = False  # a zombie: heartbeats are not answered
        self.least_shards = 1  # fewer are turned away
        self.refuse = 0  # the next connections that are turned away
        self.identifies: list[Json] = []
        self.resumes: list[Json] = []
        self.ready = 0  # sessions that got READY or RESUMED
        self.sessions: dict[str, Session] = {}
        self.connections: list[Connection] = []

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One connection, from HELLO to its end."""
        if self.refuse > 0:
            self.refuse -= 1
            return web.Response(status=503, text="no gateway here")
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        connection = Connection(socket, compress=request.query.get("compress") == "zlib-stream")
        self.connections.append(connection)
        try:
            await self._talk(connection)
        except Hangup as end:
            await socket.close(code=end.code)
        finally:
            self.connections.remove(connection)
        return socket

    async def _talk(self, connection: Connection) -> None:
        interval = int(self.heartbeat_seconds * 1000)
        await connection.send({"op": 10, "d": {"heartbeat_interval": interval}})
        async for incoming in connection.socket:
            if incoming.type is not WSMsgType.TEXT:
                raise Hangup(4002)
            payload = connection.read(incoming.data)
            await self._answer(connection, payload["op"], payload.get("d"))

    async def _answer(self, connection: Connection, op: int, data: Any) -> None:
        if op == 1:
            if not self.mute:
                await connection.send({"op": 11})
        elif op == 2:
            await self._identify(connection, data)
        elif op == 6:
            await self._resume(connection, data)
        elif op not in (3, 4, 8):
            raise Hangup(4001)
        elif connection.session is None:
            raise Hangup(4003)

    async def _identify(self, connection: Connection, data: Json) -> None:
        if connection.session is not None:
            raise Hangup(4005)
        self.identifies.append(data)
        if data["token"] != objects.TOKEN:
            raise Hangup(4004)
        intents = Intents(data["intents"])
        if intents & PRIVILEGED & ~self.allowed_privileged:
            raise Hangup(4014)
        number, count = data.get("shard") or (0, 1)
        if not 0 <= number < count:
            raise Hangup(4010)
        if count < self.least_shards:
            raise Hangup(4011)
        session = Session(objects.snowflake(), intents, (number, count))
        self.world.intents = intents
        self.sessions[session.id] = session
        connection.session = session
        await self._greet(session)
        self.ready += 1

    async def _greet(self, session: Session) -> None:
        guilds = [guild for guild in self.world.guilds if session.hears(guild["id"])]
        ready = {
            "v": 10,
            "user": self.world.bot,
            "guilds": [{"id": guild["id"], "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "application": {"id": objects.APPLICATION_ID, "flags": 0},
            "shard": session.shard,
        }
        await self._tell(session, "READY", ready)
        if session.intents & Intents.GUILDS:
            for guild in guilds:
                await self._tell(session, "GUILD_CREATE", guild)

    async def _resume(self, connection: Connection, data: Json) -> None:
        self.resumes.append(data)
        session = self.sessions.get(data["session_id"])
        if session is None or data["token"] != objects.TOKEN:
            await connection.send({"op": 9, "d": False})
            return
        connection.session = session
        for event in [e for e in session.events if e["s"] > (data["seq"] or 0)]:
            await connection.send(event)
        await self._tell(session, "RESUMED", {})
        self.ready += 1

    async def _tell(self, session: Session, event: str, data: Json) -> None:
        payload = {"op": 0, "t": event, "s": len(session.events) + 1, "d": data}
        session.events.append(payload)
        for connection in self.connections:
            if connection.session is session and not connection.socket.closed:
                await connection.send(payload)

    async def dispatch(self, event: str, data: Json) -> None:
        """One event to the bot, whatever its intents."""
        for session in self._living(data.get("guild_id")):
            await self._tell(session, event, data)

    async def dispatch_message(self, event: str, message: Json) -> None:
        """A message event, as each session may see it."""
        guild = self.world.channels[message["channel_id"]].get("guild_id")
        wanted = Intents.GUILD_MESSAGES if guild else Intents.DIRECT_MESSAGES
        for session in self._living(guild):
            if session.intents & wanted:
                await self._tell(session, event, self.world.as_told(message, session.intents))

    def _living(self, guild_id: str | None) -> list[Session]:
        """The newest session that hears of this server."""
        newest = list(self.sessions.values())[-1:]
        count = newest[0].shard[1] if newest else 1
        return [s for s in self.sessions.values() if s.shard[1] == count and s.hears(guild_id)][-1:]

    async def send_raw(self, payload: Json) -> None:
        """Any payload to every connection, well-formed or not."""
        for connection in list(self.connections):
            await connection.send(payload)

    async def hang_up(self, code: int) -> None:
        """Close every connection with `code`."""
        await asyncio.gather(*(c.socket.close(code=code) for c in list(self.connections)))

    def forget_sessions(self) -> None:
        """No session can be resumed from here on."""
        self.sessions.clear()
