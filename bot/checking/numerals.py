"""The numbers of a text, however they are written: digits, words, powers of ten, "twice", "half". Pure.

A sentence is read in one way; a paper's words in every way that a reader might take them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

_ONES = "one two three four five six seven eight nine".split()  # noqa: SIM905 - lines of words
_TEENS = (
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()  # noqa: SIM905
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()  # noqa: SIM905 - a line of words
_WORDS: Mapping[str, int] = {
    **{word: n for n, word in enumerate(_ONES, 1)},
    **{word: n for n, word in enumerate(_TEENS, 10)},
    **{word: 10 * n for n, word in enumerate(_TENS, 2)},
}
_LOW = "|".join((*_ONES, *_TEENS))
_COUNTED = re.compile(
    rf"\b(?:(?P<tens>{'|'.join(_TENS)})(?:[\s-](?P<one>{'|'.join(_ONES)}))?|(?P<low>{_LOW}|a(?=\s+hundred)))"
    r"(?P<hundred>[\s-]hundred)?(?P<half>\s+and\s+a\s+half)?\b(?P<scale>(?=\s+(?:thousand|million|billion)\b))?",
    re.IGNORECASE,
)
_POWER = re.compile(
    r"(?P<first>(?<![\w.])\d+(?:\.\d+)?)?(?P<times>\s*[×x·*]\s*)?(?<![\d.])10"
    r"(?:\s?\^\s?\{?\s?(?P<up>[-−–+]?\s?\d{1,2})\}?|(?P<high>[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2})|(?P<low>[-−–]\d{1,2}))(?![\d.,]*\d)",
)
_E_POWER = re.compile(r"(?<![\w.])(?P<first>\d+(?:\.\d+)?)[eE](?P<up>[-−–+]?\d{1,2})(?!\w)")
_HIGH = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺−–", "0123456789-+--")
_HALF = re.compile(
    r"(?<!first\s)(?<!second\s)(?<!other\s)(?<!upper\s)(?<!lower\s)(?<!left\s)(?<!right\s)(?<!top\s)(?<!bottom\s)"
    r"\b(?:half(?=\s+(?:of|the|as|that|its|their|all)\b)|halv(?:es|ed|ing)\b)",
    re.IGNORECASE,
)
_MULTIPLES = tuple(
    (re.compile(pattern, re.IGNORECASE), digits)
    for pattern, digits in (
        (
            r"\btwice\b|\btwo-?fold\b|\bdoubl(?:es|ed|ing)\b|\bdouble(?=\s+(?:the|that|its|their)\b)",
            "2 times",
        ),
        (
            r"\bthrice\b|\bthree-?fold\b|\btripl(?:es|ed|ing)\b|\btriple(?=\s+(?:the|that|its|their)\b)",
            "3 times",
        ),
    )
)
_WIDE = re.compile(r"(?<!\d)(?<!\d[.,])\d{1,3}(?:[\u00a0\u2009\u202f ]\d{3})+(?![\d.,]*\d)")  # 10 000
_BARE_POINT = re.compile(r"(?<![\w.])\.(?=\d)")
_MAY_COUNT = re.compile(
    rf"\d|[⁰¹²³⁴-⁹]|\b(?:{_LOW}|{'|'.join(_TENS)}|hundred|single|half|halv|twice|thrice|two-?fold|three-?fold|doubl|tripl)",
    re.IGNORECASE,
)
_SINGLE = re.compile(r"\b(?:one|single)\b", re.IGNORECASE)
_APART = re.compile(r"(?<=\d) (?=\.\d)")  # a table's "32 .48"

UNITS = """
% percent percentage point points pp
ms millisecond milliseconds
s sec second seconds
min minute minutes
h hour hours
day days
fps hz
kb
mb
gb
tb
k thousand
m million
b billion
mm
cm
m-of-length metre metres meter meters
km
px pixel pixels
db
x × times fold
gflops gflop
epochs epoch
steps step iterations iteration
"""
"""Their names, those of one unit on one line."""
_UNIT = {unit: line.split()[0] for line in UNITS.strip().splitlines() for unit in line.split()}
_SCALES = {"k": 1_000, "m": 1_000_000, "b": 1_000_000_000}
_SAME = (
    ("s", "ms", 1_000),
    ("min", "s", 60),
    ("h", "min", 60),
    ("day", "h", 24),
    ("m-of-length", "cm", 100),
    ("cm", "mm", 10),
    ("km", "m-of-length", 1_000),
)  # one of the first is so many of the second
DIGITS = r"\d+(?:,\d{3})*(?:\.\d+)?"
_NUMBER = re.compile(
    rf"(?<!\w)(?<![^\W\d_][-.])(?<!\d[.,])(?P<digits>{DIGITS})(?:\s?-?(?P<unit>%|×|[^\W\d_]+))?"
)
_ANY_NUMBER = re.compile(rf"(?P<digits>{DIGITS})(?:\s?-?(?P<unit>%|×|[^\W\d_]+))?")


def in_digits(text: str) -> str:
    """`text` with its numbers in digits: "twenty-five", "ten thousand", "1e-4", "10^6", "twice"."""
    text = _E_POWER.sub(_power, _POWER.sub(_power, " ".join(text.split())))
    text = _WIDE.sub(lambda found: re.sub(r"\D", "", found[0]), _BARE_POINT.sub("0.", text))
    text = _HALF.sub("50 %", _COUNTED.sub(_counted, text))
    for pattern, digits in _MULTIPLES:
        text = pattern.sub(digits, text)
    return text


def numbers(text: str) -> Iterator[tuple[str, str]]:
    """The numbers of a sentence with their units; not those within names such as ResNet-50."""
    for found in figures(in_digits(text)):
        yield value(found["digits"]), unit(found["unit"])


def figures(digits: str) -> Iterator[re.Match[str]]:
    """Where a text that is written `in_digits` has its numbers: groups "digits" and "unit"."""
    return _NUMBER.finditer(digits)


def printed(text: str) -> set[tuple[str, str]]:
    """Every number that stands in a paper's words, however it is glued to others, in every reading.

    One with a scale stands there written out, too: "4.2 million" is 4200000; and 1.5 s is 1500 ms.
    """
    if not _MAY_COUNT.search(text):
        return set()
    every = {
        (value(found["digits"]), unit(found["unit"]))
        for reading in dict.fromkeys((text, _APART.sub("", text), in_digits(text)))
        for found in _ANY_NUMBER.finditer(reading)
    }
    every |= {("1", "") for _ in _SINGLE.finditer(text)}
    every |= {(amount(*one), "") for one in every if one[1] in _SCALES}
    every |= {("50", "%") for one in every if one in (("2", "x"), ("0.5", ""))}  # "half"
    for large, small, times in _SAME:
        every |= {(_plain(Decimal(number) * times), small) for number, held in every if held == large}
        every |= {(_plain(Decimal(number) / times), large) for number, held in every if held == small}
    return every


def in_facts(text: str) -> set[tuple[str, str]]:
    """The numbers of a title or a date: as they stand, for a title's "twice" counts nothing."""
    return {(value(found["digits"]), unit(found["unit"])) for found in _ANY_NUMBER.finditer(text)}


def amount(number: str, scale: str) -> str:
    """A value with its scale written out: 4.2 with "m" is 4200000; others are as they are."""
    return _plain(Decimal(number) * _SCALES[scale]) if scale in _SCALES else number


def value(digits: str) -> str:
    """`1,024` and `1024`, `0.50` and `0.5` are one value."""
    plain = digits.replace(",", "")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain.lstrip("0") or "0"


def unit(word: str | None) -> str:
    """The unit that `word` is, all spellings alike; "" for any other word."""
    if not word:
        return ""
    if word in ("M", "B", "K"):
        return _UNIT[word.lower()]
    return _UNIT.get(word if word == "m" else word.lower(), "")


def scaled(scale: str) -> bool:
    """Whether a unit is "thousand", "million" or "billion"."""
    return scale in _SCALES


def _plain(number: Decimal) -> str:
    return value(f"{number:f}")


def _counted(found: re.Match[str]) -> str:
    """Number words in digits. "One" alone stays: it is a pronoun as often as a number."""
    low, larger = (
        (found["low"] or "").lower(),
        found["hundred"] or found["half"] or found["scale"] is not None,
    )
    if low == "one" and not larger:
        return found[0]
    total = Decimal(_WORDS.get(low, 1)) if low else Decimal(_WORDS[found["tens"].lower()])
    total += _WORDS[found["one"].lower()] if found["one"] else 0
    total *= 100 if found["hundred"] else 1
    return _plain(total + (Decimal("0.5") if found["half"] else 0))


def _power(found: re.Match[str]) -> str:
    """`5 × 10−4` and `5e-4` as 0.0005; `10-20`, which may be a range, stays."""
    parts = found.groupdict()
    if parts.get("low") and not parts["times"] and parts["low"][0] != "−":
        return found[0]
    up = parts.get("up") or parts.get("high") or parts.get("low") or ""
    if parts.get("first") and "times" in parts and not parts["times"]:
        return found[0]
    power = Decimal(10) ** int(up.translate(_HIGH).replace(" ", ""))
    return _plain(Decimal(parts["first"] or 1) * power)
