"""Repair of text as it comes out of PDF files and web lists: pure functions, text in, text out."""

from __future__ import annotations

import re

from retrieval.text_repair.characters import mend_characters
from retrieval.text_repair.faults import count_faults, faults
from retrieval.text_repair.junk import drop_junk
from retrieval.text_repair.markup import strip_markup
from retrieval.text_repair.vocabulary import Vocabulary, join_line_ends, mend_names, mend_title, mend_words

__all__ = ["Vocabulary", "count_faults", "faults", "mend_names", "mend_title", "repair", "strip_markup"]

_LOOSE_BRACKET = re.compile(r"([\[(]) (?=[\w“\"‘'])")
_LOOSE_SIGN = re.compile(r"(?<=[\w\])”’\"%]) ([,;:)\]]|\.(?!\d| ?\.))(?=\s|$|[,.;)\]])")
_RUN_OF_SPACES = re.compile(r"(?<=\S) {2,}(?=\S)")
_LINE_EDGES = re.compile(r"(?<![ \t])[ \t]+$", re.MULTILINE)


def repair(text: str) -> str:
    """`text` in true characters and whole words, without markup and junk, in the lines it had.

    Pure, and the same when done again.
    """
    text = mend_characters(text)
    text = strip_markup(drop_junk(text))
    text = _RUN_OF_SPACES.sub(" ", text) if "  " in text else text
    if " \n" in (ended := f"{text}\n") or "\t\n" in ended:
        text = _LINE_EDGES.sub("", text)
    text = _LOOSE_SIGN.sub(r"\1", _LOOSE_BRACKET.sub(r"\1", text))
    if "-\n" in text:
        text = join_line_ends(text, Vocabulary.of(text))
    for _ in range(3):  # words made whole may be the proof for others
        mended = mend_words(text, Vocabulary.of(text))
        if mended == text:
            break
        text = mended
    return text
