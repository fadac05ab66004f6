"""One paper as Markdown: its headings are written out, so nothing has to be guessed but who wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from retrieval import structure
from retrieval.errors import UnreadableFile
from retrieval.models import Block, BlockKind, Document, Reading
from retrieval.readers.completing import with_label
from retrieval.readers.decoding import holds_prose, without_runs
from retrieval.readers.fields import author_names, doi_in, squeeze, url_in, venue_and_year, year_in
from retrieval.text_repair import repair

_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]++(\S)(.*)")
_UNDERLINED = re.compile(r"(?:(?<=\n\n)|\A)[ \t]*(\S[^\n]{0,200})\n(=+|-{3,})[ \t]*(?=\n|\Z)")
_FENCE = re.compile(r" {0,3}(?:```|~~~)")
_ABSTRACT = re.compile(r"\W*(?:\d+\W+)?abstract\W*", re.IGNORECASE)
_ABSTRACT_PARAGRAPH = re.compile(r"\W*abstract\W*[.:—–-]\W*(?=\w)|\*\*abstract\*\*\s*", re.IGNORECASE)
_REFERENCES = re.compile(
    r"\W*(?:[\dIVX]+\W+)?(?:references|bibliography|works cited|literature)\W*", re.IGNORECASE
)
_SECTION = re.compile(r"\W*(?:\d|abstract\b|introduction\b|references\b|contents\b)", re.IGNORECASE)
_BOLD_LINE = re.compile(r"\s*(\*\*|__)\S.*\S\1\s*")
_NUMBERED = re.compile(r"\d{1,2}(?:\.\d{1,2})*\.?\s+[A-Z].{0,80}")
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_LINK = re.compile(r"\[([^\[\]\n]+)\]\([^()\s]*\)")
_RULE = re.compile(r"[ \t]*(?:[-*_][ \t]*){3,}|[ \t]*\|?[ \t:|-]*-{3,}[ \t:|-]*")
_STRONG = re.compile(r"(\*\*\*|\*\*|__)(?=\S)(.{1,2000}?)(?<=\S)\1", re.DOTALL)
_EMPHASIS = re.compile(r"(?<![\w*])([*_])(?=[^\s*_])([^*_\n]+)(?<=\S)\1(?![\w*])")
_CODE = re.compile(r"(?<!`)`++([^`\n]+)`++")
_FRONT_MATTER = re.compile(r"\s*---[ \t]*\n((?:[^\n]*\n){1,60}?)---[ \t]*(?:\n|\Z)")
_LABEL = re.compile(
    r"(authors?|year|date|venue|conference|journal|doi|url)[ \t]*:[ \t]*(\S.*?)\\?", re.IGNORECASE
)
_FIELD = re.compile(r"([A-Za-z_]+)[ \t]*:[ \t]*(.*)")
_ITEM = re.compile(r"\s*-\s*(?:name:)?\s*(\S.*)|\s+(\S.*)")


@dataclass(frozen=True, slots=True)
class _Section:
    level: int  # 0: what stands before the first heading
    heading: str
    text: str


def fits(text: str) -> bool:
    """Whether it has front matter or two headings of Markdown at least, one of them near its beginning."""
    text = text.replace("\r\n", "\n")
    if _FRONT_MATTER.match(text):
        return True
    sections = list(_sections(_UNDERLINED.sub(_as_heading, text)))
    return len(sections) > 2 and len(sections[0].text) < 3000


def read(name: str, text: str) -> Reading:
    """The paper. Raises UnreadableFile where nothing in it reads like prose."""
    if not holds_prose(text):
        raise UnreadableFile("Markdown with no paper in it: too few words that read like sentences")
    facts, body = _front_matter(without_runs(text.replace("\r\n", "\n")))
    sections = list(_sections(_UNDERLINED.sub(_as_heading, repair(body))))
    title, sections = _title(sections)
    front, sections = _front(sections)
    front, named = _labelled(front)
    blocks = tuple(_blocks(sections))
    document = _with_front(name, title, front, blocks)
    return Reading((with_label(_with_facts(document, {**named, **facts})),))


def _sections(text: str) -> Iterator[_Section]:
    level, heading, lines = 0, "", list[str]()
    fenced = False
    for line in text.split("\n"):
        fenced ^= bool(_FENCE.match(line))
        found = None if fenced else _heading(line)
        if found:
            yield _Section(level, heading, "\n".join(lines))
            (level, heading), lines = found, []
        elif not _FENCE.match(line):
            lines.append(line)
    yield _Section(level, heading, "\n".join(lines))


def _heading(line: str) -> tuple[int, str] | None:
    """Level and words; a line in bold type, or one that says References, may be a heading too."""
    if match := _HEADING.fullmatch(line):
        return len(match[1]), _plain(match[2] + match[3].rstrip(" \t").rstrip("#"))
    words = _plain(line)
    bold = _BOLD_LINE.fullmatch(line)
    if _REFERENCES.fullmatch(words) or (bold and (_ABSTRACT.fullmatch(words) or _NUMBERED.fullmatch(words))):
        return (3 if bold and re.match(r"\d+\.\d", words) else 2), words
    return None


def _title(sections: list[_Section]) -> tuple[str | None, list[_Section]]:
    """The first heading, if it is no section's; what is below it comes before the first section."""
    before, *rest = sections
    if not rest or _SECTION.match(rest[0].heading) or len(before.text.split()) > 60:
        return None, sections
    above = _Section(0, "", f"{before.text}\n\n{rest[0].text}")
    return rest[0].heading, [above, *rest[1:]]


def _front(sections: list[_Section]) -> tuple[str, list[_Section]]:
    """The lines before the first section that name people and places; sentences stay the paper's text."""
    before, *rest = sections
    paragraphs = [part for part in re.split(r"\n[ \t]*\n", before.text) if part.strip()]
    start = next((at for at, part in enumerate(paragraphs) if _is_text(part)), len(paragraphs))
    text = "\n\n".join(paragraphs[start:])
    return "\n".join(map(_plain_lines, paragraphs[:start])), [_Section(0, "", text), *rest]


def _labelled(front: str) -> tuple[str, dict[str, str]]:
    """The lines that do not say what they are, and the fields that the others name ("Year: 2020")."""
    lines = [(line, _LABEL.fullmatch(line.strip())) for line in front.split("\n")]
    fields = {found[1].lower(): found[2] for _, found in lines if found}
    return "\n".join(line for line, found in lines if not found), fields


def _is_text(paragraph: str) -> bool:
    return bool(_ABSTRACT_PARAGRAPH.match(paragraph)) or (
        holds_prose(paragraph) and bool(re.search(r"[a-z)][.?!](?:\s|$)", paragraph))
    )


def _blocks(sections: list[_Section]) -> Iterator[Block]:
    """A block a section, without the reference list and what is below its heading."""
    skipped = 0
    for section in sections:
        if skipped and section.level > skipped:
            continue
        skipped = section.level if _REFERENCES.fullmatch(section.heading) else 0
        if skipped:
            continue
        heading = section.heading
        kind: BlockKind = "abstract" if _ABSTRACT.fullmatch(heading) else "body"
        text = section.text
        if not heading and (match := _ABSTRACT_PARAGRAPH.match(text)):
            kind, heading, text = "abstract", "Abstract", text[match.end() :]
        if flowing := _flowing(text):
            yield Block(flowing, heading, kind=kind)


def _with_front(name: str, title: str | None, front: str, blocks: tuple[Block, ...]) -> Document:
    """Authors, venue and year as of any other paper with these lines on top."""
    head = "\n".join([title or "", front, "Abstract", blocks[0].text if blocks else ""])
    seen = structure.paper_from_text(name, head.strip(), file_name=name.rsplit("/", 1)[-1])
    authors = seen.authors if title else ()
    return replace(seen, title=title, authors=authors, blocks=blocks, extra=seen.extra if title else ())


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    """The fields between `---` lines at the head of the file, lists over lines too; and the rest."""
    match = _FRONT_MATTER.match(text)
    if not match:
        return {}, text
    fields: dict[str, str] = {}
    key = ""
    for line in match[1].split("\n"):
        if field := _FIELD.match(line):
            key = field[1].lower()
            fields[key] = field[2].strip().strip("\"'")
        elif key and (item := _ITEM.match(line)):
            fields[key] += "; " * bool(fields[key]) + (item[1] or item[2]).strip().strip("\"'")
    return fields, text[match.end() :]


def _with_facts(document: Document, facts: dict[str, str]) -> Document:
    names = ("venue", "conference", "journal")
    venue, year = venue_and_year(next((facts[name] for name in names if facts.get(name)), ""))
    return replace(
        document,
        title=squeeze(facts.get("title", "")) or document.title,
        authors=author_names(facts.get("authors", "") or facts.get("author", "")) or document.authors,
        year=year_in(facts.get("year", "") or facts.get("date", "")) or year or document.year,
        venue=venue or document.venue,
        doi=doi_in(facts.get("doi", "")) or document.doi,
        url=url_in(facts.get("url", "")) or document.url,
    )


def _as_heading(match: re.Match[str]) -> str:
    return f"{'#' if match[2][0] == '=' else '##'} {match[1]}"


def _flowing(text: str) -> str:
    """Paragraphs parted by blank lines, without Markdown's signs; rows of tables and lists stay lines."""
    paragraphs = re.split(r"\n[ \t]*\n", text)
    return "\n\n".join(part for part in map(_paragraph, paragraphs) if part)


def _paragraph(text: str) -> str:
    lines = _plain_lines(text).split("\n")
    listed = re.search(r"^\s*(?:[-*+•]|\d+[.)])\s|\|", text, re.MULTILINE)
    return "\n".join(line for line in lines if line) if listed else squeeze(" ".join(lines))


def _plain_lines(text: str) -> str:
    return "\n".join(
        _plain(line) for line in text.split("\n") if len(line) > 500 or not _RULE.fullmatch(line)
    )


def _plain(line: str) -> str:
    """A line's words: no emphasis, links, images, quotation marks of blocks or borders of cells."""
    line = _LINK.sub(r"\1", _IMAGE.sub("", line))
    line = _CODE.sub(r"\1", _EMPHASIS.sub(r"\2", _STRONG.sub(r"\2", line)))
    line = re.sub(r"^\s*(?:>\s*)+", "", line)
    if line.lstrip().startswith("|"):
        line = line.replace("|", " ")
    return squeeze(re.sub(r"\\([\\`*_{}\[\]()#+.!|-])", r"\1", line))
