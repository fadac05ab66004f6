"""A process of its own that changes the library, so that questions are answered meanwhile.

It owns the data folder only while there is work. It dies with the process that started it, and if it dies by
itself, the next call starts another.
"""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import signal
import threading
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from typing import Any, Protocol, TypeVar

from retrieval.errors import JobFailed, LibraryBusy, LibraryError, RetrievalError, WorkerLost
from retrieval.files import Progress
from retrieval.jobs import Jobs

STOPPING = "Footnote is being stopped; nothing is changed any more."
LOST = "The process that changes the library ended in the middle"
FAILED = "A change of the library met an error that nobody foresaw"

T = TypeVar("T")

_log = logging.getLogger(__name__)

REST = 2.0  # seconds without work after which the data folder is free for others
IDLE = 300.0  # seconds without work after which the process ends, and gives back its memory
ENDING = 5.0  # seconds that the process gets to end


class Runner(Protocol):
    """Does jobs, one after another."""

    def call(self, job: Callable[..., T], *args: Any) -> T:
        """What a method of `Jobs` gives for these, the last a progress. Blocks; any thread may call.

        Raises what the job raises of RetrievalError, LibraryError where a file cannot be read or written,
        JobFailed for any other error, WorkerLost, and LibraryBusy after `close`.
        """

    def close(self) -> None:
        """Break off what is being done. It can be done again."""


class Worker:
    """Runs jobs in a process that starts with the first of them."""

    def __init__(self, jobs: Jobs, *, idle: float | None = IDLE) -> None:
        """`idle` is how many seconds without work the process stays; None: always."""
        self._jobs, self._idle = jobs, idle
        self._turn = threading.Lock()
        self._process: multiprocessing.process.BaseProcess | None = None
        self._line: Connection | None = None
        self._closed = False

    def call(self, job: Callable[..., T], *args: Any) -> T:
        """See Runner."""
        *given, progress = args
        with self._turn:
            for last in (False, True):
                line = self._started()
                try:
                    line.send((job, given))
                    found: T = self._result(line, progress)
                    return found
                except (EOFError, OSError) as error:
                    code = self._exit_status()
                    if self._closed:
                        raise LibraryBusy(STOPPING) from error
                    if last or code != 0:  # else it had just gone for want of work
                        raise WorkerLost(f"{LOST} (exit status {code}).") from error
            raise AssertionError("the second try returns or raises")

    def close(self) -> None:
        """See Runner."""
        self._closed = True
        if self._process is not None:
            _end(self._process)

    def _started(self) -> Connection:
        if self._closed:
            raise LibraryBusy(STOPPING)
        if self._line is None or self._process is None or not self._process.is_alive():
            context = multiprocessing.get_context("spawn")  # a fork would copy threads and locks
            line, theirs = context.Pipe()
            process = context.Process(
                target=_work, args=(self._jobs, theirs, self._idle), name="footnote-worker"
            )
            process.start()
            theirs.close()
            self._line, self._process = line, process
            if self._closed:  # meanwhile, when there was no process yet to be ended
                _end(process)
                raise LibraryBusy(STOPPING)
        return self._line

    def _result(self, line: Connection, progress: Progress) -> Any:
        while True:
            kind, said = line.recv()
            if kind == "progress":
                progress(said)
            elif kind == "done":
                return said
            elif kind == "refused":
                raise said
            else:
                _log.error("A change of the library failed:\n%s", said)
                raise JobFailed(f"{FAILED} ({said.splitlines()[-1]}). The log says where.")

    def _exit_status(self) -> int | None:
        """Of the process that is gone; the next call starts another."""
        process, self._process, self._line = self._process, None, None
        if process is None:
            return None
        process.join(ENDING)
        return process.exitcode


def _end(process: multiprocessing.process.BaseProcess) -> None:
    """Kindly, then by force."""
    process.terminate()
    process.join(ENDING)
    if process.exitcode is None:
        process.kill()
        process.join(ENDING)


def _work(jobs: Jobs, line: Connection, idle: float | None) -> None:
    """The life of the process: do what comes through `line` until the other side is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever started us, and he ends us
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))  # every step can be killed and done again
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with contextlib.suppress(EOFError, OSError):
        while True:
            if not line.poll(REST):
                jobs.rest()
                if not line.poll(idle):
                    return
            job, given = line.recv()
            line.send(_outcome(jobs, job, given, line))
    jobs.rest()


def _outcome(jobs: Jobs, job: Callable[..., Any], given: list[Any], line: Connection) -> tuple[str, Any]:
    try:
        return "done", job(jobs, *given, lambda progress: line.send(("progress", progress)))
    except RetrievalError as error:
        return "refused", type(error)(str(error))
    except OSError as error:
        jobs.rest()
        return "refused", LibraryError(f"{_in_words(error)}. Put that right, and try again.")
    except Exception:  # noqa: BLE001 - whatever it is, the other side must hear of it
        jobs.rest()
        return "failed", traceback.format_exc()


def _in_words(error: OSError) -> str:
    said = error.strerror or str(error)
    return f"{error.filename}: {said}" if error.filename else said


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(0)
