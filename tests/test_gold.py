"""Reading gold questions, and holding results against them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from retrieval.errors import GoldUnreadable
from retrieval.gold import Evidence, evidence_found, includes, is_gold, load, reading_order, unknown
from retrieval.models import Filters

ROW = {
    "id": "q1",
    "kind": "factual",
    "question": "How many lamps?",
    "gold_papers": ["000#3"],
    "evidence": [{"paper": "000#3", "quote": "seven lamps"}],
    "must_include": ["lamp", ["seven", "7"]],
    "must_not": ["004#2"],
    "history": [{"question": "a", "answer": "b"}],
    "filters": {"year": 2023},
    "a later key": 1,
}


def _write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_line_becomes_a_gold_question(tmp_path: Path) -> None:
    (found,) = load([_write(tmp_path / "g.jsonl", json.dumps(ROW), "")])
    assert found.must_include == (("lamp",), ("seven", "7"))
    assert found.filters == Filters(year_from=2023, year_to=2023)
    assert found.history == (("a", "b"),)
    assert found.answerable
    assert found.evidence == (Evidence("000#3", "seven lamps"),)


def test_papers_that_no_source_is_are_told(tmp_path: Path) -> None:
    named = [["scan.pdf", "A Whole Title"], ["list.csv#r1", "R2"], ["000#2", "000#3", "A Whole Title"]]
    lines = [json.dumps({**ROW, "gold_papers": names}) for names in named]
    order = reading_order(["in/scan.pdf", "list.csv#r1", "list.csv#r2", "000_ab.txt#x", "000_ab.txt#y"])
    assert unknown(load([_write(tmp_path / "g.jsonl", *lines)]), order) == ["A Whole Title", "000#3"]


def test_a_bad_line_is_named(tmp_path: Path) -> None:
    path = _write(tmp_path / "g.jsonl", json.dumps(ROW), '{"id": 3}')
    with pytest.raises(
        GoldUnreadable, match=r"g\.jsonl, line 2: not a gold question \(it has no 'question'\)"
    ):
        load([path])
    with pytest.raises(GoldUnreadable, match="No such file"):
        load([tmp_path / "absent.jsonl"])


@pytest.mark.parametrize(
    ("source", "name", "expected"),
    [
        ("list.txt#10.1109/X.1", "10.1109/X.1", True),
        ("list.txt#10.1109/x.1", "10.1109/X.1", True),
        ("list.txt#10.1109/X.12", "10.1109/X.1", False),
        ("003_ab.txt#Lee_Lamps_paper.txt", "Lee_Lamps_paper.txt", True),
        ("deep/folder/Lee_Lamps_paper.txt", "Lee_Lamps_paper.txt", True),
        ("000_ab.txt#3", "000#3", True),
        ("sub/000_ab.txt#3", "000#3", True),
        ("000_ab.txt#3", "000#13", False),
        ("001_ab.txt#3", "000#3", False),
        ("003_ab.txt#second.txt", "003#2", True),
        ("003_ab.txt#first.txt", "003#2", False),
        ("003_ab.txt#first.txt", "003#0", False),
    ],
)
def test_a_source_is_named_by_part_file_or_place(source: str, name: str, expected: bool) -> None:
    order = reading_order(["003_ab.txt#first.txt", "003_ab.txt#second.txt"])
    assert is_gold([source], [name], order) is expected


def test_any_source_and_any_id_will_do() -> None:
    assert is_gold(["x.txt#1", "003_ab.txt#a.txt"], ["nothing", "a.txt"])
    assert not is_gold([], ["a.txt"])


def test_a_file_is_named_as_on_the_disk_or_as_in_the_library() -> None:
    assert is_gold(["shelf/Ada (final%232).pdf"], ["Ada (final#2).pdf"])
    assert is_gold(["shelf/Ada (final%232).pdf"], ["Ada (final%232).pdf"])
    assert not is_gold(["shelf/Ada (final%232).pdf"], ["Ada (final"])


def test_evidence_is_compared_without_hyphens_markup_and_case() -> None:
    text = "Before. We train the re-lighting network on 12 observer-specific scenes of **lamps**. After."
    assert evidence_found("we train the relighting net-\nwork on 12 observer-\nspecific scenes", [text])
    assert evidence_found("<tex>network</tex> on *12* observer-specific SCENES", ["other", text])


def test_evidence_needs_four_fifths_of_its_words_in_order_in_one_passage() -> None:
    words = "one two three four five six seven eight nine ten"
    assert evidence_found(words, ["one two x three four y five six seven eight"])
    assert not evidence_found(words, ["one two three four five six seven"])
    assert not evidence_found(words, ["ten nine eight seven six five four three two one"])
    assert not evidence_found(words, ["one two three four five", "six seven eight nine ten"])
    assert not evidence_found("", ["anything"])


def test_must_include_ignores_case_accents_and_the_kind_of_hyphen() -> None:
    assert includes("By Zoë Čapek, a Zero‑Shot method", ["zoe capek"])
    assert includes("a zero–shot method", ["no", "zero-shot"])
    assert not includes("a method", ["no", "zero-shot"])


def test_the_dev_gold_reads(gold: Path) -> None:
    found = load(sorted(gold.glob("*.jsonl")))
    assert len({question.id for question in found}) == len(found) > 100
    assert {question.answerable for question in found} == {True, False}
