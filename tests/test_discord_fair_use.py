"""Fair use: questions, money and places in the queue, on the fake Discord with the real discord.py."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.discord_bot.desk import FULL, Desk
from bot.discord_bot.quota import Quota
from bot.discord_bot.store import DAY, Store
from bot.ledger import OVER, Limit, Price
from tests.discord_kit import healthy_discord, reply_in, running, stored, text_of
from tests.fake_discord import FakeDiscord, Fault
from tests.fake_discord.objects import ADA, BEN, BOT_ID, CHANNEL
from tests.fake_footnote import TalkingModel

ASK = "How many parameters does HedgeNet have?"
ME = f"<@{BOT_ID}>"
PRICE = Price(10.0, 1.0)  # so that an answer costs about 0.00101


@pytest_asyncio.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with healthy_discord() as discord:
        yield discord


async def test_over_the_quota_the_refusal_is_private_and_says_until_when(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    async with running(fake, tmp_path, daily_questions=2):
        await text_of(fake, await fake.slash("ask", question=ASK))
        await fake.say(f"{ME} {ASK}")
        await reply_in(fake, count=2)
        refused = await fake.slash("ask", question=ASK)
        assert "You have asked 2 questions today" in await text_of(fake, refused)
        assert refused.ephemeral
        await fake.say(f"{ME} {ASK}")
        told = await reply_in(fake, fake.world.dm_with(ADA)["id"])
        assert "Ask again <t:" in told["content"]
        other = await fake.slash("ask", question=ASK, asker=BEN)
        assert "4.2 million" in await text_of(fake, other)
        search = await fake.slash("search", query="pruning networks")
        assert "HedgeNet" in await text_of(fake, search), "look-ups are free"
    assert len([m for m in fake.answers() if "[1] [**" in m["content"]]) == 3


async def test_who_takes_no_direct_messages_sees_by_a_sign_that_he_was_refused(
    fake: FakeDiscord, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    direct = f"{fake.world.dm_with(ADA)['id']}/messages$"
    fake.faults.append(Fault("POST", direct, status=403, code=50007, times=2))
    async with running(fake, tmp_path, daily_questions=1):
        await text_of(fake, await fake.slash("ask", question=ASK))
        refused = await fake.say(f"{ME} {ASK}")
        await fake.until(lambda: fake.world.reactions.get(refused["id"]) == ["⏳"])
        fake.world.denied[CHANNEL] = {"react"}
        await fake.say(f"{ME} {ASK}")
        await fake.until(lambda: "Nor could it be shown: Forbidden" in caplog.text)
    assert "50013" in fake.refusals.pop() and len(fake.world.reactions) == 1


async def test_a_server_has_a_quota_and_a_person_a_pause(tmp_path: Path) -> None:
    now = 1000.0
    store = Store(tmp_path, clock=lambda: now)
    quota = Quota(store, server=2, cooldown=5.0)
    await quota.count(1, 9)
    assert "One question at a time" in str(quota.refusal(1, 9)) and quota.refusal(2, 9) is None
    now += 5.0
    assert quota.refusal(1, 9) is None
    await quota.count(1, 9)
    now += 5.0
    assert "This server has asked 2" in str(quota.refusal(2, 9)) and quota.refusal(2, 8) is None
    assert quota.refusal(1, 0) is None, "direct messages are no server"
    again = Quota(store, server=2)
    await again.load()
    assert again.used(1, 9) == (2, 2) and again.refusal(1, 9)
    now += DAY
    assert again.refusal(1, 9) is None and again.used(1, 9) == (0, 0)
    store.close()


async def test_when_the_days_budget_is_spent_it_quotes_also_after_a_restart(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    model = TalkingModel(["HedgeNet has 4.2 million parameters [1]."], price=PRICE)
    async with running(fake, tmp_path, model=model, daily_budget=0.001):
        first = await text_of(fake, await fake.slash("ask", question=ASK))
        assert "used up" not in first
        await fake.until(lambda: stored(tmp_path, "SELECT * FROM costs"))
        second = await text_of(fake, await fake.slash("ask", question=ASK))
        assert OVER["day"] in second and "after midnight UTC" in second and "4.2 million" in second
    async with running(fake, tmp_path, model=model, daily_budget=0.001):
        await text_of(fake, await fake.slash("ask", question=ASK))
        assert "0.00101 of 0.001 today, with everybody's" in await text_of(fake, await fake.slash("usage"))
    assert len(model.asked) == 1


@pytest.mark.parametrize(
    "budget, who, asker, channel",
    [
        ("daily_person_budget", "person", BEN, CHANNEL),
        ("daily_server_budget", "server", ADA, None),  # directly
    ],
)
async def test_one_person_and_one_server_have_money_of_their_own(
    fake: FakeDiscord, tmp_path: Path, budget: str, who: Limit, asker: str, channel: str | None
) -> None:
    model = TalkingModel(["HedgeNet has 4.2 million parameters [1]."], price=PRICE)
    channel = channel or fake.world.dm_with(ADA)["id"]
    limited: dict[str, Any] = {budget: 0.001}
    async with running(fake, tmp_path, model=model, **limited):
        await text_of(fake, await fake.slash("ask", question=ASK))
        await fake.until(lambda: stored(tmp_path, "SELECT * FROM costs"))
        assert OVER[who] in await text_of(fake, await fake.slash("ask", question=ASK, private=True))
        other = await text_of(fake, await fake.slash("ask", question=ASK, asker=asker, channel=channel))
        assert "used up" not in other
    assert len(model.asked) == 2


async def test_what_a_person_cost_is_his_data(fake: FakeDiscord, tmp_path: Path) -> None:
    model = TalkingModel(["HedgeNet has 4.2 million parameters [1]."], price=PRICE)
    async with running(fake, tmp_path, model=model):
        await text_of(fake, await fake.slash("ask", question=ASK))
        await fake.until(lambda: stored(tmp_path, "SELECT * FROM costs"))
        found = await fake.slash("my-data")
        await text_of(fake, found)
        (file,) = fake.world.messages[str(found.original)]["attachments"]
        (told,) = json.loads(fake.world.files[file["id"]])["costs"]
        assert told["money"] == pytest.approx(0.00101)
        forget = await fake.slash("forget-me")
        await text_of(fake, forget)
        await text_of(fake, await fake.press(fake.world.messages[str(forget.original)], "Erase it"))
    assert stored(tmp_path, "SELECT * FROM costs") == []


async def test_the_queue_tells_each_his_place_and_has_an_end(
    fake: FakeDiscord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.discord_bot.run.Desk", lambda: Desk(lanes=1, queue=2))
    held = asyncio.Event()
    model = TalkingModel(["HedgeNet has 4.2 million parameters [1]."], held=held)
    async with running(fake, tmp_path, model=model):
        asked = [await fake.slash("ask", question=ASK) for _ in range(4)]
        await fake.until(lambda: all(one.original and not one.waiting for one in asked))
        shown = [fake.world.messages[str(one.original)]["content"] for one in asked]
        assert [text.rpartition("number ")[2] for text in shown[1:3]] == [
            "1 in the queue.",
            "2 in the queue.",
        ]
        assert shown[3] == FULL
        held.set()
        done = [one for one in asked[:3] if one.original]
        await fake.until(
            lambda: all("**HedgeNet" in fake.world.messages[str(one.original)]["content"] for one in done)
        )


async def test_who_found_the_queue_full_has_asked_nothing(
    fake: FakeDiscord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(lanes=1, queue=0)
    monkeypatch.setattr("bot.discord_bot.run.Desk", lambda: desk)

    def counted() -> dict[int, int]:
        return dict(stored(tmp_path, "SELECT person, SUM(number) FROM asked GROUP BY person"))

    held = asyncio.Event()
    model = TalkingModel(["HedgeNet has 4.2 million parameters [1]."], held=held)
    async with running(fake, tmp_path, model=model, daily_questions=2, cooldown=60.0):
        first = await fake.slash("ask", question=ASK, asker=BEN)
        await fake.until(lambda: model.asked)
        assert await text_of(fake, await fake.slash("ask", question=ASK)) == FULL
        for count in (1, 2):
            await fake.until(lambda: counted().get(int(ADA)) == 0)
            direct = (await fake.say_privately(ASK))["channel_id"]
            assert (await reply_in(fake, direct, count))["content"] == FULL
        await fake.until(lambda: counted()[int(ADA)] == 0)
        assert "You asked 0 of 2 questions today" in await text_of(fake, await fake.slash("usage"))
        held.set()
        await fake.until(lambda: "**HedgeNet" in fake.world.messages[str(first.original)]["content"])
        await fake.until(lambda: not desk.running)  # the lane is free a moment after the last word is there
        assert "4.2 million" in await text_of(fake, await fake.slash("ask", question=ASK))
    assert counted() == {int(ADA): 1, int(BEN): 1}
