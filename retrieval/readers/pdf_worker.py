"""The process that reads PDF files, one after another: what a hostile file does there, it does there alone.

`pdf_process` starts it and speaks to it over its standard input and output, in frames: eight bytes of length,
then so many bytes. It says "ready" first; then each file comes as two frames, its name and its bytes, and one
frame of JSON goes back.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import struct
import sys
from typing import IO

from retrieval.document_json import reading_to_json
from retrieval.errors import UnreadableFile
from retrieval.readers import pdf
from retrieval.readers.decoding import unforeseen

_LENGTH = struct.Struct(">Q")
_ORPHANED = 2.0  # times the limit of time: by then whoever would have ended this process is gone
READY = b"ready"
_MEMORY = b'{"memory": true}'


def send(pipe: IO[bytes], *frames: bytes) -> None:
    """Raises OSError where nobody reads any more."""
    for frame in frames:
        pipe.write(_LENGTH.pack(len(frame)))
        pipe.write(frame)
    pipe.flush()


def receive(pipe: IO[bytes], most: int | None = None) -> bytes:
    """The next frame. Raises EOFError where the other side is gone, ValueError for more than `most` bytes."""
    (length,) = _LENGTH.unpack(_exactly(pipe, _LENGTH.size))
    if most is not None and length > most:
        raise ValueError(f"a frame of {length} bytes, and at most {most} are taken")
    return _exactly(pipe, length)


def _exactly(pipe: IO[bytes], length: int) -> bytes:
    found = pipe.read(length)
    if len(found) < length:
        raise EOFError
    return found


def serve(pipe_in: IO[bytes], pipe_out: IO[bytes], seconds: float) -> None:
    """Read one file after another until nobody asks any more."""
    send(pipe_out, READY)
    while True:
        try:
            name, data = receive(pipe_in).decode(), receive(pipe_in)
        except EOFError:
            return
        except MemoryError:  # not even for the file; what of it was not taken would be taken for the next
            send(pipe_out, _MEMORY)
            return
        _set_alarm(seconds * _ORPHANED)
        try:
            found = answer(name, data).encode()
        except MemoryError:
            found = _MEMORY
        send(pipe_out, found)
        _set_alarm(0)


def answer(name: str, data: bytes) -> str:
    """JSON: `{"documents": ..., "notes": ...}`, `{"unreadable": REASON}` or `{"memory": true}`."""
    try:
        return reading_to_json(pdf.read(name, data))
    except UnreadableFile as error:
        return json.dumps({"unreadable": str(error)})
    except MemoryError:
        return json.dumps({"memory": True})
    except Exception as error:  # noqa: BLE001  (a file that nobody thought of must not stop the others)
        return json.dumps({"unreadable": unforeseen(error)})


def limit(memory_mb: int) -> None:
    """At most this much memory (MB, 1,000,000 bytes) from here on; no files written, and none of a crash.

    Without effect on systems that know no such limits: there the limit of time is the only one.
    """
    try:
        import resource
    except ImportError:
        return
    wanted = {"RLIMIT_AS": memory_mb * 1_000_000, "RLIMIT_FSIZE": 0, "RLIMIT_CORE": 0}
    for name, most in wanted.items():
        with contextlib.suppress(AttributeError, ValueError, OSError):
            resource.setrlimit(getattr(resource, name), (most, most))


def _set_alarm(seconds: float) -> None:
    """End this process that many seconds later, even inside PDFium; 0 takes it back."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def main() -> None:
    """`python -m retrieval.readers.pdf_worker MEMORY_MB SECONDS`."""
    memory_mb, seconds = int(sys.argv[1]), float(sys.argv[2])
    pdf.prepare()
    limit(memory_mb)
    with os.fdopen(os.dup(1), "wb") as pipe_out, contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        os.dup2(2, 1)  # nothing that a library prints may come between the frames
        serve(sys.stdin.buffer, pipe_out, seconds)


if __name__ == "__main__":
    main()
