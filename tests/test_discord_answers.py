"""How an answer appears and what a follow-up knows, on the fake Discord with the real discord.py."""

from __future__ import annotations

import itertools
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from bot.discord_bot.asking import UNREAD
from bot.discord_bot.emphasis import emphasised
from bot.discord_bot.invocation import HELP
from bot.models import Answer, Citation
from tests.discord_kit import healthy_discord, reply_in, running, stored, text_of
from tests.fake_discord import FakeDiscord, Intents
from tests.fake_discord.objects import ADA, BEN, BOT_ID, BOT_ROLE, CHANNEL, OTHER_CHANNEL, now
from tests.fake_footnote import TalkingModel
from tests.fakes import HEDGE, PASSAGES

ASK = "How many parameters does HedgeNet have?"
ME = f"<@{BOT_ID}>"


@pytest_asyncio.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with healthy_discord() as discord:
        yield discord


def long_answer() -> list[str]:
    """Pieces of an answer of about 6,000 characters that cites all four passages again and again."""
    told = (
        "HedgeNet prunes its own branches while it trains [1]",
        "Earlier pruning removes branches that have not grown yet [2]",
        "MoleFormer maps tunnels from ground radar alone [3]",
        "Harbour cameras see the water line at all hours [4]",
    )
    lines = [f"{n}. {told[n % 4]}.\n\n" for n in range(70)]
    return ["".join(lines[n : n + 10]) for n in range(0, 70, 10)]


def marks(texts: list[str]) -> list[str]:
    """The number of every `n. … [k].` in order."""
    return re.findall(r"^(\d+)\. [^\[]*\[\d+\]\.$", "\n".join(texts), flags=re.MULTILINE)


@pytest.mark.parametrize("how", ["slash", "mention", "direct"])
async def test_a_long_answer_comes_in_parts_and_loses_no_citation(
    fake: FakeDiscord, tmp_path: Path, how: str
) -> None:
    async with running(fake, tmp_path, model=TalkingModel(long_answer())):
        channel = CHANNEL
        if how == "slash":
            await fake.slash("ask", question=ASK)
        elif how == "mention":
            await fake.say(f"{ME} {ASK}")
        else:
            channel = (await fake.say_privately(ASK))["channel_id"]
        await fake.until(
            lambda: any("papers.example/mole" in m["content"] for m in fake.answers(channel)), 10
        )
        texts = [m["content"] for m in fake.answers(channel)]
    assert len(texts) >= 3
    assert max(map(len, texts)) <= 2000
    assert marks(texts) == [str(n) for n in range(70)]


async def test_text_grows_at_a_bearable_pace_without_previews(fake: FakeDiscord, tmp_path: Path) -> None:
    pieces = ["HedgeNet ", "prunes ", "itself, ", "see https://papers.example/hedge ", "for more [1]. "]
    model = TalkingModel(pieces * 6, pause=0.1)
    async with running(fake, tmp_path, model=model):
        await fake.say(f"{ME} {ASK}")
        asked = await fake.slash("ask", question=ASK, channel=OTHER_CHANNEL)
        message = await reply_in(fake)
        assert "[1] [**" not in message["content"], "first words before the answer is whole"
        await text_of(fake, asked)
        original = fake.world.messages[str(asked.original)]
        await fake.until(lambda: all("[1] [**" in one["content"] for one in (message, original)), 9)
    for path in (message["id"], "@original"):
        edits = [call.at for call in fake.sent("PATCH", path)]
        assert len(edits) >= 2
        assert (
            min(later - earlier for earlier, later in itertools.pairwise(edits)) >= 1.05
        )  # 1.2 as it left the bot
    assert all("flags" not in call.body for call in fake.sent("PATCH", "."))
    assert message["flags"] & 4, "link previews stay off"


async def test_nobody_is_pinged_whatever_the_model_writes(fake: FakeDiscord, tmp_path: Path) -> None:
    text = f"@everyone @here <@{ADA}> <@&{BOT_ROLE}> HedgeNet prunes itself [1]."
    async with running(fake, tmp_path, model=TalkingModel([text, " It does."], pause=0.05)):
        await fake.say(f"{ME} {ASK}")
        await text_of(fake, await fake.slash("ask", question=ASK))
        await reply_in(fake, count=2)
    sent = [c.body for c in fake.calls if c.body and isinstance(c.body, dict) and "content" in c.body]
    assert sent and all(body["allowed_mentions"]["parse"] == [] for body in sent)
    assert not any(body["allowed_mentions"].get("replied_user") for body in sent)


# what was said before


def told(model: TalkingModel, number: int) -> str:
    """All that the model was told for its answer `number`."""
    return "\n".join(message["content"] for message in model.asked[number])


async def test_a_follow_up_knows_what_the_same_person_asked_there(fake: FakeDiscord, tmp_path: Path) -> None:
    model = TalkingModel(["It has 4.2 million parameters [1]."])
    async with running(fake, tmp_path, model=model):
        await fake.say(f"{ME} {ASK}")
        first = await reply_in(fake)
        await fake.until(lambda: "[1] [**" in first["content"])  # the answer is whole, and remembered
        await fake.say(f"{ME} why does it prune its branches?")
        await reply_in(fake, count=2)
        await fake.say(f"{ME} why does HedgeNet prune?", author=BEN)
        await reply_in(fake, count=3)
        await fake.say(f"{ME} why does HedgeNet prune?", channel=OTHER_CHANNEL)
        await reply_in(fake, OTHER_CHANNEL)
    assert ASK in told(model, 1)
    assert ASK not in told(model, 2), "another person"
    assert ASK not in told(model, 3), "another channel"


async def test_what_was_asked_in_private_does_not_reach_a_public_answer(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    model = TalkingModel()
    async with running(fake, tmp_path, model=model):
        await text_of(fake, await fake.slash("ask", question=ASK, private=True))
        await text_of(fake, await fake.slash("ask", question="why does HedgeNet prune?"))
        await text_of(fake, await fake.slash("ask", question="why does HedgeNet prune?", private=True))
    assert ASK not in told(model, 1)
    assert ASK in told(model, 2)


async def test_a_reply_continues_the_answer_it_replies_to_whoever_writes_it(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    model = TalkingModel(["It has 4.2 million parameters [1]."])
    async with running(fake, tmp_path, model=model):
        await fake.say(f"{ME} {ASK}")
        answer = await reply_in(fake)
        await fake.say("why does it prune its branches?", author=BEN, reply_to=answer)
        await reply_in(fake, count=2)
    assert ASK in told(model, 1)


async def test_a_reply_chain_is_read_from_discord_after_a_restart(fake: FakeDiscord, tmp_path: Path) -> None:
    model = TalkingModel(["It has 4.2 million parameters [1]."])
    async with running(fake, tmp_path, model=model):
        await fake.say(f"{ME} {ASK}")
        answer = await reply_in(fake)
    async with running(fake, tmp_path, model=model):
        await fake.say(f"{ME} why does it prune its branches?", reply_to=answer)
        await reply_in(fake, count=2)
    assert ASK in told(model, 1)
    assert "It has 4.2 million parameters [1]." in told(model, 1)


async def test_a_reply_to_the_answer_of_a_command_continues_it_after_a_restart(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    model = TalkingModel(["It has 4.2 million parameters [1]."])
    async with running(fake, tmp_path):
        asked = await fake.slash("ask", question=ASK)
        await text_of(fake, asked)
    async with running(fake, tmp_path, model=model):
        answer = fake.world.messages[str(asked.original)]
        await fake.say(f"{ME} and why does it prune its branches?", reply_to=answer)
        await reply_in(fake, count=2)
    assert ASK in told(model, 0) and "\\" not in told(model, 0)


async def test_a_reply_to_somebody_else_is_about_what_he_wrote(fake: FakeDiscord, tmp_path: Path) -> None:
    fake.gateway.allowed_privileged = Intents.MESSAGE_CONTENT
    model = TalkingModel(["It has 4.2 million parameters [1]."])
    async with running(fake, tmp_path, model=model, message_content=True):
        said = await fake.say("HedgeNet prunes itself while it trains.", author=BEN)
        await fake.say(f"{ME} how many parameters does it have?", reply_to=said)
        answer = await reply_in(fake)
    assert "prunes itself while it trains" in told(model, 0) and "does not show me" not in answer["content"]


async def test_without_the_intent_it_says_what_it_could_not_read(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path):
        said = await fake.say("HedgeNet prunes itself while it trains.", author=BEN)
        await fake.say(f"{ME} {ASK}", reply_to=said)
        answer = await reply_in(fake)
    assert "4.2 million" in answer["content"]
    assert "-# Discord does not show me the message that you replied to." in answer["content"]


async def test_a_bare_call_in_reply_asks_what_was_replied_to(fake: FakeDiscord, tmp_path: Path) -> None:
    fake.gateway.allowed_privileged = Intents.MESSAGE_CONTENT
    model = TalkingModel(["It has 4.2 million parameters [1]."])
    async with running(fake, tmp_path, model=model, message_content=True):
        said = await fake.say(ASK, author=BEN)
        bare = await fake.say(ME, reply_to=said)
        answer = await reply_in(fake)
        await fake.until(lambda: answer["components"])
        assert answer["content"].startswith("It has 4.2 million") and answer["message_reference"]
        await fake.say(ME, reply_to=bare)
        await fake.say(ME, channel=OTHER_CHANNEL)
        assert (await reply_in(fake, count=2))["content"] == HELP, "a call has no words"
        assert (await reply_in(fake, OTHER_CHANNEL))["content"] == HELP
        await fake.edit(bare, f"{ME} why does it prune its branches?")
        await fake.until(lambda: len(model.asked) == 2)
    assert [told(model, number).count(ASK) for number in (0, 1)] == [1, 1]
    assert "why does it prune its branches?" in told(model, 1), "and what was replied to was said before"


async def test_a_bare_call_in_reply_to_what_it_may_not_read_is_told_the_way(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    async with running(fake, tmp_path):
        said = await fake.say("HedgeNet prunes itself while it trains.", author=BEN)
        await fake.say(ME, reply_to=said)
        assert (await reply_in(fake))["content"] == UNREAD


async def test_a_forwarded_message_is_read_as_the_question(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path):
        snapshot = {"message": {"type": 0, "content": ASK, "embeds": [], "attachments": [], "flags": 0}}
        snapshot["message"] |= {
            "timestamp": now(),
            "edited_timestamp": None,
            "mentions": [],
            "components": [],
        }
        direct = await fake.say_privately("", message_snapshots=[snapshot])
        assert "4.2 million" in (await reply_in(fake, direct["channel_id"]))["content"]


# how it reads


async def test_the_answer_to_a_command_begins_with_the_question(fake: FakeDiscord, tmp_path: Path) -> None:
    model = TalkingModel(["HedgeNet has 4.2 million parameters [1].\n\n", *long_answer()])
    async with running(fake, tmp_path, model=model):
        asked = await fake.slash("ask", question=ASK.replace("HedgeNet", "*HedgeNet*"))
        first = await text_of(fake, asked)  # while it grows
        head = "> How many parameters does \\*HedgeNet\\* have?\n"
        assert first.startswith(head)
        await fake.until(lambda: asked.followups)
        shown = fake.world.messages[str(asked.original)]["content"]
    assert shown.startswith(f"{head}HedgeNet has 4.2") and len(shown) <= 2000


async def test_a_greeting_is_no_question(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path):
        asked = await fake.slash("ask", question="thanks!")
        assert (await text_of(fake, asked)).endswith("You are welcome.")
        assert fake.world.messages[str(asked.original)]["components"] == []
    assert stored(tmp_path, "SELECT * FROM answers") == []


def test_titles_that_begin_a_line_are_bold_in_quoted_answers() -> None:
    text = f"1. {HEDGE.title}: it has branches [1]\nAnd {HEDGE.title}: no.\n{HEDGE.title} is by Ada [1]."
    cited = (Citation(1, HEDGE, PASSAGES[0].chunk, ""),)
    quoted = Answer(text, "question", citations=cited)
    bold = f"**{HEDGE.title}**"
    assert emphasised(quoted) == (
        f"1. {bold}: it has branches [1]\nAnd {HEDGE.title}: no.\n{bold} is by Ada [1]."
    )
    assert emphasised(replace(quoted, model="m")) == text
