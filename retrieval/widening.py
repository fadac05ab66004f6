"""What is shown of a chunk that was found: its text with what stands around it, as far as that may be shown.

A chunk ends where its words run out, and what answers a question may begin in one chunk and end in the next.
So a passage takes whole sentences from its neighbours, in turn from after and before it, that no other
passage shows. Where another section begins, its heading stands between: half of all sections have no more
words than a passage may.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from retrieval.models import Chunk
from retrieval.sentences import spans

MOST_WORDS = 250
"""Words of a passage, at most."""


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A part of a chunk's text."""

    chunk: Chunk
    start: int  # in characters
    end: int

    @property
    def text(self) -> str:
        return self.chunk.text[self.start : self.end]


def widened(chosen: Sequence[Chunk], reading: Sequence[Chunk]) -> list[Chunk]:
    """The chosen chunks in their order with the sentences around them, each sentence in one of them only.

    `reading` are all chunks of their papers in reading order. Ids stay as they are, pages stay right.
    """
    place = {chunk.id: n for n, chunk in enumerate(reading)}
    free = {chunk.id: _Stretch(chunk, 0, 0) for chunk in chosen}  # what no passage shows yet

    def beside(chunk: Chunk, step: int) -> _Stretch | None:
        at = place[chunk.id] + step
        if not 0 <= at < len(reading) or not _run_on(chunk, other := reading[at]):
            return None
        return free.setdefault(other.id, _Stretch(other, 0, len(other.text)))

    found = []
    for chunk in chosen:
        before, after = beside(chunk, -1), beside(chunk, 1)
        room = MOST_WORDS - len(chunk.text.split()) - _words_of_headings(before, chunk, after)
        head, tail = _in_turn(room, _last_sentences(before, room), _first_sentences(after, room))
        if before and head:
            free[before.chunk.id] = replace(before, end=head[-1].start)
            head = [replace(before, start=head[-1].start)]
        if after and tail:
            free[after.chunk.id] = replace(after, start=tail[-1].end)
            tail = [replace(after, end=tail[-1].end)]
        whole = _Stretch(chunk, 0, len(chunk.text))
        found.append(_joined(chunk, [*head, whole, *tail]) if head or tail else chunk)
    return found


def _run_on(one: Chunk, other: Chunk) -> bool:
    """Whether two neighbours are one text. An abstract is a text of its own, whatever section comes next."""
    same = (one.paper_id, one.source, one.kind) == (other.paper_id, other.source, other.kind)
    return same and (one.kind == "body" or (one.kind == "abstract" and one.section == other.section))


def _words_of_headings(before: _Stretch | None, chunk: Chunk, after: _Stretch | None) -> int:
    """The words of the headings that stand between a chunk and its neighbours."""
    own = chunk.section if before and before.chunk.section != chunk.section else ""
    following = after.chunk.section if after and after.chunk.section != chunk.section else ""
    return len(own.split()) + len(following.split())


def _first_sentences(stretch: _Stretch | None, words: int) -> list[_Stretch]:
    """The sentences at the start of a stretch that so many words may hold, in order."""
    if stretch is None or words < 1:
        return []
    pieces = stretch.text.split(None, words + 1)
    cut = len(pieces[-1]) if len(pieces) > words + 1 else 0  # a whole chunk need not be cut into sentences
    found = _sentences(replace(stretch, end=stretch.end - cut))
    return found[:-1] if cut else found


def _last_sentences(stretch: _Stretch | None, words: int) -> list[_Stretch]:
    """The sentences at the end of a stretch that so many words may hold, the last one first."""
    if stretch is None or words < 1:
        return []
    pieces = stretch.text.rsplit(None, words + 1)
    cut = len(pieces[0]) if len(pieces) > words + 1 else 0
    found = _sentences(replace(stretch, start=stretch.start + cut))
    return found[:0:-1] if cut else found[::-1]


def _sentences(stretch: _Stretch) -> list[_Stretch]:
    at = stretch.start
    return [_Stretch(stretch.chunk, at + start, at + end) for start, end in spans(stretch.text)]


def _in_turn(
    room: int, before: Sequence[_Stretch], after: Sequence[_Stretch]
) -> tuple[list[_Stretch], list[_Stretch]]:
    """Of the sentences on both sides, the nearest first, those that fit into `room` words."""
    sides = (after, before)
    taken: tuple[list[_Stretch], list[_Stretch]] = ([], [])
    going = True
    while going:
        going = False
        for sentences, kept in zip(sides, taken, strict=True):
            rest = sentences[len(kept) : len(kept) + 1]
            if rest and (words := len(rest[0].text.split())) <= room:
                kept.append(rest[0])
                room -= words
                going = True
    return taken[1], taken[0]


def _joined(chunk: Chunk, pieces: Sequence[_Stretch]) -> Chunk:
    """`chunk` with the text of all pieces, the headings between them, and the pages on which they stand.

    Its own section ends where a heading stands.
    """
    text, turns = "", list[tuple[int, int]]()
    places: list[tuple[int, int]] = []
    first = page = _page_at(pieces[0])
    section = pieces[0].chunk.section
    for piece in pieces:
        if piece.chunk.section != section:
            section = piece.chunk.section
            text += f"\n\n{section}\n\n" if section else "\n\n"
        elif text:
            text += " "
        inside = [turn for turn in piece.chunk.turns if piece.start < turn[0] < piece.end]
        for at, starting in [(piece.start, _page_at(piece)), *inside]:
            if starting is not None and starting != page:
                page = starting
                turns.append((len(text) + at - piece.start, starting))
        if section == chunk.section:
            places.append((len(text), len(text) + len(piece.text)))
        text += piece.text
    own = (places[0][0], places[-1][1])
    return replace(
        chunk,
        text=text,
        page=first,
        turns=tuple(turns),
        own=own if own != (0, len(text)) else None,
    )


def _page_at(stretch: _Stretch) -> int | None:
    """The page on which a stretch begins."""
    pages = [page for at, page in stretch.chunk.turns if at <= stretch.start]
    return pages[-1] if pages else stretch.chunk.page
