"""Cut a text into sentences. Pure: every sentence is a verbatim slice of the text."""

from __future__ import annotations

import re
from collections.abc import Iterator

_SHORTENED = """
a.k.a al alg approx arxiv assoc ca cf chap cor corr def defs dept dr e.g ed eds eg eq eqn eqns eqs esp et
etc ex fig figs i.e i.i.d ie iid incl jr lem ltd mr mrs no nos p ph.d pp prof prop ref refs resp s.t sec
secs sect supp suppl tab tabs thm u.s viz vol vs w.l.o.g w.r.t
"""
_BEGINNINGS = """
A After Also An And Although As At Because Besides But By Compared Finally First For From Furthermore
Given Here Hence How However If In Instead It Its Moreover Next Note On Once Other Our Recently Second
Similarly Since So Some Such That The Their Then There Therefore These They This Those Thus To Unlike
Unless Using We What When Where Whereas Which While With Without You
"""
_ABBREVIATIONS = frozenset(_SHORTENED.split())  # a point after these, in any case, ends no sentence
_STARTERS = frozenset(_BEGINNINGS.split())  # but before these it does: "... by Kim et al. We show ..."

_END = re.compile(
    r"""
    \n[ \t\r]*\n\s*                                         # a blank line parts paragraphs
    | (?P<stop>[.!?…]+|[。！？])
      # closing quotes, "[12]", a footnote's number
      (?P<close>(?:["'”’»)\]}]|\[\d[\d\s,;–-]*\]|(?<=[^\d\W]\.)\d{1,2}(?=\s))*)
      (?P<gap>\s+|(?=[A-Z][a-z]+\s)|(?<=[。！？])|\Z)
    """,
    re.VERBOSE,
)
_LAST_WORD = re.compile(r"[^\s(\[{\"'“‘«/,;:–—]+\Z")
_NEXT_WORD = re.compile(r"[\"'“‘«(\[{]*([^\W\d_]+|\d+)?")
_LIST_NUMBER = re.compile(r"\(?(?:\d{1,2}|[a-zA-Z]|[ivx]{1,4})\Z")


def sentences(text: str) -> list[str]:
    """The sentences of `text` in order: slices of it without the white space around them.

    A blank line always ends a sentence; a single line break never does. Points of abbreviations, initials,
    list numbers and decimal numbers end none. Nothing but white space is lost between the slices.
    """
    return [text[start:end] for start, end in spans(text)]


def spans(text: str) -> list[tuple[int, int]]:
    """Where the sentences of `text` start and end, in characters."""
    found = []
    start = 0
    for end in [*_ends(text), len(text)]:
        if sentence := text[start:end].strip():
            begin = start + len(text[start:end]) - len(text[start:end].lstrip())
            found.append((begin, begin + len(sentence)))
        start = end
    return found


def _ends(text: str) -> Iterator[int]:
    start = 0
    for match in _END.finditer(text):
        if match["stop"] is None or _ends_sentence(text, start, match):
            start = match.end()
            yield start


def _ends_sentence(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether the point that `match` found ends the sentence that began at `start`."""
    follows = _next_word(text, match.end())
    if match["gap"] == "" and match["stop"] == "." and match.end() < len(text):
        return _glued(text, start, match)
    if follows is None or follows[:1].islower():
        return False
    if match["stop"] != "." or match["close"]:
        return True
    word = _last_word(text, start, match.start())
    if word is None or _LIST_NUMBER.match(text[start : match.start()].strip()):
        return False
    return not _shortens(word) or follows in _STARTERS


def _glued(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether "one.Two" are two sentences whose space was lost: never names such as "U.S" or "Node.Js"."""
    word = _last_word(text, start, match.start())
    return word is not None and len(word) > 2 and word.isalpha() and word.islower() and not _shortens(word)


def _last_word(text: str, start: int, end: int) -> str | None:
    found = _LAST_WORD.search(text, max(start, end - 60), end)
    return found[0] if found else None


def _next_word(text: str, position: int) -> str | None:
    """The word that stands after `position`; "" where a sign stands there, None at the end of the text."""
    found = _NEXT_WORD.match(text, position)
    if position >= len(text) or found is None:
        return "" if position >= len(text) else None
    return found[1] or ""


def _shortens(word: str) -> bool:
    """Whether a point after `word` marks an abbreviation or an initial."""
    return word.casefold() in _ABBREVIATIONS or (len(word) == 1 and word.isupper())
