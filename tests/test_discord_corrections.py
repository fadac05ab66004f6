"""Corrected and deleted questions, votes that change, and wishes to be forgotten, on the fake Discord."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest_asyncio

from bot.discord_bot.interaction_surface import LATE
from bot.discord_bot.lookups import comparison_found
from bot.discord_bot.presses import FORGOTTEN, UNNOTED
from bot.discord_bot.store import DAY, Store
from bot.discord_bot.trends import EARLIER, trend_found
from bot.rendering import LIMIT
from tests.discord_kit import healthy_discord, reply_in, running, stored, text_of
from tests.fake_discord import FakeDiscord, Intents
from tests.fake_discord.objects import ADA, BEN, BOT_ID, CHANNEL, GUILD
from tests.fake_footnote import TalkingModel, TitledLibrary
from tests.fakes import paper, passage

ASK = "How many parameters does HedgeNet have?"
WHY = "Why does HedgeNet prune every 500 steps?"
ME = f"<@{BOT_ID}>"


@pytest_asyncio.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with healthy_discord() as discord:
        discord.gateway.allowed_privileged = Intents.MESSAGE_CONTENT
        yield discord


def typing() -> int:
    return sum("_keep_typing" in repr(task) for task in asyncio.all_tasks())


async def test_of_many_corrections_the_last_is_answered_and_nothing_goes_on_typing(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    model = TalkingModel(["HedgeNet prunes itself [1]. "] * 3, pause=0.05)
    async with running(fake, tmp_path, model=model):
        question = await fake.say(f"{ME} {ASK}")
        answer = await reply_in(fake)
        for number in range(4):
            await fake.edit(question, f"{ME} {WHY} {number}?")
            await asyncio.sleep(0.05)
        await fake.until(lambda: answer["components"], 9)
        await text_of(fake, await fake.slash("help"))
        await fake.until(lambda: typing() == 0)
    assert stored(tmp_path, "SELECT question FROM answers") == [(f"{WHY} 3?",)]
    assert len([m for m in fake.answers() if not m["flags"] & 64]) == 1


async def test_corrections_count_as_questions(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path, daily_questions=2):
        question = await fake.say(f"{ME} {ASK}")
        answer = await reply_in(fake)
        await fake.edit(question, f"{ME} {WHY}")
        await fake.until(lambda: "every 500 steps" in answer["content"] and answer["components"])
        await fake.edit(question, f"{ME} {ASK}")
        assert "2 of 2" in await text_of(fake, await fake.slash("usage"))
    assert "every 500 steps" in answer["content"]


async def test_two_commands_at_once_are_two_questions(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path, daily_questions=1):
        asked = [await fake.slash("ask", question=ASK) for _ in range(3)]
        shown = [await text_of(fake, one) for one in asked]
    assert sum("4.2 million" in text for text in shown) == 1


async def test_questions_that_moderators_delete_together_end_their_work(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    model = TalkingModel(["HedgeNet prunes itself [1]. "] * 3, held=asyncio.Event())
    async with running(fake, tmp_path, model=model):
        question = await fake.say(f"{ME} {ASK}")
        await reply_in(fake)
        fake.delete(question)
        gone = {"ids": [question["id"]], "channel_id": CHANNEL, "guild_id": GUILD}
        await fake.gateway.dispatch("MESSAGE_DELETE_BULK", gone)
        await fake.until(lambda: not fake.answers())


async def test_what_others_say_to_each_other_in_its_thread_is_not_answered(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    async with running(fake, tmp_path, message_content=True):
        await text_of(fake, await fake.slash("settings", what="threads", value="on"))
        question = await fake.say(f"{ME} {ASK}")
        await reply_in(fake, question["id"])
        await fake.say(f"<@{BEN}> {ASK}", channel=question["id"])
        await fake.say(WHY, channel=question["id"])
        await fake.until(lambda: len(fake.answers(question["id"])) == 2)
        await text_of(fake, await fake.slash("help"))
    assert len(fake.answers(question["id"])) == 2


async def test_a_forwarded_answer_brings_no_conversation_along(fake: FakeDiscord, tmp_path: Path) -> None:
    model = TalkingModel(["HedgeNet has 4.2 million parameters [1]."])
    async with running(fake, tmp_path, model=model):
        await fake.say(f"{ME} {ASK}")
        answer = await reply_in(fake)
        await fake.until(lambda: answer["components"])
        where = {"message_id": answer["id"], "channel_id": CHANNEL, "guild_id": GUILD, "type": 1}
        direct = await fake.say_privately(WHY, message_reference=where)
        await reply_in(fake, direct["channel_id"])
    assert ASK not in "\n".join(part["content"] for part in model.asked[1])


async def test_a_changed_vote_drops_its_reason_and_a_forgotten_answer_takes_none(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    async with running(fake, tmp_path):
        await fake.say(f"{ME} {ASK}")
        answer = await reply_in(fake)
        await fake.until(lambda: answer["components"])
        opened = await fake.press(answer, "👎")
        await fake.until(lambda: opened.modal)
        assert "will read it" in await text_of(fake, await fake.submit(opened, "too short"))
        await text_of(fake, await fake.press(answer, "👍"))
        assert stored(tmp_path, "SELECT good, reason FROM votes") == [(1, "")]
        forget = await fake.slash("forget-me")
        await text_of(fake, forget)
        await text_of(fake, await fake.press(fake.world.messages[str(forget.original)], "Erase it"))
        again = await fake.press(answer, "👎")
        await fake.until(lambda: again.modal)
        assert await text_of(fake, await fake.submit(again, "still")) == FORGOTTEN


async def test_an_answer_that_takes_more_than_a_quarter_of_an_hour_comes_directly(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    model = TalkingModel(["HedgeNet has 4.2 million parameters [1]."], held=asyncio.Event())
    async with running(fake, tmp_path, model=model):
        asked = await fake.slash("ask", question=ASK)
        await fake.until(lambda: asked.acknowledged and model.asked)
        asked.sent -= 16 * 60
        assert model.held is not None
        model.held.set()
        told = await reply_in(fake, fake.world.dm_with(ADA)["id"])
    assert told["content"].startswith(LATE) and "4.2 million" in told["content"]
    assert "50027" in fake.refusals[0]
    fake.refusals.clear()


async def test_of_who_wants_nothing_kept_neither_vote_nor_topic_is(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path):
        await fake.say(f"{ME} {ASK}", author=BEN)
        answer = await reply_in(fake)
        await fake.until(lambda: answer["components"])
        await text_of(fake, await fake.slash("privacy", remember=False))
        for button in ("👍", "👎"):
            assert await text_of(fake, await fake.press(answer, button)) == UNNOTED
        assert "keep nothing" in await text_of(fake, await fake.slash("watch add", topic="pruning"))
    assert stored(tmp_path, "SELECT * FROM votes") == stored(tmp_path, "SELECT * FROM watches") == []


async def test_forgetting_needs_no_server_and_finds_servers_left_unseen(tmp_path: Path) -> None:
    now = 1000 * DAY
    store = Store(tmp_path, clock=lambda: now)
    await store.write("INSERT INTO votes VALUES (1, ?, 0, 1, '', ?)", int(ADA), now)
    await store.write("INSERT INTO choices VALUES (5, 0, 'threads', '1')")
    await store.forget_old(30, [])
    now += 31 * DAY
    await store.forget_old(30, [])
    assert await store.rows("SELECT * FROM votes") == await store.rows("SELECT * FROM choices") == []
    store.close()


def test_six_long_papers_fit_a_comparison_with_whole_links() -> None:
    title = "Learning to Estimate the Pose of Garden Tools from Very Few Labelled Images"
    people, venue = ["Adelheid Rowanberry", "Benjamin Carpenter", "Cornelia Dogwood"], "Garden Vision"
    short = [paper(f"p{n}", f"{title} {n}", authors=people, year=2024, venue=venue) for n in range(6)]
    long = [replace(one, url=f"https://papers.example/{'word_' * 30}") for one in short]
    library = TitledLibrary(passages=[passage(one, "Tools do well in the sun. " * 40) for one in long])
    for count in (2, 4, 6):
        text = comparison_found(library, [one.id for one in long[:count]], None).replies[0].text  # type: ignore[arg-type]
        assert len(text) <= LIMIT and text.count("\n> Tools do well") == count
        heads = [line for line in text.splitlines() if "Learning to" in line]
        assert len(heads) == count and all(line.endswith((">)", "**")) for line in heads)


def test_trends_over_a_hundred_years_fit_a_message() -> None:
    old = [paper(f"p{n}", f"Garden tools {n}", year=1900 + n) for n in range(100)]
    library = TitledLibrary(passages=[passage(one, "Tools.") for one in old])
    text = trend_found(library, "tools").replies[0].text  # type: ignore[arg-type]
    assert len(text) <= LIMIT and f"{EARLIER} " in text and "1999" in text


async def test_an_answer_that_is_being_written_is_not_kept_of_who_is_forgotten(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    held = asyncio.Event()
    model = TalkingModel(["HedgeNet has 4.2 million parameters [1]."], held=held)
    async with running(fake, tmp_path, model=model):
        asked = await fake.slash("ask", question=ASK)
        said = await fake.say(f"{ME} {ASK}")
        other = await fake.slash("ask", question=ASK, asker=BEN)
        await fake.until(lambda: len(model.asked) == 3)
        forget = await fake.slash("forget-me")
        await text_of(fake, forget)
        await text_of(fake, await fake.press(fake.world.messages[str(forget.original)], "Erase it"))
        held.set()
        shown = [fake.world.messages[str(one.original)] for one in (asked, other)]
        await fake.until(lambda: all("[1] [**" in one["content"] for one in shown))
        answer = next(
            m for m in fake.answers() if m.get("message_reference", {}).get("message_id") == said["id"]
        )
        await fake.until(lambda: "[1] [**" in answer["content"])
        await text_of(fake, await fake.slash("ask", question=WHY))
        answer["referenced_message"] = None  # deleted, so that only the bot could still know it
        await fake.say(WHY, reply_to=answer)
        await fake.until(lambda: len(stored(tmp_path, "SELECT * FROM answers")) == 3)
    kept = stored(tmp_path, "SELECT person, question FROM answers ORDER BY key")
    assert kept == [(int(BEN), ASK), (int(ADA), WHY), (int(ADA), WHY)]
    assert ASK not in str(model.asked[3:]), "nor in memory"
