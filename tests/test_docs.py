"""What README.md, .env.example and the samples say is what the code does."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from bot.cli.app import app
from bot.settings import BotSettings
from tests.conftest import SETTINGS

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")


def _default(field: FieldInfo) -> str:
    """A field's default as one writes it into `.env`; "" where there is none."""
    if field.default is None:
        return ""
    assert not isinstance(field.default, SecretStr), "a secret has no default"
    return str(field.default).lower() if isinstance(field.default, bool) else str(field.default)


DEFAULTS = {str(field.validation_alias): _default(field) for field in BotSettings.model_fields.values()}


def _section(heading: str) -> str:
    return README.split(f"\n## {heading}\n")[1].split("\n## ")[0]


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_no_page_waits_for_its_text(page: str) -> None:
    assert not re.findall(r"<!--.*?-->|\b(?:TODO|TBD|FIXME)\b", (ROOT / page).read_text(encoding="utf-8"))


def test_the_transcript_names_papers_of_the_samples() -> None:
    titles = {
        json.loads(line)["title"] for line in (ROOT / "samples" / "papers.jsonl").open(encoding="utf-8")
    }
    transcript = _section("Try it").split("$ footnote ingest")[1]
    cited = re.findall(r"^ +\[\d\] (.+?)\. [A-Z]", transcript, flags=re.MULTILINE)
    assert len(cited) >= 2 and set(cited) <= titles


def test_the_table_of_settings_is_the_code() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (?:`([^`]*)`)? *\| (.+) \|$", _section("Settings"), flags=re.MULTILINE)
    assert {name: default for name, default, _ in rows} == DEFAULTS
    assert len(rows) == len(DEFAULTS)


def test_the_example_names_every_setting_with_its_default() -> None:
    lines = re.findall(r"^# ([A-Z_]+)=(.*)$", EXAMPLE, flags=re.MULTILINE)
    assert dict(lines) == DEFAULTS
    assert len(lines) == len(DEFAULTS)


def test_no_setting_of_an_operator_bends_the_demo_or_a_test() -> None:
    lines = re.findall(r"^unexport \$\(filter (.+),\$\(\.VARIABLES\)\)$", MAKEFILE, flags=re.MULTILINE)
    starts = tuple(name.removesuffix("%") for line in lines for name in line.split())
    assert [name for name in DEFAULTS if not name.startswith(starts)] == []
    assert [name for name in DEFAULTS if not name.startswith(SETTINGS)] == []


def test_the_example_as_it_is_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in DEFAULTS:
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "shown").write_text(
        re.sub(r"^# (?=[A-Z_]+=)", "", EXAMPLE, flags=re.MULTILINE), encoding="utf-8"
    )
    untouched = BotSettings(_env_file=None)  # type: ignore[call-arg]
    assert BotSettings(_env_file=tmp_path / "shown") == untouched  # type: ignore[call-arg]


def test_every_command_is_explained_and_no_other() -> None:
    explained = re.findall(r"^\| `footnote (\w+)", _section("Commands"), flags=re.MULTILINE)
    commands = {
        command.name or command.callback.__name__ for command in app.registered_commands if command.callback
    }
    assert set(explained) == commands | {str(group.name) for group in app.registered_groups}


def test_links_inside_the_repository_lead_somewhere() -> None:
    headings = {
        re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-")
        for heading in re.findall(r"^#+ (.+)$", README, flags=re.MULTILINE)
    }
    for page in ("README.md", "CONTRIBUTING.md"):
        links = re.findall(r"\]\(([^)]+)\)", (ROOT / page).read_text(encoding="utf-8"))
        for target in (link for link in links if "://" not in link):
            assert target[1:] in headings if target.startswith("#") else (ROOT / target).exists(), target


def test_the_invitation_asks_for_the_permissions_that_are_listed() -> None:
    bits = {
        "Add Reactions": 6,
        "View Channels": 10,
        "Send Messages": 11,
        "Embed Links": 14,
        "Attach Files": 15,
        "Read Message History": 16,
        "Create Public Threads": 35,
        "Send Messages in Threads": 38,
    }  # https://discord.com/developers/docs/topics/permissions
    discord = " ".join(_section("On Discord").split())
    lists = re.findall(r"(?:The permissions are|this version uses) \(?(.+?)(?:; no more|\))", discord)
    asked = [sum(1 << bits[name] for name in re.split(r", | and ", names)) for names in lists]
    assert [int(number) for number in re.findall(r"permissions=(\d+)", discord)] == asked
    assert len(asked) == 2
