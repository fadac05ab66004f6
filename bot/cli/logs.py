"""Where log lines go: to standard error, so that standard output holds nothing but results."""

from __future__ import annotations

import logging
import sys
from typing import TextIO

OURS = ("bot", "retrieval")
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
    """0: warnings of Footnote, errors of the libraries below it; 1: its progress too; 2: everything.

    A service (`footnote run`) says its progress without being asked.
    """
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if handler.name == _NAME]:
        root.removeHandler(handler)
    handler = _StandardError()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)-7s %(name)s: %(message)s"))
    root.addHandler(handler)
    level = verbose + service
    root.setLevel(
        logging.DEBUG if level >= 2 and verbose >= 2 else logging.WARNING if level else logging.ERROR
    )
    for name in OURS:
        logging.getLogger(name).setLevel(
            logging.DEBUG if verbose >= 2 else logging.INFO if level else logging.WARNING
        )
