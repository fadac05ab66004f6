"""The forms (Discord calls them modals), and how to read what was filled in, also after a restart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import discord

from bot.discord_bot.history import content_of

QUESTION_TEXT = 1500  # characters; what is longer is no question to a search
FORM_SECONDS = 900.0  # an interaction's token lives as long


def form(action: str, key: str | int, title: str, *inputs: discord.ui.Label[Any]) -> discord.ui.Modal:
    """A form that says in its id what it is for; what comes back is read by `filled_in`."""
    made = discord.ui.Modal(title=title, custom_id=f"footnote:{action}:{key}", timeout=FORM_SECONDS)
    for one in inputs:
        made.add_item(one)
    return made


def field(name: str, label: str, limit: int, *, needed: bool, text: str = "") -> discord.ui.Label[Any]:
    """A field of several lines."""
    style = discord.TextStyle.paragraph
    given: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id=name, style=style, max_length=limit, required=needed, default=text[:limit] or None
    )
    return discord.ui.Label(text=label, component=given)


def reason_form(key: str) -> discord.ui.Modal:
    """Why an answer was no good."""
    return form(
        "why", key, "What was wrong?", field("why", "Tell the people who run this bot", 1000, needed=False)
    )


def about_form(paper_id: str) -> discord.ui.Modal:
    """A question about one paper."""
    asked = field("question", "Your question", QUESTION_TEXT, needed=True)
    return form("about", paper_id, "Ask about this paper", asked)


def message_form(message: discord.Message) -> discord.ui.Modal:
    """A question about a message; the message can be cut down to what matters."""
    asked = field("question", "Your question (or leave it to the message)", QUESTION_TEXT, needed=False)
    about = field("message", "The message", QUESTION_TEXT, needed=False, text=content_of(message))
    return form("message", message.id, "Ask about this message", asked, about)


def filled_in(data: Mapping[str, Any]) -> dict[str, str]:
    """The fields of a form that was sent in, by their names, whether they stand in rows or under labels."""
    found: dict[str, str] = {}
    for part in data.get("components", ()):
        inner = [*part.get("components", ()), *([part["component"]] if "component" in part else [])]
        found |= {one["custom_id"]: str(one.get("value") or "") for one in inner if "custom_id" in one}
    return found
