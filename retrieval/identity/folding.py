"""Letters without case and accents, for all that is compared. Pure."""

from __future__ import annotations

import unicodedata
from functools import lru_cache


def fold(text: str) -> str:
    """Small letters without accents; ligatures and full-width letters as plain ones."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()


@lru_cache(maxsize=65536)
def looks(word: str) -> str:
    """A folded word with all that OCR takes for each other written alike."""
    word = word.translate(_DIGITS)
    for seen, taken in (("rn", "m"), ("vv", "w"), ("cl", "d")):
        word = word.replace(seen, taken)
    return word.translate(_LETTERS)


_DIGITS = str.maketrans("0158", "olsb")
_LETTERS = str.maketrans("ihqctu", "lbgefn")
