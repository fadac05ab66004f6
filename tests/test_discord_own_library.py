"""Watching and changing the library that was chosen for a server or channel, and no other."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.build import build
from bot.discord_bot import shelving
from bot.discord_bot.store import FILE
from bot.librarian import Librarian, open_librarians
from bot.settings import BotSettings
from retrieval.errors import IndexBroken
from retrieval.library import Library
from retrieval.models import NO_FILTERS, Filters, SearchResult
from tests.discord_kit import bot_settings, healthy_discord, reply_in, running, stored, text_of
from tests.fake_discord import FakeDiscord
from tests.fake_discord.objects import ADA, BEN, CHANNEL, GUILD, OTHER_CHANNEL
from tests.fake_discord.world import Interaction
from tests.fake_footnote import TitledLibrary
from tests.fakes import MOLE, PASSAGES, paper, passage
from tests.jobs_kit import InlineRunner, jobs_in, quietly
from tests.papers import HashingEmbedder, settings_for, write_records
from tests.test_corrections import TEXT

KILN = paper("kiln", "Kilns that Listen", authors=["Gil Holm"], year=2022, venue="Pots")
GLAZE = paper("glaze", "Glazes that Sing", authors=["Gil Holm"], year=2023, venue="Pots")
POTS = (
    passage(KILN, "A kiln of ours hears cracks of pottery at 900 degrees while it fires the pots.", page=2),
    passage(GLAZE, "Glazes of pottery sing while they cool, and crack where the clay is too wet.", page=1),
)
TENTS = ("Tents on.txt", TEXT.replace("Kites", "Tents").replace("kite", "tent").encode())


@pytest_asyncio.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with healthy_discord() as discord:
        yield discord


async def choose(fake: FakeDiscord, library: str) -> None:
    """Ada chooses the library of one channel."""
    await text_of(fake, await fake.slash("settings", channel_=OTHER_CHANNEL, library=library))


async def test_a_topic_is_watched_in_the_library_of_the_channel(
    fake: FakeDiscord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.discord_bot.watcher.SECONDS", 0.05)
    main, pots = TitledLibrary(PASSAGES[:2]), TitledLibrary(POTS[:1])
    async with running(fake, tmp_path, main, others={"pots": pots}):
        await choose(fake, "pots")
        added = await fake.slash("watch add", topic="glazes of pottery", channel=OTHER_CHANNEL)
        assert "“glazes of pottery” (library **pots**)" in await text_of(fake, added)
        await text_of(fake, await fake.slash("watch add", topic="tunnels and ground radar", asker=BEN))
        typed = await fake.type_into("watch stop", "number", "gla")
        await fake.until(lambda: typed.acknowledged)
        assert typed.choices == [{"name": "1. glazes of pottery (pots)", "value": 1}]
        main.passages, pots.passages = PASSAGES, POTS
        (ada, ben) = (fake.world.dm_with(one)["id"] for one in (ADA, BEN))
        told = (await reply_in(fake, ada))["content"], (await reply_in(fake, ben))["content"]
        await fake.until(lambda: len(stored(tmp_path, "SELECT * FROM shelves")) == 5)
    assert told[0].startswith("New in the library on “glazes of pottery” (library **pots**):")
    assert GLAZE.title in told[0] and KILN.title not in told[0]
    assert MOLE.title in told[1] and "Glazes" not in told[1]
    async with running(fake, tmp_path, main, others={"pots": pots}):
        assert await text_of(fake, await fake.slash("watch stop", number=1)) == (
            "Stopped: “glazes of pottery” (library **pots**)."
        )
    assert len(fake.answers(ada)) == len(fake.answers(ben)) == 1


class Torn(TitledLibrary):
    """It cannot be searched for pottery."""

    def search(
        self, question: str, filters: Filters = NO_FILTERS, limit: int = 8, papers: int = 10
    ) -> SearchResult:
        found = TitledLibrary.search(self, question, filters, limit, papers)
        if "pottery" in question:
            raise IndexBroken("The index cannot be read.")
        return found


async def test_nobody_is_told_twice_where_a_look_for_others_fails(
    fake: FakeDiscord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.discord_bot.watcher.SECONDS", 0.02)
    library = Torn(PASSAGES[:2])
    async with running(fake, tmp_path, library):
        await text_of(fake, await fake.slash("watch add", topic="tunnels and ground radar"))
        await text_of(fake, await fake.slash("watch add", topic="glazes of pottery", asker=BEN))
        library.passages = PASSAGES
        await fake.until(lambda: [asked for asked, _ in library.asked].count("glazes of pottery") > 3)
    assert len(fake.answers(fake.world.dm_with(ADA)["id"])) <= 1


async def test_a_library_that_is_gone_or_taken_from_the_server_tells_nothing(
    fake: FakeDiscord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.discord_bot.watcher.SECONDS", 0.02)
    async with running(fake, tmp_path, others={"pots": TitledLibrary(POTS[:1])}):
        await choose(fake, "pots")
        await text_of(fake, await fake.slash("watch add", topic="glazes of pottery", channel=OTHER_CHANNEL))
    async with running(fake, tmp_path):
        assert "pots" in await text_of(fake, await fake.slash("watch list"))
    pots = TitledLibrary(POTS)
    more: Any = {"libraries": "pots=pots", "given": "pots=1"}
    async with running(fake, tmp_path, others={"pots": pots}, **more):
        await fake.until(lambda: len(stored(tmp_path, "SELECT * FROM shelves")) == 2)
    assert fake.answers(fake.world.dm_with(ADA)["id"]) == [] and pots.asked == []


async def test_what_an_older_version_watched_is_watched_on(
    fake: FakeDiscord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.discord_bot.watcher.SECONDS", 0.02)
    with contextlib.closing(sqlite3.connect(tmp_path / FILE)) as old, old:
        old.executescript(
            "CREATE TABLE watches (number INTEGER PRIMARY KEY, person INTEGER NOT NULL, topic TEXT NOT NULL,"
            " at REAL NOT NULL); CREATE TABLE shelf (paper TEXT PRIMARY KEY);"
            f"INSERT INTO watches VALUES (7, {ADA}, 'tunnels and ground radar', 1.0);"
            "INSERT INTO shelf VALUES ('hedge'), ('tide');"
        )
    library = TitledLibrary(PASSAGES)
    for _ in range(2):  # the second time there is nothing to bring up to date
        async with running(fake, tmp_path, library):
            listed = await text_of(fake, await fake.slash("watch list"))
            assert listed.splitlines()[0] == "1. tunnels and ground radar"
            await reply_in(fake, fake.world.dm_with(ADA)["id"])
            await fake.until(lambda: len(stored(tmp_path, "SELECT * FROM shelves")) == 3)
    (told,) = fake.answers(fake.world.dm_with(ADA)["id"])
    assert MOLE.title in told["content"]


@contextlib.asynccontextmanager
async def two_libraries(fake: FakeDiscord, tmp_path: Path) -> AsyncIterator[None]:
    """The bot over two real libraries, both of which it may change; the second is called pots."""
    async with contextlib.AsyncExitStack() as stack:
        librarians, libraries = {}, {}
        for name in ("", "pots"):
            data = tmp_path / (name or "main")
            jobs = jobs_in(data, wait=0.0)
            folder = write_records(tmp_path / f"papers-{name}" / "list.jsonl").parent
            jobs.follow([folder], [folder / "list.jsonl"], quietly)
            jobs.rest()
            librarian = Librarian(bot_settings(fake, data), InlineRunner(jobs))
            librarians[name] = stack.enter_context(contextlib.closing(librarian))
            opened = Library.open(settings_for(data), embedder=HashingEmbedder())
            libraries[name] = stack.enter_context(opened)
        main = libraries.pop("")
        await stack.enter_async_context(
            running(fake, tmp_path, main, others=libraries, librarians=librarians)  # type: ignore[arg-type]
        )
        yield


async def said(fake: FakeDiscord, command: str, channel: str = OTHER_CHANNEL, **options: Any) -> str:
    """The last word on a command."""
    asked: Interaction = await fake.slash(f"library {command}", channel=channel, **options)
    await fake.until(lambda: asked.original and not asked.waiting)

    def final() -> str | None:
        text = str(fake.world.messages[str(asked.original)]["content"])
        return None if text.endswith("…") else text

    return str(await fake.until(final))


async def test_the_library_of_the_channel_is_changed_and_named(fake: FakeDiscord, tmp_path: Path) -> None:
    async with two_libraries(fake, tmp_path):
        await choose(fake, "pots")
        added = await said(fake, "add", first=TENTS)
        shown = await said(fake, "show"), await said(fake, "show", channel=CHANNEL)
        for channel, titles in ((OTHER_CHANNEL, ["Tents on Long Lines"]), (CHANNEL, [])):
            typed = await fake.type_into("library remove", "paper", "tents", channel=channel)
            await fake.until(lambda t=typed: t.acknowledged)  # type: ignore[misc]
            assert [one["name"] for one in typed.choices if "Tents" in one["name"]] == titles
        mended = await said(fake, "mend", paper="Tents on Long Lines", year=1999)
        elsewhere = await said(fake, "remove", channel=CHANNEL, paper="Tents on Long Lines")
        removed = await said(fake, "remove", paper="Tents on Long Lines")
        retried = await said(fake, "retry")
    assert "✓ **Tents on Long Lines**" in added
    for text in (added, shown[0], mended, removed, retried):
        assert text.endswith("\n-# In the library **pots**.")
    assert shown[0].startswith("**5** papers") and shown[1].startswith("**4** papers")
    assert shown[1].endswith("\n-# In the main library.")
    assert elsewhere == f"{shelving.NO_PAPER}\n-# In the main library."
    assert mended.startswith("Mended:") and removed.startswith("Removed:")
    assert (tmp_path / "pots" / "removed").is_dir() and not (tmp_path / "main" / "papers").exists()


async def test_a_library_that_was_given_to_others_cannot_be_chosen_asked_or_changed(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    pots = TitledLibrary(POTS)
    more: Any = {"libraries": "pots=pots", "cooldown": 0.0}
    async with running(fake, tmp_path, others={"pots": pots}, given=f"pots=1+{GUILD}", **more):
        await choose(fake, "pots")
        shown = await fake.slash("paper", title=KILN.title, channel=OTHER_CHANNEL)
        assert "Gil Holm" in await text_of(fake, shown)
    pots.asked.clear()
    librarians = {"pots": Librarian(bot_settings(fake, tmp_path / "pots"), InlineRunner(jobs_in(tmp_path)))}
    async with running(fake, tmp_path, others={"pots": pots}, librarians=librarians, given="pots=1", **more):
        typed = await fake.type_into("settings", "library", "")
        await fake.until(lambda: typed.acknowledged)
        assert [one["value"] for one in typed.choices] == ["(main)", "(as the server)"]
        assert "no library of that name" in await text_of(fake, await fake.slash("settings", library="pots"))
        at = {"channel": OTHER_CHANNEL}
        for name, options in (
            ("paper", {"title": KILN.title}),
            ("similar", {"title": "kiln"}),
            ("ask", {"question": "At how many degrees does the kiln hear cracks?"}),
        ):
            assert "Gil Holm" not in await text_of(fake, await fake.slash(name, **at, **options))
        assert await said(fake, "retry") == shelving.NO_LIBRARIAN, "the main one has none here"
        watched = await text_of(fake, await fake.slash("watch add", topic="pottery", **at))
        assert "pots" not in watched
    assert pots.asked == []
    librarians["pots"].close()


async def test_each_library_of_the_settings_has_its_own_librarian(
    tmp_path: Path, small_library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_DATA", str(small_library))
    monkeypatch.setenv("LIBRARIES", f"second={tmp_path / 'second'}")
    settings = BotSettings.model_validate({})
    async with open_librarians(settings) as librarians:
        assert {name: one.data for name, one in librarians.items()} == {
            "": small_library,
            "second": tmp_path / "second",
        }
    monkeypatch.setenv("LIBRARIES", "")
    async with build(BotSettings.model_validate({})) as footnote:
        kept = footnote.kept_by(librarians)
        assert kept.librarian is librarians[""] and kept.library is footnote.library
