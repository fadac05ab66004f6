"""Structure over the first library, where it is there."""

from __future__ import annotations

import ast
import json
import re
import time
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from retrieval.models import Document
from retrieval.structure import first_page, paper_from_text, split_first_pages
from retrieval.text_repair import faults, repair


@pytest.fixture
def papers(corpus: Path) -> dict[str, Document]:
    return _papers(corpus)


@cache
def _papers(corpus: Path) -> dict[str, Document]:
    start = time.process_time()
    documents = {}
    for line in next(corpus.glob("003_*")).read_text(encoding="utf-8").splitlines():
        if line.startswith("Result "):
            metadata = ast.literal_eval(line.split(": ", 1)[1])["metadata"]
            name = Path(metadata["path"]).name
            documents[name] = paper_from_text(f"x#{name}", metadata["data"], file_name=name)
    assert time.process_time() - start < 20
    return documents


def test_titles_authors_pages_and_links_of_the_first_library(papers: dict[str, Document], gold: Path) -> None:
    truth = json.loads((gold / "titles_dev.json").read_text(encoding="utf-8"))
    for name, facts in truth.items():
        document = papers[name]
        assert document.title == facts["title"]
        assert document.authors == tuple(facts["authors"])
        assert document.code_url == facts["code_url"]
        assert document.blocks[0].page == facts["first_page_number"]


def test_every_paper_of_the_first_library_is_whole(papers: dict[str, Document]) -> None:
    assert len(papers) == 30
    for document in papers.values():
        assert (document.venue, document.year) == ("CVPR", 2024)
        assert len(document.authors) >= 2
        assert 100 < len(document.text("abstract").split()) < 350
        assert any(block.section.startswith("1. Introduction") for block in document.blocks)
        assert all(block.page is not None for block in document.blocks)
        pages = sorted({block.page for block in document.blocks if block.page})
        assert 6 <= pages[-1] - pages[0] <= 9  # eight pages and the references


def test_no_damage_or_reference_in_any_block_of_the_first_library(papers: dict[str, Document]) -> None:
    for document in papers.values():
        for block in document.blocks:
            assert not faults(block.text), (document.title, block.section)
            assert "References" not in block.section


def test_first_pages_of_the_first_library(corpus: Path, gold: Path) -> None:
    truth = json.loads((gold / "segments_dev.json").read_text(encoding="utf-8"))
    for stem in ("000", "001", "004"):
        text = next(corpus.glob(f"{stem}_*")).read_bytes().decode("utf-8")
        parts = split_first_pages(text)
        assert len(parts) == 10
        offset = 0
        for number, part in enumerate(parts, 1):
            page = first_page(f"{stem}#{number}", part)
            assert page.label and len(page.label.split()) <= 14
            assert not any(faults(block.text) for block in page.blocks)
            if facts := truth.get(f"{stem}#{number}"):
                assert (offset, offset + len(part)) == (facts["start"], facts["end"])
                assert {block.page for block in page.blocks} == {facts["page"]}
                assert not facts["name"] or page.label.startswith(facts["name"])
            offset += len(part)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower().replace("-\n", "").replace("-", ""))


def test_evidence_of_the_gold_questions_is_in_the_blocks(papers: dict[str, Document], gold: Path) -> None:
    """Most of each quote's word pairs stand in its paper's blocks: lost text is lost evidence."""
    found = total = 0
    kept = {name: " ".join(_words(document.text())) for name, document in papers.items()}
    for line in (gold / "full_dev.jsonl").read_text(encoding="utf-8").splitlines():
        for evidence in json.loads(line).get("evidence") or []:
            words = _words(repair(evidence["quote"]))
            pairs = [" ".join(pair) for pair in pairwise(words)]
            total += 1
            found += sum(pair in kept[evidence["paper"]] for pair in pairs) >= 0.8 * len(pairs)
    assert total > 50
    assert found >= 0.97 * total
