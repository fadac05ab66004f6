"""Pages of a running text, told by the page numbers that stand at their ends."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence

from retrieval.text_repair.junk import WATERMARK

_NUMBER = re.compile(r"\s*(\d{1,6})\s*")
_FIRST_LINE = re.compile(r"[#*\s]*(?:abstract|summary)\b[*\s:.—–-]*", re.IGNORECASE)
_SHORTEST_PAGE = 4  # lines; ticks of an axis stand closer
_LONG_PAGE = 60  # lines; longer ones speak no louder for a number


def split_pages(lines: Sequence[str]) -> list[tuple[int | None, list[str]]]:
    """The pages in order: printed number or None, and lines without the number.

    Page numbers are the lines that count up by one through the text with a page between them; alone, only a
    number in the last line is one. What follows the last number is a page without one.
    """
    pages: list[tuple[int | None, list[str]]] = []
    start = 0
    for at, number in _page_numbers(lines):
        pages.append((number, list(lines[start:at])))
        start = at + 1
    if any(line.strip() for line in lines[start:]) or not pages:
        pages.append((None, list(lines[start:])))
    return pages


def _page_numbers(lines: Sequence[str]) -> list[tuple[int, int]]:
    """Line index and number of each page end: the chain of numbers that covers most of the text."""
    seen = [(at, int(match[1])) for at, line in enumerate(lines) if (match := _NUMBER.fullmatch(line))]
    seen = [(at, number) for at, number in seen if number]
    best: dict[tuple[int, int], tuple[int, tuple[int, int] | None]] = {}
    by_number: dict[int, deque[tuple[int, int]]] = {}  # the last ones, and the best of those far above
    for at, number in seen:
        score, before = 1, None
        candidates = by_number.get(number - 1, deque())
        while len(candidates) > 1 and at - candidates[1][0] >= _LONG_PAGE:
            if best[candidates[0]][0] >= best[candidates[1]][0]:
                candidates[1] = candidates[0]
            candidates.popleft()
        for candidate in candidates:
            gap = at - candidate[0]
            reached = best[candidate][0] + min(gap, _LONG_PAGE)
            if gap >= _SHORTEST_PAGE and reached > score:
                score, before = reached, candidate
        best[at, number] = (score, before)
        by_number.setdefault(number, deque()).append((at, number))
    last = len(lines) - 1
    while last >= 0 and not lines[last].strip():
        last -= 1
    ends = [found for found in seen if found[0] == last]
    chain = _chain(best, ends[0] if ends else None)
    return chain if len(chain) > 1 and _is_paging(chain, len(lines)) else ends


def _chain(
    best: dict[tuple[int, int], tuple[int, tuple[int, int] | None]], end: tuple[int, int] | None
) -> list[tuple[int, int]]:
    """The best chain, that to the number in the last line where there is one."""
    if not best:
        return []
    link = end or max(best, key=lambda key: (best[key][0], key[0]))
    chain = []
    before: tuple[int, int] | None = link
    while before is not None:
        chain.append(before)
        before = best[before][1]
    return chain[::-1]


def _is_paging(chain: Sequence[tuple[int, int]], total: int) -> bool:
    """Pages follow each other closely; numbers of a list or an axis leave most of the text uncovered."""
    covered = chain[-1][0] - (chain[0][0] if chain[0][0] > 300 else 0)
    return covered > 0.5 * total and chain[-1][0] / len(chain) < 400


def split_first_pages(text: str) -> list[str]:
    """First pages that stand one after another in `text`, cut behind the page number that ends each.

    The parts joined are `text`. A page ends with a number that the next page's abstract, or the end, follows;
    or with the number below its watermark.
    """
    lines = text.splitlines(keepends=True)
    cuts = [at for at, line in enumerate(lines) if _NUMBER.fullmatch(line) and _ends_page(lines, at)]
    parts: list[str] = []
    start = 0
    for at in cuts:
        parts.append("".join(lines[start : at + 1]))
        start = at + 1
    rest = "".join(lines[start:])
    if rest.strip() or not parts:
        return [*parts, rest]
    parts[-1] += rest
    return parts


def _ends_page(lines: Sequence[str], at: int) -> bool:
    after = next((lines[n] for n in range(at + 1, len(lines)) if lines[n].strip()), None)
    if after is None or _FIRST_LINE.match(after):
        return True
    before = "".join(lines[max(0, at - 3) : at])
    return bool(WATERMARK.search(before)) and not _NUMBER.fullmatch(after)
