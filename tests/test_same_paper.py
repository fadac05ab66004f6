"""How titles are told apart, what stays in doubt, what a person says of it, and the measured figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.identity import SAMPLES, judge, papers_of, precision, recall, total
from benchmarks.kinds import KINDS
from retrieval.identity import Said, identify
from retrieval.identity.titles import Likeness, Title, likeness
from retrieval.identity.traits import arxiv_id
from retrieval.models import Block, Document

COMMON = {"supervised", "unsupervised", "learning", "for", "generation", "generalization", "hand", "band"}
TITLE = "Weakly Supervised Grounding of Sentences for Garden Robots"


def like(one: str, other: str) -> Likeness:
    return likeness(Title.of(one), Title.of(other), lambda a, b: {a, b} <= COMMON)


@pytest.mark.parametrize(
    "other",
    [
        "Weakly Supervised Gruonding of Sentences for Garden Robots",
        "Weakly Supervised Grounding of Sentences f0r Garden Robots",
        "Weakly 5upervised Grounding of Sentences for Garden Robots",
        "Weakly-Supervised Grounding ofSentences for Garden Robot",
        "Weakly Supervised Grounding of Sentenccs for Garden R0bots",
    ],
)
def test_letters_may_be_wrong_in_a_title(other: str) -> None:
    assert like(TITLE, other) is Likeness.MISSPELT
    assert like(other, TITLE) is Likeness.MISSPELT


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (TITLE, TITLE.replace("Supervised", "Unsupervised")),
        (TITLE, TITLE.replace("Sentences", "Paragraphs")),
        (f"{TITLE}, Part I", f"{TITLE}, Part II"),
        (f"{TITLE} 1", f"{TITLE} 2"),
        (TITLE, f"{TITLE} 2"),
        (TITLE, f"{TITLE}++"),
        (TITLE, f"{TITLE}: Supplementary Material"),
        (TITLE, f"Comment on {TITLE}"),
        ("Scene Reconstruction in 2D from Photos", "Scene Reconstruction in 3D from Photos"),
        ("YOLOX: Finding Things in Pictures", "YOLOF: Finding Things in Pictures"),
        ("Domain Generation for a Hand of Robots", "Domain Generation for a Band of Robots"),
        ("FFF", "FFE"),
    ],
)
def test_another_word_or_number_is_another_title(one: str, other: str) -> None:
    assert like(one, other) is Likeness.OTHER
    assert like(other, one) is Likeness.OTHER


def test_a_cut_title_shows_it_by_dots_a_torn_word_or_a_word_that_links() -> None:
    assert like("Weakly Supervised Grounding of…", TITLE) is Likeness.CUT
    assert like("Weakly Supervised Grounding of Sentences...", TITLE) is Likeness.CUT
    assert like("Weakly Supervised Grounding of Sent", TITLE) is Likeness.CUT
    assert like("Weakly Supervised Grounding of Sentences for", TITLE) is Likeness.CUT
    assert like("Weakly Supervised Gruonding of Sentences", TITLE) is Likeness.BEGINS
    assert like("Weakly Supervised", TITLE) is Likeness.OTHER  # three words may begin anything


def test_a_name_before_a_colon_may_come_later_but_no_notice_is_the_paper() -> None:
    assert like(f"GroundIt: {TITLE}", TITLE) is Likeness.UNNAMED
    assert like(f"Correction: {TITLE}", TITLE) is Likeness.OTHER
    assert like("GroundIt: For Robots", "For Robots") is Likeness.OTHER


def test_initials_are_enough_to_know_the_people_of_a_cut_title() -> None:
    whole = record("a", TITLE, "Ada Lovelace", "Grace Hopper", "Alan Turing")
    cut = record("b", TITLE.removesuffix(" for Garden Robots"), "A. Lovelace", "G. Hopper")
    assert len(identify((whole, cut)).groups) == 1
    others = record("c", TITLE.removesuffix(" for Garden Robots"), "A. Lovelace", "Cem D", "Emil F")
    assert len(identify((whole, others)).groups) == 2


def test_nobody_is_no_author_in_common() -> None:
    one, other = (
        record(source, TITLE, name, "et al.", "others") for source, name in (("a", "Ada B"), ("b", "Cem D"))
    )
    assert len(identify((one, other)).groups) == 2


@pytest.mark.parametrize(
    "document",
    [
        Document("a", None, doi="10.48550/arXiv.2301.01234"),
        Document("a", None, url="https://arxiv.org/abs/2301.01234v3"),
        Document("a", None, url="http://arxiv.org/pdf/2301.01234.pdf"),
        Document("a", None, extra=(("arXiv", "2301.01234v1"),)),
        Document("a", None, extra=(("eprint", "2301.01234"),)),
    ],
)
def test_an_arxiv_id_is_found_wherever_it_stands(document: Document) -> None:
    assert arxiv_id(document) == "2301.01234"


def test_a_number_that_is_no_arxiv_id_is_none() -> None:
    assert arxiv_id(Document("a", None, doi="10.1109/2301.01234", extra=(("eprint", "12"),))) is None


# -- what stays in doubt, and what a person says


def record(
    source: str, title: str, *authors: str, year: int | None = 2020, doi: str | None = None
) -> Document:
    return Document(source, title, authors, year, doi=doi)


def together(*documents: Document, said: Said = Said()) -> list[list[str]]:  # noqa: B008
    return [sorted(one.source for one in members) for members in identify(documents, said).groups]


ADA = record("ada", TITLE, "Ada Lovelace", doi="10.1/a")


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (record("b", TITLE, "Grace Hopper"), "the same title; but no author is the same"),
        (record("b", TITLE, "Ada Lovelace", year=2011), "the same title; but years 2020 and 2011"),
        (record("b", TITLE, "Ada Lovelace", doi="10.1/b"), "the same title; but two DOIs"),
        (
            record("b", TITLE.replace("Sentences", "Centences"), "Grace Hopper"),
            "titles that differ as by misspelling; but no author is the same",
        ),
        (
            record("b", f"{TITLE} at Sea", "Ada Lovelace", year=2021),
            "one title begins the other; but the longer one may be another paper",
        ),
        (
            record("b", "Cats and Dogs", "Ada Lovelace", doi="10.1/a"),
            "the same DOI 10.1/a, under different titles",
        ),
    ],
)
def test_a_near_case_says_what_speaks_for_and_against_it(other: Document, reason: str) -> None:
    found = identify((ADA, other))
    assert len(found.groups) == 2
    assert [(near.one, near.other, near.reason) for near in found.near] == [("ada", "b", reason)]


def test_what_is_one_paper_or_has_nothing_in_common_is_no_near_case() -> None:
    same, stranger = record("b", TITLE.upper(), "A. Lovelace"), record("c", "Cats and Dogs", "Ada Lovelace")
    assert identify((ADA, same, stranger)).near == ()


def test_a_title_of_two_papers_leaves_the_nameless_one_in_doubt() -> None:
    grace, nobody = record("grace", TITLE, "Grace Hopper"), record("nobody", TITLE)
    found = identify((ADA, grace, nobody))
    assert len(found.groups) == 3
    assert {near.reason for near in found.near if near.other == "nobody"} == {
        "the same title; but another paper has it too"
    }


def test_what_a_person_said_goes_before_everything() -> None:
    same, stranger = record("b", TITLE, "A. Lovelace"), record("c", "Cats and Dogs", "Alan Turing")
    assert together(ADA, same, stranger) == [["ada", "b"], ["c"]]
    assert together(ADA, same, stranger, said=Said(apart=(("ada", "b"),))) == [["ada"], ["b"], ["c"]]
    assert together(ADA, same, stranger, said=Said(same=(("c", "ada"),))) == [["ada", "b", "c"]]
    assert identify((ADA, same), Said(apart=(("b", "ada"),))).near == ()


def test_nothing_brings_together_by_a_detour_what_a_person_parted() -> None:
    one, other, third = (record(source, TITLE, "Ada Lovelace") for source in "abc")
    assert together(one, other, third, said=Said(apart=(("a", "b"),))) == [["a", "c"], ["b"]]


def test_what_was_said_of_a_source_that_is_gone_waits_for_it() -> None:
    assert together(ADA, said=Said(same=(("ada", "gone"),), apart=(("gone", "ada"),))) == [["ada"]]


def test_a_preprint_of_long_ago_is_the_printed_paper_by_its_text() -> None:
    words = " ".join(f"word{number}" for number in range(60))
    text = (Block(words, kind="abstract"),)
    early = Document("early", TITLE, ("Ada Lovelace",), 2015, blocks=text)
    printed = Document("printed", TITLE, ("Ada Lovelace",), 2020, blocks=text)
    assert together(early, printed) == [["early", "printed"]]


# -- the figures


def figures(folder: Path) -> tuple[float, float]:
    papers = papers_of(folder)
    rows = [total([judge(papers, kind, 0)[0]], kind.name) for kind in KINDS]
    assert sum(row.pairs for row in rows) > 20 * len(papers) / 2
    return precision(rows), recall(rows)


def test_the_samples_are_told_apart_and_brought_together() -> None:
    right, found = figures(SAMPLES)
    assert right >= 0.99 and found >= 0.95


@pytest.mark.long
def test_so_is_the_corpus(corpus: Path) -> None:
    right, found = figures(corpus)
    assert right >= 0.99 and found >= 0.95
