"""Where log lines go: to standard error, so that standard output holds nothing but results."""

from __future__ import annotations

import logging
import sys
from typing import TextIO

OURS = ("bot", "retrieval")
LEVELS = (
    (logging.ERROR, logging.WARNING),
    (logging.WARNING, logging.INFO),
    (logging.DEBUG, logging.DEBUG),
)
"""For no, one and two `-v`: what is logged of the libraries below Footnote, and of Footnote."""
_NAME = "footnote"


class _StandardError(logging.StreamHandler[TextIO]):
    """Writes to whatever `sys.stderr` is at the time of the line."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)
        self.name = _NAME

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        return sys.stderr


def set_up_logging(verbose: int, *, service: bool = False) -> None:
    """Log as much as `-v`, given `verbose` times, asks for; see LEVELS.

    A service (`footnote run`) says its progress without being asked.
    """
    root = logging.getLogger()
    for old in [handler for handler in root.handlers if handler.name == _NAME]:
        root.removeHandler(old)
    handler = _StandardError()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s"))
    root.addHandler(handler)
    below, ours = LEVELS[min(max(verbose, int(service)), len(LEVELS) - 1)]
    root.setLevel(below)
    for name in OURS:
        logging.getLogger(name).setLevel(ours)
