"""What a list of references calls its papers. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from retrieval.models import Paper

_OWN = re.compile(r"[A-Za-z0-9][\w:.+/-]{0,80}", re.ASCII)
_TAIL = 4  # characters of a paper's id, which tell apart what would have the same key


def key_of(paper: Paper) -> str:
    """The key that a person's own .bib gave it; else last name, year and first long word of the title."""
    own = (source.rpartition("#") for source in paper.sources)
    named = (key for file, _, key in own if file.lower().endswith(".bib") and _OWN.fullmatch(key))
    return next(named, None) or _made(paper)


def keys_of(papers: Sequence[Paper]) -> list[tuple[str, Paper]]:
    """Each paper with a key of its own, in their order.

    It follows from the paper alone, unless two would have the same: then each gets the start of its id, too.
    """
    wanted = Counter(key_of(paper).lower() for paper in papers)  # BibTeX does not tell cases apart
    taken: set[str] = set()
    found = []
    for paper in papers:
        key, length = key_of(paper), _TAIL
        if wanted[key.lower()] > 1:
            key = f"{key}-{paper.id[:length]}"
        while key.lower() in taken:
            length += 1
            key = f"{key_of(paper)}-{paper.id[:length]}" if length <= len(paper.id) else f"{key}-{length}"
        taken.add(key.lower())
        found.append((key, paper))
    return found


def _made(paper: Paper) -> str:
    """ "rowan2023hedgenet"."""
    last = paper.authors[0].split()[-1] if paper.authors and paper.authors[0].split() else "unknown"
    word = next((w for w in re.findall(r"\w+", paper.title) if len(w) > 3), "paper")
    plain = (
        unicodedata.normalize("NFKD", f"{last}{paper.year or ''}{word}").encode("ascii", "ignore").decode()
    )
    return re.sub(r"\W", "", plain).lower() or "paper"
