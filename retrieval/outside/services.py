"""The services that are asked: how each is asked for a paper, and what its answers say. Pure.

Crossref: https://api.crossref.org/swagger-ui; arXiv: https://info.arxiv.org/help/api/user-manual.html;
OpenAlex: https://docs.openalex.org; Semantic Scholar: https://api.semanticscholar.org/api-docs.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from retrieval.errors import UnreadableFile
from retrieval.models import Paper
from retrieval.outside.facts import Facts
from retrieval.readers import arxiv, csl_json, openalex, semantic_scholar
from retrieval.readers.fields import doi_in, squeeze, url_in, venue_and_year, year_in
from retrieval.readers.reference import Reference, mapping, objects, text_of, without_tags

CANDIDATES = 5
"""Records that a question for a title asks for: the right one is nearly always among the first two."""

_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(.+)", re.IGNORECASE)
_ARXIV_URL = re.compile(r"arxiv\.org/(?:abs|pdf)/([a-z-]+/\d{7}|\d{4}\.\d{4,5})", re.IGNORECASE)
_S2_FIELDS = "title,authors,year,venue,journal,externalIds,citationCount"


class NotAnAnswer(ValueError):
    """The service's answer is not what it promises: broken JSON or XML, or another thing altogether."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: a path below the service's address with its parameters."""

    path: str
    parameters: Mapping[str, str]
    by_number: bool  # asked by DOI or arXiv id, not by title


@dataclass(frozen=True, slots=True)
class Service:
    """A service of metadata."""

    name: str
    gap: float  # least time between two questions, in units of METADATA_PACE
    ask: Callable[[Paper, str], Asked | None]  # by a paper and an address for mail; None: it cannot help
    read: Callable[[str], list[Facts]]  # raises NotAnAnswer


def arxiv_id(paper: Paper) -> str:
    """The paper's arXiv id without its version, "" where it has none."""
    by_doi = _ARXIV_DOI.fullmatch(paper.doi or "")
    by_url = _ARXIV_URL.search(paper.url or "")
    return re.sub(r"v\d+$", "", by_doi[1]) if by_doi else by_url[1] if by_url else ""


def _crossref(paper: Paper, mail: str) -> Asked | None:
    more = {"mailto": mail} if mail else {}
    if paper.doi:
        return None if _ARXIV_DOI.match(paper.doi) else Asked(f"/works/{_part(paper.doi)}", more, True)
    people = {"query.author": " ".join(paper.authors[:2])} if paper.authors else {}
    if not people:
        return None
    query = {"query.bibliographic": squeeze(paper.title)[:300], **people, "rows": str(CANDIDATES)}
    return Asked("/works", {**query, **more}, False)


def _read_crossref(text: str) -> list[Facts]:
    told = mapping(_json(text).get("message"))
    items = objects(told.get("items")) if "items" in told else [told] if told else []
    return [_of_crossref(item) for item in items]


def _of_crossref(item: Mapping[str, object]) -> Facts:
    said = csl_json.reference(item)
    notices = [one for one in objects(item.get("updated-by")) if text_of(one.get("type")) == "retraction"]
    when = csl_json.date_of(mapping(notices[0].get("updated"))) if notices else ""
    notice = text_of(notices[0].get("DOI")) if notices else ""
    parts = (when, f"notice: https://doi.org/{notice}" if notice else "")
    retracted = ("; ".join(filter(None, parts)) or "retracted") if notices else None
    return _facts("Crossref", said, _count(item.get("is-referenced-by-count")), retracted)


def _arxiv(paper: Paper, mail: str) -> Asked | None:
    if number := arxiv_id(paper):
        return Asked("/api/query", {"id_list": number}, True)
    if not paper.authors or paper.doi:
        return None  # printed papers with a DOI were asked for elsewhere
    words = re.sub(r"[^\w\s-]", " ", paper.title)
    query = {"search_query": f'ti:"{squeeze(words)[:200]}"', "max_results": str(CANDIDATES)}
    return Asked("/api/query", query, False)


def _read_arxiv(text: str) -> list[Facts]:
    try:
        root = arxiv.parsed_feed(text)
    except UnreadableFile as error:
        raise NotAnAnswer(str(error)) from error
    if root.tag != f"{arxiv.ATOM}feed":
        raise NotAnAnswer("no Atom feed")
    return [_facts("arXiv", arxiv.atom_reference(one)) for one in root.findall(f"{arxiv.ATOM}entry")]


def _openalex(paper: Paper, mail: str) -> Asked | None:
    more = {"mailto": mail} if mail else {}
    doi = paper.doi or (f"10.48550/arXiv.{arxiv_id(paper)}" if arxiv_id(paper) else "")
    if doi:
        return Asked(f"/works/doi:{_part(doi)}", more, True)
    if not paper.authors:
        return None
    words = squeeze(re.sub(r"[^\w\s-]", " ", paper.title))[:300]  # a comma would part filters
    return Asked("/works", {"filter": f"title.search:{words}", "per-page": str(CANDIDATES), **more}, False)


def _read_openalex(text: str) -> list[Facts]:
    told = _json(text)
    works = objects(told.get("results")) if "results" in told else [told]
    return [
        _facts(
            "OpenAlex",
            openalex.reference(work),
            _count(work.get("cited_by_count")),
            "retracted" if work.get("is_retracted") is True else None,
        )
        for work in works
    ]


def _scholar(paper: Paper, mail: str) -> Asked | None:
    number = f"DOI:{_part(paper.doi)}" if paper.doi else f"arXiv:{arxiv_id(paper)}" if arxiv_id(paper) else ""
    if number:
        return Asked(f"/graph/v1/paper/{number}", {"fields": _S2_FIELDS}, True)
    if not paper.authors:
        return None
    query = {"query": squeeze(paper.title)[:300], "limit": str(CANDIDATES), "fields": _S2_FIELDS}
    return Asked("/graph/v1/paper/search", query, False)


def _read_scholar(text: str) -> list[Facts]:
    told = _json(text)
    papers = objects(told.get("data")) if "data" in told or "total" in told else [told]
    return [
        _facts("Semantic Scholar", semantic_scholar.reference(one), _count(one.get("citationCount")))
        for one in papers
    ]


def _facts(
    service: str, said: Reference, citations: int | None = None, retracted: str | None = None
) -> Facts:
    venue, venue_year = venue_and_year(_plain(said.venue))
    return Facts(
        service=service,
        title=_plain(said.title),
        authors=said.authors,
        year=year_in(said.year) or venue_year,
        venue=venue,
        doi=doi_in(said.doi),
        url=url_in(said.url),
        citations=citations,
        retracted=retracted,
    )


def _plain(text: str) -> str:
    """Words as printed: Crossref's have tags and `&amp;` in them."""
    return squeeze(html.unescape(without_tags(text)))


def _json(text: str) -> Mapping[str, object]:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotAnAnswer("broken JSON") from error
    if not isinstance(told, dict):
        raise NotAnAnswer("JSON of another kind")
    return told


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _part(doi: str) -> str:
    return quote(doi, safe="/:;()._-")


SERVICES: tuple[Service, ...] = (
    Service("Crossref", 1.0, _crossref, _read_crossref),
    Service("arXiv", 3.0, _arxiv, _read_arxiv),  # its manual asks for three seconds
    Service("OpenAlex", 1.0, _openalex, _read_openalex),
    Service("Semantic Scholar", 1.0, _scholar, _read_scholar),
)
"""In the order in which they are asked, and in which what they say goes before what later ones say."""

ORDER = tuple(service.name for service in SERVICES)
