"""Memory that was let go of goes back to the system."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from retrieval.allocator import give_back


def in_use() -> int:
    """kB of memory of its own that this process has."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.split("RssAnon:")[1].split()[0])


@pytest.mark.skipif(sys.platform != "linux", reason="asks the Linux kernel")
def test_what_is_free_goes_back() -> None:
    pieces = [bytes(60_000) for _ in range(500)]  # too small for a mapping each, so the allocator keeps them
    last = bytes(60_000)  # above them, so that they are no free end
    held = in_use()
    del pieces
    give_back()
    assert in_use() < held - 20_000
    assert len(last) == 60_000
