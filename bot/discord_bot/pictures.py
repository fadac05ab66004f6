"""Pictures as files that go with an answer. Drawing takes a tenth of a second: call it in a thread."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from bot.charts import Bars, bar_charts, described
from bot.discord_bot.surfaces import Enclosed

log = logging.getLogger(__name__)


def pictures(name: str, charts: Sequence[Bars]) -> tuple[Enclosed, ...]:
    """The charts as one picture; none where it cannot be drawn, which is logged: the text says the same."""
    return drawn(name, lambda: (bar_charts(charts), described(charts)))


def drawn(name: str, draw: Callable[[], tuple[bytes, str]]) -> tuple[Enclosed, ...]:
    """What `draw` gives, a picture and its words; none where it fails."""
    try:
        return (Enclosed(name, *draw()),)
    except Exception:  # whatever a drawing fails with, an answer without it is better than none
        log.warning("No picture could be drawn", exc_info=True)
        return ()
