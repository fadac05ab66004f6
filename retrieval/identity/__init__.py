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

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

from retrieval.identity.evidence import SAME_TEXT, alike, may_be_one, same_hands, same_text
from retrieval.identity.merging import fullness, merge
from retrieval.identity.traits import Traits, normal_title
from retrieval.models import Document

__all__ = ["group", "merge", "normal_title"]

_DISTINCTIVE = 15  # letters; a shorter title is a name that two papers may share
_MEETING = 8  # documents of one key that later ones are compared with


def group(documents: Sequence[Document]) -> list[tuple[Document, ...]]:
    """Documents of the same paper together, the fullest text first; groups in the order of their first."""
    sets = _Sets(len(documents))
    traits = [Traits(document) for document in documents]
    for join in (_join_by_doi, _join_by_title, _join_by_text):
        join(traits, sets)
    groups: dict[int, list[Document]] = defaultdict(list)
    for place, document in enumerate(documents):
        groups[sets.root(place)].append(document)
    return [tuple(sorted(members, key=fullness)) for members in groups.values()]


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


def _join_by_doi(traits: Sequence[Traits], sets: _Sets) -> None:
    for places in _shared(enumerate(trait.doi for trait in traits)):
        _join_within(places, traits, sets, alike)


def _join_by_title(traits: Sequence[Traits], sets: _Sets) -> None:
    for places in _shared(enumerate(trait.title for trait in traits)):
        with_authors = [place for place in places if traits[place].authors]
        distinctive = len(traits[places[0]].title) >= _DISTINCTIVE
        _join_within(with_authors, traits, sets, same_hands)
        anonymous = [place for place in places if not traits[place].authors]
        if not distinctive:
            continue
        papers = {sets.root(place): place for place in with_authors}
        # With two papers of that title, nobody knows whose the entry without authors is.
        candidates = [*papers.values(), *anonymous] if len(papers) <= 1 else anonymous
        _join_within(candidates, traits, sets, may_be_one)


def _join_by_text(traits: Sequence[Traits], sets: _Sets) -> None:
    samples = [trait.sample() for trait in traits]
    index: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, sample in enumerate(samples):
        met = Counter(other for key in sample for other in index[key])
        for other, count in met.items():
            enough = 0.5 * SAME_TEXT * min(len(sample), len(samples[other]))
            if (
                count >= enough
                and sets.root(place) != sets.root(other)
                and same_text(traits[place], traits[other])
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
    places: Sequence[int], traits: Sequence[Traits], sets: _Sets, same: Callable[[Traits, Traits], bool]
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
