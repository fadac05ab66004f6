"""Every kind of call meets every kind of fault, in every kind of place.

Each ends in the answer, or in a sentence for the asker, or where he cannot be reached in a line of the log.

All faults of one row happen at once, each in a channel, thread, direct conversation or command of its own.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.discord_bot.errors import FOR_CODES
from tests.discord_kit import running
from tests.fake_discord import FakeDiscord, Fault, objects
from tests.fake_discord.objects import ADA, BOT_ID, CHANNEL, GUILD
from tests.fake_footnote import TalkingModel

Json = dict[str, Any]
ASK = "How many parameters does HedgeNet have?"
ME = f"<@{BOT_ID}>"
SAID = "HedgeNet has 4.2 million parameters [1]. "


def _limited(everywhere: bool) -> Json:
    body = {"message": "You are being rate limited.", "retry_after": 0.2, "global": everywhere}
    return {"status": 429, "body": body}


PASSING: dict[str, Json] = {
    "429 route": _limited(False),
    "429 global": _limited(True),
    "500": {"status": 500},
    "503": {"status": 503},
    "reset": {"drop": True},
    "slow": {"status": 200, "delay": 0.4},
}
LASTING: dict[str, Json] = {
    "403": {"status": 403, "code": 50013, "times": 9},
    "404": {"status": 404, "code": 10008, "times": 9},
}
FAULTS = PASSING | LASTING
NUMBER = {name: str(4_000_000_000_000_000_000 + 10 * n) for n, name in enumerate(FAULTS)}


@pytest_asyncio.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    """A Discord with a channel, a thread and a person for each fault, and hardly any limits of its own."""
    async with FakeDiscord() as discord:
        discord.buckets.limit = discord.global_limit.limit = 10_000
        for name, number in NUMBER.items():
            channel = objects.text_channel(number, name, GUILD)
            thread = objects.thread_channel(number[:-1] + "1", name, number, GUILD, BOT_ID)
            person = objects.user(number[:-1] + "2", f"person-{number[-2:]}")
            discord.world.guild["channels"].append(channel)
            discord.world.guild["threads"].append(thread)
            discord.world.channels |= {channel["id"]: channel, thread["id"]: thread}
            discord.world.users[person["id"]] = person
        yield discord
        assert discord.world.pings == [] and discord.world.previews == 0


def place_of(fake: FakeDiscord, where: str, name: str) -> str:
    number = NUMBER[name]
    if where == "direct":
        return str(fake.world.dm_with(number[:-1] + "2")["id"])
    return number[:-1] + "1" if where == "thread" else number


def seen_by(fake: FakeDiscord, channel: str, person: str) -> str:
    """All that this person can read of the bot's, there and directly."""
    direct = fake.world.dm_with(person)["id"]
    return "\n".join(m["content"] for m in (*fake.answers(channel), *fake.answers(direct)))


def outcome(text: str) -> str:
    if "**HedgeNet" in text:
        return "answer"
    return "sentence" if any(sentence in text for sentence in FOR_CODES.values()) else "log"


async def outcomes(
    ask: Callable[[str], Awaitable[Callable[[], str]]],
    expected: dict[str, str],
    logged: Callable[[], bool] = lambda: True,
) -> dict[str, str]:
    """What came of each fault: as soon as it is what was expected, else after eight seconds."""
    views = {name: await ask(name) for name in FAULTS}
    end = asyncio.get_running_loop().time() + 8.0
    while asyncio.get_running_loop().time() < end:
        if {name: outcome(view()) for name, view in views.items()} == expected and logged():
            break
        await asyncio.sleep(0.02)
    return {name: outcome(view()) for name, view in views.items()}


ALL = dict.fromkeys(PASSING, "answer")
LOST = "An answer could not be delivered"


@pytest.mark.parametrize(
    "where, lasting",
    [
        ("mention", {"403": "sentence", "404": "log"}),
        ("thread", {"403": "sentence", "404": "log"}),
        ("direct", {"403": "log", "404": "log"}),
    ],
)
async def test_creating_a_message(
    fake: FakeDiscord, tmp_path: Path, caplog: pytest.LogCaptureFixture, where: str, lasting: dict[str, str]
) -> None:
    async def ask(name: str) -> Callable[[], str]:
        channel, person = place_of(fake, where, name), NUMBER[name][:-1] + "2"
        code = {"code": 10003} if name == "404" else {}
        fake.faults.append(Fault("POST", f"/channels/{channel}/messages$", **(FAULTS[name] | code)))
        await fake.say(f"{ME} {ASK}", channel=channel, author=person)
        return lambda: seen_by(fake, channel, person)

    async with running(fake, tmp_path):
        expected = ALL | lasting
        assert await outcomes(ask, expected, lambda: caplog.text.count(LOST) == 2) == expected
    assert caplog.text.count(LOST) == 2
    assert "trying once more" in caplog.text


@pytest.mark.parametrize("where", ["mention", "thread", "direct"])
async def test_editing_a_message_that_grows(
    fake: FakeDiscord, tmp_path: Path, caplog: pytest.LogCaptureFixture, where: str
) -> None:
    caplog.set_level(logging.INFO)

    async def ask(name: str) -> Callable[[], str]:
        channel, person = place_of(fake, where, name), NUMBER[name][:-1] + "2"
        fake.faults.append(Fault("PATCH", f"/channels/{channel}/messages/", **FAULTS[name]))
        await fake.say(f"{ME} {ASK}", channel=channel, author=person)
        return lambda: seen_by(fake, channel, person)

    async with running(fake, tmp_path, model=TalkingModel([SAID, "It prunes its own branches [1]."], 0.05)):
        expected = ALL | dict.fromkeys(LASTING, "sentence")
        assert await outcomes(ask, expected) == expected
    assert "An answer could not be delivered: Forbidden, status 403, code 50013" in caplog.text


@pytest.mark.parametrize(
    "call, path, lasting",
    [
        ("callback", "POST /TOKEN/callback", {"403": "log", "404": "log"}),
        ("original edit", "PATCH /TOKEN/messages/@original", {"403": "log", "404": "log"}),
    ],
)
async def test_answering_a_command(
    fake: FakeDiscord,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    call: str,
    path: str,
    lasting: dict[str, str],
) -> None:
    async def ask(name: str) -> Callable[[], str]:
        method, _, pattern = path.partition(" ")
        fake.faults.append(Fault(method, pattern, **FAULTS[name]))
        asked = await fake.slash("ask", question=ASK, channel=NUMBER[name])
        return lambda: fake.world.messages[str(asked.original)]["content"] if asked.original else ""

    async with running(fake, tmp_path):
        expected = ALL | lasting
        assert await outcomes(ask, expected, lambda: caplog.text.count("could not be") == 2) == expected
    assert caplog.text.count("could not be") == 2, f"the log says which {call} failed"


async def test_the_second_part_of_a_long_answer(
    fake: FakeDiscord, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def ask(name: str) -> Callable[[], str]:
        fake.faults.append(Fault("POST", "/webhooks/.*/TOKEN$", **FAULTS[name]))
        asked = await fake.slash("ask", question=ASK, channel=NUMBER[name])
        return lambda: "".join(
            fake.world.messages[str(key)]["content"] for key in (asked.original, *asked.followups) if key
        )

    async with running(fake, tmp_path, model=TalkingModel([SAID * 60])):
        expected = ALL | {"403": "sentence", "404": "log"}
        assert await outcomes(ask, expected, lambda: caplog.text.count(LOST) == 2) == expected
    assert caplog.text.count(LOST) == 2


async def test_opening_a_thread(fake: FakeDiscord, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def ask(name: str) -> Callable[[], str]:
        channel, person = NUMBER[name], NUMBER[name][:-1] + "2"
        fake.faults.append(Fault("POST", f"/channels/{channel}/messages/.*/threads$", **FAULTS[name]))
        question = await fake.say(f"{ME} {ASK}", channel=channel, author=person)
        return lambda: seen_by(fake, channel, person) + seen_by(fake, question["id"], person)

    async with running(fake, tmp_path):
        told = await fake.slash("settings", what="threads", value="on")
        await fake.until(lambda: told.original)
        expected = ALL | dict.fromkeys(LASTING, "answer")
        assert await outcomes(ask, expected) == expected, "without a thread if need be"
    assert "No thread could be opened" in caplog.text


async def test_sending_a_file(fake: FakeDiscord, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def ask(name: str) -> Callable[[], str]:
        fake.faults.append(Fault("PATCH", "/TOKEN/messages/@original", **FAULTS[name]))
        asked = await fake.slash("my-data", channel=NUMBER[name])

        def view() -> str:
            message = fake.world.messages.get(str(asked.original), {})
            whole = [fake.world.files[one["id"]] for one in message.get("attachments", [])]
            return "**HedgeNet" if whole and whole[0].startswith(b"{") else message.get("content", "")

        return view

    async with running(fake, tmp_path):
        expected = ALL | {"403": "log", "404": "log"}
        assert await outcomes(ask, expected, lambda: caplog.text.count(LOST) == 2) == expected
    assert caplog.text.count(LOST) == 2


@pytest.mark.parametrize("name", FAULTS)
async def test_telling_the_commands(
    fake: FakeDiscord, tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    fake.faults.append(Fault("PUT", "/commands$", **FAULTS[name]))
    async with running(fake, tmp_path):
        await fake.say(f"{ME} {ASK}")
        await fake.until(lambda: outcome(seen_by(fake, CHANNEL, ADA)) == "answer")
    assert bool(fake.world.commands) == (name in PASSING)
    assert ("Discord was not told the commands" in caplog.text) == (name in LASTING)
