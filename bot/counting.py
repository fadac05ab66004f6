"""How many of a thing there are, in words. Pure."""

from __future__ import annotations


def counted(number: int, thing: str) -> str:
    """ "1 paper", "3 papers": for things whose plural takes an s."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
