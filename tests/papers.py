"""Small papers of our own for tests, and an embedder that needs no weights."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrieval.analysis import words
from retrieval.settings import RetrievalSettings

RECORDS: tuple[dict[str, object], ...] = (
    {
        "id": "kites",
        "title": "KiteNet: Learning to Fly Tethered Wings",
        "authors": ["Ada Falk", "Bo Lindqvist"],
        "year": 2023,
        "venue": "WIND",
        "abstract": "Tethered wings harvest power from high winds. We train KiteNet on 412 hours of flight. "
        "It holds the wing in the wind window for 97.5 percent of the time.",
    },
    {
        "id": "bread",
        "title": "Sourdough at Scale",
        "authors": ["Cem Aydin"],
        "year": 2024,
        "venue": "BAKE",
        "abstract": "Large bakeries struggle to keep sourdough cultures alive. We describe a fermenter that "
        "feeds itself. Loaves rise 12 percent higher than with baker's yeast.",
    },
    {
        "id": "tides",
        "title": "Predicting Tides with Graph Networks",
        "authors": ["Bo Lindqvist", "Émilie Durand"],
        "year": 2023,
        "venue": "OCEAN",
        "abstract": "Tide gauges form a sparse graph along the coast. A graph network predicts the level "
        "six hours ahead. The error is 3.1 centimetres.",
    },
    {
        "id": "moss",
        "title": "Moss on Roofs",
        "authors": ["Dana Okafor"],
        "abstract": "Moss cools roofs in summer. We measured forty roofs in two cities over three years.",
    },
)

KITES = "How long does KiteNet hold the wing in the wind window?"
"""A question that the first of them answers."""


class HashingEmbedder:
    """Words hashed into a unit vector: texts that share words are near. Counts what it embeds.

    It keeps the rules of the real one: a text over `max_tokens` is refused, vectors have length one.
    """

    name = "hashing-64"
    dimensions = 64
    max_tokens = 256

    def __init__(self, name: str = "hashing-64") -> None:
        self.name = name
        self.embedded = 0

    def count_tokens(self, text: str) -> int:
        return sum(1 + len(word) // 12 for word in text.split()) + 2

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.zeros((len(texts), self.dimensions), np.float32)
        for row, text in zip(rows, texts, strict=True):
            if self.count_tokens(text) > self.max_tokens:
                raise ValueError("a text is longer than the embedder takes")
            row[0] = 0.01  # so that no text has length zero
            for word in words(text):
                row[int(hashlib.md5(word.encode()).hexdigest(), 16) % self.dimensions] += 1
            row /= np.linalg.norm(row)
        self.embedded += len(texts)
        return rows


def settings_for(data: Path) -> RetrievalSettings:
    """Settings that see nothing of the machine's environment but the data folder."""
    return RetrievalSettings(_env_file=None, FOOTNOTE_DATA=data)  # type: ignore[call-arg]


def write_records(path: Path, records: Sequence[dict[str, object]] = RECORDS) -> Path:
    """A .jsonl file of papers; its folder is made where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path
