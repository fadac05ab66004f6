"""What was said before: by the chain of replies where a message is one, else by channel and person."""

from __future__ import annotations

import re
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import discord

from bot.conversation import FORGET_AFTER, MAX_TURNS
from bot.discord_bot.invocation import Heard, plain_text
from bot.discord_bot.preferences import Manners
from bot.discord_bot.wire import TROUBLE
from bot.models import Turn

REMEMBERED = 2_000
QUIET = Manners()
_ASKED = re.compile(r"> (?P<question>[^\n]+)\n")  # above the answer to a command
_SOURCES = re.compile(r"\n\s*(?=(?:\[\d+\])+ \[?\*\*|-# )")  # where the list of cited papers begins


@dataclass(frozen=True, slots=True)
class Led:
    """What led to an answer."""

    turns: tuple[Turn, ...]  # its own last
    asker: int
    at: float


class Threads:
    """Which conversation each of the last answers ends: so a reply continues the answer it replies to.

    As long as any other conversation: see `Conversations`.
    """

    def __init__(self, limit: int = REMEMBERED, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit, self._clock = limit, clock
        self._led: OrderedDict[int, Led] = OrderedDict()

    def remember(self, message_id: int, turns: tuple[Turn, ...], asker: int = 0) -> None:
        """`turns` led to the answer in this message, its own turn last."""
        self._led.pop(message_id, None)
        self._led[message_id] = Led(turns[-MAX_TURNS:], asker, self._clock())
        self._forget_old()

    def forget(self, asker: int) -> None:
        """Drop what this person asked, also where others went on from there."""
        asked = {led.turns[-1] for led in self._led.values() if led.asker == asker and led.turns}
        for key in [key for key, led in self._led.items() if led.asker == asker or asked & {*led.turns}]:
            del self._led[key]

    def turns(self, message_id: int) -> tuple[Turn, ...]:
        """The conversation up to the answer in this message; () where it is not remembered."""
        self._forget_old()
        led = self._led.get(message_id)
        return led.turns if led else ()

    def _forget_old(self) -> None:
        """They stand in the order of their answers, so the oldest are at the front."""
        oldest = self._clock() - FORGET_AFTER
        while self._led and (len(self._led) > self._limit or next(iter(self._led.values())).at < oldest):
            self._led.popitem(last=False)


def heard(message: discord.Message, me: discord.ClientUser, manners: Manners = QUIET) -> Heard:
    """A message as far as it matters for answering it."""
    post = _new_post(message) if manners.forum else None
    resolved = message.reference.resolved if message.reference else None
    role = message.guild.self_role if message.guild else None
    return Heard(
        text=f"{post}\n{content_of(message)}" if post else content_of(message),
        me=me.id,
        my_roles=(role.id,) if role else (),
        names={person.id: f"@{person.display_name}" for person in message.mentions},
        by_bot=message.author.bot or message.webhook_id is not None,
        ordinary=message.type in (discord.MessageType.default, discord.MessageType.reply),
        to_everyone=message.mention_everyone,
        direct=isinstance(message.channel, discord.DMChannel),
        reply_to_me=isinstance(resolved, discord.Message) and resolved.author.id == me.id,
        in_my_thread=isinstance(message.channel, discord.Thread) and message.channel.owner_id == me.id,
        silent=not manners.answers and message.guild is not None,
        everything=manners.everything or post is not None,
        to_others=_to_others(message, resolved, me),
    )


def content_of(message: discord.Message) -> str:
    """What a message says; of one that was merely forwarded, what the forwarded one says."""
    forwarded = [snapshot.content for snapshot in message.message_snapshots if snapshot.content]
    return message.content or "\n\n".join(forwarded)


def _new_post(message: discord.Message) -> str | None:
    """The title of the forum post that this message begins; None where it begins none."""
    channel = message.channel
    if not isinstance(channel, discord.Thread) or message.id != channel.id:
        return None
    return channel.name if isinstance(channel.parent, discord.ForumChannel) else None


def _to_others(message: discord.Message, resolved: object, me: discord.ClientUser) -> bool:
    """Whether a message is visibly meant for somebody else."""
    if isinstance(resolved, discord.Message) and resolved.author.id != me.id:
        return True
    return bool(message.mentions or message.role_mentions)


async def reply_chain(message: discord.Message, me: discord.ClientUser) -> tuple[Turn, ...]:
    """The questions and answers above a reply, oldest first, as far as Discord shows them."""
    turns: list[Turn] = []
    current: discord.Message | None = message
    while current is not None and len(turns) < MAX_TURNS:
        answer = await _referenced(current)
        if answer is None or answer.author.id != me.id:
            break
        told = _SOURCES.split(answer.content, maxsplit=1)[0].strip()
        current = await _referenced(answer)
        if current is None and (found := _ASKED.match(told)):  # the answer to a command
            turns.append(Turn(re.sub(r"\\(.)", r"\1", found["question"]), told[found.end() :]))
        if current is None or not (question := plain_text(heard(current, me))):
            break
        turns.append(Turn(question, told))
    return tuple(reversed(turns))


def quoted_message(message: discord.Message, me: discord.ClientUser) -> tuple[Turn, ...] | None:
    """What a person wrote in the message that this one replies to, as what was said before.

    None where there is such a message and Discord does not let the bot read it; () where there is none.
    """
    resolved = message.reference.resolved if message.reference else None
    if not isinstance(resolved, discord.Message) or resolved.author.id == me.id:
        return ()
    text = plain_text(heard(resolved, me))
    if not text and (resolved.content or resolved.attachments or resolved.embeds or resolved.stickers):
        return ()  # it is shown, and holds no words
    return (Turn(text, ""),) if text else None


def replied_to(message: discord.Message) -> int | None:
    """The id of the message that this one replies to; a forwarded one may be of another place."""
    reference = message.reference
    if reference is None or reference.type is not discord.MessageReferenceType.reply:
        return None
    return reference.message_id


async def _referenced(message: discord.Message) -> discord.Message | None:
    """The message that this one replies to: from the event where it came along, else asked for."""
    reference, number = message.reference, replied_to(message)
    if reference is None or number is None:
        return None
    if isinstance(reference.resolved, discord.Message):
        return reference.resolved
    if isinstance(reference.resolved, discord.DeletedReferencedMessage):
        return None
    try:
        return await message.channel.fetch_message(number)
    except TROUBLE:
        return None
