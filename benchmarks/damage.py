"""What happens to a title, a list of authors or a text on its way into another source. Seeded, pure."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

LOOKALIKES = (
    ("rn", "m"),
    ("m", "rn"),
    ("l", "1"),
    ("i", "l"),
    ("o", "0"),
    ("e", "c"),
    ("cl", "d"),
    ("h", "b"),
    ("s", "5"),
    ("vv", "w"),
    ("fi", "ﬁ"),
    ("u", "n"),
    ("g", "q"),
    ("t", "f"),
)
"""What OCR takes for what."""

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def cut(title: str, chance: random.Random, least: float = 0.5, most: float = 0.85) -> str:
    """The first part of a title, at least four words, its end marked half of the time."""
    words = title.split()
    kept = max(4, round(len(words) * chance.uniform(least, most)))
    return " ".join(words[:kept]).rstrip(":,;-") + chance.choice(("", "", "...", "…"))


def misspelt(text: str, chance: random.Random, errors: int = 1) -> str:
    """`errors` letters of longer words dropped, doubled, changed, or swapped with the next."""
    for _ in range(errors):
        places = [found.start() for found in re.finditer(r"(?<=[a-z])[a-z](?=[a-z])", text)]
        if not places:
            return text
        at = chance.choice(places)
        letter, following = text[at], text[at + 1]
        new = chance.choice((following, letter * 2 + following, chance.choice(LETTERS) + following, ""))
        text = text[:at] + (new or following + letter) + text[at + 2 :]
    return text


def scanned(text: str, chance: random.Random, errors: int) -> str:
    """`errors` stretches of the text taken for what they look like."""
    for _ in range(errors):
        seen, taken = chance.choice(LOOKALIKES)
        places = [found.start() for found in re.finditer(re.escape(seen), text)]
        if places:
            at = chance.choice(places)
            text = text[:at] + taken + text[at + len(seen) :]
    return text


def scanned_text(text: str, chance: random.Random, rate: float) -> str:
    """A text with so many errors a letter; every tenth line's end cuts a word."""
    text = scanned(text, chance, round(rate * len(text)))
    words = text.split()
    for at in range(9, len(words), 10):
        if len(words[at]) > 6:
            words[at] = f"{words[at][:3]}-\n{words[at][3:]}"
    return " ".join(words)


def other_case(title: str, chance: random.Random) -> str:
    """Capitals, small letters or each word's own, with other dashes, quotation marks and spaces."""
    change = chance.choice((str.upper, str.lower, str.title, str.capitalize))
    title = change(title).replace(":", chance.choice((":", " -", " –", ".", "")))
    return title.replace("-", chance.choice(("-", " ", "", "‑")))


def other_order(authors: Sequence[str], chance: random.Random) -> tuple[str, ...]:
    """The same people in another order, given names and family names swapped or shortened."""
    people = list(authors)
    chance.shuffle(people)
    return tuple(chance.choice((_family_first, _initials, str))(name) for name in people)


def _family_first(name: str) -> str:
    given, _, family = name.rpartition(" ")
    return f"{family}, {given}" if given else name


def _initials(name: str) -> str:
    *given, family = name.split()
    return " ".join([*(f"{part[0]}." for part in given), family])


def revised(text: str, chance: random.Random) -> str:
    """As reviewers made it: a sentence gone, and a word in fifteen another."""
    sentences = re.split(r"(?<=[.!?]) ", text)
    if len(sentences) > 3:
        del sentences[chance.randrange(1, len(sentences))]
    words = " ".join(sentences).split()
    for at in range(chance.randrange(15), len(words), 15):
        words[at] = chance.choice(("novel", "new", "strong", "given", "several", "further"))
    return " ".join(words)
