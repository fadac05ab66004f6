"""The buttons under answers and papers. They hold no state: their ids say all, so they outlive a restart."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Any, Self

import discord

from bot.discord_bot.kept import DOWN, UP, Kept

if TYPE_CHECKING:
    from bot.discord_bot.client import FootnoteClient

log = logging.getLogger(__name__)

TEMPLATE = r"footnote:(?P<action>[a-z]+):(?P<key>.{1,80})"
KEY = 80  # characters, so that a whole id has at most Discord's 100


class Control(discord.ui.DynamicItem[discord.ui.Button[Any]], template=TEMPLATE):
    """A button that says in its id what it does, and to what."""

    def __init__(self, button: discord.ui.Button[Any], action: str, key: str) -> None:
        super().__init__(button)
        self.action, self.key = action, key

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        assert isinstance(item, discord.ui.Button)
        return cls(item, match["action"], match["key"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        client: FootnoteClient = interaction.client
        await client.pressed(interaction, self.action, self.key)


def control(
    action: str, key: str | int, label: str = "", emoji: str | None = None, row: int | None = None
) -> Control:
    """A button for `action` (small letters) on `key`; `row` counts from 0."""
    style = discord.ButtonStyle.danger if action == "forget" else discord.ButtonStyle.secondary
    button: discord.ui.Button[Any] = discord.ui.Button(
        label=label or None, emoji=emoji, style=style, custom_id=f"footnote:{action}:{key}", row=row
    )
    return Control(button, action, str(key))


def view(*controls: Control) -> discord.ui.View:
    """Buttons, in one row unless they name theirs."""
    made = discord.ui.View(timeout=None)
    for one in controls:
        made.add_item(one)
    return made


def buttons(kept: Kept) -> discord.ui.View:
    """The buttons under an answer: those that have something to show; the votes below, for phones."""
    key = kept.asked.key
    shown = [control("sources", key, "Sources")] if kept.sources else []
    if kept.more:
        shown.append(control("more", key, "More"))
    shown.append(control("again", key, "Again"))
    return view(*shown, control("good", key, emoji=UP, row=1), control("bad", key, emoji=DOWN, row=1))


def page_button(key: int, page: int, pages: int) -> discord.ui.View:
    """The button for page number `page`, from 0, of `pages`."""
    return view(control("page", f"{key}-{page}", f"Page {page + 1} of {pages}"))


def paper_buttons(paper_id: str) -> discord.ui.View | None:
    """The buttons under a paper; None where its id is too long for one."""
    if len(paper_id) > KEY:
        return None
    named = (("similar", "Similar"), ("cite", "Cite"), ("about", "Ask about it"))
    return view(*(control(action, paper_id, label) for action, label in named))
