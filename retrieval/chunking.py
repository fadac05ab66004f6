"""Document -> chunks, and chunk -> the texts that are embedded. Pure.

A chunk is what is shown: whole sentences of one section, at most MAX_WORDS words. What is embedded is a chunk
with its paper's title and section in front; where that is more than the embedder takes, the chunk is embedded
in parts, so that nothing is cut off unseen.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from retrieval.models import Block, BlockKind, Chunk, Document, Paper
from retrieval.sentences import spans

RECIPE = "4"
"""Moves when chunks or parts come out differently, so that an index of another recipe is never searched."""

MAX_WORDS = 240
"""Words of a chunk, at most; shown passages may have 250. On the first library 240 words hold a little more
of the evidence in eight passages than 200, and clearly more than 150."""

MIN_WORDS = 25
"""A shorter piece is joined to its neighbour in the same section where both fit."""

_PREFIX_SHARE = 0.4  # of the embedder's limit, at most, goes to title and section


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    page: int | None
    gap: str  # what parts it from the sentence before: "" | " " | "\n\n"


def chunks_of(document: Document, paper: Paper) -> list[Chunk]:
    """The chunks of one document of a paper, in reading order. Each id is unique within the document."""
    found: list[Chunk] = []
    for section, kind, blocks in _stretches(document.blocks):
        for sentences in _pack(_sentences(blocks)):
            text, turns = _joined(sentences)
            name = _hash(document.source, str(len(found)), paper.title, *paper.authors, section, kind, text)
            found.append(
                Chunk(name, paper.id, document.source, text, section, sentences[0].page, kind, turns)
            )
    return found


def card_of(document: Document, paper: Paper) -> Chunk:
    """The chunk of a paper that says who wrote what, where and when."""
    lines = [paper.title]
    if paper.authors:
        lines.append(f"Authors: {', '.join(paper.authors)}")
    if paper.venue or paper.year:
        lines.append(f"Conference: {' '.join(str(part) for part in (paper.venue, paper.year) if part)}")
    text = " ".join("\n".join(lines).split(" ")[:MAX_WORDS])  # one of the list has 125 authors
    page = document.blocks[0].page if document.blocks else None
    name = _hash(document.source, "card", *lines)
    return Chunk(name, paper.id, document.source, text, "", page, "card")


def texts_to_embed(
    chunk: Chunk, title: str, count_tokens: Callable[[str], int], max_tokens: int
) -> list[str]:
    """What the embedder gets of a chunk: title, section and whole sentences, in parts that fit its limit."""
    prefix = _prefix(title, chunk.section, count_tokens, int(max_tokens * _PREFIX_SHARE))
    whole = f"{prefix}{chunk.text}"
    if count_tokens(whole) <= max_tokens:
        return [whole]
    budget = max_tokens - count_tokens(prefix) - 2
    pieces = list(_fitting(chunk.text, count_tokens, budget))
    sizes = [count_tokens(piece) for piece in pieces]
    share = min(budget, math.ceil(sum(sizes) / math.ceil(sum(sizes) / budget)) + max(sizes) // 2)
    return [prefix + " ".join(group) for group in _filled(pieces, sizes, share)]


def _joined(sentences: Sequence[_Sentence]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The text of some sentences, and where in it those of another page begin."""
    text, page, turns = "", sentences[0].page, []
    for sentence in sentences:
        text += sentence.gap if text else ""
        if sentence.page is not None and sentence.page != page:
            page = sentence.page
            turns.append((len(text), page))
        text += sentence.text
    return text, tuple(turns)


def _hash(*parts: str) -> str:
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=10).hexdigest()


def _stretches(blocks: Sequence[Block]) -> Iterator[tuple[str, BlockKind, list[Block]]]:
    """Runs of blocks that may share a chunk: captions stand alone, and do not part the text around them."""
    running = [block for block in blocks if block.kind != "caption"]
    for (section, kind), group in groupby(running, key=lambda block: (block.section, block.kind)):
        yield section, kind, list(group)
    for block in blocks:
        if block.kind == "caption":
            yield block.section, block.kind, [block]


def _sentences(blocks: Sequence[Block]) -> list[_Sentence]:
    """The sentences of adjoining blocks. One that runs over a page's end belongs to the page it starts on."""
    text, starts = "", []
    for block in blocks:
        text = text.rstrip()
        if text:
            text += "\n\n" if text[-1] in '.!?:”"' else " "
        starts.append((len(text), block.page))
        text += block.text.strip()
    found, end, at = [], 0, 0
    for start, stop in spans(text):
        while at + 1 < len(starts) and starts[at + 1][0] <= start:
            at += 1
        gap = "\n\n" if "\n" in text[end:start] else " " if start > end else ""
        found += [
            _Sentence(piece, starts[at][1], gap if n == 0 else " ")
            for n, piece in enumerate(_cut(text[start:stop]))
        ]
        end = stop
    return found


def _cut(sentence: str) -> list[str]:
    """A "sentence" longer than a chunk (a table, a list without points) in pieces of MAX_WORDS words."""
    words = sentence.split()
    if len(words) <= MAX_WORDS:
        return [sentence]
    return [" ".join(words[n : n + MAX_WORDS]) for n in range(0, len(words), MAX_WORDS)]


def _pack(sentences: list[_Sentence]) -> list[list[_Sentence]]:
    """Sentences in groups of about equal size, none over MAX_WORDS words."""
    sizes = [len(sentence.text.split()) for sentence in sentences]
    if not sizes:
        return []
    share = math.ceil(sum(sizes) / math.ceil(sum(sizes) / MAX_WORDS))
    groups: list[list[_Sentence]] = [[]]
    room = 0
    for sentence, size in zip(sentences, sizes, strict=True):
        # past its fair share, or about to pass it by more than it would fall short
        if groups[-1] and (room + size > MAX_WORDS or room + size / 2 > share):
            groups.append([])
            room = 0
        groups[-1].append(sentence)
        room += size
    return _without_tail(groups)


def _without_tail(groups: list[list[_Sentence]]) -> list[list[_Sentence]]:
    """The last group joined to the one before it where it is tiny and both fit."""
    if len(groups) > 1:
        tail = sum(len(s.text.split()) for s in groups[-1])
        before = sum(len(s.text.split()) for s in groups[-2])
        if tail < MIN_WORDS and before + tail <= MAX_WORDS:
            return [*groups[:-2], groups[-2] + groups[-1]]
    return groups


def _prefix(title: str, section: str, count_tokens: Callable[[str], int], limit: int) -> str:
    """Title and section as a line in front; over its share of tokens, it loses words from its end."""
    words = f"{title} | {section}".split() if section else title.split()
    while len(words) > 1 and count_tokens(" ".join(words)) > limit:
        words.pop()
    return " ".join(words) + "\n" if words else ""


def _fitting(text: str, count_tokens: Callable[[str], int], budget: int) -> Iterator[str]:
    """The sentences of `text`; one over the budget in halves, and these in halves, until they fit."""
    for start, end in spans(text):
        yield from _halves(text[start:end], count_tokens, budget)


def _halves(text: str, count_tokens: Callable[[str], int], budget: int) -> Iterator[str]:
    if count_tokens(text) <= budget or len(text) < 2:
        yield text
        return
    words = text.split(" ")
    middle = len(words) // 2
    left, right = (
        (" ".join(words[:middle]), " ".join(words[middle:]))
        if middle
        else (text[: len(text) // 2], text[len(text) // 2 :])
    )
    yield from _halves(left, count_tokens, budget)
    yield from _halves(right, count_tokens, budget)


def _filled(pieces: list[str], sizes: list[int], share: int) -> Iterator[list[str]]:
    group: list[str] = []
    room = 0
    for piece, size in zip(pieces, sizes, strict=True):
        if group and room + size > share:
            yield group
            group, room = [], 0
        group.append(piece)
        room += size
    yield group
