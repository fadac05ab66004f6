"""What people decided about papers, as it fits the sources that there are now."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from retrieval.catalogue import Catalogue
from retrieval.fingerprints import digest
from retrieval.identity import Said
from retrieval.models import Document


def _content_of(document: Document) -> str:
    """A hash of what a source says, whatever its file is called."""
    part = document.source.partition("#")[2]
    facts = (document.title, document.authors, document.year, document.doi)
    return digest(part, repr(facts), document.text())


def contents(catalogue: Catalogue, sources: Sequence[str]) -> dict[str, str]:
    """The content of each of these sources."""
    return {one.source: _content_of(one) for one in catalogue.documents(sources)}


def said_of(catalogue: Catalogue, sources: Collection[str]) -> Said:
    """The decisions, in the names that their sources have now; `sources` are all there are.

    A source that is not there under its name is the one that says the same, if there is one alone.
    """
    decisions = catalogue.decided()
    gone = {name for one in decisions for name in (one.one, one.other)} - set(sources)
    by_content: dict[str, list[str]] = {}
    for source, content in contents(catalogue, list(sources)).items() if gone else ():
        by_content.setdefault(content, []).append(source)

    def now(name: str, content: str) -> str:
        found = by_content.get(content, []) if name in gone and content else []
        return found[0] if len(found) == 1 else name

    pairs = {
        (now(one.one, one.one_content), now(one.other, one.other_content)): one.same for one in decisions
    }
    return Said(
        tuple(pair for pair, same in pairs.items() if same and pair[0] != pair[1]),
        tuple(pair for pair, same in pairs.items() if not same and pair[0] != pair[1]),
    )
