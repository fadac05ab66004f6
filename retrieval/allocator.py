"""Memory that was let go of, back to the system.

C's allocator keeps what it got in pieces, for the next to ask: after some thousand papers, hundreds of
megabytes that nothing is in. An ingest that ran for hours would end with more of them than of its own.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache


def give_back() -> None:
    """Give what is free back to the system, where the allocator can do so (glibc's). Takes milliseconds."""
    if trim := _trim():
        trim(0)


@cache
def _trim() -> Callable[[int], int] | None:
    """https://man7.org/linux/man-pages/man3/malloc_trim.3.html"""
    try:
        found: Callable[[int], int] = ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError, TypeError):  # TypeError: Windows has no library of that name
        return None
    return found
