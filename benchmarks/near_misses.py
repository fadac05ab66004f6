"""Pairs of documents of two papers that look like one, made from papers as `pairs` makes those of one."""

from __future__ import annotations

import random
import re
from dataclasses import replace

from benchmarks.pairs import Pair, abstract_block, bare, own
from retrieval.models import Document

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
        replace(bare(paper), title=f"{paper.title}{second}", blocks=abstract_block(text)),
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
        return own(paper), replace(sequel, blocks=abstract_block(other.text("abstract")))
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
    return own(paper), replace(own(other), authors=paper.authors, blocks=abstract_block(f"{lent} {second}"))


def volume_doi(paper: Document, other: Document, chance: random.Random) -> Pair:
    """Two papers of a volume, under the DOI of the volume."""
    doi = f"10.1007/978-{chance.randrange(10**6)}"
    return replace(own(paper), doi=doi), replace(bare(other), doi=doi)
