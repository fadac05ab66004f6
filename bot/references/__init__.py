"""Papers as lists of references: BibTeX, RIS and CSL-JSON, of what the library knows. Pure.

What `footnote ingest` reads of such a list is the papers that were written: titles, authors, years, venues,
DOIs, links and abstracts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.references import bibtex, csl_json, ris
from bot.references.keys import keys_of
from retrieval.models import Paper

FORMATS: Mapping[str, Callable[[Sequence[tuple[str, Paper]]], str]] = {
    "bibtex": bibtex.listed,
    "ris": ris.listed,
    "csl-json": csl_json.listed,
}
ENDINGS: Mapping[str, str] = {".bib": "bibtex", ".ris": "ris", ".json": "csl-json"}


def written(papers: Sequence[Paper], form: str) -> str:
    """The list, in one of `FORMATS`. A paper whose title nobody knows belongs in none."""
    return FORMATS[form](keys_of(papers))
