"""When to answer a message, and what the question in it is. Pure.

The ladder: never a bot, never itself, never a message to @everyone; then whoever mentions it, writes to it
directly, replies to one of its answers, or writes to nobody else in a thread that it opened. Nobody else,
except where the people who run the server want every message answered.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

HELP = (
    "Ask me about the papers in the library: mention me with a question, write to me directly, or use "
    "`/ask`, `/search` and `/paper`. Every claim that I make names the paper that it rests on."
)
"""What a person gets who calls without a question."""

_MENTION = re.compile(r"<@(?P<kind>[!&]?)(?P<id>\d+)>")
_CHANNEL = re.compile(r"<#\d+>")
_EMOJI = re.compile(r"<a?:(\w+):\d+>")
_LEFT_BEHIND = " \t\n,:;-–—"


@dataclass(frozen=True, slots=True)
class Heard:
    """A message, as far as it matters for answering it."""

    text: str  # "" where Discord does not let the bot read it
    me: int  # the bot's own user id
    my_roles: Collection[int] = ()  # the role that Discord made for the bot
    names: Mapping[int, str] = field(default_factory=dict)  # of the other people mentioned
    by_bot: bool = False  # any bot or webhook, itself included
    ordinary: bool = True  # written by a person, not "pinned a message" and the like
    to_everyone: bool = False  # @everyone or @here
    direct: bool = False
    reply_to_me: bool = False
    in_my_thread: bool = False
    silent: bool = False  # the people who run the server want no answers to messages there
    everything: bool = False  # they want every message answered
    to_others: bool = False  # it mentions or replies to somebody else


def question_in(heard: Heard) -> str | None:
    """The question put to the bot; "" where it is called without one; None where it is not called."""
    if heard.by_bot or not heard.ordinary or heard.to_everyone or heard.silent:
        return None
    called = heard.direct or _mentions_me(heard)
    question = plain_text(heard)
    if called:
        return question
    open_to_all = heard.in_my_thread or heard.everything
    if heard.reply_to_me or (open_to_all and not heard.to_others):
        return question or None  # nothing to read here is no reason to speak up
    return None


def _mentions_me(heard: Heard) -> bool:
    """Whether the text itself names the bot or its role; the ping of a reply alone does not count."""
    return any(_is_me(found, heard) for found in _MENTION.finditer(heard.text))


def plain_text(heard: Heard) -> str:
    """The text without the bot's mention, other people by name, emojis by theirs."""

    def spoken(found: re.Match[str]) -> str:
        if _is_me(found, heard):
            return " "
        return heard.names.get(int(found["id"]), "")

    text = _EMOJI.sub(r":\1:", _CHANNEL.sub("", _MENTION.sub(spoken, heard.text)))
    return re.sub(r"[ \t]+", " ", text).strip(_LEFT_BEHIND)


def _is_me(found: re.Match[str], heard: Heard) -> bool:
    number = int(found["id"])
    return number in heard.my_roles if found["kind"] == "&" else number == heard.me
