"""The transcript of what people see: nothing that the bot offers is missing from it."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from bot.discord_bot.presses import FORMS, PRESSES
from tests import scenes
from tests.discord_kit import healthy_discord, running
from tests.fake_discord import FakeDiscord
from tests.transcript import Talk

LABELS = {
    "sources": "Sources",
    "more": "More",
    "page": "Page 2 of",
    "again": "Again",
    "good": "👍",
    "bad": "👎",
    "similar": "Similar",
    "cite": "Cite",
    "about": "Ask about it",
    "forget": "Erase it",
}


@pytest_asyncio.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with healthy_discord() as discord:
        yield discord


async def test_every_command_button_and_form_has_its_scene(fake: FakeDiscord, tmp_path: Path) -> None:
    written = inspect.getsource(scenes)
    async with running(fake, tmp_path):
        await fake.until(lambda: fake.world.commands)
    for command in fake.world.commands:
        inner = [part["name"] for part in command.get("options", []) if part["type"] == 1]
        for name in [f"{command['name']} {one}" for one in inner] or [command["name"]]:
            assert f'("{name}"' in written, f"/{name} has no scene"
    assert LABELS.keys() == PRESSES.keys()
    assert all(f'"{label}' in written for label in LABELS.values())
    assert written.count("talk.submit(") == len(FORMS)


async def test_a_step_is_written_down_with_what_is_seen(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path):
        talk = Talk(fake)
        shown = await talk.command("paper", title="HedgeNet: Pruning Networks like Gardens")
        await talk.press(shown, "Cite")
    text = "\n".join(talk.lines)
    assert "### /paper title:HedgeNet: Pruning Networks like Gardens\n\n*public, " in text
    assert (
        "\n[Similar] [Cite] [Ask about it]\n\n### [Cite]\n\n*private, " in text and "@inproceedings" in text
    )
