"""One paper as plain text or Markdown: the whole file."""

from __future__ import annotations

import re
from dataclasses import replace

from retrieval import structure
from retrieval.errors import UnreadableFile
from retrieval.models import Document, Reading
from retrieval.readers.completing import flowing, whole, with_label
from retrieval.readers.decoding import holds_prose
from retrieval.readers.fields import author_names, doi_in, url_in, venue_and_year, year_in

_OTHER_FORMS: tuple[tuple[str, str], ...] = (
    (r"(?:<\?xml[^>]*>\s*)?<!doctype html|<html\b", "an HTML page; save its text, or the PDF"),
    (r"<\?xml\b|<svg\b|<!doctype\b", "an XML file"),
    (r"\\(?:documentclass|begin\s*\{document\}|usepackage)\b", "LaTeX source; give the PDF or its text"),
    (r"@(?:article|inproceedings|misc|book|phdthesis|techreport|comment|string)\s*[{(]", "a BibTeX file"),
    (r"#!\s*/", "a script"),
)
_FRONT_MATTER = re.compile(r"\s*---[ \t]*\r?\n((?:[^\n]*\n){1,60}?)---[ \t]*\r?\n")
_FIELD = re.compile(r"([A-Za-z_]+)[ \t]*:[ \t]*(.*)")


def read(name: str, text: str) -> Reading:
    """The paper. Raises UnreadableFile for other known forms of text, and where nothing reads like prose."""
    start = re.sub(r"\A(?:\s+|%[^\n]*\n)+", "", text[:5000])
    for pattern, form in _OTHER_FORMS:
        if re.match(pattern, start, re.IGNORECASE):
            raise UnreadableFile(f"{form}: no form of paper that Footnote reads")
    if not holds_prose(text):
        raise UnreadableFile("text with no paper in it: too few words that read like sentences")
    facts, body = _front_matter(text)
    document = structure.paper_from_text(name, body, file_name=name.rsplit("/", 1)[-1])
    document = _with_facts(whole(document, [(None, body)]), facts)
    return Reading((with_label(document),))


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    """The fields between `---` lines at the head of a Markdown file, lists over lines too; and the rest."""
    match = _FRONT_MATTER.match(text)
    if not match:
        return {}, text
    fields: dict[str, str] = {}
    key = ""
    for line in match[1].split("\n"):
        if field := _FIELD.match(line):
            key = field[1].lower()
            fields[key] = field[2].strip().strip("\"'")
        elif key and (item := re.match(r"\s+-?\s*(?:name:)?\s*(\S.*)|-\s+(\S.*)", line)):
            fields[key] += "; " * bool(fields[key]) + (item[1] or item[2]).strip().strip("\"'")
    return fields, text[match.end() :]


def _with_facts(document: Document, facts: dict[str, str]) -> Document:
    """`document` with what its front matter says."""
    venue, year = venue_and_year(facts.get("venue", "") or facts.get("conference", ""))
    return replace(
        document,
        title=flowing(facts.get("title", "")) or document.title,
        authors=author_names(facts.get("authors", "") or facts.get("author", "")) or document.authors,
        year=year_in(facts.get("year", "") or facts.get("date", "")) or year or document.year,
        venue=venue or document.venue,
        doi=doi_in(facts.get("doi", "")) or document.doi,
        url=url_in(facts.get("url", "")) or document.url,
    )
