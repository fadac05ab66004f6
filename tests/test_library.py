"""The library as a whole: repeatable, resumable, and what goes in comes out."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from retrieval.catalogue import Catalogue
from retrieval.errors import IndexMismatch, ModelUnavailable, SourceMissing
from retrieval.library import Library
from retrieval.models import Filters, IngestProgress
from tests.library_kit import opened, titles
from tests.papers import RECORDS, HashingEmbedder, settings_for, write_records


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_records(tmp_path / "papers" / "list.jsonl").parent


@pytest.fixture
def library(tmp_path: Path, folder: Path) -> Iterator[Library]:
    with opened(tmp_path / "data") as library:
        library.ingest([folder])
        yield library


def test_papers_go_in_and_their_passages_come_out(library: Library) -> None:
    result = library.search("How many hours of flight was the kite trained on?")
    assert result.passages[0].paper.title == "KiteNet: Learning to Fly Tethered Wings"
    assert "412 hours" in result.passages[0].chunk.text
    assert result.papers[0].paper == result.passages[0].paper
    assert [passage.score for passage in result.passages] == sorted(
        (passage.score for passage in result.passages), reverse=True
    )


def test_a_second_run_embeds_nothing_and_changes_nothing(tmp_path: Path, folder: Path) -> None:
    embedder = HashingEmbedder()
    with opened(tmp_path / "data", embedder) as library:
        first = library.ingest([folder])
        embedded = embedder.embedded
        second = library.ingest([folder])
    assert (first.added, first.papers) == (4, 4)
    assert first.embedded == embedded > 0
    assert (second.unchanged, second.added, second.updated, second.embedded) == (4, 0, 0, 0)
    assert embedder.embedded == embedded


def test_only_what_changed_is_embedded_again(tmp_path: Path, folder: Path) -> None:
    embedder = HashingEmbedder()
    with opened(tmp_path / "data", embedder) as library:
        library.ingest([folder])
        before = embedder.embedded
        changed = {**RECORDS[1], "abstract": "Loaves rise 15 percent higher."}
        write_records(folder / "list.jsonl", [RECORDS[0], changed, *RECORDS[2:]])
        report = library.ingest([folder])
        assert (report.updated, report.unchanged, report.embedded) == (1, 3, 1)
        assert embedder.embedded == before + 1
        assert "15 percent" in library.search("How much higher do loaves rise?").passages[0].chunk.text
        assert library.verify().problems == ()


def test_a_file_that_is_gone_takes_its_papers_with_it(library: Library, folder: Path) -> None:
    write_records(folder / "more.jsonl", [{"id": "x", "title": "Snow on Cars", "abstract": "It snows."}])
    write_records(folder / "third.jsonl", [{"id": "y", "title": "Hail", "abstract": "It hails."}])
    library.ingest([folder])
    assert len(titles(library)) == 6
    (folder / "more.jsonl").unlink()
    assert library.ingest([folder]).removed == 1
    assert "Snow on Cars" not in titles(library)
    assert library.verify().problems == ()


def test_a_folder_that_is_empty_or_missing_loses_nothing_without_prune(
    library: Library, folder: Path
) -> None:
    (folder / "list.jsonl").unlink()
    report = library.ingest([folder])
    assert report.removed == 0
    assert "--prune" in report.notes[0]
    folder.rmdir()
    assert library.ingest([folder]).papers == 4
    folder.mkdir()
    assert library.ingest([folder], prune=True).papers == 0


def test_a_path_that_never_was_is_an_error_and_changes_nothing(library: Library, tmp_path: Path) -> None:
    with pytest.raises(SourceMissing, match="nothing was changed"):
        library.ingest([tmp_path / "nowhere"])
    assert len(titles(library)) == 4


def test_a_bad_file_is_reported_and_stops_nothing(library: Library, folder: Path) -> None:
    (folder / "noise.bin").write_bytes(bytes(range(256)) * 4)
    (folder / "empty.txt").write_bytes(b"")
    write_records(folder / "more.jsonl", [{"id": "x", "title": "Snow on Cars", "abstract": "It snows."}])
    report = library.ingest([folder])
    assert {failure.name for failure in report.failed} == {"noise.bin", "empty.txt"}
    assert all(failure.reason for failure in report.failed)
    assert "Snow on Cars" in titles(library)
    assert {failure.name for failure in library.status().failed} == {"noise.bin", "empty.txt"}
    assert len(library.ingest([folder]).failed) == 2  # and again, until it is mended


def test_a_file_that_turns_bad_keeps_what_it_said(library: Library, folder: Path) -> None:
    (folder / "list.jsonl").write_bytes(b"\xff\xfe\x00broken")
    report = library.ingest([folder])
    assert [failure.name for failure in report.failed] == ["list.jsonl"]
    assert len(titles(library)) == 4


def test_a_manifest_mends_a_title_for_good(library: Library, folder: Path) -> None:
    (folder / "papers.csv").write_text(
        "source,title,authors,year,venue,url\nlist.jsonl#moss,Moss on Warm Roofs,Dana Okafor,2022,ROOF,\n",
        encoding="utf-8",
    )
    library.ingest([folder])
    write_records(folder / "list.jsonl", [*RECORDS[:3], {**RECORDS[3], "abstract": "Moss cools roofs."}])
    library.ingest([folder])
    entry = library.paper("list.jsonl#moss")
    assert entry is not None
    assert (entry.paper.title, entry.paper.year, entry.paper.venue) == ("Moss on Warm Roofs", 2022, "ROOF")
    assert library.search("Moss cools", Filters(year_from=2022, year_to=2022)).papers[0].paper == entry.paper


def test_a_paper_of_unknown_year_passes_no_year_filter_and_is_counted(library: Library) -> None:
    result = library.search("moss on roofs", Filters(year_from=1900))
    assert "Moss on Roofs" not in [found.paper.title for found in result.papers]
    assert result.unknown_year == 1


def test_filters_hold_for_passages_and_papers(library: Library) -> None:
    result = library.search("water and wind", Filters(author="Bo Lindqvist", year_from=2023, year_to=2023))
    assert {found.paper.venue for found in result.papers} == {"WIND", "OCEAN"}
    assert {passage.paper.venue for passage in result.passages} == {"WIND", "OCEAN"}
    assert library.search("water", Filters(venue="nowhere")).passages == ()


def test_the_list_of_papers_reads_filters_as_a_search_does(library: Library) -> None:
    def listed(filters: Filters) -> list[str]:
        return [entry.paper.title.split()[0] for entry in library.papers(filters)]

    assert listed(Filters(paper="KiteNet")) == ["KiteNet:"]
    assert listed(Filters(author="Bo Lindqwist")) == ["KiteNet:", "Predicting"]
    assert listed(Filters(author="E. Durand", year_from=2023)) == ["Predicting"]
    assert listed(Filters(venue="nowhere")) == []
    assert len(listed(Filters())) == 4


def test_authors_and_names_find_their_papers(library: Library) -> None:
    assert library.search("papers by Emilie Durand").papers[0].paper.venue == "OCEAN"
    assert library.search("kitenet").papers[0].paper.venue == "WIND"


@pytest.mark.parametrize("question", ["", "   ", "?!", "the of and", "x" * 20_000, "why " * 3000, "雨" * 900])
def test_odd_questions_raise_nothing(library: Library, question: str) -> None:
    library.search(question)


def test_a_source_a_file_and_a_folder_can_be_removed(library: Library, folder: Path) -> None:
    assert library.remove("list.jsonl#moss") == 1
    assert "Moss on Roofs" not in titles(library)
    with pytest.raises(SourceMissing):
        library.remove("list.jsonl#moss")
    assert library.remove("list.jsonl") == 3
    assert titles(library) == []
    assert library.verify().problems == ()


def test_what_was_removed_comes_back_with_the_next_ingest(library: Library, folder: Path) -> None:
    library.remove("list.jsonl#moss")
    assert library.ingest([folder]).added == 1
    library.remove("list.jsonl")
    assert library.ingest([folder]).added == 4


def test_a_subfolder_of_its_own_stays_part_of_the_whole(tmp_path: Path) -> None:
    whole = tmp_path / "papers"
    for n in range(3):
        write_records(
            whole / "sub" / f"s{n}.jsonl", [{"id": n, "title": f"Rain {n}", "abstract": "It rains."}]
        )
    with opened(tmp_path / "data") as library:
        library.ingest([whole / "sub" / "s1.jsonl"])
        assert library.paper("s1.jsonl#1") is not None
        library.ingest([whole])
        assert library.paper("sub/s1.jsonl#1") is not None
        assert len(library.papers()) == 3
        library.ingest([whole / "sub"])
        (whole / "sub" / "s0.jsonl").unlink()
        assert library.ingest([whole]).removed == 1


def test_many_files_of_one_name_all_find_a_name(tmp_path: Path) -> None:
    with opened(tmp_path / "data") as library:
        for n in range(4):
            file = tmp_path / f"c{n}" / "lib" / "x.jsonl"
            write_records(file, [{"id": "a", "title": f"Rain in town {n}", "abstract": f"It rains {n}."}])
            library.ingest([file.parent])
        names = {source for entry in library.papers() for source in entry.paper.sources}
        assert (
            names == {"x.jsonl#a", "lib/x.jsonl#a", "c1/lib/x.jsonl#a", "c2/lib/x.jsonl#a"} or len(names) == 4
        )


def test_a_manifest_reaches_a_file_that_goes_by_another_name(tmp_path: Path) -> None:
    with opened(tmp_path / "data") as library:
        for n in range(2):
            file = tmp_path / f"c{n}" / "lib" / "x.jsonl"
            write_records(file, [{"id": "a", "title": f"Rain in town {n}", "abstract": f"It rains {n}."}])
            (file.parent / "papers.csv").write_text(f"source,title\nx.jsonl#a,Mended {n}\n", encoding="utf-8")
            library.ingest([file.parent])
        assert titles(library) == ["Mended 0", "Mended 1"]


def test_rows_of_a_manifest_that_mean_nothing_are_named(library: Library, folder: Path) -> None:
    rows = "source,title,year\nnope.txt,Lost,\nlist.jsonl#nobody,Lost too,\nlist.jsonl#moss,Moss,20x2\n"
    (folder / "papers.csv").write_text(rows, encoding="utf-8")
    notes = "\n".join(library.ingest([folder]).notes)
    assert "nope.txt" in notes
    assert "nobody" in notes
    assert "20x2" in notes


def test_a_papers_csv_without_sources_is_a_table_of_papers(library: Library, folder: Path) -> None:
    (folder / "papers.csv").write_text(
        "id,title,abstract\n1,Snow on Cars,It snows on cars.\n", encoding="utf-8"
    )
    library.ingest([folder])
    assert "Snow on Cars" in titles(library)


def test_what_speaks_of_a_folder_and_the_library_itself_are_no_papers(library: Library, folder: Path) -> None:
    (folder / "README.md").write_text("# About\n\nThese are papers about rain and wind.\n", encoding="utf-8")
    assert library.ingest([folder, folder.parent]).failed == ()
    assert len(titles(library)) == 4


def test_what_a_file_has_wrong_is_said_again_by_each_run(library: Library, folder: Path) -> None:
    with (folder / "list.jsonl").open("a", encoding="utf-8") as file:
        file.write("{broken\n")
    first = library.ingest([folder]).notes
    assert any("list.jsonl" in note for note in first)
    assert library.ingest([folder]).notes == first


def test_two_files_of_one_name_in_two_folders_keep_apart(library: Library, tmp_path: Path) -> None:
    other = write_records(
        tmp_path / "other" / "list.jsonl", [{"id": "moss", "title": "Ferns", "abstract": "Ferns grow."}]
    )
    library.ingest([other.parent])
    assert "Ferns" in titles(library)
    assert "Moss on Roofs" in titles(library)
    assert library.paper("other/list.jsonl#moss") is not None


def test_one_paper_from_two_files_is_one_paper(library: Library, folder: Path) -> None:
    write_records(folder / "again.jsonl", [{**RECORDS[0], "id": "k2", "url": "https://example.org/kites"}])
    report = library.ingest([folder])
    assert report.papers == 4
    entry = library.paper("again.jsonl#k2")
    assert entry is not None
    assert entry.paper.sources == ("again.jsonl#k2", "list.jsonl#kites")
    assert entry.paper.url == "https://example.org/kites"
    library.remove("again.jsonl")
    assert len(titles(library)) == 4


def test_progress_tells_how_far_it_is(tmp_path: Path, folder: Path) -> None:
    seen: list[IngestProgress] = []
    with opened(tmp_path / "data") as library:
        library.ingest([folder], progress=seen.append)
    assert {progress.stage for progress in seen} == {"reading", "embedding"}
    assert all(0 <= progress.done <= progress.total for progress in seen)
    assert seen[-1].done == seen[-1].total


def abstracts(library: Library) -> set[str]:
    return {
        chunk.text
        for entry in library.papers()
        for chunk in library.passages_of(entry.paper.id)
        if chunk.kind == "abstract"
    }


_INGEST = """
import sys
from pathlib import Path
import retrieval.ingest
from retrieval.library import Library
from tests.papers import HashingEmbedder, settings_for
retrieval.ingest.CHUNKS_AT_A_TIME = 5
settings = settings_for(Path(sys.argv[1]))
with Library.open(settings, writable=True, create=True, embedder=HashingEmbedder()) as library:
    print("open", flush=True)
    library.ingest([Path(sys.argv[2])])
    print("done", flush=True)
"""


def many(count: int, version: str) -> list[dict[str, object]]:
    return [
        {"id": f"p{n}", "title": f"Paper number {n}", "abstract": f"Rain {version} fell on roof {n}."}
        for n in range(count)
    ]


@pytest.mark.parametrize("after", [0.05, 0.15, 0.3, 0.5])
def test_a_run_that_is_killed_can_be_run_again_and_ends_the_same(tmp_path: Path, after: float) -> None:
    folder = write_records(tmp_path / "papers" / "list.jsonl", many(60, "one")).parent
    with opened(tmp_path / "data") as library:
        library.ingest([folder])
    write_records(folder / "list.jsonl", many(60, "two"))
    command = [sys.executable, "-c", _INGEST, str(tmp_path / "data"), str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parent.parent)
    assert process.stdout is not None
    process.stdout.readline()  # it owns the folder now
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    with opened(tmp_path / "data") as library:
        assert library.verify().problems == ()
        assert len(abstracts(library)) == 60
        library.ingest([folder])
        assert library.verify().problems == ()
        assert abstracts(library) == {record["abstract"] for record in many(60, "two")}


def test_a_source_that_is_not_there_leaves_no_work_behind(library: Library, tmp_path: Path) -> None:
    with pytest.raises(SourceMissing):
        library.remove("list.jsonl#nothing")
    library.close()
    catalogue = Catalogue(tmp_path / "data" / "catalogue.sqlite")
    assert catalogue.get("pending") == "0"
    catalogue.close()


class Down(HashingEmbedder):
    """Its endpoint does not answer."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        raise ModelUnavailable("The endpoint does not answer.")


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux which files are open")
def test_what_cannot_be_opened_leaves_nothing_open(tmp_path: Path, folder: Path) -> None:
    settings = settings_for(tmp_path / "data")
    with (
        pytest.raises(ModelUnavailable),
        Library.open(settings, writable=True, create=True, embedder=Down()) as library,
    ):
        library.ingest([folder])  # its papers wait in the catalogue now
    for embedder, error in ((Down(), ModelUnavailable), (HashingEmbedder("another"), IndexMismatch)):
        with pytest.raises(error) as refused:  # which holds on to all that was being done
            Library.open(settings, writable=True, embedder=embedder)
        assert refused.value and _open_below(tmp_path) == []
    with Library.open(settings, writable=True, embedder=HashingEmbedder()) as library:
        assert len(library.papers()) == 4


def _open_below(folder: Path) -> list[str]:
    """The files in a folder that this process has open."""
    names = []
    for link in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            names.append(str(link.readlink()))
    return [name for name in names if name.startswith(str(folder))]
