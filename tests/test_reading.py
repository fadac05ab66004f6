"""Passages by a name that they write, of the whole library."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.library import Library
from retrieval.models import Filters
from tests.library_kit import opened

ABSTRACTS = {
    "Kites": "We fly kites with BLIP-2 in the wind.",
    "Waves": "The waves are told by BLIP2 on the shore.",
    "Moss": "Moss grows on two roofs, and no blip is heard.",
    "Masks": "Leaves are cut out by Mask R-CNN.",
    "Heads": "Two MLPs tell the wind.",
    "Head": "One MLP tells the rain, and LSTMs the snow.",
}


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    records = tmp_path / "papers" / "list.jsonl"
    records.parent.mkdir()
    lines = [
        json.dumps({"title": title, "abstract": text, "year": 2020 + year})
        for year, (title, text) in enumerate(ABSTRACTS.items())
    ]
    records.write_text("\n".join(lines))
    with opened(tmp_path / "data") as library:
        library.ingest([records.parent])
        yield library


@pytest.mark.parametrize(
    ("name", "papers"),
    [
        ("BLIP-2", {"Kites", "Waves"}),
        ("mask rcnn", {"Masks"}),
        ("Mask R-CNN", {"Masks"}),
        ("MLP", {"Heads", "Head"}),
        ("MLPs", {"Heads", "Head"}),
        ("LSTM", {"Head"}),
        ("the", set()),
        ("?!", set()),
        ("", set()),
        ("whale " * 3000, set()),
    ],
)
def test_a_name_is_found_joined_or_apart_and_no_other(library: Library, name: str, papers: set[str]) -> None:
    assert {one.paper.title for one in library.holding(name)} == papers


def test_filters_hold_for_a_name(library: Library) -> None:
    assert {one.paper.title for one in library.holding("BLIP-2", Filters(year_to=2020))} == {"Kites"}
    assert library.holding("BLIP-2", Filters(venue="nowhere")) == []
