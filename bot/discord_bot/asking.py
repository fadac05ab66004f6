"""How a question becomes an answer: from a message or a command, on its surface, and then remembered."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import discord

from bot.answerer import Answerer
from bot.assistant import Assistant
from bot.discord_bot.controls import buttons
from bot.discord_bot.emphasis import emphasised
from bot.discord_bot.formulas import readable_formulas
from bot.discord_bot.history import quoted_message, replied_to, reply_chain
from bot.discord_bot.interaction_surface import InteractionSurface, elsewhere
from bot.discord_bot.invocation import HELP
from bot.discord_bot.kept import Asked
from bot.discord_bot.listing import escaped, shorten
from bot.discord_bot.message_surface import MessageSurface
from bot.discord_bot.places import channels_of, thread_for
from bot.discord_bot.polite import refuse
from bot.discord_bot.preferences import Manners
from bot.discord_bot.surfaces import Enclosed, Surface
from bot.discord_bot.tables import lay_out, pictures_of, wide_tables
from bot.errors import BotError, sentence_for
from bot.ledger import OVER
from bot.models import FIXED, Answer, Question, Reply, Turn
from bot.rendering import LIMIT, render
from retrieval.models import NO_FILTERS, Filters

if TYPE_CHECKING:
    from bot.build import Footnote
    from bot.discord_bot.desk import Desk
    from bot.discord_bot.memory import Memory

EDIT_SECONDS = 60.0  # an edit of the question within this time is answered again
UNREAD = (
    "Discord does not show me the message that you replied to. “Ask about this message” in its menu, under "
    "Apps, does."
)
ANEW = "It writes again after midnight UTC."
QUOTED = "> {question}\n"  # Discord shows nobody what was written into a command
QUOTED_TEXT = 300  # characters
RECENT = 500  # questions that can still be edited


@dataclass(slots=True)
class Exchange:
    """A message that was answered a moment ago, or is being answered."""

    message: discord.Message
    text: str
    surface: MessageSurface
    at: float  # when it was asked
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)  # one correction after the other


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question with everything that its answer depends on."""

    asked: Asked
    key: str  # of the conversation it belongs to
    question: Question
    quotes: bool = False  # without the language model
    note: str = ""  # for the asker, under the answer
    server: int = 0  # that pays for it; 0: none
    library: str = ""  # its name; "": the first
    era: int = 0  # how often its asker had been forgotten when it was asked


class Asking:
    """Answers questions. One for each client."""

    def __init__(self, footnote: Footnote, desk: Desk, memory: Memory) -> None:
        self._footnote = footnote
        self._desk = desk
        self._memory = memory
        self._recent: OrderedDict[int, Exchange] = OrderedDict()
        self._forgotten: Counter[int] = Counter()  # how often each person was

    # messages

    async def message(
        self, message: discord.Message, text: str, manners: Manners, me: discord.ClientUser
    ) -> None:
        """Answer a message whose question is `text`; "" is a call without one.

        Such a call in reply to what somebody wrote asks that.
        """
        quoted = quoted_message(message, me)
        if not text and quoted:
            text = quoted[-1].question
        guild = message.guild.id if message.guild else 0
        if text and (refusal := self._memory.quota.refusal(message.author.id, guild)):
            await refuse(message, refusal)
            return
        if text:
            await self._memory.quota.count(message.author.id, guild)
        thread = await thread_for(message, text) if manners.threads and text else None
        surface = MessageSurface(message, thread=thread)
        await surface.acknowledge()
        if not text:
            await surface.finish((Reply(UNREAD if quoted is None else HELP),))
            return
        mine = self._recent[message.id] = Exchange(message, text, surface, time.monotonic())
        while len(self._recent) > RECENT:
            self._recent.popitem(last=False)
        await self._exchange(mine, manners, me)

    async def _exchange(
        self, mine: Exchange, manners: Manners, me: discord.ClientUser, instead_of: str | None = None
    ) -> None:
        message, surface = mine.message, mine.surface
        guild = message.guild.id if message.guild else 0
        asked = Asked(message.id, message.author.id, guild, message.channel.id)
        era = self._forgotten[asked.person]

        async def work() -> None:
            key = f"discord:{manners.library}:{surface.channel_id}:{message.author.id}"
            quoted = quoted_message(message, me)
            history = quoted or await self._history(message, key, me)
            # what is asked itself was not said before, nor was what is corrected
            if history and history[-1].question == (mine.text if quoted else instead_of):
                history = history[:-1]
            question = Question(mine.text, history)
            note = UNREAD if quoted is None else ""
            await self._answer(
                Wanted(asked, key, question, manners.quotes, note, guild, manners.library, era), surface
            )

        message_id = surface.message_ids[-1] if surface.message_ids else 0
        surface.trace = await self._memory.unfinished.begin(asked.key, surface.channel_id, message_id)
        if self._recent.get(message.id) is mine:
            if not await self._desk.run(surface, work()):
                await self._memory.quota.take_back(message.author.id, guild)
        elif message.id not in self._recent:  # taken back meanwhile; else corrected, and answered by another
            await surface.withdraw()

    async def _history(self, message: discord.Message, key: str, me: discord.ClientUser) -> tuple[Turn, ...]:
        """A reply continues what it replies to; any other message what its author last asked here."""
        if (number := replied_to(message)) is not None:
            known = self._memory.threads.turns(number)
            if turns := known or await reply_chain(message, me):
                return turns
        return self._footnote.conversations.history(key)

    async def edited(
        self, message: discord.Message, text: str, manners: Manners, me: discord.ClientUser
    ) -> None:
        """The question was changed: answer it anew, in the place of the first answer."""
        first = self._recent.get(message.id)
        if first is None or time.monotonic() - first.at > EDIT_SECONDS:
            return
        async with first.turn:
            before = self._recent.get(message.id)
            guild = message.guild.id if message.guild else 0
            quota = self._memory.quota
            if before is None or before.text == text or quota.day_over(message.author.id, guild):
                return
            await quota.count(message.author.id, guild)
            await self._desk.cancel(before.surface)
            await before.surface.halt()
            if self._recent.get(message.id) is not before:  # taken back meanwhile
                return
            surface = MessageSurface(message, again=before.surface)
            mine = self._recent[message.id] = Exchange(message, text, surface, first.at, first.turn)
        await surface.acknowledge()
        await self._exchange(mine, manners, me, instead_of=before.text)

    def knows(self, message_id: int) -> bool:
        """Whether this message was answered a moment ago, or is being answered."""
        return message_id in self._recent

    async def deleted(self, message_id: int) -> None:
        """The question was taken back: what is still being written goes, a finished answer stays."""
        exchange = self._recent.pop(message_id, None)
        if exchange is not None and await self._desk.cancel(exchange.surface):
            await exchange.surface.withdraw()

    def forget(self, person: int) -> None:
        """Drop the questions of a person that could be corrected, and keep none that is being answered."""
        self._forgotten[person] += 1
        for key in [key for key, one in self._recent.items() if one.message.author.id == person]:
            del self._recent[key]

    # commands, buttons and forms

    async def command(
        self,
        interaction: discord.Interaction[Any],
        text: str,
        filters: Callable[[], Filters] = lambda: NO_FILTERS,
        *,
        private: bool,
        history: tuple[Turn, ...] | None = None,
    ) -> None:
        """Answer /ask and its like. `filters` raises BadQuestion where they make no sense.

        Private where the bot is not a member, and where it was told to keep quiet. `history` takes the place
        of what the asker said here before.
        """
        guild = interaction.guild_id or 0
        manners = self._memory.preferences.of(guild, *channels_of(interaction.channel))
        hidden = private or elsewhere(interaction)  # nor is it shown to those who run the server
        private = hidden or not manners.answers
        refusal = self._memory.quota.refusal(interaction.user.id, guild)
        if refusal is None:
            self._memory.quota.add(interaction.user.id, guild)
        surface = InteractionSurface(interaction, private=private or refusal is not None)
        surface.head = QUOTED.format(question=escaped(shorten(text, QUOTED_TEXT)))
        await surface.acknowledge()
        if not surface.reachable:
            return
        if refusal is not None:
            await surface.finish((Reply(refusal),))
            return
        await self._memory.quota.note(interaction.user.id, guild)
        # what was asked in private is not continued in public
        place = f"{interaction.channel_id}:private" if private else str(interaction.channel_id)
        key = f"discord:{manners.library}:{place}:{interaction.user.id}"
        asked = Asked(
            interaction.id, interaction.user.id, 0 if hidden else guild, interaction.channel_id or 0
        )
        era = self._forgotten[asked.person]

        async def work() -> None:
            try:
                chosen = filters()
            except BotError as error:
                await surface.finish((Reply(sentence_for(error)),))
                return
            said = self._footnote.conversations.history(key) if history is None else history
            question = Question(text, said, chosen)
            await self._answer(
                Wanted(asked, key, question, manners.quotes, "", guild, manners.library, era), surface
            )

        token = interaction.token
        surface.trace = await self._memory.unfinished.begin(asked.key, asked.channel, token=token)
        if not await self._desk.run(surface, work()):
            await self._memory.quota.take_back(interaction.user.id, guild)

    # both

    async def _answer(self, wanted: Wanted, surface: Surface) -> None:
        person, guild = wanted.asked.person, wanted.server
        over = self._memory.quota.over(person, guild) if self._footnote.model_name else None
        notes = [note for note in (wanted.note, f"{OVER[over]} {ANEW}" if over else "") if note]

        def rendered(answer: Answer) -> tuple[Reply, ...]:
            surface.answer = answer
            laid_out = lay_out(readable_formulas(emphasised(answer))).text
            whole = replace(answer, text=laid_out, notes=(*answer.notes, *notes))
            first, *others = render(whole, LIMIT - len(surface.head))
            return (Reply(surface.head + first.text), *others)

        async def controls(answer: Answer) -> discord.ui.View | None:
            if answer.route in FIXED or not self._keeps(wanted):  # a greeting is no question
                return None
            return buttons(await self._memory.answers.keep(wanted.asked, wanted.question, answer))

        surface.controls = controls
        surface.pictures = _tables
        footnote = self._footnote.named(wanted.library)
        quoting = Assistant(footnote.library, Answerer(None))
        assistant = quoting if wanted.quotes or over else footnote.assistant
        answer = await assistant.reply(wanted.question, surface, rendered)
        if answer is None:
            return
        if self._keeps(wanted):  # before anything else is waited for: the next question may lean on it
            self._remember(wanted, answer, surface.message_ids)
        if answer.usage is not None:
            await self._memory.quota.pay(answer.usage, person, guild)

    def _remember(self, wanted: Wanted, answer: Answer, message_ids: Sequence[int]) -> None:
        """What was asked and answered, for whatever follows there."""
        turn = Turn(wanted.question.text, answer.text, answer.cited_papers)
        self._footnote.conversations.remember(wanted.key, turn)
        for message_id in message_ids:
            turns = (*wanted.question.history, turn)
            self._memory.threads.remember(message_id, turns, wanted.asked.person)

    def _keeps(self, wanted: Wanted) -> bool:
        """Whether anything of a question may be kept now: its asker may have been forgotten since."""
        person = wanted.asked.person
        return person not in self._memory.forgetful and self._forgotten[person] == wanted.era


async def _tables(answer: Answer) -> tuple[Enclosed, ...]:
    """The tables of an answer that are too wide for a phone, as pictures."""
    wide = wide_tables(answer)
    return await asyncio.to_thread(pictures_of, wide) if wide else ()
