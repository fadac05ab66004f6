"""Text -> the words that the lexical index knows. Pure; the same for papers and questions.

People type `mocha stereo` for MoCha-Stereo, `cat seg` or `catseg` for CAT-Seg, `alpha` for a Greek letter. So
a compound gives its parts and also itself without its hyphens, accents fall away, and Greek letters are
spelled out. Stemming and stop words are left to the index, whose own are faster.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import chain

from retrieval.spelling import one_spelling

_TOKEN = re.compile(r"[^\W_]+(?:[-\u2010\u2011_'’./+&][^\W_]+)*")
_PART = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+")
_OTHER = re.compile(r"[^\x00-\x7f]")
_POSSESSIVE = re.compile(r"['’]s$")
_GREEK = {
    chr(code): unicodedata.name(chr(code)).rsplit(" ", 1)[-1].lower()
    for code in (*range(0x391, 0x3A2), *range(0x3A3, 0x3AA), *range(0x3B1, 0x3CA))
}
RECIPE = "2"
"""Moves when a text gives other words, so that an index of another recipe is never searched."""

STOP_WORDS = frozenset(
    """
    a about above after again against all also am among an and any anyone anything are as at be because
    been before being below between both but by can could did do does doing done down during each either
    else etc ever every few find for from get give given gives got had has have having he her here hers
    him his how i if in into is it its itself just know let like many may me might more most much must
    my neither no nor not now of off on once one ones only or other others our ours out over own per
    please pls really same say says shall she should show so some somebody someone something still such
    tell than thanks that the their theirs them then there these they thing things this those though
    through thus to too two under until up upon us use used uses using very via want was way we were
    what when where whether which while who whom whose why will with within without would you your yours
    paper papers article articles work works author authors study studies interested
    """.split()  # noqa: SIM905 - a page of words reads better than a list of them
)
"""Words that carry no subject: they cost time and tell no paper from another. Our own list.

"One" and "two" are in it because papers print figures as digits where they matter.
"""

MAX_TERM = 40  # characters; longer runs are junk or addresses


def words(text: str) -> list[str]:
    """The words of `text` in order, folded: lower case, no accents, compounds whole and in parts."""
    return list(chain.from_iterable(map(_words_of, _TOKEN.findall(fold(text)))))


@lru_cache(maxsize=100_000)  # texts repeat their words: five times as fast
def _words_of(token: str) -> tuple[str, ...]:
    parts = [one_spelling(part) for part in _PART.findall(_POSSESSIVE.sub("", token))]
    found = [part for part in parts if len(part) <= MAX_TERM]
    whole = "".join(parts)
    if len(parts) > 1 and len(whole) <= MAX_TERM:
        found.append(whole)
    return tuple(found)


def fold(text: str) -> str:
    """`text` in lower case without accents, ligatures undone, Greek letters spelled out."""
    if text.isascii():
        return text.lower()
    return _OTHER.sub(_folded, unicodedata.normalize("NFKD", text).casefold())


def _folded(match: re.Match[str]) -> str:
    char = match.group()
    if char in _GREEK:
        return f" {_GREEK[char]} "
    return "" if unicodedata.combining(char) else char
