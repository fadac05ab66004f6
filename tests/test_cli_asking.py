"""`footnote ask`, `search` and `chat`, as a person or a script runs them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import footnote, json_lines, start
from tests.papers import KITES, RECORDS, write_records

pytestmark = pytest.mark.usefixtures("environment")

RECORD_KEYS = ["id", "answer", "refused", "route", "model", "citations", "papers", "passages", "timings_ms"]


# -- asking


def test_ask_prints_the_answer_and_the_papers_it_rests_on() -> None:
    result = footnote("ask", KITES)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "97.5 percent" in result.stdout
    cited = [line for line in result.stdout.splitlines() if line.startswith("[1]")]
    assert len(cited) == 1
    assert cited[0].endswith("KiteNet: Learning to Fly Tethered Wings. Ada Falk, Bo Lindqvist. WIND 2023.")
    assert result.stdout.count("97.5 percent") == 1
    assert "without a language model" in result.stdout


def test_ask_as_json_quotes_word_for_word() -> None:
    (record,) = json_lines(footnote("ask", KITES, "--json").stdout)
    assert list(record) == RECORD_KEYS
    assert (record["id"], record["model"], record["refused"]) == (None, None, False)
    texts = [passage["text"] for passage in record["passages"]]
    assert record["citations"]
    for citation in record["citations"]:
        assert f"[{citation['n']}]" in record["answer"]
        assert any(citation["quote"] in text for text in texts)
    assert record["papers"][0]["sources"] == ["papers.jsonl#kites"]
    scores = [paper["score"] for paper in record["papers"]]
    assert scores == sorted(scores, reverse=True)


def test_a_refusal_is_a_value_and_shows_what_was_looked_at() -> None:
    (record,) = json_lines(footnote("ask", "Who won the chess olympiad in Budapest?", "--json").stdout)
    assert record["refused"] is True and record["citations"] == []
    assert record["passages"] and record["papers"]


def test_filters_hold(environment: pytest.MonkeyPatch) -> None:
    def found(*options: str) -> set[str]:
        (record,) = json_lines(footnote("search", "what was measured", *options, "--json").stdout)
        return {source for paper in record["papers"] for source in paper["sources"]}

    assert found("--from", "2024") == {"papers.jsonl#bread"}
    assert found("--to", "2023", "--venue", "wind") == {"papers.jsonl#kites"}
    assert found("--author", "emilie durand") == {"papers.jsonl#tides"}
    assert found("--paper", "Moss on Roofs") == {"papers.jsonl#moss"}


def test_search_prints_papers_then_passages() -> None:
    result = footnote("search", "sourdough fermenter", "-k", "2")
    assert result.exit_code == 0
    table, _, passages = result.stdout.partition("\n\n")
    assert len(table.splitlines()) == 3 and "Sourdough at Scale" in table.splitlines()[1]
    assert passages.startswith("1. Sourdough at Scale\n   Abstract: ") and "feeds itself" in passages
    shown = {line.split("  ")[-1].strip() for line in table.splitlines()[1:]}
    heads = [line for line in passages.splitlines() if line and not line.startswith(" ")]
    assert {head.partition(" ")[2] for head in heads} == shown, "passages of the listed papers alone"
    assert "Authors:" not in passages, "what the table says is not said again"


def test_a_long_passage_is_cut_short_unless_all_of_it_is_wanted(tmp_path: Path, empty: Path) -> None:
    flights = " ".join(f"On day {day} it flew for {day + 3} hours over the sea." for day in range(2, 12))
    long = {**RECORDS[0], "abstract": f"A kite learns to fly. {flights} It landed well."}
    footnote("ingest", write_records(tmp_path / "papers" / "papers.jsonl", [long]).parent)
    line = footnote("search", "a kite that flies", "-k", "1").stdout.splitlines()[-1]
    assert "learns to fly" in line and line.endswith(" …") and len(line) < 360
    assert footnote("search", "a kite that flies", "--full").stdout.rstrip().endswith("It landed well.")


def test_quotation_marks_may_be_left_away() -> None:
    assert footnote("ask", *KITES.split()).stdout == footnote("ask", KITES).stdout
    assert footnote("search", "sourdough", "fermenter", "-k", "1").exit_code == 0
    assert footnote("paper", "moss", "on", "roofs").stdout.startswith("Moss on Roofs")


def test_search_as_json_has_as_many_papers_as_asked_for() -> None:
    (record,) = json_lines(footnote("search", "wings and tides", "-k", "2", "--json").stdout)
    assert list(record) == ["id", "papers", "passages"] and len(record["papers"]) == 2


# -- batches


def test_a_batch_from_standard_input_is_json_lines_and_nothing_else() -> None:
    rows: list[Any] = [
        {"id": "a", "question": KITES, "extra": 1},
        "not an object",
        {
            "id": "ü",
            "question": "And how much higher do the loaves rise?",
            "filters": {"paper": "Sourdough at Scale"},
        },
        {"id": 4, "question": ""},
    ]
    lines = "\n".join(json.dumps(row) for row in rows) + "\n"
    process = start("ask", "--batch", "-", "--json", env={"PYTHONIOENCODING": "ascii", "LC_ALL": "C"})
    out, err = process.communicate(lines.encode(), timeout=60)
    assert (process.returncode, err) == (1, b"")
    records = json_lines(out.decode("utf-8"))
    assert [record["id"] for record in records] == ["a", None, "ü", 4]
    assert [sorted(record) == ["error", "id"] for record in records] == [False, True, False, True]
    assert list(records[0]) == RECORD_KEYS
    assert "12 percent" in records[2]["answer"]
    assert records[1]["error"]["kind"] == "BadQuestion" and records[1]["error"]["message"]
    assert "ü".encode() in out


def test_each_record_is_flushed_before_the_next_line_is_awaited() -> None:
    process = start("search", "--batch", "-", "--json", "-k", "3")
    assert process.stdin is not None and process.stdout is not None
    for number in range(2):
        process.stdin.write(json.dumps({"id": number, "question": "tides"}).encode() + b"\n")
        process.stdin.flush()
        record = json.loads(process.stdout.readline())
        assert (record["id"], len(record["papers"])) == (number, 3)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (0, b"", b"")


def test_a_batch_may_be_a_file_and_knows_what_was_said_before(tmp_path: Path) -> None:
    history = [
        {"question": "Which paper trains KiteNet?", "answer": "KiteNet: Learning to Fly Tethered Wings."}
    ]
    row = {"id": 1, "question": "How many hours of flight did they train it on?", "history": history}
    (tmp_path / "batch.jsonl").write_text(json.dumps(row), encoding="utf-8")
    result = footnote("ask", "--batch", "batch.jsonl", "--json")
    assert result.exit_code == 0
    (record,) = json_lines(result.stdout)
    assert "412" in record["answer"] and record["papers"][0]["sources"] == ["papers.jsonl#kites"]


# -- a conversation


@pytest.mark.parametrize("word", ["/quit", "Exit", "quit"])
def test_a_piped_chat_answers_each_line_and_leaves_at_quit(word: str) -> None:
    result = footnote("chat", given=f"{KITES}\n\nHow many hours did they train it on?\n{word}\nnot asked\n")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "97.5 percent" in result.stdout and "412 hours" in result.stdout
    assert "not asked" not in result.stdout and ">" not in result.stdout


def test_a_chat_goes_on_after_an_error_and_says_so_at_the_end() -> None:
    result = footnote("chat", given=f"{'x' * 5000}\n{KITES}\n")
    assert result.exit_code == 1
    assert "characters" in result.stderr and "97.5 percent" in result.stdout
