"""The client: what it listens to, and how a question becomes an answer on its surface."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot.discord_bot.desk import Desk
from bot.discord_bot.history import Threads, heard, reply_chain
from bot.discord_bot.invocation import HELP, question_in
from bot.discord_bot.seen import Seen
from bot.discord_bot.surfaces import InteractionSurface, MessageSurface, Surface
from bot.discord_bot.sync import sync_commands
from bot.discord_bot.tree import FootnoteTree
from bot.discord_bot.wire import NO_PINGS
from bot.errors import BotError, sentence_for
from bot.models import Question, Reply, Turn
from retrieval.errors import RetrievalError
from retrieval.models import Filters, Paper

if TYPE_CHECKING:
    from bot.build import Footnote
    from bot.settings import BotSettings

log = logging.getLogger(__name__)


MakeCommand = Callable[["FootnoteClient"], app_commands.Command[Any, ..., None]]
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
        seen: Seen,
        sync: bool = False,
    ) -> None:
        super().__init__(
            intents=intents(settings),
            allowed_mentions=NO_PINGS,
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
        )
        self.settings = settings
        self.footnote = footnote
        self.desk = desk
        self.seen = seen
        self.threads = Threads()
        self.connected = False
        self._quick = ThreadPoolExecutor(max_workers=2, thread_name_prefix="titles")
        self.tree = FootnoteTree(self, seen)
        self._commands = commands
        self._sync = sync

    async def setup_hook(self) -> None:
        """Add the commands, and tell Discord where they have changed. Not in on_ready, which comes often."""
        for make in self._commands:
            self.tree.add_command(make(self))
        await sync_commands(self.tree, self.settings.data, force=self._sync)

    async def close(self) -> None:
        """Leave Discord."""
        self._quick.shutdown(wait=False, cancel_futures=True)
        await super().close()

    # the connection

    async def on_connect(self) -> None:
        self.connected = True

    async def on_ready(self) -> None:
        log.info("On Discord as %s, in %d servers", self.user, len(self.guilds))

    async def on_resumed(self) -> None:
        self.connected = True

    async def on_disconnect(self) -> None:
        self.connected = False

    # what people do

    async def on_message(self, message: discord.Message) -> None:
        """Answer a message that calls for it, once."""
        if self.user is None:
            return
        text = question_in(heard(message, self.user))
        if text is None or not self.seen.first_time(message.id):
            return
        surface = MessageSurface(message)
        await surface.acknowledge()
        if not text:
            await surface.finish((Reply(HELP),))
            return
        key = f"discord:{message.channel.id}:{message.author.id}"
        await self.desk.run(surface, self._answer_message(message, text, surface, key))

    async def _answer_message(
        self, message: discord.Message, text: str, surface: MessageSurface, key: str
    ) -> None:
        history = await self._history(message, key)
        await self._answer(Question(text, history), surface, key)

    async def _history(self, message: discord.Message, key: str) -> tuple[Turn, ...]:
        """A reply continues what it replies to; any other message what its author last asked here."""
        if (
            message.reference is not None
            and message.reference.message_id is not None
            and self.user is not None
        ):
            known = self.threads.turns(message.reference.message_id)
            if turns := known or await reply_chain(message, self.user):
                return turns
        return self.footnote.conversations.history(key)

    async def asked(
        self,
        interaction: discord.Interaction[Any],
        text: str,
        filters: Callable[[], Filters],
        *,
        private: bool,
    ) -> None:
        """Answer /ask. `filters` raises BadQuestion where they make no sense."""
        surface = InteractionSurface(interaction, private=private)
        await surface.acknowledge()
        if not surface.reachable:
            return
        # what was asked in private is not continued in public
        place = f"{interaction.channel_id}:private" if private else str(interaction.channel_id)
        key = f"discord:{place}:{interaction.user.id}"
        await self.desk.run(surface, self._answer_command(text, filters, surface, key))

    async def _answer_command(
        self, text: str, filters: Callable[[], Filters], surface: Surface, key: str
    ) -> None:
        try:
            question = Question(text, self.footnote.conversations.history(key), filters())
        except BotError as error:
            await surface.finish((Reply(sentence_for(error)),))
            return
        await self._answer(question, surface, key)

    async def _answer(self, question: Question, surface: Surface, key: str) -> None:
        answer = await self.footnote.assistant.reply(question, surface)
        if answer is None:
            return
        turn = Turn(question.text, answer.text)
        self.footnote.conversations.remember(key, turn)
        for message_id in surface.message_ids:
            self.threads.remember(message_id, (*question.history, turn))

    async def looked_up(
        self, interaction: discord.Interaction[Any], find: Callable[[], Sequence[Reply]]
    ) -> None:
        """Answer a command that only asks the library; `find` runs in a thread."""
        surface = InteractionSurface(interaction)
        await surface.acknowledge()
        if surface.reachable:
            await self.desk.run(surface, self._find(find, surface))

    async def titles(self, part: str, limit: int) -> list[Paper]:
        """Papers whose title has `part`, in threads of their own: they must not queue behind slow searches.

        Raises RetrievalError.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._quick, self.footnote.library.titles, part, limit)

    async def _find(self, find: Callable[[], Sequence[Reply]], surface: Surface) -> None:
        try:
            replies = await asyncio.to_thread(find)
        except (RetrievalError, BotError) as error:
            log.warning("A look-up failed", exc_info=error)
            replies = (Reply(sentence_for(error)),)
        await surface.finish(replies)
