"""What people see of the bot on Discord, as Markdown: python -m tests.transcript [commands | faults]

The real bot talks on the fake Discord over the papers of samples/: every command, button and form, and what a
person sees of each. Then every fault of Discord's REST calls, and what becomes of the answer.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.looks import samples
from bot.build import build
from bot.discord_bot import run_bot, watcher
from bot.librarian import open_librarians
from tests.discord_kit import bot_settings
from tests.fake_discord import FakeDiscord
from tests.fake_discord.objects import ADA, BOT_ID, CHANNEL, GUILD
from tests.fake_discord.world import Intents, Interaction
from tests.fault_matrix import FAULTS, ROWS, Seen, places, run_row, synced
from tests.scenes import SCENES

Json = dict[str, Any]
QUIET = 0.5  # seconds without a call after which the bot has said what it had to say


class Talk:
    """A person, Ada unless another is named, and the bot. Each step is written down with what came of it."""

    def __init__(self, fake: FakeDiscord) -> None:
        self.fake = fake
        self.lines: list[str] = []
        self._known: dict[str, str] = {}

    def head(self, title: str) -> None:
        """A new part of the transcript."""
        self.lines += ["", f"## {title}"]

    async def command(self, name: str, /, **options: Any) -> Interaction:
        """A slash command."""
        shown = {key.rstrip("_"): value for key, value in options.items() if key not in ("asker", "channel")}
        told = " ".join(f"{key}:{_value(value)}" for key, value in shown.items())
        asked = await self.fake.slash(name, **options)
        await self._noted(f"/{name} {told}".strip() + _elsewhere(options), asked)
        return asked

    async def press(self, message: Json | Interaction, button: str, **options: Any) -> Interaction:
        """A button under a message, or under the answer to a command."""
        below = self._message(message) if isinstance(message, Interaction) else message
        pressed = await self.fake.press(below, button, **options)
        await self._noted(f"[{button}]{_elsewhere(options)}", pressed)
        return pressed

    async def submit(self, opened: Interaction, *values: str) -> Interaction:
        """A form that a button or a command opened."""
        sent = await self.fake.submit(opened, *values)
        await self._noted(f"form sent: {', '.join(map(repr, values))}", sent)
        return sent

    async def menu(self, name: str, message: Json) -> Interaction:
        """A command from the menu of a message."""
        chosen = await self.fake.menu(name, message)
        await self._noted(f"Apps > {name}", chosen)
        return chosen

    async def say(self, text: str, **options: Any) -> Json:
        """A message in a channel."""
        message = await self.fake.say(text, **options)
        await self._noted(f"“{text.replace(f'<@{BOT_ID}>', '@Footnote')}”{_elsewhere(options)}")
        return message

    async def edit(self, message: Json, text: str) -> None:
        """A message is corrected."""
        await self.fake.edit(message, text)
        await self._noted(f"corrected: “{text.replace(f'<@{BOT_ID}>', '@Footnote')}”")

    async def types(self, name: str, option: str, typed: str) -> None:
        """The first choices that an option offers."""
        found = await self.fake.type_into(name, option, typed)
        await self.fake.until(lambda: found.acknowledged)
        offered = [f"- {choice['name']}" for choice in found.choices[:4]]
        ms = 1000 * found.ack_seconds
        self.lines += [
            "",
            f"### /{name} {option}:{typed}▏",
            "",
            f"*{len(found.choices)} choices, {ms:.0f} ms*",
        ]
        self.lines += ["", *offered]

    async def post(self, title: str, text: str) -> Json:
        """A post in a forum."""
        message = await self.fake.post(title, text)
        await self._noted(f"forum post “{title}”: “{text}”")
        return message

    async def still(self, what: str) -> None:
        """Something that came by itself."""
        await self._noted(what)

    async def skip(self, what: str) -> None:
        """What would be too long to show."""
        await self._settled(3.0)
        self._known |= {message["id"]: _state(message) for message in self._mine()}
        self.lines += ["", f"### {what}", "", "*left out*"]

    def last(self, channel: str = CHANNEL) -> Json:
        """The bot's last message in a channel."""
        return self.fake.answers(channel)[-1]

    def _message(self, asked: Interaction) -> Json:
        return self.fake.world.messages[str(asked.original)]

    async def _noted(self, title: str, asked: Interaction | None = None) -> None:
        if asked is not None:
            await self.fake.until(lambda: asked.acknowledged, 20)
            await self.fake.until(lambda: not asked.waiting, 60)
        await self._settled()
        self.lines += ["", f"### {title}"]
        if asked is not None and asked.modal is not None:
            self.lines += ["", *_form(asked.modal)]
        new = [m for m in self._mine() if self._known.get(m["id"]) != _state(m)]
        for message in new:
            self._known[message["id"]] = _state(message)
            self.lines += ["", *self._shown(message)]
        if not new and (asked is None or asked.modal is None):
            self.lines += ["", "*nothing*"]

    def _mine(self) -> list[Json]:
        return [m for m in self.fake.world.messages.values() if m["author"]["id"] == BOT_ID]

    async def _settled(self, quiet: float = QUIET) -> None:
        """Until the bot has made no call for a while, and shows nothing that is still going on."""
        while True:
            calls = len(self.fake.calls)
            await asyncio.sleep(quiet)
            going = any(m["content"].endswith(" …") and len(m["content"]) < 60 for m in self._mine()[-3:])
            if len(self.fake.calls) == calls and not going:
                return

    def _shown(self, message: Json) -> list[str]:
        where = self.fake.world.channels[message["channel_id"]]
        place = {1: "direct", 11: "in a thread"}.get(where["type"], "public")
        how = "private" if message["flags"] & 64 else place
        reply = ", a reply" if message.get("message_reference") else ""
        lines = [f"*{how}{reply}, {len(message['content'])} characters*", ""]
        lines += ["~~~", message["content"], "~~~"]
        parts = [part for row in message["components"] for part in row["components"]]
        if parts:
            lines += ["", " ".join(f"[{p.get('label') or p['emoji']['name']}]" for p in parts)]
        for one in message["attachments"]:
            words = f": {one['description']}" if one.get("description") else ""
            lines += ["", f"File {one['filename']} ({len(self.fake.world.files[one['id']]):,} bytes){words}"]
        return lines


def _state(message: Json) -> str:
    return f"{message['content']} {len(message['attachments'])} {len(message['components'])}"


def _value(value: Any) -> str:
    return str(value[0]) if isinstance(value, tuple) else str(value)


def _elsewhere(options: dict[str, Any]) -> str:
    """Who and where, unless it is Ada in the channel of the papers."""
    who = "" if options.get("asker", options.get("author")) in (None, ADA) else " (somebody else)"
    return who + ("" if options.get("channel", CHANNEL) == CHANNEL else " (another place)")


def _form(modal: Json) -> list[str]:
    lines = [f"*form “{modal['title']}”*", ""]
    for part in modal["components"]:
        field = part.get("component") or part["components"][0]
        needed = "" if field.get("required", True) else " (may stay empty)"
        given = f": {field['value']}" if field.get("value") else ""
        lines.append(f"- {part.get('label') or field.get('label')}{needed}{given}")
    return lines


@contextlib.asynccontextmanager
async def footnote_on(fake: FakeDiscord, data: Path, **more: Any) -> AsyncIterator[None]:
    """The whole bot over the library in `data`, which it may change."""
    options = {"retention_days": 90.0, "message_content": True, **more}
    settings = bot_settings(fake, data, **options)
    before = fake.gateway.ready
    async with open_librarians(settings) as librarians, build(settings) as footnote:
        task = asyncio.create_task(run_bot(settings, footnote.kept_by(librarians)))
        await fake.connected(before + 1, 30)
        yield
        task.cancel()
        await asyncio.wait((task,))


async def commands(data: Path) -> list[str]:
    """Every command, button and form."""
    watcher.SECONDS = 0.5
    async with FakeDiscord() as fake:
        fake.buckets.limit = 100
        fake.gateway.allowed_privileged = Intents.MESSAGE_CONTENT
        talk = Talk(fake)
        second = str(data.parent / "second")
        more = {"libraries": f"second={second}", "given": f"second={GUILD}", "daily_questions": 40}
        async with footnote_on(fake, data, **more):
            for title, scene in SCENES:
                talk.head(title)
                await scene(talk)
        assert fake.world.pings == [] and fake.world.previews == 0
        talk.lines += ["", f"Refused by Discord: {fake.refusals or 'nothing'}."]
        return talk.lines


async def faults(folder: Path) -> list[str]:
    """A table of calls and faults, each cell with what became of the answers in all places."""
    rows = [(row.call, await _one(folder / str(n), row)) for n, row in enumerate(ROWS)]
    for name in FAULTS:
        rows.append(("sync", await _synced(folder / f"sync-{name}", name)))
    calls = list(dict.fromkeys(call for call, _ in rows))
    lines = ["", "| call | " + " | ".join(FAULTS) + " |", "|---" * (len(FAULTS) + 1) + "|"]
    for call in calls:
        seen = [one.outcomes for name, one in rows if name == call]
        cells = [_counted([one[fault] for one in seen if fault in one]) for fault in FAULTS]
        lines.append(f"| {call} | {' | '.join(cells)} |")
    total = Counter(outcome for _, one in rows for outcome in one.outcomes.values())
    lines += ["", f"In all: {', '.join(f'{n} {what}' for what, n in total.most_common())}.", ""]
    for call in calls:
        said = Counter(line for name, one in rows if name == call for line in one.log)
        lines += [f"- {call}: {line} ({n})" for line, n in sorted(said.items())]
    return lines


def _counted(outcomes: Sequence[str]) -> str:
    return ", ".join(f"{n} {what}" for what, n in Counter(outcomes).items())


async def _one(folder: Path, row: Any) -> Seen:
    async with places() as fake:
        return await run_row(fake, folder, row)


async def _synced(folder: Path, name: str) -> Seen:
    async with places() as fake:
        return await synced(fake, folder, name)


def main(wanted: Sequence[str]) -> None:
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        if "faults" not in wanted:
            data = samples(folder)
            shutil.copytree(data, folder / "second")
            print("# What people see\n", *asyncio.run(commands(data)), sep="\n")
        if "commands" not in wanted:
            print("\n# When Discord fails", *asyncio.run(faults(folder)), sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
