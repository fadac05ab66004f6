"""The answers being written right now: a stop waits for them, and marks those it cannot wait for."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Coroutine
from typing import Any

from bot.discord_bot.surfaces import Surface
from bot.models import Reply

log = logging.getLogger(__name__)

GRACE = 5.0  # seconds that a running answer gets to end; Docker kills after ten
MARKING = 3.0  # seconds for marking what was cut off
CLOSED = "I am just being restarted. Please ask again in a minute."


class Desk:
    """Takes work until it is closed."""

    def __init__(self, grace: float = GRACE) -> None:
        self._grace = grace
        self._running: dict[asyncio.Task[None], Surface] = {}
        self._closed = False

    @property
    def running(self) -> int:
        """How many answers are being written."""
        return len(self._running)

    async def run(self, surface: Surface, work: Coroutine[Any, Any, None]) -> None:
        """Do `work`, whose answer appears on `surface`, and return when it is done or was interrupted."""
        if self._closed:
            work.close()
            await surface.finish((Reply(CLOSED),))
            return
        task = asyncio.create_task(work)
        self._running[task] = surface
        task.add_done_callback(lambda done: self._running.pop(done, None))
        await asyncio.wait((task,))
        if not task.cancelled():
            task.result()

    async def cancel(self, surface: Surface) -> bool:
        """End the work for this surface, leaving there what it shows; whether there was any."""
        running = [task for task, where in self._running.items() if where is surface]
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running)
        return bool(running)

    async def close(self) -> None:
        """No new work; what runs may end within the grace, then it is cut off and marked on its surface."""
        self._closed = True
        if not self._running:
            return
        log.info("Stopping: %d answers are being written", len(self._running))
        await asyncio.wait(tuple(self._running), timeout=self._grace)
        left = dict(self._running)
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(tuple(left))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(MARKING):
                    await asyncio.gather(*(surface.interrupt() for surface in left.values()))
            log.warning("Stopping: %d answers were interrupted", len(left))
