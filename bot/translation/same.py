"""Does a translation say what the English sentence says, as far as that shows without a dictionary? Pure.

Footnotes, numbers, units, names and denials are the same in every language, or nearly so. What a translation
says beside them nobody here can check; that it adds no sentence, sign or address is checked.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection

from bot.checking import bare
from bot.checking.claims import negated
from bot.gate import names
from bot.rewriting import marked_names
from bot.translation.languages import Language, english_words

LONGER, MORE = 2, 30  # times the English sentence, and characters more, that a translation may have
ENGLISH = 3  # English words, from which on it is none

_MARK = re.compile(r"\[\d+\]|\{\d+\}")
_NUMBER = re.compile(r"(?<![A-Za-zα-ω\d])(?<![A-Za-z]-)\d+(?:[.,'’\u00a0\u202f]\d+)*")
"""A number by itself: those in names such as A100 and ResNet-50 are kept with the names."""
_PARTS = re.compile(r"[^\d]")
_SYMBOL = re.compile(r"[\s\u00a0\u202f]?-?(%|×|°C?|[A-Za-zµμ]+|[А-Яа-я]+)(?![A-Za-zА-Яа-я])")
_SYMBOLS = frozenset(
    """
    % × ° °C ms s fps h Hz kHz MHz GHz kB KB MB GB TB MiB GiB mm cm m km px dB x k K M B GFLOPs FLOPs
    """.split()  # noqa: SIM905 - a list of forty strings reads worse
)
_SPELLED = {
    "Go": "GB",
    "Mo": "MB",
    "ko": "kB",
    "To": "TB",
    "ГБ": "GB",
    "МБ": "MB",
    "мс": "ms",
    "мм": "mm",
}
"""Symbols of units that French and Russian have their own for."""
_PERCENT = re.compile(
    r"[\s\u00a0\u202f]?(?:percent|per\s?cent|prozent|pour\s?cent|por\s?ciento|per\s?cento|por\s?cento|pro[cs]ent|процент|%)",
    re.IGNORECASE,
)
_SCALES = {
    name: re.compile(rf"[\s\u00a0\u202f]?-?(?:{words})", re.IGNORECASE)
    for name, words in (
        (
            "billion",
            r"billion\b(?!\w)|mill?iard|miljard|milyar|miliar|mil\s+mill?on|mil\s+milh|bilh|миллиард|мільярд|млрд|십억|十億|十亿|"
            r"מיליארד|مليار|میلیارد|δισεκ|tỷ|tỉ|अरब|พันล้าน",
        ),
        (
            "million",
            r"mill?i?[oó]n|milh(?:ão|ões)|miljo|milyon|миллион|мільйон|млн|백만|百万|百萬|מיליון|مليون|میلیون|"
            r"εκατομ|triệu|juta|मिलियन|ล้าน",
        ),
        (
            "thousand",
            r"thousand|tausend|mille\b|mila\b|mil\b|тыс|тис|tusen|duizend|bin\b|tysi|tisíc|천|千|ألف|هزار|χιλ|"
            r"אלף|हज़ार|พัน|nghìn|ngàn|ribu|mii\b|ezer",
        ),
        ("trillion", r"trillion\b"),
    )
}
_ORDINARY = re.compile(
    r"[A-Z][a-z]+(?:ian|ean|ese|ish|ic|an)s?|English|French|German|Dutch|Greek|"
    r"(?:Janu|Febru)ary|March|April|May|June|July|August|(?:Septem|Octo|Novem|Decem)ber|"
    r"Tables?|Figures?|Figs?|Sections?|Equations?|Eqs?|Algorithms?|Appendix|Footnote|[A-Z][a-z]{1,2}"
)
"""Words with a capital that other languages have their own for."""
_SHOUTED = re.compile(r"(?<![A-Za-z])[A-Z]{3,}(?![a-z])")
_SIGNS = re.compile(r"[<>@`#|\\{}\[\]【】~]|\*\*|https?|www\.|://", re.IGNORECASE)
_ENDS = re.compile(
    r"(?:[^\W_]{3}(?<!\bbzw|\busw|\bvgl|\bAbb|\bTab|\benv|\bfig|\bFig|\bnúm|\btys|\bmln)|[\])}”])[.!?]+(?=\s|\Z)|"
    r"[。！？؟।]"
)  # not those of abbreviations
_SOFT = re.compile(
    r"\b(?:un(?!i|der|til|less)\w{3,}|non\w+|in(?:depend|sensitiv|sufficien|valid|visibl|complet|correct|varian|exact)\w*|"
    r"im(?:possib|precis|practical)\w*|irrelevan\w*|free|rather|instead|only|except\w*|hardly|missing|absent|ignor\w*|"
    r"avoid\w*|prevent\w*|exclud\w*|remov\w*|discard\w*|nothing|far from|too)\b",
    re.IGNORECASE,
)  # English words that other languages may deny with


def same(
    sentence: str, translation: str, language: Language, proper: Collection[str] = frozenset()
) -> str | None:
    """`translation` with its numbers as `sentence` prints them; None where it does not say the same.

    `proper` are names that are known as such, also where a sentence begins with one.
    """
    if translation == sentence:
        return sentence
    line = _numbers_restored(sentence, _grouped(sentence, _plain_digits(translation)), language.ordered)
    if line is None or not line.strip() or "\n" in line or len(line) > LONGER * len(sentence) + MORE:
        return None
    kept = (
        _MARK.findall(sentence) == _MARK.findall(line),
        Counter(_SIGNS.findall(sentence)) == Counter(_SIGNS.findall(line)),
        len(_ENDS.findall(line)) <= max(1, len(_ENDS.findall(sentence))),
        _units(sentence) == _units(line),
        _names_kept(sentence, line, proper),
        _denials_kept(sentence, line, language),
        _is_in(line, language),
    )
    return line if all(kept) else None


def _plain_digits(text: str) -> str:
    """`text` with the digits of other scripts as ours."""
    return "".join(
        str(unicodedata.decimal(char)) if char.isdecimal() and not char.isascii() else char for char in text
    )


def _grouped(sentence: str, line: str) -> str:
    """`line` with a comma in the place of the blank that some languages write in large numbers."""
    for number in re.findall(r"\d{1,3}(?:,\d{3})+", sentence):
        line = re.sub(rf"(?<!\d){number.replace(',', ' ')}(?!\d)", number, line)
    return line


def _numbers_restored(sentence: str, line: str, ordered: bool) -> str | None:
    """`line` with `1.024,5` as `1,024.5` again; None where its numbers are not those of `sentence`."""
    printed: dict[tuple[str, ...], set[str]] = {}
    wanted = []
    for found in _NUMBER.finditer(sentence):
        value = tuple(_PARTS.split(found[0]))
        wanted.append(value)
        printed.setdefault(value, set()).add(found[0])
    there = [tuple(_PARTS.split(found[0])) for found in _NUMBER.finditer(line)]
    if (wanted if ordered else sorted(wanted)) != (there if ordered else sorted(there)):
        return None
    if any(len(forms) > 1 for forms in printed.values()):
        return line if Counter(_NUMBER.findall(line)) == Counter(_NUMBER.findall(sentence)) else None
    return _NUMBER.sub(lambda found: min(printed[tuple(_PARTS.split(found[0]))]), line)


def _units(text: str) -> Counter[tuple[str, str]]:
    """Each number that has a unit or a scale, with it."""
    found: Counter[tuple[str, str]] = Counter()
    for number in _NUMBER.finditer(text):
        if unit := _unit(text, number.end()):
            found[number[0], unit] += 1
    return found


def _unit(text: str, at: int) -> str:
    if _PERCENT.match(text, at):
        return "%"
    for name, words in _SCALES.items():
        if words.match(text, at):
            return name
    found = _SYMBOL.match(text, at)
    symbol = _SPELLED.get(found[1], found[1]) if found else ""
    return symbol if symbol in _SYMBOLS else ""


def _names_kept(sentence: str, line: str, proper: Collection[str]) -> bool:
    """Whether every name of `sentence` stands in `line`, and `line` has none of its own."""
    said = bare(_MARK.sub(" ", sentence))
    first = [word for word in re.findall(r"\A\W*(\w+)", said) if word in proper]
    wanted = [name for name in (*first, *names(said), *marked_names(said)) if not _ORDINARY.fullmatch(name)]
    kept = all(name.removesuffix("s") in line for name in wanted)
    own = [*marked_names(_MARK.sub(" ", line)), *_SHOUTED.findall(line)]
    return kept and all(name.removesuffix("s") in sentence for name in own)


def _denials_kept(sentence: str, line: str, language: Language) -> bool:
    """Whether `line` denies where `sentence` does; as far as the language has words for it."""
    if not language.denies:
        return True
    denied = bool(re.search(rf"(?<!\w)(?:{language.denies})(?!\w)", line, re.IGNORECASE))
    if negated(sentence):
        return denied
    return not denied or bool(_SOFT.search(sentence))


def _is_in(line: str, language: Language) -> bool:
    """Whether `line` may be in that language, as far as its letters and English words tell."""
    if not language.words and not any(ord(char) > 0x24F for char in line if char.isalpha()):
        return False
    return english_words(line) < ENGLISH
