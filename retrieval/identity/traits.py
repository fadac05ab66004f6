"""What documents are compared by. Pure."""

from __future__ import annotations

import re
import unicodedata
import zlib
from functools import lru_cache

from retrieval.models import Document

SHINGLE = 5
"""Words in a run. Two texts rarely share five in a row by chance (as Broder, 1997, for pages of the web)."""

_HEAD_WORDS = 400
_SAMPLE = 4  # one run of so many is a key of the index of texts


def normal_title(title: str) -> str:
    """Letters and digits alone, without case and accents: `L-MAGIC: A …` and `L-Magic – a …` are the same."""
    return "".join(char for char in _fold(title) if char.isalnum())


class Traits:
    """What a document is compared by, each worked out once and only when asked for."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.title = normal_title(document.title or "")
        self.doi = (document.doi or "").lower()
        self.authors = frozenset(key for name in document.authors for key in _author_keys(name))
        self.words = _words(_head(document))
        self._shingles: frozenset[tuple[str, ...]] | None = None

    @property
    def shingles(self) -> frozenset[tuple[str, ...]]:
        if self._shingles is None:
            self._shingles = frozenset(zip(*(self.words[start:] for start in range(SHINGLE)), strict=False))
        return self._shingles

    def sample(self) -> set[tuple[str, ...]]:
        """The runs that the index of texts holds: chosen by their first word, so alike everywhere."""
        starts = range(len(self.words) - SHINGLE + 1)
        return {tuple(self.words[at : at + SHINGLE]) for at in starts if _is_key(self.words[at])}


def _head(document: Document) -> str:
    """The abstract, or the first page's worth of the paper's own words."""
    return document.text("abstract") or document.text("body")[: _HEAD_WORDS * 8]


def _words(text: str) -> list[str]:
    """Folded words; a hyphen joins, at a line's end too: repair may have dropped it in one source only."""
    joined = re.sub(r"[-\u00ad\u2010\u2011]\s*", "", _fold(text))
    return re.findall(r"[^\W_]+", joined)[:_HEAD_WORDS]


def _fold(text: str) -> str:
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()


@lru_cache(maxsize=65536)
def _is_key(word: str) -> bool:
    return zlib.crc32(word.encode()) % _SAMPLE == 0


@lru_cache(maxsize=65536)
def _author_keys(name: str) -> tuple[tuple[str, str], ...]:
    """Family name and given name, with the family name first or last, for both orders are written."""
    words = re.findall(r"[^\W\d_]+", _fold(name))
    if len(words) < 2:
        return tuple((word, "") for word in words)
    return (words[-1], words[0]), (words[0], words[1])
