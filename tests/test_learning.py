"""Weights are learned from figures alone, and each collection is judged by what was learned without it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.learning import (
    PARTS,
    Asked,
    Collection,
    beir_collection,
    best,
    gold_collection,
    ndcg,
    passages_table,
    spread,
    told,
)
from retrieval.library import Library
from retrieval.search import WEIGHTS
from tests.papers import HashingEmbedder, settings_for, write_records

MORE = replace(WEIGHTS, face=0.9)
TABLE = {
    WEIGHTS: {"rain": 0.5, "snow": 0.5, "hail": 0.5},
    MORE: {"rain": 0.9, "snow": 0.4, "hail": 0.4},
}


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    folder = write_records(tmp_path / "papers" / "corpus.jsonl").parent
    with Library.open(
        settings_for(tmp_path / "data"), writable=True, create=True, embedder=HashingEmbedder()
    ) as library:
        library.ingest([folder])
        yield library


@pytest.fixture
def asked(library: Library, tmp_path: Path) -> Collection:
    row = {
        "id": "1",
        "question": "On how many hours of flight was KiteNet trained?",
        "gold_papers": ["kites"],
        "evidence": [{"paper": "kites", "quote": "We train KiteNet on 412 hours of flight"}],
    }
    nobody = {"id": "2", "question": "Who bakes?", "gold_papers": []}
    path = tmp_path / "flights.jsonl"
    path.write_text(f"{json.dumps(row)}\n{json.dumps(nobody)}\n", encoding="utf-8")
    return gold_collection(path, library, 10)


def test_a_collection_has_no_say_in_what_is_learned_without_it() -> None:
    assert best(TABLE) == MORE
    assert best(TABLE, without="rain") == WEIGHTS
    assert best(TABLE, without="snow") == MORE


def test_of_equal_settings_the_present_one_stays() -> None:
    assert best({MORE: {"rain": 0.5}, WEIGHTS: {"rain": 0.5}}) == WEIGHTS


def test_the_table_tells_each_collection_by_each_setting() -> None:
    lines = list(told(TABLE, ("face",)))
    assert lines[0] == "Learned on all: face 0.9; as the library searches: face 0.3."
    assert "| rain | 0.5000 | 0.9000 | 0.5000 | face 0.3 | 0.9000 |" in lines
    assert lines[-1] == "| mean | 0.5000 | 0.5667 | 0.4333 | | 0.6333 |"


def test_questions_are_taken_evenly() -> None:
    questions = [Asked(str(n), "rain", {}) for n in range(10)]
    assert [one.id for one in spread(questions, 4)] == ["0", "3", "6", "9"]
    assert spread(questions, 10) == questions


def test_a_gold_file_is_a_collection_without_what_cannot_be_answered(asked: Collection) -> None:
    assert [one.id for one in asked.asked] == ["1"]
    assert ndcg(asked, WEIGHTS) == 1.0
    wrong = replace(asked, asked=[replace(asked.asked[0], right={"nowhere": 1})])
    assert ndcg(wrong, WEIGHTS) == 0.0


def test_quotes_are_looked_for_in_the_passages(asked: Collection) -> None:
    lost = replace(asked.asked[0], quotes=("a teapot of fine blue china",))
    table = passages_table([replace(asked, asked=[asked.asked[0], lost])])
    assert list(table[WEIGHTS].values()) == [1.0, *[0.0] * (PARTS - 1)]


def test_a_public_collection_is_asked_its_own_queries(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "collection"
    write_records(folder / "corpus.jsonl")
    (folder / "queries.jsonl").write_text(json.dumps({"_id": "q", "text": "sourdough"}), encoding="utf-8")
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq\tbread\t1\n", encoding="utf-8")
    assert ndcg(beir_collection(folder, library, 10), WEIGHTS) == 1.0
