"""Structure, trap by trap, on papers made up for it."""

from __future__ import annotations

import re

import pytest

from retrieval.models import Block, Document
from retrieval.structure import first_page, paper_from_pages, paper_from_text, split_first_pages
from retrieval.structure.links import venue_and_year
from retrieval.text_repair import faults

FILLER = "\n".join(
    f"the flock number {n} of pigeons was seen over the old town by our observers" for n in range(9)
)

HEAD = "A Title of Birds\nAda Bird, Bob Bird\nAbstract\nWe count.\n1. Introduction\n"

PAPER = f"""PigeonNet: Counting Birds from Very
Far Away
Ada Lovelace1,2*, Jos ´e Garc´ıa2, and Min H. Stone1†
1Institute of Birds, Nowhere University
2Flight Labs
{{ada,jose }}@example.org
https://github.com/birds/pigeonnet
Abstract
We present PigeonNet, a method for counting pigeons from very
far away. It is fast. The observer-
specific counts are good.
1. Introduction
Birds are hard to count, and counting them from very far away is harder still, as
we have seen in the observer-specific study [ 3,4] of the far city. We show that the
{FILLER}
*Equal contribution
1Our weights are at https://example.org/weights
which nobody has ever done before in such a far away and foggy place, and
This CVPR paper is the Open Access version, provided by the Computer Vision Foundation.
Except for this watermark, it is identical to the accepted version;
the final published version of the proceedings is available on IEEE Xplore.
101
Encoder
0.2 0.4
Figure 1. Overview of PigeonNet. The encoder sees the birds in the sky and the
decoder counts them.
it works in fog. The next claim is that far birds are still birds in every way.
2. Method
2.1. Far Away Birds
{FILLER}
E=mc2 (1)
where E is the count of all birds that are in the sky at noon. We count birds by
Method Count Error
Naive 12.5 3.1
PigeonNet 99.5 0.2
Table 1. Results on the far set of all birds.
looking at them for as long as they stay.
{FILLER}
102
3. Conclusion
{FILLER}
We are done now.
Acknowledgments
We thank the birds of the old town for their patience with us.
References
[1] A. Bird. On wings. In Proceedings of the Birds, 2020. 1
[2] B. Bird and C. Bird. On tails. arXiv preprint arXiv:2001.00001,
2020. 2
103
A. Proofs
Here we show with great care that all of the birds in the sky have been counted.
The proof is the same for all of the birds that are in the sea, and for the rest.
104
"""


@pytest.fixture(scope="module")
def paper() -> Document:
    return paper_from_text("a.txt", PAPER, file_name="Lovelace_PigeonNet_Counting_CVPR_2024_paper.txt")


def _blocks(document: Document, kind: str, section: str | None = None) -> list[Block]:
    return [b for b in document.blocks if b.kind == kind and (section is None or b.section == section)]


def test_title_of_two_lines_and_clean_authors(paper: Document) -> None:
    assert paper.title == "PigeonNet: Counting Birds from Very Far Away"
    assert paper.authors == ("Ada Lovelace", "José García", "Min H. Stone")


def test_facts_from_text_and_file_name(paper: Document) -> None:
    assert (paper.venue, paper.year) == ("CVPR", 2024)
    assert paper.code_url == "https://github.com/birds/pigeonnet"


def test_a_watermark_gives_a_venue_and_no_year() -> None:
    without = paper_from_text("a.txt", PAPER)
    assert (without.venue, without.year) == ("CVPR", None)


def test_the_abstract_is_one_block(paper: Document) -> None:
    (abstract,) = _blocks(paper, "abstract")
    assert abstract.text == (
        "We present PigeonNet, a method for counting pigeons from very far away. It is fast. "
        "The observer-specific counts are good."
    )
    assert abstract.page == 101


def test_sections_are_named_as_printed(paper: Document) -> None:
    sections = list(dict.fromkeys(block.section for block in paper.blocks if block.kind == "body"))
    assert sections[:3] == ["1. Introduction", "2.1. Far Away Birds", "3. Conclusion"]
    assert "Acknowledgments" in sections


def test_a_sentence_goes_on_over_notes_captions_and_page_ends(paper: Document) -> None:
    first, second = _blocks(paper, "body", "1. Introduction")
    assert "[3,4]" in first.text
    assert "by our observers which nobody has ever done before" in first.text
    assert first.text.split("\n\n")[0].endswith("foggy place, and it works in fog.")
    assert (first.page, second.page) == (101, 102)
    assert second.text == "The next claim is that far birds are still birds in every way."
    (method,) = _blocks(paper, "body", "2.1. Far Away Birds")
    assert "We count birds by looking at them" in method.text


def test_footnotes_stand_behind_the_text_and_say_something(paper: Document) -> None:
    text = paper.text()
    assert "\n\n1Our weights are at https://example.org/weights" in text
    assert "Equal contribution" not in text


def test_captions_stand_alone_and_tables_keep_their_rows(paper: Document) -> None:
    figure, table = _blocks(paper, "caption")
    assert figure.text == (
        "Figure 1. Overview of PigeonNet. The encoder sees the birds in the sky and the decoder counts them."
    )
    assert table.text == (
        "Method Count Error\nNaive 12.5 3.1\nPigeonNet 99.5 0.2\n"
        "Table 1. Results on the far set of all birds."
    )
    assert (figure.page, table.page) == (102, 102)


def test_labels_and_ticks_of_figures_are_gone_and_formulas_stay(paper: Document) -> None:
    text = paper.text("body")
    assert "0.2 0.4" not in text
    assert "Encoder" not in text
    assert "E=mc2 (1) where E is the count" in text


def test_no_reference_is_left_and_the_appendix_is(paper: Document) -> None:
    text = paper.text()
    assert "On wings" not in text
    assert "arXiv" not in text
    assert any("have been counted" in block.text and block.page == 104 for block in paper.blocks)


def test_a_long_table_comes_in_parts_with_caption_and_header() -> None:
    rows = "\n".join(f"Bird number {n} {n}.5 {n}.25 {n}.75" for n in range(60))
    text = f"{HEAD}{FILLER}\nTable 1. All.\n"
    document = paper_from_text("t.txt", text + f"Name Low Mid High\n{rows}\n{FILLER}\n")
    parts = _blocks(document, "caption")
    assert len(parts) > 1
    assert all(part.text.startswith("Table 1. All.\nName Low Mid High\n") for part in parts)
    assert all(len(part.text.split()) <= 200 for part in parts)
    assert sum(part.text.count("Bird number") for part in parts) == 60


def test_headings_must_count_on() -> None:
    text = (
        f"{HEAD}{FILLER}\n7. Wrong Number\n"
        f"{FILLER} all day.2. Related Work\n{FILLER}\n2 APrare\n3.1. Birds\n"
        f"{FILLER} all night.3.2. t-birds\n{FILLER}"
    )
    sections = {block.section for block in paper_from_text("t.txt", text).blocks}
    assert sections == {"Abstract", "1. Introduction", "2. Related Work", "3.1. Birds", "3.2. t-birds"}


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Ada Bird1*Bob Crow2Cem Dove1,2†", ("Ada Bird", "Bob Crow", "Cem Dove")),
        ("Ada Bird Bob Crow Min H. Dove*", ("Ada Bird", "Bob Crow", "Min H. Dove")),
        ("Ada Bird*and Bob El Crow*", ("Ada Bird", "Bob El Crow")),
        ("Ada Bird1;2 Bob Crow2", ("Ada Bird", "Bob Crow")),
        ("J. Ryan Shue, Etienne Decenci `ere, and Li Wu", ("J. Ryan Shue", "Etienne Decencière", "Li Wu")),
    ],
)  # fmt: skip
def test_authors_in_many_dresses(line: str, names: tuple[str, ...]) -> None:
    head = f"Counting Birds in Fog\n{line}\nBird University\nAbstract\nWe count birds in the fog."
    document = paper_from_text("t.txt", f"{head}\n1. Introduction\n{FILLER}")
    assert document.title == "Counting Birds in Fog"
    assert document.authors == names


def test_markdown_and_run_in_abstracts() -> None:
    head = "# Birds at Night\n\nAda Bird, Bob Crow\n\n**Abstract:** We see birds.\n\n"
    document = paper_from_text("m.md", f"{head}## Introduction\n\n{FILLER}\n")
    assert document.title == "Birds at Night"
    assert document.authors == ("Ada Bird", "Bob Crow")
    assert document.text("abstract") == "We see birds."
    assert {b.section for b in document.blocks} == {"Abstract", "Introduction"}


def test_pages_of_a_pdf_bring_their_own_numbers() -> None:
    pages = [
        (None, f"Birds at Night\nAda Bird, Bob Crow\nAbstract\nWe see birds.\n1. Introduction\n{FILLER} and"),
        (8, f"then they all went home for the night.\n2. Method\n{FILLER}\n8"),
    ]
    document = paper_from_pages("p.pdf", pages)
    assert [block.page for block in document.blocks] == [None, None, 8]
    assert document.blocks[1].text.endswith("and then they all went home for the night.")
    assert not any(re.search(r"\b8$", block.text) for block in document.blocks)


def test_text_without_any_structure_is_kept() -> None:
    document = paper_from_text("x.txt", f"Notes on Birds\n{FILLER}\n")
    assert document.title == "Notes on Birds"
    assert "flock number 8" in document.text("body")
    assert paper_from_text("e.txt", "").blocks == ()


def test_sentences_between_title_and_first_heading_are_kept() -> None:
    text = (
        "A Letter on Birds\nWe write to you about the birds that we have seen over the old town, and\n"
        f"what they did there.\n{FILLER}.\n3\n1. Introduction\n{FILLER}\n4\n"
    )
    document = paper_from_text("t.txt", text)
    assert document.title == "A Letter on Birds"
    assert "We write to you about the birds" in document.text("body")
    assert document.text().count("flock number 8 ") == 2
    assert document.blocks[0].page == 3


def test_authors_stand_above_the_sentences_of_a_paper_without_abstract() -> None:
    head = (
        "Counting Birds in Fog\nAda Bird, Bob Crow\nUniversity of the Old Town\nWe count the birds that are\n"
    )
    document = paper_from_text("t.txt", f"{head}in the fog.\n{FILLER}.\n1. Introduction\n{FILLER}.\n")
    assert document.title == "Counting Birds in Fog"
    assert document.authors == ("Ada Bird", "Bob Crow")
    assert document.text().startswith("We count the birds that are in the fog.")


def test_labels_of_a_figure_inside_a_cut_word_are_gone() -> None:
    labels = "Fog of the old\ntownFog of the old\ntownA bird is\nseen in the fog.Figure 1. Birds in the fog\n"
    text = f"{HEAD}{FILLER} in the holis-\n{labels}of all towns.\ntic way of all of the birds.\n{FILLER}\n"
    document = paper_from_text("t.txt", text)
    assert "in the holistic way of all of the birds." in document.text("body")
    assert "A bird is" not in document.text()
    assert document.text("caption") == "Figure 1. Birds in the fog of all towns."


FIRST_PAGE = f"""Abstract
Birds are everywhere. In this paper, we propose a novel bird counting
framework for foggy cities, named FogCount, which works. FogCount
counts well. Code: https://github.com/KHU-
AGI/FogCount.
1. Introduction
{FILLER}
in learn-
∗Equal contribution.
0
10
20
One
Word
Figure 1.
FogCount counts birds in the fog of all of the big
cities.
ing to count birds. We say that
1
This CVPR paper is the Open Access version, provided by the Computer Vision Foundation.
Except for this watermark, it is identical to the accepted version;
the final published version of the proceedings is available on IEEE Xplore.
2042
"""


def test_first_pages_are_cut_behind_their_numbers() -> None:
    text = FIRST_PAGE + FIRST_PAGE.replace("2042", "77")
    parts = split_first_pages(text)
    assert "".join(parts) == text
    assert [part.strip().rsplit("\n", 1)[1] for part in parts] == ["2042", "77"]
    assert split_first_pages("") == [""]


PLACES = {
    "Proceedings of the 38th International Conference on Machine Learning, PMLR 139, 2021. Copyright 2021 by "
    "the author(s).": ("ICML", 2021),
    "Proceedings of the 38 th International Conference on Machine\nLearning, PMLR 139, 2021. Copyright 2021 "
    "by\nthe author(s).": ("ICML", 2021),
    "Published as a conference paper at ICLR 2024": ("ICLR", 2024),
    "37th Conference on Neural Information Processing Systems (NeurIPS 2023).": ("NeurIPS", 2023),
    "The Thirty-Eighth AAAI Conference on Artificial Intelligence (AAAI-24)": ("AAAI", 2024),
    "Accepted to CVPR 2023": ("CVPR", 2023),
    "Accepted at the 4th Workshop on Birds, ICML 2022": ("ICML", 2022),
    "Published in Transactions on Machine Learning Research (01/2024)": ("TMLR", 2024),
    "Proceedings of the 12th Symposium on Garden Robots, Bern, 2019.": ("Symposium on Garden Robots", 2019),
    "arXiv:2303.01234v2  [cs.CV]  5 Mar 2023": ("arXiv", 2023),
    "This ICCV paper is the Open Access version, provided by the Foundation.": ("ICCV", None),
    "Under review as a conference paper at ICLR 2025": (None, None),
    "Preprint. Under review.": (None, None),
}


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("Journal of Glaciology, 2017", ("Journal of Glaciology", 2017)),
        ("*Annals of the Old Town, vol. 12, no. 3, May 2019*", ("Annals of the Old Town", 2019)),
        ("Published in: Nature Birds (2021)", ("Nature Birds", 2021)),
        ("IEEE TRANSACTIONS ON BIRDS, VOL. 3, NO. 1, MAY 2020", ("IEEE TRANSACTIONS ON BIRDS", 2020)),
        ("The journal of our walks, 2017", (None, None)),  # words, no name
        ("We review birds of the years before 2017", (None, None)),
        ("Institute of Bird Science, 3012 Bern", (None, None)),
    ],
)
def test_a_line_below_the_title_names_the_journal(line: str, place: tuple[str | None, int | None]) -> None:
    head = f"Birds over the Old Town\n\nAda Author\n{line}\n\nAbstract\nWe count birds.\n"
    assert venue_and_year(head, None) == place
    assert venue_and_year(f"{line}\n\nAda Author\n\nAbstract\nWe count birds.\n", None) == (None, None)


@pytest.mark.parametrize("stamp", PLACES)
def test_lines_that_say_where_a_paper_appeared_give_its_venue_and_are_no_text(stamp: str) -> None:
    page = first_page("f.txt#1", f"Abstract\nWe count birds.\n1. Introduction\n{FILLER}.\n{stamp}\n2042\n")
    assert (page.venue, page.year) == PLACES[stamp]
    assert page.text().endswith("over the old town by our observers.")
    assert not faults(page.text())
    assert faults(stamp)["watermark"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Presented in Table 3 are the results of the CLIP 2021 models that we compare with others.",
        "International Conference on Learning Representations (ICLR 2021) is where we saw all the birds.",
        "Proceedings of the old town of Bern and all of its birds are what we read.",
    ],
)
def test_a_sentence_on_a_venue_stays(sentence: str) -> None:
    text = f"Abstract\nWe count birds.\n1. Introduction\n{FILLER}.\n{sentence}\n2042\n"
    assert sentence in first_page("f.txt#1", text).text()


def test_running_heads_of_a_text_are_no_text() -> None:
    pages = [
        f"Lovelace et al. on Birds {n}\n{FILLER.replace('seen', f'{n} times seen')}.\nBirds of {n}\n{n}"
        for n in range(5, 9)
    ]
    text = paper_from_text("t.txt", f"{HEAD}{FILLER}\n4\n" + "\n".join(pages)).text()
    assert "Birds of" not in text
    assert "et al." not in text
    assert text.count("flock number 8 ") == 5


def test_a_first_page_has_a_label_and_no_title() -> None:
    page = first_page("f.txt#1", FIRST_PAGE)
    assert page.title is None
    assert page.label is not None and page.label.startswith(
        "FogCount: bird counting framework for foggy cities"
    )
    assert len(page.label.split()) <= 14
    assert (page.venue, page.year, page.code_url) == ("CVPR", None, "https://github.com/KHU-AGI/FogCount")
    assert {block.page for block in page.blocks} == {2042}
    assert "in learning to count birds. We say that" in page.text("body")
    assert page.text("caption") == "Figure 1. FogCount counts birds in the fog of all of the big cities."


@pytest.mark.parametrize(
    ("abstract", "label"),
    [
        ("OOD is hard. We propose an OOD detector of birds. OOD works.", "OOD detector of birds"),
        (
            "We present a wide two-winged bird counter, which counts all of the birds.",
            "wide two-winged bird counter",
        ),
        ("We present an approach for the counting of birds (COB) that is fast.", "counting of birds"),
        ("We address the problem of bird counting in fog.", "bird counting in fog"),
        (
            "We propose a net that counts the birds of the old town from very far away in the early morning.",
            "net that counts the birds of the old town",
        ),
    ],
)
def test_labels_are_short_claims_without_usual_abbreviations_as_names(abstract: str, label: str) -> None:
    assert first_page("f.txt#1", f"Abstract\n{abstract}\n1. Introduction\n{FILLER}\n7\n").label == label


@pytest.mark.parametrize(("begin", "end"), [("<!--", "-->"), ("<latexit>", "</latexit>")])
def test_what_seems_to_go_over_a_page_s_end_costs_no_page(begin: str, end: str) -> None:
    said = "We see the birds of the old town in our yard."
    pages = [
        (1, f"Birds\nAbstract\n{said} It is {begin} there."),
        (2, said),
        (3, f"{said} It is {end} here."),
    ]
    blocks = paper_from_pages("b.pdf", pages).blocks
    assert [(block.page, said in block.text) for block in blocks] == [(1, True), (2, True), (3, True)]
