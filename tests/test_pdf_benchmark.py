"""The benchmark of PDF reading: it tells right from wrong, with papers made here."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from benchmarks.pdfs import (
    Found,
    Truth,
    authors_right,
    measured,
    order_share,
    page_share,
    table_share,
    title_right,
    totals,
    truth_of,
)
from retrieval.models import Block, Document
from tests.pdf_kit import Page

ONE = "The robots of the garden look at every leaf of thyme and of sage in the morning"
TWO = "Rain fell on the second page for nine days and nobody watered any of the roses"
SHOWN = [[ONE], [TWO]]


def document(first: int, second: int) -> Document:
    return Document("a.pdf", "A", blocks=(Block(ONE, page=first), Block(TWO, page=second)))


@pytest.mark.parametrize(
    ("first", "second", "right"), [(1, 2, 2), (1, 1, 1), (7, 8, 0)], ids=["right", "one wrong", "not printed"]
)
def test_passages_are_looked_for_on_the_pages_that_they_name(first: int, second: int, right: int) -> None:
    assert page_share(document(first, second), SHOWN, 20, random.Random(1)) == (right, 2)


def test_printed_numbers_are_looked_for_at_the_edge() -> None:
    shown = [["7", ONE], ["8", TWO]]
    assert page_share(document(7, 8), shown, 20, random.Random(1)) == (2, 2)


def test_lines_that_follow_on_each_other_elsewhere_are_no_right_order() -> None:
    read = Document("a.pdf", "A", blocks=(Block(f"{ONE} {TWO}"),))
    assert order_share(read, [[ONE, TWO]]) == (1, 1)
    assert order_share(read, [[TWO, ONE]]) == (0, 1)


def test_captions_with_rows_are_counted() -> None:
    blocks = [
        Block("Table 1: Beds.\nbed rain\n1 20", kind="caption"),
        Block("bed rain\n1 20\nTable 2: Beds.", kind="caption"),
        Block("Table 3: Beds.", kind="caption"),
        Block("Figure 1: A bed.\na\nb", kind="caption"),
    ]
    assert table_share(blocks) == (2, 3)


def test_titles_and_authors_are_judged_by_their_letters() -> None:
    assert title_right("Thirst of thyme", "THIRST OF THYME") and not title_right("Thirst", "Rain on Roses")
    assert title_right("The Thirst of Thyme", "The Thirst of Thyme: A Study")
    assert authors_right(["A. Lovelace", "Péter Berg"], ["Ada Lovelace", "Peter Berg"])
    assert not authors_right(["Peter Berg"], ["Ada Lovelace", "Peter Berg"])


def test_a_folder_is_measured_against_a_file_of_truth(tmp_path: Path) -> None:
    page = Page()
    page.put(80, "The Thirst of Thyme", 17, "Times-Bold")
    page.down(25)
    page.put(80, "Ada Lovelace", 12)
    page.body()
    (tmp_path / "a.pdf").write_bytes(page.out.getvalue())
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.4 cut off")
    (tmp_path / "truth.csv").write_text("file,title,authors\na.pdf,The Thirst of Thyme,Ada Lovelace; Bo Li\n")
    truth = truth_of(tmp_path / "truth.csv")
    assert truth == {"a.pdf": Truth("The Thirst of Thyme", ("Ada Lovelace", "Bo Li"))}
    found = [measured(tmp_path / name, name, 20, random.Random(1)) for name in ("a.pdf", "b.pdf")]
    assert "truncated" in found[1].reason
    lines = totals(found, truth)
    assert lines[:2] == [
        "2 files, 1 not read, each with its reason",
        "titles 1/1 (100.0 %), authors 0/1 (0.0 %)",
    ]
    assert any("pdftotext" in line or line.startswith("pages") for line in lines[2:])


def test_a_file_of_truth_without_a_column_is_refused(tmp_path: Path) -> None:
    (tmp_path / "truth.csv").write_text("file,title\na.pdf,A\n")
    with pytest.raises(SystemExit, match="authors"):
        truth_of(tmp_path / "truth.csv")
    assert Found("a.pdf").pages == (0, 0)
