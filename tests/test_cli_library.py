"""The commands that show the library and change it."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.lexical_index import Entry
from retrieval.library import Library
from retrieval.settings import RetrievalSettings
from tests.command_line import footnote, json_lines, start
from tests.papers import RECORDS, write_records

pytestmark = pytest.mark.usefixtures("environment")


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
    assert footnote("papers", "--author", "Zed").stdout == "The library holds no paper by Zed.\n"
    assert footnote("papers", "--author", "Aydin", "--missing", "authors").stdout == "No paper fits.\n"
    assert footnote("papers", "--limit", "3", "--page", "2").stdout.endswith("1 of 4 papers\n")
    assert footnote("papers", "--limit", "3", "--page", "3").stdout.endswith("no page 3: the last is 2.\n")


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
    shown = footnote("paper", "sourdoh at scale").stdout
    assert shown.startswith("Sourdough at Scale\n") and "\n  id: " in shown
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


def test_an_ingest_that_meets_no_file_says_so(tmp_path: Path, empty: Path) -> None:
    bare, papers = tmp_path / "bare", write_records(tmp_path / "papers" / "papers.jsonl").parent
    bare.mkdir()
    assert footnote("ingest", bare).stdout.endswith(f"Nothing to read was found in {bare}.\n")
    for _ in range(2):  # new papers, and the same once more
        assert "Nothing to read" not in footnote("ingest", bare, papers).stdout


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
    assert not (empty / "catalogue.sqlite").exists()  # "nothing was changed" holds of a new library too


def test_a_link_is_no_path(tmp_path: Path, empty: Path) -> None:
    result = footnote("ingest", "https://example.org/paper.pdf")
    assert result.exit_code == 1 and "https://example.org/paper.pdf is a link" in result.stderr


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
