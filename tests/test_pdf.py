"""PDF files made here: one paper each, with the page numbers that are printed on them."""

from __future__ import annotations

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from reportlab.lib.pagesizes import A4, letter
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen import canvas

from retrieval.errors import UnreadableFile
from retrieval.models import Document
from retrieval.readers import read_file
from retrieval.readers.pdf_pages import (
    printed_numbers,
    tidy,
    whole_words,
    without_line_numbers,
    without_running_lines,
)
from retrieval.readers.pdf_titles import TypedLine, title_of

TITLE = ("Gardens That Water", "Themselves: A Field Study")
ABSTRACT = (
    "We ask how a robot that tends a garden can learn which plants are thirsty without being told. Our "
    "method watches the leaves for a week and predicts the next watering from their colour. It needs no "
    "labels at all."
)
PLANTS = ("basil", "thyme", "sage", "mint", "dill", "chives", "rosemary", "parsley")


def printed(place: int) -> str:
    return str(2984 + place)


def unnumbered(_place: int) -> str:
    return ""


def column(page: canvas.Canvas, left: float, top: float, parts: list[tuple[float, str]]) -> None:
    for size, text in parts:
        for line in simpleSplit(text, "Times-Roman", size, 225):
            page.setFont("Times-Roman", size)
            page.drawString(left, top, line)
            top -= 1.2 * size
        top -= 6


def make_pdf(
    pages: int = 4,
    number: Callable[[int], str] = printed,
    banner: str = "",
    stamp: str = "",
    metadata: str = "",
    password: str = "",
    title: tuple[str, ...] = TITLE,
    blank: bool = False,
) -> bytes:
    """Two columns, a title in large type, numbers at the foot."""
    out = io.BytesIO()
    encryption = StandardEncryption(password, canPrint=0) if password else None
    page = canvas.Canvas(out, pagesize=letter, encrypt=encryption)
    page.setTitle(metadata or "untitled")
    for place in range(pages):
        page.setFont("Times-Roman", 9)
        page.drawString(60, 770, banner)
        page.drawCentredString(306, 30, number(place))
        body = [(10.0, f"The {PLANTS[place * 2]} grows in bed {place}. " + "It drinks in the morning. " * 9)]
        other = [(10.0, f"The {PLANTS[place * 2 + 1]} grows there too. " + "It drinks in the evening. " * 9)]
        top = 720.0
        if place == 0:
            if stamp:
                page.saveState()
                page.setFont("Times-Roman", 20)
                page.translate(30, 300)
                page.rotate(90)
                page.drawString(0, 0, stamp)
                page.restoreState()
            for line in title:
                page.setFont("Times-Bold", 17)
                page.drawCentredString(306, top, line)
                top -= 21
            page.setFont("Times-Roman", 12)
            page.drawCentredString(306, top, "Ada Lovelace1, Alan Turing2")
            page.drawCentredString(306, top - 15, "1University of Somewhere 2Institute of Elsewhere")
            top -= 50
            body = [(12.0, "Abstract"), (10.0, ABSTRACT), (12.0, "1. Introduction"), *body]
        elif place == pages - 1:
            other += [(12.0, "References"), (10.0, "[1] G. Hopper. Bugs in the garden. 1947.")]
        column(page, 60, top, body)
        column(page, 320, top, other)
        page.showPage()
    if blank:
        page.showPage()
    page.save()
    return out.getvalue()


def read(data: bytes, name: str = "paper.pdf") -> Document:
    reading = read_file(name, data)
    (document,) = reading.documents
    assert reading.notes == ()
    return document


def page_of(document: Document, word: str) -> int | None:
    return next(block.page for block in document.blocks if word in block.text)


def test_a_paper_with_its_printed_pages() -> None:
    document = read(make_pdf(), "folder/Lovelace_Gardens_CVPR_2024_paper.pdf")
    assert document.source == "folder/Lovelace_Gardens_CVPR_2024_paper.pdf"
    assert document.title == "Gardens That Water Themselves: A Field Study"
    assert document.authors == ("Ada Lovelace", "Alan Turing")
    assert (document.venue, document.year) == ("CVPR", 2024)
    assert document.text("abstract") == ABSTRACT
    for place in range(8):
        assert page_of(document, PLANTS[place]) == 2984 + place // 2
    assert "Hopper" not in document.text()
    assert "2985" not in document.text()


def test_columns_are_read_one_after_the_other() -> None:
    text = read(make_pdf(), "paper.pdf").text()
    places = [text.index(plant) for plant in PLANTS]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("number", "first"),
    [
        (unnumbered, 1),
        (lambda place: f"- {place + 7} -", 7),
        (lambda place: f"Page {place + 12} of 30", 12),
        (lambda place: "17", 1),  # the same number on every page is no page's number
    ],
)
def test_pages_are_numbered_as_printed_or_counted(number: Callable[[int], str], first: int) -> None:
    document = read(make_pdf(number=number))
    assert [page_of(document, plant) for plant in PLANTS[::2]] == [first, first + 1, first + 2, first + 3]


def test_what_stands_on_every_page_is_no_text_and_no_title() -> None:
    banner = "Published as a conference paper at ICLR 2021"
    document = read(make_pdf(banner=banner))
    assert document.title == "Gardens That Water Themselves: A Field Study"
    assert (document.venue, document.year) == ("ICLR", 2021)
    assert "conference paper" not in document.text()


def test_the_stamp_of_a_preprint_is_no_title() -> None:
    assert read(make_pdf(stamp="arXiv:2401.01234v1 [cs.CV] 2 Jan 2024")).title == " ".join(TITLE)


@pytest.mark.parametrize(
    "metadata", ["Microsoft Word - final3.doc", "CVPR Paper Template", "A Wholly Other Paper"]
)
def test_a_title_in_the_metadata_that_the_page_does_not_show_is_not_believed(metadata: str) -> None:
    assert read(make_pdf(metadata=metadata)).title == " ".join(TITLE)


def test_a_title_in_the_metadata_that_the_page_shows_mends_its_letters() -> None:
    lines = [TypedLine("GARDENS THAT WATER", 17, 17), TypedLine("body text of the page", 10, 400)]
    page = "GARDENS THAT\nWATER\nbody text of the page"
    assert title_of(lines, "Gardens that Water", page) == "Gardens that Water"
    assert title_of(lines, "", page) == "GARDENS THAT WATER"


def test_other_sizes_of_paper_and_one_page_alone() -> None:
    out = io.BytesIO()
    page = canvas.Canvas(out, pagesize=A4)
    page.setFont("Helvetica-Bold", 20)
    page.drawString(72, 760, "Mask and Leaf")
    column(page, 72, 700, [(10.0, "Abstract"), (10.0, ABSTRACT)])
    page.save()
    document = read(out.getvalue())
    assert document.title == "Mask and Leaf"
    assert {block.page for block in document.blocks} == {1}


def refused(data: bytes) -> str:
    with pytest.raises(UnreadableFile) as raised:
        read_file("paper.pdf", data)
    return str(raised.value)


def test_files_that_cannot_be_read_say_why() -> None:
    whole = make_pdf()
    assert "truncated" in refused(whole[: len(whole) // 2])
    assert "truncated" in refused(make_pdf(blank=True)[:-20])
    assert "encrypted" in refused(make_pdf(password="secret"))
    assert "damaged" in refused(b"%PDF-1.7\n" + b"nothing of the kind\n" * 20 + b"%%EOF")


def test_a_file_that_lacks_its_end_alone_is_read_with_a_note() -> None:
    (document,), notes = (reading := read_file("paper.pdf", make_pdf()[:-20])).documents, reading.notes
    assert document.title == " ".join(TITLE)
    assert page_of(document, PLANTS[-1]) == 2987
    assert notes == ("its end is missing (no %%EOF), but all of its 4 pages could be read",)


def manual() -> bytes:
    """Pages of sentences below a title, without an abstract, with a heading on the last page alone."""
    out = io.BytesIO()
    page = canvas.Canvas(out, pagesize=letter)
    for place in range(6):
        page.setFont("Times-Bold", 22)
        if place == 0:
            page.drawString(60, 740, "The Handbook of Robots")
        parts = [(10.0, f"Robot number {n} of page {place} waters the bed when it is dry.") for n in range(9)]
        if place == 5:
            parts.insert(3, (12.0, "1. Introduction"))
        column(page, 60, 700, parts)
        page.drawCentredString(306, 30, str(place + 1))
        page.showPage()
    page.save()
    return out.getvalue()


def test_sentences_above_the_first_heading_are_kept() -> None:
    document = read(manual())
    assert document.title == "The Handbook of Robots"
    for place in range(6):
        for number in range(9):
            assert page_of(document, f"Robot number {number} of page {place} waters") == place + 1


HEADED = (
    "Garden robots have been built for many years by many people, and most of them could not see at all. ",
    "We give each of them a camera that looks at the leaves, and a small model that says what they lack. ",
    "The model is trained on pictures of leaves that were taken in the morning and in the late evening. ",
)


def test_a_paper_of_two_columns_with_figures_heads_and_references() -> None:
    out = io.BytesIO()
    page = canvas.Canvas(out, pagesize=letter)
    for place in range(3):
        page.setFont("Times-Roman", 8)
        page.drawString(60, 765, "Lovelace and Turing: Gardens That Water Themselves" if place else "")
        page.drawCentredString(306, 30, str(place + 1))
        text = [f"Left text {place}. {HEADED[place] * 3}", f"Right text {place}. {HEADED[place] * 3}"]
        left, right = [(10.0, text[0])], [(10.0, text[1])]
        top = 720.0
        if place == 0:
            for at, line in enumerate(TITLE):
                page.setFont("Times-Bold", 17)
                page.drawCentredString(306, 730 - 21 * at, line)
            page.setFont("Times-Roman", 12)
            page.drawCentredString(306, 680, "Ada Lovelace, Alan Turing")
            page.setFont("Times-Roman", 10)
            page.drawCentredString(306, 665, "University of Somewhere, {ada, alan}@example.org")
            top = 630
            left = [(12.0, "Abstract"), (10.0, ABSTRACT), (12.0, "1. Introduction"), *left]
        elif place == 1:
            left.append((9.0, "Figure 1. The robot looks at a leaf of each plant."))
            right = [(12.0, "2. Method"), *right]
        else:
            entry = "G. Hopper. Bugs in the garden. In Proceedings of the Gardens, 1947."
            right += [(12.0, "References"), *((9.0, f"[{n}] {entry}") for n in range(1, 5))]
        column(page, 60, top, left)
        column(page, 320, top, right)
        page.showPage()
    page.save()
    document = read(out.getvalue())
    body = document.text("abstract", "body")
    assert document.title == " ".join(TITLE)
    assert document.authors == ("Ada Lovelace", "Alan Turing")
    places = [body.index(f"{side} text {place}.") for place in range(3) for side in ("Left", "Right")]
    assert places == sorted(places)
    assert document.text("caption") == "Figure 1. The robot looks at a leaf of each plant."
    assert not any(word in document.text() for word in ("Hopper", "Lovelace and Turing", "example.org"))
    assert [page_of(document, f"Right text {place}") for place in range(3)] == [1, 2, 3]
    assert {block.section for block in document.blocks} >= {"Abstract", "1. Introduction", "2. Method"}


def test_scanned_pages_ask_for_text_recognition() -> None:
    out = io.BytesIO()
    page = canvas.Canvas(out, pagesize=letter)
    for _ in range(3):
        page.rect(100, 100, 300, 500, fill=1)
        page.showPage()
    page.save()
    assert "text layer" in refused(out.getvalue())


def test_a_hyphen_at_a_lines_end_is_a_hyphen() -> None:
    assert tidy("the im\x02\r\nage of one\r\n") == "the im-\nage of one\n"


def test_the_line_that_a_cut_word_ends_is_told_from_the_next() -> None:
    assert tidy("a consec\x02utive list\r\nof re\x02Table 1: Words") == (
        "a consec-\nutive list\nof re-\nTable 1: Words"
    )


def test_a_title_is_mended_where_the_text_has_its_words_whole() -> None:
    text = "Ur-\nban gardens and urban long-term plans, spon-\nsored by none"
    assert whole_words("Ur-ban and Long-term Plans, Spon-sored", text) == (
        "Urban and Long-term Plans, Spon-sored"
    )


def test_numbers_are_believed_only_where_they_count_on() -> None:
    assert printed_numbers(["a\n5", "b\n6", "c", "d\n8"]) == [5, 6, 7, 8]
    assert printed_numbers(["a\n5", "b\n11", "c\n2", "d\n9"]) == [None] * 4
    assert printed_numbers(["Leaves 41\na", "42 Lovelace et al.\nb", "Leaves 43\nc"]) == [41, 42, 43]


def test_sentences_and_headings_at_the_edge_stay() -> None:
    pages = [
        f"{n}. Method\nIt drinks in the morning.\nword {n} of many\nThat is all.\n{n + 4}"
        for n in range(1, 4)
    ]
    kept = without_running_lines(pages, [5, 6, 7])
    assert kept == [page.rsplit("\n", 1)[0] for page in pages]


def test_threads_may_read_at_once() -> None:
    def counting_from(first: int) -> Callable[[int], str]:
        return lambda place: str(first + place)

    files = [make_pdf(number=counting_from(first)) for first in (100, 200, 300, 400)]
    with ThreadPoolExecutor(4) as pool:
        documents = list(pool.map(read, files * 3))
    assert [page_of(document, "basil") for document in documents] == [100, 200, 300, 400] * 3


def counted(first: int, words: str = "and so on") -> str:
    return "4 Lovelace et al.\n" + "\n".join(f"{number} {words}" for number in range(first, first + 12))


def test_the_numbers_of_a_manuscript_s_lines_are_left_out() -> None:
    plain = "4 Lovelace et al.\n" + "\n".join(["and so on"] * 12)
    assert without_line_numbers([counted(1), counted(13)]) == [plain, plain]
    skipped = counted(1).replace("5 and so on", "and so on")
    assert without_line_numbers([skipped]) == [plain]


def test_a_listing_on_one_page_of_many_keeps_its_numbers() -> None:
    prose = "\n".join(["Garden robots water the thyme."] * 20)
    assert without_line_numbers([counted(1), prose, prose]) == [counted(1), prose, prose]
