"""What was asked in a server and how it went, without names. The report is pure."""

from __future__ import annotations

import csv
import io
import re
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bot.charts import Bars
from bot.discord_bot.kept import DOWN, UP
from bot.discord_bot.listing import escaped, shorten, shorten_lines
from bot.discord_bot.store import DAY, Store
from bot.rendering import LIMIT
from bot.words import content_words

TOPICS, SHOWN = 10, 8  # words, and questions of each kind
DRAWN = 5  # words in the picture, which is small where it is high
BINS = 30  # bars of the questions over time, at most
_WORD = re.compile(r"\w[\w-]*")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Insight:
    """One question of a server, and what people thought of its answer."""

    at: float
    question: str
    refused: bool
    good: int
    bad: int
    reasons: str


async def insights_of(store: Store, guild: int, days: int) -> list[Insight]:
    """The questions of the last days, oldest first."""
    rows = await store.rows(
        "SELECT a.at, a.question, a.refused, COALESCE(SUM(v.good), 0), COALESCE(SUM(1 - v.good), 0), "
        "COALESCE(GROUP_CONCAT(NULLIF(v.reason, ''), ' | '), '') FROM answers a "
        "LEFT JOIN votes v ON v.key = a.key WHERE a.guild = ? AND a.at >= ? GROUP BY a.key ORDER BY a.at",
        guild,
        store.clock() - days * DAY,
    )
    return [Insight(at, asked, bool(refused), good, bad, why) for at, asked, refused, good, bad, why in rows]


def report_of(rows: Sequence[Insight], days: int) -> tuple[str, bytes]:
    """A message, and all questions as CSV in UTF-8."""
    unanswered = [row for row in rows if row.refused]
    disliked = [row for row in rows if row.bad]
    good, bad = sum(row.good for row in rows), sum(row.bad for row in rows)
    lines = [
        f"**{len(rows)} questions** in {days} days, {len(unanswered)} without an answer; "
        f"{good} {UP}, {bad} {DOWN}.",
        "Most asked: " + ", ".join(f"{escaped(word)} ({n})" for word, n in _topics(rows)),
    ]
    if unanswered:
        lines += ["**Without an answer**, newest first:", *map(_line, unanswered[: -SHOWN - 1 : -1])]
    if disliked:
        lines += ["**Disliked**, newest first:", *map(_line, disliked[: -SHOWN - 1 : -1])]
    return shorten_lines(lines, LIMIT), _csv(rows)


def charts_of(rows: Sequence[Insight], days: int, now: float) -> list[Bars]:
    """The questions over time, and what most of them were about."""
    size = -(-days // BINS)  # days that one bar stands for
    first = now - size * -(-days // size) * DAY
    counts: dict[int, list[int]] = {number: [0, 0] for number in range(-(-days // size))}
    for row in rows:
        counts[min(max(int((row.at - first) // (size * DAY)), 0), len(counts) - 1)][row.refused] += 1
    each = "day" if size == 1 else f"{size} days"
    dates = [time.strftime("%m-%d", time.gmtime(first + (n * size + 1) * DAY)) for n in counts]
    over_time = tuple((date, (good, bad)) for date, (good, bad) in zip(dates, counts.values(), strict=True))
    return [
        Bars(f"Questions by {each}", over_time, ("answered", "without an answer")),
        Bars("Most asked", tuple((word, (number,)) for word, number in _topics(rows)[:DRAWN]), flat=True),
    ]


def _topics(rows: Sequence[Insight]) -> list[tuple[str, int]]:
    """The words in most questions, as they are mostly written, each with the number of questions."""
    asked: Counter[str] = Counter()
    forms: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        for word in set(_WORD.findall(row.question)):
            if stems := content_words(word):
                stem = max(stems, key=len)  # of a compound, the whole
                asked[stem] += 1
                forms[stem][_plain(word)] += 1
    return [(forms[stem].most_common(1)[0][0], number) for stem, number in asked.most_common(TOPICS)]


def _plain(word: str) -> str:
    """A word without the capital of a sentence's beginning; names such as GardenSet keep theirs."""
    return word.lower() if word[1:].islower() else word


def _line(row: Insight) -> str:
    why = f" ({escaped(shorten(row.reasons, 80))})" if row.reasons else ""
    return f"- {escaped(shorten(row.question, 120))}{why}"


def _csv(rows: Sequence[Insight]) -> bytes:
    """No cell begins as a formula: a spreadsheet would run what a stranger typed."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["time", "question", "answered", "good", "bad", "reasons"])
    for row in rows:
        moment = time.strftime("%Y-%m-%d %H:%M", time.gmtime(row.at))
        texts = [f"'{text}" if text.startswith(_FORMULA) else text for text in (row.question, row.reasons)]
        writer.writerow([moment, texts[0], int(not row.refused), row.good, row.bad, texts[1]])
    return out.getvalue().encode()
