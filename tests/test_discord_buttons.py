"""Buttons, forms and menus on the fake Discord, also after a restart."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.discord_bot.client import OLD_BUTTON
from bot.discord_bot.interaction_surface import NO_ROOM
from bot.discord_bot.presses import EXPLAINED, FORGOTTEN, NOT_YOURS, THANKS
from tests.discord_kit import healthy_discord, reply_in, running, stored, text_of
from tests.fake_discord import FakeDiscord
from tests.fake_discord.objects import ADA, BEN, BOT_ID, CHANNEL, ELSEWHERE_CHANNEL, now
from tests.fake_footnote import TalkingModel, TitledLibrary
from tests.fakes import HEDGE, MOLE, paper, passage

Json = dict[str, Any]
ASK = "How many parameters does HedgeNet have?"
ME = f"<@{BOT_ID}>"
MENU = "Ask about this message"


@pytest_asyncio.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with healthy_discord() as discord:
        yield discord


def labels(message: Json) -> list[str]:
    return [
        part.get("label") or part["emoji"]["name"]
        for row in message["components"]
        for part in row["components"]
    ]


async def answered(fake: FakeDiscord, **how: Any) -> Json:
    """The bot's answer to a mention, once its buttons are there."""
    await fake.say(f"{ME} {ASK}", **how)
    found = await fake.until(lambda: [m for m in fake.answers() if m["components"]])
    return dict(found[-1])


# under an answer


async def test_an_answer_has_its_buttons_and_a_sentence_has_none(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path):
        answer = await answered(fake)
        assert labels(answer) == ["Sources", "More", "Again", "👍", "👎"]
        assert [len(row["components"]) for row in answer["components"]] == [3, 2], "five are too wide"
        asked = await fake.slash("ask", question=ASK)
        await text_of(fake, asked)
        assert labels(fake.world.messages[str(asked.original)])[0] == "Sources"
        await fake.say(ME)
        assert (await reply_in(fake, count=3))["components"] == []


async def test_sources_shows_page_and_exact_words_to_the_one_who_pressed(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    async with running(fake, tmp_path):
        pressed = await fake.press(await answered(fake), "Sources", asker=BEN)
        text = await text_of(fake, pressed)
    assert pressed.ephemeral
    assert text.startswith(f"[1] [**{HEDGE.title}**](<{HEDGE.url}>), p. 1\n> ")
    assert "HedgeNet has 4.2 million parameters" in text


async def test_more_names_papers_that_the_answer_did_not(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path):
        answer = await answered(fake)
        text = await text_of(fake, await fake.press(answer, "More"))
    assert MOLE.title in text and HEDGE.title not in text


async def test_buttons_outlive_a_restart(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path):
        answer = await answered(fake)
    async with running(fake, tmp_path):
        assert "4.2 million" in await text_of(fake, await fake.press(answer, "Sources"))
        assert await text_of(fake, await fake.press(answer, "👍")) == THANKS


async def test_only_the_asker_asks_again(fake: FakeDiscord, tmp_path: Path) -> None:
    model = TalkingModel(["HedgeNet has 4.2 million parameters [1]."])
    async with running(fake, tmp_path, model=model):
        answer = await answered(fake)
        other = await fake.press(answer, "Again", asker=BEN)
        assert await text_of(fake, other) == NOT_YOURS and other.ephemeral
        mine = await fake.press(answer, "Again")
        await fake.until(lambda: len(model.asked) == 2)
        assert "4.2 million" in await text_of(fake, mine)
        assert not mine.ephemeral and mine.original != answer["id"], "a new answer, the old one stays"
    assert ASK in model.asked[1][-1]["content"]


async def test_a_private_answer_asked_again_stays_private(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path):
        asked = await fake.slash("ask", question=ASK, private=True)
        await text_of(fake, asked)
        again = await fake.press(fake.world.messages[str(asked.original)], "Again")
        assert "4.2 million" in await text_of(fake, again)
    assert again.ephemeral


async def test_one_vote_a_person_which_may_change(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path):
        answer = await answered(fake)
        for who in (ADA, BEN, ADA):
            assert await text_of(fake, await fake.press(answer, "👍", asker=who)) == THANKS
        down = await fake.press(answer, "👎", asker=BEN)
        await fake.until(lambda: down.modal)
        sent = await fake.submit(down, "it names the wrong year")
        assert await text_of(fake, sent) == EXPLAINED
    votes = stored(tmp_path, "SELECT person, good, reason FROM votes ORDER BY person")
    assert votes == [(int(ADA), 1, ""), (int(BEN), 0, "it names the wrong year")]


async def test_a_vote_counts_without_a_reason(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path):
        down = await fake.press(await answered(fake), "👎")
        await fake.until(lambda: down.modal)
        await fake.until(lambda: stored(tmp_path, "SELECT good FROM votes") == [(0,)])


async def test_a_form_that_was_open_during_a_restart_is_read(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path):
        down = await fake.press(await answered(fake), "👎")
        await fake.until(lambda: down.modal)
        await fake.until(lambda: stored(tmp_path, "SELECT good FROM votes"))
    async with running(fake, tmp_path):
        assert await text_of(fake, await fake.submit(down, "too long")) == EXPLAINED
    assert stored(tmp_path, "SELECT reason FROM votes") == [("too long",)]


async def test_a_button_of_a_forgotten_answer_says_so(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path):
        answer = await answered(fake)
        stored(tmp_path, "DELETE FROM answers")
        for button in ("Sources", "More", "Again", "👍"):
            assert await text_of(fake, await fake.press(answer, button)) == FORGOTTEN


@pytest.mark.parametrize("custom_id", ["who-knows", "footnote:gone:1", "footnote:"])
async def test_a_button_that_nobody_knows_is_not_dropped_in_silence(
    fake: FakeDiscord, tmp_path: Path, custom_id: str
) -> None:
    async with running(fake, tmp_path):
        pressed = await fake.press(await answered(fake), "Sources", custom_id=custom_id)
        assert await text_of(fake, pressed) == OLD_BUTTON


async def test_a_press_that_comes_twice_counts_once(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path):
        pressed = await fake.press(await answered(fake), "Sources")
        await fake.gateway.dispatch("INTERACTION_CREATE", pressed.payload)
        await text_of(fake, pressed)
        await text_of(fake, await fake.slash("help"))
    assert len(fake.sent("POST", f"{pressed.payload['id']}.*callback")) == 1


async def test_a_bug_behind_a_button_becomes_a_sentence(fake: FakeDiscord, tmp_path: Path) -> None:
    class Broken(TitledLibrary):
        def passages_of(self, paper_id: str) -> Any:
            raise ZeroDivisionError("secret detail")

    plain = Broken(shelf=[])
    async with running(fake, tmp_path, plain):
        asked = await fake.slash("similar", title="hedge")
        text = await text_of(fake, asked)
    assert "Something went wrong" in text and "secret" not in text


async def test_a_search_goes_on_page_by_page_also_after_a_restart(fake: FakeDiscord, tmp_path: Path) -> None:
    wide = [paper(f"w{n}", f"Wide Paper {n} about pruning " + "and so on " * 15) for n in range(20)]
    library = TitledLibrary(tuple(passage(one, "Networks prune. " * 20) for one in wide))
    async with running(fake, tmp_path, library):
        found = await fake.slash("search", query="pruning networks")
        texts = [await text_of(fake, found)]
    shown = fake.world.messages[str(found.original)]
    async with running(fake, tmp_path, library):
        while shown["components"]:
            (label,) = labels(shown)
            pressed = await fake.press(shown, label, asker=BEN)
            texts.append(await text_of(fake, pressed))
            shown = fake.world.messages[str(pressed.original)]
            assert pressed.ephemeral
    numbers = [int(n) for text in texts for n in re.findall(r"^(\d+)\. ", text, flags=re.MULTILINE)]
    assert numbers == list(range(1, 21)) and len(texts) > 2 and max(map(len, texts)) <= 2000


# under a paper


async def paper_message(fake: FakeDiscord) -> Json:
    asked = await fake.slash("paper", title="hedge")
    await text_of(fake, asked)
    return fake.world.messages[str(asked.original)]


async def test_a_paper_can_be_cited(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path):
        shown = await paper_message(fake)
        assert labels(shown) == ["Similar", "Cite", "Ask about it"]
        cited = await fake.press(shown, "Cite", asker=BEN)
        text = await text_of(fake, cited)
    assert cited.ephemeral
    assert "@inproceedings{rowan2023hedgenet," in text
    assert "author = {Ada Rowan and Ben Alder}," in text
    assert "Rowan, A., & Alder, B. (2023). HedgeNet: Pruning Networks like Gardens. In CVPR." in text


async def test_a_paper_leads_to_others_like_it(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path):
        text = await text_of(fake, await fake.press(await paper_message(fake), "Similar"))
    assert f"1. [**{MOLE.title}**" in text or "2. [**" in text
    assert f"**{HEDGE.title}**" not in text


async def test_a_paper_can_be_asked_about(fake: FakeDiscord, tmp_path: Path) -> None:
    library = TitledLibrary()
    async with running(fake, tmp_path, library):
        pressed = await fake.press(await paper_message(fake), "Ask about it")
        await fake.until(lambda: pressed.modal)
        sent = await fake.submit(pressed, "How many parameters?")
        text = await text_of(fake, sent)
    assert "4.2 million" in text and f"Searched only papers named “{HEDGE.title}”." in text
    assert {filters.paper for _, filters in library.asked} == {"hedge"}


# the menu of a message


async def test_a_message_can_be_asked_about(fake: FakeDiscord, tmp_path: Path) -> None:
    model = TalkingModel(["It has 4.2 million parameters [1]."])
    async with running(fake, tmp_path, model=model):
        message = await fake.say("HedgeNet prunes itself while it trains.", author=BEN)
        opened = await fake.menu(MENU, message)
        await fake.until(lambda: opened.modal)
        assert opened.modal is not None
        sent = await fake.submit(opened, "how many parameters does it have?", message["content"])
        assert "4.2 million" in await text_of(fake, sent)
    told = "\n".join(part["content"] for part in model.asked[0])
    assert "prunes itself while it trains" in told and sent.ephemeral


async def test_a_message_can_be_the_question(fake: FakeDiscord, tmp_path: Path) -> None:
    library = TitledLibrary()
    async with running(fake, tmp_path, library):
        message = await fake.say(ASK, author=BEN)
        opened = await fake.menu(MENU, message)
        await fake.until(lambda: opened.modal)
        assert "4.2 million" in await text_of(fake, await fake.submit(opened, "", ASK))
    assert library.asked[0][0] == ASK


async def test_a_forwarded_message_stands_in_the_form(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path):
        told = {"type": 0, "content": ASK, "embeds": [], "attachments": [], "flags": 0, "components": []}
        told |= {"timestamp": now(), "edited_timestamp": None, "mentions": [], "mention_roles": []}
        opened = await fake.menu(MENU, await fake.say("", author=BEN, message_snapshots=[{"message": told}]))
        await fake.until(lambda: opened.modal)
        assert opened.modal is not None
    assert opened.modal["components"][1]["component"]["value"] == ASK


async def test_very_long_messages_fit_the_form(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path):
        opened = await fake.menu(MENU, await fake.say("word " * 799))
        await fake.until(lambda: opened.modal)


# installed by one person


async def test_who_installed_it_for_himself_is_answered_privately_anywhere(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    long = "HedgeNet prunes itself while it trains, and this takes many words to say [1]. " * 200
    async with running(fake, tmp_path, model=TalkingModel([long])):
        asked = await fake.slash("ask", question=ASK, channel=ELSEWHERE_CHANNEL)
        found = await fake.slash("search", query="pruning networks", channel=ELSEWHERE_CHANNEL)
        assert HEDGE.title in await text_of(fake, found)
        await text_of(fake, asked)
        await fake.until(lambda: len(asked.followups) == 5)
        last = fake.world.messages[asked.followups[-1]]
        await fake.until(lambda: last["components"])
        assert last["content"].endswith(NO_ROOM.strip()), "what is cut off is said to be"
        menu = await fake.menu(MENU, await fake.say(ASK), channel=ELSEWHERE_CHANNEL)
        await fake.until(lambda: menu.modal)
    assert asked.ephemeral and found.ephemeral
    assert fake.answers(CHANNEL) == []


async def test_in_the_direct_conversation_with_the_bot_answers_stay(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    async with running(fake, tmp_path):
        asked = await fake.slash("ask", question=ASK, channel=fake.world.dm_with(ADA)["id"])
        assert "4.2 million" in await text_of(fake, asked)
    assert not asked.ephemeral
