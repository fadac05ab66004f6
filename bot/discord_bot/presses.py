"""What happens when a button is pressed or a form is sent in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import discord

from bot.discord_bot.controls import page_button
from bot.discord_bot.forms import about_form, reason_form
from bot.discord_bot.interaction_surface import InteractionSurface
from bot.discord_bot.lookups import citation_found, similar_found
from bot.discord_bot.polite import tell
from bot.models import Reply, Turn
from retrieval.models import Filters

if TYPE_CHECKING:
    from bot.discord_bot.client import FootnoteClient

Interaction = discord.Interaction[Any]
Press = Callable[["FootnoteClient", Interaction, str], Awaitable[None]]
Sent = Callable[["FootnoteClient", Interaction, str, dict[str, str]], Awaitable[None]]

FORGOTTEN = "I no longer have this answer: answers are kept for a while only. Please ask again."
NOT_YOURS = "Only the person who asked can ask again here. `/ask` is for everybody."
NO_MORE = "There is nothing more to show."
THANKS = "Thank you, noted. Press the other button to change your mind."
UNNOTED = "You told me to keep nothing of you, and so I keep no vote. `/privacy remember:True` changes that."
ERASED = "I have erased everything that I had stored of you."
NOT_ERASED = "That did not work just now. Please try again, and tell the people who run this bot."
EXPLAINED = "Thank you: the people who run this bot will read it."


async def sources(client: FootnoteClient, interaction: Interaction, key: str) -> None:
    """Each footnote's page and exact words, privately."""
    surface = InteractionSurface(interaction, private=True)
    await surface.acknowledge()
    kept = await client.memory.answers.find(int(key))
    texts = (FORGOTTEN,) if kept is None else kept.sources or (NO_MORE,)
    await surface.finish(tuple(map(Reply, texts)))


async def more(client: FootnoteClient, interaction: Interaction, key: str) -> None:
    """The next best papers, privately."""
    surface = InteractionSurface(interaction, private=True)
    await surface.acknowledge()
    kept = await client.memory.answers.find(int(key))
    await surface.finish((Reply(FORGOTTEN if kept is None else kept.more or NO_MORE),))


async def again(client: FootnoteClient, interaction: Interaction, key: str) -> None:
    """The same question once more, for the person who asked it."""
    kept = await client.memory.answers.find(int(key))
    if kept is None or kept.asked.person != interaction.user.id:
        await tell(interaction, NOT_YOURS if kept else FORGOTTEN)
        return
    message = interaction.message
    private = message is not None and message.flags.ephemeral
    await client.asking.command(interaction, kept.question, lambda: kept.filters, private=private, history=())


async def page(client: FootnoteClient, interaction: Interaction, key: str) -> None:
    """The next page of what a search found, privately."""
    kept, _, number = key.partition("-")
    surface = InteractionSurface(interaction, private=True)
    await surface.acknowledge()
    pages = await client.memory.answers.pages(int(kept))
    wanted = int(number)
    if wanted + 1 < len(pages):
        surface.view = page_button(int(kept), wanted + 1, len(pages))
    await surface.finish((Reply(pages[wanted] if wanted < len(pages) else FORGOTTEN),))


async def good(client: FootnoteClient, interaction: Interaction, key: str) -> None:
    """A vote for an answer."""
    if interaction.user.id in client.memory.forgetful:
        await tell(interaction, UNNOTED)
        return
    surface = InteractionSurface(interaction, private=True)
    await surface.acknowledge()
    noted = await client.memory.answers.vote(int(key), interaction.user.id, good=True)
    await surface.finish((Reply(THANKS if noted else FORGOTTEN),))


async def bad(client: FootnoteClient, interaction: Interaction, key: str) -> None:
    """A vote against an answer; why, is asked for in a form. The vote counts without it."""
    if interaction.user.id in client.memory.forgetful:
        await tell(interaction, UNNOTED)
        return
    await interaction.response.send_modal(reason_form(key))
    await client.memory.answers.vote(int(key), interaction.user.id, good=False)


async def reason(client: FootnoteClient, interaction: Interaction, key: str, given: dict[str, str]) -> None:
    """Why an answer was no good."""
    surface = InteractionSurface(interaction, private=True)
    await surface.acknowledge()
    why = given.get("why", "").strip()
    noted = await client.memory.answers.explain(int(key), interaction.user.id, why)
    await surface.finish((Reply(EXPLAINED if noted else FORGOTTEN),))


async def similar(client: FootnoteClient, interaction: Interaction, key: str) -> None:
    """Papers like this one, privately."""
    library = client.place(interaction).library
    await client.looked_up(interaction, lambda: similar_found(library, key), private=True)


async def cite(client: FootnoteClient, interaction: Interaction, key: str) -> None:
    """The paper as BibTeX and as a line of APA, privately."""
    library = client.place(interaction).library
    await client.looked_up(interaction, lambda: citation_found(library, key), private=True)


async def about(client: FootnoteClient, interaction: Interaction, key: str) -> None:
    """Ask for a question about this paper."""
    await interaction.response.send_modal(about_form(key))


async def ask_about(
    client: FootnoteClient, interaction: Interaction, key: str, given: dict[str, str]
) -> None:
    """Answer a question from one paper alone."""
    filters = Filters(paper=key)
    await client.asking.command(
        interaction, given.get("question", ""), lambda: filters, private=False, history=()
    )


async def ask_message(
    client: FootnoteClient, interaction: Interaction, key: str, given: dict[str, str]
) -> None:
    """Answer what was asked about a message, or the message itself, privately."""
    asked, message = given.get("question", "").strip(), given.get("message", "").strip()
    history = (Turn(message, ""),) if asked and message else ()
    await client.asking.command(interaction, asked or message, private=True, history=history)


async def forget(client: FootnoteClient, interaction: Interaction, key: str) -> None:
    """Erase all that is stored of the person who pressed it."""
    surface = InteractionSurface(interaction, private=True)
    await surface.acknowledge()
    person = interaction.user.id
    client.forget(person)
    rows = await client.memory.store.forget_person(person)
    await surface.finish((Reply(ERASED if rows >= 0 else NOT_ERASED),))


PRESSES: dict[str, Press] = {
    "sources": sources,
    "more": more,
    "page": page,
    "again": again,
    "good": good,
    "bad": bad,
    "similar": similar,
    "cite": cite,
    "about": about,
    "forget": forget,
}
"""What a button's id says -> what it does. Ids live on under old messages: keep their names."""

FORMS: dict[str, Sent] = {"why": reason, "about": ask_about, "message": ask_message}
"""What a form's id says -> what is done with what was filled in."""
