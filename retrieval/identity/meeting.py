"""Which documents are worth comparing: those that share a key. Nothing compares all pairs. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence

from retrieval.identity.evidence import SCANNED_TEXT
from retrieval.identity.traits import Traits

MEETING = 8
"""Documents of one key that later ones are compared with."""

_CROWD = 40  # documents of one run of letters of titles: a run that more share tells none apart
_SHARED_RUNS = 0.25  # of those of the shorter title: one error of three letters breaks half of them
_NEAREST = 8  # titles that one is compared with, those that share the most runs


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
    runs_of = [trait.title_runs() for trait in traits]
    index: dict[str, list[int]] = defaultdict(list)
    for place, runs in enumerate(runs_of):
        met = Counter(other for run in runs for other in index[run])
        for other, count in met.most_common(_NEAREST):
            if count >= _SHARED_RUNS * min(len(runs), len(runs_of[other])):
                yield other, place
        for run in runs:
            if len(index[run]) < _CROWD:
                index[run].append(place)


def _by_texts(traits: Sequence[Traits]) -> Iterator[tuple[int, int]]:
    """Of texts that share runs of words."""
    samples = [trait.sample() for trait in traits]
    index: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, sample in enumerate(samples):
        met = Counter(other for key in sample for other in index[key])
        for other, count in met.items():
            if count >= 0.5 * SCANNED_TEXT * min(len(sample), len(samples[other])):
                yield other, place
        for key in sample:
            if len(index[key]) < MEETING:
                index[key].append(place)
