"""The scenes of tests/transcript.py: what people do, in order. All papers are those of samples/."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from tests.fake_discord.objects import BEN, BOT_ID, CHANNEL, ELSEWHERE_CHANNEL, FORUM, OTHER_CHANNEL

if TYPE_CHECKING:
    from tests.transcript import Talk

ME = f"<@{BOT_ID}>"
TENTS = (
    "tents.txt",
    b"Tents on Long Lines\n\nAda Reed\n\nAbstract\n\nWe pitch tents on long lines over meadows. Tents on "
    b"long lines sway less in the wind than tents on short lines, and a tent of cotton keeps the rain out.\n"
    b"\n1 Introduction\n\nTents stand on lines. We measure how much 40 tents sway on lines of two metres.\n",
)


async def asking(talk: Talk) -> None:
    await talk.command("help")
    asked = await talk.command("ask", question="How can a machine tidy up a messy room?")
    await talk.press(asked, "Sources")
    await talk.press(asked, "More")
    await talk.press(asked, "👍")
    why = await talk.press(asked, "👎")
    await talk.submit(why, "It says nothing about robots.")
    await talk.press(asked, "Again")
    await talk.press(asked, "Again", asker=BEN)
    await talk.command("ask", question="Which papers work with sign language?", from_=2024, private=True)
    await talk.command("ask", question="Which papers detect generated images?", venue="CVPR", to=2024)
    await talk.command("ask", question="What is the best way to bake sourdough bread?")
    await talk.command("ask", question="Which papers are about faces?", from_=2024, to=2020)
    await talk.command("ask", question="Which papers are about faces?", venue="NeurIPS")
    await talk.command("ask", question="Compare LEGO-Net and PIDNet")
    await talk.command("ask", question="Wer hat L-MAGIC geschrieben?")
    await talk.command("ask", question="How many papers from 2023 are there?")
    await talk.command("ask", question="thanks!")


async def chatting(talk: Talk) -> None:
    await talk.say(f"{ME} Who wrote L-MAGIC?")
    answer = talk.last()
    await talk.say("and what is it about?", reply_to=answer)
    await talk.say(f"{ME}")
    question = await talk.say(f"{ME} Which papers repair dark photos?")
    await talk.edit(question, f"{ME} Which papers repair blurred photos?")
    other = await talk.fake.say("LEGO-Net seems to put chairs where they belong.", author=BEN)
    await talk.say(f"{ME} is that true?", reply_to=other, reply_ping=False)
    menu = await talk.menu("Ask about this message", other)
    await talk.submit(menu, "Which paper is that?", other["content"])


async def looking_up(talk: Talk) -> None:
    await talk.types("paper", "title", "lego net")
    await talk.types("paper", "title", "diffusoin sign langauge")
    found = await talk.command("search", query="image retrieval with text")
    await talk.press(found, "Page 2 of 7")
    await talk.command("search", query="faces", author="Wang", from_=2024)
    await talk.command("search", query="sourdough bread")
    paper = await talk.command("paper", title="LEGO-Net")
    await talk.press(paper, "Similar")
    await talk.press(paper, "Cite")
    about = await talk.press(paper, "Ask about it")
    await talk.submit(about, "How does it tidy a room?")
    await talk.command("paper", title="A paper that nobody wrote")
    await talk.command("similar", title="PIDNet")
    await talk.command("compare", first="LEGO-Net", second="PIDNet")
    await talk.command("compare", first="LEGO-Net", second="PIDNet", third="L-MAGIC", by="data")
    await talk.command("compare", first="LEGO-Net", second="LEGO-Net")
    await talk.command("author", name="Wang")
    await talk.command("author", name="Nobody Atall")
    await talk.command("quote", text="tidies a messy room without being told what the goal looks like")
    await talk.command("quote", text="the moon is made of green cheese and honey")
    await talk.command("trends", topic="anomaly detection in images")


async def library(talk: Talk) -> None:
    await talk.command("watch add", topic="tents that sway in the wind")
    await talk.command("library show")
    await talk.command("library add", first=TENTS, second=("notes.exe", b"MZ"))
    await talk.still("a while later")
    await talk.command("library mend", paper="Tents on Long Lines", authors="Ada Reed; Ben Cole", year=2021)
    await talk.command("library remove", paper="Tents on Long Lines")
    await talk.command("library remove", paper="Tents on Long Lines")
    await talk.command("library retry")
    await talk.command("library add")
    await talk.command("library mend", paper="LEGO-Net")
    await talk.command("library remove", paper="LEGO-Net", asker=BEN)
    await talk.command("watch list")
    await talk.types("watch stop", "number", "tents")
    await talk.command("watch stop", number=3)
    await talk.command("watch stop", number=1)
    await talk.command("watch list")


async def serving(talk: Talk) -> None:
    await talk.command("settings")
    await talk.types("settings", "library", "")
    await talk.command("settings", library="second", channel_=OTHER_CHANNEL)
    await talk.command("library show", channel=OTHER_CHANNEL)
    await talk.command("watch add", topic="dancing robots", channel=OTHER_CHANNEL)
    await talk.command("watch list")
    await talk.command("settings", library="third")
    await talk.command("settings", what="threads")
    await talk.command("settings", what="threads", value="on")
    await talk.say(f"{ME} Which papers are about segmentation?")
    await talk.command("settings", what="threads", value="off")
    await talk.command("settings", what="forum", value="on", channel_=FORUM)
    await talk.post("Dark photos", "How can photos that are too dark be repaired?")
    await talk.command("settings", what="answers", value="off", channel_=OTHER_CHANNEL)
    await talk.say(f"{ME} are you there?", channel=OTHER_CHANNEL)
    await talk.command("ask", question="Who wrote PIDNet?", channel=OTHER_CHANNEL)
    await talk.command("insights")


async def own(talk: Talk) -> None:
    direct = talk.fake.world.dm_with(BEN)["id"]
    await talk.say("Which papers are about humans that dance?", channel=direct, author=BEN)
    await talk.command("ask", question="Who wrote LEGO-Net?", channel=ELSEWHERE_CHANNEL)
    await talk.command("usage")
    await talk.command("privacy")
    await talk.command("privacy", remember=False)
    await talk.command("ask", question="Who wrote LEGO-Net?")
    await talk.command("privacy", remember=True)
    await talk.command("my-data")
    forget = await talk.command("forget-me")
    await talk.press(forget, "Erase it")
    for _ in range(40):
        await talk.fake.slash("ask", question="hello", channel=CHANNEL)
    await talk.skip("forty greetings")
    await talk.command("ask", question="Who wrote LEGO-Net?")
    await talk.say(f"{ME} Who wrote LEGO-Net?")


Scene = Callable[["Talk"], Awaitable[None]]
SCENES: tuple[tuple[str, Scene], ...] = (
    ("Asking", asking),
    ("In chat", chatting),
    ("Looking things up", looking_up),
    ("The library", library),
    ("For those who run the server", serving),
    ("What is kept of a person, and how much he may ask", own),
)
