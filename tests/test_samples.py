"""The library that Footnote ships: true facts, and summaries that are nobody else's words."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

SAMPLES = Path(__file__).resolve().parent.parent / "samples" / "papers.jsonl"
RUN = 8  # words; shorter runs are the common stock of a field ("outperforms the state of the art on")


def _papers() -> list[dict[str, Any]]:
    return [json.loads(line) for line in SAMPLES.read_text(encoding="utf-8").splitlines()]


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower())


def _runs(text: str, length: int = RUN) -> set[tuple[str, ...]]:
    words = _words(text)
    return {tuple(words[start : start + length]) for start in range(len(words) - length + 1)}


def _without_line_ends(text: str) -> str:
    """The text with line ends (also escaped ones) as spaces and words cut at a line's end made whole."""
    return re.sub(r"-\n(?=[a-z])", "", text.replace("\\n", "\n"))


def test_every_record_is_complete() -> None:
    papers = _papers()
    assert len({paper["id"] for paper in papers}) == len(papers) >= 60
    for paper in papers:
        assert paper["title"] and paper["summary"] and paper["authors"]
        assert (paper["venue"], paper["year"]) in {("CVPR", 2023), ("CVPR", 2024)}
        assert all(author == author.strip() and author for author in paper["authors"])
        assert paper["url"] is None or paper["url"] == f"https://doi.org/{paper['doi']}"
        assert 15 <= len(_words(paper["summary"])) <= 60, paper["id"]
    assert sum(paper["year"] == 2024 for paper in papers) >= 15


def test_no_run_of_a_summary_stands_in_the_corpus(corpus: Path) -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted(corpus.glob("*.txt"))]
    theirs = set().union(*(_runs(_without_line_ends(text)) for text in texts))
    for paper in _papers():
        assert not _runs(paper["summary"]) & theirs, paper["id"]


def test_the_check_for_copied_runs_can_fail(corpus: Path) -> None:
    text = (corpus / "002_ee4d7f849f30c58d.txt").read_text(encoding="utf-8")
    assert _runs(" ".join(_words(text)[200:220])) & _runs(_without_line_ends(text))


def test_titles_and_authors_are_those_of_the_conference_list(corpus: Path) -> None:
    lists = (corpus / "002_ee4d7f849f30c58d.txt").read_text(encoding="utf-8")
    entries = {
        entry.split("https://doi.org/")[1].split("]")[0]: entry
        for entry in re.split(r"^\s*## ", lists, flags=re.MULTILINE)
        if "https://doi.org/" in entry
    }
    known = [paper for paper in _papers() if paper.get("doi")]
    assert len(known) >= 40
    for paper in known:
        entry = entries[paper["doi"]]
        assert f"*{', '.join(paper['authors'])}*" in entry, paper["id"]
        printed = "".join(_words(entry.splitlines()[0])).removeprefix(entry[1:5])
        assert printed == "".join(_words(paper["title"])), paper["id"]
