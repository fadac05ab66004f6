"""Pairs of documents of one paper, made from it. `near_misses` makes those of two that look like one.

Each kind is a function of a paper, another paper and chance. It gives two documents, or None where the paper
has not what the kind needs (a subtitle, a full text). Nothing is read from the identity that is measured.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import replace

from benchmarks import damage
from retrieval.models import Block, Document

Pair = tuple[Document, Document]
Maker = Callable[[Document, Document, random.Random], Pair | None]


def bare(paper: Document) -> Document:
    """What a list of references or a record without abstract says of a paper."""
    return replace(paper, blocks=(), doi=None, url=None, code_url=None, extra=())


def own(paper: Document) -> Document:
    """The paper with its abstract, as a record of it would be, and without its DOI."""
    return replace(bare(paper), blocks=abstract_block(paper.text("abstract")))


def abstract_block(text: str) -> tuple[Block, ...]:
    return (Block(text, kind="abstract"),) if text else ()


def _body(paper: Document) -> str:
    return paper.text("body")


def same_doi(paper: Document, _: Document, chance: random.Random) -> Pair:
    doi = paper.doi or f"10.5555/{chance.randrange(10**9)}"
    record = replace(bare(paper), doi=doi.upper(), title=damage.cut(paper.title or "", chance), authors=())
    return replace(own(paper), doi=doi), record


def same_arxiv(paper: Document, _: Document, chance: random.Random) -> Pair:
    number = f"{chance.randrange(2001, 2412)}.{chance.randrange(10**5):05}"
    stamped = replace(own(paper), url=f"https://arxiv.org/abs/{number}v{chance.randrange(1, 4)}")
    title = damage.misspelt(damage.cut(paper.title or "", chance), chance)
    record = replace(bare(paper), title=title, authors=(), year=None)
    given = chance.choice(
        (("doi", f"10.48550/arXiv.{number}"), ("url", f"http://arxiv.org/pdf/{number}.pdf"))
    )
    return stamped, replace(record, **{given[0]: given[1]})  # type: ignore[arg-type]


def same_content(paper: Document, _: Document, chance: random.Random) -> Pair | None:
    if not paper.text("abstract", "body"):
        return None
    text = re.sub(r"\s+", lambda _: chance.choice((" ", "\n", " ")), paper.text("abstract", "body"))
    return paper, replace(bare(paper), title=None, authors=(), year=None, blocks=(Block(text),))


def cut_title(paper: Document, _: Document, chance: random.Random) -> Pair:
    authors = chance.choice((paper.authors, paper.authors[:3], paper.authors[:1]))
    record = replace(bare(paper), title=damage.cut(paper.title or "", chance), authors=authors)
    return own(paper), replace(record, year=chance.choice((paper.year, None)))


def cut_title_alone(paper: Document, _: Document, chance: random.Random) -> Pair:
    title = damage.cut(paper.title or "", chance, 0.65, 0.9)
    return own(paper), replace(bare(paper), title=title, authors=(), venue=None)


def unnamed_title(paper: Document, _: Document, chance: random.Random) -> Pair | None:
    """As it was called before its system had a name."""
    name, colon, subtitle = (paper.title or "").partition(": ")
    if not colon or len(name.split()) > 2 or len(subtitle.split()) < 4:
        return None
    authors = chance.choice((paper.authors, paper.authors[:3]))
    return own(paper), replace(bare(paper), title=subtitle, authors=authors)


def misspelt_title(paper: Document, _: Document, chance: random.Random) -> Pair:
    title = damage.misspelt(paper.title or "", chance, chance.choice((1, 2)))
    return own(paper), replace(bare(paper), title=title, authors=damage.other_order(paper.authors, chance))


def misspelt_title_alone(paper: Document, _: Document, chance: random.Random) -> Pair:
    return own(paper), replace(bare(paper), title=damage.misspelt(paper.title or "", chance), authors=())


def scanned_title(paper: Document, _: Document, chance: random.Random) -> Pair:
    title = damage.scanned(paper.title or "", chance, chance.choice((1, 2, 3)))
    authors = tuple(damage.scanned(name, chance, chance.choice((0, 0, 1))) for name in paper.authors)
    return own(paper), replace(bare(paper), title=title, authors=authors)


def scanned_paper(paper: Document, _: Document, chance: random.Random) -> Pair | None:
    text = paper.text("abstract")
    if not text:
        return None
    title = damage.scanned(paper.title or "", chance, 3)
    blocks = abstract_block(damage.scanned_text(text, chance, chance.uniform(0.005, 0.03)))
    return own(paper), replace(bare(paper), title=title, authors=(), blocks=blocks)


def other_order(paper: Document, _: Document, chance: random.Random) -> Pair:
    title = damage.other_case(paper.title or "", chance)
    return own(paper), replace(bare(paper), title=title, authors=damage.other_order(paper.authors, chance))


def other_case(paper: Document, _: Document, chance: random.Random) -> Pair:
    return own(paper), replace(bare(paper), title=damage.other_case(paper.title or "", chance), authors=())


def preprint(paper: Document, other: Document, chance: random.Random) -> Pair:
    """Title mostly as it was, abstract revised, an author more or fewer, a year earlier."""
    words = (paper.title or "").split()
    if paper.text("abstract") and chance.random() < 0.3:
        words.insert(chance.randrange(1, len(words)), chance.choice(("Robust", "Efficient", "Better")))
    return _versions(paper, other, " ".join(words), chance)


def renamed_preprint(paper: Document, other: Document, chance: random.Random) -> Pair | None:
    """The same under half of its title, or under another."""
    if not paper.text("abstract"):
        return None
    words = (paper.title or "").split()
    title = chance.choice((" ".join(words[len(words) // 2 :]), f"Towards {words[-1]} That Works"))
    return _versions(paper, other, title, chance)


def _versions(paper: Document, other: Document, title: str, chance: random.Random) -> Pair:
    number = f"{chance.randrange(2001, 2412)}.{chance.randrange(10**5):05}"
    early = replace(
        own(paper),
        title=title,
        authors=chance.choice((paper.authors[:-1] or paper.authors, (*paper.authors, *other.authors[:1]))),
        year=(paper.year or 2020) - chance.choice((0, 1)),
        venue="arXiv",
        doi=chance.choice((f"10.48550/arXiv.{number}", None)),
        url=f"https://arxiv.org/abs/{number}",
        blocks=abstract_block(damage.revised(paper.text("abstract"), chance)),
    )
    return replace(own(paper), doi=paper.doi or f"10.1109/{chance.randrange(10**9)}"), early


def abstract_and_text(paper: Document, _: Document, chance: random.Random) -> Pair | None:
    """A record with title and abstract, and the paper's text of which nothing was told apart."""
    if not _body(paper) or not paper.text("abstract"):
        return None
    text = Block(f"{paper.text('abstract')}\n\n{_body(paper)}")
    return own(paper), replace(bare(paper), title=None, authors=(), year=None, blocks=(text,))


def page_and_text(paper: Document, _: Document, chance: random.Random) -> Pair | None:
    """A scanned first page, and the whole paper."""
    if not _body(paper):
        return None
    page = f"{paper.text('abstract')}\n\n{_body(paper)}"[: chance.randrange(1500, 4000)]
    text = Block(damage.scanned_text(page, chance, chance.uniform(0, 0.02)))
    return paper, replace(bare(paper), title=None, authors=(), year=None, blocks=(text,))
