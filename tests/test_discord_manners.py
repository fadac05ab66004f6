"""How the bot behaves where it is: settings, fair use, corrections, and what it has handled before."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.discord_bot.client import FootnoteClient
from bot.discord_bot.store import DAY, FILE, Store
from tests.discord_kit import healthy_discord, reply_in, running, stored, text_of
from tests.fake_discord import FakeDiscord, Intents, objects
from tests.fake_discord.objects import (
    ADA,
    BEN,
    BOT_ID,
    CHANNEL,
    FORUM,
    GUILD,
    OTHER_BOT,
    OTHER_CHANNEL,
    THREAD,
)
from tests.fake_footnote import TalkingModel, TitledLibrary

ASK = "How many parameters does HedgeNet have?"
WHY = "Why does HedgeNet prune every 500 steps?"
ME = f"<@{BOT_ID}>"


@pytest_asyncio.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with healthy_discord() as discord:
        discord.gateway.allowed_privileged = Intents.MESSAGE_CONTENT
        yield discord


async def choose(fake: FakeDiscord, what: str, value: str = "on", **where: Any) -> str:
    return await text_of(fake, await fake.slash("settings", what=what, value=value, **where))


# settings


async def test_settings_are_shown_changed_and_kept(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path):
        shown = await fake.slash("settings")
        assert "answer messages that call me: **on**" in await text_of(fake, shown) and shown.ephemeral
        assert "message-content intent" in await choose(fake, "everything", channel_=CHANNEL)
        await choose(fake, "answers", "off")
    async with running(fake, tmp_path):
        there = await text_of(fake, await fake.slash("settings", channel_=CHANNEL))
        assert f"In <#{CHANNEL}>" in there and "called or not: **on**" in there
        assert "call me: **off**" in there
        back = await choose(fake, "everything", "as the server", channel_=CHANNEL)
    assert "called or not: **off**" in back


async def test_a_silent_server_is_answered_in_private_only(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path):
        await choose(fake, "answers", "off")
        await choose(fake, "answers", "on", channel_=OTHER_CHANNEL)
        await fake.say(f"{ME} {ASK}")
        asked = await fake.slash("ask", question=ASK)
        assert "4.2 million" in await text_of(fake, asked) and asked.ephemeral
        quiet = await fake.slash("search", query="pruning networks")
        assert "HedgeNet" in await text_of(fake, quiet) and quiet.ephemeral
        aloud = await fake.slash("search", query="pruning networks", channel=OTHER_CHANNEL)
        assert "HedgeNet" in await text_of(fake, aloud) and not aloud.ephemeral
        await fake.say(f"{ME} {ASK}", channel=OTHER_CHANNEL)
        await reply_in(fake, OTHER_CHANNEL, count=2)
        direct = await fake.say_privately(ASK)
        await reply_in(fake, direct["channel_id"])
    assert all(m["flags"] & 64 for m in fake.answers())


async def test_in_a_channel_for_questions_no_mention_is_needed(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path, message_content=True):
        await choose(fake, "everything", channel_=OTHER_CHANNEL)
        theirs = await fake.say("I like trees.", channel=OTHER_CHANNEL, author=OTHER_BOT)
        for text in (f"<@{BEN}> {ASK}", f"@here {ASK}"):
            await fake.say(text, channel=OTHER_CHANNEL)
        await fake.say("hm", channel=OTHER_CHANNEL, reply_to=theirs)
        await fake.say(ASK, channel=OTHER_CHANNEL)
        await reply_in(fake, OTHER_CHANNEL)
        await fake.say(ASK)
        await text_of(fake, await fake.slash("help"))
    assert len(fake.answers(OTHER_CHANNEL)) == 1, "not what is meant for others"
    assert [m for m in fake.answers() if not m["flags"] & 64] == []


async def test_an_answer_in_a_thread_of_its_own_and_what_follows_there(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    model = TalkingModel(["HedgeNet has 4.2 million parameters [1]."])
    async with running(fake, tmp_path, model=model, message_content=True):
        await choose(fake, "threads")
        question = await fake.say(f"{ME} {ASK}")
        answer = await reply_in(fake, question["id"])
        assert "message_reference" not in answer
        await fake.until(lambda: "[1] [**" in fake.answers(question["id"])[0]["content"])  # it has ended
        await fake.say("why does it prune its branches?", channel=question["id"])
        await reply_in(fake, question["id"], count=2)
        await fake.say(f"{ME} {ASK}", channel=THREAD)
        await reply_in(fake, THREAD)
    assert fake.world.channels[question["id"]]["name"] == ASK
    assert ASK in "\n".join(part["content"] for part in model.asked[1])
    assert [m for m in fake.answers() if not m["flags"] & 64] == [], "nothing in the channel"


async def test_without_the_right_to_open_threads_the_answer_stays_in_the_channel(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    async with running(fake, tmp_path):
        await choose(fake, "threads")
        fake.world.denied[CHANNEL] = {"thread"}
        await fake.say(f"{ME} {ASK}")
        await fake.until(lambda: [m for m in fake.answers() if "4.2 million" in m["content"]])
    assert "50013" in fake.refusals.pop()


async def test_a_new_forum_post_is_a_question_where_that_is_switched_on(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    library = TitledLibrary()
    async with running(fake, tmp_path, library, message_content=True):
        await fake.post("HedgeNet", "Nobody answers this.")
        await choose(fake, "forum", channel_=FORUM)
        post = await fake.post("HedgeNet", "How many parameters?")
        assert "4.2 million" in (await reply_in(fake, post["id"]))["content"]
        await fake.say("Thank you all!", channel=post["id"])
        await text_of(fake, await fake.slash("help"))
    assert len(library.asked) == 1 and library.asked[0][0].split() == [
        "HedgeNet",
        "How",
        "many",
        "parameters?",
    ]


async def test_a_server_may_have_quotations_only(fake: FakeDiscord, tmp_path: Path) -> None:
    model = TalkingModel()
    async with running(fake, tmp_path, model=model):
        await choose(fake, "quotes", channel_=CHANNEL)
        assert "word for word" in await text_of(fake, await fake.slash("ask", question=ASK))
        assert model.asked == []
        await text_of(fake, await fake.slash("ask", question=ASK, channel=OTHER_CHANNEL))
    assert len(model.asked) == 1


# corrections


async def test_a_corrected_question_is_answered_anew_in_the_same_place(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    async with running(fake, tmp_path):
        question = await fake.say(f"{ME} {ASK}")
        answer = await reply_in(fake)
        await fake.edit(question, f"{ME} {WHY}")
        await fake.until(lambda: "every 500 steps" in answer["content"] and answer["components"])
        await fake.edit(question, f"{ME} {WHY}", embeds=[{"type": "link"}])
        await text_of(fake, await fake.slash("help"))
        pressed = await fake.press(answer, "Sources")
        assert "every 500 steps" in await text_of(fake, pressed), "the buttons are those of the new answer"
    assert len([m for m in fake.answers() if not m["flags"] & 64]) == 1
    assert len(stored(tmp_path, "SELECT * FROM answers")) == 1


async def test_a_correction_while_the_answer_is_written_ends_the_old_one(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    held = asyncio.Event()
    model = TalkingModel(["HedgeNet prunes itself [1]. "] * 3, pause=0.01, held=held)
    async with running(fake, tmp_path, model=model):
        question = await fake.say(f"{ME} {ASK}")
        answer = await reply_in(fake)
        await fake.edit(question, f"{ME} {WHY}")
        await fake.until(lambda: len(model.asked) == 2)
        held.set()
        await fake.until(lambda: answer["components"], 5)
    assert len(fake.answers()) == 1
    assert stored(tmp_path, "SELECT question FROM answers") == [(WHY,)]


async def test_a_corrected_question_forgets_what_was_corrected_also_in_a_thread(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    model = TalkingModel(["HedgeNet has 4.2 million parameters [1]."])
    async with running(fake, tmp_path, model=model):
        await choose(fake, "threads")
        question = await fake.say(f"{ME} {ASK}")
        answer = await reply_in(fake, question["id"])
        await fake.until(lambda: answer["components"])
        await fake.edit(question, f"{ME} {WHY}")
        await fake.until(lambda: len(model.asked) == 2)
        await fake.until(lambda: fake.sent("PATCH", f"{question['id']}/messages/{answer['id']}$"))
    assert ASK not in "\n".join(part["content"] for part in model.asked[1])
    assert len(fake.answers(question["id"])) == 1


async def test_a_shorter_new_answer_leaves_nothing_of_the_long_old_one(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    model = TalkingModel(["A point about networks that prune themselves [1].\n\n" * 80])
    async with running(fake, tmp_path, model=model):
        question = await fake.say(f"{ME} {ASK}")
        await fake.until(lambda: any(m["components"] for m in fake.answers()))
        assert len(fake.answers()) >= 2
        model.pieces = ["HedgeNet prunes its own branches while it trains [1]."]
        await fake.edit(question, f"{ME} {WHY}")
        await fake.until(lambda: len(fake.answers()) == 1 and fake.answers()[0]["components"])
    assert fake.answers()[0]["content"].startswith("HedgeNet prunes its own")


async def test_an_old_question_may_be_changed_without_an_answer(
    fake: FakeDiscord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.discord_bot.asking.EDIT_SECONDS", 0.0)
    async with running(fake, tmp_path):
        question = await fake.say(f"{ME} {ASK}")
        answer = await reply_in(fake)
        await fake.edit(question, f"{ME} {WHY}")
        await text_of(fake, await fake.slash("help"))
    assert "4.2 million" in answer["content"]


async def test_a_question_that_is_taken_back_ends_the_work(fake: FakeDiscord, tmp_path: Path) -> None:
    model = TalkingModel(["HedgeNet prunes itself [1]. "] * 3, held=asyncio.Event())
    async with running(fake, tmp_path, model=model):
        question = await fake.say(f"{ME} {ASK}")
        await reply_in(fake)
        await fake.take_back(question)
        await fake.until(lambda: not fake.answers())
        done = await fake.say(f"{ME} {ASK}", channel=OTHER_CHANNEL)
        assert model.held is not None
        model.held.set()
        await reply_in(fake, OTHER_CHANNEL)
        await fake.until(lambda: fake.answers(OTHER_CHANNEL)[0]["components"])
        await text_of(fake, await fake.slash("help"))  # by then the work is over on the bot's side too
        await fake.take_back(done)
        await text_of(fake, await fake.slash("help"))
    assert len(fake.answers(OTHER_CHANNEL)) == 1, "a finished answer stays"


# what was handled before


async def test_a_message_that_comes_again_after_a_restart_is_not_answered_again(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    async with running(fake, tmp_path):
        question = await fake.say(f"{ME} {ASK}")
        await reply_in(fake)
    async with running(fake, tmp_path):
        await fake.deliver_again(question)
        await fake.say(f"{ME} {ASK}", channel=OTHER_CHANNEL)
        await reply_in(fake, OTHER_CHANNEL)
    assert len(fake.answers()) == 1


async def test_what_was_asked_while_it_was_away_is_answered_once(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path):
        for channel in (CHANNEL, fake.world.dm_with(ADA)["id"]):
            await fake.say(f"{ME} {ASK}", channel=channel)
            await reply_in(fake, channel)
    long_ago = str(int(objects.snowflake()) - (16 * 60 * 1000 << 22))
    await fake.say(f"{ME} {WHY}", id=long_ago)
    await fake.say(f"{ME} {WHY}")
    await fake.say("not for the bot")
    await fake.say(f"{ME} {WHY}", channel=OTHER_CHANNEL)  # nobody asked there before
    await fake.say(WHY, channel=THREAD)  # a thread of its own
    direct = await fake.say_privately(WHY)
    places = {CHANNEL: 2, direct["channel_id"]: 2, OTHER_CHANNEL: 1, THREAD: 1}
    for _ in range(2):
        async with running(fake, tmp_path, message_content=True):
            for channel, count in places.items():
                assert "500 steps" in (await reply_in(fake, channel, count))["content"]
            await text_of(fake, await fake.slash("help", channel=FORUM))
    assert {channel: len(fake.answers(channel)) for channel in places} == places


async def test_what_was_missed_while_a_session_was_lost_is_answered(
    fake: FakeDiscord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def at_once(self: FootnoteClient, shard: int | None, *, initial: bool = False) -> None:
        return

    monkeypatch.setattr(FootnoteClient, "before_identify_hook", at_once)
    async with running(fake, tmp_path):
        fake.gateway.refuse = 1
        fake.gateway.forget_sessions()
        await fake.gateway.hang_up(4000)
        await fake.say(f"{ME} {ASK}", channel=OTHER_CHANNEL)
        await fake.connected(2)
        assert "4.2 million" in (await reply_in(fake, OTHER_CHANNEL))["content"]


async def test_nobody_is_answered_late_who_did_not_ask_the_bot(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path, message_content=True):
        await choose(fake, "everything", channel_=OTHER_CHANNEL)
    await fake.say(ASK, channel=OTHER_CHANNEL)
    await fake.say(f"{ME} {WHY}", channel=OTHER_CHANNEL)
    async with running(fake, tmp_path, message_content=True):
        assert "500 steps" in (await reply_in(fake, OTHER_CHANNEL))["content"]
        await fake.say(ASK, channel=OTHER_CHANNEL)
        assert "4.2 million" in (await reply_in(fake, OTHER_CHANNEL, count=2))["content"]
    assert len(fake.answers(OTHER_CHANNEL)) == 2


async def test_a_broken_store_costs_the_memory_and_no_answer(
    fake: FakeDiscord, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / FILE).write_bytes(b"this is no database" * 100)
    async with running(fake, tmp_path):
        question = await fake.say(f"{ME} {ASK}")
        assert "4.2 million" in (await reply_in(fake))["content"]
        await fake.deliver_again(question)
        asked = await fake.slash("ask", question=ASK)
        assert "4.2 million" in await text_of(fake, asked)
    assert len(fake.answers()) == 2 and "going on without it" in caplog.text


def rights_of_others(folder: Path) -> list[int]:
    return [file.stat().st_mode & 0o077 for file in folder.glob(f"{FILE}*")]


async def test_what_is_old_is_forgotten_and_so_are_servers_that_were_left(tmp_path: Path) -> None:
    now = 1_000_000.0
    store = Store(tmp_path, clock=lambda: now)
    assert await store.first_time(1) and not await store.first_time(1)
    await store.write("INSERT INTO answers VALUES (1, 7, 5, 0, 'q', 0, '{}', ?)", now)
    await store.write("INSERT INTO choices VALUES (5, 0, 'threads', '1')")
    await store.write("INSERT INTO choices VALUES (6, 0, 'threads', '1')")
    for guild in (5, 6):
        await store.write("INSERT INTO left_servers VALUES (?, ?)", guild, now)
    now += 31 * DAY
    await store.forget_old(30, here=[6])
    assert await store.rows("SELECT * FROM answers") == []
    assert await store.rows("SELECT guild FROM choices") == [(6,)], "it is in the other one again"
    assert await store.rows("SELECT * FROM left_servers") == []
    assert await store.first_time(1)
    assert rights_of_others(tmp_path) == [0, 0, 0]  # its log too, which holds what was written last
    store.close()


async def test_a_server_that_removes_the_bot_is_noted(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path):
        await choose(fake, "threads")
        await fake.gateway.dispatch("GUILD_DELETE", {"id": GUILD})
        left: Sequence[Any] = await fake.until(lambda: stored(tmp_path, "SELECT guild FROM left_servers"))
    assert left == [(int(GUILD),)]
