"""The card of a paper, its title and who wrote it: shown where it is asked for, and else in nobody's way."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.models import Filters, Passage
from tests.library_kit import opened
from tests.papers import write_records

RAIN: list[dict[str, object]] = [
    {
        "id": str(number),
        "title": f"Rain over {place}",
        "authors": [author],
        "venue": venue,
        "abstract": f"We measure rain over {place} with {number + 2} gauges. Each gauge is read every hour.",
    }
    for number, (place, author, venue) in enumerate(
        [("Alps", "Eva Roth", "ICRA"), ("Bergen", "Ada Birch", "ECCV"), ("Cork", "Jo Elm", "ICLR")]
    )
]


def shown(
    tmp_path: Path, question: str, places: int = 8, filters: Filters | None = None
) -> tuple[Passage, ...]:
    """The passages that three papers on rain, and one without an abstract, give for a question."""
    hail: dict[str, object] = {"id": "x", "title": "Hail in the Alps", "authors": ["Eva Roth"]}
    folder = write_records(tmp_path / "papers" / "list.jsonl", [*RAIN, hail]).parent
    with opened(tmp_path / "data") as library:
        library.ingest([folder])
        return library.search(question, filters or Filters(), limit=places).passages


def test_no_card_takes_the_place_of_an_abstract(tmp_path: Path) -> None:
    passages = shown(tmp_path, "which papers measure rain with gauges?", 4)
    assert {(passage.paper.title, passage.chunk.kind) for passage in passages} == {
        *((str(record["title"]), "abstract") for record in RAIN),
        ("Hail in the Alps", "card"),
    }


@pytest.mark.parametrize("question", ["What did Birch measure?", "which rain was shown at ECCV?"])
def test_a_card_that_is_asked_for_stands_beside_the_abstract(tmp_path: Path, question: str) -> None:
    passages = shown(tmp_path, question)
    assert "Authors: Ada Birch" in "\n".join(passage.chunk.text for passage in passages)


def test_the_words_of_a_title_are_covered_where_its_card_is_not_shown(tmp_path: Path) -> None:
    told = {**RAIN[0], "title": "Drizzle in Valleys"}
    folder = write_records(tmp_path / "papers" / "list.jsonl", [told, *RAIN[1:]]).parent
    with opened(tmp_path / "data") as library:
        library.ingest([folder])
        found = library.search("which gauges measure drizzle in valleys?")
    assert all(passage.chunk.kind == "abstract" for passage in found.passages)
    assert found.coverage == 1.0


def test_a_title_alone_can_be_found(tmp_path: Path) -> None:
    passages = shown(tmp_path, "papers by Eva Roth", filters=Filters(author="Roth"))
    assert "Hail in the Alps\nAuthors: Eva Roth" in [passage.chunk.text for passage in passages]
