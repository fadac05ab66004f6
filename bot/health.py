"""Liveness and readiness over HTTP, for Docker and whatever watches the bot."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from aiohttp import web

from bot.errors import SetupError


@asynccontextmanager
async def serve_health(
    port: int | None, ready: Callable[[], Mapping[str, bool]], host: str = "0.0.0.0"
) -> AsyncIterator[None]:
    """Answer on `port` while the block runs; nothing where it is None.

    `/live` is 200 as long as the event loop turns. `/ready` is 200 when everything that `ready` names is
    true, else 503; both say so in JSON. Raises SetupError when the port is taken.
    """
    if port is None:
        yield
        return
    runner = web.AppRunner(_app(ready), access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    try:
        await _listen(runner, host, port)
        yield
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, host: str, port: int) -> None:
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        raise SetupError(f"HEALTH_PORT={port} cannot be used ({error}): choose another.") from error


def _app(ready: Callable[[], Mapping[str, bool]]) -> web.Application:
    async def live(_: web.Request) -> web.Response:
        return web.json_response({"live": True})

    async def readiness(_: web.Request) -> web.Response:
        parts = dict(ready())
        whole = all(parts.values())
        return web.json_response({"ready": whole, **parts}, status=200 if whole else 503)

    app = web.Application()
    app.router.add_get("/live", live)
    app.router.add_get("/ready", readiness)
    return app
