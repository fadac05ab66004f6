"""Characters that a decoder, a font or a typesetter spoiled: each mended where it stands."""

from __future__ import annotations

import re
import unicodedata

import ftfy


def _mac_roman(first: int, last: int, without: str = "") -> str:
    letters = "".join(bytes([byte]).decode("mac_roman") for byte in range(first, last + 1))
    return "[" + re.escape("".join(letter for letter in letters if letter not in without)) + "]"


# UTF-8 that was read as MacRoman: a lead byte and its continuation bytes, each as MacRoman's sign for it.
# Leads from 0xD0 on are dashes and quotes, which stand before accented letters in honest text.
_TAIL = _mac_roman(0x80, 0xBF)
_MAC_TAIL = _mac_roman(0x80, 0xBF, without="†°¢£§•¶®©™´¨±¥µªº")  # what cp1252 has no sign for
_MAC_UTF8 = re.compile(
    f"{_mac_roman(0xF0, 0xF0)}{_TAIL}{{3}}|{_mac_roman(0xE1, 0xEF)}{_TAIL}{{2}}"
    f"|{_mac_roman(0xC2, 0xCF, without='…Ã' + chr(0xA0))}{_TAIL}|Ã{_MAC_TAIL}"
)
# UTF-8 read as cp1252 or Latin-1: "â€™", "Ã©", "Â°".
_CP1252_UTF8 = re.compile(r"â€|â€|[ÃÂ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|ðŸ|Î[±-¿]|Ï[€‚ƒ„…†‡]")

_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "ℎ": "h"}
)
_SPACES = re.compile(r"[\t\xa0\u2000-\u200a\u202f\u205f\u3000]")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufffd\ue000-\uf8ff]")
_TOKEN = re.compile(r"\S+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]+")
_MATH_RUN = re.compile(r"[\U0001d400-\U0001d7ff]+")
_FULL_WIDTH = re.compile(r"[！-～]")
_SOFT_HYPHEN = re.compile(r"\xad(\s*\n)?")
_URL = re.compile(r"https?://\S+")
_LAST_LIGATURE = re.compile(r"[ﬀ-ﬄ][a-z]*+(?!\S)")

_ACCENTS = {
    "´": "\u0301", "`": "\u0300", "ˆ": "\u0302", "˜": "\u0303", "¨": "\u0308", "˚": "\u030a", "ˇ": "\u030c",
    "˘": "\u0306", "¸": "\u0327", "˝": "\u030b", "˙": "\u0307", "˛": "\u0328",
}  # fmt: skip
_ACCENT_SIGN = re.compile(f"[{''.join(_ACCENTS)}]")
_ACCENT = re.compile(r"([^\W\d_])( ?)([´`ˆ˜¨˚ˇ˘¸˝˙˛])([^\W\d_]?)(?=([^\W\d_]?))")
_MATH_ACCENTS = "ˆ˜˙"  # hats and dots of formulas: mended inside a word only


def mend_characters(text: str) -> str:
    """`text` in true characters: no mojibake, ligature, control character or detached accent."""
    text = text.replace("\r\n", "\n").replace("\r", " ")
    if text.isascii():  # most abstracts, and nothing else below speaks of such letters
        if "\x03" in text:
            text = _TOKEN.sub(_unless_ciphered, text)
        return mend_accents(_CONTROL.sub(" ", text.replace("\t", " ")))
    text = mend_mojibake(text)
    # No address is set with ligatures: what holds one is the next word of the text, run into the address.
    text = _URL.sub(lambda url: _LAST_LIGATURE.sub(r" \g<0>", url[0]), text)
    text = text.translate(_LIGATURES)
    if "\x03" in text:
        text = _TOKEN.sub(_unless_ciphered, text)
    text = _MATH_RUN.sub(_plain_math, text)
    text = _FULL_WIDTH.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    text = _CONTROL.sub(" ", text)
    text = _SOFT_HYPHEN.sub(lambda match: "-\n" if match[1] else "", text)
    text = _INVISIBLE.sub("", _SPACES.sub(" ", text))
    return mend_accents(text)


def mend_mojibake(text: str) -> str:
    """UTF-8 that was read as MacRoman or cp1252, mended sign by sign: true signs beside it stay.

    Twice, because whether a sign is one of a formula depends on its neighbours.
    """
    text = _MAC_UTF8.sub(_from_mac_roman, _MAC_UTF8.sub(_from_mac_roman, text))
    if _CP1252_UTF8.search(text):
        lines = text.split("\n")
        text = "\n".join(ftfy.fix_encoding(line) if _CP1252_UTF8.search(line) else line for line in lines)
    return text


def count_mojibake(text: str) -> int:
    """How many signs of `text` a mend would still change."""
    mac = sum(_from_mac_roman(match) != match[0] for match in _MAC_UTF8.finditer(text))
    return mac + len(_CP1252_UTF8.findall(text))


def _from_mac_roman(match: re.Match[str]) -> str:
    if match[0][0] in "√≈∆ƒ" and match[0][1] in "π∞±≤≥∂∑∏∫ΩµŽ" and not _within_word(match):
        return match[0]  # a formula
    try:
        mended = match[0].encode("mac_roman").decode("utf-8")
    except UnicodeError:
        return match[0]
    kinds = {unicodedata.category(letter) for letter in mended}
    if kinds & {"Cc", "Cs", "Cn"}:
        return match[0]
    return "" if "Co" in kinds else mended


def _within_word(match: re.Match[str]) -> bool:
    before, after = (
        match.string[max(0, match.start() - 1) : match.start()],
        match.string[match.end() : match.end() + 1],
    )
    return match[0][0] not in "∆" and (before.islower() or after.islower())


def _plain_math(match: re.Match[str]) -> str:
    """Italic and bold letters of formulas as plain ones; a run that has each of them twice has them once."""
    run = match[0]
    if len(run) % 2 == 0 and run[::2] == run[1::2]:
        run = run[::2]
    return unicodedata.normalize("NFKC", run)


def _unless_ciphered(match: re.Match[str]) -> str:
    """Text of a font without a table of its letters has \x03 for the space."""
    return "" if "\x03" in match[0] else match[0]


def mend_accents(text: str) -> str:
    """`Herv ´e` and `moir´e` with their accents where they belong."""
    if not _ACCENT_SIGN.search(text):
        return text
    return _ACCENT.sub(_accented, _ACCENT.sub(_accented, text))  # twice: `Jiˇr´ı` has two in a row


def _accented(match: re.Match[str]) -> str:
    previous, gap, accent, letter, following = match.groups()
    backward = not gap and (
        not letter or (previous in "aeou" and letter not in "aeiouyı") or (accent == "˜" and previous in "nN")
    )
    if backward:
        composed = _compose(previous, accent) if accent in "´¨" or letter else ""
        return composed + letter if composed else match[0]
    if not letter or _is_formula(accent, gap, letter, following) or _is_quotation(accent, letter, match):
        return match[0]
    composed = _compose("i" if letter == "ı" else letter, accent)
    return previous + composed if composed else match[0]


def _is_formula(accent: str, gap: str, letter: str, following: str) -> bool:
    return accent in _MATH_ACCENTS and bool(gap) and not (letter.islower() and following.islower())


def _is_quotation(accent: str, letter: str, match: re.Match[str]) -> bool:
    rest = match.string[match.end() : match.end() + 60].split("\n")[0]
    return accent == "`" and ("'" in rest or "’" in rest or not letter.islower())


def _compose(letter: str, accent: str) -> str:
    composed = unicodedata.normalize("NFC", letter + _ACCENTS[accent])
    return composed if len(composed) == 1 and composed <= "\u021b" else ""
