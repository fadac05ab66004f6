"""How many tokens a text takes, about, and which passages fit into a model's context. Pure.

Every model cuts text in its own way. The estimate counts what they have in common, and rather too many: an
endpoint that gets more than its context holds refuses it, or cuts off the beginning without a word.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate

from retrieval.models import Passage

LETTERS = 5  # of an English word that make one token; the common short words are one each
DIGITS = 3  # of a number
OF_A_PASSAGE = 60  # tokens of its title, authors, section and fence
OF_THE_RULES = 700  # tokens of the instructions around passages and question

_PIECE = re.compile(r"[A-Za-z]+|\d+|[^\sA-Za-z\d]")


def tokens(text: str) -> int:
    """An estimate of the tokens of `text`: words by LETTERS, numbers by DIGITS, other signs one each."""
    return sum(_of(piece) for piece in _PIECE.findall(text))


def _of(piece: str) -> int:
    if piece[0].isascii() and piece[0].isalpha():
        return -(-len(piece) // LETTERS)
    return -(-len(piece) // DIGITS) if piece[0].isdigit() else 1


def fitting(passages: Sequence[Passage], room: int) -> tuple[Passage, ...]:
    """The first of `passages` that take at most `room` tokens together; always the first one."""
    costs = accumulate(tokens(passage.chunk.text) + OF_A_PASSAGE for passage in passages)
    within = sum(cost <= room for cost in costs)
    return tuple(passages[: max(1, within)])
