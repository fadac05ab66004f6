"""British and American spellings of a word made one. Pure.

Only spellings that leave the stem's relatives together: "supervised" stays beside "supervision".
"""

from __future__ import annotations

import re
from functools import lru_cache

_RULES = (
    # optimise, organising, generalisation; not noise (a vowel before), revise or precise (v, c: revision)
    (re.compile(r"(?<=[bdfghjklmnprstwz])is(e|ed|es|er|ers|ing|able|ation|ations)$"), r"iz\1"),
    (re.compile(r"lys(e|ed|es|er|ers|ing)$"), r"lyz\1"),
    (
        re.compile(
            r"^(.*?)(col|behavi|neighb|fav|flav|hon|lab|hum|harb|arm|vap|rig|tum|od|rum|endeav|sav)our"
        ),
        r"\1\2or",
    ),
    (re.compile(r"(mod|lab|trav|lev|chann|tunn|canc)ell(ing|ed|er|ers)$"), r"\1el\2"),
    (re.compile(r"signall(ing|ed)$"), r"signal\1"),
    (re.compile(r"(cent|met|fib|lit|theat|calib)re(s?)$"), r"\1er\2"),
    (re.compile(r"^grey"), "gray"),
    (re.compile(r"ogue(s?)$"), r"og\1"),
    (re.compile(r"(def|off|lic)ence(s?)$"), r"\1ense\2"),
)
_ANY = re.compile("|".join(pattern.pattern for pattern, _ in _RULES))


@lru_cache(maxsize=65_536)
def one_spelling(word: str) -> str:
    """The American spelling of a lower-case word; the word itself where there is no other."""
    if not _ANY.search(word):  # nearly every word, and seven times as fast to see
        return word
    for pattern, spelling in _RULES:
        word = pattern.sub(spelling, word, count=1)
    return word
