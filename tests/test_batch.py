"""Batch lines in, records out: what is read, what is refused, and that one bad line harms no other."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import batch
from bot.errors import BadQuestion, ModelSilent
from bot.models import Answer, Citation, Question, Translation, Turn
from retrieval.errors import IndexBroken
from retrieval.models import Chunk, Filters, Paper, Passage, RankedPaper, SearchResult

PAPER = Paper(id="p1", title="Lamps that Dim Themselves", sources=("lamps.txt", "list.txt#10.1/x"))
CHUNK = Chunk(
    id="c1", paper_id="p1", source="lamps.txt", text="Seven lamps were dimmed.", section="3. Method", page=7
)


def _line(row: object) -> bytes:
    return json.dumps(row).encode()


def _question(row: object) -> Question:
    line = batch.parse(_line(row))
    assert line is not None and line.question is not None
    return line.question


def test_a_full_line_becomes_a_question() -> None:
    row = {
        "id": 3,
        "question": "How many lamps?",
        "history": [{"question": "q1", "answer": "a1", "more": 1}, {"question": "q2", "answer": "a2"}],
        "filters": {"year_from": 2023, "year_to": None, "venue": "CVPR", "author": ""},
        "unknown": {"deep": True},
        "questions": 5,
    }
    assert _question(row) == Question(
        "How many lamps?", (Turn("q1", "a1"), Turn("q2", "a2")), Filters(year_from=2023, venue="CVPR")
    )


@pytest.mark.parametrize("blank", ["", "   ", "\t\n", None])
def test_a_blank_filter_is_not_set(blank: str | None) -> None:
    row = {"question": "q", "filters": dict.fromkeys(("venue", "author", "paper"), blank)}
    assert _question(row).filters == Filters()
    row["filters"] = {"venue": "  CVPR "}
    assert _question(row).filters == Filters(venue="CVPR")


def test_the_id_comes_back_whatever_it_is() -> None:
    for value in ("a", 7, 1.5, None, ["x"], {"y": 1}):
        line = batch.parse(_line({"id": value, "question": "q"}))
        assert line is not None and line.id == value


def test_a_line_may_start_with_a_byte_order_mark_and_end_with_carriage_return() -> None:
    line = batch.parse(b"\xef\xbb\xbf" + _line({"id": 1, "question": "q"}) + b"\r\n")
    assert line is not None and line.question == Question("q")


def test_an_empty_line_is_no_line() -> None:
    assert batch.parse(b" \r\n") is None


@pytest.mark.parametrize(
    ("raw", "words", "known_id"),
    [
        (b"{", "not JSON", None),
        (b'{"id": 1, "question": "\xff"}', "not JSON in UTF-8", None),
        (b"[1]", "not a JSON object", None),
        (b'{"id": NaN, "question": "q"}', "NaN", None),
        (b"[" * 100_000, "not JSON", None),
        (b'{"id": 1}', "question must be a string", 1),
        (b'{"id": 1, "question": 5}', "question must be a string", 1),
        (b'{"id": 1, "question": " "}', "empty", 1),
        (b'{"id": 1, "question": "\\ud800"}', "surrogate", 1),
        (b'{"id": 1, "question": "q", "history": "h"}', "history must be a list", 1),
        (b'{"id": 1, "question": "q", "history": ["h"]}', "history must be a list", 1),
        (b'{"id": 1, "question": "q", "history": [{"question": "q"}]}', "history.answer", 1),
        (b'{"id": 1, "question": "q", "filters": []}', "filters must be an object", 1),
        (b'{"id": 1, "question": "q", "filters": {"year_from": "2023"}}', "filters.year_from", 1),
        (b'{"id": 1, "question": "q", "filters": {"year_to": true}}', "filters.year_to", 1),
        (b'{"id": 1, "question": "q", "filters": {"venue": 3}}', "filters.venue", 1),
        (b'{"id": 1, "question": "q", "filters": {"Auther": "x"}}', "'Auther'. The nearest is author.", 1),
        (
            b'{"id": 1, "question": "q", "filters": {"track": 1}}',
            "'track'. Filters are year_from, year_to",
            1,
        ),
        (b'{"id": 1, "question": "q", "filters": {"year_from": -5}}', "a year from 1900 to 2099", 1),
        (b'{"id": 1, "question": "q", "filters": {"year_from": 2024, "year_to": 2020}}', "exchange", 1),
        (
            b'{"id": 1, "question": "q", "Filter": {"year_to": 2020}}',
            "no key 'Filter'. The nearest is filters",
            1,
        ),
    ],
)
def test_a_bad_line_says_what_is_wrong_and_keeps_its_id(raw: bytes, words: str, known_id: object) -> None:
    line = batch.parse(raw)
    assert line is not None and line.question is None
    assert line.id == known_id
    assert words in str(line.fault)


@given(st.binary(max_size=60).map(lambda raw: raw.replace(b"\n", b"")))
def test_no_bytes_break_the_parser(raw: bytes) -> None:
    line = batch.parse(raw)
    assert (line is None) == (not raw.strip())


def _run(lines: str, answer: Callable[[Question], batch.Record]) -> tuple[int, list[dict[str, Any]]]:
    records: list[dict[str, Any]] = []
    return batch.run(io.BytesIO(lines.encode()), answer, records.append), records


def test_lines_are_answered_in_order_each_by_itself() -> None:
    seen = []

    def answer(question: Question) -> batch.Record:
        seen.append(question)
        if question.text == "silent":
            raise ModelSilent("no answer")
        if question.text == "broken":
            raise IndexBroken("no index")
        return {"answer": question.text.upper()}

    rows = [{"id": n, "question": text} for n, text in enumerate(("a", "silent", "b", "broken"))]
    lines = "\n".join([*map(json.dumps, rows), "", "{", '{"id": "z", "question": "c"}'])
    failed, records = _run(lines, answer)
    assert failed == 3
    assert records == [
        {"id": 0, "answer": "A"},
        {"id": 1, "error": {"kind": "ModelSilent", "message": "no answer"}},
        {"id": 2, "answer": "B"},
        {"id": 3, "error": {"kind": "IndexBroken", "message": "no index"}},
        {"id": None, "error": {"kind": "BadQuestion", "message": records[4]["error"]["message"]}},
        {"id": "z", "answer": "C"},
    ]
    assert records[4]["error"]["message"].startswith("Line 6: The line is not JSON")
    assert all(question.history == () for question in seen)


def test_a_record_is_written_before_the_next_line_is_read() -> None:
    events: list[str] = []

    def lines() -> Any:
        for text in ("a", "b"):
            events.append(f"read {text}")
            yield _line({"id": text, "question": text})

    batch.run(lines(), lambda question: {"answer": ""}, lambda record: events.append(f"wrote {record['id']}"))
    assert events == ["read a", "wrote a", "read b", "wrote b"]


def _answer(**changes: Any) -> Answer:
    passages = tuple(Passage(CHUNK, PAPER, 1.0 - n / 10) for n in range(9))
    papers = tuple(RankedPaper(PAPER, 1.0 - n / 20) for n in range(12))
    values: dict[str, Any] = {
        "text": "Seven [1].",
        "route": "question",
        "citations": (Citation(1, PAPER, CHUNK, "Seven lamps"),),
        "papers": papers,
        "passages": passages,
        "search_ms": 1.26,
        "answer_ms": 2.0,
    }
    return Answer(**{**values, **changes})


def test_an_answer_has_the_keys_that_scripts_know() -> None:
    record = json.loads(json.dumps(batch.answer_record(_answer())))
    assert list(record) == [
        "answer", "refused", "route", "model", "citations", "papers", "passages", "timings_ms",
    ]  # fmt: skip
    assert record["model"] is None and record["refused"] is False
    assert record["citations"] == [
        {
            "n": 1,
            "title": PAPER.title,
            "title_is_label": False,
            "sources": list(PAPER.sources),
            "page": 7,
            "quote": "Seven lamps",
        }
    ]
    assert record["papers"][0] == {"title": PAPER.title, "sources": list(PAPER.sources), "score": 1.0}
    assert record["passages"][0] == {
        "title": PAPER.title,
        "sources": list(PAPER.sources),
        "section": "3. Method",
        "page": 7,
        "text": CHUNK.text,
        "score": 1.0,
    }
    assert (len(record["papers"]), len(record["passages"])) == (10, 8)
    assert record["timings_ms"] == {"search": 1.3, "answer": 2.0}


def test_a_fallback_is_named_only_where_there_was_one() -> None:
    assert "fallback_from" not in batch.answer_record(_answer())
    record = batch.answer_record(_answer(fallback_from="llama", fallback_reason="could not be reached"))
    assert (record["fallback_from"], record["fallback_reason"]) == ("llama", "could not be reached")


def test_an_answer_in_another_language_brings_the_english_one_along() -> None:
    assert "language" not in batch.answer_record(_answer())
    record = batch.answer_record(_answer(text="Ja [1].", translation=Translation("German", "Yes [1].")))
    assert (record["language"], record["english"], record["answer"]) == ("German", "Yes [1].", "Ja [1].")


def test_a_refusal_shows_its_passages_too() -> None:
    record = batch.answer_record(_answer(refused=True, citations=()))
    assert record["refused"] is True and record["citations"] == [] and len(record["passages"]) == 8


def test_a_search_shows_as_many_papers_as_were_asked_for() -> None:
    papers = tuple(RankedPaper(PAPER, 1.0) for _ in range(5))
    result = SearchResult(passages=(Passage(CHUNK, PAPER, 0.5),), papers=papers)
    record = batch.result_record(result, 3)
    assert list(record) == ["papers", "passages"]
    assert (len(record["papers"]), len(record["passages"])) == (3, 1)


def test_a_bad_question_of_the_assistant_is_an_error_of_its_line() -> None:
    def too_long(_: Question) -> batch.Record:
        raise BadQuestion("The question is too long.")

    failed, records = _run('{"id": 1, "question": "q"}', too_long)
    assert failed == 1
    assert records == [{"id": 1, "error": {"kind": "BadQuestion", "message": "The question is too long."}}]
