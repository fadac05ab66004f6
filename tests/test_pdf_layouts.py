"""First pages as publishers and archives set them: title and authors, whatever stands about them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption

from retrieval.models import Document
from tests.pdf_kit import BODY, Page

TITLE = "The Thirst of Thyme: A Field Study of Garden Robots"
TWO_COLUMNS = (("1. Introduction", 11.0), (BODY * 3, 9.5))
GRID = (
    ("Ada Lovelace", "Leaf University", "Reykjavik, Iceland", "ada@example.org"),
    ("Jean-Luc Picard", "Star College", "La Barre, France", "picard@example.org"),
    ("Siobhán Ní Bhriain", "Rain Institute", "Galway, Ireland", "siobhan@example.org"),
    ("Đặng Văn Lâm", "Dill Laboratory", "Hanoi, Vietnam", "lam@example.org"),
)


def ieee() -> Document:
    page = Page()
    page.put(60, "IEEE TRANSACTIONS ON GARDENS, VOL. 12, NO. 3, MARCH 2021", 7)
    page.put(540, "1", 7)
    page.down(40)
    page.put(80, "The Thirst of Thyme:", 24)
    page.down(28)
    page.put(80, "A Field Study of Garden Robots", 24)
    page.down(30)
    page.put(80, "Ada Lovelace, Senior Member, IEEE, Alan M. Turing, and Grace Hopper, Fellow, IEEE", 11)
    page.down(40)
    page.column(50, [(f"Abstract—{BODY}", 9), ("I. INTRODUCTION", 10), (BODY * 3, 10)])
    page.column(320, [(BODY * 4, 10), ("II. METHOD", 10), (BODY, 10)])
    return page.read()


def elsevier() -> Document:
    page = Page()
    page.put(200, "Gardens & Rain 137 (2015) 1–5", 7)
    page.down(30)
    page.put(220, "Contents lists available at ScienceDirect", 8)
    page.down(30)
    page.put(220, "Gardens & Rain", 17)
    page.down(25)
    page.put(200, "journal homepage: www.example.com/locate/gardens", 8)
    page.down(40)
    page.put(50, "The Thirst of Thyme: A Field Study of Garden", 13.5)
    page.down(17)
    page.put(50, "Robots", 13.5)
    page.down(25)
    page.names(50, [("Ada Lovelace", "a,b,∗"), (", Alan M. Turing", "a"), (", Grace Hopper", "b")], 10.5)
    page.down(15)
    page.put(50, "a", 4, up=3)
    page.put(54, "Department of Leaves, Somewhere University, 06500 Ankara, Turkey", 6.5, "Times-Italic")
    page.down(30)
    page.put(50, "a r t i c l e   i n f o", 9)
    page.put(230, "a b s t r a c t", 9)
    page.down(20)
    page.column(50, [("Article history:", 6.5), ("Received 12 December 2014", 6.5)], 150)
    page.column(230, [(BODY, 8)], 320)
    page.down(120)
    page.column(50, TWO_COLUMNS)
    return page.read()


def nature() -> Document:
    page = Page()
    page.put(60, "Article", 9)
    page.down(40)
    page.put(60, "nature", 34, "Helvetica-Bold")
    page.down(40)
    page.put(60, "The Thirst of Thyme: A Field Study", 24, "Times-Bold")
    page.down(28)
    page.put(60, "of Garden Robots", 24, "Times-Bold")
    page.down(30)
    page.put(60, "https://doi.org/10.1000/s41586-021-1", 8)
    page.down(12)
    page.put(60, "Received: 1 January 2021", 8)
    page.down(20)
    row = [("Ada Lovelace", "1,2"), (", Alan M. Turing", "1"), (" & Grace Hopper", "2,3")]
    page.names(60, row, 10, "Helvetica-Bold")
    return page.body()


def preprint_server() -> Document:
    page = Page()
    banner = "bioRxiv preprint doi: https://doi.org/10.1101/2020.01.01.123456; this version posted"
    page.put(60, f"{banner} January 2, 2020. The copyright", 6)
    page.down(8)
    page.put(60, "holder for this preprint (which was not certified by peer review) is the author/funder.", 6)
    page.down(30)
    lines = (
        ("The Thirst of Thyme: A Field Study of Garden", 16.0),
        ("Robots", 16.0),
        ("Ada Lovelace, Alan M. Turing and Grace Hopper", 12.0),
        ("Department of Leaves, Somewhere University", 10.0),
        ("Abstract", 12.0),
        *((BODY[at : at + 70], 10.0) for at in range(0, len(BODY), 70)),
    )
    for number, (text, size) in enumerate(lines, 1):
        page.put(50, str(number), 7)
        page.put(80, text, size)
        page.down(1.6 * size)
    return page.body()


def open_access() -> Document:
    page = Page()
    page.put(50, "PLOS ONE", 22, "Helvetica-Bold")
    page.down(40)
    page.put(200, "RESEARCH ARTICLE", 9)
    page.down(25)
    page.put(200, "The Thirst of Thyme: A Field Study", 18, "Helvetica-Bold")
    page.down(21)
    page.put(200, "of Garden Robots", 18, "Helvetica-Bold")
    page.down(25)
    page.names(
        200, [("Ada Lovelace", "1☯*"), (", Alan M. Turing", "2☯"), (", Grace Hopper", "1")], 10, "Helvetica"
    )
    page.down(15)
    page.put(200, "1 Department of Leaves, Somewhere University, Somewhere, 2 Rain Institute, Elsewhere", 8)
    page.down(30)
    cited = "Citation: Lovelace A, Turing AM, Hopper G (2020) The Thirst of Thyme. PLoS ONE 15(1): e0123456."
    page.column(50, [("OPEN ACCESS", 8), (cited, 7), ("Editor: Ludwig Berg, Elsewhere", 7)], 130)
    page.column(200, [("Abstract", 13), (BODY, 10), ("Introduction", 13), (BODY * 3, 10)], 350)
    return page.read()


def chapter() -> Document:
    page = Page()
    page.put(80, "Chapter 7", 20, "Times-Bold")
    page.down(30)
    page.put(80, "The Thirst of Thyme: A Field Study", 17, "Times-Bold")
    page.down(20)
    page.put(80, "of Garden Robots", 17, "Times-Bold")
    page.down(40)
    page.put(80, "Ada Lovelace, Alan M. Turing, and Grace Hopper", 12, "Times-Bold")
    return page.body()


def archive_cover() -> Document:
    page = Page()
    page.put(80, "HAL open science", 11)
    page.down(60)
    page.put(80, "The Thirst of Thyme: A Field Study of Garden Robots", 20, "Times-Bold")
    page.down(25)
    page.put(80, "Ada Lovelace, Alan M. Turing, Grace Hopper", 14)
    page.down(60)
    page.put(80, "To cite this version:", 12, "Times-Bold")
    page.down(20)
    page.put(90, "Ada Lovelace, Alan M. Turing, Grace Hopper. The Thirst of Thyme: A Field Study of", 10)
    page.down(14)
    page.put(90, "Garden Robots. Gardens and Rain, 2015, 137, pp.1-5. hal-01234567", 10)
    page.down(60)
    page.put(90, "HAL Id: hal-01234567", 12, "Times-Bold")
    page.down(14)
    page.put(90, "https://hal.science/hal-01234567", 10)
    page.down(14)
    page.put(90, "Submitted on 12 Jan 2016", 10)
    page.sheet.showPage()
    page.top = 740
    return page.body()


def double_spaced() -> Document:
    page = Page()
    page.put(100, "The Thirst of Thyme: A Field Study", 20, "Helvetica-Bold")
    page.down(40)
    page.put(180, "of Garden Robots", 20, "Helvetica-Bold")
    page.down(46)
    page.names(80, [("Ada Lovelace,", "†"), ("Alan M. Turing,", "‡"), ("and Grace", "")], 14, "Helvetica")
    page.down(30)
    page.names(240, [("Hopper", "∗,‡")], 14, "Helvetica")
    page.down(35)
    page.put(100, "†Department of Leaves, Somewhere University", 12, "Times-Italic")
    return page.body()


def turned_sheet() -> Document:
    page = Page()
    page.sheet.setPageRotation(90)
    page.sheet.translate(612, 0)
    page.sheet.rotate(90)
    page.top = 560
    return _plain(page)


def openable_by_all() -> Document:
    return _plain(Page(encryption=StandardEncryption("", ownerPassword="theirs", canCopy=0)))


def title_drawn_last() -> Document:
    page = Page()
    page.top = 600
    page.column(80, [("Abstract", 12), (BODY, 10), ("1. Introduction", 12), (BODY * 3, 10)], 430)
    page.top = 660
    page.put(80, "Ada Lovelace, Alan M. Turing and Grace Hopper", 12)
    page.top = 700
    page.put(80, TITLE, 17, "Times-Bold")
    return page.read()


def unseen_text_over_a_scan() -> Document:
    page = Page()
    page.sheet.saveState()
    page.sheet._code.append("3 Tr")  # letters that are not painted, as text recognition lays them over a scan
    return _plain(page)


def hardly_larger() -> Document:
    page = Page()
    page.put(80, "The Thirst of Thyme: A Field Study of Garden Robots", 11)
    page.down(30)
    page.put(80, "Ada Lovelace, Alan M. Turing and Grace Hopper", 10)
    return page.body()


def letter_spaced() -> Document:
    page = Page()
    left = 60.0
    for word in TITLE.upper().split():
        for char in word:
            left = page.put(left, char, 13, "Times-Bold") + 5.5
        left += 9
        if left > 480:
            left = 60.0
            page.down(16)
    page.down(30)
    page.put(80, "Ada Lovelace, Alan M. Turing and Grace Hopper", 10)
    return page.body()


def family_names_in_capitals() -> Document:
    page = Page()
    page.put(60, TITLE, 17, "Times-Bold")
    page.down(30)
    page.put(60, "Ada LOVELACE, Alan M. TURING, Grace HOPPER", 11)
    return page.body()


def author_above_the_title() -> Document:
    page = Page()
    page.put(60, "Ada Lovelace, Alan M. Turing and Grace Hopper", 12)
    page.down(30)
    page.put(60, TITLE, 17, "Times-Bold")
    page.down(14)
    return page.body()


def smaller_than_its_headings() -> Document:
    page = Page()
    page.put(60, TITLE.upper(), 10, "Times-Bold")
    page.down(20)
    page.put(60, "ADA LOVELACE, ALAN M. TURING AND GRACE HOPPER", 10)
    page.down(30)
    page.column(60, [(BODY, 10), ("Introduction", 14), (BODY * 2, 10), ("Study Design", 14)], 450)
    page.down(220)
    return page.body()


def one_name_by_itself_before_a_list() -> Document:
    page = Page()
    page.put(60, TITLE, 17, "Times-Bold")
    page.down(30)
    page.names(60, [("Ada Lovelace,", "1"), ("Alan M. Turing,", "1,2")])
    page.down(16)
    page.names(60, [(", and Grace", "")])
    page.down(16)
    page.names(60, [("Hopper", "2")])
    page.down(20)
    page.put(60, "1 Instytut Lisci, Warsaw, Poland", 12)
    page.down(14)
    page.put(60, "2 Robot House, Leiden", 12)
    return page.body()


def _plain(page: Page) -> Document:
    page.put(60, TITLE, 17, "Times-Bold")
    page.down(30)
    page.put(60, "Ada Lovelace, Alan M. Turing and Grace Hopper", 12)
    return page.body()


LAYOUTS = (
    ieee, elsevier, nature, preprint_server, open_access, chapter, archive_cover, double_spaced, turned_sheet,
    openable_by_all, title_drawn_last, unseen_text_over_a_scan, hardly_larger, letter_spaced,
    family_names_in_capitals, one_name_by_itself_before_a_list,
    smaller_than_its_headings, author_above_the_title,
)  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
def test_title_and_authors(layout: Callable[[], Document]) -> None:
    document = layout()
    assert (document.title or "").casefold() == TITLE.casefold()
    assert document.authors == ("Ada Lovelace", "Alan M. Turing", "Grace Hopper")
    assert BODY[:40] in document.text().replace("\n", " ")


def test_names_in_a_grid_above_their_places() -> None:
    page = Page()
    page.put(60, TITLE, 17, "Times-Bold")
    page.down(30)
    for row in (GRID[:2], GRID[2:]):
        for line in range(4):
            for column, cells in enumerate(row):
                text = cells[line].encode("latin-1", "ignore").decode("latin-1")
                page.put(90 + 230 * column, text, 12 if line == 0 else 10)
            page.down(13)
        page.down(10)
    assert page.body().authors[:3] == ("Ada Lovelace", "Jean-Luc Picard", "Siobhán Ní Bhriain")
