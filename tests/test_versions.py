"""A preprint and its printing are one paper in a search, and two in a citation."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.models import Citation
from bot.rendering import place
from retrieval.identity import identify, merge
from retrieval.identity.versions import is_preprint, is_published
from retrieval.library import Library
from retrieval.models import Block, Document
from tests.papers import HashingEmbedder, settings_for, write_records

TITLE = "Gardens That Water Themselves"
WORDS = " ".join(f"word{number}" for number in range(80))
NIGHTS = " ".join(f"Leaves drink {number} drops in night {number * 7}." for number in range(60))
EARLY = Document(
    "early.pdf",
    TITLE,
    ("Ada Falk", "Bo Lindqvist"),
    2022,
    "arXiv",
    url="https://arxiv.org/abs/2201.00001v2",
    blocks=(Block(WORDS, kind="abstract"), Block("Leaves drink at night. " * 40)),
)
PRINTED = Document(
    "list.md#1",
    TITLE,
    ("Ada Falk",),
    2023,
    "LEAF",
    doi="10.1109/leaf.1",
    blocks=(Block(WORDS, kind="abstract"),),
)


@pytest.mark.parametrize(
    ("document", "preprint", "published"),
    [
        (EARLY, True, False),
        (PRINTED, False, True),
        (Document("a", TITLE, venue="bioRxiv"), True, False),
        (Document("a", TITLE, venue="arXiv preprint arXiv:2201.00001"), True, False),
        (Document("a", TITLE, doi="10.48550/arXiv.2201.00001"), True, False),
        (Document("a", TITLE, venue="LEAF", url="https://arxiv.org/abs/2201.00001"), False, True),
        (Document("a", TITLE), False, False),
    ],
)
def test_what_a_source_is_shows_in_its_venue_and_numbers(
    document: Document, preprint: bool, published: bool
) -> None:
    assert (is_preprint(document), is_published(document)) == (preprint, published)


def test_the_facts_are_the_published_ones_and_both_versions_are_known() -> None:
    (members,) = identify((EARLY, PRINTED)).groups
    paper = merge(members)
    assert (paper.venue, paper.year, paper.doi) == ("LEAF", 2023, "10.1109/leaf.1")
    assert [(one.preprint, one.venue, one.year) for one in paper.versions] == [
        (False, "LEAF", 2023),
        (True, "arXiv:2201.00001", 2022),
    ]
    early = paper.preprint_of("early.pdf")
    assert early is not None and early.url == EARLY.url
    assert paper.preprint_of("list.md#1") is None


def test_one_version_alone_is_no_matter_of_versions() -> None:
    assert merge((EARLY,)).versions == () and merge((PRINTED,)).versions == ()
    assert merge((EARLY,)).preprint_of("early.pdf") is None


def test_the_published_text_goes_before_a_preprint_that_says_little_more() -> None:
    long = Document(
        "printed.pdf", TITLE, ("Ada Falk",), 2023, "LEAF", blocks=(*EARLY.blocks[:1], Block("Leaf. " * 140))
    )
    short = Document("printed.pdf", TITLE, ("Ada Falk",), 2023, "LEAF", blocks=EARLY.blocks[:1])
    assert identify((EARLY, long)).groups[0][0].source == long.source
    assert identify((EARLY, short)).groups[0][0].source == EARLY.source


@pytest.mark.parametrize(
    ("titles", "chosen"),
    [
        (["GARDENS THAT WATER THEMSELVES", TITLE], TITLE),
        (["Gardens That Water…", TITLE], TITLE),
        (["Gardens That", TITLE], TITLE),
        (["gardens that water themselves"], "gardens that water themselves"),
    ],
)
def test_a_title_cut_off_or_in_capitals_is_not_the_papers(titles: list[str], chosen: str) -> None:
    documents = [Document(f"{number}", title) for number, title in enumerate(titles)]
    assert merge(tuple(documents)).title == chosen


def test_a_citation_names_the_version_that_its_words_are_from(tmp_path: Path) -> None:
    early: dict[str, object] = {
        "id": "early", "title": TITLE, "authors": ["Ada Falk"], "year": 2022, "venue": "arXiv",
        "url": "https://arxiv.org/abs/2201.00001", "abstract": WORDS, "text": NIGHTS,
    }  # fmt: skip
    printed: dict[str, object] = {
        "id": "printed", "title": TITLE, "authors": ["Ada Falk"], "year": 2023, "venue": "LEAF",
        "doi": "10.1109/leaf.1", "abstract": WORDS,
    }  # fmt: skip
    papers = write_records(tmp_path / "papers" / "papers.jsonl", [early, printed]).parent
    settings = settings_for(tmp_path / "data")
    with Library.open(settings, writable=True, create=True, embedder=HashingEmbedder()) as library:
        assert library.ingest([papers]).papers == 1
        passage = library.search("when do leaves drink").passages[0]
        found = library.paper("10.1109/leaf.1")
        for name in ("arXiv:2201.00001v3", "2201.00001", "https://arxiv.org/abs/2201.00001"):
            assert library.paper(name) == found
    assert found is not None and passage.paper == found.paper
    cited = Citation(1, passage.paper, passage.chunk, passage.chunk.text)
    assert place([cited]) == "LEAF 2023, quoted from the preprint arXiv:2201.00001 2022"
