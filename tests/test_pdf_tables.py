"""Tables of PDF files: the rows stay with the header and the caption, also where they are words."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from retrieval.models import Document
from retrieval.readers.pdf_cells import Cell, rows_of
from tests.pdf_kit import BODY, Page

HEADER = ("Robot", "What it does", "Built by")
CELLS = (
    ("Weeder", "pulls what it does not know", "a school"),
    ("Waterer", "asks each leaf how it feels", "two sisters"),
    ("Watcher", "looks and says nothing", "nobody"),
)
ROWS = [" ".join(row) for row in (HEADER, *CELLS)]


class TablePage(Page):
    """A page with text above and below what a test puts on it."""

    def __init__(self) -> None:
        super().__init__()
        self.put(80, "Robots That Know Their Leaves", 18)
        self.down(24)
        self.put(80, "Ada Lovelace", 12)
        self.down(24)
        self.prose()

    def prose(self, left: float = 80, width: float = 430, times: int = 1) -> None:
        lines = (BODY * times).split()
        self.down(14)
        self.put(left, "1. Introduction" if self.top > 600 else "2. Method", 12)
        self.down(18)
        self.column(left, [(" ".join(lines), 10)], width)
        self.down(12 * (1 + len(" ".join(lines)) * 4.6 / width) + 20)

    def rule(self, left: float = 80, right: float = 510) -> None:
        self.sheet.line(left, self.top, right, self.top)
        self.down(12)

    def rows(self, rows: Sequence[Sequence[str]], lefts: Sequence[float] = (86, 200, 400)) -> None:
        for row in rows:
            for left, cell in zip(lefts, row, strict=True):
                self.put(left, cell)
            self.down(12)

    def ruled(self) -> None:
        self.rule()
        self.rows([HEADER])
        self.down(-6)
        self.rule()
        self.rows(CELLS)
        self.down(-6)
        self.rule()

    def caption(self, text: str, left: float = 80) -> None:
        self.put(left, text)
        self.down(14)


def captions(document: Document) -> list[str]:
    return [block.text for block in document.blocks if block.kind == "caption"]


def running(document: Document) -> str:
    return " ".join(block.text for block in document.blocks if block.kind == "body")


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("Table 1: Robots and what they do", "Table 1: Robots and what they do"),
        ("Table 1. Robots and what they do.", "Table 1. Robots and what they do."),
        ("TABLE I", "TABLE I:"),
        ("Table 1 Robots and what they do", "Table 1: Robots and what they do"),
    ],
)
def test_rows_of_words_between_rules_stay_with_the_caption_above(printed: str, read: str) -> None:
    page = TablePage()
    page.caption(printed)
    page.ruled()
    page.prose()
    document = page.read()
    assert captions(document) == ["\n".join([read, *ROWS])]
    assert "Weeder" not in running(document)
    assert running(document).count("small model") == 2


def test_a_caption_of_two_lines_ends_where_the_table_begins() -> None:
    page = TablePage()
    page.caption("Table 1: Robots and what they do. All of them were built in the same garden by people")
    page.down(-2)
    page.caption("who had not met before")
    page.ruled()
    (text,) = captions(page.read())
    assert text.split("\n")[1:] == ROWS
    assert text.split("\n")[0].endswith("by people who had not met before")


def test_rows_stand_above_a_caption_that_stands_below_them() -> None:
    page = TablePage()
    page.ruled()
    page.down(4)
    page.caption("Table 1: Robots and what they do")
    page.down(20)
    page.ruled()
    page.down(4)
    page.caption("Table 2: The same robots again")
    page.prose()
    assert captions(page.read()) == [
        "\n".join([*ROWS, "Table 1: Robots and what they do"]),
        "\n".join([*ROWS, "Table 2: The same robots again"]),
    ]


def test_columns_without_rules_make_a_table() -> None:
    page = TablePage()
    page.caption("Table 1: Robots and what they do")
    page.rows([HEADER, *CELLS])
    page.prose()
    document = page.read()
    assert captions(document) == ["\n".join(["Table 1: Robots and what they do", *ROWS])]
    assert running(document).count("small model") == 2


def test_a_caption_without_a_table_takes_no_text() -> None:
    page = TablePage()
    page.caption("Table 1: Robots and what they do.")
    page.prose()
    page.rule()
    page.prose()
    document = page.read()
    assert captions(document) == ["Table 1: Robots and what they do."]
    assert running(document).count("small model") == 3


def test_a_caption_behind_a_cut_sentence_and_a_cut_word_is_one() -> None:
    for ending in ("and leaves are all that each of the", "which they can see with the help of came-"):
        page = TablePage()
        page.column(80, [("2. Method", 12), (f"{BODY}Some of them look at leaves, {ending}", 10)], 430)
        page.down(80)
        page.caption("Table 1: Robots and what they do")
        page.ruled()
        page.put(80, "ras on their heads. What they see is written down in a book that nobody reads.")
        assert captions(page.read()) == ["\n".join(["Table 1: Robots and what they do", *ROWS])]


def test_a_table_in_one_of_two_columns_leaves_the_other_alone() -> None:
    page = TablePage()
    top = page.top
    page.column(50, [(BODY * 3, 10)])
    page.down(12)
    page.caption("TABLE I", 400)
    page.caption("ROBOTS AND WHAT THEY DO", 350)
    page.rule(320, 545)
    page.rows([("Robot", "Built by"), ("Weeder", "a school"), ("Waterer", "two sisters")], (330, 430))
    page.down(-6)
    page.rule(320, 545)
    page.down(14)
    page.column(320, [(BODY * 2, 10)])
    page.top = top
    document = page.read()
    assert captions(document) == [
        "TABLE I: ROBOTS AND WHAT THEY DO\nRobot Built by\nWeeder a school\nWaterer two sisters"
    ]
    assert running(document).count("small model") == 6


def test_a_long_table_comes_in_parts_with_its_header() -> None:
    page = Page()
    page.put(80, "Robots That Know Their Leaves", 18)
    page.down(40)
    page.put(80, "Table 1: Robots and what they do")
    page.down(14)
    page.sheet.line(80, page.top, 510, page.top)
    page.down(12)
    for row in (HEADER, *CELLS * 14):
        for left, cell in zip((86, 200, 400), row, strict=True):
            page.put(left, cell)
        page.down(12)
    page.sheet.line(80, page.top, 510, page.top)
    parts = captions(page.body())
    assert len(parts) > 1
    assert {tuple(part.split("\n")[:2]) for part in parts} == {("Table 1: Robots and what they do", ROWS[0])}
    assert sum(part.count("Weeder") for part in parts) == 14


def cell(text: str, left: float, line: int) -> Cell:
    return Cell(text, left, left + 5.0 * len(text), 700.0 - 12 * line, 10)


def test_a_cell_of_several_lines_is_put_together() -> None:
    cells = [
        *(cell("Robot", 80, 0), cell("What it does", 160, 0), cell("Built by", 300, 0)),
        *(cell("Weeder", 80, 1), cell("pulls what it does not", 160, 1), cell("a school", 300, 1)),
        cell("know by its leaves", 160, 2),
        *(cell("Waterer", 80, 3), cell("asks every single leaf", 160, 3), cell("two sisters", 300, 3)),
    ]
    assert rows_of(cells) == [
        "Robot What it does Built by",
        "Weeder pulls what it does not know by its leaves a school",
        "Waterer asks every single leaf two sisters",
    ]


def test_rows_below_a_label_that_stands_for_several_stay_apart() -> None:
    cells = [
        *(cell("Garden", 80, 0), cell("Robot", 160, 0), cell("Height", 300, 0)),
        *(cell("North", 80, 1), cell("Weeder", 160, 1), cell("12", 300, 1)),
        *(cell("Waterer", 160, 2), cell("15", 300, 2)),
    ]
    assert rows_of(cells) == ["Garden Robot Height", "North Weeder 12", "Waterer 15"]
