"""What a record says that it is: an article of a journal, a thesis ... in the words of each form. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from retrieval.models import PublicationKind

KINDS: Mapping[str, PublicationKind] = {
    # BibTeX and biblatex
    "inproceedings": "conference paper",
    "conference": "conference paper",
    "proceedings": "conference paper",
    "incollection": "chapter",
    "inbook": "chapter",
    "phdthesis": "thesis",
    "mastersthesis": "thesis",
    "techreport": "report",
    # RIS
    "jour": "journal article",
    "ejour": "journal article",
    "conf": "conference paper",
    "cpaper": "conference paper",
    "chap": "chapter",
    "ebook": "book",
    "thes": "thesis",
    "rprt": "report",
    "unpb": "preprint",
    # CSL-JSON, and Crossref's names in its place
    "article-journal": "journal article",
    "journal-article": "journal article",
    "paper-conference": "conference paper",
    "proceedings-article": "conference paper",
    "book-chapter": "chapter",
    "posted-content": "preprint",
    # Zotero
    "journalarticle": "journal article",
    "conferencepaper": "conference paper",
    "booksection": "chapter",
    # in several of them
    "book": "book",
    "chapter": "chapter",
    "thesis": "thesis",
    "report": "report",
    "preprint": "preprint",
}


def kind_of(word: str) -> PublicationKind | None:
    """The kind that a record's own word for it means, in any case; None where that says nothing ("misc").

    "article" alone is left to the reader: in BibTeX it is a journal's, in CSL anything.
    """
    return KINDS.get(word.strip().lower())
