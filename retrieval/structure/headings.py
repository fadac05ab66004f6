"""Section headings: lines whose numbers count on through the paper, and the few that go without a number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from retrieval.structure.lines import STOP_WORDS, WORD, Line, is_open, is_running, is_sentence_end

_NUMBERED = re.compile(
    r"(\d{1,2}(?:\.\d{1,2}){0,3})(\.?)\s+((?:(?:\d-?)?[A-Z“‘\"'(α-ω]|[a-z]-[a-z])[^\n]{1,110})"
)
_ROMAN = re.compile(r"([IVX]{1,5})\.\s+([A-Z][A-Z0-9 ,:&/-]{3,80})")
_GLUED = re.compile(
    r"(?<=[^\W\d.][.!?]|[)\]”][.!?]|.[)\]”])(([1-9]\d?(?:\.[1-9]\d?){0,2})\.? "
    r"((?:[A-Z]|[a-z]-[a-z])[^.!?]{2,80}))$"
)
_GLUED_USUAL = re.compile(
    r"(?<=\S)((\d{1,2})\.? (Introduction|Related Works?|Background|Methods?|Experiments|Conclusions?))$"
)
_MARKDOWN = re.compile(r"#{1,6}\s+(.*\S)|\*\*((?:\d+(?:\.\d+)*\.?\s+)?[A-Z][^*\n]{2,80}?)[:.]?\*\*")
_ALWAYS = re.compile(
    r"(?:acknowledge?ments?|conclusions?|introduction|related works?|limitations?|broader impacts?"
    r"|appendix(?: [a-z])?|supplementary materials?|conclusions? and [a-z ]{4,30}|ethics statement"
    r"|data availability|references|bibliography)\s*:?",
    re.IGNORECASE,
)
_IF_UNNUMBERED = re.compile(
    r"(?:discussions?|methods?|results|experiments|background|evaluation)", re.IGNORECASE
)
_ITEM = re.compile(r"(\d{1,2})\.\s?(?=[A-Z])")
_SENTENCE_STARTS = frozenset(
    {"We", "This", "To", "Our", "Please", "Although", "It", "These", "If", "When", "As"}
)
_VERBS = frozenset(
    {"is", "are", "we", "was", "were", "has", "have", "can", "show", "shows", "presents", "reports"}
)
_LONG_LINE = re.compile(r".{1,4000}(?!\S)|.+", re.DOTALL)
_FIRST_BARE = re.compile(r"1 (?:Introduction|INTRODUCTION)")
_FIRST_DOTTED = re.compile(r"1\. [A-Z][A-Za-z ]{2,60}")


@dataclass(frozen=True, slots=True)
class Heading:
    """A section heading as printed; `number` is () where it has none."""

    text: str
    number: tuple[int, ...] = ()


class Headings:
    """Finds a paper's headings line by line: a number counts only where it can follow the last one."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._last: tuple[int, ...] = ()
        self._dotted = any(_FIRST_DOTTED.fullmatch(line.strip()) for line in lines)
        self._markdown = not self._dotted and any(re.match(r"#{1,6} \S", line) for line in lines)
        self._next_item = 0  # of a numbered list that runs
        self._numbered = self._dotted or any(_FIRST_BARE.fullmatch(line.strip()) for line in lines)

    def find(self, text: str) -> Heading | None:
        """The heading that this line is, if it is one."""
        line = text.strip()
        if (match := _MARKDOWN.fullmatch(line)) and (match[2] or self._markdown):
            line = (match[1] or match[2]).strip("# *")
            numbered = _NUMBERED.fullmatch(line)
            return Heading(line, _numbers(numbered[1]) if numbered else ())
        if match := _NUMBERED.fullmatch(line):
            number = _numbers(match[1])
            bare = not match[2] and len(number) == 1
            if (bare and (self._dotted or not self._numbered)) or not follows(number, self._last):
                return None
            return Heading(line, number) if number != (self._next_item,) and _is_title(match[3]) else None
        if _ROMAN.fullmatch(line):
            return Heading(line)
        known = _ALWAYS.fullmatch(line) or (not self._numbered and _IF_UNNUMBERED.fullmatch(line))
        return Heading(line) if known and line[:1].isupper() else None

    def passed(self, heading: Heading) -> None:
        """The heading was taken: numbers count on from it."""
        self._last = heading.number or self._last
        self._next_item = 0

    def passed_text(self, text: str) -> None:
        """The line was no heading: it may be an item of a numbered list, whose next is none either."""
        match = _ITEM.match(text.strip())
        if match and int(match[1]) in (1, self._next_item):
            self._next_item = int(match[1]) + 1

    def split_glued(self, text: str) -> tuple[str, str] | None:
        """A heading run into the end of the text before it: `... in detail.4. Experiments`."""
        for pattern in (_GLUED, _GLUED_USUAL):
            match = pattern.search(text)
            if match and follows(_numbers(match[2]), self._last) and _is_title(match[3]):
                return text[: match.start()].rstrip(), match[1]
        return None


def separate(lines: Sequence[Line]) -> list[Line]:
    """The lines, with headings that were run into the line before them on lines of their own.

    Lines of thousands of characters, as of a text that breaks none, come in parts.
    """
    lines = [Line(part, line.page) for line in lines for part in _LONG_LINE.findall(line.text) or [""]]
    headings = Headings([line.text for line in lines])
    return [Line(text, line.page) for line in lines for text in _separated(line.text, headings)]


def _separated(text: str, headings: Headings) -> Iterator[str]:
    found = headings.find(text)
    if not found and (parts := headings.split_glued(text)):
        yield parts[0]
        text = parts[1]
        found = headings.find(text)
    if found:
        headings.passed(found)
    else:
        headings.passed_text(text)
    yield text


def whole_heading(text: str, following: str, then: str) -> str | None:
    """The heading with the line behind it, where it goes on there; `then` is the line behind that."""
    following = following.strip()
    if len(text) < 25 or len(following) > 45 or is_sentence_end(following) or is_running(following):
        return None
    if text.endswith("-"):
        return text + following
    linked = text.split()[-1].lower() in STOP_WORDS | {"via", "using", "under"}
    long = len(text) > 38 and len(following.split()) <= 3 and is_running(then) and then[:1].isupper()
    return f"{text} {following}" if (linked or long) and is_open(following) else None


def follows(number: tuple[int, ...], last: tuple[int, ...]) -> bool:
    """Whether a section `number` can come after `last`: the next one, one of its sections, or one further."""
    if not last:
        return number in ((1,), (0,))
    if number == (last[0] + 1, *(1,) * (len(number) - 1)):
        return True
    if len(number) > len(last):
        deeper = number[len(last) :]
        return number[: len(last)] == last and deeper in ((1,), (2,), (1, 1))
    shared = len(number) - 1
    return number[:shared] == last[:shared] and 1 <= number[shared] - last[shared] <= 2


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))


def _is_title(text: str) -> bool:
    words = WORD.findall(text)
    if not words or len(words) > 14 or is_sentence_end(text):
        return False
    verbs = any(word in _VERBS for word in words)
    numbers = re.search(r"\d+\.\d+|\b\d{3,}\b", text)
    if words[0] in _SENTENCE_STARTS:
        return False
    return not verbs and not numbers and any(len(word) > 2 for word in words)
