"""The two derived indexes, each against the library that does the work."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.errors import IndexBroken
from retrieval.lexical_index import Entry, LexicalIndex
from retrieval.vector_index import BATCH, VectorIndex


@pytest.fixture(scope="module")
def words_index(tmp_path_factory: pytest.TempPathFactory) -> LexicalIndex:
    return LexicalIndex(tmp_path_factory.mktemp("words"))


def unit(*values: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    vector = np.asarray(values, np.float32)
    return np.asarray(vector / np.linalg.norm(vector), np.float32)


def test_the_nearest_vectors_come_with_their_cosine(tmp_path: Path) -> None:
    index = VectorIndex(tmp_path)
    index.put({"a.0": unit(1, 0, 0), "b.0": unit(1, 1, 0), "c.0": unit(-1, 0, 0)})
    found = index.nearest(unit(1, 0, 0), 2)
    assert list(found) == ["a.0", "b.0"]
    assert found["b.0"] == pytest.approx(2**-0.5, abs=1e-6)
    index.close()


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    index = VectorIndex(tmp_path)
    assert index.nearest(unit(1, 0), 5) == {}
    assert index.vectors(["a.0"])[0] == []
    index.close()


def test_put_replaces_and_drop_drops(tmp_path: Path) -> None:
    index = VectorIndex(tmp_path)
    index.put({"a.0": unit(1, 0), "b.0": unit(0, 1)})
    index.put({"a.0": unit(0, 1)})
    names, rows = index.vectors(["a.0", "nowhere.0"])
    assert names == ["a.0"]
    assert rows[0] == pytest.approx(unit(0, 1))
    index.drop(["a.0", "nowhere.0"])
    assert index.ids() == {"b.0"}
    index.close()


def test_more_than_one_batch_goes_in(tmp_path: Path) -> None:
    index = VectorIndex(tmp_path)
    rows = np.random.default_rng(7).normal(size=(BATCH + 500, 8)).astype(np.float32)
    index.put({f"{n}.0": row / np.linalg.norm(row) for n, row in enumerate(rows)})
    assert index.count() == BATCH + 500
    index.close()


def test_a_second_index_sees_what_was_written_after_it_reopens(tmp_path: Path) -> None:
    index = VectorIndex(tmp_path)
    index.put({"a.0": unit(1, 0)})
    index.reopen()
    assert list(index.nearest(unit(1, 0), 5)) == ["a.0"]
    index.close()


def test_an_index_can_be_reopened_while_others_search_it(tmp_path: Path) -> None:
    index = VectorIndex(tmp_path)
    index.put({f"{n}.0": unit(1, n + 1) for n in range(50)})

    def search(_: int) -> int:
        return len(index.nearest(unit(1, 0), 5))

    with ThreadPoolExecutor(4) as threads:
        found = threads.map(search, range(200))
        for _ in range(5):
            index.reopen()
        assert set(found) == {5}
    index.close()


def entry(name: str, body: str, title: str = "", authors: str = "") -> Entry:
    return Entry(name, f"paper-{name}", title, authors, f"{title}\n{body}")


def test_words_find_chunks_and_the_better_fit_comes_first(tmp_path: Path) -> None:
    index = LexicalIndex(tmp_path)
    index.change(
        add=[
            entry("a", "Rain on roofs and more rain."),
            entry("b", "Rain."),
            entry("c", "Snow in the valley."),
        ]
    )
    assert list(index.best(index.terms("rain on a roof"), 5)) == ["a", "b"]
    assert index.best([], 5) == {}


@pytest.mark.parametrize(
    "question", ["fig: 3", "[12]", "a^b", "-", "AND OR NOT", 'an odd "quote', "(x) +y ~z*", ""]
)
def test_no_question_is_taken_for_a_query_language(tmp_path: Path, question: str) -> None:
    index = LexicalIndex(tmp_path)
    index.change(add=[entry("a", "Rain.")])
    assert index.best(index.terms(question), 5) == {}


def test_authors_and_titles_are_found(tmp_path: Path) -> None:
    index = LexicalIndex(tmp_path)
    index.change(add=[entry("a", "It rained.", "MoCha-Stereo", "Émilie Durand"), entry("b", "It snowed.")])
    assert list(index.best(index.terms("emilie durand's"), 5)) == ["a"]
    assert list(index.best(index.terms("mochastereo"), 5)) == ["a"]


def test_scores_can_be_asked_for_certain_chunks_and_within_certain_papers(tmp_path: Path) -> None:
    index = LexicalIndex(tmp_path)
    index.change(add=[entry("a", "Rain."), entry("b", "Rain and snow."), entry("c", "Snow.")])
    terms = index.terms("rain")
    everything = index.best(terms, 5)
    assert index.scores(terms, ["b", "c"]) == {"b": pytest.approx(everything["b"])}
    assert set(index.best(terms, 5, ["paper-a"])) == {"a"}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("UnionFromer", {"a"}),
        ("vitamim", {"b"}),
        ("segmantation", {"a"}),
        ("wich papres abuot vitamim", {"b"}),
        ("xylophone", set()),
        ("v1tamin", set()),
    ],
)
def test_typing_errors_are_forgiven_where_a_word_stands_nowhere(
    tmp_path: Path, typed: str, found: set[str]
) -> None:
    index = LexicalIndex(tmp_path)
    index.change(add=[entry("a", "UnionFormer for segmentation."), entry("b", "ViTamin scales.")])
    assert set(index.best(index.terms(typed), 5)) == found


@given(
    st.text()
    | st.lists(
        st.sampled_from(
            ["the", "Models", "don't", "ΣΙΣΥΦΟΣ", "3×17³", "CAT-Seg", "ﬁne", "étude", "\xa0", "´a"]
        )
    ).map(" ".join)
)
def test_a_text_has_a_number_for_each_of_its_terms(words_index: LexicalIndex, text: str) -> None:
    assert words_index.numbers(text).tolist() == [hash(stem) for stem in words_index.stems(text)]


def test_a_word_that_is_known_is_never_taken_for_another(tmp_path: Path) -> None:
    index = LexicalIndex(tmp_path)
    index.change(add=[entry("a", "A plane."), entry("b", "A plant and a plant.")])
    assert set(index.best(index.terms("plane"), 5)) == {"a"}


def test_a_change_replaces_and_drops_and_outlives_the_process(tmp_path: Path) -> None:
    index = LexicalIndex(tmp_path)
    index.change(add=[entry("a", "Rain."), entry("b", "Rain.")])
    index.change(add=[entry("a", "Snow.")], drop=["b"])
    again = LexicalIndex(tmp_path)
    assert again.ids() == {"a"}
    assert list(again.best(again.terms("snow"), 5)) == ["a"]
    assert again.best(again.terms("rain"), 5) == {}


def test_a_damaged_index_says_what_to_do(tmp_path: Path) -> None:
    LexicalIndex(tmp_path).change(add=[entry("a", "Rain.")])
    (tmp_path / "meta.json").write_text("{", encoding="utf-8")
    with pytest.raises(IndexBroken, match="verify --mend"):
        LexicalIndex(tmp_path)


def test_what_a_killed_commit_left_does_not_stand_in_the_way_of_the_next(tmp_path: Path) -> None:
    index = LexicalIndex(tmp_path)
    index.change([Entry(str(n), "p", "A title", "", f"rain number {n}") for n in range(3)])
    before = (tmp_path / "meta.json").read_bytes()
    index.change(drop=["0"])
    (tmp_path / "meta.json").write_bytes(before)  # as if it had been killed just before it wrote this file
    again = LexicalIndex(tmp_path)
    assert again.ids() == {"0", "1", "2"}
    again.change(drop=["1"])
    assert again.ids() == {"0", "2"}
