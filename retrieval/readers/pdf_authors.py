"""The authors by the look of page one: names stand below the title, all in one type. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import takewhile

from retrieval.readers.fields import squeeze
from retrieval.readers.pdf_glyphs import Span
from retrieval.structure.lines import ABSTRACT, is_running

_MOST_LINES = 80  # of the front: a collaboration's names and addresses
_MOST_NAMES = 500
_ABOVE = 3  # lines above the title in which the author may stand
_FORENAME = re.compile(r"(?:(?:and|AND|&) )?[^\W\d_a-z][^\W\d_A-Z]+|(?:and|AND|&)")
_SAME = 0.04  # of the size: sizes of one type differ by rounding
_END = re.compile(
    r"(?:table of )?contents\b|(?:key ?words|index terms|ccs concepts|summary|introduction)\b"
    r"|(?:1|I)\.? (?:introduction|overview|background|installation)\b",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^\W*(?:(?:written |edited )?by|authors?(?:\(s\))?|maintainers?|contributors?"
    r"|(?:prof|dr|mr|mrs|ms)\.)\s*:?\s+",
    re.IGNORECASE,
)
_DEGREE = re.compile(
    r",?\s*\b(?:Ph\.? ?D\.?|M\.? ?D\.?|M\.?Sc\.?|B\.?Sc\.?"
    r"|(?:Senior |Student |Life )?(?:Member|Fellow),? (?:IEEE|ACM|ASCE|AIAA)|[Ee]ditors?)(?=[\s,;]|$)"
    r"|\s*\([Ee]ds?\.?\)"
)
_ADDRESS = re.compile(
    r"[<(\[{][^<>(){}\[\]]*[@/][^<>(){}\[\]]*[>)\]}]|\S+@\S+|https?://\S+|www\.\S+|ORCID\S*"
)
_DATE = re.compile(
    r"\b(?:\d{1,2}(?:st|nd|rd|th)?\.? )?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
    r" (?:\d{1,2}(?:st|nd|rd|th)?, ?)?(?:19|20)\d\d\b"
)
_MARKS = re.compile(r"[*∗†‡§¶‖⋆★☆♯#✉◦•?^]+|\(?\b\d{1,2}\)?(?=\W|$)|(?<=[^\W\d_])\d{1,2}\b|\b[a-h]\)")
_MARKED = re.compile(r"†|\d{1,2}\s")  # an address, by the mark that its people bear
_AND = "and|AND|und|et|y|och|og|и|και"
_PARTING = re.compile(
    rf"\s*(?:[,;|·]|(?<=\s)&|&(?=\s))\s*(?:(?:{_AND}|&)\s+)?|\s+(?:{_AND})\s+"
    rf"|^(?:{_AND}|&)\s+|\s*\n\s*"
)
_WORD = re.compile(
    r"(?:[^\W\d_a-z][^\W\d_]*(?:['’.–-]+[^\W\d_]+)*\.?|(?:d|l|O)['’][A-Z]\w+|[^\W\d_]\.(?:-?[^\W\d_]\.)*"
    r"|d[aeiou]s?|del|della|van|von|vom|zu|der|den|ten|ter|la|le|el|al|bin|ibn|af|av|[a-z]{1,3}(?=-)[\w-]+)$"
)
_CALLED = re.compile(r"(?<=[^\W\d_]) \([A-Z][a-z]+\) (?=[A-Z])")  # "Yanqing (Morris) Chen"
_CAPITALS = re.compile(r"(?=.*[AEIOUY])[^\W\d_a-z]{4,}")  # a family's name; shorter ones are acronyms
_NO_NAMES = """
university universität université universitat universidad universita università univ institute institut
institution instituto istituto instytut instituut universiteit universitet universidade uniwersytet fakultät
politechnika πανεπιστήμιο ινστιτούτο университет институт академия факультет кафедра
laboratory laboratories lab labs college school department dept faculty academy center
centre inc corp corporation ltd gmbh llc company group team project society association foundation agency
consortium collaboration bank reserve hospital clinic ministry bureau office council observatory division
unit section research technologies technology sciences science engineering physics mathematics statistics
chemistry biology economics finance informatics computing systems networks software services solutions
consulting tech technikum polytechnic politecnico polytechnique école ecole hochschule uc xerox silicon
library language reference graphics affiliation address street avenue road campus city state province box
floor building google meta microsoft nvidia adobe intel amazon apple huawei tencent alibaba ibm deepmind
openai inria cnrs mit usa uk germany france korea japan singapore canada australia israel india italy spain
switzerland austria china netherlands belgium sweden norway denmark finland poland brazil iceland ireland
scotland zealand africa january february march july september october november december spring autumn winter
version draft preprint package class documentation manual guide vignette abstract keywords contents
introduction overview appendix chapter volume issue journal proceedings conference transactions letters
report working paper article editor editors copyright license released revised updated compiled printed
published received accepted submitted dated date supplementary material template user users tutorial faq the
review reviews quarterly bulletin magazine annals archives studies advances policy health medicine
for with using from country in on of to how what why an home page ansi
"""
_NO_NAME = frozenset(_NO_NAMES.split())
_PARTICLE_WORDS = "da de del della di do dos du van von vom zu der den ten ter la le el al bin ibn af av y"
_PARTICLES = frozenset(_PARTICLE_WORDS.split())


def authors_of(
    lines: Sequence[Sequence[Span]],
    printed: Sequence[str],
    title: str,
    embedded: str,
    words: AbstractSet[str],
) -> tuple[str, ...]:
    """The names below the title; () where none is found.

    `lines`: page one's; `printed`: the text of each. `embedded`: the authors of the file's metadata, believed
    only where the page shows each of them. `words`: the words that the paper writes in small letters, which
    are no names.
    """
    start, end = _title_at(printed, title)
    front = list(_front(lines[end:]))
    found = _in_one_type(front, words)
    shown = _letters("".join(span.text for line in front for span in line))
    told = [name for name in _names(embedded.replace(";", ","), frozenset()) if _letters(name) in shown]
    if not told and not found:
        found = _above(lines[:start], words)
    if {_letters(name) for name in told} == {_letters(name) for name in found}:
        return tuple(dict.fromkeys(found))  # with the accents that metadata often lacks
    whole = len(told) == len(list(filter(None, map(str.strip, _PARTING.split(embedded)))))
    if told and whole and len(told) >= len(found):
        return tuple(dict.fromkeys(told))
    return tuple(dict.fromkeys(found))


def only_names(names: Sequence[str], words: AbstractSet[str]) -> tuple[str, ...]:
    """The names, where most of them read like some; `words`: as above."""
    return tuple(names) if 2 * sum(_is_name(name, words) for name in names) > len(names) else ()


def _front(lines: Sequence[Sequence[Span]]) -> Iterator[Sequence[Span]]:
    """The first of the lines, up to the abstract, the first heading or the first sentences."""
    running = 0
    for line in lines[:_MOST_LINES]:
        text = squeeze(" ".join(span.text for span in line))
        if ABSTRACT.fullmatch(text) and text[:8].lower() in ("abstract", "a b s t "):
            return
        if _END.match(text):
            return
        prose = (
            is_running(text)
            and len(text) > 45
            and sum(map(str.islower, text.split())) > 0.5 * len(text.split())
        )
        running = running + 1 if prose else 0
        if running == 2:
            return
        yield line


def _above(lines: Sequence[Sequence[Span]], words: AbstractSet[str]) -> list[str]:
    """The names of one of the last lines that holds nothing else."""
    for line in reversed(lines[-_ABOVE:]):
        text = squeeze(" ".join(span.text for span in line))
        names = _names(text, words)
        if names and len(names) == len(_parts(text)):
            return names
    return []


def _title_at(lines: Sequence[str], title: str) -> tuple[int, int]:
    """The title's first line, and the line behind it; the line behind all where it is not found."""
    wanted = _letters(title)
    texts = list(map(_letters, lines))
    for start in range(len(lines)):
        found = ""
        for end in range(start, min(start + 8, len(lines))):
            found += texts[end]
            if wanted in found:
                return start, end + 1
            if not wanted.startswith(found):
                break
    return 0, len(lines)


def _in_one_type(front: Sequence[Sequence[Span]], words: AbstractSet[str]) -> list[str]:
    """All names in the type of the first ones. A name that a line's end parts is put together."""
    first: Span | None = None
    found: list[str] = []
    rest = ""
    beside = False  # names stand before it on the line
    listed = False  # a comma behind the last ones says that more follow
    for line in front:
        above, beside = beside, False  # or on the line before
        for span in line:
            if first and not _same_type(span, first):
                continue
            text = span.text.lstrip("†, ") if beside or (above and listed) else span.text
            listed = span.text.rstrip("† ").endswith((",", ";"))
            whole = squeeze(f"{rest} {text}")
            if rest and (names := _names(whole, words)):
                text = whole
            else:
                names = _names(text, words)
            rest = ""
            if not names:
                if (
                    (beside or above)
                    and span is line[-1]
                    and _FORENAME.fullmatch(text.lstrip("†, "))
                    and not _is_place(text)
                ):
                    rest = text.split()[-1]
                continue
            beside = True
            first = first or span
            tail = _parts(text)[-1]
            cut = len(tail.split()) == 1 and len(names) == len(_parts(text)) - 1 and not _is_place(tail)
            several = len(names) > 1 or (above and span.text.startswith(","))
            rest = tail if span is line[-1] and several and cut else ""
            found += names
            if len(found) >= _MOST_NAMES:
                return found
    return found


def _same_type(span: Span, other: Span) -> bool:
    return span.font == other.font and abs(span.size - other.size) <= _SAME * other.size


def _names(text: str, words: AbstractSet[str]) -> list[str]:
    """The names of which the text is a list, or with which it begins before a place; else []."""
    if _MARKED.match(text):
        return []
    parts = _parts(text)
    names = [part for part in parts if _is_name(part, words)]
    if _is_cut_off(text):
        leading = list(takewhile(names.__contains__, parts))
        names = leading if any(map(_is_place, parts[len(leading) : len(leading) + 1])) else []
    elif len(names) < 0.5 * len(parts):
        leading = list(takewhile(names.__contains__, parts))
        names = leading if any(_is_place(part) for part in parts) else []
    return [_plain(name) for name in names]


def _is_place(part: str) -> bool:
    return any(word.strip(".").casefold() in _NO_NAME for word in part.split())


def _is_cut_off(text: str) -> bool:
    """Whether it is a sentence, or an address."""
    return (
        len(text) > 25
        and sum(word in ("the", "of", "is", "for", "in", "with", "to") for word in text.split()) >= 2
    )


def _parts(text: str) -> list[str]:
    text = _DATE.sub(" , ", text)
    text = _DEGREE.sub("", _LABEL.sub("", _ADDRESS.sub(" , ", text)))
    return [
        part for piece in _PARTING.split(_MARKS.sub(" , ", text)) if (part := piece.strip(" ,-–—:()"))
    ] or [""]


def _is_name(part: str, words: AbstractSet[str]) -> bool:
    """Two to six words that begin with capitals, of which not all are words of the paper."""
    split = _CALLED.sub(" ", part).split()
    if not 2 <= len(split) <= 6 or not all(_WORD.match(word) for word in split):
        return False
    bare = [word.strip(".").casefold() for word in split]
    acronym = part != part.upper() and any(
        re.fullmatch(r"[A-Z]{3,}", word) and not (at and _CAPITALS.fullmatch(word))
        for at, word in enumerate(split)
    )
    if _is_place(part) or acronym:
        return False
    whole = [word for word in bare if len(word) > 1 and word not in _PARTICLES]
    return bool(whole) and not all(word in words for word in whole)


def _plain(name: str) -> str:
    """A name printed in capitals, or of which the family is, as it is written otherwise."""
    if any(char.islower() for char in name):
        return " ".join(word.capitalize() if _CAPITALS.fullmatch(word) else word for word in name.split())
    if not re.search(r"[^\W\d_]{3}", name):
        return name
    return re.sub(r"[^\W\d_]{2,}", lambda word: word[0].capitalize(), name)


def _letters(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in folded if char.isalnum())
