"""Gold questions and collections against a small library of our own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from retrieval.errors import GoldUnreadable
from retrieval.evaluate import Share, judge, read_collection, score_collection, table
from retrieval.gold import Evidence, Gold
from retrieval.library import Library
from retrieval.models import Filters
from tests.papers import RECORDS, HashingEmbedder, settings_for, write_records


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    folder = write_records(tmp_path / "papers" / "corpus.jsonl").parent
    with Library.open(
        settings_for(tmp_path / "data"), writable=True, create=True, embedder=HashingEmbedder()
    ) as library:
        library.ingest([folder])
        yield library


FLIGHT = Gold(
    id="1",
    kind="factual",
    question="On how many hours of flight was KiteNet trained?",
    gold_papers=("kites",),
    evidence=(Evidence("kites", "We train KiteNet on 412 hours of flight"),),
)


def test_a_right_answer_counts_everywhere(library: Library) -> None:
    row = table(judge(library, [FLIGHT]))[-1]
    assert (row.hit1, row.hit5, row.evidence) == (Share(1, 1), Share(1, 1), Share(1, 1))
    assert row.recall == Share(1, 1)


def test_evidence_that_stands_nowhere_counts_as_missed(library: Library) -> None:
    gold = replace(FLIGHT, evidence=(Evidence("kites", "a teapot of fine blue china"),))
    assert table(judge(library, [gold]))[-1].evidence == Share(0, 1)


def test_another_paper_counts_as_missed_and_one_that_is_right_too_as_found(library: Library) -> None:
    wrong = replace(FLIGHT, gold_papers=("nowhere",))
    too = replace(FLIGHT, gold_papers=("nowhere",), also_ok=("kites",))
    assert table(judge(library, [wrong]))[-1].hit5 == Share(0, 1)
    assert table(judge(library, [too]))[-1].hit1 == Share(1, 1)


def test_a_paper_that_must_not_come_breaks_the_filter(library: Library) -> None:
    broken = replace(FLIGHT, must_not=("kites",))
    kept = replace(FLIGHT, must_not=("bread",), filters=Filters(year_from=2023, year_to=2023))
    assert table(judge(library, [broken]))[-1].filtered == Share(0, 1)
    assert table(judge(library, [kept]))[-1].filtered == Share(1, 1)


def test_the_second_of_a_file_can_be_named_by_its_place(library: Library) -> None:
    gold = Gold(id="2", kind="find", question="sourdough cultures", gold_papers=("corpus#2",))
    assert judge(library, [gold])[0].rank is None  # the file's name does not start with "corpus_"


def test_a_collection_is_scored_by_its_judgements(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "collection"
    write_records(folder / "corpus.jsonl", RECORDS)
    queries = [{"_id": "q1", "text": "sourdough"}, {"_id": "q2", "text": "tide gauges"}]
    (folder / "queries.jsonl").write_text("\n".join(map(json.dumps, queries)), encoding="utf-8")
    (folder / "qrels.tsv").write_text(
        "query-id\tcorpus-id\tscore\nq1\tbread\t1\nq2\tkites\t1\n", encoding="utf-8"
    )
    scores = score_collection(library, read_collection(folder))
    assert set(scores) == {"nDCG@10", "R@10", "R@100", "MRR@10"}
    assert 0.5 <= scores["nDCG@10"] < 1.0  # the first is found, the second is judged to be another paper
    assert scores["R@100"] == 1.0


def test_a_folder_that_is_no_collection_says_so(tmp_path: Path) -> None:
    with pytest.raises(GoldUnreadable, match="BEIR"):
        read_collection(tmp_path)
