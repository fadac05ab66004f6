"""The manifest: a table `papers.csv` beside the files, by which a person mends what was read.

Columns: source, and any of title, authors (parted by ";" or " and "), year, venue, url, doi. An empty cell
changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from retrieval.errors import UnreadableFile
from retrieval.models import FIRST_YEAR, LAST_YEAR, MENDED, Document
from retrieval.readers.decoding import check_size, decode
from retrieval.readers.fields import author_names, doi_in, squeeze, url_in, year_in
from retrieval.readers.tables import BadRow, header_of, rows_of

MANIFEST_NAME = "papers.csv"
_MAX_MB = 20
_COLUMNS = ("title", "authors", "year", "venue", "url", "doi")


@dataclass(frozen=True, slots=True)
class Override:
    """What a person says about one source; None where they say nothing."""

    title: str | None = None
    authors: tuple[str, ...] | None = None
    year: int | None = None
    venue: str | None = None
    url: str | None = None
    doi: str | None = None

    def apply(self, document: Document) -> Document:
        """`document` with these facts, and a mark in `extra` that says which they are."""
        facts = {name: getattr(self, name) for name in _COLUMNS if getattr(self, name) is not None}
        if not facts:
            return document
        mended = (MENDED, " ".join(facts))
        return replace(document, **facts, extra=(*document.extra, mended))


def is_manifest(name: str, data: bytes) -> bool:
    """Whether it is called papers.csv and its header has a `source`; without one it is a table of records."""
    if name.rsplit("/", 1)[-1] != MANIFEST_NAME:
        return False
    return "source" in {column.lower() for column in header_of(data[:4096].decode("utf-8-sig", "replace"))}


def read_manifest(data: bytes) -> dict[str, Override]:
    """Overrides by source. Rows that say nothing usable are left out: `manifest_faults` names them.

    Raises UnreadableFile where it is no table with a column `source`.
    """
    return _read(data)[0]


def manifest_faults(data: bytes) -> tuple[str, ...]:
    """What a person should mend in the manifest itself, a line each."""
    return _read(data)[1]


def _read(data: bytes) -> tuple[dict[str, Override], tuple[str, ...]]:
    check_size(data, _MAX_MB)
    text, notes = decode(data)
    columns = header_of(text)
    if "source" not in {column.lower() for column in columns}:
        raise UnreadableFile(f"a manifest needs a column `source`; it has {', '.join(columns)}")
    overrides: dict[str, Override] = {}
    faults = list(notes)
    for line, row in rows_of(text):
        if isinstance(row, BadRow):
            faults.append(f"line {line}: {row.reason}")
            continue
        cells = {key.lower(): cell for key, cell in row.items()}
        source = cells.get("source", "").replace("\\", "/").removeprefix("./")
        override, wrong = _override(cells)
        faults += [f"line {line}: {reason}" for reason in wrong]
        if not source:
            faults.append(f"line {line}: no source")
        elif override == Override():
            faults.append(f"line {line}: {source} has nothing to change")
        else:
            if source in overrides:
                faults.append(f"line {line}: {source} stands here again; this line holds")
            overrides[source] = override
    return overrides, tuple(faults)


def _override(cells: dict[str, str]) -> tuple[Override, list[str]]:
    wrong: list[str] = []
    year, url = cells.get("year", ""), cells.get("url", "")
    if year and not year_in(year):
        wrong.append(f"{year!r} is no year from {FIRST_YEAR} to {LAST_YEAR}")
    if url and not url_in(url):
        wrong.append(f"{url!r} is no address (https://...)")
    override = Override(
        title=squeeze(cells.get("title", "")) or None,
        authors=author_names(cells.get("authors", "")) or None,
        year=year_in(year),
        venue=squeeze(cells.get("venue", "")) or None,
        url=url_in(url),
        doi=doi_in(cells.get("doi", "")) or doi_in(url),
    )
    return override, wrong
