"""FakeDiscord: the server."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from aiohttp import BodyPartReader, web

from tests.fake_discord import objects, openapi
from tests.fake_discord.faults import Fault, Window
from tests.fake_discord.people import People
from tests.fake_discord.rest import Rest
from tests.fake_discord.world import Refusal, World

Json = dict[str, Any]

_OPEN = ("/interactions/", "/webhooks/")
"""Calls that carry no bot token and do not count for the global limit."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request that came, and how it was answered. `status` 0: the connection was dropped."""

    method: str
    path: str  # without address and version
    body: Any
    status: int
    at: float  # time.monotonic() when it came

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


class FakeDiscord(People):
    """A Discord on loopback, with one guild and a few people. An async context manager.

    After a test, `refusals` holds what Discord would not have taken; a healthy bot leaves it empty.
    """

    def __init__(self, *, ack_seconds: float = 3.0) -> None:
        super().__init__(World())
        self.rest = Rest(self.world)
        self.rest.ack_seconds = ack_seconds
        self.calls: list[Call] = []
        self.refusals: list[str] = []
        self.buckets = Window(5, 5.0)
        self.global_limit = Window(50, 1.0)
        found = openapi.find_description()
        self.openapi = openapi.load(found) if found else None
        self._runner: web.AppRunner | None = None
        self.port = 0

    async def __aenter__(self) -> FakeDiscord:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen on a free port of 127.0.0.1."""
        app = web.Application(client_max_size=25 * 1024 * 1024)
        app.router.add_get("/gw/", self.gateway.handle)
        app.router.add_get("/cdn/{key}", self._file)
        app.router.add_route("*", "/api/v10/{path:.*}", self._handle)
        self._runner = web.AppRunner(app, shutdown_timeout=0.2, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self.gateway.url = self.gateway_url
        self.world.cdn = f"http://127.0.0.1:{self.port}/cdn/"

    async def stop(self) -> None:
        """Hang up and listen no more."""
        await self.gateway.hang_up(1001)
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        """The address of the REST calls."""
        return f"http://127.0.0.1:{self.port}/api/v10"

    @property
    def gateway_url(self) -> str:
        """The address of the gateway."""
        return f"ws://127.0.0.1:{self.port}/gw/"

    # requests

    async def _file(self, request: web.Request) -> web.Response:
        """A file that a person attached, while it is there."""
        key = request.match_info["key"]
        if key not in self.world.files or self.world.names[key] in self.world.lost:
            return web.Response(status=404)
        return web.Response(body=self.world.files[key])

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        came = time.monotonic()
        path = "/" + request.match_info["path"]
        body = await _body(request)
        fault = next((f for f in self.faults if f.matches(request.method, path, body)), None)
        response = await self._carry_out(request, path, body, fault)
        status = 0 if fault and fault.drop else response.status
        self.calls.append(Call(request.method, path, body, status, came))
        for event, message in self._take_events():
            if event.startswith("MESSAGE_"):
                await self.gateway.dispatch_message(event, message)
            else:
                await self.gateway.dispatch(event, message)
        return response

    async def _carry_out(
        self, request: web.Request, path: str, body: Any, fault: Fault | None
    ) -> web.StreamResponse:
        if fault is None:
            return self._respond(request, path, body)
        fault.times -= 1
        await asyncio.sleep(fault.delay)
        if fault.after:
            self._respond(request, path, body)
        if fault.drop and request.transport is not None:
            request.transport.abort()
        if fault.status == 200:
            return self._respond(request, path, body)
        answer = fault.body or {"message": fault.message or "made to fail", "code": fault.code}
        return _json(fault.status, answer, {"Via": "1.1 fake", **fault.headers})

    def _respond(self, request: web.Request, path: str, body: Any) -> web.StreamResponse:
        limited = self._limit(request.method, path)
        if isinstance(limited, web.Response):
            return limited
        try:
            self._check(request, path, body)
            status, answer = self.rest.answer(request.method, path, dict(request.query), body)
        except Refusal as refusal:
            self.refusals.append(f"{request.method} {path}: {refusal}")
            answer = {"message": refusal.message, "code": refusal.code}
            if refusal.errors:
                answer["errors"] = refusal.errors
            return _json(refusal.status, answer, limited)
        return _json(status, answer, limited)

    def _check(self, request: web.Request, path: str, body: Any) -> None:
        if not path.startswith(_OPEN):
            if request.headers.get("Authorization") != f"Bot {objects.TOKEN}":
                raise Refusal(401, 0, "401: Unauthorized")
            if not request.headers.get("User-Agent", "").startswith("DiscordBot ("):
                raise Refusal(403, 40333, "The User-Agent header is missing")
        if self.openapi is None or not self.openapi.knows(request.method, path):
            return  # calls that there are not end in the 404 of the table
        plain = {k: v for k, v in body.items() if k != "_files"} if isinstance(body, dict) else body
        if found := self.openapi.faults(request.method, path, plain):
            raise Refusal(400, 50035, "Invalid Form Body", {"openapi": {"_errors": found}})

    def _limit(self, method: str, path: str) -> web.Response | dict[str, str]:
        """The headers of this call's bucket, or the 429."""
        if path.startswith(_OPEN):
            return {}
        if not self.global_limit.take("all")[0]:
            return _too_many(0.3, scope="global")
        match = re.fullmatch(r"/channels/(\d+)/messages(/\d+)?", path)
        if match is None or method not in ("POST", "PATCH"):
            return {}
        bucket = f"{'create' if method == 'POST' else 'edit'}"
        fits, left, reset = self.buckets.take(f"{bucket}:{match[1]}")
        headers = _bucket_headers(bucket, self.buckets.limit, left, reset)
        return headers if fits else _too_many(reset, scope="user", headers=headers)

    def _take_events(self) -> list[tuple[str, Json]]:
        events, self.rest.events = self.rest.events, []
        return events

    async def until(self, condition: Callable[[], Any], seconds: float = 10.0) -> Any:
        """Wait until `condition` holds and return what it gave; fails after `seconds`."""
        end = time.monotonic() + seconds
        while not (found := condition()):
            if time.monotonic() > end:
                calls = "\n".join(f"{call} -> {call.status}" for call in self.calls[-12:])
                raise AssertionError(
                    f"did not come true in {seconds} s; last calls:\n{calls}\n{self.refusals}"
                )
            await asyncio.sleep(0.005)
        return found

    async def connected(self, times: int = 1, seconds: float = 10.0) -> None:
        """Wait until the bot got READY or RESUMED that many times."""
        await self.until(lambda: self.gateway.ready >= times, seconds)

    def answers(self, channel: str = objects.CHANNEL) -> list[Json]:
        """The bot's messages in a channel, oldest first."""
        return self.world.shown(channel)

    def sent(self, method: str, path: str) -> list[Call]:
        """The calls of this method whose path has a match of the regular expression `path`."""
        return [call for call in self.calls if call.method == method and re.search(path, call.path)]


async def _body(request: web.Request) -> Any:
    """What was sent: JSON, or a form of JSON and files; the files come as `_files`, name and bytes each."""
    if not request.content_type.startswith("multipart/"):
        text = await request.text()
        return json.loads(text) if text else None
    body: Json = {}
    files: list[tuple[str, bytes]] = []
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        if part.name == "payload_json":
            body = json.loads(await part.text())
        else:
            files.append((part.filename or "", bytes(await part.read())))
    return {**body, "_files": files}


def _json(status: int, answer: Any, headers: dict[str, str]) -> web.Response:
    """Content-Type exactly as Discord sends it: discord.py compares the whole header."""
    if status == 204:
        return web.Response(status=204, headers=headers)
    body = json.dumps(answer).encode()
    return web.Response(status=status, body=body, headers={"Content-Type": "application/json", **headers})


def _bucket_headers(bucket: str, limit: int, left: int, reset: float) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": str(left),
        "X-RateLimit-Reset": str(time.time() + reset),
        "X-RateLimit-Reset-After": f"{reset:.3f}",
        "X-RateLimit-Bucket": bucket,
    }


def _too_many(retry_after: float, *, scope: str, headers: dict[str, str] | None = None) -> web.Response:
    """A 429; without `Via` discord.py takes it for a ban by Cloudflare and gives up."""
    answer = {
        "message": "You are being rate limited.",
        "retry_after": round(retry_after, 3),
        "global": scope == "global",
    }
    more = {"Via": "1.1 fake", "Retry-After": str(int(retry_after) + 1), "X-RateLimit-Scope": scope}
    if scope == "global":
        more["X-RateLimit-Global"] = "true"
    return _json(429, answer, {**(headers or {}), **more})
