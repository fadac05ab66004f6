"""Sheets in front of papers, and marks that are raised so high that PDFium ends the line."""

from __future__ import annotations

import pytest
from reportlab.lib.utils import simpleSplit

from retrieval.errors import UnreadableFile
from retrieval.readers import pdf
from retrieval.readers.pdf_glyphs import Glyph
from retrieval.readers.pdf_lines import joined, lines_of
from retrieval.readers.pdf_numbers import year_of
from tests.pdf_kit import BODY, Page

ABOUT = (
    "The Garden Archive is a not-for-profit service that helps gardeners to find papers. Your use of this "
    "digital archive indicates that you accept its conditions."
)


def text(page: Page, words: str, size: float = 10) -> None:
    for line in simpleSplit(words, "Times-Roman", size, 430):
        page.put(80, line, size)
        page.down(1.2 * size)
    page.down(8)


def turn(page: Page) -> None:
    page.sheet.showPage()
    page.top = 740.0


def test_what_an_archive_binds_before_a_paper_is_none_of_it() -> None:
    page = Page()
    page.put(80, "Trees That Water Themselves", 16)
    page.down(25)
    text(page, "Stable URL: https://archive.example/stable/12")
    text(page, "Author(s): Ada Lovelace and Alan Turing")
    text(page, ABOUT)
    turn(page)
    page.put(120, "TREES THAT WATER THEMSELVES", 14)
    page.down(25)
    page.put(150, "Ada Lovelace, Alan Turing and Grace Hopper", 11)
    document = page.body()
    assert document.title == "Trees That Water Themselves"
    assert document.authors == ("Ada Lovelace", "Alan Turing", "Grace Hopper")
    assert "not-for-profit" not in document.text()
    assert {block.page for block in document.blocks} == {2}


def test_a_first_page_that_says_how_to_cite_it_is_the_papers() -> None:
    page = Page()
    page.put(80, "Trees That Water Themselves", 16)
    page.down(25)
    page.put(80, "Ada Lovelace", 11)
    page.down(25)
    text(page, "To cite this article: Lovelace (2020), Trees That Water Themselves.")
    text(page, "Abstract", 12)
    text(page, "We describe garden robots with one camera each. " + BODY * 3)
    turn(page)
    page.put(80, "Garden robots with one camera", 14)
    page.down(25)
    text(page, BODY * 6)
    document = page.read()
    assert document.title == "Trees That Water Themselves"
    assert "We describe garden robots" in document.text()


def test_scans_behind_a_sheet_are_scans() -> None:
    page = Page()
    page.put(80, "Trees That Water Themselves", 16)
    page.down(25)
    text(page, "Stable URL: https://archive.example/stable/12")
    text(page, ABOUT * 3)
    turn(page)
    page.sheet.rect(80, 80, 400, 600, fill=1)
    page.sheet.save()
    with pytest.raises(UnreadableFile, match="without a text layer"):
        pdf.read("scan.pdf", page.out.getvalue())


def glyphs(text: str, left: float, base: float, size: float) -> list[Glyph]:
    places = [left + 0.5 * size * at for at in range(len(text))]
    return [
        Glyph(char, size, place, place + 0.5 * size, base, "F", True)
        for char, place in zip(text, places, strict=True)
    ]


END = [Glyph(char, 0, 0, 0, 0, "", True) for char in "\r\n"]


@pytest.mark.parametrize(
    ("raised", "apart", "lines"),
    [
        (4.1, 0, ["Ada1, Alan"]),
        (0.5, 0, ["Ada", "1", ", Alan"]),  # as high as its neighbours: another line's
        (9, 0, ["Ada", "1", ", Alan"]),
        (4.1, 30, ["Ada", "1", ", Alan"]),
    ],
)
def test_marks_beside_names_end_no_line(raised: float, apart: float, lines: list[str]) -> None:
    mark = glyphs("1", 15 + apart, 700 + raised, 6.5)
    line = [*glyphs("Ada", 0, 700, 10), *END, *mark, *END, *glyphs(", Alan", 19 + 2 * apart, 700, 10)]
    assert ["".join(glyph.char for glyph in one) for one in lines_of(line)] == lines


def test_marks_in_the_text_end_no_line_and_those_of_footnotes_stay_apart() -> None:
    lines = ["Water falls with x", "2", " and no faster.", "1", "See the appendix.", "The end."]
    whole = joined(lines, [True, True, False, True, False])
    assert whole.split("\r\n") == ["Water falls with x2 and no faster.", "1", "See the appendix.", "The end."]


def test_people_before_a_place_of_many_words() -> None:
    page = Page()
    page.put(80, "Trees That Water Themselves", 16)
    page.down(25)
    page.put(80, "ADA LOVELACE and ALAN TURING, Institute for Clarity in the Garden, Dales", 11)
    assert page.body().authors == ("Ada Lovelace", "Alan Turing")


@pytest.mark.parametrize(
    "label", ["Accepted Manuscript", "HHS Public Access", "Letter to the Editor", "Case Report"]
)
def test_what_kind_of_paper_it_is_is_no_title(label: str) -> None:
    page = Page()
    page.put(80, label, 20)
    page.down(30)
    page.put(80, "Trees That Water Themselves", 15)
    page.down(25)
    page.put(80, "Ada Lovelace", 11)
    assert page.body().title == "Trees That Water Themselves"


@pytest.mark.parametrize(
    ("line", "year"),
    [
        ("Garden Dynamics (2021) 71:123–140", 2021),
        ("Journal of Leaves 137 (2015) 1–5", 2015),
        ("Journal of Leaves, Vol. 41, No. 3 (Jul., 1998), pp. 211-230", 1998),
        ("Received: 1 March 2019 / Accepted: 9 November 2019 / Published online: 2 January 2020", 2020),
        ("published: 12 March 2020", 2020),
        ("Leaf Health. 2019 March ; 12(3): 211-230.", 2019),
        ("© The Author(s) 2021", 2021),
        ("Copyright (c) 2004–2019 by the gardeners", None),
        ("Received 3 May 2018", None),
        ("Rain was published by Hill in 1987 and fell in 1988", None),
    ],
)
def test_the_year_that_a_first_page_prints(line: str, year: int | None) -> None:
    assert year_of(f"Trees\n{line}\nAda Lovelace\n{BODY}") == year


@pytest.mark.parametrize(
    ("lines", "year"),
    [
        (("Trees", "Ada Lovelace", "2022", "Abstract"), 2022),
        (("Trees", "Ada Lovelace", "May 3, 2019", "Abstract. We water."), 2019),
        (("Trees", "Ada Lovelace", "(Dated: 3 May 2019)", "ABSTRACT"), 2019),
        (("Trees", "Ada Lovelace", "2022", "We water trees."), None),  # it may be a page's number
        (("2022", "Trees", "Ada Lovelace", "Abstract"), None),
        (("Trees", "Ada Lovelace", "Abstract", "2022"), None),
        (("Trees in 2019", "Ada Lovelace", "2021", "May 2022", "Abstract"), None),
    ],
)
def test_the_date_between_title_and_abstract_gives_the_year(lines: tuple[str, ...], year: int | None) -> None:
    assert year_of("\n".join((*lines, BODY))) == year


def test_years_of_the_works_that_a_page_cites_are_not_its_own() -> None:
    lines = [
        "Trees That Water Themselves",
        *[BODY] * 15,
        "Hill, A. Rain. J. Leaves 12 (2001) 1-9.",
        *[BODY] * 9,
    ]
    assert year_of("\n".join(lines)) is None
    assert year_of("© 2019 A\n© 2020 B\n" + BODY) is None, "it may be either"
