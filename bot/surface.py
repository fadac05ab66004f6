"""What a place where people chat must be able to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.models import Reply


class ChatSurface(Protocol):
    """One exchange on one chat platform: acknowledge once, show any number of times, finish once."""

    async def acknowledge(self) -> None:
        """Tell the platform and the person that work has begun. Called before anything that takes time."""
        ...

    async def show(self, text: str) -> None:
        """Show how far the answer is: the text so far. May be called often: the surface thins it out."""
        ...

    async def finish(self, replies: Sequence[Reply]) -> None:
        """Replace what was shown by the finished replies, in order."""
        ...
