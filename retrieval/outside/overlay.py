"""What is known from outside, laid over the papers when they are read."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from retrieval.errors import RetrievalError
from retrieval.models import Paper
from retrieval.outside.facts import Facts, completed
from retrieval.outside.retractions import Retractions
from retrieval.outside.services import ORDER
from retrieval.outside.store import Store, key_of
from retrieval.settings import RetrievalSettings

_LOG = logging.getLogger(__name__)
_RANK = {service: rank for rank, service in enumerate(ORDER)}


class Overlay:
    """Papers as they are with what others say. A list that cannot be read is told once and left out."""

    def __init__(self, settings: RetrievalSettings) -> None:
        self._list = settings.retractions
        self._store = Store(settings.data) if settings.metadata_from_outside else None
        self._read_at: object = None
        self._retractions: Retractions | None = None
        self._facts: Mapping[str, list[Facts]] = {}

    def moved(self) -> bool:
        """Whether papers may look otherwise than when they were read."""
        return self._read_at != self._stamp()

    def completed(self, paper: Paper) -> Paper:
        """`paper` with what is known from outside; call `refresh` before the first."""
        found = sorted(self._facts.get(key_of(paper), ()), key=lambda one: _RANK.get(one.service, 99))
        told = completed(paper, found) if found else paper
        listed = self._retractions.of_paper(told) if self._retractions else None
        return replace(told, retracted=str(listed)) if listed else told

    def refresh(self) -> bool:
        """Read again what has changed. Whether there is anything to lay over papers."""
        if self.moved():
            self._read_at = self._stamp()
            self._retractions = self._loaded()
            self._facts = self._answered()
        return bool(self._facts or self._retractions)

    def _stamp(self) -> object:
        return tuple(map(_state, (self._list, self._store.path if self._store else None)))

    def _loaded(self) -> Retractions | None:
        try:
            return Retractions.load(self._list) if self._list else None
        except RetrievalError as error:
            _LOG.warning("Retracted papers are not marked: %s. Mend RETRACTIONS.", error)
            return None

    def _answered(self) -> Mapping[str, list[Facts]]:
        try:
            return self._store.facts() if self._store else {}
        except RetrievalError as error:
            _LOG.warning("%s", error)
            return {}


def _state(path: Path | None) -> object:
    try:
        seen = path.stat() if path else None
    except OSError:
        return None
    return seen and (seen.st_mtime_ns, seen.st_size, seen.st_ino)
