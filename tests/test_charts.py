"""Pictures of counts and tables, looked at pixel by pixel."""

from __future__ import annotations

import io
import logging
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image, ImageColor

from bot.charts import BACK, COLOURS, DOTS, WIDTH, Bars, bar_charts, described, table_picture


def pixels(png: bytes, colour: str) -> list[tuple[int, int]]:
    """Where the picture has exactly this colour."""
    image = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))
    rows, columns = np.nonzero((image == ImageColor.getrgb(colour)).all(axis=2))
    return list(zip(columns.tolist(), rows.tolist(), strict=True))


def lying(*counts: int) -> Bars:
    return Bars("Papers", tuple((f"venue {n}", (count,)) for n, count in enumerate(counts)), flat=True)


def test_a_bar_is_as_long_as_its_count() -> None:
    rows: dict[int, int] = {}
    for _, y in pixels(bar_charts([lying(10, 5, 1)]), COLOURS[0]):
        rows[y] = rows.get(y, 0) + 1
    lengths = sorted(set(rows.values()))
    assert len(lengths) == 3
    assert lengths[2] / lengths[0] == pytest.approx(10, rel=0.05)
    assert lengths[1] / lengths[0] == pytest.approx(5, rel=0.05)


def test_parts_of_a_standing_bar_are_stacked() -> None:
    chart = Bars("Questions", (("Mon", (6, 2)), ("Tue", (0, 0))), ("answered", "without an answer"))
    png = bar_charts([chart])
    rows = [{y for _, y in pixels(png, colour)} for colour in COLOURS]
    legend = 40  # pixels at the top, where the colours are explained
    good, bad = ({y for y in found if y > min(found) + legend} for found in rows)
    assert max(bad) < min(good), "the second part stands on the first"


def test_the_picture_is_made_for_a_phone() -> None:
    image = Image.open(io.BytesIO(bar_charts([lying(1), lying(2, 3)])))
    assert image.width == WIDTH * DOTS
    assert image.getpixel((0, 0))[:3] == ImageColor.getrgb(BACK)  # type: ignore[index]


@pytest.mark.parametrize("name", ["$x^{$", "会议", "a" * 400, "$$ \\frac{", "", "💥"])
def test_any_name_can_be_drawn(name: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert bar_charts([Bars(name, ((name, (1,)),)), Bars(name, ((name, (1,)),), flat=True)])
        assert table_picture([[name, "b"], ["c", name]])
    assert caplog.text == ""


def test_a_table_shows_every_column_and_long_cells_in_lines() -> None:
    short = Image.open(io.BytesIO(table_picture([["a", "b"], ["c", "d"]])))
    long = Image.open(io.BytesIO(table_picture([["a", "b"], ["c", "many words " * 12]])))
    assert long.width > short.width and long.height > short.height


def test_nothing_to_draw_is_said() -> None:
    with pytest.raises(ValueError, match="no bars"):
        bar_charts([Bars("empty", ())])
    with pytest.raises(ValueError, match="no table"):
        table_picture([])


def test_several_threads_draw_at_once() -> None:
    with ThreadPoolExecutor(4) as threads:
        drawn = list(threads.map(lambda _: bar_charts([lying(3, 2, 1)]), range(8)))
    assert len(set(drawn)) == 1


def test_the_words_say_what_the_picture_shows() -> None:
    text = described([lying(3, 0, 2), Bars("Questions", (("Mon", (6, 2)),), ("answered", "not"))])
    assert text == "Bar charts. Papers: venue 0: 3, venue 2: 2. Questions (answered + not): Mon: 6 + 2."
    assert len(described([lying(*range(900))])) <= 1_000
