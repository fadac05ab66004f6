"""Counts of what a repair should have left none of."""

from __future__ import annotations

import re
from collections import Counter

from retrieval.text_repair import characters, junk, markup

_DETACHED = re.compile(r"(?<=[^\W\d_]) ?[´¨](?=[^\W\d_])|(?<=[a-z]) ?[˜ˇ˚¸](?=[a-z]{2})")
_LIGATURE = re.compile(r"[ﬀ-ﬆ]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\ufffd\ue000-\uf8ff]")
_TEX = re.compile(r"\$[^$\n\\^_{}]*+[\\^_{}][^$\n]*+\$|\\(?:math[a-z]+|text[a-z]+|frac|left|right)\b")
_SPLIT_WORD = re.compile(
    r"(?<=[a-z])-[ \t]*\n[ \t]*[a-z]|(?<=[a-z])- (?!(?:and|or|to|nor|und)\b)(?=[a-z]{3})"
)
_REFERENCE = re.compile(
    r"^[ \t]*+\[\d{1,3}\] ?[A-Z][^\n]{10,}?(?:\b(?:19|20)\d\d\b|arXiv|Proceedings|In [A-Z])", re.MULTILINE
)
_REFERENCE_TAIL = re.compile(
    r"(?:In Proceedings of the|arXiv preprint arXiv:\d|IEEE Transactions on [A-Z][^.\n]{3,60}, \d+\()"
)


def faults(text: str) -> Counter[str]:
    """What is left in `text` of each kind of damage; a kind without any is not there."""
    return +count_faults(text)


def count_faults(text: str) -> Counter[str]:
    """What is left in `text` of each kind of damage, 0 for a kind without any."""
    return Counter(
        mojibake=characters.count_mojibake(text),
        ligature=len(_LIGATURE.findall(text)),
        control=len(_CONTROL.findall(text)),
        markup=len(markup._TAG.findall(text)) + len(_TEX.findall(text)),
        watermark=len(junk.WATERMARK.findall(text)) + len(junk.STAMP.findall(text)),
        base64=sum(1 for match in junk._BASE64.finditer(text) if not junk._unless_word(match)),
        glyph_codes=len(junk._GLYPH_CODES.findall(text)),
        detached_accent=len(_DETACHED.findall(text)),
        split_word=len(_SPLIT_WORD.findall(text)),
        reference_entry=len(_REFERENCE.findall(text)) + len(_REFERENCE_TAIL.findall(text)),
        spaced_letters=sum(junk.is_spaced(line) for line in text.split("\n")),
        repeated_phrase=sum(junk.collapse(line) != line for line in text.split("\n")),
    )
