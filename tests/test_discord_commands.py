"""The look-up commands, and those about oneself, on the fake Discord with the real discord.py."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.discord_bot import citing
from bot.discord_bot.commands import COMMANDS
from bot.discord_bot.commands.help import TEXT as HELP
from bot.discord_bot.translation import GERMAN
from tests.discord_kit import healthy_discord, reply_in, running, stored, text_of
from tests.fake_discord import FakeDiscord
from tests.fake_discord.objects import ADA, BEN, BOT_ID
from tests.fake_discord.world import Interaction
from tests.fake_footnote import TalkingModel, TitledLibrary
from tests.fakes import HEDGE, MOLE, PASSAGES, TIDE, paper, passage

ASK = "How many parameters does HedgeNet have?"
CHESS = "Who won the chess olympiad in Baku?"
LINKED = f"[**{HEDGE.title}**](<{HEDGE.url}>)"
ME = f"<@{BOT_ID}>"


@pytest_asyncio.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with healthy_discord() as discord:
        yield discord


def file_of(fake: FakeDiscord, found: Interaction, name: str) -> bytes:
    return fake.world.files[attachment_of(fake, found, name)["id"]]


def attachment_of(fake: FakeDiscord, found: Interaction, name: str) -> dict[str, Any]:
    there = fake.world.messages[str(found.original)]["attachments"]
    (attachment,) = [one for one in there if one["filename"] == name]
    return dict(attachment)


# the library


async def test_similar_leaves_the_paper_itself_out(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path):
        text = await text_of(fake, await fake.slash("similar", title="hedge"))
        none = await text_of(fake, await fake.slash("similar", title="no such paper"))
    assert text.startswith(f"-# Like {HEDGE.title}:") and "1. [**" in text
    assert f"**{HEDGE.title}**" not in text and MOLE.title in text
    assert none.startswith("The library holds no paper")


async def test_compare_shows_each_paper_in_its_own_words(fake: FakeDiscord, tmp_path: Path) -> None:
    wide = [replace(paper(f"w{n}", "Very Wide " * 40 + str(n)), abstract="x") for n in range(4)]
    library = TitledLibrary((*PASSAGES, *(passage(w, "and so on " * 200) for w in wide)))
    async with running(fake, tmp_path, library):
        asked = await fake.slash("compare", first="hedge", second="mole", by="speed")
        two = await text_of(fake, asked)
        assert fake.world.messages[str(asked.original)]["attachments"] == []
        names = ("first", "second", "third", "fourth", "fifth", "sixth")
        keys = ("hedge", "mole", "w0", "w1", "w2", "w3")
        asked = await fake.slash("compare", **dict(zip(names, keys, strict=True)))
        six = await text_of(fake, asked)
        drawn = attachment_of(fake, asked, "comparison.png")
        same = await text_of(fake, await fake.slash("compare", first="hedge", second=HEDGE.title))
        none = await text_of(fake, await fake.slash("compare", first="hedge", second="@everyone"))
    assert two.index(HEDGE.title) < two.index(MOLE.title) and two.count("\n> ") == 2
    assert f"Paper: {MOLE.title}, Authors: Cy Birch" in drawn["description"]
    assert ("speed", "mole") in [(asked, filters.paper) for asked, filters in library.asked]
    assert len(six) <= 2000 and six.count("**") == 12
    assert "one and the same" in same and "@\u200beveryone" in none


async def test_author_lists_papers_newest_first_and_completes_names(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    async with running(
        fake,
        tmp_path,
        TitledLibrary(shelf=[paper("old", "Old Work", authors=["Ben Alder", "Cy", "Di", "Ada Rowan"])]),
    ):
        text = await text_of(fake, await fake.slash("author", name="rowan"))
        none = await text_of(fake, await fake.slash("author", name="Nobody"))
        typed = await fake.type_into("author", "name", "row")
        await fake.until(lambda: typed.acknowledged)
    assert text.startswith("**3 papers** by rowan\n1. [**Digging")
    assert text.index(MOLE.title) < text.index(HEDGE.title) < text.index("Old Work")
    assert "-# Ben Alder, Cy, … Ada Rowan et al." in text, "who was asked for is among those shown"
    assert text.endswith("-# Most often with: Ben Alder (2)")
    assert none == "The library knows no paper by that author."
    assert [choice["name"] for choice in typed.choices] == ["Ada Rowan"]


async def test_a_whole_name_of_an_author_means_nobody_whose_name_goes_on(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    shelf = [paper("li", "On Lids", authors=["Wei Li"]), paper("lin", "On Lines", authors=["Wei Lin"])]
    async with running(fake, tmp_path, TitledLibrary(shelf=shelf)):
        whole = await text_of(fake, await fake.slash("author", name="wei li "))
        part = await text_of(fake, await fake.slash("author", name="Wei L"))
    assert "On Lids" in whole and "On Lines" not in whole
    assert "On Lids" in part and "On Lines" in part


@pytest.mark.parametrize(
    "said, expected",
    [
        ("prunes its own branches while it trains", f"{LINKED}, p. 1 says this:"),
        ("PRUNES its own  branches — while it trains", f"{LINKED}, p. 1 says nearly this:"),
        ("a network prunes the own branches while he trains", f"{LINKED}, p. 1 says nearly this:"),
        ("all happy families are alike, each unhappy one is not", "No paper in the library says this"),
    ],
)
async def test_quote_tells_who_says_it_and_how_surely(
    fake: FakeDiscord, tmp_path: Path, said: str, expected: str
) -> None:
    async with running(fake, tmp_path):
        text = await text_of(fake, await fake.slash("quote", text=said))
    assert text.startswith(expected)


async def test_a_quote_from_our_own_summary_is_not_put_into_the_papers_mouth(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    kiln = paper("kiln", "Kilns that Listen")
    ours = passage(kiln, "A kiln hears cracks while it fires.", kind="summary")
    async with running(fake, tmp_path, TitledLibrary((*PASSAGES, ours))):
        text = await text_of(fake, await fake.slash("quote", text="hears cracks while it fires"))
    assert text.startswith(f"Our summary of [**{kiln.title}**](<{kiln.url}>) says this:\n> (summary")


async def test_trends_are_bars_by_year_and_venue(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path):
        asked = await fake.slash("trends", topic="networks that prune maps of the tide")
        text = await text_of(fake, asked)
    assert re.search(r"2023\s+█+ 1", text) and re.search(r"CVPR\s+█+ 1", text)
    drawn = attachment_of(fake, asked, "trends.png")
    assert text.count("```") == 2 and "unknown" in text
    assert fake.world.files[drawn["id"]].startswith(b"\x89PNG")
    assert "2023: 1" in drawn["description"] and "CVPR: 1" in drawn["description"]


async def test_trends_that_cannot_be_drawn_are_told_all_the_same(
    fake: FakeDiscord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)  # as where it is not installed
    async with running(fake, tmp_path):
        asked = await fake.slash("trends", topic="networks that prune maps of the tide")
        assert "by year and venue" in await text_of(fake, asked)
    assert not fake.world.messages[str(asked.original)]["attachments"]
    assert "No picture could be drawn" in caplog.text


async def test_the_library_is_shown_with_what_could_not_be_read(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path):
        text = await text_of(fake, await fake.slash("library show"))
    assert text.startswith("**3** papers in **4** passages, from 3 sources.")
    assert "<t:1700000000:R>" in text and "scan.pdf: it holds no text" in text


async def test_help_is_private_and_names_every_command(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path):
        asked = await fake.slash("help")
        assert await text_of(fake, asked) == HELP
        names = [command["name"] for command in fake.world.commands]
    assert asked.ephemeral and len(HELP) <= 2000 and len(names) == len(COMMANDS)
    own = {"help", "settings", "insights"}
    assert {name for name in names if name not in HELP} <= own


def parts_of(command: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield command
    for inner in (*(command.get("options") or []), *(command.get("choices") or [])):
        yield from parts_of(inner)


async def test_the_commands_speak_german_too(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path):
        parts = [part for command in fake.world.commands for part in parts_of(command)]
    told = [part for part in parts if part.get("description")]
    assert len(told) > 40
    assert [part["description"] for part in told if "de" not in part["description_localizations"]] == []
    options = [part for part in parts if part.get("type", 0) > 2 and "required" in part]
    assert [part["name"] for part in options if "de" not in part["name_localizations"]] == []
    menu = next(part for part in parts if part["name"] == "Ask about this message")
    assert menu["name_localizations"]["de"] == "Zu dieser Nachricht fragen"
    assert all("de" in part["name_localizations"] for part in parts if "value" in part)
    spoken = {part["description"] for part in told} | {part["name"] for part in parts}
    assert set(GERMAN) <= spoken, "nothing is translated that is said no more"


def test_citations_of_papers_of_which_little_is_known() -> None:
    bare = paper("bare", "What Is 100% of {Nothing}?")
    assert "@misc{unknownwhat,\n" in citing.bibtex(bare) and r"100\% of \{Nothing\}?" in citing.bibtex(bare)
    assert citing.apa(bare).startswith("What Is 100% of {Nothing}? (n.d.).")
    crowd = paper("crowd", "Many", authors=[f"Ada B{n}" for n in range(30)])
    assert citing.apa(crowd).count("B") == 20 and "… B29, A." in citing.apa(crowd)


# oneself


async def test_usage_counts_questions_across_a_restart(fake: FakeDiscord, tmp_path: Path) -> None:
    for _ in range(2):
        async with running(fake, tmp_path, daily_questions=10):
            await text_of(fake, await fake.slash("ask", question=ASK))
            await text_of(fake, await fake.slash("ask", question=ASK, asker=BEN))
    async with running(fake, tmp_path, daily_questions=10):
        asked = await fake.slash("usage")
        text = await text_of(fake, asked)
    assert asked.ephemeral
    assert "You asked 2 of 10 questions today" in text and "This server asked 4 of 2000" in text


async def test_privacy_says_what_is_kept_and_where_it_goes(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path, retention_days=30.0):
        alone = await text_of(fake, await fake.slash("privacy"))
    async with running(fake, tmp_path, model=TalkingModel()):
        model = await text_of(fake, await fake.slash("privacy"))
    assert "30 days" in alone and "nothing; answers are quotations" in alone
    assert "`talking`" in model and len(model) <= 2000


async def test_who_wants_nothing_kept_leaves_no_trace(fake: FakeDiscord, tmp_path: Path) -> None:
    model = TalkingModel(["It has 4.2 million parameters [1]."])
    async with running(fake, tmp_path, model=model):
        await text_of(fake, await fake.slash("privacy", remember=False))
    async with running(fake, tmp_path, model=model):
        asked = await fake.slash("ask", question=ASK)
        assert "4.2 million" in await text_of(fake, asked)
        assert fake.world.messages[str(asked.original)]["components"] == []
        await text_of(fake, await fake.slash("ask", question="why does HedgeNet prune?"))
        assert ASK not in "\n".join(part["content"] for part in model.asked[1])
        assert stored(tmp_path, "SELECT * FROM answers") == []
        await text_of(fake, await fake.slash("privacy", remember=True))
        await text_of(fake, await fake.slash("ask", question=ASK))
    assert len(stored(tmp_path, "SELECT * FROM answers")) == 1


async def test_my_data_is_all_of_mine_and_nobody_elses(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path):
        await text_of(fake, await fake.slash("ask", question=ASK))
        await text_of(fake, await fake.slash("ask", question=CHESS, asker=BEN))
        await text_of(fake, await fake.slash("watch add", topic="garden networks"))
        asked = await fake.slash("my-data")
        assert "3 entries" in await text_of(fake, asked)
        content = json.loads(file_of(fake, asked, "my-data.json"))
    assert asked.ephemeral
    assert [row["question"] for row in content["answers"]] == [ASK]
    assert content["watches"][0]["topic"] == "garden networks" and CHESS not in json.dumps(content)


async def test_forget_me_erases_after_a_second_look(fake: FakeDiscord, tmp_path: Path) -> None:
    model = TalkingModel(["It has 4.2 million parameters [1]."])
    async with running(fake, tmp_path, model=model):
        asked = await fake.slash("ask", question=ASK)
        await text_of(fake, asked)
        answer = fake.world.messages[str(asked.original)]
        await text_of(fake, await fake.press(answer, "👍", asker=BEN))
        await text_of(fake, await fake.slash("ask", question=CHESS, asker=BEN))
        forget = await fake.slash("forget-me")
        await text_of(fake, forget)
        assert len(stored(tmp_path, "SELECT * FROM answers")) == 2, "not without the second look"
        sure = await fake.press(fake.world.messages[str(forget.original)], "Erase it")
        assert "I have erased everything" in await text_of(fake, sure)
        assert stored(tmp_path, "SELECT person FROM answers") == [(int(BEN),)]
        assert stored(tmp_path, "SELECT * FROM votes") == []
        await text_of(fake, await fake.slash("ask", question="why does HedgeNet prune?"))
        await fake.say("why does HedgeNet prune?", reply_to=answer)
        await reply_in(fake)
    assert ASK not in "\n".join(part["content"] for part in model.asked[1]), "nor in memory"


# those who run the server


async def test_insights_show_what_was_asked_without_names(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path):
        empty = await fake.slash("insights")
        assert "Nothing was asked" in await text_of(fake, empty)
        first = await fake.slash("ask", question=ASK)
        await text_of(fake, first)
        await text_of(fake, await fake.slash("ask", question=CHESS, asker=BEN))
        await text_of(fake, await fake.slash("ask", question="=cmd('rm') ChessNet-2 chess?", asker=BEN))
        await text_of(fake, await fake.slash("ask", question="thanks!"))
        await fake.say_privately("What was asked in private?")
        await text_of(fake, await fake.slash("ask", question="And this in private?", private=True))
        down = await fake.press(fake.world.messages[str(first.original)], "👎", asker=BEN)
        await fake.until(lambda: down.modal)
        await text_of(fake, await fake.submit(down, "wrong number"))
        asked = await fake.slash("insights", days=7)
        text = await text_of(fake, asked)
        table = file_of(fake, asked, "questions.csv").decode()
        drawn = attachment_of(fake, asked, "insights.png")
    assert asked.ephemeral and empty.ephemeral
    assert "Questions by day (answered + without an answer): " in drawn["description"]
    assert drawn["description"].count(": 1 + 2") == 1 and "chess: 2" in drawn["description"]
    assert "**3 questions** in 7 days, 2 without an answer; 0 👍, 1 👎." in text
    assert "Most asked: chess (2)" in text and "ChessNet-2 (1)" in text and "parameters (1)" in text, (
        "words, and no stems"
    )
    assert f"- {CHESS}" in text and f"- {ASK} (wrong number)" in text
    assert table.count("\n") == 4 and ASK in table and "'=cmd" in table, "no formula for a spreadsheet"
    assert not any(hidden in text + table for hidden in (ADA, BEN, "in private"))


async def test_only_those_who_manage_the_server_see_its_commands(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path):
        for name in ("settings", "insights"):
            with pytest.raises(AssertionError, match="does not see"):
                await fake.slash(name, asker=BEN)


# watching


async def test_a_watched_topic_brings_new_papers_once(
    fake: FakeDiscord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.discord_bot.watcher.SECONDS", 0.05)
    library = TitledLibrary(PASSAGES[:2])
    async with running(fake, tmp_path, library):
        added = await text_of(fake, await fake.slash("watch add", topic="tunnels and ground radar"))
        await text_of(fake, await fake.slash("watch add", topic="baroque music", asker=BEN))
        assert "I will write to you directly" in added
        listed = await text_of(fake, await fake.slash("watch list"))
        assert listed.splitlines()[0] == "1. tunnels and ground radar"
        library.passages = PASSAGES
        direct = fake.world.dm_with(ADA)["id"]
        told = (await reply_in(fake, direct))["content"]
        await fake.until(lambda: len(stored(tmp_path, "SELECT * FROM shelves")) == 3)
    assert MOLE.title in told and HEDGE.title not in told and TIDE.title not in told
    async with running(fake, tmp_path, library):
        assert "no such number" in await text_of(fake, await fake.slash("watch stop", number=2))
        assert await text_of(fake, await fake.slash("watch stop")) == "Stopped: “tunnels and ground radar”."
        assert "You watch no topic" in await text_of(fake, await fake.slash("watch list"))
    assert len(fake.answers(direct)) == 1
    assert fake.answers(fake.world.dm_with(BEN)["id"]) == []


async def test_topics_are_limited(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path):
        for number in range(10):
            await text_of(fake, await fake.slash("watch add", topic=f"topic {number}"))
        assert "as many as I can" in await text_of(fake, await fake.slash("watch add", topic="eleventh"))
