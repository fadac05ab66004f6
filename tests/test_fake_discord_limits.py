"""More of the fake Discord's rules, each broken once: bytes, choices, archives, a day's commands."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from tests.fake_discord import FakeDiscord
from tests.fake_discord.objects import APPLICATION_ID, THREAD
from tests.fake_discord.rules import COMPONENTS_V2, V2_BYTES
from tests.test_fake_discord import Caller

Json = dict[str, Any]


@pytest_asyncio.fixture
async def call() -> AsyncIterator[Caller]:
    async with FakeDiscord() as fake, aiohttp.ClientSession() as session:
        yield Caller(fake, session)


def panel(text: str) -> Json:
    return {"flags": COMPONENTS_V2, "components": [{"type": 10, "content": text}]}


@pytest.mark.parametrize(
    "text, status",
    [("a" * 4000, 200), ("é" * 4000, 200), ("文" * 3390, 200), ("文" * 3391, 500), ("a" * 4001, 400)],
)
async def test_components_have_a_limit_in_characters_and_one_in_bytes(
    call: Caller, text: str, status: int
) -> None:
    assert (await call.post(**panel(text)))[0] == status
    assert (status == 500) == (len(text.encode()) > V2_BYTES)


def select(**more: Any) -> Json:
    option = {"label": "a", "value": "b"}
    parts = {"type": 3, "custom_id": "s", "options": [option], **more}
    return {"content": "x", "components": [{"type": 1, "components": [parts]}]}


@pytest.mark.parametrize(
    "bad",
    [
        {"options": [{"label": str(n), "value": str(n)} for n in range(26)]},
        {"options": [{"label": "a" * 101, "value": "b"}]},
        {"options": [{"label": "a", "value": "b", "description": "c" * 101}]},
        {"placeholder": "p" * 151},
    ],
)
async def test_a_bad_menu_is_refused(call: Caller, bad: Json) -> None:
    assert (await call.post(**select()))[0] == 200
    status, answer = await call.post(**select(**bad))
    assert (status, answer["code"]) == (400, 50035)


async def test_a_link_on_a_button_has_a_limit(call: Caller) -> None:
    for length, status in ((512, 200), (513, 400)):
        url = "https://papers.example/".ljust(length, "a")
        link = {"type": 2, "style": 5, "label": "Read", "url": url}
        row = {"type": 1, "components": [link]}
        assert (await call.post(content="x", components=[row]))[0] == status


async def test_nothing_is_edited_in_an_archived_thread(call: Caller) -> None:
    _, message = await call("POST", f"/channels/{THREAD}/messages", {"content": "x"})
    call.fake.world.channels[THREAD]["thread_metadata"]["archived"] = True
    path = f"/channels/{THREAD}/messages/{message['id']}"
    status, answer = await call("PATCH", path, {"content": "y"})
    assert (status, answer["code"]) == (400, 50083)


async def test_two_hundred_new_commands_a_day(call: Caller) -> None:
    def commands(first: int) -> list[Json]:
        return [{"name": f"c{n}", "description": "d", "type": 1} for n in range(first, first + 100)]

    path = f"/applications/{APPLICATION_ID}/commands"
    for first in (0, 0, 100):
        assert (await call("PUT", path, commands(first)))[0] == 200, "old names are no new commands"
    status, answer = await call("PUT", path, commands(200))
    assert (status, answer["code"]) == (400, 30034)
