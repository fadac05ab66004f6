"""What tells whether a file has to be read again. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from retrieval.readers import RECIPE


def digest(*parts: str) -> str:
    """32 hexadecimal digits that stand for all the parts together."""
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()


def content_of(data: bytes) -> str:
    """What tells two files of different bytes apart, whatever they are called."""
    return hashlib.sha256(data).hexdigest()


def fingerprint(name: str, content: str, said: Mapping[str, object]) -> str:
    """Of a file's name, its `content_of`, what people say of it, and the readers' recipe."""
    return digest(RECIPE, name, content, repr(sorted(said.items())))
