"""What a publisher prints on every page: lines that come again, word for word but for their numbers. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from retrieval.structure.headings import Headings

_EDGE_LINES = 3
_FEWEST_WORDS = 4  # of a line inside a page; what is shorter comes again by chance
_SHARE = 0.5  # of the pages
_DIGITS = re.compile(r"^\d+|\d+(?=\W*$)")  # where a page's own number stands
_LETTERS = re.compile(r"[^\W\d_]{2,}")


def without_furniture(pages: Sequence[Sequence[str]], *, anywhere: bool = False) -> list[list[str]]:
    """The pages' lines without those that half of the pages (three at least) have.

    `anywhere`: the pages are of different papers, so that a long line which comes again is furniture wherever
    it stands; else only the first and last three lines of a page are looked at.
    """
    keys = [_keys(page, anywhere) for page in pages]
    seen = Counter(key for page in keys for key in set(page.values()))
    many = max(3, _SHARE * len(pages))
    return [
        [line for at, line in enumerate(page) if seen[found.get(at, "")] < many]
        for page, found in zip(pages, keys, strict=True)
    ]


def _keys(page: Sequence[str], anywhere: bool) -> dict[int, str]:
    """By what the lines that may be furniture are found again on other pages, by their places."""
    filled = [at for at, line in enumerate(page) if line.strip()]
    edges = {*filled[:_EDGE_LINES], *filled[-_EDGE_LINES:]}
    found = {}
    for at in filled if anywhere else edges:
        words = len(_LETTERS.findall(page[at]))
        if words >= (2 if at in edges else _FEWEST_WORDS) and not Headings([]).find(page[at]):
            found[at] = _DIGITS.sub("#", " ".join(page[at].split())).casefold()
    return found
