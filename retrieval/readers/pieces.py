"""A large text in pieces: decoded some at a time, and cut where records begin."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import BinaryIO

from retrieval.errors import UnreadableFile
from retrieval.models import Document, Reading
from retrieval.readers.decoding import encoding_of, no_character, truncated

PIECE = 2_000_000
"""Bytes: some thousand records, whose parts in memory come to some ten megabytes."""

WHOLE_MB = 100
"""Of a text that has to be in memory as a whole, with its parts: some five times as much."""

Documents = Callable[[str, Iterable[str], list[str]], Iterator[Document]]
"""The papers of a file by its name and its text in pieces; what a person should know goes into the list."""


def reading_of(documents: Documents, name: str, text: str) -> Reading:
    """All papers of a text that is at hand."""
    notes: list[str] = []
    found = tuple(documents(name, (text,), notes))
    return Reading(found, tuple(notes))


def taken(file: BinaryIO, size: int) -> bytes:
    """The next bytes of a file; all that are left for -1. Raises UnreadableFile."""
    try:
        return file.read(size)
    except OSError as error:
        raise UnreadableFile(f"cannot be read: {error.strerror}") from error


def decoded(file: BinaryIO, notes: list[str], size: int = PIECE) -> Iterator[str]:
    """The text of a file as `decoding.decode` gives it, in pieces that end with a line where lines are short.

    Raises UnreadableFile.
    """
    data = taken(file, size)
    at, encoding = encoding_of(data)
    decoder = codecs.getincrementaldecoder(encoding)()
    data, rest, line = data[at:], "", 1
    while data:
        begun = len(decoder.getstate()[0])
        try:
            text = rest + decoder.decode(data)
        except UnicodeDecodeError as error:
            line += rest.count("\n") + error.object.count(b"\n", 0, error.start)
            byte, offset = error.object[error.start], at - begun + error.start
            raise UnreadableFile(no_character(encoding, byte, offset, line)) from error
        cut = text.rfind("\n") + 1
        if 2 * cut < len(text):  # lines that long are parted: a form is known by more than its first line
            cut = len(text) - text.endswith("\r")  # of "\r\n" the rest may follow
        piece, rest = text[:cut], text[cut:]
        line += piece.count("\n")
        yield piece
        at += len(data)
        data = taken(file, size)
    if begun := len(decoder.getstate()[0]):
        notes.append(truncated(at - begun))
    yield rest


def lines_of(pieces: Iterable[str]) -> Iterator[str]:
    """The lines of a text, without the signs "\\n" that part them."""
    rest = ""
    for piece in pieces:
        *whole, rest = (rest + piece).split("\n")
        yield from whole
    yield rest


def cut_at(start: re.Pattern[str], pieces: Iterable[str]) -> Iterator[tuple[int, str]]:
    """The text in pieces that begin where `start` fits, each with the number of lines before it.

    A text of one piece stays whole.
    """
    coming = iter(pieces)
    held, lines = next(coming, ""), 0
    for piece in coming:
        cut = max((found.start() for found in start.finditer(held)), default=0)
        if cut:
            yield lines, held[:cut]
            lines += held.count("\n", 0, cut)
        held = held[cut:] + piece
    yield lines, held


def at_once(pieces: Iterable[str]) -> str:
    """All of a text. Raises UnreadableFile for one of more than WHOLE_MB million characters."""
    held, size = list[str](), 0
    for piece in pieces:
        size += len(piece)
        if size > WHOLE_MB * 1_000_000:
            raise UnreadableFile(
                f"too large: more than {WHOLE_MB} MB that can only be read whole. Write its papers as "
                "records (JSON lines, a JSON array or CSV), which may be of any number"
            )
        held.append(piece)
    return "".join(held)


def begun(pieces: Iterable[str]) -> tuple[str, Iterable[str]]:
    """The beginning of a text, in which there is more than space; and all of it."""
    coming, head = iter(pieces), ""
    while not head.strip() and (piece := next(coming, None)) is not None:
        head += piece
    return head, chain((head,), coming)
