"""The parts of the Discord bot that need no Discord: pace, desk, memory, listings, sentences."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.conversation import FORGET_AFTER
from bot.discord_bot.desk import CLOSED, Desk
from bot.discord_bot.errors import FOR_CODES
from bot.discord_bot.history import Threads
from bot.discord_bot.kept import Answers
from bot.discord_bot.listing import describe, paper_replies, search_replies, shorten, shorten_lines
from bot.discord_bot.pace import Pace
from bot.discord_bot.seen import Seen
from bot.discord_bot.store import FILE, Store
from bot.discord_bot.surfaces import INTERRUPTED, Surface, cut_off, growing
from bot.errors import UNEXPECTED
from bot.models import Reply, Turn
from bot.rendering import LIMIT
from retrieval.models import NO_FILTERS, Filters, Paper, PaperEntry, RankedPaper, SearchResult
from tests.fakes import HEDGE, PASSAGES

# text that grows


async def test_the_pace_is_kept_and_only_the_newest_is_shown() -> None:
    shown: list[tuple[float, str]] = []

    async def write(text: str) -> None:
        shown.append((time.monotonic(), text))

    pace = Pace(write, 0.05)
    for number in range(60):
        pace.offer(str(number))
        await asyncio.sleep(0.003)
    await pace.stop()
    stopped = time.monotonic()
    assert shown[0][1] == "0", "the first words at once"
    assert 2 <= len(shown) <= 2 + (stopped - shown[0][0]) / 0.05
    assert min(b[0] - a[0] for a, b in itertools.pairwise(shown)) >= 0.05
    assert stopped - shown[-1][0] >= 0.05, "whoever writes next keeps the pace too"


async def test_a_write_on_its_way_is_waited_for() -> None:
    done: list[str] = []

    async def write(text: str) -> None:
        await asyncio.sleep(0.03)
        done.append(text)

    pace = Pace(write, 0.0)
    pace.offer("half")
    await asyncio.sleep(0.01)
    await pace.stop()
    pace.offer("late")
    await asyncio.sleep(0.04)
    assert done == ["half"]


async def test_a_pace_that_never_began_can_be_stopped() -> None:
    await Pace(lambda text: asyncio.sleep(0), 9.0).stop()


@pytest.mark.parametrize(
    "text, shown",
    [
        ("see https://a.example/x.", "see <https://a.example/x.>"),
        ("see <https://a.example>", "see <https://a.example>"),
        ("a [link](https://a.example) and ![one](<https://b.example>)", "a link and one"),
        ("```py\nx = 1", "```py\nx = 1\n```"),
        ("```\nx\n```", "```\nx\n```"),
    ],
)
def test_what_grows_draws_no_preview_and_leaves_no_fence_open(text: str, shown: str) -> None:
    assert growing(text) == shown


def test_what_grows_too_long_is_cut_with_a_sign() -> None:
    cut = growing("word " * 1000)
    assert len(cut) <= 2000 and cut.endswith("word …")
    assert len(growing("```\n" + "x" * 3000)) <= 2000
    assert len(growing("https://a.example/ " * 300)) <= 2000


# the desk


class SheetOfPaper(Surface):
    """A surface that keeps what was written."""

    def __init__(self) -> None:
        super().__init__(0.0)
        self.written: dict[int, str] = {}

    @property
    def message_ids(self) -> tuple[int, ...]:
        return ()

    async def acknowledge(self) -> None:
        raise NotImplementedError

    async def _write(self, number: int, text: str, view: Any = None, files: Any = ()) -> None:
        self.written[number] = text

    async def _apologise(self, error: Exception) -> None:
        raise NotImplementedError

    async def _done(self) -> None:
        return


async def write_slowly(surface: Surface, seconds: float) -> None:
    await surface.show("Half of")
    await asyncio.sleep(seconds)
    await surface.finish((Reply("Half of it and the rest."),))


async def test_a_closing_desk_waits_marks_and_takes_nothing_new() -> None:
    desk, quick, slow, late = Desk(grace=0.1), SheetOfPaper(), SheetOfPaper(), SheetOfPaper()
    running = [
        asyncio.create_task(desk.run(quick, write_slowly(quick, 0.03))),
        asyncio.create_task(desk.run(slow, write_slowly(slow, 9.0))),
    ]
    await asyncio.sleep(0.01)
    assert desk.running == 2
    closing = asyncio.create_task(desk.close())
    await asyncio.sleep(0.01)
    await desk.run(late, write_slowly(late, 0.0))
    await closing
    await asyncio.gather(*running)
    assert quick.written[0] == "Half of it and the rest."
    assert slow.written[0].startswith("Half of\n\n") and "Interrupted" in slow.written[0]
    assert late.written == {0: CLOSED}
    assert desk.running == 0


async def test_a_desk_says_what_went_wrong() -> None:
    async def break_down() -> None:
        raise ZeroDivisionError

    sheet = SheetOfPaper()
    await Desk().run(sheet, break_down())
    assert sheet.written == {0: UNEXPECTED}


async def test_quick_work_waits_for_no_lane() -> None:
    desk, slow, quick = Desk(lanes=1, queue=0), SheetOfPaper(), SheetOfPaper()
    running = asyncio.create_task(desk.run(slow, write_slowly(slow, 9.0)))
    await asyncio.sleep(0.01)
    await desk.run(quick, write_slowly(quick, 0.0), quick=True)
    assert "the rest" in quick.written[0]
    await desk.cancel(slow)
    await running


async def test_what_is_cut_off_leaves_no_code_block_open() -> None:
    shown = cut_off("```text\n" + "word " * 600)
    assert len(shown) <= LIMIT and shown.count("```") == 2 and shown.endswith(INTERRUPTED)


# memory


def test_what_was_seen_is_remembered_up_to_a_limit() -> None:
    seen = Seen(limit=2)
    assert [seen.first_time(n) for n in (1, 1, 2, 3, 1)] == [True, False, True, True, True]


def test_conversations_by_answer_are_remembered_up_to_a_limit() -> None:
    threads = Threads(limit=2)
    for number in range(3):
        threads.remember(number, (Turn(f"q{number}", "a"),))
    assert [len(threads.turns(number)) for number in range(3)] == [0, 1, 1]


def test_conversations_by_answer_end_like_all_others_and_are_forgotten_on_request() -> None:
    now = 0.0
    threads = Threads(clock=lambda: now)
    first, second = Turn("a secret of Ada's", "a"), Turn("and?", "b")
    threads.remember(1, (first,), asker=7)
    threads.remember(2, (first, second), asker=8)
    threads.remember(3, (second,), asker=8)
    threads.forget(7)
    assert [threads.turns(number) for number in (1, 2, 3)] == [(), (), (second,)], "nor where others went on"
    now = FORGET_AFTER + 1
    assert threads.turns(3) == ()


# listings


def listed(papers: Sequence[Paper], filters: Filters = NO_FILTERS, unknown: int = 0) -> str:
    ranked = tuple(RankedPaper(paper, 1.0) for paper in papers)
    (reply,) = search_replies(SearchResult(PASSAGES, ranked, unknown_year=unknown), filters)
    assert len(reply.text) <= LIMIT
    return reply.text


def test_a_listing_fits_one_message_and_ends_with_whole_entries() -> None:
    words = "of many words " * 30
    wide = [Paper(id=str(n), title=f"Title {n} {words}", authors=("Ada",) * 9) for n in range(10)]
    assert listed([Paper(id="v", title="Odd", venue="of many words " * 300, authors=("x" * 3000,))])
    text = listed(wide, Filters(venue="CVPR", year_from=2020), unknown=3)
    assert text.splitlines()[0].startswith("1. **Title 0")
    assert text.endswith("-# Only at CVPR, from 2020.\n-# 3 papers of unknown year left out.")
    assert text.count("\n-# Ada") == text.count(". **Title")


def test_titles_are_data() -> None:
    wild = Paper(id="w", title="*Star* _and_ @everyone `code`", url="javascript:alert(1)")
    text = listed([wild])
    assert "\\*Star\\*" in text and "@everyone" not in text and "javascript" not in text
    linked = Paper(id="l", title="See https://a.example/b_c now")
    assert "<https://a.example/b_c>" in listed([linked])
    label = Paper(id="x", title="FFF: a claim", title_is_label=True)
    assert listed([label]).startswith("1. **(untitled page)")


def test_a_paper_fits_one_message_whatever_it_holds() -> None:
    huge = Paper(
        id="h",
        title="T" * 900,
        authors=tuple(f"Author Number {n}" for n in range(200)),
        abstract="*" * 5000,
        url="https://a.example/" + "x" * 600,
        code_url="https://b.example/" + "y" * 600,
        sources=("s" * 500,),
    )
    (reply,) = paper_replies(PaperEntry(huge, 1))
    assert len(reply.text) <= LIMIT and "1 passage in" in reply.text
    (small,) = paper_replies(PaperEntry(HEDGE, 2))
    assert small.text.startswith(f"[**{HEDGE.title}**](<{HEDGE.url}>)\nAda Rowan, Ben Alder · CVPR 2023\n")


def test_texts_are_shortened_after_words() -> None:
    assert shorten("one two three", 13) == "one two three"
    assert shorten("and so on …", 1) == shorten("and so on", -5) == " …"
    assert shorten("one two, three", 12) == "one two …"
    assert len(shorten("x" * 50, 20)) <= 20
    assert len(shorten_lines(["a" * 100, "b b b " * 100], 200)) <= 200
    assert describe(Filters(author="Ada", year_to=2020, paper="p")) == "in one paper, by Ada, up to 2020"


def test_every_code_that_the_bot_may_meet_has_its_sentence() -> None:
    named = {10003, 10008, 10062, 20028, 30032, 30034, 30046, 40060, 50001, 50007, 50013, 50027, 50035, 50083}
    assert set(FOR_CODES) >= named | {160002, 160004, 160006, 200000}
    sentences = " ".join(FOR_CODES.values()).replace("15 minutes", "")
    assert all(sentence.endswith(".") for sentence in FOR_CODES.values())
    assert not any(character.isdigit() for character in sentences), "a code tells a reader nothing"


# what is kept


async def test_a_vote_that_cannot_be_kept_is_not_said_to_be(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()  # where the file should be
    store = Store(tmp_path)
    answers = Answers(store)
    assert not await answers.vote(1, 2, good=True) and not await answers.explain(1, 2, "why")
    store.close()
