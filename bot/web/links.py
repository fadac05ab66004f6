"""Where the paper is that a link, a DOI or an arXiv id speaks of. Pure."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import parse_qs, quote, unquote, urljoin, urlsplit

_ARXIV_ID = r"(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?"
_BARE_ARXIV = re.compile(rf"(?:arxiv:\s*)({_ARXIV_ID})|(\d{{4}}\.\d{{4,5}}(?:v\d+)?)", re.IGNORECASE)
_ARXIV_PATH = re.compile(rf"/(?:abs|pdf|html|format)/({_ARXIV_ID})(?:\.pdf)?/?", re.IGNORECASE)
_DOI = re.compile(r"(?:doi:\s*)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
_ARXIV_DOI = re.compile(rf"10\.48550/arxiv\.({_ARXIV_ID})", re.IGNORECASE)


def address_of(text: str) -> str | None:
    """The address to fetch for what a person typed: a link, a DOI or an arXiv id; None for anything else."""
    text = text.strip().removeprefix("<").removesuffix(">")
    if found := _ARXIV_DOI.search(unquote(text)):
        return _arxiv("https", found[1])
    if found := _BARE_ARXIV.fullmatch(text):
        return _arxiv("https", found[1] or found[2])
    if found := _DOI.fullmatch(text):
        return f"https://doi.org/{quote(found[1].rstrip('.,;'), safe='/():;')}"
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
        return None
    return _known_site(parts.scheme.lower(), parts.hostname, parts.path, parts.query) or text


def name_of(address: str) -> str:
    """A name for the file that comes from an address; not yet a safe one."""
    parts = urlsplit(address)
    if found := _ARXIV_PATH.fullmatch(parts.path):
        return f"arxiv-{found[1].replace('/', '-')}.pdf"
    if (parts.hostname or "").endswith("openreview.net") and (key := parse_qs(parts.query).get("id")):
        return f"openreview-{key[0]}.pdf"
    return unquote(parts.path.rstrip("/").rpartition("/")[2]) or (parts.hostname or "paper")


def pdf_in(page: str, address: str) -> str | None:
    """The PDF that a page about a paper names for search engines (`citation_pdf_url`), if it names any."""
    tags = _Tags()
    tags.feed(page)
    return urljoin(address, tags.pdf) if tags.pdf else None


def _known_site(scheme: str, host: str, path: str, query: str) -> str | None:
    host = host.lower().removeprefix("www.").removeprefix("export.")
    if host == "arxiv.org" and (found := _ARXIV_PATH.fullmatch(path)):
        return _arxiv(scheme, found[1])
    if host == "openreview.net" and path in ("/forum", "/pdf") and (key := parse_qs(query).get("id")):
        return f"{scheme}://openreview.net/pdf?id={quote(key[0], safe='')}"
    return None


def _arxiv(scheme: str, key: str) -> str:
    return f"{scheme}://arxiv.org/pdf/{key}"


class _Tags(HTMLParser):
    """Finds the tag that names the PDF."""

    def __init__(self) -> None:
        super().__init__()
        self.pdf: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "meta" and given.get("name", "").lower() == "citation_pdf_url":
            self.pdf = self.pdf or given.get("content", "").strip() or None
