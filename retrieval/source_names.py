"""The two halves of a source's name, FILE or FILE#PART. Pure."""

from __future__ import annotations

import unicodedata


def file_of(source: str) -> str:
    """FILE, as the library names it."""
    return source.partition("#")[0]


def as_file(name: str) -> str:
    """A file's path as a source may hold it: "#" begins the part, and is written in a path as in links."""
    return name.replace("#", "%23")


def part_of(source: str) -> str:
    """ "#PART", or "" for a file that is one paper."""
    _, mark, part = source.partition("#")
    return mark + part


def composed(name: str) -> str:
    """A name as it is compared: some systems write "ü" in a file's name as two signs, and people as one."""
    return unicodedata.normalize("NFC", name)
