"""One paper as plain text or Markdown: the whole file."""

from __future__ import annotations

import re
from dataclasses import replace

from retrieval import structure
from retrieval.errors import UnreadableFile
from retrieval.models import Block, Document, Reading
from retrieval.readers.decoding import holds_prose
from retrieval.readers.fields import flowing, with_label

_OTHER_FORMS: tuple[tuple[str, str], ...] = (
    (r"(?:<\?xml[^>]*>\s*)?<!doctype html|<html\b", "an HTML page; save its text, or the PDF"),
    (r"<\?xml\b|<svg\b|<!doctype\b", "an XML file"),
    (r"\\(?:documentclass|begin\s*\{document\}|usepackage)\b", "LaTeX source; give the PDF or its text"),
    (r"@(?:article|inproceedings|misc|book|phdthesis|techreport|comment|string)\s*[{(]", "a BibTeX file"),
    (r"#!\s*/", "a script"),
)

_TITLE_WORDS = 15
_LEAST_SHARE = 0.1  # references take a quarter of a paper, junk sometimes more than half of a file


def read(name: str, text: str) -> Reading:
    """The paper. Raises UnreadableFile for other known forms of text, and where nothing reads like prose."""
    start = re.sub(r"\A(?:\s+|%[^\n]*\n)+", "", text[:5000])
    for pattern, form in _OTHER_FORMS:
        if re.match(pattern, start, re.IGNORECASE):
            raise UnreadableFile(f"{form}: no form of paper that Footnote reads")
    if not holds_prose(text):
        raise UnreadableFile("text with no paper in it: too few words that read like sentences")
    document = structure.paper_from_text(name, text, file_name=name.rsplit("/", 1)[-1])
    return Reading((with_label(whole(document, text)),))


def whole(document: Document, text: str) -> Document:
    """`document`, or where its structure holds nearly nothing of `text`, as of a letter, its text as one block.

    A sentence is no title.
    """
    title = document.title
    if title and title.endswith(".") and len(title.split()) > _TITLE_WORDS:
        document = replace(document, title=None)
    if sum(len(block.text) for block in document.blocks) >= _LEAST_SHARE * len(text):
        return document
    body = flowing(text)
    if document.title and body.startswith(document.title):
        body = body[len(document.title) :].strip()
    return replace(document, blocks=(Block(body),)) if len(body) > len(document.text()) else document
