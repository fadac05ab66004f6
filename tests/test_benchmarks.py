"""The benchmarks run, on a library too small to tell anything, and their tables are well-formed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from benchmarks import drawing, vectors, words
from benchmarks.libraries import ASKED, Chroma, chroma, fill, opened, reading, writing
from benchmarks.synthetic import Synthetic
from benchmarks.tables import HEADINGS, Row, machine, markdown
from benchmarks.timing import in_turns

MADE = Synthetic(600)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("benchmark")


@pytest.fixture(scope="module")
def peer(folder: Path) -> Iterator[Chroma]:
    yield chroma(MADE, folder / "chroma")


def test_the_same_numbers_give_the_same_library() -> None:
    np.testing.assert_array_equal(MADE.vectors, Synthetic(600).vectors)
    assert next(MADE.records()) == next(Synthetic(600).records())
    np.testing.assert_allclose(np.linalg.norm(MADE.vectors, axis=1), 1, atol=1e-5)


def test_words_are_timed_beside_both_peers(folder: Path) -> None:
    with opened(MADE, fill(MADE, folder / "library")) as library:
        assert [row.peer for row in words.rows(MADE, library, folder)][1] == "SQLite FTS5 (porter)"


@pytest.mark.long
def test_every_case_is_timed_and_what_footnote_finds_is_right(folder: Path, peer: Chroma) -> None:
    library_folder = fill(MADE, folder / "library")
    rows = list(vectors.rows(MADE, library_folder, peer.folder, documents=True, times=2))
    assert [row.ratio for row in rows if row.ratio is None or row.ratio <= 0] == []
    assert sum(row.remarks.startswith("recall@10 1.000") for row in rows) == len(vectors.CASES)


class BrokenOff(Exception):
    """Someone has pressed Ctrl-C."""


def test_what_was_broken_off_goes_on_where_it_was(tmp_path: Path) -> None:
    def until(passages: int) -> None:
        if passages >= 300:
            raise BrokenOff

    with opened(MADE, tmp_path / "library-part", writable=True) as library, pytest.raises(BrokenOff):
        MADE.fill(writing(library), papers=2, said=until)
    with opened(MADE, fill(MADE, tmp_path / "library")) as library:
        assert library.verify().problems == ()
        assert len(library.papers()) == MADE.papers
        written = [row.name for row in library.files()]
    assert written == [f"synthetic-{start}.jsonl" for start in (0, 100, 200, 300)]

    collection = chroma(Synthetic(300), tmp_path / "chroma").collection
    assert collection.count() == 300
    whole = chroma(MADE, tmp_path / "chroma").collection
    assert sorted(whole.get(include=[])["ids"]) == MADE.ids


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("megabytes", [0, 512])
def test_recall_is_high_with_100_000_passages(tmp_path: Path, megabytes: int) -> None:
    made = Synthetic(100_000, words_of_passage=1)
    asked = made.questions(ASKED)
    with opened(made, fill(made, tmp_path / "library"), memory_mb=megabytes) as library:
        source = reading(made, library)
        for case in vectors.CASES:
            papers, _ = source.shelf.allowed(case.filters)
            found = [source.vectors.nearest(vector, 10, papers) for vector in asked[: vectors.TIMES]]
            assert vectors.recall(made, vectors.rows_of(made, case), found) >= 0.99, case.name


def test_calls_take_turns() -> None:
    called: list[str] = []
    times = in_turns(
        {"a": lambda n: called.append(f"a{n}"), "b": lambda n: called.append(f"b{n}")}, 2, warm=1
    )
    assert called == ["a1", "b1", "a0", "b0", "a1", "b1"]
    assert len(times["a"].wall) == 2


def test_a_table_has_a_cell_for_each_heading_and_names_no_place() -> None:
    text = markdown(
        [("Part", [Row("figure", "1 ms", "peer", "40 ms", 1 / 40, "<= 1/20"), Row("alone", "2 s")])]
    )
    lines = [line for line in text.splitlines() if line.startswith("|")]
    assert [line.count("|") for line in lines] == [len(HEADINGS) + 1] * 4
    assert "| 1/40 |" in lines[2]
    assert not re.search(r"(?<![\w<=])/\w+/", "\n".join(machine()))


def test_the_ratios_are_drawn_with_what_they_should_reach(tmp_path: Path) -> None:
    rows = [
        Row("slow <part> & all", "1 ms", "peer", "40 ms", 1 / 40, "<= 1/20"),
        Row("", "", "another", "1 ms", 1.5, ">= 1.2 at recall >= .9"),
        Row("alone", "2 s"),
    ]
    assert drawing.draw([("Part", rows)], tmp_path / "speed.svg")
    picture = ElementTree.parse(tmp_path / "speed.svg")
    said = {element.text for element in picture.iter() if element.text}
    assert {"slow <part> & all : peer", "slow <part> & all : another", "1/40", "1.50"} <= said
    assert not drawing.draw([("Part", rows[2:])], tmp_path / "nothing.svg")
    assert not (tmp_path / "nothing.svg").exists()


@pytest.mark.parametrize(
    ("reach", "ratio", "colour"),
    [
        ("<= 1/20", 1 / 21, drawing.REACHED),
        ("<= 1/20", 1 / 19, drawing.MISSED),
        (">= 1.2", 1.3, drawing.REACHED),
        ("<= 1.2 at recall >= .995", 1.3, drawing.MISSED),
        ("<= 2 s", 0.9, drawing.OPEN),
        ("", 0.9, drawing.OPEN),
    ],
)
def test_a_bar_says_by_its_colour_whether_it_reaches(reach: str, ratio: float, colour: str) -> None:
    assert drawing.colour(ratio, reach) == colour
