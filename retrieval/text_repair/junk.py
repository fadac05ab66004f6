"""What no reader of a paper ever saw or wants to see: watermarks, base64, glyph codes, letters one by one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

WATERMARK = re.compile(
    r"(?:^|(?<=\n))[^\n]*(?:"
    r"This [A-Z]{2,8}(?: \d{4})?(?: \w+)? paper is the Open Access version"
    r"|Except for this watermark, it is identical to the accepted version"
    r"|the final published version of the proceedings is available on IEEE Xplore"
    r"|Authorized licensed use limited to:"
    r"|Personal use of this material is permitted\. Permission from IEEE"
    r")[^\n]*(?:\n|$)"
)
_OF_WATERMARKS = (
    "Open Access version",
    "Except for this watermark",
    "IEEE Xplore",
    "Authorized licensed use",
    "Personal use of this material",
)
_YEAR = r"(?:19|20)\d\d"
_NAME_AND_YEAR = rf"[A-Z][A-Za-z]{{1,11}}[ ,’'-]{{1,2}}(?:{_YEAR}|\d\d\b)"
_REST = r"(?:[ ,]+(?:[A-Z][\w’'&-]*|and|on|of|the|for|in|at))*+[.,)]{0,2}"  # names of places and tracks
STAMP = re.compile(  # lines that say where and when a paper appeared
    r"^[ \t]*(?:"
    r"arXiv:\s?\d{4}\.\d{4,5}(?:v\d+)?[ \t]+\[[\w.-]+\][ \t]+\d{1,2} \w{3,9} \d{4}"
    r"|(?:Published|Accepted|Under review|To appear|Presented|Submitted)(?: for publication)?"
    rf"(?: as an? [\w ]{{3,30}}?)? (?:at|in|to|by|for) [^\n]{{0,80}}?{_NAME_AND_YEAR}[).]{{0,2}}{_REST}"
    r"|(?:Accepted|Published) (?:in|to|by|for) (?:the )?"
    r"(?:(?:IEEE|ACM|Journal|International Journal)\b[^\n.]{0,80}\.?|[A-Z][^\n.]{3,80} \(\d{1,2}/\d{4}\))"
    r"|Preprint\.?(?: Under review\.?)?"
    r"|(?:The )?(?:\d{1,2} ?(?:st|nd|rd|th)|[A-Z][a-z]+(?:-[A-Z]?[a-z]+)?) (?:[A-Z][A-Za-z]+ ){0,3}?"
    rf"(?:Conference|Workshop|Symposium|Meeting) (?:on|for) [^\n]{{5,120}}?\({_NAME_AND_YEAR}\){_REST}"
    r"|Proceedings of [^\n]{10,140}(?:\n[^\n]{0,120}?)?(?:\bPMLR \d+|Copyright|©)[^\n]{0,100}"
    r"(?:\n(?:by )?(?:the )?author\(s\)\.?)?"
    rf"|Proceedings of [^\n]{{10,140}}\b{_YEAR}[).]{{0,2}}"
    rf"|(?:Copyright|©)[ ©(c)]*{_YEAR}\b[^\n]{{0,160}}"
    r")[ \t]*(?:\n|\Z)",
    re.MULTILINE,
)
_LATEXIT = re.compile(r"<latexit\b[^<>]*+>(?:(?:[^<]++|<(?!/?latexit\b))*+</latexit>|[A-Za-z0-9+/=\s]*+)")
_BASE64 = re.compile(r"(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{60,}={0,2}(?![A-Za-z0-9+/=])")
_TEX_GLYPH = (  # names in TeX's font of large signs
    r"/(?:(?:paren|bracket|brace|floor|ceiling|angbracket|radical|slash|backslash)(?:left|right)?"
    r"(?:bigg?|Bigg?|tp|bt|ex|mid|vertex)|vextend(?:single|double)"
    r"|(?:summation|product|coproduct|integral|contintegral|union|unionsq|unionmulti|intersection"
    r"|circle(?:dot|plus|multiply)|logical(?:and|or))(?:text|display)|(?:hat|tilde)wide(?:r|st)?)"
)
_GLYPH_CODES = re.compile(
    rf"(?:{_TEX_GLYPH}|/uni[0-9A-Fa-f]{{4,8}}|\(cid:\d+\)|(?:/[gG](?:lyph)?\d{{1,5}}){{2,}}|/gid\d{{3,5}})+"
)
_FONT_WORD = re.compile(r"(?<!\S)\S*[\u0100-\u0233\u0372\u0374]{2,}\S*(?!\S)")
_STRANGE = re.compile(r"[\u0700-\u08ff\u0900-\u0dff]+")  # what glyphs without a table become
LONGEST_UNIT = 200
_LONG_LINE = 400  # letters
_FACTOR = 6364136223846793005  # of Knuth's generator (The Art of Computer Programming, 3.3.4)
_REPEATED = re.compile(rf"(\S(?:.{{1,{LONGEST_UNIT - 2}}}?\S)|\S{{3}})\1{{4,}}")
_REPEATED_LABEL = re.compile(
    r"\b((?:[^\W\d_]{1,20} ){1,3}[^\W\d_]{2,20}[:;] ?)\1+"
)  # `Raw Caption:Raw Caption:`
_SCRIPT_SHARE = 0.3  # of a text in a script of its own, blanks and names in Latin letters among it
_LONE_STARS = re.compile(r"(?<=[a-z] )\*\*(?: \*\*)+ (?=[a-z])")
_REPEATED_PHRASE = re.compile(r"(?<!\S)((?:\S+ ){2,12}?)\1{7,}")


def drop_junk(text: str) -> str:
    """`text` without the blocks of junk; repeated phrases stay once, spaced letters join."""
    # A pattern is tried at every letter; what it cannot do without is looked for in no time.
    if any(words in text for words in _OF_WATERMARKS):
        text = WATERMARK.sub("", text)
    text = STAMP.sub("", text)
    if "latexit" in text:
        text = _LATEXIT.sub("", text)
    text = _BASE64.sub(_unless_word, text)
    if "/" in text or "(cid:" in text:
        text = _GLYPH_CODES.sub("", text)
    if "** **" in text:
        text = _LONE_STARS.sub("", text)
    if text.count(":") > 1 or text.count(";") > 1:
        text = _REPEATED_LABEL.sub(r"\1", text)
    if not text.isascii():
        text = _FONT_WORD.sub(_unless_latin, text)
        text = text if _is_in_script(text) else _STRANGE.sub(_unless_script, text)
    return "\n".join(_mend_lines(text.split("\n")))


def _mend_lines(lines: list[str]) -> Iterator[str]:
    spaced = False
    for line in lines:
        tokens = line.split()
        spaced = is_spaced(line) or (spaced and len(tokens) > 1 and all(len(token) == 1 for token in tokens))
        if spaced:
            line = join_spaced(line)
        yield collapse(line)


def collapse(line: str) -> str:
    """The line with a phrase that is printed five times and more on end there once."""
    # Prose comes to few groups of letters for its length all the same: a long line is looked at closer first.
    if _LONG_LINE < len(line) < 8 * LONGEST_UNIT and not may_repeat(line):
        return line
    if is_repetitive(line) or any(is_repetitive(token) for token in line.split() if len(token) > 14):
        # Where no unit can match, its pattern would still try 200 lengths at every letter of a page of prose.
        if may_repeat(line):
            line = _REPEATED.sub(_once, line)
        elif len(line) < 8 * LONGEST_UNIT:  # nor has a longer phrase room to stand there eight times
            return line
        return _REPEATED_PHRASE.sub(r"\1", line)
    return line


def may_repeat(line: str) -> bool:
    """Whether a unit of `_REPEATED` can stand there five times on end.

    Its copies are three letters or longer, so the first twelve letters come again one unit later, and so do
    four units on end.
    """
    places: dict[str, list[int]] = {}
    for at in _come_again(line):
        places.setdefault(line[at : at + 12], []).append(at)
    return any(_on_end(line, found) for found in places.values() if len(found) > 1)


def _come_again(line: str) -> list[int]:
    """Where twelve letters begin that stand in the line twice; by chance perhaps others. In order."""
    import numpy as np  # here, for the process that reads a PDF within a limit of memory seldom needs it

    letters = np.frombuffer(line.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    runs = np.zeros(max(0, len(letters) - 11), np.uint64)
    for start in range(12):
        runs = runs * np.uint64(_FACTOR) + letters[start : start + len(runs)]
    order = np.argsort(runs)
    same = runs[order][1:] == runs[order][:-1]
    found: list[int] = np.unique(np.concatenate([order[1:][same], order[:-1][same]])).tolist()
    return found


def _on_end(line: str, places: list[int]) -> bool:
    for number, first in enumerate(places):
        for second in places[number + 1 :]:
            step = second - first
            if step > LONGEST_UNIT:
                break
            if line[first : first + 4 * step] == line[second : second + 4 * step]:
                return True
    return False


def is_spaced(line: str) -> bool:
    """Whether the line's letters stand one by one: `R a w :  v i e w`."""
    tokens = line.split()
    if len(tokens) < 8:
        return False
    single = [token for token in tokens if len(token) == 1]
    lower = {token for token in single if token.islower() and token.isalpha()}
    return len(single) >= 0.8 * len(tokens) and len(lower) >= 4


def join_spaced(line: str) -> str:
    """Words are parted by two spaces there, letters by one."""
    return " ".join(word.replace(" ", "") for word in re.split(r" {2,}", line.strip()))


def is_repetitive(line: str) -> bool:
    """A cheap look: few different groups of three letters for the line's length."""
    if len(line) < 15:
        return False
    groups = {line[at : at + 3] for at in range(len(line) - 2)}
    return len(groups) < 0.5 * (len(line) - 2)


def _once(match: re.Match[str]) -> str:
    unit = match[1]
    return unit if re.search(r"[^\W\d_]{2}|\d{4}", unit) else match[0]


def _unless_word(match: re.Match[str]) -> str:
    """Base64 mixes capitals, small letters and digits all along; a long word or path does not."""
    run = match[0]
    mixed = re.findall(r"[a-z][A-Z]|[A-Z][a-z]|[0-9][A-Za-z]|[A-Za-z][0-9+/]", run)
    return "" if len(mixed) > 0.25 * len(run) else run


def _unless_latin(match: re.Match[str]) -> str:
    """A word mostly of rare Latin letters is a glyph run; `Miłość` or `Dvořák` is a word."""
    letters = [sign for sign in match[0] if sign.isalpha()]
    rare = sum("\u0100" <= sign <= "\u0233" or sign in "\u0372\u0374" for sign in letters)
    return "" if rare > 0.6 * len(letters) else match[0]


def _is_in_script(text: str) -> bool:
    """Whether much of the text is in one script of those, as in Hindi, whose words are often short."""
    signs = Counter(ord(sign) // 128 for run in _STRANGE.findall(text) for sign in run)
    return bool(signs) and max(signs.values()) > max(_SCRIPT_SHARE * len(text), 0.95 * signs.total())


def _unless_script(match: re.Match[str]) -> str:
    blocks = {ord(sign) // 128 for sign in match[0]}
    return "" if len(blocks) > 1 or len(match[0]) < 3 else match[0]
