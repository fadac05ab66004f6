"""From a file's bytes to text, with a clear reason where there is none, and whether a text is prose."""

from __future__ import annotations

import codecs
import logging
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice

from retrieval.errors import RetrievalError, UnreadableFile

_LOG = logging.getLogger(__name__)

MIN_WORDS = 20
"""Fewer words are no paper: about one sentence."""

_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (  # how a file begins, what it is, what to do
    (b"\x89PNG", "a PNG image", ""),
    (b"\xff\xd8\xff", "a JPEG image", ""),
    (b"GIF8", "a GIF image", ""),
    (b"II*\x00", "a TIFF image", ""),
    (b"MM\x00*", "a TIFF image", ""),
    (b"PK\x03\x04", "a ZIP archive, such as .docx, .xlsx or .epub", "save its papers as PDF or text"),
    (b"PK\x05\x06", "an empty ZIP archive", ""),
    (b"\x1f\x8b", "a gzip archive", "unpack it first"),
    (b"BZh", "a bzip2 archive", "unpack it first"),
    (b"\xfd7zXZ", "an xz archive", "unpack it first"),
    (b"7z\xbc\xaf", "a 7z archive", "unpack it first"),
    (b"Rar!", "a RAR archive", "unpack it first"),
    (b"SQLite format 3\x00", "an SQLite database", ""),
    (b"\x7fELF", "a program", ""),
    (b"\xd0\xcf\x11\xe0", "an old Office file", "save it as PDF or text"),
    (b"PAR1", "a Parquet table", "save it as .jsonl or .csv"),
    (b"{\\rtf", "an RTF file", "save it as PDF or text"),
    (b"%!PS", "a PostScript file", "save it as PDF"),
)
_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LIKELY = ", as in text of the older encodings Windows-1252 or Latin-1"
_CONTROL = bytes(set(range(32)) - set(b"\t\n\r\f\v\x1b"))
_BINARY_SHARE = 0.1  # OCR leaves some control bytes of formula fonts in a text; a binary file has far more
_SAMPLE = 65536  # bytes
_TOKEN = re.compile(r"\S+")
_EDGES = "()[]{}\"'.,;:!?*_“”‘’«»–—।؟،؛"
_RUN = re.compile(r"[!-~]{2000,}")  # ASCII alone, for some languages part no words
_WINDOW = 60  # tokens
_UNPARTED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)  # of Thai, Lao, Burmese, Khmer, Japanese, Chinese, and Korean, which parts some


def check_size(data: bytes, max_mb: int) -> None:
    """Raises UnreadableFile for nothing at all and for more than `max_mb` (MB, 1,000,000 bytes)."""
    if len(data) > max_mb * 1_000_000:
        raise UnreadableFile(f"too large: {len(data) / 1e6:.0f} MB, and MAX_FILE_MB is {max_mb}")
    if not data.strip():
        raise UnreadableFile("empty: it holds no text" if data else "empty: 0 bytes")


def decode(data: bytes) -> tuple[str, tuple[str, ...]]:
    """The text of UTF-8 bytes (or UTF-16 or -32 with their mark), and a note where the last character is cut.

    Raises UnreadableFile for binary data and for another encoding.
    """
    return _decode(data, *encoding_of(data))


def encoding_of(data: bytes) -> tuple[int, str]:
    """By how a file begins: where its text does, and the name of its encoding.

    Raises UnreadableFile for binary data.
    """
    for signature, kind, advice in _SIGNATURES:
        if data.startswith(signature):
            raise UnreadableFile(f"{kind}: Footnote cannot read it{'; ' if advice else ''}{advice}")
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return len(mark), encoding
    _refuse_binary(data[:_SAMPLE])
    return 0, "utf-8"


def without_runs(text: str) -> str:
    """`text` without runs of 2,000 signs and more that no space parts: embedded images, keys, packed code."""
    return _RUN.sub(" ", text)


def holds_prose(text: str) -> bool:
    """Whether some stretch of it reads like sentences: at least 20 words, seven of ten tokens plain words.

    Languages that part no words by spaces are counted by characters.
    """
    if len(_UNPARTED.findall(text[:20000])) >= 2 * MIN_WORDS:
        return True
    tokens = (match[0] for match in _TOKEN.finditer(text))
    while window := list(islice(tokens, _WINDOW)):
        words = sum(_is_word(token) for token in window)
        if words >= MIN_WORDS and words >= 0.7 * len(window):
            return True
    return False


def _is_word(token: str) -> bool:
    bare = token.strip(_EDGES)
    if not bare.isascii():
        bare = "".join(
            char for char in bare if unicodedata.category(char)[0] != "M"
        )  # accents, vowels of Hindi
    return bare.replace("-", "").replace("'", "").replace("’", "").isalpha() and len(bare) < 40


def _refuse_binary(sample: bytes) -> None:
    controls = len(sample) - len(sample.translate(None, _CONTROL))
    if controls <= _BINARY_SHARE * len(sample):
        return
    zeros = sample[1::2].count(0), sample[::2].count(0)
    if max(zeros) > 0.35 * len(sample) and min(zeros) < 0.05 * len(sample):
        raise UnreadableFile("not UTF-8: it looks like UTF-16 without its mark; save it as UTF-8")
    raise UnreadableFile("binary data of no known form")


def _decode(data: bytes, start: int, encoding: str) -> tuple[str, tuple[str, ...]]:
    body = data[start:]
    try:
        return body.decode(encoding), ()
    except UnicodeDecodeError as error:
        if error.end >= len(body) and ("unexpected end" in error.reason or "truncated" in error.reason):
            return body[: error.start].decode(encoding), (truncated(start + error.start),)
        offset = start + error.start
        line = body.count(b"\n", 0, error.start) + 1
        raise UnreadableFile(no_character(encoding, data[offset], offset, line)) from error


@contextmanager
def unforeseen_told() -> Iterator[None]:
    """An error that nobody foresaw costs this file and no other. Raises UnreadableFile in its place."""
    try:
        yield
    except (RetrievalError, MemoryError):
        raise
    except Exception as error:
        _LOG.debug("A file could not be read", exc_info=True)
        raise UnreadableFile(unforeseen(error)) from error


def unforeseen(error: Exception) -> str:
    """What to say of a file at which Footnote itself failed."""
    return f"Footnote failed at reading it ({type(error).__name__}), which is a fault of Footnote: report it"


def truncated(offset: int) -> str:
    """What to say of a text whose last character, at this byte, is cut."""
    return f"truncated: the file ends in the middle of a character (byte {offset})"


def no_character(encoding: str, byte: int, offset: int, line: int) -> str:
    """What to say of a byte that is none of its encoding."""
    return (
        f"not {encoding.upper()}: byte 0x{byte:02X} at offset {offset} (line {line}) is none of "
        f"its characters{_LIKELY if encoding == 'utf-8' else ''}; save it as UTF-8"
    )
