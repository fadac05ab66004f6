"""BibTeX and biblatex, as LaTeX, JabRef and Zotero write them, by bibtexparser: the only door to it."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from retrieval.models import Document, Reading
from retrieval.readers.fields import squeeze
from retrieval.readers.kinds import kind_of
from retrieval.readers.pieces import cut_at, reading_of
from retrieval.readers.reference import Reference, document_of, without

if TYPE_CHECKING:
    from bibtexparser.library import Library
    from bibtexparser.middlewares import LatexDecodingMiddleware

_ENTRY = re.compile(r"^[ \t]*@[A-Za-z]+[ \t]*[{(]", re.MULTILINE)
_FIRST = re.compile(r"(?:\s++|%[^\n]*\n)*+@[A-Za-z]+[ \t]*[{(]")
_VENUES = ("booktitle", "journal", "journaltitle", "series", "school", "institution")
_TAKEN = {
    *_VENUES, "title", "author", "year", "date", "doi", "url", "abstract", "file", "code", "month", "pages",
    "volume", "number", "issn", "isbn", "publisher", "address", "editor", "urldate", "timestamp", "bibsource",
    "biburl", "eprint", "eprinttype", "archiveprefix", "primaryclass", "langid", "shorttitle", "annotation",
    "annote", "note", "day", "copyright", "owner",
}  # fmt: skip
_PIECE = re.compile(r'\s*+("[^"]*"|\{(?:[^{}]|\{[^{}]*\})*+\}|[^\s#"{}]+)\s*(?:#|\Z)')
_SIGNS = {
    "textbraceleft": ("\ue000", "{"),
    "textbraceright": ("\ue001", "}"),
    "textasciicircum": ("\ue002", "^"),
}
"""What the decoder would drop or turn into another sign, what stands for it meanwhile, and what it is."""
_LATEX = re.compile(
    r"[\\{}$~%#&^_]|``|''|--|,,|[?!]`|<<|>>"
)  # without any of these there is nothing to decode
_UNKNOWN = re.compile(rf"\\({'|'.join(_SIGNS)})(?:\{{\}}|\s+|(?![a-zA-Z]))")
_HEAD = re.compile(r"@\w+\s*[{(]\s*([^,\s{}()]{1,80})")
_TYPE = re.compile(r"(?:[a-z]+/[\w.+-]+|[A-Za-z]{2,5}|)")


def fits(name: str, text: str) -> bool:
    """Whether it begins with an entry; a file .bib may have words before the first."""
    return bool(_FIRST.match(text)) or (name.lower().endswith(".bib") and bool(_ENTRY.search(text)))


def read(name: str, text: str) -> Reading:
    """A paper for each entry; one that cannot be read becomes a note, and those behind it are read."""
    return reading_of(documents, name, text)


def documents(name: str, pieces: Iterable[str], notes: list[str]) -> Iterator[Document]:
    """The same of a text in pieces; each is read with the @string definitions of those before it."""
    from bibtexparser.entrypoint import parse_string

    logging.getLogger("bibtexparser").setLevel(logging.ERROR)  # its warnings become our notes
    defined, number = "", 1
    for before, piece in cut_at(_ENTRY, pieces):
        library = parse_string(defined + piece)
        before -= defined.count("\n")
        defined = "".join(f"{one.raw}\n" for one in library.strings)
        strings = {one.key.lower(): str(one.value) for one in library.strings}
        for entry, raw in _entries(library, before, notes):
            whole = _enclosed(entry)
            fields = {
                key.lower(): str(field.value) if key in whole else _value(str(field.value), strings, raw)
                for key, field in entry.fields_dict.items()
            }
            if document := document_of(name, _reference(entry.key or str(number), entry.entry_type, fields)):
                number += 1
                yield document
            else:
                key = entry.key or "an entry without a key"
                notes.append(f"line {before + _line(entry)}: {key} has no title")


def _entries(library: Library, before: int, notes: list[str]) -> Iterable[tuple[Any, bool]]:
    """The entries in their order, also those whose key or field another has; the rest goes to `notes`.

    With each, whether its values are as they stand in the file, braces and all, as of the latter.
    `before` is the number of lines of the file before the first."""
    from bibtexparser.model import Entry, ParsingFailedBlock

    for block in library.blocks:
        if isinstance(block, Entry):
            yield block, False
        elif isinstance(block, ParsingFailedBlock):
            inner = block.ignore_error_block
            if isinstance(inner, Entry):
                yield inner, True
            else:
                head = _HEAD.match((block.raw or "").strip())
                what = f"{head[1] if head else 'an entry'} could not be read: {_reason(block.error)}"
                notes.append(f"line {before + _line(block)}: {what}")


def _line(block: Any) -> int:
    return int(block.start_line or 0) + 1


def _reason(error: object) -> str:
    words = squeeze(str(getattr(error, "abort_reason", "") or error))
    return words[:120] or "it is not BibTeX"


def _enclosed(entry: Any) -> frozenset[str]:
    """The fields whose value stood in one pair of braces or quotation marks: in these, `#` is a sign."""
    from bibtexparser.middlewares import RemoveEnclosingMiddleware

    removed = entry.parser_metadata.get(RemoveEnclosingMiddleware.metadata_key(), {})
    return frozenset(key for key, sign in removed.items() if sign in ("{", '"'))


def _value(value: str, strings: Mapping[str, str], raw: bool) -> str:
    """A field's value, without its braces or quotation marks and with what its names stand for."""
    joined, bare = _joined(value, strings), value.strip()
    if joined != value or not raw:
        return joined
    if bare[:1] + bare[-1:] in ("{}", '""'):
        return bare[1:-1]
    return strings.get(bare.lower(), bare)


def _joined(value: str, strings: Mapping[str, str]) -> str:
    """A value written in pieces (`cv # " 2023"`) as one."""
    if "#" not in value:
        return value
    pieces, at = list[str](), 0
    while at < len(value):
        found = _PIECE.match(value, at)
        if not found:
            return value
        pieces.append(found[1])
        at = found.end()
    whole = (piece[1:-1] if piece[0] in '{"' else strings.get(piece.lower(), piece) for piece in pieces)
    return "".join(whole)


def _reference(key: str, kind: str, fields: Mapping[str, str]) -> Reference:
    venue = next((fields[name] for name in _VENUES if fields.get(name)), "")
    eprint, where = fields.get("eprint", ""), fields.get("eprinttype", fields.get("archiveprefix", ""))
    arxiv = eprint if eprint and where.lower() == "arxiv" else ""
    people = _people(fields.get("author", ""))
    told = _decoded(
        {
            "title": fields.get("title", ""),
            "venue": venue or ("arXiv" if arxiv else ""),
            "abstract": fields.get("abstract", ""),
            **{f"author{n}": person for n, person in enumerate(people)},
            **{name: value for name, value in fields.items() if name not in _TAKEN},
        }
    )
    return Reference(
        key=key,
        title=told["title"],
        authors=tuple(told[f"author{n}"] for n in range(len(people))),
        year=fields.get("year", "") or fields.get("date", ""),
        venue=told["venue"],
        doi=_bare(fields.get("doi", "")),
        url=_bare(fields.get("url", "")) or (f"https://arxiv.org/abs/{arxiv}" if arxiv else ""),
        code_url=_bare(fields.get("code", "")),
        abstract=told["abstract"],
        kind="journal article" if kind.lower() == "article" else kind_of(kind),
        files=attachments(fields.get("file", "")),
        more={
            **without(told, ("title", "venue", "abstract", *(f"author{n}" for n in range(len(people))))),
            **({"arxiv": arxiv} if arxiv else {}),
        },
    )


def _bare(address: str) -> str:
    r"""An address without LaTeX's signs: `\url{...}`, and backslashes before `_`, `%`, `&`, `#`, `~`."""
    return re.sub(r"\\(?=[_%&#~{}$])", "", re.sub(r"\\url\s*\{(.*)\}", r"\1", address)).strip("{} ")


def _people(value: str) -> list[str]:
    """The names, as "First von Last Jr", still in LaTeX."""
    from bibtexparser.middlewares.names import (
        InvalidNameError,
        parse_single_name_into_parts,
        split_multiple_persons_names,
    )

    people = []
    for name in split_multiple_persons_names(squeeze(value)):
        if name.lower().strip("{} ") in ("others", "et al.", "et al", ""):
            continue
        try:
            parts = parse_single_name_into_parts(name)
            people.append(" ".join([*parts.first, *parts.von, *parts.last, *parts.jr]))
        except InvalidNameError:
            people.append(name.replace(",", " "))
    return people


def _decoded(told: Mapping[str, str]) -> dict[str, str]:
    """LaTeX -> Unicode; a bare `%`, which would end the line in LaTeX, is a per cent sign here."""
    from bibtexparser.library import Library
    from bibtexparser.model import Entry, Field

    decoder = _decoder()
    found: dict[str, str] = {}
    for name, value in told.items():
        if not _LATEX.search(value):
            found[name] = value
            continue
        plain = _UNKNOWN.sub(lambda sign: _SIGNS[sign[1]][0], re.sub(r"(?<!\\)%", r"\\%", value))
        block = decoder.transform_entry(Entry("misc", "x", [Field("value", plain)]), Library())
        told_plainly = str(block.fields[0].value) if isinstance(block, Entry) else re.sub(r"[{}]", "", value)
        found[name] = told_plainly.translate({ord(mark): sign for mark, sign in _SIGNS.values()})
    return found


@cache
def _decoder() -> LatexDecodingMiddleware:
    """One for all: making it takes ten times as long as an entry does."""
    from bibtexparser.middlewares import LatexDecodingMiddleware

    return LatexDecodingMiddleware(keep_math_mode=False)


def attachments(value: str) -> tuple[str, ...]:
    r"""The paths in a `file` field: `Title:path:type;...` with `\:` and `\;` for the signs themselves, or
    paths alone."""
    found = []
    for part in re.split(r"(?<!\\);", value):
        pieces = [re.sub(r"\\([:;\\_&%#{}])", r"\1", piece) for piece in re.split(r"(?<!\\):", part)]
        if len(pieces) >= 3 and _TYPE.fullmatch(pieces[-1].strip()):
            path = ":".join(pieces[1:-1])
        elif len(pieces) == 2 and "." in pieces[1] and "/" not in pieces[0]:
            path = pieces[1] if len(pieces[0].strip()) != 1 else ":".join(pieces)  # C:\papers\x.pdf
        else:
            path = ":".join(pieces)
        found.append(path.strip())
    return tuple(dict.fromkeys(path for path in found if path))
