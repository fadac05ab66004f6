"""One paper as plain text: the whole file."""

from __future__ import annotations

import re

from retrieval import structure
from retrieval.errors import UnreadableFile
from retrieval.models import Reading
from retrieval.readers.completing import whole, with_label
from retrieval.readers.decoding import holds_prose, without_runs

_OTHER_FORMS: tuple[tuple[str, str], ...] = (
    (r"(?:<\?xml[^>]*>\s*)?<!doctype html|<html\b", "an HTML page; save its text, or the PDF"),
    (r"<\?xml\b|<svg\b|<!doctype\b", "an XML file"),
    (r"\\(?:documentclass|begin\s*\{document\}|usepackage)\b", "LaTeX source; give the PDF or its text"),
    (r"#!\s*/", "a script"),
)
_UNDERLINE = re.compile(r"(?<=\S)\r?\n[=-]{3,}[ \t]*(?=\r?\n)")  # of a heading


def read(name: str, text: str) -> Reading:
    """The paper. Raises UnreadableFile for other known forms of text, and where nothing reads like prose."""
    start = re.sub(r"\A(?:\s+|%[^\n]*\n)+", "", text[:5000])
    for pattern, form in _OTHER_FORMS:
        if re.match(pattern, start, re.IGNORECASE):
            raise UnreadableFile(f"{form}: no form of paper that Footnote reads")
    if not holds_prose(text):
        raise UnreadableFile("text with no paper in it: too few words that read like sentences")
    text = _UNDERLINE.sub("", without_runs(text))
    document = structure.paper_from_text(name, text, file_name=name.rsplit("/", 1)[-1])
    return Reading((with_label(whole(document, [(None, text)])),))
