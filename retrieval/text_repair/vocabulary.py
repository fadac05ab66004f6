"""Which form of a word does the rest of the text use? Line ends, columns and kerning undone."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_LINE_END = re.compile(r"(?<![^\W\d_])(?<![^\W\d_]-)([^\W\d_]++(?:-[^\W\d_]++)*+)-\n[ \t]*([^\W\d_]+)(-\n)?")
_BROKEN = re.compile(r"((?<![^\W\d_])[^\W\d_]++|\d)-\n[ \t]*(\w+)(\S*)[ \t]*(\n?)")
_ADDRESS = re.compile(r"https?://|www\.|github\.com/|\w\.github\.io/")
_STEM = 60  # characters before a cut word in which its first parts are looked for
_KERNED = re.compile(r"(?<![^\W_])((?:[^\W\d_]*[a-z+-])?[VWTYFPLNO]) ([a-z]+)(?![^\W_])")
_KERNED_TAIL = re.compile(r"(?<![^\W_])[VWTYFPLNO] [a-z]+")
_GAP_BEHIND_CAPITAL = re.compile(r"[VWTYFPLNO] [a-z]")  # without which nothing is kerned; found at once
_GAP_OF_CAPITALS = re.compile(r"[VWTYFPA] [VWTYA]")
_HYPHENATED = re.compile(r"(?<![\w-])([^\W\d_]+)-([a-z]+)(?![\w-])")
_KERNED_LINE = re.compile(r"^([A-Z])\n([a-z]+)(?= )", re.MULTILINE)
_KERNED_CAPITALS = re.compile(r"(?<![^\W_])([A-Z]*[VWTYFPA]) (?=([VWTYA][A-Z]*)(?![^\W_]))")
_KERNED_PAIRS = frozenset({"AV", "VA", "AW", "WA", "TA", "AT", "YA", "AY", "PA", "FA"})
_GAP_BEHIND_HYPHEN = re.compile(r"(?<=[a-z])- (?!(?:and|or|to|nor|vs|versus)\b)([a-z]{3,})")
_DIGIT = re.compile(r"\d")
_ORDINAL = re.compile(r"(?<![\w.])(\d{0,3}(?:(?<!1)(?:1st|2nd|3rd)|[04-9]th|1[123]th))(?=[a-z]{2})")
_SIZE = re.compile(r"\d{1,5}×\d{1,5}(?=([a-z]{3})?)")
_WORD_BEFORE = re.compile(r"(?<![^\W_])(?:a|[a-z]{2,20})$")
_NAME = re.compile(r"(?<![\w-])(?=[A-Za-z]*[a-z])(?=(?:[A-Za-z]*[A-Z]){2})[A-Za-z]{4,20}(?!\w)")
_KERNED_PART = 3  # letters
_LONG_WORD = re.compile(r"(?<![^\s(\[“\"])([A-Z]?[a-z]{7,})(?=[\s.,;:)\]]|$)")
_GLUE_HEADS = ("the", "that", "which", "from", "this", "these", "their")
_GLUE_TAILS = ("to", "the", "and", "of", "with", "for", "that", "is", "are", "in", "we")
_GLUED_WELL = {"thereof", "whereof", "themes", "thesis", "within", "therein", "herein", "hereof", "wherein"}
_HEADS = """
self multi non cross high low large small real long short well full semi zero few one two three state
end open single dual fine coarse text image vision visual data task class object scene point pixel
instance domain model human time patient user pseudo inter intra
"""
_TAILS = """
based aware wise level free like specific driven guided oriented scale art world shot view modal tune
tuning trained supervised supervision attention quality resolution dimensional agnostic invariant
efficient centric
"""
_COMPOUND_HEADS = frozenset(_HEADS.split())
_COMPOUND_TAILS = frozenset(_TAILS.split())
_PREFIXES = "pre post non hyper down up back pair fine under multi self cross semi de re out"
_LOOSE_PREFIXES = frozenset(_PREFIXES.split())
_WORD_ENDING = re.compile(
    r"(?:[ts]ions?|ments?|ness|ings?|ally|it(?:y|ies)|i[sz](?:e[ds]?|ing)|at(?:e[ds]?|ing)|ers?)"
)
_LINKS = frozenset({"to", "and", "of", "the", "in", "on", "by", "for", "or"})  # inside compounds: end-to-end


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of one text, as often as they stand there whole."""

    counts: Counter[str]  # in small letters
    forms: frozenset[str]  # as written
    tails: Counter[str]  # words that end a hyphenated one: "aware" of "context-aware"
    heads: Counter[str]  # words that begin a hyphenated one: "self" of "self-attention"

    @classmethod
    def of(cls, text: str) -> Vocabulary:
        """The vocabulary of `text`; the halves of words that a line's end cuts are left out."""
        whole = _LINE_END.sub(" ", text) if "-\n" in text else text
        if _GAP_BEHIND_CAPITAL.search(whole):
            whole = _KERNED_TAIL.sub(" ", whole)
        found = WORD.findall(whole)
        counts = Counter(map(str.lower, found))
        tails: Counter[str] = Counter()
        heads: Counter[str] = Counter()
        for word, count in [(word, count) for word, count in counts.items() if "-" in word]:
            parts = word.split("-")
            heads[parts[0]] += 1
            tails[parts[-1]] += 1
            for part in parts:
                counts[part] += count
        return cls(counts, frozenset(found), tails, heads)

    def knows(self, word: str) -> bool:
        """Whether the text has `word`, in any case."""
        return self.counts[word.lower()] > 0

    def keeps_hyphen(self, left: str, right: str) -> bool:
        """Whether `left-` at a line's end and `right` on the next are two words: `observer-` and `specific`.

        Decided by the forms that the rest of the text has; where it has neither, a cut word is likelier
        than a compound.
        """
        last = left.rsplit("-", 1)[-1]
        hyphenated = self.counts[f"{left}-{right}".lower()] + self.counts[f"{last}-{right}".lower()] * (
            left != last
        )
        joined = self.counts[f"{left}{right}".lower()] + self.counts[f"{last}{right}".lower()] * (
            left != last
        )
        if hyphenated != joined:
            return hyphenated > joined
        if right[:1].isupper() or right[:1].isdigit() or last.isupper():
            return True
        if (left != last and last in _LINKS) or right in _LINKS:
            return True
        return self._is_compound(last.lower(), right.lower())

    def _is_compound(self, left: str, right: str) -> bool:
        if _WORD_ENDING.fullmatch(right):
            return False
        if left in _COMPOUND_HEADS and (
            right in _COMPOUND_TAILS or (len(right) > 3 and self.counts[right] > 0)
        ):
            return True
        if left in ("self", "cross", "semi", "non") and self.heads[left] and len(right) > 4:
            return True
        if not (self.counts[left] and self.counts[right]) or len(right) < 3:
            return False
        return right in _COMPOUND_TAILS or ((self.tails[right] + self.heads[left]) > 0 and len(left) > 2)

    def may_join(self, left: str, right: str) -> bool:
        """Whether `right` can go on with a word that `left-` began: after small letters come small letters.

        What else stands there is a caption, a footnote or a page number, if the text does not know the word.
        """
        if not left[-1:].islower() or right[:1].islower() or left[:1].isupper():
            return not right.isdigit() or not left[-1:].islower() or len(right) < 4
        if right[:1].isdigit():
            return right.isdigit() and len(right) == 3
        return self.counts[f"{left}{right}".lower()] + self.counts[f"{left}-{right}".lower()] > 0

    def is_fragment(self, left: str, right: str) -> bool:
        """Whether `left right` is one word with a gap: the text has it whole, and not both halves."""
        whole = (left + right).lower()
        if self.counts[whole] == 0:
            return False
        return self._lone(left) == 0 or self._lone(right) == 0

    def _lone(self, part: str) -> int:
        return self.counts[part.lower()] if len(part) > 1 or part in "AaI" else 0


def join_line_ends(text: str, known: Vocabulary) -> str:
    """Words that a line's end cut, made whole on the upper line; the lines stay otherwise."""

    def joined(match: re.Match[str]) -> str:
        left, right, tail, end = match.groups()
        if not known.may_join(left, right) or (right.isdigit() and end and not tail):
            return match[0]
        start = match.start(1)
        stem = re.search(r"(?:[^\W\d_]+-)*$", match.string[max(0, start - _STEM) : start])
        whole = (stem[0] if stem else "") + left
        line = match.string[match.string.rfind("\n", 0, start) + 1 : match.end(1)]
        keep = bool(_ADDRESS.search(line.split()[-1])) or known.keeps_hyphen(whole, right)
        return f"{left}{'-' if keep else ''}{right}{tail}\n"

    for _ in range(3):  # a word may be cut twice
        text = _BROKEN.sub(joined, text)
    return text


def mend_words(text: str, known: Vocabulary) -> str:
    """Words that kerning parted (`V AE`, `UnionF ormer`) or a column's end ran together (`theclassifier`)."""

    def kerned(match: re.Match[str]) -> str:
        left, right = match.groups()
        if len(left) > 1 and left + right in known.forms and known.counts[right] <= 1:
            return left + right
        return left + right if known.is_fragment(left, right) and not known.counts[right] else match[0]

    def capitals(match: re.Match[str]) -> str:
        left, right = match.groups()
        lone = left in "AI" or (len(left) > 1 and known.counts[left.lower()] > 1)
        return match[0] if lone or left[-1] + right[0] not in _KERNED_PAIRS or len(right) < 2 else left

    def whole(match: re.Match[str]) -> str:
        left, right = (part.lower() for part in match.groups())
        times = known.counts[f"{left}-{right}"]
        proof = 3 if left in _LOOSE_PREFIXES else 1
        cut = min(known.counts[left], known.counts[right]) <= times and known.counts[left + right] >= proof
        ending = known.counts[left] <= times and len(left) > 2 and _WORD_ENDING.fullmatch(right)
        return match[1] + match[2] if times < 2 and (cut or ending) else match[0]

    def parted(match: re.Match[str]) -> str:
        return _part(match[1], known) or match[0]

    if _DIGIT.search(text):
        text = _SIZE.sub(_part_size, _ORDINAL.sub(r"\1 ", text))
    if _GAP_BEHIND_CAPITAL.search(text):
        text = _KERNED.sub(kerned, text)
    text = _KERNED_LINE.sub(kerned, text)
    if _GAP_OF_CAPITALS.search(text):
        text = _KERNED_CAPITALS.sub(capitals, text)
    if "-" in text:
        text = _GAP_BEHIND_HYPHEN.sub(lambda gap: f"-{gap[1]}" if known.knows(gap[1]) else gap[0], text)
        text = _HYPHENATED.sub(whole, text)
    return _LONG_WORD.sub(parted, text)


def _part_size(match: re.Match[str]) -> str:
    """`a3×3kernel` is three words."""
    before = _WORD_BEFORE.search(match.string[max(0, match.start() - 25) : match.start()])
    return f"{' ' if before else ''}{match[0]}{' ' if match[1] else ''}"


def _part(word: str, known: Vocabulary) -> str:
    lower = word.lower()
    if known.counts[lower] > 1 or lower in _GLUED_WELL:
        return ""
    for head in _GLUE_HEADS:
        rest = lower[len(head) :]
        if lower.startswith(head) and len(rest) > 4 and known.counts[rest] > 0:
            return f"{word[: len(head)]} {word[len(head) :]}"
    for tail in _GLUE_TAILS:
        rest = lower[: -len(tail)]
        if lower.endswith(tail) and len(rest) > 4 and known.counts[rest] > 0:
            return f"{word[: -len(tail)]} {word[-len(tail) :]}"
    return ""


def mend_title(title: str, body: Vocabulary) -> str:
    """A title with the gaps and joins that its large type brought undone, as the body writes its words."""
    tokens = title.split()
    mended: list[str] = []
    for token in tokens:
        if mended and mended[-1].isalpha() and token[:1].islower() | mended[-1][-1:].isupper():
            word = WORD.match(token)
            if word and body.is_fragment(mended[-1], word[0]):
                mended[-1] += token
                continue
        mended.append(token)
    return " ".join(_part_capitals(token, body) for token in mended)


def mend_names(text: str, title: str) -> str:
    """`text` with the names of its title, `SViTT`, whole where kerning parted them: `SVi TT`."""
    for name in set(_NAME.findall(title)):
        letters = " ?".join(map(re.escape, name))
        parted = re.compile(rf"(?<!\w){letters}(?!\w)")
        text = parted.sub(lambda found, name=name: name if _is_parted(found[0]) else found[0], text)  # type: ignore[misc]
    return text


def _is_parted(found: str) -> bool:
    """Whether one gap parts a name, a few letters from its edge: `Union Former` may be meant so."""
    parts = found.split(" ")
    return len(parts) == 2 and min(map(len, parts)) <= _KERNED_PART


def _part_capitals(token: str, body: Vocabulary) -> str:
    """`ModelAssisted`, which the body never writes, is two words that it does."""
    match = re.fullmatch(r"([A-Z][a-z]{2,})([A-Z][a-z]{3,})", token)
    if not match or token in body.forms or not (body.knows(match[1]) and body.knows(match[2])):
        return token
    hyphenated = f"{match[1]}-{match[2]}"
    return hyphenated if body.knows(hyphenated) else f"{match[1]} {match[2]}"
