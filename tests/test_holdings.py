"""What the library knows of itself, and what a person decides about papers that may be one."""

from __future__ import annotations

import csv
import io
import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.discord_bot.lookups import library_found
from retrieval.advice import what_to_do
from retrieval.catalogue import FileRow
from retrieval.errors import LibraryBusy, SourceMissing
from retrieval.holdings import files_named
from retrieval.library import Library
from tests.command_line import bare_settings, footnote, json_lines
from tests.papers import RECORDS, HashingEmbedder, settings_for, write_records

TIDES = "Predicting Tides with Graph Networks"
EDITIONS: tuple[dict[str, object], ...] = (
    {"id": "early", "title": "Gardens That Water Themselves", "authors": ["Ada Falk"], "year": 2011},
    {"id": "late", "title": "Gardens That Water Themselves", "authors": ["Ada Falk"], "year": 2020},
    {"id": "copy", "title": "GARDENS that water themselves", "authors": ["A. Falk"], "year": 2020},
)


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    """A folder: four papers, and three records of which two are one paper and one may be."""
    folder = tmp_path / "papers"
    write_records(folder / "papers.jsonl")
    return write_records(folder / "editions.jsonl", EDITIONS).parent


@pytest.fixture
def library(tmp_path: Path, papers: Path) -> Iterator[Library]:
    with _open(tmp_path) as library:
        library.ingest([papers])
        yield library


def _open(folder: Path, *, writable: bool = True) -> Library:
    settings, embedder = settings_for(folder / "data"), HashingEmbedder()
    return Library.open(settings, writable=writable, create=writable, embedder=embedder)


def together(library: Library) -> list[list[str]]:
    """The sources of each paper of the editions, without the file's name."""
    found = [entry.paper.sources for entry in library.papers()]
    parts = [sorted(source.partition("#")[2] for source in sources) for sources in found]
    return sorted(part for part in parts if set(part) & {"early", "late", "copy"})


# -- near cases, merge, split


def test_near_cases_name_both_papers_and_the_reason(library: Library) -> None:
    assert together(library) == [["copy", "late"], ["early"]]
    (case,) = library.near_cases()
    assert {case.one.year, case.other.year} == {2011, 2020}
    assert case.reason == "the same title; but years 2011 and 2020"


def test_merged_papers_stay_one_through_every_ingest(tmp_path: Path, papers: Path, library: Library) -> None:
    made = library.merge(["editions.jsonl#early", "editions.jsonl#late"])
    assert len(made.paper.sources) == 3 and library.near_cases() == []
    write_records(papers / "editions.jsonl", [{**edition, "venue": "LEAF"} for edition in EDITIONS])
    assert library.ingest([papers]).updated == 3
    assert together(library) == [["copy", "early", "late"]]
    library.close()
    with _open(tmp_path, writable=False) as again:
        assert together(again) == [["copy", "early", "late"]]


def test_what_was_said_holds_for_a_file_that_goes_and_comes_back(papers: Path, library: Library) -> None:
    library.merge(["editions.jsonl#early", "editions.jsonl#late"])
    (papers / "editions.jsonl").unlink()
    library.ingest([papers], prune=True)
    assert together(library) == []
    write_records(papers / "editions.jsonl", EDITIONS)
    library.ingest([papers])
    assert together(library) == [["copy", "early", "late"]]


def test_what_was_said_holds_for_a_file_by_another_name(papers: Path, library: Library) -> None:
    library.merge(["editions.jsonl#early", "editions.jsonl#late"])
    (papers / "editions.jsonl").rename(papers / "renamed.jsonl")
    library.ingest([papers])
    assert together(library) == [["copy", "early", "late"]]
    assert library.paper("renamed.jsonl#early") is not None


def test_a_split_paper_stays_two_and_is_no_near_case_any_more(papers: Path, library: Library) -> None:
    made = library.split("editions.jsonl#late")
    assert sorted(entry.paper.sources for entry in made) == [
        ("editions.jsonl#copy",),
        ("editions.jsonl#late",),
    ]
    (papers / "more.jsonl").write_text('{"id": "x", "title": "Another Paper on Gardens and Hoses"}\n')
    library.ingest([papers])
    assert together(library) == [["copy"], ["early"], ["late"]]
    assert all({case.one.year, case.other.year} == {2011, 2020} for case in library.near_cases())


def test_named_sources_are_split_from_the_rest(library: Library) -> None:
    library.merge(["editions.jsonl#early", "editions.jsonl#late"])
    library.split("editions.jsonl#early", ["editions.jsonl#copy", "editions.jsonl#late"])
    assert together(library) == [["copy", "late"], ["early"]]


def test_merge_takes_a_split_back_and_split_a_merge(library: Library) -> None:
    library.split("editions.jsonl#late")
    library.merge(["editions.jsonl#late", "editions.jsonl#copy"])
    assert together(library) == [["copy", "late"], ["early"]]
    library.merge(["papers.jsonl#moss", "papers.jsonl#tides"])
    assert len(library.split("papers.jsonl#moss")) == 2


def test_nothing_is_embedded_for_a_decision_but_what_is_new(tmp_path: Path, papers: Path) -> None:
    embedder = HashingEmbedder()
    with Library.open(
        settings_for(tmp_path / "data"), writable=True, create=True, embedder=embedder
    ) as library:
        library.ingest([papers])
        library.merge(["papers.jsonl#moss", "papers.jsonl#tides"])
        before = embedder.embedded
        library.split("papers.jsonl#moss")
        assert embedder.embedded - before <= 4  # the two papers' texts and cards
        assert library.verify().problems == ()


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (["papers.jsonl#moss", "Moss on Roofs"], "that is one paper, 'Moss on Roofs' .*--duplicates"),
        (
            ["editions.jsonl#early", "editions.jsonl#early"],
            "is named twice.*`footnote merge \\w{16} \\w{16}`",
        ),
        (["papers.jsonl#moss", "zzzz qqqq xxxx"], "is no paper's whole title.*footnote papers --csv"),
        (
            ["papers.jsonl#moss", "garden"],
            "nearest titles: 'G[^;]*; 'G[^;]*\\. Type a whole title, or its id",
        ),
        (["papers.jsonl#moss", "tides"], f"is no paper's whole title.*'{TIDES}' \\(\\w{{16}}\\)"),
        (["papers.jsonl#moss", "Predicting Tides with Graph Network"], "is no paper's whole title"),
        (["papers.jsonl#moss", "Gardens that water themselves"], "names 2 papers: .* from editions.jsonl#"),
        (["papers.jsonl#moss", "~nobody-here/papers"], "is no paper's whole title"),
        (["papers.jsonl#moss", "a\0b"], "is no paper's whole title"),
    ],
)
def test_a_merge_of_what_is_not_two_papers_changes_nothing(
    library: Library, keys: list[str], words: str
) -> None:
    with pytest.raises(SourceMissing, match=words):
        library.merge(keys)
    assert library.status().papers == 6


def test_a_paper_is_named_by_its_whole_title_or_its_files_path(papers: Path, library: Library) -> None:
    (papers / "kelp.txt").write_text(
        "Kelp Under Ice\n\nAda Falk\n\nAbstract\n\n" + "We count the kelp that grows under the ice. " * 4
    )
    library.ingest([papers])
    assert library.named("moss ON roofs").sources == ("papers.jsonl#moss",)
    assert library.named(str(papers / "kelp.txt")).sources == ("kelp.txt",)
    with pytest.raises(SourceMissing, match="names 4 papers"):
        library.named(str(papers / "papers.jsonl"))


@pytest.mark.parametrize(
    ("sources", "words"),
    [
        ((), "comes from one source only"),
        (("papers.jsonl#tides",), "one source only"),
    ],
)
def test_a_paper_of_one_source_is_not_split(library: Library, sources: tuple[str, ...], words: str) -> None:
    with pytest.raises(SourceMissing, match=words):
        library.split("papers.jsonl#moss", sources)


def test_a_split_names_sources_of_the_paper_and_not_all(library: Library) -> None:
    for sources in (["papers.jsonl#moss"], ["editions.jsonl#late", "editions.jsonl#copy"]):
        with pytest.raises(SourceMissing, match="but not all"):
            library.split("editions.jsonl#late", sources)


def test_who_only_reads_cannot_decide(tmp_path: Path, library: Library) -> None:
    with _open(tmp_path, writable=False) as reader, pytest.raises(LibraryBusy):
        reader.merge(["papers.jsonl#moss", "papers.jsonl#tides"])


# -- status


def test_the_status_counts_what_is_there_and_what_is_missing(papers: Path, library: Library) -> None:
    (papers / "empty.txt").write_bytes(b"")
    library.ingest([papers])
    found = library.status()
    assert (found.papers, found.sources, found.several, found.near) == (6, 7, 1, 1)
    assert found.venues == (("BAKE", 1), ("OCEAN", 1), ("WIND", 1))
    assert found.years == ((2024, 1), (2023, 2), (2020, 1), (2011, 1))
    assert dict(found.missing) == {"title": 0, "authors": 0, "year": 1, "venue": 3, "doi": 6, "abstract": 2}
    assert [fault.name for fault in found.failed] == ["empty.txt"]
    files = [file for file in Path(found.data).rglob("*") if file.is_file()]
    assert found.bytes == pytest.approx(sum(file.stat().st_size for file in files), rel=0.2)


@pytest.mark.parametrize(
    ("reason", "word"),
    [
        ("too large: 300 MB, and MAX_FILE_MB is 200", "MAX_FILE_MB"),
        ("empty: 0 bytes", "fetch"),
        ("cannot be opened: Permission denied", "right to read"),
        ("text with no paper in it: too few words that read like sentences", "out of the folder"),
        ("no record in it could be read; line 1: not JSON (Expecting ',' delimiter)", "mend the file"),
        ("no column of it is a paper's title (it has name, score)", "name its columns"),
        ("a PNG image: Footnote cannot read it", "OCR"),
        ("something nobody foresaw", "mend the file"),
    ],
)
def test_every_reason_has_its_advice(reason: str, word: str) -> None:
    assert word in what_to_do(reason)


def test_a_reason_that_says_what_to_do_needs_no_more() -> None:
    assert what_to_do("an encrypted PDF: save it without its password first") == ""


def test_files_are_named_as_the_library_does_or_by_their_path(tmp_path: Path) -> None:
    inside, beside = (
        FileRow(str(tmp_path / name), None, name.split("/")[-1], "") for name in ("a/x", "ab/y")
    )
    assert files_named([inside, beside], "x") == [inside.path]
    assert files_named([inside, beside], str(tmp_path / "a")) == [inside.path]
    assert files_named([inside, beside], str(tmp_path / "a" / ".." / "ab" / "y")) == [beside.path]
    assert files_named([inside, beside], "z") == []


# -- the commands


@pytest.fixture
def shell(tmp_path: Path, papers: Path) -> Iterator[Path]:
    with bare_settings(tmp_path, tmp_path / "data"):
        assert footnote("ingest", papers).exit_code == 0
        yield papers


def titles(*arguments: str) -> list[str]:
    return [record["title"] for record in json_lines(footnote("papers", *arguments, "--json").stdout)]


def test_the_papers_are_filtered_sorted_and_paged(shell: Path) -> None:
    assert titles("--author", "lindqvist", "--venue", "ocean") == [TIDES]
    assert titles("--from", "2024") == ["Sourdough at Scale"]
    assert titles("--missing", "year") == ["Moss on Roofs"]
    assert titles("--sort", "year")[0] == "Gardens That Water Themselves"
    assert titles("--sort", "year", "--reverse")[0] == "Sourdough at Scale"
    assert titles("--sort", "year")[-1] == titles("--sort", "year", "--reverse")[-1] == "Moss on Roofs"
    assert titles("--sort", "author")[0] == "Sourdough at Scale"  # Aydin
    assert titles("--limit", "4") + titles("--limit", "4", "--page", "2") == titles()
    assert titles("--limit", "4", "--page", "3") == []
    lines = footnote("papers", "--from", "2023", "--limit", "1").stdout.splitlines()
    assert lines[-2:] == ["1 of 3 papers", "1 of unknown year left out"]
    assert footnote("papers", "--author", "nobody").stdout == "The library holds no paper by nobody.\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--sort", "colour"], "title, year, venue, author, passages"),
        (["--missing", "colour"], "title, authors, year"),
        (["--page", "2"], "--limit"),
        (["--json", "--csv"], "one of"),
    ],
)
def test_a_wrong_option_lists_the_right_ones(shell: Path, arguments: list[str], words: str) -> None:
    result = footnote("papers", *arguments)
    assert result.exit_code == 2 and words in " ".join(result.stderr.split())


def test_a_table_for_spreadsheets_holds_no_formula(shell: Path) -> None:
    hostile: dict[str, Any] = {
        "id": "h",
        "title": '=HYPERLINK("x")',
        "authors": ["A, B", "C"],
        "abstract": "Words.",
    }
    write_records(shell / "papers.jsonl", [*RECORDS, hostile])
    footnote("ingest", shell)
    rows = list(csv.DictReader(io.StringIO(footnote("papers", "--csv").stdout)))
    assert len(rows) == 7
    assert {row["authors"] for row in rows if row["title"] == TIDES} == {"Bo Lindqvist; Émilie Durand"}
    assert [row["title"] for row in rows if row["sources"].endswith("#h")] == ['\'=HYPERLINK("x")']


def test_duplicates_are_shown_merged_and_split(shell: Path) -> None:
    shown = footnote("papers", "--duplicates").stdout
    assert "1. the same title; but years 2011 and 2020" in shown and "footnote merge ID ID" in shown
    (case,) = json_lines(footnote("papers", "--duplicates", "--json").stdout)
    merged = footnote("merge", *(paper["id"] for paper in case["papers"]))
    assert merged.exit_code == 0 and "editions.jsonl#early" in merged.stdout
    assert footnote("papers", "--duplicates").stdout == "No two papers look as if they were one.\n"
    assert "may be one paper: 0" in footnote("status").stdout
    assert len(json_lines(footnote("split", "editions.jsonl#late", "--json").stdout)) == 3
    assert footnote("merge", "papers.jsonl#moss").exit_code == 2
    assert footnote("split", "papers.jsonl#moss").exit_code == 1


def test_the_status_says_what_failed_and_what_to_do(shell: Path) -> None:
    (shell / "empty.txt").write_bytes(b"")
    footnote("ingest", shell)
    lines = footnote("status").stdout.splitlines()
    assert "by year: 2024 (1), 2023 (2), 2020 (1), 2011 (1)" in lines
    assert any(line.startswith("missing: year of 1 paper, venue of 3 papers, doi of") for line in lines)
    assert "  empty.txt: empty: 0 bytes; fetch the file again, or take it out of the folder" in lines
    (record,) = json_lines(footnote("status", "--json").stdout)
    assert record["venues"] == {"BAKE": 1, "OCEAN": 1, "WIND": 1} and record["missing"]["year"] == 1
    assert record["failed"][0]["advice"].startswith("fetch")


def test_a_title_that_none_has_gets_the_nearest(shell: Path) -> None:
    result = footnote("paper", "Predicting the Weather with Graphs")
    assert result.exit_code == 1 and f"The nearest titles: '{TIDES}'" in result.stderr


def test_the_ids_of_the_list_are_those_that_decide_and_remove(shell: Path) -> None:
    ids = {record["title"]: record["id"] for record in json_lines(footnote("papers", "--json").stdout)}
    table = csv.DictReader(io.StringIO(footnote("papers", "--csv").stdout))
    assert {row["id"] for row in table} >= set(ids.values())
    assert footnote("merge", ids["Moss on Roofs"], ids[TIDES]).exit_code == 0
    (merged,) = json_lines(footnote("paper", ids["Moss on Roofs"], "--json").stdout)
    assert len(merged["sources"]) == 2
    assert footnote("split", merged["id"]).exit_code == 0
    (moss,) = json_lines(footnote("paper", "Moss on Roofs", "--json").stdout)
    assert footnote("remove", moss["id"]).stdout.startswith("1 source removed.")
    assert "Moss on Roofs" not in titles()


def test_remove_takes_a_path(shell: Path) -> None:
    assert json.loads(footnote("remove", shell / "editions.jsonl", "--json").stdout)["removed"] == 3
    assert footnote("remove", shell / "nothing.jsonl").exit_code == 1
    assert "The nearest: papers.jsonl#moss" in footnote("remove", "papers.jsonl#mos").stderr
    assert footnote("remove", shell).stdout.startswith("4 sources removed.\nThe file itself stays")


# -- on Discord


def test_library_show_counts_and_says_what_to_do(papers: Path, library: Library) -> None:
    (papers / "@everyone.txt").write_bytes(b"")
    library.ingest([papers])
    (reply,) = library_found(library).replies
    lines = reply.text.splitlines()
    assert lines[0].startswith("**6** papers in ")
    assert "By venue: BAKE (1), OCEAN (1), WIND (1)." in lines
    assert "By year: 2024 (1), 2023 (2), 2020 (1), 2011 (1)." in lines
    assert any("year of 1 paper, venue of 3 papers, DOI of 6 papers, abstract of 2" in line for line in lines)
    assert "Pairs of papers that may be one: 1." in lines
    assert lines[-1].endswith("empty: 0 bytes; fetch the file again, or take it out of the folder")
    assert "@everyone" not in reply.text


def test_files_that_go_while_they_are_counted_count_nothing(library: Library, tmp_path: Path) -> None:
    before = library.status().bytes
    place, over = tmp_path / "data" / "segments", threading.Event()

    def come_and_go() -> None:  # as the files of an index do while papers are read
        while not over.is_set():
            place.mkdir()
            for number in range(40):
                (place / str(number)).touch()
            shutil.rmtree(place)

    busy = threading.Thread(target=come_and_go)
    busy.start()
    try:
        assert {library.status().bytes for _ in range(30)} == {before}
    finally:
        over.set()
        busy.join()
