"""Which documents are worth comparing: those that share a key. Nothing compares all pairs. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.identity.evidence import SCANNED_TEXT
from retrieval.identity.traits import Traits

MEETING = 8
"""Documents of one key that later ones are compared with."""

_CROWD = 40  # documents of one run of letters of titles: a run that more share tells none apart
_SHARED_RUNS = 0.25  # of those of the shorter title: one error of three letters breaks half of them
_NEAREST = 8  # titles that one is compared with, those that share the most runs
_BLOCK = 1000  # documents whose meetings are counted together: some ten megabytes

_AT_ONCE = 1_000_000  # keys that are looked up together

_Places = NDArray[np.int64]
_Pairs = NDArray[np.int64]  # the later place times the number of documents, and the earlier one
_Keys = NDArray[np.int64] | NDArray[np.uint32]


def pairs(traits: Sequence[Traits]) -> Iterator[tuple[int, int]]:
    """Places of documents that may be one paper, the earlier first, each pair once."""
    found = [pair for some in (_by_keys(traits), _by_titles(traits), _by_texts(traits)) for pair in some]
    each = np.unique(np.concatenate(found)) if found else np.empty(0, np.int64)
    for start in range(0, len(each), _BLOCK):
        place, other = np.divmod(each[start : start + _BLOCK], len(traits))
        yield from zip(other.tolist(), place.tolist(), strict=True)


def _by_keys(traits: Sequence[Traits]) -> Iterator[_Pairs]:
    """Of one DOI, one arXiv id, one title, or one title by one author."""
    for met in _meetings(map(_keys, traits), MEETING)[1]:
        yield met.place * len(traits) + met.other


def _keys(trait: Traits) -> NDArray[np.int64]:
    """Hashes of them."""
    letters = trait.title.letters
    numbers = [number for number in (trait.doi, trait.arxiv) if number]
    titles = [letters, *((letters, author) for author in trait.authors)] if letters else []
    return np.unique(np.array([hash(key) for key in (*numbers, *titles)], np.int64))


def _by_titles(traits: Sequence[Traits]) -> Iterator[_Pairs]:
    """Of titles that share runs of letters, the most first."""
    sizes, meetings = _meetings((trait.title_runs() for trait in traits), _CROWD)
    for met in meetings:
        order = np.lexsort((met.other, -met.shared, met.place))
        place, other, shared = (found[order] for found in met)
        starts = np.flatnonzero(np.diff(place, prepend=-1))
        rank = np.arange(len(place)) - np.repeat(starts, np.diff(starts, append=len(place)))
        enough = shared >= _SHARED_RUNS * np.minimum(sizes[place], sizes[other])
        kept = enough & (rank < _NEAREST)
        yield place[kept] * len(traits) + other[kept]


def _by_texts(traits: Sequence[Traits]) -> Iterator[_Pairs]:
    """Of texts that share runs of words."""
    sizes, meetings = _meetings((trait.sample for trait in traits), MEETING)
    for met in meetings:
        kept = met.shared >= 0.5 * SCANNED_TEXT * np.minimum(sizes[met.place], sizes[met.other])
        yield met.place[kept] * len(traits) + met.other[kept]


class _Meetings(NamedTuple):
    """Documents, each with an earlier one, and how many keys the two share."""

    place: _Places
    other: _Places
    shared: _Places


def _meetings(keys: Iterable[_Keys], crowd: int) -> tuple[_Places, Iterator[_Meetings]]:
    """How many keys each document has, and who shares keys with whom, some documents at a time.

    Each key knows its first `crowd` documents. In arrays and by sorting: a table of lists would take ten
    times the memory, and half of all time.
    """
    every, sizes = _together(keys)
    shared = _shared(every)
    places = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)[shared]
    return sizes, _met(every[shared], places, len(sizes), crowd)


def _together(keys: Iterable[_Keys]) -> tuple[_Keys, _Places]:
    """The keys of all documents in one array, and how many each has."""
    coming, blocks, sizes = iter(keys), [], []
    while some := list(islice(coming, _BLOCK)):
        blocks.append(np.concatenate(some))
        sizes += [len(one) for one in some]
    return np.concatenate(blocks) if blocks else np.empty(0, np.int64), np.array(sizes, np.int64)


def _shared(every: _Keys) -> NDArray[np.bool_]:
    """Which of these stand there more than once; most do not, and need no more room."""
    ordered = np.sort(every)
    known = ordered[1:][ordered[1:] == ordered[:-1]]
    found = np.zeros(len(every), np.bool_)
    for start in range(0, len(every) if len(known) else 0, _AT_ONCE):
        some = every[start : start + _AT_ONCE]
        found[start : start + _AT_ONCE] = known[np.searchsorted(known[:-1], some)] == some
    return found


def _met(every: _Keys, places: NDArray[np.int32], size: int, crowd: int) -> Iterator[_Meetings]:
    """The meetings of the documents, `size` of them, by their keys and the place of each key."""
    if not len(every):
        return
    order = np.argsort(every, kind="stable")  # those of one key come in the order of their documents
    places, every = places[order], every[order]
    starts = np.flatnonzero(np.concatenate(([True], every[1:] != every[:-1])))
    counts = np.diff(starts, append=len(every))
    first = np.repeat(starts, counts)
    before = np.minimum(np.arange(len(every)) - first, crowd)  # earlier documents that are known by then
    later = np.flatnonzero(before)
    later = later[np.argsort(places[later], kind="stable")]
    bounds = np.searchsorted(places[later], np.arange(0, size + _BLOCK, _BLOCK))
    for start, end in pairwise(bounds):
        some = later[start:end]
        times = before[some]
        steps = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
        place = np.repeat(places[some].astype(np.int64), times)
        other = places[np.repeat(first[some], times) + steps]
        met, shared = np.unique(place * size + other, return_counts=True)
        yield _Meetings(met // size, met % size, shared)
