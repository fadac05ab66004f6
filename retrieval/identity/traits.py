"""What documents are compared by. Pure."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from retrieval.identity.folding import fold, looks
from retrieval.identity.titles import Title
from retrieval.models import ATTACHED, Document, Paper

SHINGLE = 5
"""Words in a run. Two texts rarely share five in a row by chance (as Broder, 1997, for pages of the web)."""

_HEAD_WORDS = 400
_SAMPLE = 4  # one run of so many is a key of the index of texts
_LETTERS = 8  # in a run of a title: titles share one though words are joined, parted or misspelt
_ARXIV = re.compile(
    r"(?:arxiv\.org/(?:abs|pdf|html)/|10\.48550/arxiv\.|\barxiv[: ]\s*)"
    r"(\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7})",
    re.IGNORECASE,
)
_ARXIV_FIELDS = frozenset(("arxiv", "arxiv_id", "arxivid", "eprint"))
_BARE_ARXIV = re.compile(r"(\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7})(?:v\d+)?", re.IGNORECASE)

_NOBODY = {
    "et al",
    "al",
    "others",
    "and others",
    "anonymous",
    "anonymous author",
    "anonymous authors",
    "unknown",
}


def normal_title(title: str) -> str:
    """Letters and digits alone, without case and accents: `L-MAGIC: A …` and `L-Magic – a …` are the same."""
    return "".join(char for char in fold(title) if char.isalnum())


def arxiv_id(document: Document | Paper) -> str | None:
    """The number at arXiv, without its version: from a field of that name, the DOI or the link."""
    named = (value for name, value in document.extra if name.lower() in _ARXIV_FIELDS)
    return next(filter(None, map(arxiv_in, (*named, document.doi or "", document.url or ""))), None)


def arxiv_in(text: str) -> str | None:
    """The number at arXiv that a text is or names: bare, behind "arXiv:", in a link or a DOI."""
    found = _BARE_ARXIV.fullmatch(text.strip()) or _ARXIV.search(text)
    return found[1].lower() if found else None


class Traits:
    """What a document is compared by: two kilobytes, whatever its length. All else of it is let go."""

    __slots__ = (
        "arxiv", "authors", "document", "doi", "has_abstract", "letters", "people", "shingles", "title",
        "words",
    )  # fmt: skip

    def __init__(self, document: Document, words: Sequence[str] | None = None) -> None:
        """`words` are `words_of(document)`, where they are known already."""
        words = words_of(document) if words is None else words
        self.document = _without_words(document)
        self.letters = sum(len(block.text) for block in document.blocks if block.kind != "summary")
        self.has_abstract = any(block.kind == "abstract" and block.text for block in document.blocks)
        self.title = Title.of(document.title or "")
        self.doi = (document.doi or "").lower()
        self.arxiv = arxiv_id(document)
        self.people = tuple(filter(None, map(_author_keys, document.authors)))
        self.authors = tuple(dict.fromkeys(key for person in self.people for key in person))
        self.words = len(words)
        self.shingles = _runs(np.fromiter(map(_mark, words), np.int64, len(words)))

    @property
    def sample(self) -> NDArray[np.uint32]:
        """The runs of words that the index of texts holds: chosen by their first word, so everywhere."""
        found: NDArray[np.uint32] = self.shingles[self.shingles % 2 == 1]
        return found

    def title_runs(self) -> NDArray[np.int64]:
        """The runs of letters that the index of titles holds, as hashes, chosen in the same way."""
        letters = self.title.letters
        runs = {letters[at : at + _LETTERS] for at in range(len(letters) - _LETTERS + 1)}
        return np.array([hash(run) for run in runs if zlib.crc32(run.encode()) % 2 == 0], np.int64)


def _without_words(document: Document) -> Document:
    """What tells where it is from, and of which version it is."""
    kept = tuple((name, value) for name, value in document.extra if _is_asked_for(name))
    return replace(document, title=None, authors=(), blocks=(), label=None, extra=kept)


def _is_asked_for(name: str) -> bool:
    return name == ATTACHED or name.lower() in _ARXIV_FIELDS


def _head(document: Document) -> str:
    """The abstract, or the first page's worth of the paper's own words."""
    return document.text("abstract") or document.text("body")[: _HEAD_WORDS * 8]


def words_of(document: Document) -> list[str]:
    """The first words of a document, folded.

    A hyphen joins, at a line's end too: repair may have dropped it in one source only.
    """
    joined = re.sub(r"[-\u00ad\u2010\u2011]\s*", "", fold(_head(document)))
    return re.findall(r"[^\W_]+", joined)[:_HEAD_WORDS]


@lru_cache(maxsize=65536)
def _mark(word: str) -> int:
    """A hash of a word as a scan may show it, for runs outlive most errors of OCR.

    It is odd where a run that begins with it is a key of the index of texts.
    """
    seen = looks(word)
    return hash(seen) & ~1 | (zlib.crc32(seen.encode()) % _SAMPLE == 0)


def _runs(marks: NDArray[np.int64]) -> NDArray[np.uint32]:
    """A hash of each run of SHINGLE marks, in order; odd like the first mark.

    In fifty thousand pairs of abstracts, one pair has two alike by chance; and one run alone proves nothing.
    """
    length = max(0, len(marks) - SHINGLE + 1)
    found = np.zeros(length, np.uint64)
    for start in range(SHINGLE):
        found *= _FACTOR  # as it overflows
        found += marks[start : start + length].view(np.uint64)
    upper = (found >> np.uint64(32)).astype(np.uint32)  # the lower bits depend on those of the marks alone
    return np.unique(upper & ~_ODD | marks[:length].astype(np.uint32) & _ODD)


_ODD = np.uint32(1)
_FACTOR = np.uint64(6364136223846793005)  # of Knuth's generator (The Art of Computer Programming, 3.3.4)


def forget_words() -> None:
    """Let go of what is remembered of words and names from one document to the next."""
    for remembered in (_mark, _author_keys, looks):
        remembered.cache_clear()


@lru_cache(maxsize=65536)
def _author_keys(name: str) -> tuple[tuple[str, str], ...]:
    """Family name and given name, with the family name first or last, for both orders are written."""
    words = re.findall(r"[^\W\d_]+", fold(name))
    if " ".join(words) in _NOBODY:
        return ()
    if len(words) < 2:
        return tuple((word, "") for word in words)
    return (words[-1], words[0]), (words[0], words[1])
