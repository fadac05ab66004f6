"""What tells whether a file has to be read again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import BinaryIO

from retrieval.errors import UnreadableFile
from retrieval.readers import RECIPE

_SOME = 1_000_000  # bytes


def digest(*parts: str) -> str:
    """32 hexadecimal digits that stand for all the parts together."""
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()


def content_of(data: bytes) -> str:
    """What tells two files of different bytes apart, whatever they are called."""
    return hashlib.sha256(data).hexdigest()


def content_of_file(file: BinaryIO) -> str:
    """The same of an open file, which is at its beginning before and after. Raises UnreadableFile."""
    try:
        found = hashlib.sha256()
        while some := file.read(_SOME):
            found.update(some)
        file.seek(0)
        return found.hexdigest()
    except OSError as error:
        raise UnreadableFile(f"cannot be read: {error.strerror}") from error


def fingerprint(name: str, content: str, said: Mapping[str, object]) -> str:
    """Of a file's name, its `content_of`, what people say of it, and the readers' recipe."""
    return digest(RECIPE, name, content, repr(sorted(said.items())))
