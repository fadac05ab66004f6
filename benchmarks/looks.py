"""Pictures of answers as Discord draws them, for eyes: python -m benchmarks.looks DIR

The real bot answers on the fake Discord of the tests, over samples/. Its messages become a page in the manner
of Discord (its Markdown, widths and colours as they can be seen from outside: close, not exact), of which
headless Chromium takes pictures at the width of a phone and of a desktop.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import html
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.build import build
from bot.discord_bot import run_bot
from bot.settings import BotSettings
from tests.discord_kit import bot_settings, running
from tests.fake_discord import FakeDiscord
from tests.fake_footnote import TalkingModel

HERE = Path(__file__).resolve().parent
Json = dict[str, Any]
WIDTHS = {"phone": 390, "desktop": 1000}  # CSS pixels
HEIGHT = 1500
SCENES: dict[str, tuple[str, dict[str, Any]]] = {
    "ask": ("ask", {"question": "How can a machine tidy up a messy room?"}),
    "find": ("ask", {"question": "Which papers detect manipulated or generated images?"}),
    "refusal": ("ask", {"question": "What is the best way to bake sourdough bread?"}),
    "search": ("search", {"query": "image retrieval with text"}),
    "paper": ("paper", {"title": "LEGO-Net"}),
    "similar": ("similar", {"title": "LEGO-Net"}),
    "compare": ("compare", {"first": "LEGO-Net", "second": "PIDNet", "by": "training data"}),
    "trends": ("trends", {"topic": "anomaly detection in images"}),
    "author": ("author", {"name": "Wang"}),
    "insights": ("insights", {}),
    "settings": ("settings", {}),
    "help": ("help", {}),
}
TABLE = (
    "HedgeNet in figures [1].\n\n| Network | Parameters | Accuracy | When it prunes |\n|---|---|---|---|\n"
    "| HedgeNet | 4.2 million parameters [1] | 71.3 % accuracy on GardenSet [1] "
    "| it prunes its own branches while it trains [1] |\n"
)
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chrome")

STYLE = """
body { margin: 0; background: #313338; color: #dbdee1;
    font: 16px/1.375 "gg sans", "Noto Sans", "DejaVu Sans", sans-serif }
.message { display: flex; gap: 16px; padding: 10px 16px }
.phone .message { gap: 10px; padding: 10px 12px }
.face { flex: none; width: 40px; height: 40px; border-radius: 50%; background: #5865f2 }
.body { min-width: 0; overflow-wrap: anywhere; white-space: pre-wrap }
.who { font-weight: 600; color: #f2f3f5 }
a { color: #00a8fc; text-decoration: none }
code { background: #2b2d31; border-radius: 4px; padding: 0 3px; font-size: 14px }
pre { background: #2b2d31; border: 1px solid #1e1f22; border-radius: 4px; padding: 8px;
    margin: 6px 0; white-space: pre-wrap; font: 14px/1.15 "DejaVu Sans Mono", monospace }
blockquote { margin: 0; padding-left: 12px; border-left: 4px solid #4e5058 }
small { color: #949ba4; font-size: 13px }
.points { padding-left: 18px; text-indent: -14px }
.buttons { margin-top: 8px; display: flex; gap: 8px; flex-wrap: wrap }
.button { background: #4e5058; border-radius: 8px; padding: 5px 14px; font-size: 14px;
    font-weight: 500 }
img { display: block; max-width: 100%; max-height: 350px; border-radius: 8px; margin-top: 6px }
h3 { margin: 6px 0 }
"""


def drawn(content: str) -> str:
    """Discord's Markdown as HTML: what a reader sees of a message."""
    parts = re.split(r"```(?:\w*\n)?(.*?)```", content, flags=re.DOTALL)
    shown = [
        f"<pre>{html.escape(part.strip(chr(10)))}</pre>" if number % 2 else _lines(part)
        for number, part in enumerate(parts)
    ]
    return "".join(shown)


def _lines(text: str) -> str:
    return "\n".join(_line(line) for line in text.strip("\n").split("\n"))


def _line(line: str) -> str:
    found = re.match(r"(-# |> |#{1,3} |\s*[-*] )?(.*)", line)
    assert found is not None
    kind, words = (found[1] or ""), _inline(found[2])
    match kind.strip():
        case "-#":
            return f"<small>{words}</small>"
        case ">":
            return f"<blockquote>{words}</blockquote>"
        case "#" | "##" | "###":
            return f"<h3>{words}</h3>"
        case "-" | "*":
            return f'<div class="points">• {words}</div>'
    return words


def _inline(text: str) -> str:
    """Emphasis, code, links without preview, and what was escaped by a backslash."""
    kept: list[str] = []

    def keep(shown: str) -> str:
        kept.append(shown)
        return f"\x00{len(kept) - 1}\x00"

    text = re.sub(r"\\([\\*_~`|>#\[\]()-])", lambda found: keep(html.escape(found[1])), text)
    text = re.sub(r"`([^`]+)`", lambda found: keep(f"<code>{html.escape(found[1])}</code>"), text)
    text = re.sub(r"<t:(\d+):\w>", lambda found: keep("<code>some time ago</code>"), text)
    named = r"\[([^\[\]]+)\]\(<https?://[^\s<>]+>\)"
    text = re.sub(named, lambda found: f"{keep('<a>')}{found[1]}{keep('</a>')}", text)
    link = r"<?(https?://[^\s<>]+)>?"
    text = re.sub(link, lambda found: keep(f"<a>{html.escape(found[1])}</a>"), text)
    text = html.escape(text)
    for sign, tag in ((r"\*\*", "b"), ("__", "u"), ("~~", "s"), (r"(?<![\w*])\*(?=\S)", "i")):
        close = r"\*(?![\w*])" if tag == "i" else sign
        text = re.sub(f"{sign}(.+?){close}", rf"<{tag}>\1</{tag}>", text)
    return re.sub(r"\x00(\d+)\x00", lambda found: kept[int(found[1])], text)


def page(messages: Sequence[Json], files: dict[str, bytes], width: str) -> str:
    """A channel with these messages."""
    shown = "\n".join(_message(message, files) for message in messages)
    return f'<!doctype html><meta charset="utf-8"><style>{STYLE}</style><body class="{width}">{shown}'


def _message(message: Json, files: dict[str, bytes]) -> str:
    pictures = [files[one["id"]] for one in message["attachments"] if one["filename"].endswith(".png")]
    images = "".join(f'<img src="data:image/png;base64,{base64.b64encode(p).decode()}">' for p in pictures)
    labels = [
        part.get("label") or part["emoji"]["name"]
        for row in message["components"]
        for part in row["components"]
    ]
    buttons = "".join(f'<span class="button">{html.escape(label)}</span>' for label in labels)
    below = f'<div class="buttons">{buttons}</div>' if buttons else ""
    who = html.escape(message["author"]["global_name"])
    said = drawn(message["content"])
    return (
        f'<div class="message"><div class="face"></div><div class="body"><span class="who">{who}</span>\n'
        f"{said}{images}{below}</div></div>"
    )


def photograph(browser: str, source: Path, target: Path, width: int, height: int) -> None:
    """A picture of the page in `source`, twice as sharp as its CSS pixels."""
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    size = [f"--window-size={width},{height}", "--force-device-scale-factor=2"]
    command += [*size, f"--screenshot={target}", source.as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=60)


async def talk(data: Path) -> dict[str, tuple[list[Json], dict[str, bytes]]]:
    """What the bot answers in each scene, over the library in `data`, and the files that go with it."""
    settings = BotSettings.model_validate({"FOOTNOTE_DATA": data})
    found = {}
    async with FakeDiscord() as fake, build(settings) as footnote:
        aimed = bot_settings(fake, data / "looks", retention_days=90.0)
        task = asyncio.create_task(run_bot(aimed, replace(footnote, settings=aimed)))
        await fake.connected()
        for name, (command, options) in SCENES.items():
            found[name] = (await _say(fake, command, options), fake.world.files)
        task.cancel()
        await asyncio.wait((task,))
    async with FakeDiscord() as fake, running(fake, data / "table", model=TalkingModel([TABLE])):
        options = {"question": "How many parameters does HedgeNet have?"}
        found["table"] = (await _say(fake, "ask", options), fake.world.files)
    return found


async def _say(fake: FakeDiscord, command: str, options: dict[str, Any]) -> list[Json]:
    before = len(fake.answers())
    asked = await fake.slash(command, **options)
    await fake.until(lambda: asked.original and not asked.waiting, 60)
    await asyncio.sleep(1.5)  # further parts, and the final form
    return [{**message} for message in fake.answers()[before:]]


def samples(folder: Path) -> Path:
    """A library of the papers in samples/, made in `folder`."""
    data = folder / "data"
    environment = {**os.environ, "FOOTNOTE_DATA": str(data)}
    command = [sys.executable, "-m", "bot", "ingest", str(HERE.parent / "samples")]
    subprocess.run(command, check=True, cwd=HERE.parent, env=environment, capture_output=True)
    return data


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="where the pages and pictures go")
    parser.add_argument(
        "--data", type=Path, help="a data folder (a copy, for it is written to); else samples/"
    )
    options = parser.parse_args()
    browser = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    options.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        scenes = asyncio.run(talk(options.data or samples(Path(work))))
    for name, (messages, files) in scenes.items():
        for width, pixels in WIDTHS.items():
            source = options.folder.resolve() / f"{name}-{width}.html"
            source.write_text(page(messages, files, width), encoding="utf-8")
            if browser:
                photograph(browser, source, source.with_suffix(".png"), pixels, HEIGHT)
    print(f"{len(scenes)} scenes in {options.folder}")
    if browser is None:
        print(f"No pictures, only pages: none of {', '.join(CHROMIUM)} is installed.")


if __name__ == "__main__":
    main()
