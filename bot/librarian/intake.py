"""Which files people may add, by what they hold. Pure."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from bot.errors import BadFile

PDF = b"%PDF-"
_WITHIN = 1024  # bytes in which a PDF's mark may stand
_PACKED = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!")
_PAGE = re.compile(rb"<(?:!doctype html|html|head|body)\b", re.IGNORECASE)


def kind_of(name: str, content: bytes) -> str:
    """What a file is, as the ending of a name: "pdf" by its content, text by its name, else "".

    Raises BadFile for what is surely no paper, whatever its name says.
    """
    if PDF in content[:_WITHIN]:
        return "pdf"
    start = content[:_WITHIN]
    if content.startswith(_PACKED):
        raise BadFile("it is an archive or an Office file; give me the PDF or the text in it")
    if _PAGE.search(start):
        raise BadFile("it is a web page, not a paper")
    if b"\x00" in start and not start.startswith((b"\xff\xfe", b"\xfe\xff")):  # UTF-16 has zeros
        raise BadFile("it is neither a PDF nor text")
    ending = PurePosixPath(name).suffix.lower().removeprefix(".")
    if ending == "pdf":
        raise BadFile("it is called a PDF and is none")
    return ending or "txt"


def checked_name(name: str, content: bytes, types: frozenset[str], most: int) -> str:
    """The name under which a file is kept, with the ending that fits it.

    `types` are the endings that may be added, `most` is in bytes. Raises BadFile.
    """
    if not content:
        raise BadFile("it is empty")
    if len(content) > most:
        raise BadFile(too_large(len(content), most))
    kind = kind_of(name, content)
    if kind not in types:
        raise BadFile(f"files of the kind .{kind} are not taken here; I take {', '.join(sorted(types))}")
    return name if name.lower().endswith(f".{kind}") else f"{name}.{kind}"


def too_large(size: int, most: int) -> str:
    """Why a file is not taken."""
    return f"it has {size / 1e6:.1f} MB, and I take at most {most / 1e6:g} MB"
