"""What a newcomer sees first: the questions of `make demo` and README.md, over the samples beside it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.command_line import bare_settings, footnote

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
OF_DEMO = re.findall(r'^run ask "(.+)"$', (ROOT / ".ci" / "demo.sh").read_text(), flags=re.MULTILINE)
OF_README = re.findall(r'^    \$ footnote ask "(.+?)"(.*)$', README, flags=re.MULTILINE)


@pytest.mark.long
def test_the_first_questions_are_answered_as_the_readme_shows(tmp_path: Path) -> None:
    assert len(OF_DEMO) == len(OF_README) == 3
    with bare_settings(tmp_path, tmp_path / "data"):
        ingested = footnote("ingest", ROOT / "samples").stdout
        demo = {question: footnote("ask", question).stdout for question in OF_DEMO}
        shown = {text: footnote("ask", text, *options.split()).stdout for text, options in OF_README}
    for question, told in (demo | shown).items():
        assert ("[1]" in told) != ("bread" in question), told
    first, *_ = demo.values()
    assert first.startswith("LEGO-Net") and "Token Turing" not in first, "a passing word of another paper"
    for told in (ingested.splitlines()[-1], *(answer.splitlines()[0] for answer in shown.values())):
        assert f"    {told}\n" in README
