"""The page that shows messages as Discord draws them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PIL import Image

from benchmarks.looks import CHROMIUM, drawn, page, photograph


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("**bold** and *slanted*", "<b>bold</b> and <i>slanted</i>"),
        ("[**Tides**](<https://a.example>)", "<a><b>Tides</b></a>"),
        ("see <https://a.example/x_y_z>", "see <a>https://a.example/x_y_z</a>"),
        ("\\*no star\\*", "*no star*"),
        ("`a*b*c`", "<code>a*b*c</code>"),
        ("-# small", "<small>small</small>"),
        ("- point", '<div class="points">• point</div>'),
        ("```text\n<b>\n```", "<pre>&lt;b&gt;</pre>"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
    ],
)
def test_markdown_is_drawn_as_discord_does(said: str, shown: str) -> None:
    assert drawn(said) == shown


def test_a_browser_takes_its_picture(tmp_path: Path) -> None:
    browser = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if browser is None:
        pytest.skip(f"none of {', '.join(CHROMIUM)} is installed")
    message = {"author": {"global_name": "Footnote"}, "content": "x", "attachments": [], "components": []}
    source, target = tmp_path / "page.html", tmp_path / "page.png"
    source.write_text(page([message], {}, "phone"), encoding="utf-8")
    photograph(browser, source, target, 390, 200)
    assert Image.open(target).size == (780, 400)
