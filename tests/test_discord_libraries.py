"""Several libraries: a server or a channel chooses the one that is asked there."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from pydantic import ValidationError

from bot.build import build
from bot.settings import BotSettings
from retrieval.errors import RetrievalError
from tests.discord_kit import healthy_discord, reply_in, running, text_of
from tests.fake_discord import FakeDiscord
from tests.fake_discord.objects import ADA, BOT_ID, CHANNEL, OTHER_CHANNEL
from tests.fake_footnote import TitledLibrary
from tests.fakes import HEDGE, PASSAGES, paper, passage

KILN = paper("kiln", "Kilns that Listen", authors=["Gil Holm"], year=2022, venue="Pots")
POTS = (
    passage(KILN, "A kiln of ours hears cracks of pottery at 900 degrees while it fires the pots.", page=2),
)
ASK = "At how many degrees does the kiln hear cracks of pottery?"
HEDGES = "How many parameters does HedgeNet have?"


@pytest_asyncio.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with healthy_discord() as discord:
        yield discord


def shelf() -> dict[str, TitledLibrary]:
    return {"pots": TitledLibrary(POTS)}


async def test_a_channel_asks_the_library_that_was_chosen_for_it(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path, others=shelf()):
        told = await text_of(fake, await fake.slash("settings", channel_=OTHER_CHANNEL, library="pots"))
        assert "- library: **pots**" in told
        for channel, library in ((OTHER_CHANNEL, KILN), (CHANNEL, HEDGE)):
            found = await fake.slash("paper", title=library.title, channel=channel)
            assert library.title in await text_of(fake, found)
            typed = await fake.type_into("paper", "title", "i", channel=channel)
            await fake.until(lambda t=typed: t.acknowledged)  # type: ignore[misc]
            assert (KILN.title in [c["name"] for c in typed.choices]) == (library is KILN)
        await fake.say(f"<@{BOT_ID}> {ASK}", channel=OTHER_CHANNEL)
        assert "900 degrees" in (await reply_in(fake, OTHER_CHANNEL, 2))["content"]
        direct = fake.world.dm_with(ADA)["id"]
        assert "4.2 million" in await text_of(fake, await fake.slash("ask", question=HEDGES, channel=direct))


async def test_the_choice_holds_for_the_server_and_outlives_a_restart(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    async with running(fake, tmp_path, others=shelf()):
        await text_of(fake, await fake.slash("settings", library="pots"))
        await text_of(fake, await fake.slash("settings", library="(main)", channel_=OTHER_CHANNEL))
    async with running(fake, tmp_path, others=shelf()):
        assert "Gil Holm" in await text_of(fake, await fake.slash("author", name="holm"))
        found = await fake.slash("author", name="holm", channel=OTHER_CHANNEL)
        assert "knows no paper" in await text_of(fake, found)
        back = await fake.slash("settings", library="(as the server)", channel_=OTHER_CHANNEL)
        assert "**pots**" in await text_of(fake, back)
    async with running(fake, tmp_path):  # there is no such library any more
        assert "knows no paper" in await text_of(fake, await fake.slash("author", name="holm"))


async def test_a_library_that_there_is_not_is_refused_and_the_others_are_named(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    async with running(fake, tmp_path, others=shelf()):
        typed = await fake.type_into("settings", "library", "po")
        await fake.until(lambda: typed.acknowledged)
        assert [choice["value"] for choice in typed.choices] == ["pots"]
        told = await text_of(fake, await fake.slash("settings", library="pans"))
    assert "no library of that name" in told and "`pots`" in told


async def test_one_library_knows_nothing_of_what_was_said_over_another(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    library, pots = TitledLibrary(PASSAGES), TitledLibrary(POTS)
    async with running(fake, tmp_path, library, others={"pots": pots}):
        await text_of(fake, await fake.slash("ask", question=HEDGES))
        await text_of(fake, await fake.slash("settings", library="pots"))
        await text_of(fake, await fake.slash("ask", question="And how many does it have?"))
    assert all("HedgeNet" not in asked for asked, _ in pots.asked)
    assert pots.asked


async def test_the_libraries_of_the_settings_are_opened(
    tmp_path: Path, small_library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = shutil.copytree(small_library, tmp_path / "second")
    monkeypatch.setenv("FOOTNOTE_DATA", str(small_library))
    monkeypatch.setenv("LIBRARIES", f" second = {second} ")
    async with build(BotSettings.model_validate({})) as footnote:
        assert list(footnote.others) == ["second"]
        assert footnote.named("second").library.status().data == str(second)
        assert footnote.named("gone") is footnote.named("") is footnote
        assert footnote.named("second").conversations is footnote.conversations
    monkeypatch.setenv("LIBRARIES", f"third={tmp_path / 'third'}")
    with pytest.raises(RetrievalError, match="third"):
        async with build(BotSettings.model_validate({})):
            pass


@pytest.mark.parametrize("wrong", ["pots", "pots=", "a b=c", "=c", "a=b=c"])
def test_wrong_libraries_are_refused(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIBRARIES", wrong)
    with pytest.raises(ValidationError, match="LIBRARIES"):
        BotSettings.model_validate({})


@pytest.mark.parametrize("wrong", ["pots", "pots=", "pots=1,", "pots=x", "pots=1 2", "pans=1"])
def test_a_library_is_given_to_servers_by_their_ids(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIBRARIES", "pots=pots, kilns=kilns")
    monkeypatch.setenv("DISCORD_LIBRARIES", wrong)
    with pytest.raises(ValidationError, match="DISCORD_LIBRARIES"):
        BotSettings.model_validate({})
    monkeypatch.setenv("DISCORD_LIBRARIES", " pots = 1 + 2, kilns=3 ")
    assert BotSettings.model_validate({}).servers_of == {"pots": {1, 2}, "kilns": {3}}
