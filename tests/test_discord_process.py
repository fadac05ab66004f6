"""The bot as a process of its own: only so does it show when its event loop is blocked, or how it dies."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.discord_bot.surfaces import INTERRUPTED
from tests.discord_kit import reply_in, stored
from tests.fake_discord import FakeDiscord
from tests.fake_discord.objects import BOT_ID, CHANNEL

ASK = "How many parameters does HedgeNet have?"
ROOT = Path(__file__).resolve().parent.parent


@contextlib.asynccontextmanager
async def process(fake: FakeDiscord, data: Path, how: str, seconds: float) -> AsyncIterator[Process]:
    """The bot's process, ready; killed at the end if it still runs."""
    before = fake.gateway.ready
    started = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.discord_process", fake.api_url, fake.gateway_url, str(data), how, str(seconds)),
        cwd=ROOT,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        await fake.connected(before + 1, seconds=30)
        yield started
    finally:
        if started.returncode is None:
            started.kill()
        await started.communicate()


async def test_a_slow_library_delays_no_acknowledgement(tmp_path: Path) -> None:
    async with FakeDiscord() as fake, process(fake, tmp_path, "threaded", 1.0):
        first = await fake.slash("ask", question=ASK)
        await fake.until(lambda: first.acknowledged)
        more = [
            await fake.slash("search", query="hedges"),
            await fake.slash("paper", title="hedge"),
            await fake.slash("ask", question=ASK),
        ]
        await fake.until(lambda: all(i.acknowledged for i in more))
        more += [await fake.slash("ask", question=ASK)]
        await fake.until(lambda: all(i.acknowledged for i in more))
        assert max(i.ack_seconds for i in (first, *more)) < 0.8
        assert first.waiting, "the searches of one second are still running"
        await fake.until(lambda: not any(i.waiting for i in (first, *more)))
        assert fake.refusals == []


async def test_a_blocked_event_loop_would_show(tmp_path: Path) -> None:
    async with FakeDiscord(ack_seconds=0.5) as fake, process(fake, tmp_path, "blocking", 0.9):
        first = await fake.slash("ask", question=ASK)
        await fake.until(lambda: first.acknowledged)
        later = []
        for _ in range(8):  # one of them comes while the loop is blocked, whenever that begins
            later.append(await fake.slash("ask", question=ASK))
            await asyncio.sleep(0.05)
        await fake.until(lambda: fake.refusals)
        assert "10062" in fake.refusals[0]
        assert any(one.acknowledged is None for one in later)


async def test_sigterm_lets_a_running_answer_end_and_exits_cleanly(tmp_path: Path) -> None:
    async with FakeDiscord() as fake, process(fake, tmp_path, "slow", 0.8) as bot:
        await fake.say(f"<@{BOT_ID}> {ASK}")
        await reply_in(fake)
        bot.send_signal(signal.SIGTERM)
        await asyncio.sleep(0.1)
        await fake.say(f"<@{BOT_ID}> {ASK}")
        _, log = await asyncio.wait_for(bot.communicate(), 8)
        assert bot.returncode == 0
        assert b"Traceback" not in log and b"Session is closed" not in log
        first, second = [message["content"] for message in fake.answers()]
        assert first.count("prunes itself [1]") == 10 and "**HedgeNet" in first
        assert "being restarted" in second


async def test_sigterm_marks_what_cannot_end_in_time(tmp_path: Path) -> None:
    async with FakeDiscord() as fake, process(fake, tmp_path, "stuck", 0.1) as bot:
        asked = await fake.slash("ask", question=ASK)
        await fake.say(f"<@{BOT_ID}> {ASK}", channel=CHANNEL)
        await fake.until(lambda: sum("prunes" in m["content"] for m in fake.answers()) == 2)
        began = time.monotonic()
        bot.send_signal(signal.SIGTERM)
        _, log = await asyncio.wait_for(bot.communicate(), 10)
        assert time.monotonic() - began < 9, "Docker kills after ten seconds"
        assert bot.returncode == 0 and b"Traceback" not in log
        assert asked.acknowledged
        for message in fake.answers():
            assert "HedgeNet prunes itself [1]." in message["content"]
            assert message["content"].endswith(INTERRUPTED)


@pytest.mark.long
async def test_sigterm_waits_for_no_search_that_does_not_end(tmp_path: Path) -> None:
    async with FakeDiscord() as fake, process(fake, tmp_path, "threaded", 30.0) as bot:
        asked = await fake.slash("ask", question=ASK)
        await fake.until(lambda: asked.acknowledged)
        began = time.monotonic()
        bot.send_signal(signal.SIGTERM)
        await asyncio.wait_for(bot.communicate(), 12)
        assert time.monotonic() - began < 10 and bot.returncode == 0
    assert "Interrupted" in fake.answers()[0]["content"]


async def test_what_a_killed_bot_left_half_written_is_marked_by_its_next_life(tmp_path: Path) -> None:
    async with FakeDiscord() as fake:
        async with process(fake, tmp_path, "stuck", 0.1) as bot:
            public = await fake.slash("ask", question=ASK)
            private = await fake.slash("ask", question=ASK, private=True)
            await fake.say(f"<@{BOT_ID}> {ASK}", channel=CHANNEL)
            await fake.until(lambda: sum("prunes" in m["content"] for m in fake.answers()) == 3)
            await fake.until(lambda: len(stored(tmp_path, "SELECT * FROM unfinished WHERE message")) == 3)
            bot.kill()
            await bot.wait()
            asked = await fake.say(f"<@{BOT_ID}> {ASK}")
        async with process(fake, tmp_path, "slow", 0.2):
            marked = fake.answers()[:3]
            await fake.until(lambda: sum(m["content"].endswith(INTERRUPTED) for m in marked) == 3)
            assert {public.original, private.original} < {m["id"] for m in marked}
            assert all("HedgeNet prunes itself" in m["content"] for m in marked)
            (new,) = await fake.until(lambda: [m for m in fake.answers() if m not in marked])
            assert new["message_reference"]["message_id"] == asked["id"]
            await fake.until(lambda: "**HedgeNet" in new["content"])
            await fake.until(lambda: stored(tmp_path, "SELECT * FROM unfinished") == [])
        assert fake.refusals == [] and fake.world.pings == []


async def test_what_a_killed_bot_had_only_begun_is_answered_by_its_next_life(tmp_path: Path) -> None:
    async with FakeDiscord() as fake:
        async with process(fake, tmp_path, "threaded", 30.0) as bot:
            await fake.say(f"<@{BOT_ID}> {ASK}")
            asked = await fake.slash("ask", question=ASK)
            await fake.until(lambda: len(stored(tmp_path, "SELECT * FROM unfinished")) == 2)
            bot.kill()
            await bot.wait()
        async with process(fake, tmp_path, "slow", 0.1):
            await fake.until(lambda: not asked.waiting)
            assert fake.world.messages[str(asked.original)]["content"] == INTERRUPTED
            await fake.until(lambda: "**HedgeNet" in fake.answers()[-1]["content"])
        assert len(fake.answers()) == 2 and fake.refusals == []


async def test_titles_complete_themselves_while_every_search_is_busy(tmp_path: Path) -> None:
    async with FakeDiscord() as fake, process(fake, tmp_path, "threaded", 0.5):
        asked = [await fake.slash("ask", question=ASK) for _ in range(20)]
        await fake.until(lambda: all(i.acknowledged for i in asked))
        typed = await fake.type_into("paper", "title", "hedge")
        await fake.until(lambda: typed.acknowledged)
        assert typed.ack_seconds < 1.5, "half a second, and not the two seconds of the queue"
        assert typed.choices


async def test_fifty_questions_and_a_slow_model_delay_no_acknowledgement(tmp_path: Path) -> None:
    async with FakeDiscord() as fake, process(fake, tmp_path, "slow", 20.0):
        fake.global_limit.limit = 10_000
        asked = [await fake.slash("ask", question=ASK) for _ in range(50)]
        await fake.until(lambda: all(i.acknowledged for i in asked))
        late = []
        for number in range(30):
            late.append(await fake.slash(("paper", "ask", "help")[number % 3], **_options(number % 3)))
            await asyncio.sleep(0.03)
        await fake.until(lambda: all(i.acknowledged for i in late))
        seconds = sorted(i.ack_seconds for i in late)
        print(f"acknowledged: median {1000 * seconds[15]:.0f} ms, slowest {1000 * seconds[-1]:.0f} ms")
        assert seconds[15] < 0.3 and seconds[-1] < 1.0, "median; and the slowest on a busy machine"
        await fake.until(lambda: not any(i.waiting for i in asked))  # first words, or a place in the queue
        assert fake.refusals == []


def _options(number: int) -> dict[str, str]:
    return ({"title": "hedge"}, {"question": ASK}, {})[number]
