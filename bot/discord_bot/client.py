"""The client: what it listens to, and who deals with it."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot.discord_bot.asking import Asking
from bot.discord_bot.controls import TEMPLATE, Control, page_button, paper_buttons
from bot.discord_bot.desk import Desk
from bot.discord_bot.forms import filled_in
from bot.discord_bot.history import heard
from bot.discord_bot.interaction_surface import InteractionSurface, elsewhere
from bot.discord_bot.invocation import question_in
from bot.discord_bot.lookups import Found, authors_like
from bot.discord_bot.memory import Memory
from bot.discord_bot.missed import missed_messages
from bot.discord_bot.places import channels_of
from bot.discord_bot.polite import Polite, tell
from bot.discord_bot.preferences import Manners
from bot.discord_bot.presses import FORMS, PRESSES
from bot.discord_bot.surfaces import Surface
from bot.discord_bot.sync import sync_commands
from bot.discord_bot.translation import Translator
from bot.discord_bot.tree import FootnoteTree
from bot.discord_bot.unfinished import mark_interrupted
from bot.discord_bot.watcher import Watcher
from bot.discord_bot.wire import NO_PINGS
from bot.errors import BotError, sentence_for
from bot.models import Reply
from retrieval.errors import RetrievalError
from retrieval.models import Paper

if TYPE_CHECKING:
    from bot.build import Footnote
    from bot.settings import BotSettings
    from retrieval.library import Library

log = logging.getLogger(__name__)

LOOKUP_THREADS = 4  # look-ups take a tenth of a second; they must not queue behind answers
CLOSING = 1.5  # seconds for taking leave of a Discord that may not answer any more
OLD_BUTTON = "This button is from an older version of me and does nothing any more."

MakeCommand = Callable[
    ["FootnoteClient"], app_commands.Command[Any, ..., None] | app_commands.Group | app_commands.ContextMenu
]
"""Makes a command that is bound to a client."""


def intents(settings: BotSettings) -> discord.Intents:
    """The least that is needed: servers, messages there and direct ones, their content where allowed."""
    wanted = discord.Intents.none()
    wanted.guilds = True
    wanted.guild_messages = True
    wanted.dm_messages = True
    wanted.message_content = settings.message_content
    return wanted


class FootnoteClient(discord.Client):
    """Footnote on one connection to Discord."""

    def __init__(
        self,
        settings: BotSettings,
        footnote: Footnote,
        *,
        commands: Sequence[MakeCommand],
        desk: Desk,
        memory: Memory,
        sync: bool = False,
        **options: Any,
    ) -> None:
        """`options` go to discord.py as they are."""
        super().__init__(
            intents=intents(settings),
            allowed_mentions=NO_PINGS,
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            **options,
        )
        self.settings = settings
        self.footnote = footnote
        self.desk = desk
        self.memory = memory
        self.asking = Asking(footnote, desk, memory)
        self.watcher = Watcher(self, memory, footnote, settings.retention_days)
        self.connected = False
        self._threads = ThreadPoolExecutor(max_workers=LOOKUP_THREADS, thread_name_prefix="lookup")
        self._watching: asyncio.Task[None] | None = None
        self.tree = FootnoteTree(self, memory.seen)
        self._commands = commands
        self._sync = sync

    async def setup_hook(self) -> None:
        """Add the commands, and tell Discord where they have changed. Not in on_ready, which comes often."""
        self.add_dynamic_items(Control)
        await self.tree.set_translator(Translator())
        for make in self._commands:
            self.tree.add_command(make(self))
        if self._sync or self.settings.sync_at_start:
            await sync_commands(self.tree, self.settings.data, force=self._sync)

    async def close(self) -> None:
        """Leave Discord."""
        if self._watching is not None:
            self._watching.cancel()
        self._threads.shutdown(wait=False, cancel_futures=True)
        if (ready := getattr(self._connection, "_ready_task", None)) is not None:
            ready.cancel()  # it would announce READY on a closed client, and fail
        try:
            async with asyncio.timeout(CLOSING):
                await super().close()
        except TimeoutError:
            log.warning("Discord did not hang up in time")

    # the connection

    async def on_connect(self) -> None:
        self.connected = True

    async def on_ready(self) -> None:
        """Discord says so at the beginning, and again whenever a lost connection could not be resumed."""
        if self.is_closed():
            return  # it was on its way when the bot was stopped
        log.info("On Discord as %s, in %d servers", self.user, len(self.guilds))
        if self._watching is None:
            self._watching = asyncio.create_task(self.watcher.run())
        await mark_interrupted(self, self.memory.unfinished, self.memory.store)
        missed = await missed_messages(self, self.memory.store)
        for failed in await asyncio.gather(*map(self._on_missed, missed), return_exceptions=True):
            if failed is not None:
                log.error("A missed question could not be answered", exc_info=failed)

    async def on_resumed(self) -> None:
        self.connected = True

    async def on_disconnect(self) -> None:
        self.connected = False

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """What is kept of a server goes some time after the bot was removed from it."""
        await self.memory.store.write(
            "INSERT OR REPLACE INTO left_servers VALUES (?, ?)", guild.id, self.memory.store.clock()
        )

    # messages

    async def on_message(self, message: discord.Message) -> None:
        """Answer a message that calls for it, once."""
        await self._hear(message, self._manners(message))

    async def _on_missed(self, message: discord.Message) -> None:
        """The same later, when people have gone on: only what is for the bot, even where it answers all."""
        await self._hear(message, replace(self._manners(message), everything=False))

    async def _hear(self, message: discord.Message, manners: Manners) -> None:
        if self.user is None:
            return
        text = question_in(heard(message, self.user, manners))
        if text is not None and await self.memory.first_time(message.id):
            await self.asking.message(message, text, manners, self.user)

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """A question that is corrected at once is answered anew."""
        message = payload.message
        if self.user is None or message.edited_at is None or not self.asking.knows(message.id):
            return
        manners = self._manners(message)
        if text := question_in(heard(message, self.user, manners)):
            await self.asking.edited(message, text, manners, self.user)

    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Nobody waits for the answer any more."""
        await self.asking.deleted(payload.message_id)

    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """The same for many at once, as moderators delete them."""
        for message_id in payload.message_ids:
            await self.asking.deleted(message_id)

    def _manners(self, message: discord.Message) -> Manners:
        guild = message.guild.id if message.guild else 0
        return self.memory.preferences.of(guild, *channels_of(message.channel))

    def place(self, where: discord.Interaction[Any]) -> Footnote:
        """Footnote over the library that was chosen for this channel."""
        return self.footnote.named(self.chosen(where))

    def chosen(self, where: discord.Interaction[Any]) -> str:
        """The name of that library; "" for the first."""
        name = self._manners_at(where).library
        return name if name in self.footnote.others else ""

    def _manners_at(self, where: discord.Interaction[Any]) -> Manners:
        return self.memory.preferences.of(where.guild_id or 0, *channels_of(where.channel))

    def offered(self, guild: int) -> tuple[str, ...]:
        """The names of the libraries that a server may choose beside the first."""
        may_choose = self.memory.preferences.may_choose
        return tuple(name for name in self.footnote.others if may_choose(guild, name))

    # commands, buttons and forms

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Forms, which discord.py forgets at a restart, and buttons that nobody knows."""
        data: Any = interaction.data or {}
        _, action, key = [*str(data.get("custom_id", "")).split(":", 2), "", ""][:3]
        if interaction.type is discord.InteractionType.modal_submit:
            async with Polite(interaction, f"the form {action}"):
                if action in FORMS and self.memory.seen.first_time(interaction.id):
                    await FORMS[action](self, interaction, key, filled_in(data))
        known = re.fullmatch(TEMPLATE, str(data.get("custom_id", ""))) and action in PRESSES
        if interaction.type is discord.InteractionType.component and not known:
            await tell(interaction, OLD_BUTTON)

    async def pressed(self, interaction: discord.Interaction[Any], action: str, key: str) -> None:
        """A button was pressed."""
        async with Polite(interaction, f"the button {action}"):
            if action in PRESSES and self.memory.seen.first_time(interaction.id):
                await PRESSES[action](self, interaction, key)

    async def looked_up(
        self, interaction: discord.Interaction[Any], find: Callable[[], Found], *, private: bool = False
    ) -> None:
        """Answer a command that only asks the library; `find` runs in a thread.

        As private as the answer to a question would be there: see `Asking.command`.
        """
        private = private or elsewhere(interaction) or not self._manners_at(interaction).answers
        surface = InteractionSurface(interaction, private=private)
        await surface.acknowledge()
        if surface.reachable:
            await self.desk.run(surface, self._find(find, surface, interaction.id), quick=True)

    async def _find(self, find: Callable[[], Found], surface: Surface, key: int) -> None:
        try:
            found = await asyncio.get_running_loop().run_in_executor(self._threads, find)
        except (RetrievalError, BotError) as error:
            log.warning("A look-up failed", exc_info=error)
            found = Found((Reply(sentence_for(error)),))
        surface.files = found.files
        surface.view = paper_buttons(found.paper_id) if found.paper_id else None
        if len(found.pages) > 1:
            await self.memory.answers.keep_pages(key, found.pages)
            surface.view = page_button(key, 1, len(found.pages))
        await surface.finish(found.replies)

    async def told(
        self,
        interaction: discord.Interaction[Any],
        said: str | Awaitable[str | Found],
        *,
        view: discord.ui.View | None = None,
    ) -> None:
        """Answer a command to the asker alone; what has to be waited for comes after the acknowledgement."""
        surface = InteractionSurface(interaction, private=True)
        surface.view = view
        await surface.acknowledge()
        found = said if isinstance(said, str) else await said
        found = Found((Reply(found),)) if isinstance(found, str) else found
        surface.files = found.files
        await surface.finish(found.replies)

    async def titles(self, library: Library, part: str, limit: int) -> list[Paper]:
        """Papers whose title has `part`. Raises RetrievalError."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, library.titles, part, limit)

    async def authors(self, library: Library, part: str, limit: int) -> list[str]:
        """Authors whose name has `part`. Raises RetrievalError."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, authors_like, library, part, limit)

    def forget(self, person: int) -> None:
        """Drop what is remembered of a person's conversations."""
        self.footnote.conversations.forget_ending(f":{person}")
        self.memory.threads.forget(person)
        self.asking.forget(person)
