"""What people see: commands, mentions, direct messages, on the fake Discord with the real discord.py."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.discord_bot.invocation import HELP
from bot.errors import FOR_READERS
from retrieval.errors import LibraryBusy
from retrieval.models import Filters
from tests.discord_kit import healthy_discord, reply_in, running, text_of
from tests.fake_discord import FakeDiscord, Intents
from tests.fake_discord.objects import (
    ADA,
    BOT_ID,
    BOT_ROLE,
    CHANNEL,
    OTHER_BOT,
    OTHER_CHANNEL,
    THREAD,
    TOKEN,
)
from tests.fake_footnote import TalkingModel, TitledLibrary
from tests.fakes import HEDGE, PASSAGES, paper, passage

Json = dict[str, Any]
ASK = "How many parameters does HedgeNet have?"
ME = f"<@{BOT_ID}>"


@pytest_asyncio.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with healthy_discord() as discord:
        yield discord


# /ask


async def test_ask_is_acknowledged_first_and_answered_with_title_and_quote(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    library = TitledLibrary(delay=0.2)
    async with running(fake, tmp_path, library):
        asked = await fake.slash("ask", question=ASK)
        await fake.until(lambda: asked.acknowledged)
        assert asked.waiting, "acknowledged before the library was asked"
        answer = await text_of(fake, asked)
    assert "4.2 million parameters" in answer
    assert "[1]" in answer and f"**{HEDGE.title}**" in answer
    assert f"<{HEDGE.url}>" in answer
    assert library.asked[0][0] == ASK


async def test_ask_hands_on_its_filters(fake: FakeDiscord, tmp_path: Path) -> None:
    library = TitledLibrary()
    async with running(fake, tmp_path, library):
        options: dict[str, Any] = {"paper": "hedge", "from": 2020, "to": 2024, "venue": "CVPR"}
        await text_of(fake, await fake.slash("ask", question=ASK, **options))
    assert library.asked[0][1] == Filters(year_from=2020, year_to=2024, venue="CVPR", paper="hedge")


async def test_years_the_wrong_way_round_get_a_sentence(fake: FakeDiscord, tmp_path: Path) -> None:
    library = TitledLibrary()
    async with running(fake, tmp_path, library):
        years: dict[str, Any] = {"from": 2024, "to": 2020}
        asked = await fake.slash("ask", question=ASK, **years)
        searched = await fake.slash("search", query="hedges", **years)
        assert "exchange the two" in await text_of(fake, asked)
        assert "exchange the two" in await text_of(fake, searched)
    assert library.asked == []


async def test_a_private_answer_is_for_the_asker_alone(fake: FakeDiscord, tmp_path: Path) -> None:
    long = "HedgeNet prunes itself while it trains [1]. " * 60
    async with running(fake, tmp_path, model=TalkingModel([long])):
        private = await fake.slash("ask", question=ASK, private=True)
        await text_of(fake, private)
        await fake.until(lambda: private.followups)
        public = await fake.slash("ask", question=ASK, private=False)
        await text_of(fake, public)
    shown = {m["id"]: m["flags"] & 64 for m in fake.answers()}
    assert private.ephemeral and not public.ephemeral
    assert shown[str(private.original)] == 64
    assert all(shown[i] == 64 for i in private.followups)
    assert shown[str(public.original)] == 0


async def test_nothing_in_the_library_is_said_with_the_nearest_titles(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    async with running(fake, tmp_path):
        answer = await text_of(fake, await fake.slash("ask", question="Which HedgeNet branches won in Baku?"))
    assert "nothing in the library" in answer
    assert HEDGE.title in answer


async def test_a_failing_library_becomes_a_sentence(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path, TitledLibrary(error=LibraryBusy("held by process 7"))):
        answers = [
            await text_of(fake, await fake.slash("ask", question=ASK)),
            await text_of(fake, await fake.slash("search", query="hedges")),
            await text_of(fake, await fake.slash("paper", title="hedges")),
        ]
        typed = await fake.type_into("paper", "title", "hedge")
        await fake.until(lambda: typed.acknowledged)
    assert answers == [FOR_READERS[LibraryBusy]] * 3
    assert typed.choices == []


async def test_a_bug_becomes_a_sentence_too(fake: FakeDiscord, tmp_path: Path) -> None:
    class Broken(TitledLibrary):
        def paper(self, key: str) -> Any:
            raise ZeroDivisionError("secret detail")

    async with running(fake, tmp_path, Broken()):
        answer = await text_of(fake, await fake.slash("paper", title="hedge"))
    assert "Something went wrong" in answer and "secret" not in answer


# /search and /paper


async def test_search_lists_papers_with_a_passage_and_says_what_was_left_out(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    library = TitledLibrary()
    async with running(fake, tmp_path, library):
        everything = await text_of(fake, await fake.slash("search", query="pruning networks"))
        options: dict[str, Any] = {"author": "Rowan", "venue": "CVPR", "from": 2020, "to": 2024}
        some = await text_of(fake, await fake.slash("search", query="pruning networks", **options))
        none = await text_of(fake, await fake.slash("search", query="pruning networks", author="Nobody"))
    assert everything.startswith(f"1. [**{HEDGE.title}**]") and "> We present HedgeNet" in everything
    assert library.asked[1][1] == Filters(year_from=2020, year_to=2024, venue="CVPR", author="Rowan")
    assert some.count("**") == 2 and "1 paper of unknown year" in some
    assert none.startswith("Nothing in the library fits.")


async def test_paper_shows_what_is_known(fake: FakeDiscord, tmp_path: Path) -> None:
    full = paper("full", "A *Full* Record @everyone", authors=["Ada Rowan"] * 60, year=2024, venue="CVPR")
    async with running(fake, tmp_path, TitledLibrary(shelf=[full])):
        hedge = await text_of(fake, await fake.slash("paper", title="hedge"))
        wild = await text_of(fake, await fake.slash("paper", title="full"))
        unknown = await text_of(fake, await fake.slash("paper", title="no such"))
    assert HEDGE.title in hedge and f"<{HEDGE.url}>" in hedge and "2 passages" in hedge
    assert "\\*Full\\*" in wild and len(wild) <= 2000
    assert unknown.startswith("The library holds no paper")


async def test_our_own_summaries_are_said_to_be_ours(fake: FakeDiscord, tmp_path: Path) -> None:
    kiln = paper("kiln", "Kilns that Listen")
    ours = passage(kiln, "A kiln hears cracks while it fires.", kind="summary")
    async with running(fake, tmp_path, TitledLibrary((*PASSAGES, ours))):
        found = await text_of(fake, await fake.slash("search", query="kiln that hears cracks"))
        shown = await text_of(fake, await fake.slash("paper", title="kiln"))
    for text in (found, shown):
        assert "> (summary by Footnote) A kiln hears cracks" in text


async def test_what_fits_badly_is_said_to(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path):
        far = await text_of(fake, await fake.slash("search", query="medieval falconry manuals"))
        near = await text_of(fake, await fake.slash("search", query="pruning networks"))
    assert (
        far.startswith("Nothing fits well; these are the nearest:\n1. ") and "Nothing fits well" not in near
    )


async def test_titles_complete_themselves_within_discords_limits(fake: FakeDiscord, tmp_path: Path) -> None:
    shelf = [paper(f"p{n}", f"Hedge number {n} " + "and so on " * 20) for n in range(40)]
    async with running(fake, tmp_path, TitledLibrary(shelf=shelf)):
        many = await fake.type_into("paper", "title", "hedge")
        inside = await fake.type_into("ask", "paper", "UNDERGROUND", question="what?")
        none = await fake.type_into("paper", "title", "zebra")
        await fake.until(lambda: all(i.acknowledged for i in (many, inside, none)))
    assert len(many.choices) == 25 and max(len(c["name"]) for c in many.choices) <= 100
    assert [c["value"] for c in inside.choices] == ["mole"]
    assert none.choices == []


# messages


async def test_a_mention_is_answered_as_a_reply_after_a_typing_sign(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    async with running(fake, tmp_path):
        question = await fake.say(f"{ME} {ASK}")
        answer = await reply_in(fake)
    assert answer["message_reference"]["message_id"] == question["id"]
    assert "4.2 million" in answer["content"]
    assert [str(call) for call in fake.calls[-2:]] == [
        f"POST /channels/{CHANNEL}/typing",
        f"POST /channels/{CHANNEL}/messages",
    ]


async def test_who_is_answered_and_who_is_not(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path):
        await fake.say(ASK)
        await fake.say(f"{ME} {ASK}", author=OTHER_BOT)
        await fake.say(f"{ME} @everyone {ASK}")
        await fake.say(f"{ME} pinned a message", type=6)
        await fake.say(f"{ME} {ASK}", webhook_id="77")
        await fake.say(f"{ME} {ASK}", channel=OTHER_CHANNEL)
        await reply_in(fake, OTHER_CHANNEL)
    assert fake.answers() == []


async def test_direct_messages_and_the_bots_role_need_no_mention(fake: FakeDiscord, tmp_path: Path) -> None:
    fake.gateway.allowed_privileged = Intents.MESSAGE_CONTENT
    async with running(fake, tmp_path, message_content=True):
        direct = await fake.say_privately(ASK)
        await fake.say(f"<@&{BOT_ROLE}> {ASK}")
        await fake.say(ASK, channel=THREAD)
        for channel in (direct["channel_id"], CHANNEL, THREAD):
            assert "4.2 million" in (await reply_in(fake, channel))["content"]


async def test_least_intents(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path):
        pass
    wanted = Intents.GUILDS | Intents.GUILD_MESSAGES | Intents.DIRECT_MESSAGES
    assert fake.gateway.identifies[0]["intents"] == wanted


async def test_a_call_without_a_question_gets_help(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path):
        await fake.say(ME)
        assert (await reply_in(fake))["content"] == HELP


async def test_the_same_message_twice_is_answered_once(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path):
        question = await fake.say(f"{ME} {ASK}")
        await fake.deliver_again(question)
        await reply_in(fake)
        await fake.deliver_again(question)
        await fake.say(f"{ME} {ASK}", channel=OTHER_CHANNEL)
        await reply_in(fake, OTHER_CHANNEL)
    assert len(fake.sent("POST", f"{CHANNEL}/messages")) == 1


async def test_the_same_command_twice_is_answered_once(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path):
        asked = await fake.slash("ask", question=ASK)
        await fake.gateway.dispatch("INTERACTION_CREATE", asked.payload)
        await text_of(fake, asked)
        await text_of(fake, await fake.slash("paper", title="hedge"))
    assert len(fake.sent("POST", f"{asked.payload['id']}.*callback")) == 1


async def test_a_question_that_was_deleted_is_still_answered(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path, TitledLibrary(delay=0.15)):
        question = await fake.say(f"{ME} {ASK}")
        await fake.until(lambda: fake.sent("POST", "typing"))
        fake.delete(question)
        answer = await reply_in(fake)
    assert "message_reference" not in answer and "4.2 million" in answer["content"]


# what stays in the house


async def test_neither_token_nor_questions_are_logged(
    fake: FakeDiscord, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with running(fake, tmp_path):
        await fake.say(f"{ME} {ASK}")
        await reply_in(fake)
        await text_of(fake, await fake.slash("ask", question=ASK))
        await text_of(fake, await fake.slash("search", query="secret subject"))
    assert len(caplog.records) > 3
    assert TOKEN not in caplog.text and ADA not in caplog.text
    assert "parameters" not in caplog.text and "secret subject" not in caplog.text


async def test_many_questions_at_once_are_all_acknowledged_at_once(fake: FakeDiscord, tmp_path: Path) -> None:
    fake.global_limit.limit = 1000
    async with running(fake, tmp_path, TitledLibrary(delay=0.1, passages=PASSAGES)):
        asked = await asyncio.gather(*(fake.slash("ask", question=ASK) for _ in range(20)))
        await asyncio.gather(*(text_of(fake, one) for one in asked))
    assert max(one.ack_seconds for one in asked) < 1.0
