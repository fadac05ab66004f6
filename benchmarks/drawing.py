"""The table as a picture: a bar for each ratio of ours to the peer's, and a mark where it should be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from benchmarks.tables import Row

_REACH = re.compile(r"(<=|>=) (1/)?(\d+(?:\.\d+)?)(?=$| at )")  # a ratio; "<= 2 s" or "<= 6 kB" is none
REACHED, MISSED, OPEN = "#2a7f62", "#c0562f", "#8a8f98"
WIDTH, ROW, MARGIN = 11.0, 0.3, 1.4  # inches: of the picture, of a bar, of all that is not bars


def draw(sections: Sequence[tuple[str, Sequence[Row]]], file: Path) -> bool:
    """Write an SVG file of all rows that have a ratio. False, and no file, where there is none."""
    bars = [bar for _, rows in sections for bar in _bars(rows)]
    if not bars:
        return False
    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    with matplotlib.rc_context({"svg.hashsalt": "footnote", "svg.fonttype": "none"}):
        figure = Figure(figsize=(WIDTH, MARGIN + ROW * len(bars)), layout="constrained")
        FigureCanvasSVG(figure)
        axes = figure.add_subplot()
        axes.set_xscale("log")
        places = range(len(bars))
        ratios = [ratio for _, ratio, _ in bars]
        axes.barh(
            places,
            [ratio - 1 for ratio in ratios],
            left=1,
            color=[colour(*bar[1:]) for bar in bars],
            height=0.7,
        )
        for place, (_, ratio, reach) in zip(places, bars, strict=True):
            if (wanted := reach_of(reach)) is not None:
                axes.plot([wanted[1]] * 2, [place - 0.45, place + 0.45], color="black", linewidth=2)
            axes.annotate(
                f"{ratio:.2f}" if ratio >= 0.2 else f"1/{1 / ratio:.0f}",
                (ratio, place),
                textcoords="offset points",
                xytext=(-4 if ratio < 1 else 4, 0),
                ha="right" if ratio < 1 else "left",
                va="center",
                fontsize=8,
            )
        axes.axvline(1, color="black", linewidth=0.8)
        axes.set_yticks(places, [name for name, _, _ in bars], fontsize=8)
        axes.invert_yaxis()
        axes.margins(x=0.12, y=0.01)
        axes.set_xlabel("Footnote / peer (log scale); the black mark: what it should reach")
        figure.savefig(file, metadata={"Date": None})
    return True


def reach_of(text: str) -> tuple[str, float] | None:
    """`<=` or `>=` and the ratio that a row should reach; None where it says none, or seconds or bytes."""
    found = _REACH.match(text)
    if not found:
        return None
    number = float(found[3])
    return found[1], 1 / number if found[2] else number


def colour(ratio: float, reach: str) -> str:
    """Of a bar: whether the ratio reaches what it should."""
    wanted = reach_of(reach)
    if wanted is None:
        return OPEN
    return REACHED if (ratio <= wanted[1] if wanted[0] == "<=" else ratio >= wanted[1]) else MISSED


def _bars(rows: Sequence[Row]) -> list[tuple[str, float, str]]:
    """Name, ratio and reach of each; a row without a name of its own belongs to the one above."""
    bars: list[tuple[str, float, str]] = []
    figure = peer = ""
    for row in rows:
        figure, peer = row.figure or figure, row.peer or peer
        if row.ratio is not None and row.ratio > 0:
            remark = f" ({row.remarks})" if not row.peer and row.remarks else ""
            bars.append((f"{figure}{remark} : {peer}", row.ratio, row.reach))
    return bars
