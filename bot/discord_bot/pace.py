"""Text that grows, shown now and then. Knows nothing of Discord."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

SECONDS = 1.2  # between two edits of one message; Discord allows about five in five seconds


class Pace:
    """Writes the newest text at most once in `seconds`, in the background; what it skips is never shown.

    `write` must not raise: a text that cannot be shown now is followed by a newer one.
    """

    def __init__(self, write: Callable[[str], Awaitable[None]], seconds: float = SECONDS) -> None:
        self._write = write
        self._seconds = seconds
        self._newest: str | None = None
        self._last = float("-inf")
        self._fresh = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._writing = asyncio.Lock()

    def offer(self, text: str) -> None:
        """Show `text` when it is time, unless a newer one comes first. Returns at once."""
        self._newest = text
        self._fresh.set()
        if self._task is None:
            self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Show nothing more. Returns when a write on its way is through and the next one would be due."""
        if self._task is None:
            return
        async with self._writing:  # a write that is cut off halfway may or may not have happened
            self._task.cancel()
        await asyncio.wait((self._task,))
        await asyncio.sleep(self._wait())

    def _wait(self) -> float:
        return max(0.0, self._last + self._seconds - time.monotonic())

    async def _run(self) -> None:
        while True:
            await self._fresh.wait()
            await asyncio.sleep(self._wait())
            async with self._writing:
                self._fresh.clear()
                if self._newest is not None:
                    await self._write(self._newest)
                self._last = time.monotonic()
