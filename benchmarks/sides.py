"""Calls that are compared, each in a process of its own.

In one process they disturb each other: the threads of OpenBLAS and of onnxruntime spin on for a while after
a product, and what they burn is counted for whoever is called next.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Self

from benchmarks.timing import Clocked, Timed, timed

REST = 0.03
"""Seconds before each call, in which the threads of the one before go to sleep (OpenBLAS: 2**26 ticks)."""

Calls = Mapping[str, Callable[..., object]]
Make = Callable[..., AbstractContextManager[Calls]]


class Side:
    """The calls that `make(*arguments)` opens, in a process of their own. `make` stands in a module."""

    def __init__(self, make: Make, *arguments: object) -> None:
        """Start the process; it is waited for at the first call."""
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, make, arguments), daemon=True)
        self._process.start()
        theirs.close()  # so that reading ends where the process does

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pipe.close()
        self._process.join()

    def ask(self, name: str, *arguments: object) -> Timed:
        """What the call of this name returns, with its wall and CPU seconds over there.

        Raises RuntimeError where the process has ended.
        """
        try:
            self._pipe.send((name, arguments))
            found: Timed = self._pipe.recv()
        except (EOFError, ConnectionError) as error:
            raise RuntimeError("A side of the comparison has ended. What it said stands above.") from error
        return found

    def clocked(self, name: str, *first: object) -> Clocked:
        """The call of this name and these first arguments, after a rest, by its number."""

        def call(number: int) -> Timed:
            time.sleep(REST)
            return self.ask(name, *first, number)

        return call


def _serve(pipe: Connection[Any, Any], make: Make, arguments: tuple[object, ...]) -> None:
    with make(*arguments) as calls:
        while True:
            try:
                name, given = pipe.recv()
            except EOFError:
                return
            pipe.send(timed(partial(calls[name], *given)))
