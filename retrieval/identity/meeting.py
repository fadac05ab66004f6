"""Which documents are worth comparing: those that share a key. Nothing compares all pairs. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import pairwise
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

_Places = NDArray[np.int64]


def pairs(traits: Sequence[Traits]) -> Iterator[tuple[int, int]]:
    """Places of documents that may be one paper, the earlier first, each pair once."""
    seen: set[tuple[int, int]] = set()
    for found in (_by_keys(traits), _by_titles(traits), _by_texts(traits)):
        for pair in found:
            if pair not in seen:
                seen.add(pair)
                yield pair


def _by_keys(traits: Sequence[Traits]) -> Iterator[tuple[int, int]]:
    """Of one DOI, one arXiv id, one title, or one title by one author."""
    met: dict[Hashable, list[int]] = defaultdict(list)
    for place, trait in enumerate(traits):
        for key in _keys(trait):
            here = met[key]
            yield from ((other, place) for other in here)
            if len(here) < MEETING:
                here.append(place)


def _keys(trait: Traits) -> Iterable[Hashable]:
    letters = trait.title.letters
    numbers = [number for number in (trait.doi, trait.arxiv) if number]
    titles = [(letters, ""), *((letters, author) for author in trait.authors)] if letters else []
    return [*numbers, *titles]


def _by_titles(traits: Sequence[Traits]) -> Iterator[tuple[int, int]]:
    """Of titles that share runs of letters, the most first."""
    runs = [trait.title_runs() for trait in traits]
    sizes = _sizes(runs)
    for met in _meetings(runs, _CROWD):
        order = np.lexsort((met.other, -met.shared, met.place))
        place, other, shared = (found[order] for found in met)
        starts = np.flatnonzero(np.diff(place, prepend=-1))
        rank = np.arange(len(place)) - np.repeat(starts, np.diff(starts, append=len(place)))
        enough = shared >= _SHARED_RUNS * np.minimum(sizes[place], sizes[other])
        yield from _listed(other, place, enough & (rank < _NEAREST))


def _by_texts(traits: Sequence[Traits]) -> Iterator[tuple[int, int]]:
    """Of texts that share runs of words."""
    samples = [trait.sample for trait in traits]
    sizes = _sizes(samples)
    for place, other, shared in _meetings(samples, MEETING):
        yield from _listed(
            other, place, shared >= 0.5 * SCANNED_TEXT * np.minimum(sizes[place], sizes[other])
        )


def _listed(other: _Places, place: _Places, kept: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    return zip(other[kept].tolist(), place[kept].tolist(), strict=True)


def _sizes(keys: Sequence[_Places]) -> _Places:
    return np.array([len(some) for some in keys], np.int64)


class _Meetings(NamedTuple):
    """Documents, each with an earlier one, and how many keys the two share."""

    place: _Places
    other: _Places
    shared: _Places


def _meetings(keys: Sequence[_Places], crowd: int) -> Iterator[_Meetings]:
    """Who shares keys with whom, some documents at a time. Each key knows its first `crowd` documents.

    In arrays and by sorting: a table of lists would take ten times the memory, and half of all time.
    """
    if not keys:
        return
    every = np.concatenate(keys)
    places = np.repeat(np.arange(len(keys)), _sizes(keys))
    order = np.argsort(every, kind="stable")  # those of one key come in the order of their documents
    places, every = places[order], every[order]
    starts = np.flatnonzero(np.diff(every, prepend=every[:1] - 1))
    counts = np.diff(starts, append=len(every))
    first = np.repeat(starts, counts)
    before = np.minimum(np.arange(len(every)) - first, crowd)  # earlier documents that are known by then
    later = np.flatnonzero(before)
    later = later[np.argsort(places[later], kind="stable")]
    bounds = np.searchsorted(places[later], np.arange(0, len(keys) + _BLOCK, _BLOCK))
    for start, end in pairwise(bounds):
        some = later[start:end]
        times = before[some]
        steps = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
        place, other = np.repeat(places[some], times), places[np.repeat(first[some], times) + steps]
        met, shared = np.unique(place * len(keys) + other, return_counts=True)
        yield _Meetings(met // len(keys), met % len(keys), shared)
