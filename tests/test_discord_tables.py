"""Tables in answers: what Discord shows of them, in words and as a picture."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import Image

from bot.discord_bot.tables import PHONE, in_words, lay_out, pictures_of, wide_tables
from bot.models import NOT_REPORTED, Answer, Citation, Comparison
from tests.discord_kit import healthy_discord, reply_in, running, text_of
from tests.fake_discord import FakeDiscord
from tests.fake_discord.objects import ADA, BOT_ID, CHANNEL
from tests.fake_footnote import TalkingModel
from tests.fakes import HEDGE, MOLE, PASSAGES, TIDE

ASK = "How many parameters does HedgeNet have?"
NARROW = "| Method | Parameters |\n|---|---:|\n| HedgeNet | 4.2 M |\n| MoleFormer | **9** M |"
WIDE = (
    "| Network | Parameters | Accuracy | When it prunes |\n|:--|--|--|--|\n"
    "| HedgeNet | 4.2 million parameters [1] | 71.3 % accuracy on GardenSet [1] "
    "| it prunes its own branches while it trains [1] |"
)


@pytest_asyncio.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with healthy_discord() as discord:
        yield discord


def test_a_narrow_table_has_even_columns() -> None:
    laid = lay_out(f"Both:\n\n{NARROW}\n\nThat is all [1].")
    assert laid.wide == ()
    assert laid.text == (
        "Both:\n\n```text\nMethod      Parameters\n──────────  ──────────\nHedgeNet    4.2 M\n"
        "MoleFormer  9 M\n```\n\nThat is all [1]."
    )
    assert max(map(len, laid.text.splitlines())) <= PHONE


def test_a_wide_table_becomes_a_list_that_keeps_its_footnotes() -> None:
    laid = lay_out(WIDE)
    assert laid.text.splitlines() == [
        "- **HedgeNet**",
        "  Parameters: 4.2 million parameters [1]",
        "  Accuracy: 71.3 % accuracy on GardenSet [1]",
        "  When it prunes: it prunes its own branches while it trains [1]",
    ]
    (table,) = laid.wide
    assert [len(row) for row in table] == [4, 4]
    assert in_words(table).startswith("A table. Network: HedgeNet, Parameters: 4.2 million")


@pytest.mark.parametrize(
    "text",
    [
        "No table, only a | b.",
        "a | b\nc | d",
        "```text\n| a | b |\n|---|---|\n| c | d |\n```",
        "Before\n---\nAfter | this",
    ],
)
def test_what_is_no_table_stays_as_it_is(text: str) -> None:
    assert lay_out(text).text == text


def test_ragged_rows_and_escaped_bars_are_taken() -> None:
    laid = lay_out("a | b\n--|--\nc \\| d\ne | f | g")
    assert laid.text.splitlines()[3:5] == ["c | d", "e      f"]
    assert lay_out("Before\n| a | b |\n|---|---|\nAfter").text == "Before\nAfter", "no head without rows"


def test_a_picture_is_drawn_of_each_wide_table() -> None:
    found = pictures_of(lay_out(f"{WIDE}\n\nand\n\n{WIDE}").wide)
    assert [one.name for one in found] == ["table-1.png", "table-2.png"]
    image = Image.open(io.BytesIO(found[0].data))
    assert image.width > 2 * image.height, "one row under its head, and four columns"


def test_a_comparison_of_more_than_two_papers_is_drawn_beside_its_text() -> None:
    cells = tuple((Citation(n, p.paper, p.chunk, p.chunk.text),) for n, p in enumerate(PASSAGES, 1))
    (hedge, _, mole, tide) = cells
    two = Comparison((HEDGE, MOLE), ("speed",), ((hedge, mole),))
    three = Comparison((HEDGE, MOLE, TIDE), ("speed", "data"), ((hedge, mole, tide), (hedge, (), tide)))
    assert wide_tables(Answer("They differ.", "compare", comparison=two)) == ()
    (table,) = wide_tables(Answer("They differ.", "compare", comparison=three))
    assert table[0] == ("", HEDGE.title, MOLE.title, TIDE.title)
    assert [row[0] for row in table[1:]] == ["speed", "data"]
    assert "[1]" in table[1][1] and table[2][2] == NOT_REPORTED


@pytest.mark.parametrize("how", ["slash", "mention"])
async def test_an_answer_with_a_wide_table_has_its_picture(
    fake: FakeDiscord, tmp_path: Path, how: str
) -> None:
    async with running(fake, tmp_path, model=TalkingModel([f"HedgeNet in figures [1].\n\n{WIDE}\n"])):
        if how == "slash":
            found = await fake.slash("ask", question=ASK)
            await text_of(fake, found)
        else:
            await fake.say(f"<@{BOT_ID}> {ASK}")
        await fake.until(lambda: any(m["attachments"] for m in fake.answers()))
    (message,) = fake.answers()
    (picture,) = message["attachments"]
    assert "- **HedgeNet**\n  Parameters: 4.2 million" in message["content"]
    assert "|" not in message["content"]
    assert picture["filename"] == "table-1.png"
    assert picture["description"].startswith("A table. Network: HedgeNet")
    assert fake.world.files[picture["id"]].startswith(b"\x89PNG")
    assert message["components"], "the buttons are there too"


async def test_where_no_file_may_be_attached_the_words_are_enough(
    fake: FakeDiscord, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    fake.world.denied[CHANNEL] = {"attach"}
    async with running(fake, tmp_path, model=TalkingModel([f"HedgeNet in figures [1].\n\n{WIDE}\n"])):
        await fake.say(f"<@{BOT_ID}> {ASK}", author=ADA)
        await reply_in(fake)
        await fake.until(lambda: fake.answers()[0]["components"])
    (message,) = fake.answers()
    assert "4.2 million" in message["content"] and not message["attachments"]
    assert "goes without its files" in caplog.text
    assert [refusal.split(": ")[1] for refusal in fake.refusals] == ["403 50013 Missing Permissions"]
    fake.refusals.clear()
