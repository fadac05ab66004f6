"""Libraries of a few small papers, opened as tests need them."""

from __future__ import annotations

from pathlib import Path

from retrieval.library import Library
from tests.papers import HashingEmbedder, settings_for


def opened(data: Path, embedder: HashingEmbedder | None = None, rebuild: bool = False) -> Library:
    return Library.open(
        settings_for(data),
        writable=True,
        create=True,
        embedder=embedder or HashingEmbedder(),
        rebuild=rebuild,
    )


def reader(data: Path) -> Library:
    return Library.open(settings_for(data), embedder=HashingEmbedder())


def titles(library: Library) -> list[str]:
    return [entry.paper.title for entry in library.papers()]
