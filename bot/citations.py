"""What a model wrote + the passages that it was given -> text whose every `[n]` is a footnote of ours. Pure.

We hand out the keys 1..n, and accept only keys that we handed out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.models import Citation
from bot.words import content_words, inverse_frequency
from bot.written import gap, plain
from retrieval.analysis import fold
from retrieval.models import Passage
from retrieval.sentences import sentences, spans

KEY = re.compile(r"\[(\d+)\]")
"""A footnote's mark in a checked text."""

_CALLED = r"(?:passages?|sources?|refs?\.?|docs?|documents?|papers?|citations?|cite|chunks?|excerpts?|key|id)"
_ENTRY = rf"(?:{_CALLED}\s*[:=#-]?\s*)?[\^#]?\d{{1,4}}(?:†[^\]】\s]*)?"
_MARK = re.compile(
    rf"(?P<open>\[{{1,2}}|【)\s*(?P<inner>{_ENTRY}(?:\s*(?:[,;&–—‑−；、，-]|(?:,\s*)?and|to|\.\.\.|…)\s*{_ENTRY})*)\s*(?:\]{{1,2}}|】)"
    r"(?:\((?:https?://|#|www\.)[^)\s]*\))?",
    re.IGNORECASE,
)
_PERSON = r"[^\W\d_][\w'’-]+"
_AUTHOR_YEAR = re.compile(
    rf"[\[(【]\s*(?:(?:see|e\.g\.,?|cf\.)\s+)?{_PERSON}(?:\s+(?:et\s+al\.?|and\s+{_PERSON}|&\s+{_PERSON}|{_PERSON}))?"
    rf",?\s*(?:19|20)\d\d[a-z]?(?:\s*[;,]\s*{_PERSON}(?:\s+(?:et\s+al\.?|and\s+{_PERSON}|&\s+{_PERSON}))?"
    rf",?\s*(?:19|20)\d\d[a-z]?)*\s*[\])】]"
)
_WHO_WHEN = re.compile(
    rf"({_PERSON})(?:\s+(?:et\s+al\.?|and\s+{_PERSON}|&\s+{_PERSON}))?,?\s*((?:19|20)\d\d)"
)
_ROUND = re.compile(r"(?<=\w\s)\(\d{1,2}(?:\s*,\s*\d{1,2})*\)(?=\s*(?:[.!?](?:\s|\Z)|\n|\Z))")
_NUMBERED_THING = re.compile(
    r"\b(?:eqs?|equations?|figs?|figures?|tab|tables?|sec|sections?|steps?|lines?|cases?|items?|n)\b|\(i+\)|\(\d\)\s+\w",
    re.IGNORECASE,
)
_RANGE = re.compile(r"(\d+)\s*(?:[–—‑−-]|to|\.\.\.|…)\s*[\^#]?(\d+)", re.IGNORECASE)
_BEFORE_ARRAY = re.compile(
    r"(?:[=∈×*/(,]|\b(?:range|interval|in|within|shape|size|array|vector|tuple|list|dimensions?|from|to|between))\s*\Z",
    re.IGNORECASE,
)
_LARGEST = 99  # a bracket with a larger number holds sizes or values, not keys
_OPEN_END = re.compile(
    r"(?:\[[^\]]{0,40}|【[^】]{0,40}|\\[a-z]{0,5}\*?(?:\{[^{}]{0,40})?|<(?:/?(?:sup|cite|ref|source|passage)\b[^<>]{0,40})?)\Z"
)
_STRAY = (
    (re.compile(r"^```\w*\n\s*```[ \t]*\n?", re.MULTILINE), ""),  # a block of which no line was kept
    (re.compile(r"\(\s*((?:\[\d+\]\s*)+)\)"), r"\1"),  # ([1]) -> [1]
    (re.compile(r"[ \t]*\(\s*[,;]?\s*\)"), ""),  # what is left of ([9])
    (re.compile(r"(?<=\S)[ \t]+(?=[.,;:!?](?:\s|\Z))"), ""),
    (re.compile(r"(?<=\S) {2,}"), " "),
    (re.compile(r"[ \t]+$", re.MULTILINE), ""),
    (re.compile(r"\b(?:according\s+to|as\s+\w+\s+(?:in|by)),\s+", re.IGNORECASE), ""),
    (re.compile(r",?\s+as\s+\w+\s+(?:in|by)(?=[.!?](?:\s|\Z))"), ""),
)
_LEADING = re.compile(r"(?:\s*\[\d+\])+")


@dataclass(frozen=True, slots=True)
class Checked:
    """A text in which every `[n]` is the number of one of `citations`, numbered by first use."""

    text: str
    citations: tuple[Citation, ...]


def numbered(keyed: str, passages: Sequence[Passage]) -> Checked:
    """`keyed`, in which each `[k]` is a passage's place, with footnotes numbered by first use, and quotes."""
    order = list(dict.fromkeys(int(found[1]) for found in KEY.finditer(keyed)))
    numbers = {key: n for n, key in enumerate(order, 1)}
    text = _tidy(KEY.sub(lambda found: f"[{numbers[int(found[1])]}]", keyed))
    claims = _claims(text)
    citations = tuple(
        Citation(
            n,
            passages[key - 1].paper,
            passages[key - 1].chunk,
            quote(claims[n], passages[key - 1].chunk.text),
        )
        for key, n in numbers.items()
    )
    return Checked(text, citations)


def unfinished_key_cut(written: str) -> str:
    """`written` without a key that has begun at its end."""
    return _OPEN_END.sub("", written)


def renumbered(keyed: str) -> str:
    """`keyed` with its keys numbered by first use, tidied."""
    order = list(dict.fromkeys(int(found[1]) for found in KEY.finditer(keyed)))
    return _tidy(KEY.sub(lambda found: f"[{order.index(int(found[1])) + 1}]", keyed))


def resolve(written: str, passages: Sequence[Passage]) -> str:
    """`written` with each key of ours as `[k]`, k the place of a passage from 1, and all other keys removed.

    Arrays and intervals such as `[0, 1]` or "in the range [1, 5]" are no keys and stay. `[Smith 2023]`
    becomes the keys of all passages of that paper; `(1)` is a key where no bracket is and it ends a sentence.
    """
    count = len(passages)
    written = plain(written)
    written = _AUTHOR_YEAR.sub(lambda found: _of_author(found, passages) or gap(found), written)
    if not _MARK.search(written):
        written = _ROUND.sub(lambda found: _of_round(written, found, count), written)

    def replaced(found: re.Match[str]) -> str:
        keys = list(dict.fromkeys(_numbers(found["inner"])))
        if _is_array(written, found, keys):
            return found[0] if len(keys) > 1 or KEY.fullmatch(found[0]) is None else f"({keys[0]})"
        kept = "".join(f"[{key}]" for key in keys if 1 <= key <= count)
        return kept or gap(found)

    return re.sub(r"(\[\d+\])(?:\s*\1)+", r"\1", _MARK.sub(replaced, written))


def _of_author(found: re.Match[str], passages: Sequence[Passage]) -> str:
    """The keys of the passages of each paper that an author-year mark names; "" where none is ours."""
    keys = []
    for name, year in _WHO_WHEN.findall(found[0]):
        wanted = fold(name)
        for number, passage in enumerate(passages, 1):
            paper = passage.paper
            last = [fold(author).split()[-1] for author in paper.authors if author.split()]
            if wanted in last and (paper.year is None or str(paper.year) == year):
                keys.append(f"[{number}]")
    return "".join(dict.fromkeys(keys))


def _of_round(written: str, found: re.Match[str], count: int) -> str:
    """A number in round brackets at a sentence's end as keys; an equation's or a figure's number stays."""
    start = max(written.rfind(sign, 0, found.start()) for sign in ("\n", ". ", "? ", "! "))
    keys = [int(digits) for digits in re.findall(r"\d+", found[0])]
    thing = _NUMBERED_THING.search(written, start + 1, found.start())
    array = len(keys) > 1 and _BEFORE_ARRAY.search(written, 0, found.start())
    if thing or array or len(set(keys)) < len(keys) or not all(1 <= key <= count for key in keys):
        return found[0]
    return "".join(f"[{key}]" for key in keys)


def quote(claim: str, passage: str) -> str:
    """The one or two sentences of `passage` that best support `claim`: a verbatim slice of it.

    Words are weighed by how rare they are in the passage; numbers count double, for they are what a reader
    checks. A second sentence must bring a quarter of what the first one brings.
    """
    places = spans(passage)
    stems = [set(content_words(passage[start:end])) for start, end in places]
    weights = inverse_frequency(stems)
    wanted = set(content_words(claim))

    def worth(words: set[str]) -> float:
        return sum(weights[word] * (2 if word[0].isdigit() else 1) for word in words & wanted)

    if not places:
        return passage.strip()
    values = [worth(words) for words in stems]
    best = max(range(len(places)), key=lambda i: (values[i], -i))
    start, end = places[best]
    for near in (best + 1, best - 1):
        if 0 <= near < len(places) and worth(stems[near] - stems[best]) > values[best] / 4 > 0:
            return passage[min(start, places[near][0]) : max(end, places[near][1])]
    return passage[start:end]


def _numbers(inner: str) -> Iterator[int]:
    """The numbers that a bracket names, ranges spelled out."""
    rest = inner
    for found in _RANGE.finditer(inner):
        first, last = int(found[1]), int(found[2])
        if first < last <= first + _LARGEST:
            yield from range(first, last + 1)
            rest = rest.replace(found[0], " ")
    yield from (int(digits) for digits in re.findall(r"\d+", re.sub(r"†\S*", "", rest)))


def _is_array(written: str, found: re.Match[str], keys: Sequence[int]) -> bool:
    """Whether a bracket holds values rather than keys, as far as can be told."""
    if found["open"] != "[" or re.search(r"[a-z^#†]", found["inner"], re.IGNORECASE):
        return False
    if any(key == 0 or key > _LARGEST for key in keys):
        return True
    return "," in found["inner"] and bool(_BEFORE_ARRAY.search(written, 0, found.start()))


def _tidy(text: str) -> str:
    for pattern, replacement in _STRAY:
        text = pattern.sub(replacement, text)
    return text.strip()


def _claims(text: str) -> dict[int, str]:
    """For each footnote, all sentences that cite it; a mark after the point is the sentence's before it."""
    claims: dict[int, str] = {}
    for line in text.splitlines():
        before = ""
        for sentence in sentences(line):
            leading = _LEADING.match(sentence)
            marks = leading[0] if leading and before else ""
            claim = KEY.sub(" ", sentence)
            for told, keys in ((before, marks), (claim, sentence[len(marks) :])):
                for n in dict.fromkeys(int(found[1]) for found in KEY.finditer(keys)):
                    claims[n] = f"{claims.get(n, '')} {told}"
            before = claim
    return claims
