"""What a service says of one paper, and a paper with what it says. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from retrieval.models import Paper

CITED = "cited by"
"""Key of `Paper.extra` whose value is how many papers cite it, and who counted."""


@dataclass(frozen=True, slots=True)
class Facts:
    """A record that was found to be of the paper."""

    service: str
    title: str
    authors: tuple[str, ...] = ()
    year: int | None = None
    venue: str | None = None
    doi: str | None = None
    url: str | None = None
    citations: int | None = None
    retracted: str | None = None  # what is known of its retraction, None where it is not retracted


def to_json(facts: Facts) -> str:
    return json.dumps(asdict(facts), ensure_ascii=False)


def from_json(text: str) -> Facts:
    """Raises ValueError or TypeError for what `to_json` did not write."""
    told: dict[str, Any] = json.loads(text)
    return Facts(**{**told, "authors": tuple(told["authors"])})


def completed(paper: Paper, found: Iterable[Facts]) -> Paper:
    """`paper` with what it lacks, from the first that has it: what files and people say is never changed."""
    known = list(found)
    if not known:
        return paper
    counted = next((facts for facts in known if facts.citations is not None), None)
    extra = tuple(pair for pair in paper.extra if not (counted and pair[0] == CITED))
    more = ((CITED, f"{counted.citations} ({counted.service})"),) if counted else ()
    return replace(
        paper,
        authors=paper.authors or next((facts.authors for facts in known if facts.authors), ()),
        year=paper.year or next((facts.year for facts in known if facts.year), None),
        venue=paper.venue or next((facts.venue for facts in known if facts.venue), None),
        doi=paper.doi or next((facts.doi for facts in known if facts.doi), None),
        url=paper.url or next((facts.url for facts in known if facts.url), None),
        retracted=paper.retracted
        or next((f"{facts.retracted} ({facts.service})" for facts in known if facts.retracted), None),
        extra=(*extra, *more),
    )


def lacks(paper: Paper) -> bool:
    """Whether a service could still add something."""
    counted = any(key == CITED for key, _ in paper.extra)
    return not (counted and paper.year and paper.venue and paper.doi and paper.authors)
