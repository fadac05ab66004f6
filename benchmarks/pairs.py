"""Pairs of documents made from papers: those of one paper, and those of two that look like one.

Each kind is a function of a paper, another paper and chance. It gives two documents, or None where the paper
has not what the kind needs (a subtitle, a full text). Nothing is read from the identity that is measured.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from benchmarks import damage
from retrieval.models import Block, Document

Pair = tuple[Document, Document]
Maker = Callable[[Document, Document, random.Random], Pair | None]

OPPOSITES = (
    ("image", "video"),
    ("2d", "3d"),
    ("supervised", "unsupervised"),
    ("detection", "segmentation"),
    ("online", "offline"),
    ("single", "multi"),
    ("static", "dynamic"),
    ("sparse", "dense"),
    ("local", "global"),
    ("text", "audio"),
    ("learning", "forgetting"),
    ("estimation", "generation"),
    ("recognition", "reconstruction"),
    ("training", "inference"),
)
REPORTS = ("Supplementary Material for", "Correction to:", "Comment on", "Reply to")


@dataclass(frozen=True, slots=True)
class Kind:
    """Pairs of one kind, and whether they are one paper."""

    name: str
    same: bool
    make: Maker


def bare(paper: Document) -> Document:
    """What a list of references or a record without abstract says of a paper."""
    return replace(paper, blocks=(), doi=None, url=None, code_url=None, extra=())


def own(paper: Document) -> Document:
    """The paper with its abstract, as a record of it would be, and without its DOI."""
    return replace(bare(paper), blocks=_abstract(paper.text("abstract")))


def _abstract(text: str) -> tuple[Block, ...]:
    return (Block(text, kind="abstract"),) if text else ()


def _body(paper: Document) -> str:
    return paper.text("body")


# -- one paper


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
    blocks = _abstract(damage.scanned_text(text, chance, chance.uniform(0.005, 0.03)))
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
        blocks=_abstract(damage.revised(paper.text("abstract"), chance)),
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


# -- two papers


def same_title(paper: Document, other: Document, chance: random.Random) -> Pair:
    """By other people; half of the time with an abstract of their own."""
    wrote = replace(chance.choice((own, bare))(other), title=paper.title)
    return own(paper), wrote


def same_title_later(paper: Document, other: Document, chance: random.Random) -> Pair:
    """By nobody knows whom, years later, with a DOI of its own."""
    later = replace(bare(paper), authors=(), year=(paper.year or 2020) + chance.randrange(4, 9))
    return own(paper), replace(later, doi=f"10.7777/{chance.randrange(10**9)}")


def _named(paper: Document, other: Document) -> str | None:
    """The coined name of one paper before what the other is about."""
    name, colon, _ = (paper.title or "").partition(":")
    subtitle = (other.title or "").rpartition(":")[2].strip()
    return f"{name}: {subtitle}" if colon and len(name) < 20 else None


def same_name(paper: Document, other: Document, chance: random.Random) -> Pair | None:
    title = _named(paper, other)
    return (own(paper), replace(chance.choice((own, bare))(other), title=title)) if title else None


def same_name_alone(paper: Document, other: Document, chance: random.Random) -> Pair | None:
    """Two records that say nothing but the name; by others, or by nobody knows whom."""
    name, colon, _ = (paper.title or "").partition(":")
    if not colon or len(name) >= 20:
        return None
    return own(paper), replace(bare(other), title=name, authors=chance.choice((other.authors, ())))


def same_name_same_hands(paper: Document, other: Document, chance: random.Random) -> Pair | None:
    """The next paper on the same system."""
    title = _named(paper, other)
    following = replace(chance.choice((own, bare))(other), title=title, authors=paper.authors)
    return (own(paper), following) if title else None


def parts(paper: Document, other: Document, chance: random.Random) -> Pair:
    """Part I and part II by the same people in the same year."""
    first, second = chance.choice(
        ((", Part I", ", Part II"), (" (1)", " (2)"), (" I", " II"), (" v2", " v3"), ("++", "++ 2"))
    )
    text = other.text("abstract") if chance.random() < 0.5 else ""
    return (
        replace(own(paper), title=f"{paper.title}{first}"),
        replace(bare(paper), title=f"{paper.title}{second}", blocks=_abstract(text)),
    )


def one_word_else(paper: Document, other: Document, chance: random.Random) -> Pair | None:
    """The same people, the same title but for one word that carries it."""
    words = (paper.title or "").split()
    bearing = [at for at, word in enumerate(words) if len(word) > 4]
    candidates = [word for word in (other.title or "").split() if len(word) > 4]
    if not bearing or not candidates:
        return None
    words[chance.choice(bearing)] = chance.choice(candidates)
    return _sequel(paper, other, " ".join(words), chance)


def opposite_word(paper: Document, other: Document, chance: random.Random) -> Pair | None:
    title = paper.title or ""
    for one, another in OPPOSITES:
        for word, instead in ((one, another), (another, one)):
            changed = re.sub(rf"(?i)\b{word}\b", instead.capitalize(), title)
            if changed != title:
                return _sequel(paper, other, changed, chance)
    return None


def longer_title(paper: Document, other: Document, chance: random.Random) -> Pair:
    """The next paper, whose title goes on where the first one's ends."""
    more = chance.choice(("in the Wild", "for Long Videos", "with Less Supervision", "Revisited", "at Scale"))
    return _sequel(paper, other, f"{paper.title} {more}", chance)


def _sequel(paper: Document, other: Document, title: str, chance: random.Random) -> Pair:
    """By the same people: with another abstract, or a year later with a DOI beside that of the first."""
    if title == paper.title:
        title = f"{title} II"
    sequel = replace(bare(paper), title=title)
    if other.text("abstract") and chance.random() < 0.5:
        return own(paper), replace(sequel, blocks=_abstract(other.text("abstract")))
    sequel = replace(sequel, doi=f"10.1109/{chance.randrange(10**9)}", year=(paper.year or 2020) + 1)
    return replace(own(paper), doi=paper.doi or "10.1109/0"), sequel


def longer_title_alone(paper: Document, other: Document, chance: random.Random) -> Pair:
    """The same of which nobody knows who wrote it."""
    _, sequel = longer_title(paper, other, chance)
    return own(paper), replace(sequel, authors=(), doi=None, year=(paper.year or 2020) + 1)


def about_it(paper: Document, other: Document, chance: random.Random) -> Pair:
    """A supplement, a correction, a comment."""
    people = chance.choice((paper.authors, other.authors))
    title = f"{chance.choice(REPORTS)} {paper.title}"
    return own(paper), replace(bare(paper), title=title, authors=people)


def shared_sentences(paper: Document, other: Document, chance: random.Random) -> Pair | None:
    """Two papers of one group: the second tells a quarter of its abstract in the words of the first."""
    first, second = paper.text("abstract"), other.text("abstract")
    if not first or not second:
        return None
    lent = " ".join(first.split()[: len(second.split()) // 4])
    return own(paper), replace(own(other), authors=paper.authors, blocks=_abstract(f"{lent} {second}"))


def volume_doi(paper: Document, other: Document, chance: random.Random) -> Pair:
    """Two papers of a volume, under the DOI of the volume."""
    doi = f"10.1007/978-{chance.randrange(10**6)}"
    return replace(own(paper), doi=doi), replace(bare(other), doi=doi)


KINDS = (
    Kind("same DOI, title cut", True, same_doi),
    Kind("same arXiv id, title cut and misspelt", True, same_arxiv),
    Kind("same text, nothing else", True, same_content),
    Kind("title cut, authors", True, cut_title),
    Kind("title cut, no authors", True, cut_title_alone),
    Kind("title without its coined name, authors", True, unnamed_title),
    Kind("title misspelt, authors in other order", True, misspelt_title),
    Kind("title misspelt, no authors", True, misspelt_title_alone),
    Kind("OCR in title and authors", True, scanned_title),
    Kind("OCR in title and abstract, no authors", True, scanned_paper),
    Kind("authors in other order, title in other case", True, other_order),
    Kind("title in other case, no authors", True, other_case),
    Kind("preprint and published", True, preprint),
    Kind("preprint under another title", True, renamed_preprint),
    Kind("abstract and full text", True, abstract_and_text),
    Kind("scanned first page and full text", True, page_and_text),
    Kind("same title, other authors", False, same_title),
    Kind("same title, no authors, years later", False, same_title_later),
    Kind("same coined name, other paper", False, same_name),
    Kind("same coined name and nothing else", False, same_name_alone),
    Kind("same coined name, same authors, next paper", False, same_name_same_hands),
    Kind("part I and part II", False, parts),
    Kind("same authors, one word of the title another", False, one_word_else),
    Kind("same authors, opposite word in the title", False, opposite_word),
    Kind("same authors, longer title", False, longer_title),
    Kind("longer title, no authors", False, longer_title_alone),
    Kind("supplement, correction, comment", False, about_it),
    Kind("same authors, shared sentences", False, shared_sentences),
    Kind("the DOI of a whole volume", False, volume_doi),
)
