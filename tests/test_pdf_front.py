"""The head of page one: title, authors, numbers, by where and in which type they are printed."""

from __future__ import annotations

import pytest
from reportlab.lib.utils import simpleSplit

from retrieval.models import Document
from retrieval.readers import pdf
from retrieval.readers.pdf_glyphs import Glyph
from retrieval.readers.pdf_letters import (
    is_in_ornaments,
    with_high_letters,
    with_ligatures,
    without_ornaments,
)
from retrieval.readers.pdf_numbers import arxiv_of, doi_of
from retrieval.readers.pdf_titles import TypedLine, title_of
from retrieval.readers.pdf_typeset import mended
from tests.pdf_kit import BODY, Page


def test_a_conference_paper_with_marks_of_letters_and_a_stamp() -> None:
    page = Page()
    page.sheet.saveState()
    page.sheet.setFont("Times-Roman", 20)
    page.sheet.translate(30, 250)
    page.sheet.rotate(90)
    page.sheet.drawString(0, 0, "arXiv:2401.01234v2 [cs.CV] 2 Jan 2024")
    page.sheet.restoreState()
    page.put(80, "Proceedings of the Third Conference on Gardens", 8)
    page.down(30)
    page.put(150, "Gardens That Water Themselves:", 17, "Times-Bold")
    page.down(20)
    page.put(180, "A Field Study of Leaves", 17, "Times-Bold")
    page.down(30)
    page.names(120, [("Ada Lovelace,", "a,b"), ("Alan M. Turing,", "b,∗"), ("Grace Hopper", "a")])
    page.down(16)
    page.names(150, [("and Ludwig van der Berg", "c")])
    page.down(16)
    page.put(130, "a", 6, up=4)
    page.put(134, "Garden Robotics, Somewhere Hills", 9)
    page.down(12)
    page.put(130, "b Elsewhere Motors, Berlin     c Leaf Group", 9)
    page.down(12)
    page.put(130, "{ada, grace}@example.org, turing@example.com", 9)
    document = page.body()
    assert document.title == "Gardens That Water Themselves: A Field Study of Leaves"
    assert document.authors == ("Ada Lovelace", "Alan M. Turing", "Grace Hopper", "Ludwig van der Berg")
    assert (document.url, document.year) == ("https://arxiv.org/abs/2401.01234", 2024)
    assert ("arxiv", "2401.01234") in document.extra


def test_names_in_columns_above_their_places() -> None:
    page = Page()
    page.put(150, "Trees, Robots and Rain", 17, "Times-Bold")
    page.down(30)
    for left, name, place in (
        (90, "Ada Lovelace", "Leaf Associates"),
        (330, "Jean-Luc Picard", "Star Fleet"),
    ):
        page.put(left, name, 12, "Times-Bold")
        page.down(14)
        page.put(left, place, 11)
        page.top += 14
    page.down(20)
    assert page.body().authors == ("Ada Lovelace", "Jean-Luc Picard")


def test_names_in_capitals_before_their_places() -> None:
    page = Page()
    page.put(80, "The Thirst of Thyme", 17, "Times-Bold")
    for name, place in (("ADA LOVELACE,", "Leaf Works, Iceland"), ("G.K.M. O'HARA,", "Rain Works, France")):
        page.down(18)
        page.put(page.put(80, name, 11, "Helvetica") + 4, place, 9)
    assert page.body().authors == ("Ada Lovelace", "G.K.M. O'Hara")


def test_dates_addresses_and_degrees_are_no_names() -> None:
    page = Page()
    page.put(80, "The Thirst of Thyme", 17, "Times-Bold")
    page.down(25)
    page.put(80, "by Ada Lovelace, PhD <ada.lovelace@example.org> and Alan Turing, 7 February 2008", 11)
    page.down(14)
    page.put(80, "University of Somewhere", 11)
    page.down(14)
    page.put(80, "Version 1.2 of March 3, 2008", 11)
    assert page.body().authors == ("Ada Lovelace", "Alan Turing")


@pytest.mark.parametrize(
    ("embedded", "authors"),
    [
        ("Ada Lovelace, Bo Li", ("Ada Lovelace", "Bo Li")),
        ("Somebody Else", ("Ada Lovelace",)),
        ("TeX", ("Ada Lovelace",)),
    ],
)
def test_the_metadatas_authors_are_believed_where_the_page_shows_them(
    embedded: str, authors: tuple[str, ...]
) -> None:
    page = Page(author=embedded)
    page.put(80, "The Thirst of Thyme", 17, "Times-Bold")
    page.down(25)
    page.put(80, "Ada Lovelace", 11)
    page.down(14)
    page.put(80, "with the help of Bo Li", 9)
    assert page.body().authors == authors


def test_the_name_of_a_conference_in_large_type_is_no_title() -> None:
    page = Page()
    page.put(80, "International Congress on Gardens and Exposition", 18, "Times-Bold")
    page.down(40)
    page.put(80, "The Thirst of Thyme", 14, "Times-Bold")
    assert page.body().title == "The Thirst of Thyme"


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        ([TypedLine("Concordance", 20, 11), TypedLine("1 The concordance statistic", 14, 25)], "Concordance"),
        ([TypedLine("IMECE2020-17", 20, 6), TypedLine("Place the Title", 14, 13)], "Place the Title"),
        ([TypedLine("The Title", 10, 8, bold=True), TypedLine("Ada Lovelace", 10, 11)], "The Title"),
        ([TypedLine("Solving It", 17, 9), TypedLine("By Ada Lovelace", 17, 13)], "Solving It"),
        (
            [TypedLine("Solving It", 17, 9, base=700), TypedLine("Ada Lovelace", 17, 11, base=660)],
            "Solving It",
        ),
        (
            [
                TypedLine("Notes", 17, 5, base=700),
                TypedLine("for", 17, 3, base=660),
                TypedLine("parallel robots", 17, 14, base=620),
            ],
            "Notes for parallel robots",
        ),
        ([TypedLine("1 Introduction", 14, 12), TypedLine("Contents", 14, 8)], None),
        ([TypedLine("2 Requirements and use 4", 14, 18)], None),
        ([TypedLine("Final draft (2).docx", 18, 14), TypedLine("Microsoft Word - x", 14, 14)], None),
    ],
)
def test_which_lines_are_a_title(lines: list[TypedLine], title: str | None) -> None:
    assert title_of([*lines, TypedLine("text of the body", 10, 900)], "", "") == title


def test_a_title_of_which_the_page_shows_a_half_in_large_type_is_the_metadatas() -> None:
    lines = [TypedLine("Thirst", 20, 6), TypedLine("what thyme lacks", 12, 15), TypedLine("body", 10, 900)]
    assert (
        title_of(lines, "Thirst: What Thyme Lacks", "Thirst\nwhat thyme lacks\nbody")
        == "Thirst: What Thyme Lacks"
    )


def test_letters_of_fonts_without_names() -> None:
    assert with_high_letters("Jürgen Groÿ, Marie Skªodowska-Curie, Zieli«ska") == (
        "Jürgen Groß, Marie Skłodowska-Curie, Zielińska"
    )
    assert with_high_letters("5 ± 2, £7, © 2020, § 4, 3 µm") == "5 ± 2, £7, © 2020, § 4, 3 µm"


def test_letters_of_old_fonts() -> None:
    assert with_ligatures("di\x1berent \x1clms, o\x1eces and a\x02") == "different films, offices and a\x02"
    spoiled = "❲❡❧❝♦♠❡ t♦ s♣❛tst❛t✱ ❛ ♣❛❝❦❛❣❡ ✐♥ t❤❡ ❘ ❧❛♥❣✉❛❣❡ ❢♦r ❛♥❛❧②s✐♥❣"
    assert is_in_ornaments(spoiled)
    assert without_ornaments(spoiled) == "Welcome to spatstat, a package in the R language for analysing"
    assert not is_in_ornaments("● a tick ✓ and a star ★ among the words of a text that a person wrote")


@pytest.mark.parametrize(
    ("line", "doi"),
    [
        ("https://doi.org/10.1145/3292500.3330701", "10.1145/3292500.3330701"),
        ("Journal of Gardens 4 (2020) 1-9, DOI: 10.1000/xyz123.", "10.1000/xyz123"),
        ("https://doi.org/10.1145/nnnnnnn.nnnnnnn", None),
        ("Data: https://doi.org/10.5281/zenodo.123456", None),
        ("doi:10.1000/a1\ndoi:10.1000/b2", None),
        (
            "as we wrote in an earlier paper on the same matter, at doi:10.1000/a1, which was well liked",
            None,
        ),
    ],
)
def test_the_doi_of_a_first_page(line: str, doi: str | None) -> None:
    assert doi_of(f"The Thirst of Thyme\n{line}\nAda Lovelace") == doi


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("arXiv:2401.01234v1 [cs.CV] 2 Jan 2024", "2401.01234"),
        ("arXiv:hep-th/9901001v3 5 Jan 1999", "hep-th/9901001"),
        ("as was found earlier (arXiv:2401.01234)", None),
    ],
)
def test_the_arxiv_id_of_a_first_page(line: str, number: str | None) -> None:
    assert arxiv_of(f"The Thirst of Thyme\n{line}\n") == number


def written(*lines: tuple[str, float]) -> Document:
    """A page of these lines below a title and an author, with their sizes."""
    page = Page()
    page.put(80, "The Thirst of Thyme", 17, "Times-Bold")
    page.down(25)
    page.put(80, "Ada Lovelace", 12)
    page.down(25)
    for text, size in lines:
        for line in simpleSplit(text, "Times-Roman", size, 430):
            page.put(80, line, size)
            page.down(1.2 * size)
    page.sheet.save()
    (document,) = pdf.read("paper.pdf", page.out.getvalue()).documents
    return document


REST = (
    ("1 INTRODUCTION", 12.0),
    (f"The introduction begins. {BODY * 3}", 10.0),
    ("2 METHOD", 12.0),
    (BODY, 10.0),
)


@pytest.mark.parametrize(
    "lines",
    [
        (("Abstract", 12.0), (BODY, 10.0), *REST),
        ((f"Abstract {BODY}", 10.0), *REST),
        ((f"ABSTRACT—{BODY}", 10.0), *REST),
        (("Abstract", 12.0), (BODY, 10.0), ("Keywords: thyme, robots", 10.0), *REST),
        ((BODY, 10.0), ("CCS Concepts: Computer systems; Robots", 10.0), *REST),
    ],
    ids=["named", "run in", "dash", "keywords", "unnamed"],
)
def test_an_abstract_ends_where_its_keywords_or_the_first_section_begin(
    lines: tuple[tuple[str, float], ...],
) -> None:
    document = written(*lines)
    assert document.text("abstract") == BODY.strip()
    assert "The introduction begins" in document.text("body")
    assert {"1 INTRODUCTION", "2 METHOD"} <= {block.section for block in document.blocks}
    assert document.authors == ("Ada Lovelace",)


def test_an_abstract_of_which_the_end_is_not_seen_is_no_longer_than_a_page() -> None:
    document = written(("Abstract", 12.0), (BODY * 6, 10.0), ("What the Robots See", 12.0), (BODY * 20, 7.0))
    assert len(document.text("abstract")) < 8000
    assert document.text().count("Garden robots") == 26


def glyphs(text: str, *places: float) -> list[Glyph]:
    """Letters of ten points, each five wide, at these places; without places in a row."""
    starts = places or tuple(5.0 * place for place in range(len(text)))
    return [Glyph(char, 10, left, left + 5, 0, "F", True) for char, left in zip(text, starts, strict=True)]


def test_accents_come_upon_the_letters_that_they_stand_over() -> None:
    assert shown(mended(glyphs("F¸ca", 0, 5, 5, 10))) == "Fça"
    assert shown(mended(glyphs("Loh¨", 0, 5, 10, 5.5))) == "Löh"
    assert (
        shown(mended(glyphs("Wurtz and so on¨", *(5.0 * place for place in range(15)), 5.0)))
        == "Würtz and so on"
    )
    assert shown(mended(glyphs("ı´", 0, 0))) == "í"
    assert shown(mended(glyphs("`word´"))) == "`word´"  # quotes


def test_letter_spaced_and_east_asian_lines_lose_their_blanks() -> None:
    wide = glyphs("A B S T R A C T")
    assert shown(mended(wide)) == "ABSTRACT"
    assert shown(mended(glyphs("水 稻 病 害"))) == "水稻病害"
    assert shown(mended(glyphs("I am a fox"))) == "I am a fox"


def test_a_gap_that_is_no_blank_parts_words() -> None:
    assert shown(mended(glyphs("AConsumer", 0, *(9.0 + 5 * place for place in range(8))))) == "A Consumer"


def shown(line: list[Glyph]) -> str:
    return "".join(glyph.char for glyph in line)
