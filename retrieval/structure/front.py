"""The head of a paper: its title and authors, told from each other and from the affiliations below."""

from __future__ import annotations

import re
from collections.abc import Sequence

from retrieval.structure.lines import STOP_WORDS, is_running
from retrieval.text_repair import Vocabulary, mend_title

_RUNNING_HEAD = re.compile(
    r"(?:arxiv:|published (?:as|in|at)|accepted (?:at|by|to)|under review|preprint|proceedings of|to appear"
    r"|\d+(?:st|nd|rd|th) |copyright"
    r"|ieee transactions|journal of|vol\.|https?://|doi:|\d+$|©|this (?:\w+ )?paper is)",
    re.IGNORECASE,
)
_MARK = re.compile(r"(?<=[^\W\d_.])\s?(?:\d{1,2}|[*∗†‡§⇤¶♯✉#⋆⋄♠♣♦♡])")
_MARKS = re.compile(r"[\s,;]*(?:(?:\d{1,2}|[*∗†‡§⇤¶♯✉#⋆⋄♠♣♦♡◦⊕]|\([a-z]\))[\s,;]*)+")
_STARTS_NUMBERED = re.compile(r"[*∗†‡§⇤¶]?\d{1,2}(?:[*∗†‡§⇤¶,]*)\.?\s?[A-Z]|[*∗†‡§⇤¶✉]\s?[A-Za-z]")
_MOST_TITLE_LINES = 4
_MOST_NAME_LINES = 60
_LONGEST_NAME_LINE = 5000  # characters: a collaboration's, in one line
_SENTENCE_LINES = 6
_PLACES = """
university universität université universitat universidad università univ institute institut laboratory
laboratories lab labs college school department dept faculty academy center centre inc corp corporation
ltd research technologies technology hospital group team company google meta microsoft nvidia adobe intel
amazon apple huawei tencent alibaba bytedance sensetime samsung qualcomm baidu meituan sony toyota bosch
deepmind openai kaist mit eth epfl cnrs inria cuhk hkust motors electronics sciences science engineering
key state national usa china uk germany france korea japan singapore canada australia israel india italy
spain switzerland
"""
_PLACE = frozenset(_PLACES.split())
_NAME_WORD = re.compile(r"(?:[A-ZÀ-ÞĀ-Ž][\w'’.-]*|d[aei]|del|della|van|von|der|den|la|le|el|al|bin|ibn|ter)")
_PARTICLE_WORDS = "el al de da di del della van von der den la le bin ibn ben ter dos das"
_PARTICLES = frozenset(_PARTICLE_WORDS.split())
_EMAIL = re.compile(
    r"@|\{[^{}]*\}|\bmail\b|https?://|www\.|\w\.(?:github\.io|com|org|net|ai)\b", re.IGNORECASE
)
_ROLE = re.compile(
    r"[\s,]*(?:,? (?:Jr|Sr|III|IV)\b\.?|(?:Senior |Student )?(?:Member|Fellow),? IEEE)", re.IGNORECASE
)
_AND = re.compile(r"(?:(?<=[\s\d*∗†‡,])|(?<=[a-z])(?=and [A-Z]))(?:and|&)\s(?=[A-Z])")


def title_and_authors(
    lines: Sequence[str], body: Vocabulary, known: str | None = None
) -> tuple[str | None, tuple[str, ...], list[str]]:
    """Title, authors and the rest of the lines before the abstract; `body`: the vocabulary of what follows.

    `known`: the title, where it is known; it is the first line then.
    Words of a title are words of the body, names are not: so its second line is told from the authors' first.
    """
    left = [line.strip() for line in lines if line.strip()]
    while left and _RUNNING_HEAD.match(left[0]):
        left.pop(0)
    if not left:
        return None, (), []
    title = [left.pop(0).lstrip("# ").strip()]
    while left and len(title) < _MOST_TITLE_LINES and title[0] != known and _may_be_title(left[0], body):
        title.append(left.pop(0))
    if not (left and _is_author_line(left[0], body)) and _is_prose_below(title, left):
        title, left = title[:1], [*title[1:], *left]
    names: list[str] = []
    while left and len(names) < _MOST_NAME_LINES and _is_name_line(left[0], names):
        names.append(left.pop(0))
    return mend_title(_joined(title), body), _authors(names), left


def _may_be_title(line: str, body: Vocabulary) -> bool:
    return not (_is_author_line(line, body) or _is_place(line) or _EMAIL.search(line))


def _is_prose_below(title: Sequence[str], left: Sequence[str]) -> bool:
    """Whether what was taken for a title's further lines is the text below it: of a manual, or a letter."""
    if any(line.endswith(".") and len(line.split()) > 2 for line in title[1:]):
        return True
    return len(title) == _MOST_TITLE_LINES and bool(left) and begins_prose(left, 0)


def begins_prose(lines: Sequence[str], at: int) -> bool:
    """Whether sentences begin with this line: mostly small letters, and an end within the next lines."""
    line = lines[at]
    words = [word for word in re.findall(r"[^\W\d_]+", line) if len(word) > 1]
    if not is_running(line) or _EMAIL.search(line) or sum(map(str.islower, words)) < 0.6 * len(words):
        return False
    return any(re.search(r"[^\W\d_]{2}[.!?](?:\s|$)", text) for text in lines[at : at + _SENTENCE_LINES])


def _joined(title: Sequence[str]) -> str:
    return re.sub(r"(?<=\w)- (?=[a-z])", "-", " ".join(title)).strip(" *")


def _is_author_line(line: str, body: Vocabulary) -> bool:
    """Whether the line names people: marks behind names, or words foreign to the body."""
    if len(line) > _LONGEST_NAME_LINE:
        return False
    if _MARK.search(line) and not re.search(r"\b\dD\b", line) and _looks_like_names(_MARKS.sub(" , ", line)):
        return True
    words = re.findall(r"[^\W\d_]+", line)
    if not words or any(word in STOP_WORDS - {"a", "and"} or word in ("via", "using") for word in words):
        return False
    if not all(_NAME_WORD.match(word) or word == "and" for word in words):
        return False
    common = sum(_is_common(word, body) for word in words)
    return len(words) >= 2 and common < 0.5 * len(words)


def _is_common(word: str, body: Vocabulary) -> bool:
    return len(word) > 1 and word.lower() in body.forms


def _looks_like_names(line: str) -> bool:
    parts = [part.split() for part in re.split(r"\s*,\s*|\sand\s", line) if part.strip()]
    named = [part for part in parts if 2 <= len(part) <= 5 and all(_NAME_WORD.match(word) for word in part)]
    return len(named) >= max(1, 0.5 * len(parts))


def _is_place(line: str) -> bool:
    words = re.findall(r"[^\W\d_]+", line)
    places = sum(word.lower() in _PLACE for word in words)
    return places > 0 and (places >= 0.25 * len(words) or bool(_STARTS_NUMBERED.match(line)))


def is_affiliation(line: str) -> bool:
    """Whether a line below the authors says where they work."""
    words = re.findall(r"[^\W\d_]+", line)
    if "@" in line or "://" in line or not words or is_sentence(line):
        return False
    return any(word.lower() in _PLACE for word in words)


def _is_name_line(line: str, before: Sequence[str]) -> bool:
    """Whether the line still names authors: no address or affiliation, marked as the lines before."""
    if (
        len(line) > _LONGEST_NAME_LINE
        or _EMAIL.search(line)
        or _STARTS_NUMBERED.match(line)
        or _is_place(_AND.sub(",", line).replace("State", ""))
    ):
        return False
    words = re.findall(r"[^\W\d_]+", line)
    if len(words) < 2 or re.match(r"(?:Figure|Fig\.|Table|Abstract)\b", line):
        return False
    named = sum(bool(_NAME_WORD.match(word)) or word == "and" for word in words)
    if named < 0.9 * len(words) or is_sentence(line):
        return False
    numbered = [bool(re.search(r"[^\W\d_]\s?\d", text)) for text in before]
    if any(numbered) and not _MARK.search(line):
        return False
    return not (before and not any(numbered) and "," in line and not any("," in text for text in before))


def is_sentence(line: str) -> bool:
    """Whether the line reads as a sentence, not as a list of names."""
    words = line.split()
    return sum(word in STOP_WORDS - {"and"} for word in words) >= 2


def _authors(lines: Sequence[str]) -> tuple[str, ...]:
    found: list[str] = []
    for line in lines:
        line = re.sub(r"[*∗†‡§]\s?(?:equal|corresponding|co-first).*$", "", line, flags=re.IGNORECASE)
        line = _ROLE.sub("", _AND.sub(", ", line))
        marked = bool(_MARK.search(line)) or "," in line
        parts = [part.strip(" ,;") for part in re.split(r"\s*[,;]\s*", _MARKS.sub(" , ", line))]
        for part in parts:
            if not part:
                continue
            alone = "," not in line and len(part.split()) > 3
            found.extend(_parted(part.split()) if not marked or alone or len(part.split()) > 5 else [part])
    return tuple(
        name for name in (re.sub(r"\s+", " ", name).strip(" .-") + _dot(name) for name in found) if name
    )


def _dot(name: str) -> str:
    return "." if re.search(r"\b[A-Z]\.$", name.strip()) else ""


def _parted(words: Sequence[str]) -> list[str]:
    """Names in a row with nothing between: two words each, more with initials and particles."""
    names: list[list[str]] = []
    at = 0
    while at < len(words):
        size = _name_size(words, at)
        names.append(list(words[at : at + size]))
        at += size
    if len(names) > 1 and len(names[-1]) == 1:
        names = _with_long_name(words, names)
    return [" ".join(name) for name in names]


def _name_size(words: Sequence[str], at: int) -> int:
    size = 2
    while at + size < len(words) and _is_short(words[at + size - 1]):
        size += 1
    return size


def _is_short(word: str) -> bool:
    """An initial or a particle: never the end of a name."""
    return bool(re.fullmatch(r"[A-Z]\.?|[A-Z]\.-?[A-Z]\.", word)) or word.lower() in _PARTICLES


def _with_long_name(words: Sequence[str], names: Sequence[list[str]]) -> list[list[str]]:
    """One name has three words: the first whose second word is a double one, else the last."""
    at = 0
    for name in names[:-1]:
        if len(name) == 2 and "-" in name[1]:
            rest = _parted(words[at + 3 :])
            done = [list(words[start : start + 2]) for start in range(0, at, 2)]
            return [*done, list(words[at : at + 3]), *(part.split() for part in rest)]
        at += len(name)
    return [*names[:-2], [*names[-2], *names[-1]]]
