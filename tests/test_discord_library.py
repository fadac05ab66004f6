"""/library add, remove, mend and retry on the fake Discord, over a real library and a server of papers."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.discord_bot import shelving
from bot.librarian import Librarian
from bot.web import Limits, Web
from retrieval.jobs import Changed, Jobs, Read
from retrieval.library import Library
from tests.discord_kit import bot_settings, healthy_discord, running, text_of
from tests.fake_discord import FakeDiscord
from tests.fake_discord.objects import ADA, BEN, BOT_ROLE, ELSEWHERE_CHANNEL, GUILD
from tests.fakes import paper
from tests.jobs_kit import InlineRunner, jobs_in, quietly
from tests.papers import HashingEmbedder, settings_for, write_records
from tests.test_corrections import TEXT, written
from tests.test_web import LOOPBACK, PDF, Names, leads, sends, serving

TENTS = ("Tents on.txt", TEXT.replace("Kites", "Tents").replace("kite", "tent").encode())


@pytest_asyncio.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with healthy_discord() as discord:
        yield discord


@contextlib.asynccontextmanager
async def library_bot(
    fake: FakeDiscord, tmp_path: Path, web: Names | None = None, **settings: Any
) -> AsyncIterator[Jobs]:
    """The bot over a real library of four papers, which it may change."""
    data = tmp_path / "data"
    jobs = jobs_in(data, wait=0.0)
    folder = write_records(tmp_path / "papers" / "list.jsonl").parent
    jobs.follow([folder], [folder / "list.jsonl"], quietly)
    jobs.rest()
    fetcher = Web(Limits(size=1_000_000, seconds=5.0), policy=lambda a: a == LOOPBACK, resolver=web)
    librarian = Librarian(bot_settings(fake, data, **settings), InlineRunner(jobs), fetcher)
    with (
        contextlib.closing(librarian),
        Library.open(settings_for(data), embedder=HashingEmbedder()) as library,
    ):
        async with running(fake, data, library, librarians={"": librarian}, **settings):  # type: ignore[arg-type]
            yield jobs


async def said(fake: FakeDiscord, command: str, **options: Any) -> str:
    """The last word on a command, when it is done."""
    asked = await fake.slash(f"library {command}", **options)
    await fake.until(lambda: asked.original and not asked.waiting)

    def final() -> str | None:
        text = str(fake.world.messages[str(asked.original)]["content"])
        return None if text.endswith("…") else text

    return str(await fake.until(final))


async def test_files_are_added_and_found_at_once(fake: FakeDiscord, tmp_path: Path) -> None:
    again = write_records(tmp_path / "one.jsonl").read_bytes().splitlines()[0]
    async with library_bot(fake, tmp_path):
        text = await said(
            fake,
            "add",
            first=TENTS,
            second=("one.jsonl", again),
            third=("scan.pdf", b"no pdf"),
            fourth=("empty.txt", b""),
            fifth=("../../run.exe", b"MZ words"),
        )
        twice = await said(fake, "add", first=TENTS)
        shown = await text_of(fake, await fake.slash("paper", title="Tents on Long Lines"))
        count = await said(fake, "show")
    assert text.splitlines() == [
        "**1 paper** added. 3 of 5 files could not be read.",
        "- ✓ **Tents on Long Lines** · Tents on.txt",
        "- ＝ there already, from another file: **KiteNet: Learning to Fly Tethered Wings** (2023) "
        "· one.jsonl",
        "- ✗ scan.pdf: it is called a PDF and is none.",
        "- ✗ empty.txt: it is empty.",
        "- ✗ ../../run.exe: files of the kind .exe are not taken here; "
        "I take bib, csv, json, jsonl, md, pdf, ris, tsv, txt.",
    ]
    assert twice.splitlines()[1] == "- ＝ added before: **Tents on Long Lines** · Tents on.txt"
    assert "**Tents on Long Lines**" in shown and count.startswith("**5** papers")
    kept = sorted(path.name for path in (tmp_path / "data" / "papers").iterdir())
    assert kept == ["Tents-on.txt", "one.jsonl"]


async def test_links_are_fetched_and_inner_ones_refused(fake: FakeDiscord, tmp_path: Path) -> None:
    files = {
        "tents_txt": sends(TENTS[1], "text/plain"),
        "broken_pdf": sends(PDF),
        "in": leads("http://10.0.0.1/"),
    }
    async with serving(**files) as names, library_bot(fake, tmp_path, names):  # type: ignore[arg-type]
        links = [f"http://good.example/{name}" for name in ("tents.txt", "broken.pdf", "in", "none")]
        text = await said(fake, "add", link=" ".join([*links, "tents"]))
    head, good, broken, inner, none, word = text.splitlines()
    assert head == "**1 paper** added. 4 of 5 files could not be read."
    assert good == "- ✓ **Tents on Long Lines** · <http://good.example/tents.txt>"
    assert broken.startswith("- ✗ <http://good.example/broken.pdf>: ") and len(broken) > 45
    assert inner == "- ✗ <http://good.example/in>: it leads to an address that is not on the public internet."
    assert none.endswith("the server answers 404 instead of the paper.")
    assert word.startswith("- ✗ tents: this is no link")


async def test_a_paper_is_mended_and_removed_and_comes_back_when_added(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    async with library_bot(fake, tmp_path) as jobs:
        await said(fake, "add", first=TENTS)
        typed = await fake.type_into("library mend", "paper", "tents")
        await fake.until(lambda: typed.acknowledged)
        key = typed.choices[0]["value"]
        mended = await said(
            fake, "mend", paper=key, title="On  Tents", authors="Bo Lind; Cy Birch", year=1999
        )
        jobs.follow([tmp_path / "data" / "papers"], list((tmp_path / "data" / "papers").iterdir()), quietly)
        jobs.rest()
        shown = await text_of(fake, await fake.slash("paper", title="On Tents"))
        removed = await said(fake, "remove", paper="On Tents")
        gone = await text_of(fake, await fake.slash("paper", title="On Tents"))
        none = await said(fake, "remove", paper="On Tents")
        back = await said(fake, "add", first=TENTS)
    assert mended.splitlines()[:2] == ["Mended: **On Tents**", "-# Bo Lind, Cy Birch · 1999"]
    assert "**On Tents**" in shown and "Bo Lind, Cy Birch" in shown
    assert removed.startswith("Removed: **On Tents**")
    assert gone.startswith("The library holds no paper") and none == shelving.NO_PAPER
    assert "✓ **On Tents** (1999)" in back, "what was mended stays mended"


async def test_failed_files_are_tried_again(fake: FakeDiscord, tmp_path: Path) -> None:
    async with library_bot(fake, tmp_path) as jobs:
        assert await said(fake, "retry") == shelving.NOTHING_FAILED
        bad = written(tmp_path / "papers" / "bad.txt", "")
        jobs.follow([bad.parent], [bad], quietly)
        jobs.rest()
        still = await said(fake, "retry")
        bad.write_bytes(TENTS[1])
        good = await said(fake, "retry")
    assert still.splitlines()[0] == "**0** of 1 file could be read now." and "✗ bad.txt: " in still
    assert good.splitlines() == [
        "**1** of 1 file could be read now.",
        "- ✓ **Tents on Long Lines** · bad.txt",
    ]


async def test_only_those_who_look_after_the_library_may_change_it(fake: FakeDiscord, tmp_path: Path) -> None:
    async with library_bot(fake, tmp_path, library_roles=f"1, {BOT_ROLE}"):
        asked = await fake.slash("library add", first=TENTS, asker=BEN)
        assert await text_of(fake, asked) == shelving.NOT_YOU and asked.ephemeral
        for name, options in (
            ("remove", {"paper": "x"}),
            ("retry", {}),
            ("mend", {"paper": "x", "year": 2000}),
        ):
            assert await said(fake, name, asker=BEN, **options) == shelving.NOT_YOU
        away = await fake.slash("library retry", channel=ELSEWHERE_CHANNEL)
        assert await text_of(fake, away) == shelving.NOT_HERE, "Ada manages that server, the bot is not in it"
        direct = fake.world.dm_with(ADA)["id"]
        assert await said(fake, "retry", channel=direct) == shelving.NOT_HERE
        fake.world.roles_of[BEN] = [BOT_ROLE]
        assert await said(fake, "retry", asker=BEN) == shelving.NOTHING_FAILED
    assert not (tmp_path / "data" / "papers").exists()


@pytest.mark.parametrize(
    "servers, answer", [("1, 2", shelving.NOT_THIS_SERVER), (GUILD, shelving.NOTHING_FAILED)]
)
async def test_servers_may_be_chosen(fake: FakeDiscord, tmp_path: Path, servers: str, answer: str) -> None:
    async with library_bot(fake, tmp_path, library_servers=servers):
        assert await said(fake, "retry") == answer


async def test_wrong_calls_are_told_what_is_missing(fake: FakeDiscord, tmp_path: Path) -> None:
    async with library_bot(fake, tmp_path, add_mb=1):
        assert "Attach a file" in await said(fake, "add")
        assert "too many links" in await said(fake, "add", link="a b c d e f")
        assert "Say what to mend" in await said(fake, "mend", paper="x")
        large = await said(fake, "add", first=("large.txt", b"x" * 1_000_001))
        fake.world.lost.add("lost.txt")
        lost = await said(fake, "add", first=("lost.txt", b"words"))
    assert "it has 1.0 MB, and I take at most 1 MB" in large
    assert "Discord did not hand it over" in lost


async def test_a_bot_without_a_librarian_says_so(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path):
        assert await said(fake, "retry") == shelving.NO_LIBRARIAN


async def test_who_holds_the_library_is_named_and_nothing_is_lost(fake: FakeDiscord, tmp_path: Path) -> None:
    data = tmp_path / "data"
    async with library_bot(fake, tmp_path) as jobs:
        with Library.open(
            settings_for(data), writable=True, embedder=HashingEmbedder(), purpose="footnote ingest"
        ):
            text = await said(fake, "add", first=TENTS)
            again = await said(fake, "retry")
        jobs.follow([data / "papers"], list((data / "papers").iterdir()), quietly)
        jobs.rest()
        assert "Tents" in await text_of(fake, await fake.slash("paper", title="Tents on Long Lines"))
    assert text == shelving.BUSY.format(owner="`footnote ingest`") + shelving.LATER
    assert again.endswith(shelving.AGAIN)


class SlowRunner(InlineRunner):
    """A job that waits until it is let go, as one that embeds for a minute does."""

    def __init__(self, jobs: Jobs) -> None:
        super().__init__(jobs)
        self.go = threading.Event()

    def call(self, job: Any, *args: Any) -> Any:
        *_, progress = args
        from retrieval.models import IngestProgress

        progress(IngestProgress("embedding", 128, 512))
        assert self.go.wait(10)
        return InlineRunner.call(self, job, *args)


async def test_progress_is_shown_and_questions_are_answered_meanwhile(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    runner = SlowRunner(jobs_in(data))
    librarian = Librarian(bot_settings(fake, data), runner)
    async with running(fake, data, librarians={"": librarian}):
        asked = [await fake.slash("library add", first=TENTS) for _ in range(3)]

        def embedding() -> bool:
            shown = [fake.world.messages[str(one.original)]["content"] for one in asked if one.original]
            return any(text == "Embedding papers, 128 of 512 …" for text in shown)

        await fake.until(embedding)
        answer = await fake.slash("ask", question="How many parameters does HedgeNet have?")
        assert "4.2 million" in await text_of(fake, answer)
        runner.go.set()
        await fake.until(lambda: all("Tents" in _content(fake, one) for one in asked))
        await asyncio.sleep(0)
    librarian.close()


def _content(fake: FakeDiscord, asked: Any) -> str:
    return str(fake.world.messages[str(asked.original)]["content"])


def test_long_lists_fit_a_message_and_ping_nobody() -> None:
    many = tuple(paper(f"p{n}", f"@everyone {'Long Title ' * 20}{n}") for n in range(60))
    read = Read("list.jsonl", many, (), None, ("a note",) * 9)
    from bot.librarian import Added

    found: Sequence[Added] = [
        Added("list.jsonl", read),
        Added("https://a.example/`x`", refused="@here it fails"),
    ]
    text = shelving.added_text(found)
    assert len(text) <= 2000 and "@everyone" not in text
    assert len(shelving.retried_text([read] * 5)) <= 2000
    assert len(shelving.removed_text(Changed(many[0], tuple(f"file{n}.pdf" for n in range(99))))) <= 2000
