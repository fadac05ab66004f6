"""Is this the same paper? Documents of one paper from several sources become one Paper. Pure.

Two documents are the same paper where they share, from the surest down,

- what a person said of them: `Said`; then what a record says of the files attached to it: `attached`;
- a DOI or an arXiv id, while their titles are alike;
- their abstract or first page: half of the shorter one's runs of five words stand in the other, or a fifth
  where the titles are alike too;
- a title and an author, while neither years, numbers nor abstracts speak against it. The title may be in
  another case, misspelt, or cut off;
- a title alone, while only one paper has it.

A name alone ("FFF") is no proof. What is much alike and yet not the same is told as a near case, with the
reason. Nothing compares all pairs: documents meet through keys they share, so that ten thousand of them take
seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from retrieval.identity.attached import attached
from retrieval.identity.merging import merge, paper_id, versions
from retrieval.identity.room import Room
from retrieval.identity.traits import forget_words, normal_title
from retrieval.models import Document

__all__ = ["Identified", "Near", "Said", "group", "identify", "merge", "normal_title", "paper_id", "versions"]


@dataclass(frozen=True, slots=True)
class Said:
    """What a person decided: pairs of sources that are one paper, and pairs that are two."""

    same: tuple[tuple[str, str], ...] = ()
    apart: tuple[tuple[str, str], ...] = ()


NOTHING_SAID = Said()


@dataclass(frozen=True, slots=True)
class Near:
    """Two papers, each by one of its sources, that may be one; and why that is in doubt."""

    one: str
    other: str
    reason: str


@dataclass(frozen=True, slots=True)
class Identified:
    """Documents of the same paper together, the fullest text first; groups in the order of their first.

    Of the documents there is what tells where they are from and which versions they are: of a large library,
    nobody could hold all texts.
    """

    groups: tuple[tuple[Document, ...], ...]
    near: tuple[Near, ...]


def identify(documents: Iterable[Document], said: Said = NOTHING_SAID) -> Identified:
    """Which documents are one paper, and which nearly. What was said of absent sources waits for them.

    The documents are asked for once, one after the other.
    """
    room = Room(documents)
    bare = [traits.document for traits in room.traits]
    places = {document.source: at for at, document in enumerate(bare)}
    room.part(_placed(said.apart, places))
    doubts = room.settle(_placed((*said.same, *attached(bare)), places))
    forget_words()
    return Identified(
        tuple(tuple(bare[at] for at in members) for members in room.groups()),
        tuple(Near(bare[d.one].source, bare[d.other].source, d.reason) for d in doubts),
    )


def group(documents: Sequence[Document]) -> list[tuple[Document, ...]]:
    """The groups of `identify`, nobody having said anything, with their texts."""
    whole = {document.source: document for document in documents}
    return [tuple(whole[one.source] for one in members) for members in identify(documents).groups]


def _placed(pairs: Iterable[tuple[str, str]], places: dict[str, int]) -> Iterator[tuple[int, int]]:
    return ((places[one], places[other]) for one, other in pairs if one in places and other in places)
