"""The commands, run as a person or a script runs them."""

from __future__ import annotations

import json
import logging
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
from typer.core import TyperGroup, TyperOption

from bot.cli.app import app
from retrieval.lexical_index import Entry
from retrieval.library import Library
from retrieval.settings import RetrievalSettings
from tests.command_line import bare_settings, footnote, json_lines, start
from tests.papers import RECORDS, write_records

KITES = "How long does KiteNet hold the wing in the wind window?"
RECORD_KEYS = ["id", "answer", "refused", "route", "model", "citations", "papers", "passages", "timings_ms"]


@pytest.fixture(autouse=True)
def environment(tmp_path: Path, small_library: Path) -> Iterator[pytest.MonkeyPatch]:
    """Nothing is set but the data folder, which holds the small library."""
    with bare_settings(tmp_path, small_library) as patch:
        yield patch


@pytest.fixture
def empty(tmp_path: Path, environment: pytest.MonkeyPatch) -> Path:
    """A data folder that is not there yet, for commands that change something."""
    environment.setenv("FOOTNOTE_DATA", str(tmp_path / "own"))
    return tmp_path / "own"


# -- help, version, usage


def _commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield path, group
    if isinstance(group, TyperGroup):
        for name, command in group.commands.items():
            yield from _commands(command, (*path, name))


COMMANDS = dict(_commands(typer.main.get_command(app)))


def test_every_command_of_the_house_is_there() -> None:
    names = (
        "ask backup chat commands doctor enrich evaluate export ingest merge paper "
        "papers remove restore run search split status verify"
    )
    assert " ".join(sorted({path[0] for path in COMMANDS if path})) == names
    assert {path[1] for path in COMMANDS if len(path) == 2} == {"search", "answers", "gate", "checks", "sync"}


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_help_says_something_of_every_command_and_option(path: tuple[str, ...]) -> None:
    command = COMMANDS[path]
    result = footnote(*path, "--help")
    assert result.exit_code == 0
    assert len(command.help) > 20
    for option in (parameter for parameter in command.params if isinstance(parameter, TyperOption)):
        assert option.help and option.help.endswith("."), option.name
        assert option.opts[0] in result.stdout


def test_the_version_is_that_of_the_package() -> None:
    from importlib.metadata import version

    assert footnote("--version").stdout == f"footnote {version('footnote')}\n"


def test_help_is_plain_when_piped() -> None:
    process = start("--help")
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, b"")
    assert b"\x1b" not in out and "─" not in out.decode()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ask"], "a question, in quotation marks"),
        (["ask", " "], "empty"),
        (["ask", "q", "--batch", "-"], "a question, in quotation marks"),
        (["ask", "--batch", "-", "--from", "2023"], "filters from its lines"),
        (["search", "q", "-k", "101"], "-k"),
        (["search", "q", "-k", "0"], "-k"),
        (["ask", "q", "--from", "soon"], "--from"),
        (["ask", "q", "--from", "-5"], "No paper is of the year -5: give a year from 1900 to 2099."),
        (["search", "q", "--to", "1500"], "a year from 1900 to 2099"),
        (["papers", "--from", "2024", "--to", "2020"], "please exchange the two"),
        (["ingest"], "at least one folder"),
        (["evaluate", "search"], "gold questions"),
        (["evaluate", "answers"], "gold questions"),
        (["paint"], "No such command"),
    ],
)
def test_wrong_usage_is_two(arguments: list[str], words: str) -> None:
    result = footnote(*arguments)
    assert result.exit_code == 2
    assert words in " ".join(result.stderr.split()) and result.stdout == ""


# -- errors


def test_an_error_is_one_sentence_and_debug_shows_where(empty: Path) -> None:
    result = footnote("ask", KITES)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.count("\n") == 1 and "footnote ingest" in result.stderr
    shown = footnote("--debug", "ask", KITES)
    assert shown.exit_code == 1
    assert "Traceback" in shown.stderr and shown.stderr.splitlines()[-1] == result.stderr.strip()


def test_a_wrong_setting_is_named_and_its_value_is_not(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("MAX_FILE_MB", "much-too-secret")
    result = footnote("status")
    assert result.exit_code == 1
    assert "MAX_FILE_MB" in result.stderr and "secret" not in result.stderr


def test_more_is_said_on_standard_error_only_when_asked() -> None:
    quiet, told = footnote("ask", KITES), footnote("-v", "ask", KITES)
    assert quiet.stdout == told.stdout
    assert quiet.stderr == "" and "INFO    bot.assistant: answered" in told.stderr


def test_a_command_in_this_process_leaves_its_loggers_as_they_were() -> None:
    loggers = [logging.getLogger(name) for name in (None, "bot", "retrieval")]
    before = [(logger.level, list(logger.handlers)) for logger in loggers]
    footnote("-vv", "status")
    assert [(logger.level, list(logger.handlers)) for logger in loggers] == before


def test_a_file_that_is_not_there_is_named() -> None:
    result = footnote("ask", "--batch", "nowhere.jsonl")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "nowhere.jsonl" in result.stderr and "Traceback" not in result.stderr


@pytest.mark.parametrize("command", [["run"], ["commands", "sync"]])
def test_the_bot_needs_a_token_of_the_right_form(command: list[str], environment: pytest.MonkeyPatch) -> None:
    bare = footnote(*command)
    assert bare.exit_code == 1 and bare.stderr.startswith("footnote: DISCORD_TOKEN is not set. Copy it from")
    environment.setenv("DISCORD_TOKEN", "a-client-secret")
    environment.setenv("DISCORD_API_URL", "http://127.0.0.1:9")  # where nobody answers, and nobody is asked
    wrong = footnote(*command)
    assert wrong.exit_code == 1 and "does not look like a bot's token" in wrong.stderr
    assert "client-secret" not in wrong.stderr and "reached" not in wrong.stderr


def test_a_reader_that_goes_away_is_no_error() -> None:
    process = start("papers", "--json")
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (141, b"")


def test_ctrl_c_is_quiet() -> None:
    process = start("chat")
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(f"{KITES}\n".encode())
    process.stdin.flush()
    assert process.stdout.readline().strip()
    process.send_signal(signal.SIGINT)
    process.wait(timeout=60)  # by the signal, not by the end of its input
    _, err = process.communicate()
    assert (process.returncode, err) == (130, b"")


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
    assert passages.startswith("Sourdough at Scale") and "feeds itself" in passages


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


def test_a_piped_chat_answers_each_line_and_leaves_at_quit() -> None:
    result = footnote("chat", given=f"{KITES}\n\nHow many hours did they train it on?\n/quit\nnot asked\n")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "97.5 percent" in result.stdout and "412 hours" in result.stdout
    assert "not asked" not in result.stdout and ">" not in result.stdout


def test_a_chat_goes_on_after_an_error_and_says_so_at_the_end() -> None:
    result = footnote("chat", given=f"{'x' * 5000}\n{KITES}\n")
    assert result.exit_code == 1
    assert "characters" in result.stderr and "97.5 percent" in result.stdout


# -- the library


def test_papers_as_json_is_one_object_a_paper() -> None:
    records = json_lines(footnote("papers", "--json").stdout)
    assert [record["title"] for record in records] == sorted(record["title"] for record in records)
    assert list(records[0]) == [
        "id", "title", "title_is_label", "authors", "year", "venue", "url", "code_url", "doi", "sources",
        "passages",
    ]  # fmt: skip
    (shown,) = json_lines(footnote("paper", records[0]["id"], "--json").stdout)
    assert shown["title"] == records[0]["title"]
    assert records[-1]["title"] == "Sourdough at Scale" and records[-1]["authors"] == ["Cem Aydin"]
    assert records[-1]["passages"] >= 1 and records[1]["year"] is None


def test_papers_as_text_names_each_on_a_line() -> None:
    lines = footnote("papers").stdout.splitlines()
    assert lines[0].split() == ["year", "passages", "venue", "title"]
    assert any("Moss on Roofs" in line and "?" in line for line in lines)
    assert lines[-1] == "4 papers"


def test_columns_are_aligned_whatever_stands_in_them(tmp_path: Path, empty: Path) -> None:
    odd: list[dict[str, object]] = [
        {"id": "long", "title": "A " + "very " * 40 + "long title", "venue": "LONG", "abstract": "Words."},
        {"id": "wide", "title": "Wide Letters", "venue": "会议", "abstract": "Words."},
        {"id": "far", "title": "A Far Column", "venue": "A Workshop " * 9, "abstract": "Words."},
    ]
    footnote("ingest", write_records(tmp_path / "papers" / "papers.jsonl", [*RECORDS, *odd]).parent)
    head, *lines = footnote("papers").stdout.splitlines()[:-1]
    column = head.index("title")
    assert head == "year  passages  venue  title"
    assert "2024         2  BAKE   Sourdough at Scale" in lines
    starts = {line[column:].split()[0] for line in lines if "会议" not in line and "Workshop" not in line}
    assert starts == {"A", "KiteNet:", "Moss", "Predicting", "Sourdough"}
    assert "   ?         2  会议   Wide Letters" in lines, "each of its letters is as wide as two"
    assert any(line.endswith("A Workshop  A Far Column") for line in lines), "nothing is cut"


def test_a_paper_as_json_shows_the_columns_that_were_kept(tmp_path: Path, empty: Path) -> None:
    kept = {**RECORDS[0], "track": "oral"}
    footnote("ingest", write_records(tmp_path / "papers" / "papers.jsonl", [kept]).parent)
    (record,) = json_lines(footnote("paper", "papers.jsonl#kites", "--json").stdout)
    assert record["extra"] == {"track": "oral"}
    assert "extra" not in json_lines(footnote("papers", "--json").stdout)[0]


def test_a_paper_is_found_by_title_nearly_and_by_source() -> None:
    assert footnote("paper", "sourdoh at scale").stdout.startswith("Sourdough at Scale\n")
    (record,) = json_lines(footnote("paper", "papers.jsonl#tides", "--passages", "--json").stdout)
    assert record["title"] == "Predicting Tides with Graph Networks"
    assert "3.1 centimetres" in record["abstract"] and any(
        "centimetres" in chunk["text"] for chunk in record["texts"]
    )


def test_a_paper_that_is_not_there_is_an_error() -> None:
    result = footnote("paper", "zzzz qqqq xxxx")
    assert result.exit_code == 1 and "footnote search" in result.stderr


def test_ingest_tells_what_it_did_and_does_nothing_twice(tmp_path: Path, empty: Path) -> None:
    papers = write_records(tmp_path / "papers" / "papers.jsonl").parent
    first = json_lines(footnote("ingest", papers, "--json").stdout)[0]
    assert (first["added"], first["papers"], first["failed"]) == (4, 4, [])
    assert first["embedded"] > 0
    second = footnote("ingest", papers)
    assert second.exit_code == 0
    rows = dict(line.split() for line in second.stdout.splitlines()[1:6])
    assert rows == {"added": "0", "updated": "0", "unchanged": "4", "removed": "0", "failed": "0"}
    assert "4 papers" in second.stdout and "0 texts were embedded" in second.stdout


def test_rebuilding_needs_no_path_and_loses_nothing(tmp_path: Path, empty: Path) -> None:
    footnote("ingest", write_records(tmp_path / "papers" / "papers.jsonl").parent)
    result = footnote("ingest", "--rebuild", "--json")
    assert result.exit_code == 0 and json_lines(result.stdout)[0]["papers"] == 4
    assert footnote("verify").exit_code == 0


def test_a_file_that_fails_is_named_with_its_reason(tmp_path: Path, empty: Path) -> None:
    papers = write_records(tmp_path / "papers" / "papers.jsonl").parent
    (papers / "empty.txt").write_bytes(b"")
    result = footnote("ingest", papers)
    assert result.exit_code == 1
    assert "empty.txt" in result.stdout and "4 papers" in result.stdout
    assert "empty.txt" in footnote("status").stdout


def test_a_path_that_is_not_there_is_an_error(tmp_path: Path, empty: Path) -> None:
    result = footnote("ingest", tmp_path / "nowhere")
    assert result.exit_code == 1 and "nowhere" in result.stderr


def test_removing_a_source_forgets_its_paper(tmp_path: Path, empty: Path) -> None:
    footnote("ingest", write_records(tmp_path / "papers" / "papers.jsonl").parent)
    assert json_lines(footnote("remove", "papers.jsonl#moss", "--json").stdout) == [
        {"source": "papers.jsonl#moss", "removed": 1}
    ]
    assert "Moss" not in footnote("papers").stdout
    again = footnote("remove", "papers.jsonl#moss")
    assert again.exit_code == 1 and "moss" in again.stderr


def test_a_held_folder_is_not_written_to(tmp_path: Path, empty: Path) -> None:
    papers = write_records(tmp_path / "papers" / "papers.jsonl").parent
    footnote("ingest", papers)
    settings = RetrievalSettings.model_validate({})
    with Library.open(settings, writable=True, purpose="the other one"):
        process = start("ingest", papers, "--wait", "0.2")
        _, err = process.communicate(timeout=60)
        assert "the other one" in footnote("status").stdout
    lines = err.decode().splitlines()
    assert process.returncode == 1 and len(lines) == 2
    assert lines[0].startswith("Waiting up to 0.2 s") and all("the other one" in line for line in lines)


def test_status_counts() -> None:
    (status,) = json_lines(footnote("status", "--json").stdout)
    assert (status["papers"], status["sources"], status["owner"]) == (4, 4, None)
    assert status["passages"] == status["words"] <= status["vectors"]
    assert "papers: 4" in footnote("status").stdout


def test_verify_finds_nothing_wrong_with_a_whole_library() -> None:
    result = footnote("verify")
    assert result.exit_code == 0 and "4 papers" in result.stdout
    assert json_lines(footnote("verify", "--json").stdout)[0]["problems"] == []
    assert all(count == 0 for count in json_lines(footnote("verify", "--text", "--json").stdout)[0].values())


def test_verify_names_what_is_missing_and_mends_it(tmp_path: Path, empty: Path) -> None:
    footnote("ingest", write_records(tmp_path / "papers" / "papers.jsonl").parent)
    with Library.open(RetrievalSettings.model_validate({}), writable=True) as library:
        (lost, *_) = library._words.ids()
        library._words.change(add=[Entry("stray", "nobody", "", "", "words")], drop=[lost])
    broken = footnote("verify")
    assert broken.exit_code == 1 and "--mend" in broken.stdout
    assert footnote("verify", "--mend").exit_code == 0
    assert footnote("verify").exit_code == 0


# -- gold


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


def test_the_command_is_also_a_module() -> None:
    process = start("--version")
    out, _ = process.communicate(timeout=60)
    assert out.startswith(b"footnote ") and sys.version_info >= (3, 11)
