"""`footnote evaluate`, over questions whose answers are known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import footnote, json_lines
from tests.papers import KITES, write_records

pytestmark = pytest.mark.usefixtures("environment")


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    """Three gold questions over the small library."""
    rows: list[dict[str, Any]] = [
        {
            "id": "1",
            "kind": "factual",
            "question": KITES,
            "gold_papers": ["kites"],
            "evidence": [{"paper": "kites", "quote": "for 97.5 per-\ncent of the time"}],
            "must_include": [["97.5", "ninety-seven"], "a word that nobody says"],
        },
        {"id": "2", "kind": "filter", "question": "what was measured?", "gold_papers": ["bread"],
         "evidence": [], "must_include": [], "filters": {"year": 2024}, "must_not": ["tides"]},
        {"id": "3", "kind": "unanswerable", "question": "Who won the chess olympiad in Budapest?",
         "gold_papers": [], "evidence": [], "must_include": []},
    ]  # fmt: skip
    path = tmp_path / "gold.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


def test_gold_papers_that_the_library_lacks_are_told_in_one_line(tmp_path: Path) -> None:
    def told(*names: str) -> str:
        row = {"id": "1", "question": KITES, "gold_papers": ["kites", *names]}
        (tmp_path / "gold.jsonl").write_text(json.dumps(row), encoding="utf-8")
        return footnote("evaluate", "search", tmp_path / "gold.jsonl").stderr

    start = "note: no source in the library is called"
    assert told() == ""
    assert told("KiteNet: A Title") == f"{start} 'KiteNet: A Title': nothing finds it.\n"
    assert told(*"abcde") == f"{start} 'a', 'b', 'c' and 2 more: nothing finds it.\n"


def test_evaluate_search_counts_beside_shares(questions: Path) -> None:
    result = footnote("evaluate", "search", questions)
    assert result.exit_code == 0, result.stderr
    assert "1/1 1.000" in result.stdout
    rows = {
        row["name"]: row for row in json_lines(footnote("evaluate", "search", questions, "--json").stdout)
    }
    assert rows["factual"]["hit1"] == {"hits": 1, "of": 1, "share": 1.0}
    assert rows["factual"]["quotes"]["hits"] == 1
    assert rows["filter"]["filtered"]["hits"] == 1


def test_evaluate_search_scores_a_collection(tmp_path: Path) -> None:
    folder = tmp_path / "beir"
    write_records(folder / "corpus.jsonl")
    (folder / "queries.jsonl").write_text('{"_id": "q", "text": "self-feeding sourdough fermenter"}\n')
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq\tbread\t1\n")
    (scores,) = json_lines(footnote("evaluate", "search", "--beir", folder, "--json").stdout)
    assert scores == {"collection": "beir", "nDCG@10": 1.0, "R@10": 1.0, "R@100": 1.0, "MRR@10": 1.0}


def test_evaluate_answers_grades_what_the_assistant_says(questions: Path) -> None:
    result = footnote("evaluate", "answers", questions, "--each", "--json")
    assert result.exit_code == 0, result.stderr
    records = json_lines(result.stdout)
    each, rows = records[:3], {row["kind"]: row for row in records[3:]}
    assert [grade["id"] for grade in each] == ["1", "2", "3"]
    assert each[0]["included"] == [True, False] and each[0]["cited"] is True
    assert all(quote for grade in each for quote in grade["verbatim"])
    assert rows["unanswerable"]["refused"] == {"hits": 1, "of": 1, "share": 1.0}
    assert rows["unanswerable"]["answered"]["of"] == 0
    assert rows["all"]["included"] == {"hits": 1, "of": 2, "share": 0.5}
    assert rows["all"]["p95"] >= rows["all"]["p50"] > 0
    assert "1/2 0.500" in footnote("evaluate", "answers", questions).stdout


def test_gold_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text('{"id": 1}\n')
    result = footnote("evaluate", "search", tmp_path / "bad.jsonl")
    assert result.exit_code == 1 and "bad.jsonl, line 1" in result.stderr
    (tmp_path / "empty.jsonl").write_text("\n")
    empty = footnote("evaluate", "answers", tmp_path / "empty.jsonl")
    assert empty.exit_code == 1 and "no gold question stands there" in empty.stderr
    absent = footnote("evaluate", "search", "absent.jsonl")
    assert absent.stderr == "footnote: absent.jsonl: No such file or directory.\n"
