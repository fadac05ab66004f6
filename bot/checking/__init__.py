"""Every sentence of a written answer held against the passages that it cites. Pure.

A sentence that its passages do not support is moved to one that does; where none does, it is dropped or
visibly marked. What claims nothing (a heading, "the papers do not say") is left alone.

    support    whether a passage says what a sentence claims
    claims     what in a sentence can be looked up
    figures    whether its numbers are those of the passage: numerals reads them, rounded knows inexact ones,
               clauses what each is said of
    sense      whether a sentence turns round what the passage says
    planted    how many wrong sentences all of this finds
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from bot.checking.numerals import numbers
from bot.checking.support import Passages
from bot.citations import KEY
from bot.gate import names
from bot.words import content_words
from retrieval.sentences import spans

Unsupported = Literal["drop", "mark", "rewrite"]
"""What becomes of a sentence that no passage supports. "rewrite": the model may mend it once."""

MARK = "(unverified)"
CLAIMS = 4  # content words from which on a line without figure or name claims something
SHORT = 2  # the same for a whole sentence: "The moon is made of cheese."

PREFIX = re.compile(r"\s*(?:(?:[-*•]|\d{1,2}[.)])\s+|#{1,6}\s+|>\s+|\|\s*)?")
"""What stands before the sentences of a line: the mark of a list, heading, quotation or table."""
_LOOSE = re.compile(r"[ \t]+(?=[.!?](?:\s|\Z))")  # what a removed key leaves before a point
_RULE = re.compile(r"\s*\|?\s*:?-{2,}:?\s*\|[\s:|-]*\Z")  # the line under the head of a table
_LEADING = re.compile(r"(?:\s*\[\d+\])+")
_KEYS = r"\[\d+\](?:(?:\s*,?\s*(?:and|or|&)?\s*)\[\d+\])*"
_HANGING = re.compile(
    rf"(\b(?:according\s+to|as\s+\w+\s+(?:in|by)|in|by|from|see(?:\s+also)?|per|both)\s+){_KEYS}|\A{_KEYS}(?=\s+(?-i:[a-z]))",
    re.IGNORECASE,
)  # a mark that stands for the paper in the sentence: "according to [2], ..."
_PLACE = "\0"
_EMPHASIS = re.compile(r"\*\*|__|(?<!\w)[*_]|[*_](?!\w)|`")
_END = re.compile(r"[.!?…:;,\"”’)|]*\s*\Z")
_WHOLE = re.compile(r"(?:\S+\s+){3,}\S+[.!]\W*\Z")
_ADMITS = re.compile(
    r"\b(?:not|no|none|neither|nothing|n['’]t)\b[^.]{0,60}\b(?:report|mention|stat|say|said|describ|specif|give|given|"
    r"provid|contain|cover|discuss|detail|answer|information|available|found|indicat|address|compar)\w*|"
    r"\b(?:missing|unclear|unknown|unspecified)\b|\bno\s+(?:information|details?|figures?|numbers?)\b",
    re.IGNORECASE,
)
_CONTRAST = re.compile(
    r"[,;–—]\s+(?:but|however|yet|though|although|while|whereas)\b,?\s*|;\s+|\s+(?:but|although|though|whereas)\s+",
    re.IGNORECASE,
)
_CONCEDES = re.compile(r"\A((?:although|though|while|whereas)\b[^,;]*),\s+", re.IGNORECASE)
_OF_SOURCES = re.compile(
    r"\b(?:passages?|papers?|sources?|librar\w+|texts?|excerpts?|they|it|information|details?)\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Verified:
    """A keyed text whose every key names a passage that supports its sentence."""

    text: str = ""
    kept: int = 0  # sentences with support
    moved: int = 0  # of those, to another passage than they named
    failed: list[str] = field(default_factory=list)  # sentences without, bare


def verify(
    keyed: str, passages: Passages, mark: bool = False, mended: Mapping[str, str] | None = None
) -> Verified:
    """`keyed` (with `[k]`, the place of a passage) checked; sentences without support go, or get a MARK.

    `mended` holds what may stand in the place of a failed sentence, if it has support itself.
    """
    done = Verified()

    def judged(sentence: str) -> str | None:
        return _judged(sentence, passages, mark, done, mended or {})

    lines = keyed.splitlines(keepends=True)
    heads = {n for n, rule in enumerate(lines[1:]) if "|" in lines[n] and _RULE.match(rule)}  # claim nothing
    done.text = "".join(line if n in heads else _line(line, judged) for n, line in enumerate(lines)).rstrip()
    return done


def finished(keyed: str) -> tuple[str, str]:
    """An answer so far, cut behind its last whole sentence; the rest holds no key and is verified later."""
    head, newline, line = keyed.rpartition("\n")
    places = spans(line)
    at = places[-1][0] if places else 0
    if places and (marks := _LEADING.match(line[at:])):
        at += marks.end()
    rest = KEY.sub("", line[at:])
    return f"{head}{newline}{line[:at]}", rest


def claimed(sentence: str) -> str:
    """What a sentence says about the papers that a reader would check, bare; "" where that is nothing.

    What the papers do not say is no claim, but what is said beside it is: "They do not give the time, but it
    reaches 71 %".
    """
    told = bare(sentence)
    if not (_ADMITS.search(told) and _OF_SOURCES.search(told)):
        return told if _checkable(told) else ""
    sides = [
        side
        for side in _CONTRAST.split(_CONCEDES.sub(r"\1; ", told))
        if not _ADMITS.search(side) and _checkable(side)
    ]
    return " ".join(sides)


def _checkable(told: str) -> bool:
    """Whether some words say enough to be checked; a line that leads to a list need not, without a figure."""
    stems = content_words(told)
    if told.rstrip().endswith(":") and len(stems) < 2 * CLAIMS:
        return any(unit or "." in value for value, unit in numbers(told))
    least = SHORT if _WHOLE.search(told) else CLAIMS
    return len(stems) >= least or bool(names(told)) or any(char.isdigit() for char in told)


def bare(sentence: str) -> str:
    """A sentence without keys and emphasis."""
    return " ".join(_EMPHASIS.sub("", KEY.sub(" ", sentence)).split()).replace(" .", ".").replace(" ,", ",")


def _line(line: str, judged: Callable[[str], str | None]) -> str:
    prefix = (PREFIX.match(line) or [""])[0]
    body = _LOOSE.sub("", line[len(prefix) :].rstrip("\n"))
    if not body.strip():
        return line
    kept = [(text, gap) for text, gap in ((judged(piece), gap) for piece, gap in pieces(body)) if text]
    told = "".join(f"{text}{gap}" for text, gap in kept).rstrip()
    ending = "\n" if line.endswith("\n") else ""
    return f"{prefix}{told}{ending}" if told else ""


def pieces(line: str) -> Iterator[tuple[str, str]]:
    """The sentences of a line, each with the white space after it; marks belong to the one before them."""
    starts = []
    for number, (start, end) in enumerate(spans(line)):
        marks = _LEADING.match(line[start:end]) if number else None
        start += marks.end() if marks else 0
        if start < end:
            starts.append(start + len(line[start:end]) - len(line[start:end].lstrip()))
    for start, end in zip(starts, [*starts[1:], len(line)][: len(starts)], strict=True):
        whole = line[start:end]
        yield whole.rstrip(), whole[len(whole.rstrip()) :]


def _judged(
    sentence: str, passages: Passages, mark: bool, done: Verified, mended: Mapping[str, str]
) -> str | None:
    """The sentence with the keys that it deserves; None where it must go."""
    told = claimed(sentence)
    keys = list(dict.fromkeys(int(found[1]) for found in KEY.finditer(sentence)))
    if not told:
        about = bare(sentence)
        if all(passages.support(about, key).share > 0 for key in keys):
            return sentence
        return None if _HANGING.search(sentence) else _rekeyed(sentence, [])
    holding = [key for key in keys if passages.support(told, key).holds]
    if not holding and len(keys) > 1 and passages.together(told, keys):
        holding = keys
    if not holding and (best := passages.best(told)):
        holding = [best[0]]
        done.moved += 1
    if holding:
        done.kept += 1
        return sentence if holding == keys else _rekeyed(sentence, holding)
    if other := mended.get(told):
        return _judged(other, passages, mark, done, {})
    done.failed.append(told)
    return f"{_rekeyed(sentence, [])} {MARK}" if mark else None


def _rekeyed(sentence: str, keys: list[int]) -> str:
    """`sentence` with these keys in place of its own: where words hang on one, else before its last point.

    Without keys, the words that hang on one go too.
    """
    marks = "".join(f"[{key}]" for key in keys)
    held = _HANGING.sub(lambda found: f"{found[1] or ''}{_PLACE}" if marks else "", sentence)
    plain = re.sub(r"\s+(?=[.,;:!?])", "", KEY.sub("", held)).strip()
    if marks and _PLACE in plain:
        return plain.replace(_PLACE, marks)
    ending = (_END.search(plain) or [""])[0]
    return f"{plain[: len(plain) - len(ending)]}{' ' if marks else ''}{marks}{ending}"
