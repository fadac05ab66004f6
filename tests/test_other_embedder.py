"""EMBEDDER was changed, or its endpoint is away: what there is goes on answering."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.librarian import open_librarian
from bot.models import Question
from bot.notes import WORDS_ONLY, notes
from bot.router import route
from bot.settings import BotSettings
from retrieval.embedding import Embedder
from retrieval.embedding.serving import Embedders
from retrieval.embedding.wary import REST, WaryEmbedder
from retrieval.embedding.weights import known_name
from retrieval.errors import ModelUnavailable
from retrieval.jobs import Jobs
from retrieval.library import Library
from retrieval.models import Filters
from retrieval.settings import RetrievalSettings
from tests.jobs_kit import InlineRunner
from tests.library_kit import opened
from tests.papers import KITES, HashingEmbedder, settings_for, write_records
from tests.test_librarian import until


class Gone(HashingEmbedder):
    """An embedder whose endpoint is away; counts how often it was asked."""

    asked = 0

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += 1
        raise ModelUnavailable("nobody there")


def another(_: RetrievalSettings) -> Embedder:
    """That of the settings, which did not make the indexes."""
    return HashingEmbedder("another-64")


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    with opened(tmp_path / "data") as library:
        library.ingest([write_records(tmp_path / "papers" / "list.jsonl").parent])
    yield tmp_path / "data"


def test_words_find_what_the_present_embedder_cannot_and_the_answer_says_so(data: Path) -> None:
    with Library.open(settings_for(data), embedder=HashingEmbedder("another-64")) as library:
        found = library.search(KITES)
        assert found.words_only and found.passages[0].paper.title.startswith("KiteNet")
        assert found.passages[0].score > 0
        assert notes(route(Question(KITES)), found) == (WORDS_ONLY,)
        status = library.status()
        assert (status.embedder, status.embedder_wanted) == ("hashing-64", "another-64")
        assert status.words_only and library.outdated()
        assert library.verify().problems == ()


def test_chosen_papers_are_found_by_words_of_other_papers(data: Path) -> None:
    with Library.open(settings_for(data), embedder=HashingEmbedder("another-64")) as library:
        found = library.search("sourdough", Filters(author="Lindqvist"))
        assert {one.paper.title for one in found.papers} == {
            "KiteNet: Learning to Fly Tethered Wings",
            "Predicting Tides with Graph Networks",
        }


def test_a_reader_goes_on_with_the_new_indexes_when_they_are_there(data: Path) -> None:
    with Library.open(settings_for(data), embedder=HashingEmbedder("another-64")) as reader:
        assert reader.search("moss").words_only
        with opened(data, HashingEmbedder("another-64"), rebuild=True) as owner:
            owner.ingest([])
        assert not reader.search("moss").words_only
        assert reader.status().embedder_wanted is None and not reader.outdated()


def test_an_endpoint_that_is_away_is_asked_once_a_minute(data: Path) -> None:
    gone = Gone()
    with Library.open(settings_for(data), embedder=gone) as library:
        for _ in range(3):
            assert library.search(KITES).words_only
    assert gone.asked == 1


def test_after_a_rest_the_embedder_is_tried_again() -> None:
    now, gone = [0.0], Gone()
    wary = WaryEmbedder(gone, clock=lambda: now[0])
    for now[0], asked in ((0.0, 1), (REST - 1, 1), (REST + 1, 2)):
        with pytest.raises(ModelUnavailable):
            wary.embed(["a"])
        assert gone.asked == asked


def test_the_error_of_an_embedder_that_rests_holds_on_to_nobody_who_met_it() -> None:
    wary, lengths = WaryEmbedder(Gone()), []
    for _ in range(9):
        with pytest.raises(ModelUnavailable) as met:
            wary.embed(["a"])
        lengths.append(len(list(traceback.walk_tb(met.value.__traceback__))))
    assert max(lengths[1:]) == lengths[1], "it grew with each question"


def test_the_embedder_of_the_index_is_used_where_these_settings_open_it(tmp_path: Path) -> None:
    local = settings_for(tmp_path)
    minilm = known_name(local)
    assert minilm
    away = local.model_copy(update={"embedder": "openai:new", "embedding_base_url": "http://127.0.0.1:9/v1"})
    embedders = Embedders(away, HashingEmbedder("openai/new"))
    for name in ("openai/new", "openai/old", minilm):
        found = embedders.of(name)
        assert found is not None and found.name == name
    assert embedders.of("minilm-l6-v2/000000000000") is None
    # Who went back to this machine does not find his questions at an endpoint.
    kept = local.model_copy(update={"embedding_base_url": "http://127.0.0.1:9/v1"})
    assert Embedders(kept, HashingEmbedder(minilm)).of("openai/old") is None


def test_who_lacks_the_endpoint_s_key_still_asks_and_cannot_change_anything(data: Path) -> None:
    keyless = settings_for(data).model_copy(update={"embedder": "openai:new"})
    with Library.open(keyless) as library:
        assert library.search(KITES).words_only
        assert library.status().embedder_wanted == "openai/new"
    with pytest.raises(ModelUnavailable, match="needs EMBEDDING_API_KEY"):
        Library.open(keyless, writable=True, rebuild=True)


async def test_a_bot_makes_the_indexes_anew_beside_its_work(data: Path) -> None:
    runner = InlineRunner(Jobs(settings_for(data), purpose="a test", embedder=another))
    with Library.open(settings_for(data), embedder=HashingEmbedder("another-64")) as reader:
        assert reader.search("moss").words_only
        async with open_librarian(BotSettings.model_construct(data=data), runner=runner, quiet=0.3) as one:
            await until(lambda: not reader.search("moss").words_only)
            await until(lambda: not one.renewing.is_set())
            assert reader.search("moss").papers[0].paper.title == "Moss on Roofs"
        await asyncio.to_thread(runner.jobs.rest)
        assert reader.verify().problems == ()
