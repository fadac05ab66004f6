"""An embedder that is opened when it is needed, once, and remembers questions."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from retrieval.embedding import Embedder, deferred, embedder_when_needed, open_embedder
from retrieval.embedding.deferred import DeferredEmbedder
from retrieval.embedding.weights import package_folder
from retrieval.errors import ModelUnavailable, UnknownEmbedder
from tests.papers import HashingEmbedder, settings_for


@dataclass(slots=True)
class Opening:
    """Opens an embedder, and records each opening and each text that is embedded."""

    opened: int = 0
    embedded: list[str] = field(default_factory=list)
    inner: HashingEmbedder = field(default_factory=HashingEmbedder)

    def __call__(self) -> Embedder:
        self.opened += 1
        return self

    @property
    def name(self) -> str:
        return self.inner.name

    @property
    def dimensions(self) -> int:
        return self.inner.dimensions

    @property
    def max_tokens(self) -> int:
        return self.inner.max_tokens

    def count_tokens(self, text: str) -> int:
        return self.inner.count_tokens(text)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded += texts
        return self.inner.embed(texts)


def test_nothing_is_opened_for_the_name_and_once_for_all_else() -> None:
    opening = Opening()
    embedder = DeferredEmbedder("known", 256, opening)
    assert (embedder.name, embedder.max_tokens, opening.opened) == ("known", 256, 0)
    with ThreadPoolExecutor(4) as pool:
        sizes = set(pool.map(lambda n: embedder.embed([f"rain {n}", "snow"]).shape, range(8)))
    assert sizes == {(2, embedder.dimensions)}
    assert embedder.count_tokens("rain") == opening.count_tokens("rain")
    assert opening.opened == 1


def test_a_question_is_embedded_once_and_passages_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    opening = Opening()
    embedder = DeferredEmbedder("known", 256, opening)
    first = embedder.embed(["rain"])
    first[:] = 0  # what a caller does with a vector changes nothing that is remembered
    np.testing.assert_array_equal(embedder.embed(["rain"]), opening.inner.embed(["rain"]))
    assert opening.embedded == ["rain"]
    embedder.embed(["snow", "ice"])
    embedder.embed(["snow"])
    assert opening.embedded == ["rain", "snow", "ice", "snow"]


def test_the_questions_asked_longest_ago_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deferred, "QUESTIONS", 2)
    opening = Opening()
    embedder = DeferredEmbedder("known", 256, opening)
    for question in ("rain", "snow", "rain", "ice", "rain", "snow"):
        embedder.embed([question])
    assert opening.embedded == ["rain", "snow", "ice", "snow"]


def test_what_fails_at_the_first_use_is_said_then() -> None:
    def broken() -> Embedder:
        raise ModelUnavailable("no weights")

    embedder = DeferredEmbedder("known", 256, broken)
    with pytest.raises(ModelUnavailable, match="no weights"):
        embedder.embed(["rain"])


def test_the_name_known_beforehand_is_the_embedders_own(tmp_path: Path) -> None:
    if package_folder() is None:
        pytest.skip("the weights package is not installed (make install)")
    settings = settings_for(tmp_path)
    early, opened = embedder_when_needed(settings), open_embedder(settings)
    assert (early.name, early.max_tokens) == (opened.name, opened.max_tokens)


def test_settings_that_name_no_embedder_are_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(UnknownEmbedder):
        embedder_when_needed(settings_for(tmp_path).model_copy(update={"embedder": "nothing"}))
