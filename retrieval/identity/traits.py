"""What documents are compared by. Pure."""

from __future__ import annotations

import re
import zlib
from functools import cached_property, lru_cache

from retrieval.identity.folding import fold, looks
from retrieval.identity.titles import Title
from retrieval.models import Document, Paper

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
    """What a document is compared by, each worked out once and only when asked for."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.title = Title.of(document.title or "")
        self.doi = (document.doi or "").lower()
        self.arxiv = arxiv_id(document)
        self.people = tuple(filter(None, map(_author_keys, document.authors)))
        self.authors = frozenset(key for person in self.people for key in person)
        self.words = _words(_head(document))

    @cached_property
    def has_abstract(self) -> bool:
        return bool(self.document.text("abstract"))

    @cached_property
    def shingles(self) -> frozenset[tuple[str, ...]]:
        return frozenset(zip(*(self._seen[start:] for start in range(SHINGLE)), strict=False))

    @cached_property
    def _seen(self) -> list[str]:
        """The words as a scan may show them: runs outlive most errors of OCR."""
        return [looks(word) for word in self.words]

    def sample(self) -> set[tuple[str, ...]]:
        """The runs that the index of texts holds: chosen by their first word, so alike everywhere."""
        words = self._seen
        starts = range(len(words) - SHINGLE + 1)
        return {tuple(words[at : at + SHINGLE]) for at in starts if _is_key(words[at])}

    def title_runs(self) -> set[str]:
        """The runs of letters that the index of titles holds, chosen in the same way."""
        letters = self.title.letters
        runs = {letters[at : at + _LETTERS] for at in range(len(letters) - _LETTERS + 1)}
        return {run for run in runs if zlib.crc32(run.encode()) % 2 == 0}


def _head(document: Document) -> str:
    """The abstract, or the first page's worth of the paper's own words."""
    return document.text("abstract") or document.text("body")[: _HEAD_WORDS * 8]


def _words(text: str) -> list[str]:
    """Folded words; a hyphen joins, at a line's end too: repair may have dropped it in one source only."""
    joined = re.sub(r"[-\u00ad\u2010\u2011]\s*", "", fold(text))
    return re.findall(r"[^\W_]+", joined)[:_HEAD_WORDS]


@lru_cache(maxsize=65536)
def _is_key(word: str) -> bool:
    return zlib.crc32(word.encode()) % _SAMPLE == 0


@lru_cache(maxsize=65536)
def _author_keys(name: str) -> tuple[tuple[str, str], ...]:
    """Family name and given name, with the family name first or last, for both orders are written."""
    words = re.findall(r"[^\W\d_]+", fold(name))
    if " ".join(words) in _NOBODY:
        return ()
    if len(words) < 2:
        return tuple((word, "") for word in words)
    return (words[-1], words[0]), (words[0], words[1])
