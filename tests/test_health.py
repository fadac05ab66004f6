"""/live and /ready over HTTP."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.errors import SetupError
from bot.health import serve_health
from tests.discord_kit import running
from tests.fake_discord import FakeDiscord


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


async def ask(port: int, path: str) -> tuple[int, Any]:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}{path}") as response:
        return response.status, await response.json()


async def test_live_and_ready_are_two_things() -> None:
    parts = {"discord": False}
    port = free_port()
    async with serve_health(port, lambda: parts):
        assert await ask(port, "/live") == (200, {"live": True})
        assert await ask(port, "/ready") == (503, {"ready": False, "discord": False})
        parts["discord"] = True
        assert await ask(port, "/ready") == (200, {"ready": True, "discord": True})
    with pytest.raises(aiohttp.ClientConnectionError):
        await ask(port, "/live")


async def test_ready_follows_the_connection_to_discord(tmp_path: Path) -> None:
    port = free_port()
    async with FakeDiscord() as fake, running(fake, tmp_path, health_port=port):
        assert (await ask(port, "/ready"))[0] == 200
        fake.gateway.refuse = 1
        await fake.gateway.hang_up(4000)
        await fake.until(lambda: fake.gateway.refuse == 0)
        assert (await ask(port, "/ready"))[0] == 503
        assert (await ask(port, "/live"))[0] == 200
        await fake.connected(2)
        assert (await ask(port, "/ready"))[0] == 200


async def test_without_a_port_nothing_listens() -> None:
    async with serve_health(None, dict, host="no.such.host.invalid"):  # which would raise SetupError
        pass


async def test_a_taken_port_is_said_with_its_setting() -> None:
    with socket.socket() as taken:
        taken.bind(("0.0.0.0", 0))
        taken.listen()
        with pytest.raises(SetupError, match="HEALTH_PORT="):
            async with serve_health(taken.getsockname()[1], dict):
                pass
