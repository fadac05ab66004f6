"""PDF files read in a process of their own, with limits: whatever becomes of it, one file is lost at most."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from retrieval.document_json import reading_from_json
from retrieval.errors import ReadingBroken, UnreadableFile
from retrieval.models import Reading
from retrieval.readers.pdf_worker import READY, receive, send

_MODULE = "retrieval.readers.pdf_worker"
_START = 60.0  # seconds; it takes a fifth of one
_DYING = 5.0  # seconds in which a process that closed its pipe is gone
_FILES = 100  # that one process reads: memory that a library leaks goes with it
_MOST_ANSWER = 100_000_000  # bytes; a book of 1,000 pages has 3 million
_MEMORY_SIGNALS = frozenset(("SIGABRT", "SIGKILL"))  # PDFium's own end without memory, and the kernel's
_PASSED_ON = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LANG", "LC_ALL", "TMPDIR")


class _Died(ReadingBroken):
    """The process ended by itself."""


class PdfProcess:
    """Reads PDF files as `pdf.read` does, in one process, started with the first file and after each death.

    Thread-safe: one file at a time. It knows nothing of the settings: no key is in its environment.
    """

    def __init__(self, *, seconds: float = 120.0, memory_mb: int = 600) -> None:
        self._seconds = seconds
        self._memory_mb = memory_mb
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._files = 0  # that it has read

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The id of the process, None while there is none."""
        return self._process.pid if self._process else None

    def read(self, name: str, data: bytes) -> Reading:
        """The paper. Raises UnreadableFile, and of these ReadingBroken where a limit or a crash ended it."""
        with self._lock:
            used = self._process is not None
            try:
                answer = self._ask(name, data)
            except _Died:
                if not used:
                    raise
                answer = self._ask(name, data)  # it may be an earlier file's doing, or somebody's outside
        if answer.startswith('{"unreadable": '):
            raise UnreadableFile(str(json.loads(answer)["unreadable"]))
        return reading_from_json(answer)

    def close(self) -> None:
        """End the process. It is started anew where another file comes."""
        with self._lock:
            self._end()

    def _ask(self, name: str, data: bytes) -> str:
        process = self._running()
        assert process.stdin and process.stdout
        timer = _Timer(process, self._seconds)
        try:
            send(process.stdin, name.encode("utf-8", "replace"), data)
            answer = receive(process.stdout, _MOST_ANSWER).decode()
        except ValueError as error:
            self._end()
            raise ReadingBroken("more text than any paper has: it may be made to fill a memory") from error
        except (OSError, EOFError) as error:
            timer.stop()
            code = self._end(grace=_DYING)
            if timer.over:
                raise ReadingBroken(self._of_time()) from error
            raise _Died(self._cause(code)) from error
        except BaseException:
            self._end()  # an answer that nobody waits for would be taken for that of the next file
            raise
        finally:
            timer.stop()
        if answer == '{"memory": true}':
            self._end()
            raise _Died(self._of_memory())
        return answer

    def _running(self) -> subprocess.Popen[bytes]:
        """The process, ready to read. Raises ReadingBroken where it cannot be started."""
        self._files += 1
        if self._process and self._process.poll() is None and self._files <= _FILES:
            return self._process
        self._end()
        command = [sys.executable, "-P", "-m", _MODULE, str(self._memory_mb), str(self._seconds)]
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
                start_new_session=True,  # Ctrl+C is the parent's, which ends what it began
            )
            assert self._process.stdout
            timer = _Timer(self._process, _START)
            try:
                receive(self._process.stdout, len(READY))
            finally:
                timer.stop()
            self._files = 1
        except (OSError, EOFError, ValueError) as error:
            self._end()
            raise ReadingBroken(
                "no process to read PDF files could be started: is there memory left, and is PDF_MEMORY_MB "
                "200 or more?"
            ) from error
        return self._process

    def _end(self, grace: float = 0.0) -> int:
        """End the process unless it ends within `grace` seconds by itself, and say its code, 0 for none."""
        process, self._process = self._process, None
        if process is None:
            return 0
        try:
            return process.wait(grace)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()
        finally:
            for pipe in (process.stdin, process.stdout):
                with contextlib.suppress(OSError):  # what was to be sent to the dead
                    pipe.close() if pipe else None

    def _cause(self, code: int) -> str:
        name = _signal(code)
        if name in _MEMORY_SIGNALS:
            return self._of_memory()
        return (
            f"the PDF library crashed on it ({name or f'code {code}'}): a damaged or hostile file; "
            "fetch it again, or print it to a new PDF"
        )

    def _of_time(self) -> str:
        return (
            f"not read within {self._seconds:g} s (PDF_SECONDS): it may be made to keep readers busy; "
            "split it, or raise the limit if you trust it"
        )

    def _of_memory(self) -> str:
        return (
            f"needs more than {self._memory_mb} MB of memory (PDF_MEMORY_MB): it may be made to fill it; "
            "split it, or raise the limit if you trust it"
        )


class _Timer:
    """Kills a process after some seconds, and remembers that it did."""

    def __init__(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        self.over = False
        self._process = process
        self._timer = threading.Timer(seconds, self._kill)
        self._timer.daemon = True
        self._timer.start()

    def stop(self) -> None:
        self._timer.cancel()

    def _kill(self) -> None:
        self.over = True
        self._process.kill()


def _environment() -> dict[str, str]:
    """What the process needs to find itself, and no secret."""
    root = str(Path(__file__).resolve().parents[2])
    paths = [root, *(path for path in sys.path if path and path != root)]
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {**kept, "PYTHONPATH": os.pathsep.join(paths), "PYTHONUTF8": "1"}


def _signal(code: int) -> str:
    """The name of the signal that ended a process, "" where none did."""
    try:
        return signal.Signals(-code).name if code < 0 else ""
    except ValueError:
        return f"signal {-code}"
