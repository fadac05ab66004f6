"""The same paper from two sources is one paper; two papers that share a name are two."""

from __future__ import annotations

import random
import time
import tracemalloc
from pathlib import Path

import pytest

from retrieval.identity import group, identify, merge, normal_title
from retrieval.models import Block, BlockKind, Document
from retrieval.readers import read_file

WORDS = ("garden", "robot", "leaf", "water", "valve", "summer", "bed", "colour", "camera", "night", "stem")


def text_of(seed: int, words: int = 150) -> str:
    """Words in an order of their own for each seed."""
    chance = random.Random(seed)
    return " ".join(
        f"{chance.choice(WORDS)}{chance.choice(('', 's', 'ed', 'ing', 'ly'))}" for _ in range(words)
    )


def paper(
    source: str,
    title: str | None = None,
    *authors: str,
    text: str = "",
    kind: BlockKind = "abstract",
    year: int | None = None,
    doi: str | None = None,
) -> Document:
    blocks = (Block(text, kind=kind),) if text else ()
    return Document(source, title, authors=authors, year=year, doi=doi, blocks=blocks)


def groups(*documents: Document) -> list[list[str]]:
    return [[document.source for document in members] for members in group(documents)]


LONG = "Gardens That Water Themselves"


def test_the_same_doi_is_the_same_paper() -> None:
    one, other = paper("a", "Gardens", doi="10.1234/ABC"), paper("b", "Gardens!", doi="10.1234/abc")
    assert groups(one, other) == [["a", "b"]]


def test_brief_abstracts_made_alike_are_of_two_papers_where_the_titles_are_others() -> None:
    words = text_of(1, 24).split()
    other = " ".join(("kite", "sail", *words[2:]))
    kites = paper("a", "On Kites and Their Tails", "Ada Lovelace", text=" ".join(words))
    vessels = paper("b", "Sailing Small Vessels", "Ada Lovelace", text=other)
    found = identify([kites, vessels])
    assert [len(members) for members in found.groups] == [1, 1]
    assert [near.reason for near in found.near] == [
        "the same text; but it is brief, and the titles are others"
    ]
    again = paper("b", "Sailing Small Vessels", "Ada Lovelace", text=" ".join(words))
    assert groups(kites, again) == [["a", "b"]], "the whole text is the same: one title is wrong"


def test_a_doi_that_a_whole_volume_shares_proves_nothing() -> None:
    one = paper("a", "Leaves in the Morning", "Ada Lovelace", doi="10.1234/volume")
    other = paper("b", "Robots of the Night", "Alan Turing", doi="10.1234/volume")
    third = paper("c", "A Wholly Different Title", "Alan Turing", doi="10.1234/volume")
    assert groups(one, other, third) == [["a"], ["b"], ["c"]]


def test_one_doi_and_one_text_under_two_titles_is_one_paper() -> None:
    one = paper("a", "Robots of the Night", "Alan Turing", doi="10.1234/a", text=text_of(1))
    preprint = paper("b", "A First Title", "Alan Turing", doi="10.1234/a", text=damaged(text_of(1)))
    assert groups(one, preprint) == [["a", "b"]]


@pytest.mark.parametrize(
    "title",
    [
        "GARDENS that water themselves",
        "Gardens That Water Themselves.",
        "Gardens-That Water  Them selves",
        "Gárdens Thät Wäter Themselves",
    ],
)
def test_the_same_title_with_an_author_in_common_is_the_same_paper(title: str) -> None:
    one = paper("a", LONG, "Ada Lovelace", "Alan Turing")
    other = paper("b", title, "TURING Alan M.")
    assert groups(one, other) == [["a", "b"]]


def test_the_same_title_by_others_is_another_paper() -> None:
    assert groups(paper("a", LONG, "Ada Lovelace"), paper("b", LONG, "Grace Hopper")) == [["a"], ["b"]]


def test_a_source_without_authors_joins_the_one_paper_of_its_title() -> None:
    assert groups(paper("a", LONG, "Ada Lovelace"), paper("b", LONG)) == [["a", "b"]]
    assert groups(paper("a", LONG), paper("b", LONG)) == [["a", "b"]]


def test_a_source_without_authors_never_joins_two_papers() -> None:
    two = paper("a", LONG, "Ada Lovelace"), paper("b", LONG, "Grace Hopper")
    assert groups(*two, paper("c", LONG)) == [["a"], ["b"], ["c"]]


def test_years_dois_and_abstracts_may_speak_against_a_title_alone() -> None:
    one = paper("a", LONG, "Ada Lovelace", year=1958, doi="10.1/a", text=text_of(1))
    assert groups(one, paper("b", LONG, year=2019)) == [["a"], ["b"]]
    assert groups(one, paper("b", LONG, doi="10.1/b")) == [["a"], ["b"]]
    assert groups(one, paper("b", LONG, text=text_of(2))) == [["a"], ["b"]]
    assert groups(one, paper("b", LONG, year=1959, text="Short.")) == [["a", "b"]]


SURVEY = "A Survey of Deep Learning Methods for Gardens"


def test_a_usual_title_by_an_author_of_that_name_may_be_another_paper() -> None:
    one = paper("a", SURVEY, "Wei Wang", year=2015, doi="10.1/a", text=text_of(1))
    assert groups(one, paper("b", SURVEY, "Wei Wang", year=2023)) == [["a"], ["b"]]
    assert groups(one, paper("b", SURVEY, "Wei Wang", text=text_of(2))) == [["a"], ["b"]]
    assert groups(one, paper("b", SURVEY, "Wei Wang", doi="10.1/b")) == [["a"], ["b"]]
    assert groups(one, paper("b", SURVEY, "Wen Wang")) == [["a"], ["b"]]
    assert groups(one, paper("b", SURVEY, "W. Wang", year=2016, doi="10.9/b")) == [["a", "b"]]


def test_a_source_that_says_little_brings_no_two_papers_together() -> None:
    little = paper("a", SURVEY, "Wei Wang")
    one, other = (paper(name, SURVEY, "Wei Wang", year=year) for name, year in (("b", 2015), ("c", 2023)))
    assert groups(little, one, other) == [["a", "b"], ["c"]]


@pytest.mark.parametrize("authors", [(), ("Ada Lovelace",)])
def test_a_name_alone_is_no_proof(authors: tuple[str, ...]) -> None:
    assert groups(paper("a", "FFF", *authors), paper("b", "FFF")) == [["a"], ["b"]]
    assert groups(paper("a", "FFF", "Ada Lovelace"), paper("b", "FFF", "Grace Hopper")) == [["a"], ["b"]]
    assert groups(paper("a", "FFF", "Ada Lovelace"), paper("b", "FFF", "A. Lovelace")) == [["a", "b"]]


def test_untitled_labels_are_never_compared() -> None:
    one, other = Document("a", None, label=LONG), Document("b", LONG)
    assert groups(one, other) == [["a"], ["b"]]


def damaged(text: str) -> str:
    """As another source prints it: broken lines with hyphens, ligatures, capitals, and the end missing."""
    words = text[: len(text) * 3 // 4].replace("field", "ﬁeld").split()
    words[::9] = [f"{word[:3]}-\n{word[3:]}" if len(word) > 5 else word.upper() for word in words[::9]]
    return " ".join(words)


def test_a_first_page_meets_its_paper_by_its_text() -> None:
    whole = paper("whole", LONG, "Ada Lovelace", text=text_of(1))
    page = paper("page", text=damaged(text_of(1)))
    stranger = paper("stranger", text=text_of(2))
    assert groups(page, stranger, whole) == [["whole", "page"], ["stranger"]]


def test_a_page_whose_abstract_was_not_told_apart_meets_it_too() -> None:
    whole = paper("whole", LONG, text=text_of(1))
    page = paper("page", text=f"{text_of(1)} {text_of(3, 200)}", kind="body")
    assert groups(whole, page) == [["page", "whole"]]


def test_papers_that_share_a_sentence_or_a_short_text_are_two() -> None:
    same = text_of(9, 40)
    assert groups(paper("a", text=f"{text_of(1)} {same}"), paper("b", text=f"{text_of(2)} {same}")) == [
        ["a"],
        ["b"],
    ]
    assert groups(
        paper("a", text="No abstract is available here."), paper("b", text="No abstract is available here.")
    ) == [
        ["a"],
        ["b"],
    ]


def test_the_same_text_under_other_titles_by_others_is_two_papers() -> None:
    one = paper("a", "Leaves in the Morning", "Ada Lovelace", text=text_of(1))
    other = paper("b", "Robots of the Night", "Grace Hopper", text=text_of(1))
    assert groups(one, other) == [["a"], ["b"]]


def test_a_series_by_several_hands_is_not_one_paper() -> None:
    one = paper("a", "Guidelines for Graduate Gardens", "Ada Lovelace", text=text_of(1))
    other = paper("b", "Guidelines for Undergraduate Gardens", "Grace Hopper", text=text_of(1))
    assert groups(one, other) == [["a"], ["b"]]


def test_a_yearly_editorial_is_another_one_each_year() -> None:
    one = paper("a", "Editorial", "Ada Lovelace", text=text_of(1))
    assert groups(one, paper("b", "Editorial", "Ada Lovelace", text=text_of(2))) == [["a"], ["b"]]


def test_summaries_are_no_text_of_the_paper() -> None:
    one, other = (paper(source, text=text_of(1), kind="summary") for source in "ab")
    assert groups(one, other) == [["a"], ["b"]]


def test_merging_takes_each_fact_from_who_knows_it() -> None:
    full = Document(
        "ocr.txt#1",
        "Gardens That Water Themselve5",
        authors=("A. Lovelace",),
        year=2024,
        code_url="https://github.com/example/garden",
        blocks=(Block("Abstract as scanned.", kind="abstract"), Block("Body. " * 50)),
        extra=(("owner", "ada"),),
    )
    listed = Document(
        "list.md#10.1/a",
        LONG,
        authors=("Ada Lovelace",),
        year=2023,
        venue="CVPR",
        doi="10.1/a",
        url="https://x.org",
    )
    page = Document("first.txt#3", None, label="Gardens: a label", extra=(("owner", "ada"),))
    paper = merge((full, page, listed))
    assert (paper.title, paper.title_is_label) == (LONG, False)
    assert (paper.authors, paper.year, paper.venue) == (("Ada Lovelace",), 2023, "CVPR")
    assert (paper.doi, paper.url, paper.code_url) == (
        "10.1/a",
        "https://x.org",
        "https://github.com/example/garden",
    )
    assert paper.abstract == "Abstract as scanned."
    assert paper.sources == ("first.txt#3", "list.md#10.1/a", "ocr.txt#1")
    assert paper.extra == (("owner", "ada"),)
    assert merge((listed, page, full)).id == paper.id


def test_a_paper_that_nobody_can_name_has_a_label() -> None:
    paper = merge((Document("first.txt#3", None, label="Gardens: a label"),))
    assert (paper.title, paper.title_is_label, paper.year, paper.abstract) == (
        "Gardens: a label",
        True,
        None,
        None,
    )


def test_ids_differ_by_source() -> None:
    assert merge((Document("a", "Same"),)).id != merge((Document("b", "Same"),)).id


def test_titles_are_compared_by_letters_and_digits() -> None:
    assert normal_title("L-MAGIC: Schrödinger’s ﬁeld² — again") == normal_title(
        "L magic schrodingers field2 again"
    )
    assert normal_title("深度 学习") == "深度学习"


@pytest.mark.long
def test_ten_thousand_documents_take_seconds() -> None:
    documents = [
        paper(
            f"{place}",
            f"Title number {place // 2} of the garden",
            f"Ada {place // 2}",
            text=text_of(place // 2, 120),
        )
        for place in range(10_000)
    ]
    before = time.process_time()
    assert len(group(documents)) == 5_000
    assert time.process_time() - before < 10


def test_no_text_is_held_while_papers_are_told_apart() -> None:
    letters = 200_000
    documents = (
        paper(f"{place}", f"Title number {place} of the garden", text="leaf " * (letters // 5), kind="body")
        for place in range(200)
    )
    tracemalloc.start()
    try:
        found = identify(documents)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(found.groups) == 200 and not any(one.blocks for members in found.groups for one in members)
    assert peak < 20 * letters  # of 200 texts of one byte a letter


def test_what_everybody_shares_does_not_make_it_slow() -> None:
    boilerplate = text_of(0, 60)
    documents = [
        paper(f"{place}", "Editorial", text=f"{boilerplate} {text_of(place + 1, 90)}")
        for place in range(3_000)
    ]
    before = time.process_time()
    assert len(group(documents)) == 3_000
    assert time.process_time() - before < 10


def test_the_corpus_is_258_papers(corpus: Path) -> None:
    documents = [
        document
        for path in sorted(corpus.iterdir())
        for document in read_file(path.name, path.read_bytes()).documents
    ]
    merged = group(documents)
    assert (len(documents), len(merged)) == (260, 258)
    results = [document.source for document in documents if document.source.startswith("003_")]
    pairs = {tuple(sorted(document.source for document in members)) for members in merged if len(members) > 1}
    eighth, ninth = (next(corpus.glob(name)).name for name in ("001_*", "004_*"))
    assert pairs == {(f"{eighth}#8", results[1]), (results[22], f"{ninth}#9")}
    for members in merged:
        found = merge(members)
        assert found.title_is_label == all(
            "#" in document.source and document.title is None for document in members
        )
