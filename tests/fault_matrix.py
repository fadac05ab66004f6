"""Every kind of call to Discord meets every kind of fault, in every kind of place.

Each must end in the answer, or in a sentence for the asker, or where he cannot be reached in a line of the
log. All faults of one row happen at once, each in a channel, thread, direct talk or command of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.discord_bot.errors import FOR_CODES
from tests.discord_kit import running
from tests.fake_discord import FakeDiscord, Fault, objects
from tests.fake_discord.objects import BOT_ID, GUILD
from tests.fake_discord.world import Interaction
from tests.fake_footnote import TalkingModel

Json = dict[str, Any]
View = Callable[[], str]
"""All that the asker can read of the bot's."""

QUESTION = "How many parameters does HedgeNet have?"
SAID = "HedgeNet has 4.2 million parameters [1]. "
TABLE = (
    "HedgeNet in figures [1].\n\n| Network | Parameters | Accuracy | When it prunes |\n|---|---|---|---|\n"
    "| HedgeNet | 4.2 million parameters [1] | 71.3 % accuracy on GardenSet [1] "
    "| it prunes its own branches while it trains [1] |\n"
)
SECONDS = 8.0  # until which everything must have come to its end


def _limited(everywhere: bool) -> Json:
    body = {"message": "You are being rate limited.", "retry_after": 0.2, "global": everywhere}
    return {"status": 429, "body": body}


PASSING: dict[str, Json] = {
    "429 route": _limited(False),
    "429 global": _limited(True),
    "500": {"status": 500},
    "503": {"status": 503},
    "reset": {"drop": True},
    "slow": {"status": 200, "delay": 0.4},
}
LASTING: dict[str, Json] = {
    "403": {"status": 403, "code": 50013, "times": 9},
    "404": {"status": 404, "code": 10008, "times": 9},
}
FAULTS = PASSING | LASTING
NUMBER = {name: 4_000_000_000_000_000_000 + 10 * n for n, name in enumerate(FAULTS)}


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of call in one kind of place."""

    call: str
    where: str  # mention, thread, DM: a message there; slash, and with a place behind it: a command there
    method: str
    path: str  # CHANNEL and TOKEN stand for those of the question
    pieces: tuple[str, ...] = ()  # that a language model writes; none: quotations
    lasting: tuple[str, str] = ("sentence", "sentence")  # what becomes of 403 and 404
    unknown: int = 10008  # the code of the 404
    files: bool = False  # only calls that bring files go wrong
    command: str = "ask"

    @property
    def expected(self) -> dict[str, str]:
        """What each fault is to end in."""
        return dict.fromkeys(PASSING, "answer") | dict(zip(LASTING, self.lasting, strict=True))


CREATE = ("POST", "/channels/CHANNEL/messages$")
EDIT = ("PATCH", "/channels/CHANNEL/messages/")
CALLBACK = ("POST", "/TOKEN/callback$")
ORIGINAL = ("PATCH", "/TOKEN/messages/@original$")
FOLLOW_UP = ("POST", "/webhooks/.*/TOKEN$")
GROWS = (SAID, "It prunes its own branches [1].")
ROWS = (
    *(Row("create", where, *CREATE, unknown=10003) for where in ("mention", "thread")),
    Row("create", "DM", *CREATE, unknown=10003, lasting=("log", "log")),
    *(Row("edit", where, *EDIT, pieces=GROWS) for where in ("mention", "thread", "DM")),
    *(
        Row("callback", where, *CALLBACK, lasting=("log", "log"))
        for where in ("slash", "slash thread", "slash DM")
    ),
    *(Row("original edit", where, *ORIGINAL) for where in ("slash", "slash thread", "slash DM")),
    *(
        Row("follow-up", where, *FOLLOW_UP, pieces=(SAID * 60,))
        for where in ("slash", "slash thread", "slash DM")
    ),
    Row("thread", "mention", "POST", "/channels/CHANNEL/messages/.*/threads$", lasting=("answer", "answer")),
    *(
        Row("upload", where, *CREATE, pieces=(TABLE,), files=True, lasting=("answer", gone), unknown=10003)
        for where, gone in (("mention", "sentence"), ("thread", "sentence"), ("DM", "log"))
    ),
    Row("upload", "slash", *ORIGINAL, files=True, command="my-data"),
)
"""All but the commands' own: see `synced`."""


def add_places(fake: FakeDiscord) -> None:
    """A channel, a thread and a person for each fault; and hardly any limits of the fake's own."""
    fake.buckets.limit = fake.global_limit.limit = 10_000
    for name, number in NUMBER.items():
        channel = objects.text_channel(str(number), name, GUILD)
        thread = objects.thread_channel(str(number + 1), name, str(number), GUILD, BOT_ID)
        person = objects.user(str(number + 2), f"person-{number % 100}")
        fake.world.guild["channels"].append(channel)
        fake.world.guild["threads"].append(thread)
        fake.world.channels |= {channel["id"]: channel, thread["id"]: thread}
        fake.world.users[person["id"]] = person


@dataclass(slots=True)
class Seen:
    """What came of a row: for each fault its outcome, and what the log said from warnings on."""

    outcomes: dict[str, str]
    log: list[str] = field(default_factory=list)


async def run_row(fake: FakeDiscord, data: Path, row: Row) -> Seen:
    """Let every fault happen to the calls of one row. `fake` has its places."""
    model = TalkingModel(list(row.pieces), 0.05) if row.pieces else None
    with heard_log() as lines:
        async with running(fake, data, model=model):
            if row.call == "thread":
                told = await fake.slash("settings", what="threads", value="on")
                await fake.until(lambda: told.original)
            views = {name: await _ask(fake, row, name) for name in FAULTS}
            end = asyncio.get_running_loop().time() + SECONDS
            while asyncio.get_running_loop().time() < end:
                if {name: outcome(view()) for name, view in views.items()} == row.expected:
                    break
                await asyncio.sleep(0.02)
            await asyncio.sleep(0.1)  # the last line of the log
            return Seen({name: outcome(view()) for name, view in views.items()}, list(lines))


async def _ask(fake: FakeDiscord, row: Row, name: str) -> View:
    """A person of this fault asks in the place of this fault, where the call will go wrong."""
    number, person = NUMBER[name], str(NUMBER[name] + 2)
    direct = str(fake.world.dm_with(person)["id"])
    place = {"DM": direct, "thread": str(number + 1)}.get(row.where.split()[-1], str(number))
    how = FAULTS[name] | ({"code": row.unknown} if name == "404" else {})
    fake.faults.append(Fault(row.method, row.path.replace("CHANNEL", place), files=row.files, **how))
    if row.where.startswith("slash"):
        options = {"question": QUESTION} if row.command == "ask" else {}
        return _seen_of(fake, await fake.slash(row.command, channel=place, asker=person, **options))
    question = await fake.say(f"<@{BOT_ID}> {QUESTION}", channel=place, author=person)
    places = {place, direct, question["id"]}  # a thread has the id of its first message
    return lambda: "\n".join(m["content"] for there in places for m in fake.answers(there))


def _seen_of(fake: FakeDiscord, asked: Interaction) -> View:
    def view() -> str:
        keys = [key for key in (asked.original, *asked.followups) if key]
        shown = [fake.world.messages[key] for key in keys if not (asked.waiting and key == asked.original)]
        files = [fake.world.files[one["id"]] for message in shown for one in message["attachments"]]
        if any(content.startswith(b"{") for content in files):
            return "**HedgeNet"  # the file that was asked for
        return "\n".join(message["content"] for message in shown)

    return view


def outcome(text: str) -> str:
    """What a person who reads this has got: answer, sentence, or nothing but a line of the log."""
    sentence = any(known in text for known in (*FOR_CODES.values(), "Discord did not take the file"))
    return "sentence" if sentence else "answer" if "**HedgeNet" in text else "log"


async def synced(fake: FakeDiscord, data: Path, name: str) -> Seen:
    """The same for telling the commands at start; an answer is that they were told."""
    fake.faults.append(Fault("PUT", "/commands$", **FAULTS[name]))
    with heard_log() as lines:
        async with running(fake, data):
            await fake.say(f"<@{BOT_ID}> {QUESTION}")
            await fake.until(lambda: any("**HedgeNet" in m["content"] for m in fake.answers()))
        return Seen({name: "answer" if fake.world.commands else "log"}, list(lines))


@contextlib.contextmanager
def heard_log() -> Iterator[list[str]]:
    """What the bot says in its log from warnings on."""
    lines: list[str] = []

    class Lines(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(record.getMessage())

    handler = Lines(logging.WARNING)
    logging.getLogger("bot").addHandler(handler)
    try:
        yield lines
    finally:
        logging.getLogger("bot").removeHandler(handler)


@contextlib.asynccontextmanager
async def places() -> AsyncIterator[FakeDiscord]:
    """A Discord for one row, where in the end nobody was pinged and no link preview was drawn."""
    async with FakeDiscord() as fake:
        add_places(fake)
        yield fake
    assert fake.world.pings == [] and fake.world.previews == 0
