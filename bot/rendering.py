"""Answer -> messages within a chat surface's limits, and the lines under an answer in a terminal. Pure.

Papers and models write anything: what they wrote mentions nobody, links nowhere but to our papers, and opens
no formatting that swallows the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from bot.drawing import drawn, fits
from bot.models import Answer, Citation, Reply
from bot.splitting import split
from bot.titles import title as title
from retrieval.models import Paper

AUTHORS_SHOWN = 3
LIMIT = 2_000  # characters of one Discord message
LONGEST_LINK = 400  # characters; a longer one would leave no room for what is said of the paper

EXTRACTIVE = "Quoted word for word from the papers, without a language model."
RECORDED = "Put together without a language model; the words are not the papers' own."
WRITTEN = "Written by {name} from these papers; each sentence was checked against the passages it cites."
FALLBACK = "The language model {name} {reason}; these are quotes instead."
FAILED = "The language model {name} {reason}."

_ZERO_WIDTH = "\u200b"
_LINK = re.compile(
    r"!?\[(?P<text>[^\[\]\n]*)\]\(\s*<?(?P<url>[^\s()<>]*(?:\([^\s()]*\)[^\s()<>]*)*)>?(?:\s+[^)\n]*)?\)"
)
_BARE_URL = re.compile(r"<?\bhttps?://[^\s<>()\[\]\"'“”]+>?", re.IGNORECASE)
_MARKDOWN = re.compile(r"([\\*_~`|])")


def render(answer: Answer, limit: int = LIMIT) -> tuple[Reply, ...]:
    """The messages that show `answer` on Discord: text, cited papers, notes; each at most `limit` long."""
    text = body(answer)
    tail = "\n".join([*_paper_lines(answer.citations), *(f"-# {_escaped(note)}" for note in footer(answer))])
    whole = "\n\n".join(part for part in (text, tail) if part)
    return tuple(Reply(part) for part in split(whole, limit))


def body(answer: Answer) -> str:
    """The text of an answer made safe for Discord: nobody is mentioned, and only our papers' links stay."""
    return _quiet(_unlinked(_told(answer), _known_urls(answer)))


def _told(answer: Answer) -> str:
    """The text; of a comparison the table, under what a model wrote or in place of quotes."""
    table = answer.comparison
    if table is None or not fits(table):
        return answer.text
    return drawn(table) if answer.model is None else f"{answer.text}\n\n{drawn(table)}"


def footer(answer: Answer) -> tuple[str, ...]:
    """What a reader should know about how the answer was made, in its language where that is known."""
    words = dict(answer.translation.notices) if answer.translation else {}
    return tuple(words.get(line, line) for line in _footer(answer))


def _footer(answer: Answer) -> tuple[str, ...]:
    if answer.fallback_from:
        told = FALLBACK if answer.citations else FAILED
        return (*answer.notes, told.format(name=answer.fallback_from, reason=answer.fallback_reason))
    if not answer.citations:
        return answer.notes
    if answer.model is not None:
        return (*answer.notes, WRITTEN.format(name=answer.model))
    ours = all(citation.chunk.kind in ("summary", "card") for citation in answer.citations)
    return (*answer.notes, RECORDED if ours else EXTRACTIVE)


def plain_line(numbers: Sequence[int], cited: Sequence[Citation]) -> str:
    """`[1][3] Title. Authors. Venue, year, p. 4. link`, with what is known."""
    paper = cited[0].paper
    facts = [title(paper), authors(paper), place(cited)]
    sentences = [fact if fact.endswith((".", "?", "!")) else f"{fact}." for fact in facts if fact]
    return " ".join(["".join(f"[{n}]" for n in numbers), *sentences, link(paper)]).rstrip()


def authors(paper: Paper) -> str:
    """The first authors; "" where none is known."""
    shown = ", ".join(paper.authors[:AUTHORS_SHOWN])
    return f"{shown} et al." if len(paper.authors) > AUTHORS_SHOWN else shown


def place(cited: Sequence[Citation]) -> str:
    """Venue, year and pages, and whether the words are Footnote's own."""
    paper = cited[0].paper
    pages = sorted({citation.page for citation in cited if citation.page is not None})
    parts = [
        " ".join(str(part) for part in (paper.venue, paper.year) if part),
        f"p. {', '.join(map(str, pages))}" if pages else "",
        _preprint(cited),
        "summary by Footnote" if any(citation.chunk.kind == "summary" for citation in cited) else "",
    ]
    return ", ".join(part for part in parts if part)


def _preprint(cited: Sequence[Citation]) -> str:
    """The preprint that the quoted words are from; "" where that is not one of two versions."""
    found = [citation.paper.preprint_of(citation.chunk.source) for citation in cited]
    named = {" ".join(str(part) for part in (one.venue, one.year) if part) for one in found if one}
    return f"quoted from the preprint {', '.join(sorted(named))}".rstrip() if named else ""


def link(paper: Paper) -> str:
    """Where to read the paper; "" where nothing is known. Only web addresses are ever shown."""
    doi = (paper.doi or "").replace("<", "%3C").replace(">", "%3E")  # as older ones have
    url = paper.url or (f"https://doi.org/{doi}" if doi else "")
    return url if re.fullmatch(r"https?://[^\s<>]+", url) else ""


def _paper_lines(citations: Sequence[Citation]) -> list[str]:
    """One line for each cited paper, with all its numbers."""
    lines = []
    for numbers, cited in _by_paper(citations):
        paper = cited[0].paper
        keys = "".join(f"[{n}]" for n in numbers)
        facts = " · ".join(_escaped(fact) for fact in (authors(paper), place(cited)) if fact)
        lines.append(" ".join(part for part in (keys, linked(paper, _escaped(title(paper))), facts) if part))
    return lines


def linked(paper: Paper, shown: str) -> str:
    """A title in bold that leads to its paper, without a preview; `shown` is the title, already escaped.

    Brackets or an address in a title would break such a link: there the address stands behind it.
    """
    url = link(paper).replace("(", "%28").replace(")", "%29")
    if not url or len(url) > LONGEST_LINK:
        return f"**{shown}**"
    return f"**{shown}** <{url}>" if re.search(r"[\[\]]|://", shown) else f"[**{shown}**](<{url}>)"


def _by_paper(citations: Sequence[Citation]) -> Iterable[tuple[list[int], list[Citation]]]:
    """The citations grouped by paper, papers in the order of their first number."""
    first = {citation.paper.id: citation.n for citation in reversed(citations)}
    ordered = sorted(citations, key=lambda citation: (first[citation.paper.id], citation.n))
    for _, group in groupby(ordered, key=lambda citation: citation.paper.id):
        cited = list(group)
        yield [citation.n for citation in cited], cited


def _known_urls(answer: Answer) -> frozenset[str]:
    """The addresses that our papers and passages hold."""
    papers = [
        *(p.paper for p in answer.passages),
        *(c.paper for c in answer.citations),
        *(f.paper for f in answer.papers),
    ]
    held = [url for paper in papers for url in (link(paper), paper.code_url or "") if url]
    texts = [found for passage in answer.passages for found in _BARE_URL.findall(passage.chunk.text)]
    return frozenset(_bare(url) for url in (*held, *texts))


def _bare(url: str) -> str:
    return url.strip("<>").rstrip(".,;:!?/)")


def _unlinked(text: str, allowed: frozenset[str]) -> str:
    """`text` with links and images as their words, but for those to our papers."""

    def worded(found: re.Match[str]) -> str:
        if _bare(found["url"]) in allowed:
            return f"{found['text']} <{_bare(found['url'])}>"
        return found["text"] if not re.fullmatch(r"\d+", found["text"]) else f"[{found['text']}]"

    def kept(found: re.Match[str]) -> str:
        bare = _bare(found[0])
        ending = found[0].strip("<>")[len(bare) :]
        return f"<{bare}>{ending}" if bare in allowed else "(link removed)"

    return _BARE_URL.sub(kept, _LINK.sub(worded, text))


def _quiet(text: str) -> str:
    """`text` that mentions nobody: a zero-width space breaks every form that Discord would resolve."""

    def broken(found: re.Match[str]) -> str:
        return found[0] + _ZERO_WIDTH

    return re.sub(r"<(?!https?://)(?=[@#:/a-z])|@(?=\S)", broken, text, flags=re.IGNORECASE)


def _escaped(text: str) -> str:
    """Words that are data on one line: no formatting, no mention."""
    line = " ".join(text.split())
    return _quiet(_MARKDOWN.sub(r"\\\1", _BARE_URL.sub("", line)))
