"""What /trends shows: how many papers on a topic came when and where, in words and as a picture.

Synchronous: it runs in a thread.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.charts import Bars
from bot.counting import counted
from bot.discord_bot.listing import NOTHING, escaped, shorten
from bot.discord_bot.lookups import Found, fitting
from bot.discord_bot.pictures import pictures
from bot.models import Reply
from retrieval.models import NO_FILTERS, Paper

if TYPE_CHECKING:
    from retrieval.library import Library

PAPERS = 100  # the nearest that are counted
VENUES = 8  # those of most papers are shown
BAR = 20  # characters of the longest bar
YEARS = 40  # a year without papers is shown too, unless that makes more of them
LINES = 30  # years in words, so that a message holds them; those before are counted together
UNKNOWN, EARLIER = "unknown", "earlier"


def trend_found(library: Library, topic: str) -> Found:
    """How many of the papers nearest to a topic came when, and where."""
    papers = fitting(library.search(topic, NO_FILTERS, 8, PAPERS))
    if not papers:
        return Found((Reply(NOTHING),))
    years, venues = _by_year(papers), _by_venue(papers)
    chart = [*_bars(_latest([pair for pair in years if pair[1]])), "", *_bars(venues)]
    head = f"{counted(len(papers), 'paper')} near **{escaped(shorten(topic, 150))}**, by year and venue:"
    text = "\n".join([head, "```text", *chart, "```"])
    charts = [
        Bars("Papers by year", tuple((name, (number,)) for name, number in years)),
        Bars("Papers by venue", tuple((name, (number,)) for name, number in venues), flat=True),
    ]
    return Found((Reply(text),), files=pictures("trends.png", charts))


def _by_year(papers: Sequence[Paper]) -> list[tuple[str, int]]:
    """The years, oldest first, those between them without papers too; last, how many have none."""
    years = Counter(paper.year for paper in papers if paper.year)
    unknown = len(papers) - years.total()
    first, last = (min(years), max(years)) if years else (1, 0)
    shown = range(first, last + 1) if last - first < YEARS else sorted(years)
    return [(str(year), years[year]) for year in shown] + ([(UNKNOWN, unknown)] if unknown else [])


def _latest(years: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """As many as a message holds, the last ones; before them, how many are of earlier years."""
    early, late = years[:-LINES], years[-LINES:]
    return [*([(EARLIER, sum(number for _, number in early))] if early else []), *late]


def _by_venue(papers: Sequence[Paper]) -> list[tuple[str, int]]:
    """The venues of most papers."""
    return Counter(paper.venue or UNKNOWN for paper in papers).most_common(VENUES)


def _bars(counts: Sequence[tuple[str, int]]) -> list[str]:
    most = max(number for _, number in counts)
    width = min(16, max(len(name) for name, _ in counts))
    return [
        f"{name.replace('`', '')[:width]:<{width}} {'█' * max(1, round(BAR * number / most))} {number}"
        for name, number in counts
    ]
