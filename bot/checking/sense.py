"""Does a sentence turn round what a paper says: deny it, exchange its names or numbers? Pure."""

from __future__ import annotations

import re
from itertools import combinations

from bot.checking.claims import Claim
from bot.checking.numerals import numbers
from bot.gate import names
from bot.words import content_words

NEAR = 4  # words on each side that tell what a number is of
_DENIES = re.compile(
    r"\b(?:not|no|never|none|nor|neither|cannot|without|fails?\s+to|failed\s+to|unable\s+to|lacks?|hardly|\w+n['’]t)\s+"
    r"((?:\w+\W+){0,4}\w+)",
    re.IGNORECASE,
)
_HINDERS = re.compile(
    r"\b(?:prevent|avoid|hinder|exclud|discard|remov|ignor|instead|rather|except|only|free|but|however|sensitive)\w*",
    re.IGNORECASE,
)  # what denies without a "not"
_OTHERWISE = re.compile(
    r"\b(?:little|few|fewer|less|rarely|seldom|barely|scarcely|minimal(?:ly)?|negligible|"
    r"(?:prevent|avoid|exclud|discard|remov|ignor)\w*)\b",
    re.IGNORECASE,
)  # "with little loss" for "without losing much"
_NOT_ONLY = re.compile(r"\bnot\s+(?:only|just|merely)\b", re.IGNORECASE)
_SUBJECTS = frozenset(
    content_words(
        "method approach model framework system network architecture algorithm technique module design "
        "scheme strategy researcher author paper work result experiment loss dataset benchmark solution "
        "pipeline"
    )
)
"""What any paper's thing may be called instead of its name."""


def other_subject(said: Claim, sentence: str) -> frozenset[str]:
    """The stems of the word that `said` puts in the place of the name that begins `sentence`, if it does.

    "Thorn prunes its branches" for "HedgeNet prunes its branches": the first word of a sentence has a capital
    in any case, so that nothing but its place tells that it is a name.
    """
    first = re.match(r"\W*([A-Z][\w-]+)", said.text)
    name = re.match(r"\W*([\w-]+)", sentence)
    if first is None or name is None or names(first[1]) or not names(name[1]):
        return frozenset()
    if re.search(rf"\b{re.escape(name[1])}\b", said.text, re.IGNORECASE):
        return frozenset()
    own = frozenset(content_words(first[1]))
    return frozenset() if own & (frozenset(content_words(sentence)) | _SUBJECTS) else own


def touches(said: Claim, sentence: str) -> bool:
    """Whether what `sentence` denies is what was said: the words right after the denial stand in it."""
    return bool(denied(sentence) & said.stems)


def denied(sentence: str) -> set[str]:
    """The stems of the words that follow each denial of a sentence."""
    return {stem for found in _DENIES.finditer(sentence) for stem in content_words(found[1])}


def says_otherwise(text: str) -> bool:
    """Whether `text` may say in other words what is said with a denial."""
    return bool(_OTHERWISE.search(text))


def widens(said: str, told: str) -> bool:
    """Whether `said` has "not only" where `told` has "only"."""
    told = told.lower()
    return bool(_NOT_ONLY.search(said)) and " only " in told and not _NOT_ONLY.search(told)


def hinders(text: str) -> bool:
    """Whether `text` denies in other words than "not"."""
    return bool(_HINDERS.search(text))


def exchanged(said: Claim, sentence: str, *, numbers_too: bool) -> bool:
    """Whether two names, or two numbers, of the sentence stand in the claim the other way round.

    "A is beaten by B" says what "B beats A" says, so a claim with another voice is not judged.
    """
    if bool(re.search(r"\b(?:by|than)\b", said.text)) != bool(re.search(r"\b(?:by|than)\b", sentence)):
        return False
    known = [
        found.start()
        for name in said.names
        if said.text.count(name) == 1
        and sentence.count(name) == 1
        and (found := re.search(rf"(?<!\w){re.escape(name)}(?!\w)", sentence))
    ]
    if len(known) > 1 and known != sorted(known):
        return True
    if not numbers_too:
        return False
    mine, theirs = _neighbours(said.text), _neighbours(sentence)
    both = [value for value in mine if value in theirs]
    return any(
        len(mine[one] & theirs[other]) + len(mine[other] & theirs[one])
        > len(mine[one] & theirs[one]) + len(mine[other] & theirs[other])
        for one, other in combinations(both, 2)
    )


def _neighbours(text: str) -> dict[str, set[str]]:
    """For each number that stands once in `text`, the stems of the words near it."""
    tokens = text.split()
    values = [[value for value, _ in numbers(token)] for token in tokens]
    flat = [value for some in values for value in some]
    return {
        value: set(
            content_words(" ".join((*tokens[max(0, at - NEAR) : at], *tokens[at + 1 : at + 1 + NEAR])))
        )
        for at, some in enumerate(values)
        for value in some
        if flat.count(value) == 1
    }
