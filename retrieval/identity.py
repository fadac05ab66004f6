"""Is this the same paper? Documents of one paper from several sources become one Paper. Pure.

Two documents are the same paper where they share

- a DOI, while their titles are alike;
- or a title (case, accents, spaces and punctuation apart), while neither authors, years, DOIs nor abstracts
  speak against it;
- or their abstract or first page: half of the shorter one's runs of five words stand in the other.

A name alone ("FFF") is no proof. Nothing compares all pairs: documents meet through keys they
share, so that ten thousand of them take seconds.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import TypeVar

from rapidfuzz import fuzz

from retrieval.models import MENDED, Document, Paper

SHINGLE = 5
"""Words in a run. Two texts rarely share five in a row by chance (as Broder, 1997, for pages of the web)."""
SAME_TEXT = 0.5
"""Share of the shorter text's runs that stand in the other: a page may stop early, and OCR breaks words."""
MIN_SHINGLES = 15
"""Shorter texts ("No abstract available.") prove nothing."""

_HEAD_WORDS = 400
_DISTINCTIVE = 15  # letters; a shorter title is a name that two papers may share
_SIMILAR_TITLE = 75.0  # of 100
_SAMPLE = 4  # one run of so many is a key of the index of texts
_MEETING = 8  # documents of one key that later ones are compared with
_SAME_YEARS = 2  # between a preprint and its printing

T = TypeVar("T")


def group(documents: Sequence[Document]) -> list[tuple[Document, ...]]:
    """Documents of the same paper together, the fullest text first; groups in the order of their first."""
    sets = _Sets(len(documents))
    traits = [_Traits(document) for document in documents]
    for join in (_join_by_doi, _join_by_title, _join_by_text):
        join(traits, sets)
    groups: dict[int, list[Document]] = defaultdict(list)
    for place, document in enumerate(documents):
        groups[sets.root(place)].append(document)
    return [tuple(sorted(members, key=_fullness)) for members in groups.values()]


def merge(documents: tuple[Document, ...]) -> Paper:
    """What all sources of one paper say together.

    For each fact the manifest comes first, then sources with a DOI (lists and records, typed by publishers),
    then the others as they stand. Where no source knows the title it is a label.
    """
    trusted = sorted(documents, key=lambda document: document.doi is None)
    title = _first("title", trusted, lambda document: document.title)
    sources = sorted({document.source for document in documents})
    label = next((document.label for document in documents if document.label), None)
    return Paper(
        id=hashlib.sha256(sources[0].encode()).hexdigest()[:16],
        title=title or label or sources[0],
        title_is_label=title is None,
        authors=_first("authors", trusted, lambda document: document.authors) or (),
        year=_first("year", trusted, lambda document: document.year),
        venue=_first("venue", trusted, lambda document: document.venue),
        doi=_first("doi", trusted, lambda document: document.doi),
        url=_first("url", trusted, lambda document: document.url),
        code_url=_first("code_url", trusted, lambda document: document.code_url),
        abstract=next((text for text in map(_abstract, trusted) if text), None),
        sources=tuple(sources),
        extra=tuple(
            dict.fromkeys(pair for document in documents for pair in document.extra if pair[0] != MENDED)
        ),
    )


def normal_title(title: str) -> str:
    """Letters and digits alone, without case and accents: `L-MAGIC: A …` and `L-Magic – a …` are the same."""
    return "".join(char for char in _fold(title) if char.isalnum())


# -- what documents are compared by


class _Traits:
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


# -- the three ways to meet


class _Sets:
    """Union-find over places in a list; the root of a set is its first place."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def root(self, place: int) -> int:
        while self._parent[place] != place:
            self._parent[place] = self._parent[self._parent[place]]
            place = self._parent[place]
        return place

    def join(self, one: int, other: int) -> None:
        first, second = sorted((self.root(one), self.root(other)))
        self._parent[second] = first


def _join_by_doi(traits: Sequence[_Traits], sets: _Sets) -> None:
    for places in _shared(enumerate(trait.doi for trait in traits)):
        _join_within(places, traits, sets, _alike)


def _join_by_title(traits: Sequence[_Traits], sets: _Sets) -> None:
    for places in _shared(enumerate(trait.title for trait in traits)):
        with_authors = [place for place in places if traits[place].authors]
        distinctive = len(traits[places[0]].title) >= _DISTINCTIVE
        _join_within(with_authors, traits, sets, _same_hands)
        anonymous = [place for place in places if not traits[place].authors]
        if not distinctive:
            continue
        papers = {sets.root(place): place for place in with_authors}
        # With two papers of that title, nobody knows whose the entry without authors is.
        candidates = [*papers.values(), *anonymous] if len(papers) <= 1 else anonymous
        _join_within(candidates, traits, sets, _may_be_one)


def _join_by_text(traits: Sequence[_Traits], sets: _Sets) -> None:
    samples = [trait.sample() for trait in traits]
    index: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, sample in enumerate(samples):
        met = Counter(other for key in sample for other in index[key])
        for other, count in met.items():
            enough = 0.5 * SAME_TEXT * min(len(sample), len(samples[other]))
            if (
                count >= enough
                and sets.root(place) != sets.root(other)
                and _same_text(traits[place], traits[other])
            ):
                sets.join(place, other)
        for key in sample:
            if len(index[key]) < _MEETING:
                index[key].append(place)


def _shared(keys: Iterable[tuple[int, str]]) -> list[list[int]]:
    places: dict[str, list[int]] = defaultdict(list)
    for place, key in keys:
        if key:
            places[key].append(place)
    return [members for members in places.values() if len(members) > 1]


def _join_within(
    places: Sequence[int], traits: Sequence[_Traits], sets: _Sets, same: Callable[[_Traits, _Traits], bool]
) -> None:
    """Join each with the first earlier ones that all are the same; of at most `_MEETING` papers.

    All, for one that says little of itself would else bring two papers together that contradict each other.
    """
    met: list[list[int]] = []
    for place in places:
        for members in met:
            if all(same(traits[place], traits[other]) for other in members):
                sets.join(place, members[0])
                if len(members) < _MEETING:
                    members.append(place)
                break
        else:
            if len(met) < _MEETING:
                met.append([place])


# -- what speaks for and against


def _share_authors(one: _Traits, other: _Traits) -> bool:
    """An author in common: the family name, and the given one as far as both print it ("A." and "Ada")."""
    if not one.authors.isdisjoint(other.authors):
        return True
    given = defaultdict(list)
    for family, name in one.authors:
        given[family].append(name)
    return any(
        name.startswith(known) or known.startswith(name)
        for family, name in other.authors
        for known in given.get(family, ())
        if bool(name) == bool(known)
    )


def _same_hands(one: _Traits, other: _Traits) -> bool:
    """A title may come again: an editor's yearly "Editorial", a survey by another Wang."""
    return _share_authors(one, other) and _may_be_one(one, other)


def _alike(one: _Traits, other: _Traits) -> bool:
    """Whether the titles are of one paper: a whole volume's DOI stands in many entries."""
    if not one.title or not other.title:
        return True
    shorter, longer = sorted((one.title, other.title), key=len)
    return shorter in longer or fuzz.ratio(shorter, longer) >= _SIMILAR_TITLE


def _may_be_one(one: _Traits, other: _Traits) -> bool:
    """A title is not enough: neither years, DOIs nor abstracts may contradict."""
    years = one.document.year, other.document.year
    if years[0] and years[1] and abs(years[0] - years[1]) > _SAME_YEARS:
        return False
    if _two_papers_dois(one, other):
        return False
    both = all(trait.document.text("abstract") for trait in (one, other))
    return (
        not both
        or min(len(one.shingles), len(other.shingles)) < MIN_SHINGLES
        or _containment(one, other) >= 0.1
    )


def _two_papers_dois(one: _Traits, other: _Traits) -> bool:
    """Whether the DOIs are of two papers: a publisher gives one to each.

    A preprint and its printed version have two, of two publishers; where no authors stand beside them that is
    too little.
    """
    if not one.doi or not other.doi or one.doi == other.doi:
        return False
    same_publisher = one.doi.split("/")[0] == other.doi.split("/")[0]
    return same_publisher or not (one.authors and other.authors)


def _same_text(one: _Traits, other: _Traits) -> bool:
    if min(len(one.shingles), len(other.shingles)) < MIN_SHINGLES or _containment(one, other) < SAME_TEXT:
        return False
    if one.authors and other.authors and not _share_authors(one, other):
        return one.title == other.title  # of a series by several hands, with one abstract
    return _share_authors(one, other) or _alike(one, other)


def _containment(one: _Traits, other: _Traits) -> float:
    shorter, longer = sorted((one.shingles, other.shingles), key=len)
    return len(shorter & longer) / max(1, len(shorter))


# -- merging


def _fullness(document: Document) -> tuple[int, str]:
    """The most of the paper's own words first."""
    own = sum(len(block.text) for block in document.blocks if block.kind != "summary")
    return -own, document.source


def _first(name: str, documents: Sequence[Document], value: Callable[[Document], T | None]) -> T | None:
    """The first of the documents' values, those that a manifest gave before all others."""
    mended = [document for document in documents if name in dict(document.extra).get(MENDED, "").split()]
    return next((found for found in map(value, [*mended, *documents]) if found), None)


def _abstract(document: Document) -> str:
    return document.text("abstract")
