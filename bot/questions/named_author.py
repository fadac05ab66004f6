"""Whether the "X" of "papers by X" is a person, or what they work with: "papers on tides by sonar"."""

from __future__ import annotations

import re

from bot.models import Question, Route
from bot.router import route
from bot.searchable import Searchable
from bot.words import content_words
from retrieval.models import Filters

_INITIAL = re.compile(r"[^\W\d_a-z]\.")
_PARTICLES = frozenset(["van", "von", "der", "den", "de", "la", "di", "da", "bin", "al", "el", "le"])


def looks_like_person(name: str) -> bool:
    """Whether `name` is written as people's names are: "Ada van Falk", "Y. LeCun"; not "sonar" or "NeRF"."""
    parts = name.split()
    return any(map(_INITIAL.match, parts)) or all(
        part in _PARTICLES or all(map(_is_name, re.split("['’-]", part))) for part in parts
    )


def _is_name(word: str) -> bool:
    """A letter that is not small, and small ones behind it: "McDonald" is written so too."""
    bare = word.removeprefix("Mc").removeprefix("Mac")
    return bare.isalpha() and not bare[0].islower() and bare[1:] == bare[1:].lower()


def with_known_author(library: Searchable, question: Question, way: Route) -> Route:
    """`way`, the route of `question`, but without an author whom nobody knows and who has no person's name.

    Asks the library, so not for the event loop. Raises what the library raises.
    """
    name = way.filters.author
    if name is None or question.filters.author or looks_like_person(name) or not _is_doubtful(name, question):
        return way
    return way if library.papers(Filters(author=name)) else route(question, no_author=name)


def _is_doubtful(name: str, question: Question) -> bool:
    """Whether nothing but "by" calls it an author, and that of a subject: not in "papers by ada falk"."""
    bare = re.compile(rf"(?<!written)(?<!authored)(?<!published)\s+by\s+{re.escape(name)}\b", re.IGNORECASE)
    texts = (question.text, *(turn.question for turn in question.history[-1:]))
    return any(bare.search(text) and content_words(bare.sub(" ", text)) for text in texts)
