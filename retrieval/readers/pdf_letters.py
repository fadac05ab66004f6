"""Letters that PDFium cannot name, as in old fonts of TeX: known by their places in the font. Pure."""

from __future__ import annotations

import re

from retrieval.structure.lines import STOP_WORDS

# TeX's fonts of type 3 call their letters a27 to a126, by their codes. A font of ornaments has glyphs of
# these very names, for which they are taken then: "a101" is an "e" here and a pilcrow sign there.
_FIRST = 27
_ORNAMENTS = (
    "✛✜✢✣✤✥✦✧★✩✪✫✬✭✮✯✰✱✲✳✴✵✶✷✸✹✺✻✼✽✾✿❀❁❂❃❄❅❆❇❈❉❊❋●❍■❏❑▲▼◆❖·◗❘❙❚❯❱❲❳❨❩❬❭❪❫❴❵❛❜❝❞❡❢❣❤✐❥❦❧♠♥♦♣····✉✈✇①②③④⑤⑥⑦"
)
_CORK = {27: "ff", 28: "fi", 29: "fl", 30: "ffi", 31: "ffl", 39: "’", 96: "‘", 127: "-"}
_BY_ORNAMENT = {
    ord(sign): _CORK.get(code, chr(code)) for code, sign in enumerate(_ORNAMENTS, _FIRST) if sign != "·"
} | {0x2715: "–", 0x2713: "“", 0x2714: "”"}
_MANY = 0.2  # of a text's letters; honest texts have some bullets and ticks
_CONTROL_SHARE = 0.015  # ligatures alone are fewer
_FEW = 40  # letters by which that is not judged

_CONTROLS = {"\x0b": "ff", "\x0c": "fi", "\x0e": "ffi", "\x0f": "ffl"} | {
    chr(code): letters for code, letters in _CORK.items() if code < 32
}
_IN_WORD = re.compile(r"(?<=[^\W\d_])[\x0b\x0c\x0e\x0f\x1b-\x1f]|[\x0b\x0c\x0e\x0f\x1b-\x1f](?=[a-z])")
_HIGH = dict(zip("¡¢£¤¥¦§©ª«¬®±²³¶¹º»", "ąćčďěęğľłńňőśšşűźžż", strict=True)) | {"ÿ": "ß"}
_FIRST_OF_WORD = "¡¢£ª±²¹º»"  # these letters begin words; the other signs are what they seem there
_BESIDE_LETTER = re.compile(rf"(?<=[^\W\d_])[{''.join(_HIGH)}]|(?<![^\s(])[{_FIRST_OF_WORD}](?=[a-z])")


def with_high_letters(text: str) -> str:
    """`text`, as long, with the letters that TeX's fonts have where others have signs: "Skªodowska", "Groÿ".

    Fonts of type 3 (no outlines but bitmaps) often do not name their letters; the codes are TeX's own then.
    """
    return _BESIDE_LETTER.sub(lambda match: _HIGH[match[0]], text)


def with_ligatures(text: str) -> str:
    """`text`, with the letters that the codes 27 to 31 (or 11 to 15) stand for inside of words."""
    return _IN_WORD.sub(lambda match: _CONTROLS[match[0]], text)


def hides_its_letters(text: str) -> bool:
    """Whether much of it is control codes, which stand for glyphs by their places in fonts nobody named."""
    codes = sum(char < " " and char not in "\t\n\r\x02" for char in text)
    return codes > _CONTROL_SHARE * len(text)


def has_small_words(text: str) -> bool:
    """Whether one word of a hundred is "the", "of" or such, as in all that is readable."""
    words = text.casefold().split()
    return sum(word in STOP_WORDS for word in words) > 0.01 * len(words)


def is_in_ornaments(text: str) -> bool:
    """Whether the text is written in ornaments, as no person writes."""
    signs = sum(ord(char) in _BY_ORNAMENT for char in text)
    return signs > _MANY * max(_FEW, sum(char.isalnum() for char in text) + signs)


def without_ornaments(text: str) -> str:
    """The letters that the ornaments stand for."""
    return text.translate(_BY_ORNAMENT)
