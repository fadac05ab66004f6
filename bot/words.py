"""Which words of a text carry its meaning, and how much each weighs. Pure.

Sentences are short: they are compared word by word, so "trained" must meet "training".
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable
from functools import lru_cache

from retrieval.analysis import words

_STOP_WORDS = """
a about above across after again all already also although always am among an and another any
anybody anyone anything are around as ask at away back be became because become been before being
below between both but by call called can cannot come could did didn do does doesn doing don done
down during each either else etc ever every everything few find first for from full further gave get
gets getting give given gives go goes going good got had has hasn have having he her here hers him
his how however i if in instead into is isn it its itself just keep kind know known let like list ll
look made mainly make makes making many may maybe me might mine more most much must my name named
need needed needs next no nor not nothing now of off often ok on once one ones only or other others
our ours out over own paper papers per please pls put question quite rather re really right s same
saw say says see seen several shall she should show shows shown since so some somebody someone
something still such sure t take taken takes tell than thank thanks that the their theirs them
themselves then there these they thing things this those though through thus to together too under
until up upon us use used uses using ve very via want was wasn way we well went were what when where
whether which while who whom whose why will with within without won work works would yes yet you
your yours article author authors publication publications published study studies et al actual
actually exactly vs versus wrt eg ie
cant dont isnt arent doesnt didnt wont wasnt werent hasnt havent couldnt shouldnt wouldnt whats thats
theyre ive im even try tried tries trying behind plz anyway okay anymore
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())
"""Words that say nothing about what a text is about, among them those with which one asks about papers."""

_ENDINGS = """
isational izational isations izations isation ization ational fulness iveness ically ations ation
ements ement ments ment nesses ness ising izing ised ized iser izer ises izes ise ize ities ity ings
ions ing ion ives ive ences ence ances ance ately ates ated ate ally als al ers er ors or ies ied
ily ed es ly y s e
"""
_SUFFIXES = tuple(sorted(_ENDINGS.split(), key=len, reverse=True))
_DATA_SET = re.compile(r"\bdata[\s-]sets?\b", re.IGNORECASE)  # printed as one word as often as as two
_BRITISH = re.compile(r"(?<=[a-z]{2})our(?=(?:s|ed|ing|ful|less|i[sz].*)?$)")


def content_words(text: str) -> list[str]:
    """The stems of the words of `text` that are no stop words, in order."""
    return [
        stem(word)
        for word in words(_DATA_SET.sub("dataset", text))
        if word not in STOP_WORDS and (len(word) > 1 or word.isdigit())
    ]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """`word` without its ending, so that forms of one word meet; British spelling made American.

    Cruder than Porter's on purpose: a wrong meeting of two words costs little where only sentences of a few
    passages are compared.
    """
    if len(word) < 4 or not word.isalpha():
        return word
    word = _BRITISH.sub("or", word)
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= (3 if len(suffix) < 4 else 4):
            root = word[: -len(suffix)]
            return root[:-1] if len(root) > 3 and root[-1] == root[-2] and root[-1] not in "aeiou" else root
    return word


ASKING = frozenset(
    content_words(
        "explain describe summary summarize overview compare comparison difference differ idea main key "
        "contribution detail method approach technique propose present introduce mean point tldr "
        "swear guess wonder wondering remember recall believe interested curious matter important interesting"
    )
)
"""Words with which one asks about any paper: that they stand in none says nothing."""


def inverse_frequency(texts: Iterable[Collection[str]]) -> dict[str, float]:
    """How much each word weighs: log(1 + (n - df + 0.5) / (df + 0.5)), the idf of BM25, over n texts."""
    counts: Counter[str] = Counter()
    total = 0
    for text in texts:
        total += 1
        counts.update(set(text))
    return {word: math.log1p((total - df + 0.5) / (df + 0.5)) for word, df in counts.items()}
