"""Changes the library while the bot answers: what people add and mend, and the folders that are watched.

All of it happens in the worker, a process that owns the data folder only while it has work. The bot itself
reads, and sees each change with the next question.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from bot.errors import BadFile
from bot.librarian.follower import Follower, summary
from bot.librarian.intake import checked_name, too_large
from bot.librarian.renewing import renew
from bot.web import Limits, Web

if TYPE_CHECKING:
    from pathlib import Path

    from bot.settings import BotSettings
    from retrieval.jobs import Changed, Read
    from retrieval.models import IngestProgress
    from retrieval.readers.manifest import Override
    from retrieval.worker import Runner

log = logging.getLogger(__name__)
T = TypeVar("T")

Show = Callable[[str], Awaitable[None]]
"""Shows how far it is."""

AGAIN = 30.0  # seconds before folders are followed anew after a fault of the program
RENEWING = "All papers are being made ready for another embedder; this comes after them …"

STAGES = {
    "reading": "Reading file {done} of {total} …",
    "embedding": "Embedding papers, {done} of {total} …",
}


@dataclass(frozen=True, slots=True)
class Given:
    """A file that a person wants to add."""

    title: str  # how he named it: its name, or the link
    size: int | None  # bytes, where it is known beforehand
    get: Callable[[], Awaitable[tuple[str, bytes]]]  # its name and content; raises BadFile


@dataclass(frozen=True, slots=True)
class Added:
    """What became of it."""

    title: str
    read: Read | None = None
    double: bool = False  # the same bytes had been added before
    refused: str | None = None


class Librarian:
    """One change after another; every method raises RetrievalError."""

    def __init__(self, settings: BotSettings, runner: Runner, web: Web | None = None) -> None:
        self._settings, self._runner = settings, runner
        self._web = web or Web(Limits(size=self.most))
        self._threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="librarian")
        self.renewing = threading.Event()  # all papers are made anew, which comes before other changes

    @property
    def data(self) -> Path:
        """The data folder of the library."""
        return self._settings.data

    @property
    def most(self) -> int:
        """Bytes that a file may have."""
        return self._settings.add_mb * 1_000_000

    def linked(self, link: str) -> Given:
        """A file that is to be fetched from the web."""

        async def get() -> tuple[str, bytes]:
            found = await self._web.fetch(link)
            log.info("Fetched %d bytes from the web", len(found.content))
            return found.name, found.content

        return Given(link, None, get)

    async def add(self, given: Sequence[Given], show: Show) -> list[Added]:
        """Keep these files and read them into the library; what is not taken is named with the reason."""
        from retrieval.jobs import Jobs

        kept: dict[int, tuple[Path, bool]] = {}
        refused: dict[int, str] = {}
        for number, one in enumerate(given):
            await show(f"Getting file {number + 1} of {len(given)} …")
            try:
                kept[number] = await self._keep(one)
            except BadFile as error:
                refused[number] = str(error)
        paths = list(dict.fromkeys(path for path, _ in kept.values()))
        reads = await self._call(show, Jobs.add, paths) if paths else ()
        by_path = dict(zip(paths, reads, strict=True))
        return [
            Added(one.title, by_path[kept[number][0]], kept[number][1])
            if number in kept
            else Added(one.title, refused=refused[number])
            for number, one in enumerate(given)
        ]

    async def retry(self, show: Show) -> Sequence[Read]:
        """Try anew what could not be read."""
        from retrieval.jobs import Jobs

        return await self._call(show, Jobs.retry)

    async def mend(self, key: str, facts: Override, show: Show) -> Changed:
        """Set facts of a paper for good. Raises SourceMissing."""
        from retrieval.jobs import Jobs

        return await self._call(show, Jobs.mend, key, facts)

    async def remove(self, key: str, show: Show) -> Changed:
        """Take a paper out for good. Raises SourceMissing."""
        from retrieval.jobs import Jobs

        return await self._call(show, Jobs.remove, key)

    def close(self) -> None:
        """Break off what is being done; what was kept is read after the next start."""
        self._runner.close()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _keep(self, one: Given) -> tuple[Path, bool]:
        from retrieval.shelving import keep

        if one.size is not None and one.size > self.most:
            raise BadFile(too_large(one.size, self.most))
        name, content = await one.get()
        types = frozenset(part.strip().lower() for part in self._settings.add_types.split(","))
        name = checked_name(name, content, types, self.most)
        loop = asyncio.get_running_loop()
        try:
            kept = await loop.run_in_executor(self._threads, keep, self._settings.data, name, content)
        except OSError as error:
            log.error("An added file could not be kept: %s", error)
            raise BadFile(f"it could not be kept ({error.strerror})") from error
        return kept.path, kept.double

    async def _call(self, show: Show, job: Callable[..., T], *args: Any) -> T:
        """Do a job in a thread, and show its progress."""
        loop = asyncio.get_running_loop()
        shown: set[asyncio.Task[None]] = set()

        def tell(text: str) -> None:
            task = loop.create_task(_awaited(show(text)))
            shown.add(task)
            task.add_done_callback(shown.discard)

        def progress(step: IngestProgress) -> None:
            if step.done < step.total:
                text = STAGES[step.stage].format(done=step.done + (step.stage == "reading"), total=step.total)
                loop.call_soon_threadsafe(tell, text)

        if self.renewing.is_set():
            await show(RENEWING)
        try:
            return await loop.run_in_executor(self._threads, lambda: self._runner.call(job, *args, progress))
        finally:
            if shown:
                await asyncio.wait(shown)


async def _awaited(shown: Awaitable[None]) -> None:
    """A coroutine, which a task needs, of anything that can be awaited."""
    await shown


@asynccontextmanager
async def open_librarian(
    settings: BotSettings, *, runner: Runner | None = None, quiet: float | None = None
) -> AsyncIterator[Librarian]:
    """The librarian of a running bot, who follows WATCH and the added papers until the block ends.

    Where folders are watched, the library is made if there is none yet. `runner` takes the place of a process
    of its own, and `quiet` that of `watch` and of AGAIN. Raises RetrievalError.
    """
    from retrieval.jobs import Jobs
    from retrieval.worker import IDLE, Worker

    idle = None if settings.watched else IDLE  # new files are not to wait until a process has started
    worker = runner or Worker(Jobs(settings, purpose="footnote run"), idle=idle)
    librarian = Librarian(settings, worker)
    stop = threading.Event()
    told = (settings, librarian, worker, stop, quiet)
    following = threading.Thread(target=_follow, args=told, name="watch")
    try:
        if settings.watched and not (settings.data / "catalogue.sqlite").exists():
            await asyncio.to_thread(worker.call, Jobs.create, lambda _: None)
        following.start()
        yield librarian
    finally:
        stop.set()
        await asyncio.to_thread(librarian.close)
        if following.ident is not None:
            await asyncio.to_thread(following.join)


@asynccontextmanager
async def open_librarians(settings: BotSettings) -> AsyncIterator[dict[str, Librarian]]:
    """A librarian for each library, by its name, "" for the first; see `open_librarian`.

    WATCH belongs to the first. Of the others, only the added papers are followed.
    """
    async with AsyncExitStack() as stack:
        found = {"": await stack.enter_async_context(open_librarian(settings))}
        for name, folder in settings.named_libraries.items():
            there = settings.model_copy(update={"data": folder, "watch": ""})
            found[name] = await stack.enter_async_context(open_librarian(there))
        yield found


def _follow(
    settings: BotSettings,
    librarian: Librarian,
    runner: Runner,
    stop: threading.Event,
    quiet: float | None,
) -> None:
    """Keep the library like the watched folders, until `stop` is set."""
    from retrieval.discovery import ADDED
    from retrieval.errors import RetrievalError
    from retrieval.jobs import Jobs
    from retrieval.models import IngestReport
    from retrieval.watching import QUIET, watch

    folders = (*settings.watched, settings.data / ADDED)

    def follow(batch: Sequence[Path]) -> IngestReport:
        return runner.call(Jobs.follow, folders, batch, lambda _: None)

    def told(report: IngestReport) -> None:
        if line := summary(report):
            log.info("The watched folders changed: %s", line)

    if settings.watched:
        with suppress(RetrievalError):  # it is ready later then
            runner.call(Jobs.create, lambda _: None)
    follower = Follower(follow, told)
    while not stop.is_set():
        try:
            renew(settings, runner, stop, librarian.renewing)
            watch(folders, settings.data, follower, stop, quiet=QUIET if quiet is None else quiet)
        except Exception:  # whatever it is: nobody would see that the folders are followed no more
            log.exception("The folders could not be followed; trying again in %.0f s", AGAIN)
            stop.wait(AGAIN if quiet is None else quiet)
