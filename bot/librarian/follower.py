"""Hands what changed in watched folders to the library, and says what came of it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.counting import counted
from retrieval.errors import JobFailed, LibraryBusy, RetrievalError, WorkerLost
from retrieval.models import IngestReport

log = logging.getLogger(__name__)

Follow = Callable[[Sequence[Path]], IngestReport]
"""Reads a batch into the library. Raises RetrievalError."""


class Follower:
    """Takes batches from `retrieval.watching.watch`; `told` gets the report of each."""

    def __init__(self, follow: Follow, told: Callable[[IngestReport], None]) -> None:
        self._follow, self._told = follow, told
        self._said = ""  # the last complaint, which is not repeated

    def __call__(self, batch: Sequence[Path]) -> bool:
        """Whether the batch was read; False where it has to be tried again."""
        try:
            report = self._follow(batch)
        except (JobFailed, WorkerLost) as error:
            return self._one_by_one(batch, error)
        except LibraryBusy as error:
            self._complain(logging.INFO, f"Waiting with {len(batch)} changed files. {error}")
            return False
        except RetrievalError as error:
            self._complain(logging.WARNING, f"Changed files could not be read, and are tried again: {error}")
            return False
        self._said = ""
        self._told(report)
        return True

    def _one_by_one(self, batch: Sequence[Path], error: JobFailed | WorkerLost) -> bool:
        """Find the file that broke the reading off, and leave it out."""
        if len(batch) == 1:
            log.error("%s was left out until it changes: %s", batch[0].name, error)
            return True
        read = [self([path]) for path in batch]
        return all(read)

    def _complain(self, level: int, text: str) -> None:
        if text != self._said:
            log.log(level, "%s", text)
        self._said = text


def summary(report: IngestReport) -> str | None:
    """One line of what changed; None where nothing did."""
    counts = (
        *((name, getattr(report, name)) for name in ("added", "updated", "removed")),
        ("failed", len(report.failed)),
    )
    parts = [f"{number} {name}" for name, number in counts if number]
    lines = [*(f"{one.name}: {one.reason}" for one in report.failed), *report.notes]
    if not parts and not report.notes:
        return None
    head = f"{', '.join(parts) or 'nothing changed'}; {counted(report.papers, 'paper')} now"
    return "\n  ".join([head, *lines])
