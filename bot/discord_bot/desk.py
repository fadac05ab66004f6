"""The answers being written right now: a stop waits for them, and marks those it cannot wait for."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Coroutine
from typing import Any

from bot.discord_bot.errors import sentence_for_any
from bot.discord_bot.surfaces import Surface
from bot.models import Reply

log = logging.getLogger(__name__)

GRACE = 5.0  # seconds that a running answer gets to end; Docker kills after ten
LANES = 32  # answers at once: each edits at most every 1.2 s, and Discord takes 50 calls a second from a bot
QUEUE = 200  # answers that may wait for a lane; whoever comes then is told to come back
MARKING = 3.0  # seconds for marking what was cut off
WAITING = "-# Many people are asking. You are number {place} in the queue."
FULL = "Too many people are asking right now. Please ask again in a few minutes."
CLOSED = "I am just being restarted. Please ask again in a minute."


class Desk:
    """Takes work until it is closed."""

    def __init__(self, grace: float = GRACE, *, lanes: int = LANES, queue: int = QUEUE) -> None:
        self._grace = grace
        self._lanes, self._width = asyncio.Semaphore(lanes), lanes
        self._queue = queue
        self._running: dict[asyncio.Task[None], Surface] = {}
        self._quick: set[asyncio.Task[None]] = set()  # those of them that hold no lane
        self._closed = False

    @property
    def running(self) -> int:
        """How many answers are being written."""
        return len(self._running)

    async def run(self, surface: Surface, work: Coroutine[Any, Any, None], *, quick: bool = False) -> bool:
        """Do `work`, whose answer appears on `surface`, and return when it is done or was interrupted.

        False where it was not even begun, as `surface` says then. `quick` work waits for nobody. Whatever it
        fails with, `surface` says that it did.
        """
        if self._closed:
            work.close()
            await surface.finish((Reply(CLOSED),))
            return False
        place = 0 if quick else len(self._running) - len(self._quick) + 1 - self._width
        if place > self._queue:
            work.close()
            await surface.finish((Reply(FULL),))
            return False
        task = asyncio.create_task(work if quick else self._in_turn(surface, work, place))
        self._running[task] = surface
        if quick:
            self._quick.add(task)
        task.add_done_callback(self._ended)
        await asyncio.wait((task,))
        work.close()  # where it never began
        if not task.cancelled() and (error := task.exception()):
            log.error("An answer failed", exc_info=error)
            surface.answer = None  # what it failed on may have been its buttons or pictures
            await surface.finish((Reply(sentence_for_any(error)),))
        return True

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.pop(task, None)
        self._quick.discard(task)

    async def _in_turn(self, surface: Surface, work: Coroutine[Any, Any, None], place: int) -> None:
        """`work`, when a lane is free; until then its asker sees his place in the queue, from 1."""
        if place > 0:
            await surface.show(WAITING.format(place=place))
        async with self._lanes:
            await work

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
