"""Is a question in another language than English? The vectors and the word index know English only. Pure."""

from __future__ import annotations

import re

LEAST = 2  # words of another language
SHARE = 0.3  # of the letters that are not Latin

_WORDS = frozenset(
    """
    aber auf aus bei das den der des die ein eine einen für gibt ist kein mit nicht oder sich sind über und
    welche welcher welches wie wird zu zum zur
    au aux avec dans des du est et il la le les ou où par pas pour quel quelle quelles quels qui sont sur une
    como con cuál cuáles del el en es esta hay la las los para por qué que según son sobre una uno
    che come con dei della delle di gli il per quale quali sono su una
    de het een en hoe is met niet op van voor welke wat zijn
    com dos não os ou para por qual quais são sobre uma
    """.split()  # noqa: SIM905 - a page of words reads better than a list of them
)
_ENGLISH = frozenset(
    ["de", "die", "is", "com", "was", "en", "la", "le", "per", "come", "con", "des", "den", "van", "on"]
)


def is_foreign(text: str) -> bool:
    """Whether `text` is clearly in another language; names and formulas alone are not."""
    letters = [char for char in text if char.isalpha()]
    if letters and sum(ord(char) > 0x24F for char in letters) >= SHARE * len(letters):
        return True
    words = re.findall(r"[^\W\d_]+", text.lower())
    sure = [word for word in words if word in _WORDS and word not in _ENGLISH]
    return len(sure) >= LEAST and 5 * len(sure) >= len(words)
