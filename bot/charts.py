"""Counts and tables as PNG pictures, drawn to be read on a phone. matplotlib is imported when one is drawn.

Drawing takes a tenth of a second, the first time a second: call these in a thread. They use no pyplot, whose
figures are global; matplotlib's fonts are not made for threads either, so one picture is drawn at a time.
"""

from __future__ import annotations

import io
import textwrap
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH = 5.0  # inches: 1,000 pixels, of which a phone shows a third
DOTS = 200  # a inch
BACK, INK, FAINT = "#2b2d31", "#f2f3f5", "#4e5058"
COLOURS = ("#7984f5", "#f0b232")
NAME = 50  # characters of a bar's name
TICKS, TICK = 9, 8  # names along the bottom, and characters of each
LABELLED = 15  # so many standing bars have room for their counts; of more, the highest is labelled
COLUMN = 30  # characters of a table's column; longer cells take several lines
WIDEST = 110  # characters of a table
CELLS = 240  # characters of a cell
MOST_ROWS = 30
MONO = "DejaVu Sans Mono"  # it comes with matplotlib
POINTS = 9.0
ADVANCE = 0.602 * POINTS / 72  # inches that a character of it takes
LINE = 1.35 * POINTS / 72

_drawing = threading.Lock()


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart of bars: what it shows, and each bar's name with its counts, one for each of `series`."""

    title: str
    rows: tuple[tuple[str, tuple[int, ...]], ...]
    series: tuple[str, ...] = ("papers",)
    flat: bool = False  # bars lie, with their names in full; else they stand, in an order such as time


def bar_charts(charts: Sequence[Bars]) -> bytes:
    """The charts below each other, as PNG. Raises ValueError where there is nothing to draw."""
    charts = [chart for chart in charts if chart.rows]
    if not charts:
        raise ValueError("there are no bars to draw")
    heights = [0.5 + 0.42 * len(chart.rows) if chart.flat else 2.4 for chart in charts]
    with _canvas(sum(heights)) as (figure, drawn):
        figure.set_layout_engine("constrained", h_pad=0.1, w_pad=0.12)
        places = figure.subplots(len(charts), 1, squeeze=False, height_ratios=heights)[:, 0]
        for axes, chart in zip(places, charts, strict=True):
            (_lying if chart.flat else _standing)(axes, chart)
            _plain(axes, chart)
    return drawn.getvalue()


def described(charts: Sequence[Bars], limit: int = 1_000) -> str:
    """The same figures in words, for who does not see the picture; at most `limit` characters."""
    parts = []
    for chart in charts:
        rows = [row for row in chart.rows if any(row[1])] or chart.rows  # nothing is said of empty ones
        counts = ", ".join(f"{name}: {' + '.join(map(str, numbers))}" for name, numbers in rows)
        kinds = f" ({' + '.join(chart.series)})" if len(chart.series) > 1 else ""
        parts.append(f"{chart.title}{kinds}: {counts}.")
    text = "Bar charts. " + " ".join(parts)
    return text if len(text) <= limit else text[: limit - 2].rsplit(",", 1)[0] + " …"


def table_picture(rows: Sequence[Sequence[str]]) -> bytes:
    """A table, its first row the head, as PNG; long cells take several lines. All rows hold as many cells.

    Raises ValueError where there is nothing to draw.
    """
    if not rows or not rows[0]:
        raise ValueError("there is no table to draw")
    widest = max(4, min(COLUMN, WIDEST // len(rows[0]) - 2))
    wrapped = [[_lines(cell, widest) for cell in row] for row in rows[: MOST_ROWS + 1]]
    widths = [max(len(line) for row in wrapped for line in row[n]) + 2 for n in range(len(rows[0]))]
    heights = [max(map(len, row)) for row in wrapped]
    wide, high = (sum(widths) + 1) * ADVANCE, (sum(heights) + 0.7 * len(heights) + 0.5) * LINE
    with _canvas(high, wide) as (figure, drawn):
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, wide), ylim=(high, 0))
        axes.axis("off")
        _cells(axes, wrapped, widths, heights)
    return drawn.getvalue()


def _cells(
    axes: Any, wrapped: Sequence[Sequence[Sequence[str]]], widths: Sequence[int], heights: Sequence[int]
) -> None:
    top = 0.5 * LINE
    for number, (row, height) in enumerate(zip(wrapped, heights, strict=True)):
        style = {"fontweight": "bold" if number == 0 else "normal", "color": INK, "va": "top"}
        for column, cell in enumerate(row):
            left = (sum(widths[:column]) + 1) * ADVANCE
            words = {"family": MONO, "fontsize": POINTS, "linespacing": 1.2, "parse_math": False}
            axes.text(left, top, "\n".join(cell), **words, **style)
        top += (height + 0.7) * LINE
        axes.axhline(top - 0.4 * LINE, color=FAINT, linewidth=1.2 if number == 0 else 0.4)


def _lines(cell: str, width: int) -> list[str]:
    text = _drawable(cell[:CELLS], MONO) if cell.strip() else ""
    return textwrap.wrap(text, width) or [""]


@contextmanager
def _canvas(height: float, width: float = WIDTH) -> Iterator[tuple[Figure, io.BytesIO]]:
    """An empty figure, and where it is when the block ends well."""
    with _drawing:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        figure = Figure(figsize=(width, height), dpi=DOTS, facecolor=BACK)
        FigureCanvasAgg(figure)
        drawn = io.BytesIO()
        yield figure, drawn
        figure.savefig(drawn, format="png", facecolor=BACK)


def _standing(axes: Any, chart: Bars) -> None:
    below = [0] * len(chart.rows)
    for number, colour in enumerate(COLOURS[: len(chart.series)]):
        counts = [values[number] for _, values in chart.rows]
        axes.bar(range(len(counts)), counts, bottom=below, color=colour, label=chart.series[number])
        below = [low + count for low, count in zip(below, counts, strict=True)]
    for place, total in enumerate(below):
        if total and (len(below) <= LABELLED or total == max(below)):
            axes.text(place, total, str(total), ha="center", va="bottom", color=INK)
    step = -(-len(chart.rows) // TICKS)
    names = [_name(name, TICK) for name, _ in chart.rows[::step]]
    axes.set_xticks(range(0, len(chart.rows), step), names, parse_math=False)
    axes.set_yticks([])
    if len(chart.series) > 1:
        axes.legend(frameon=False, labelcolor=INK, fontsize=9, ncols=2, loc="upper left")
    axes.margins(y=0.3 if len(chart.series) > 1 else 0.15)  # room for the counts, and for the legend


def _lying(axes: Any, chart: Bars) -> None:
    """Each bar under its name, so that long names take no room from the bars."""
    counts = [sum(values) for _, values in chart.rows]
    axes.barh(range(len(counts)), counts, height=0.36, color=COLOURS[0])
    for place, (name, _) in enumerate(chart.rows):
        axes.text(counts[place], place, f" {counts[place]}", va="center", color=INK)
        axes.text(0, place - 0.24, _name(name), va="bottom", color=INK, fontsize=10, parse_math=False)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_ylim(len(counts) - 0.7, -0.9)
    axes.margins(x=0.12)


def _plain(axes: Any, chart: Bars) -> None:
    """No frame, light ink, and no text read as a formula: a `$` in a name is a `$`."""
    axes.set_facecolor(BACK)
    axes.set_title(
        _name(chart.title), color=INK, fontsize=12, loc="left", fontweight="bold", parse_math=False
    )
    axes.tick_params(colors=INK, length=0, labelsize=10)
    for side in axes.spines.values():
        side.set_visible(False)
    axes.spines["bottom"].set_visible(not chart.flat)
    axes.spines["bottom"].set_color(FAINT)


def _name(text: str, limit: int = NAME) -> str:
    shown = _drawable(text)
    return shown if len(shown) <= limit else shown[: limit - 1].rstrip() + "…"


def _drawable(text: str, family: str = "DejaVu Sans") -> str:
    """Without what this font, which comes with matplotlib, has no shape for: it would draw empty boxes."""
    from matplotlib.font_manager import findfont, get_font

    font = get_font(findfont(family))
    shown = "".join(c for c in " ".join(text.split()) if font.get_char_index(ord(c)))
    return shown.strip() or "(name in another script)"
