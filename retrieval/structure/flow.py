"""Lines to flowing paragraphs, and paragraphs to blocks by page."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from retrieval.models import Block, BlockKind
from retrieval.sentences import spans
from retrieval.structure.lines import STOP_WORDS, is_sentence_end
from retrieval.text_repair import Vocabulary

_BULLET = re.compile(r"(?:[•‣▪■◦●]|[-–*] (?=[A-Z])|\(\d{1,2}\) (?=[A-Z])|\d\) (?=[A-Z]))")
_NAMED = re.compile(r"[A-Z][\w-]+(?: [\w&/()-]+){0,5}\.(?: [A-Z]|$)")
_EQUATION_END = re.compile(r"\(\d{1,2}\)$")
_CUT_WORD = re.compile(r"([^\W\d_]++(?:-[^\W\d_]++)*+)-$")
_FIRST_WORD = re.compile(r"([^\W\d_]+)")
_LABEL_IN_WORD = re.compile(r"\b([a-z]+)-(?=[A-Z])[^.]{1,80}$")
_ADDRESS_END = re.compile(r"(?:https?://|www\.)\S{0,200}[/_.=-]$")
_LAST = 200  # characters of a paragraph that decide how its next line is joined
_LONGEST_NOTE = 600  # characters, of one that only says who wrote
_AUTHORS_NOTE = re.compile(
    r"[\W\d_]*(?:denotes? )?(?:(?:these |the )?(?:first )?(?:two )?(?:authors? )?(?:have )?"
    r"(?:contributed equally|equal(?:ly)? (?:contribut|advis)\w+)|co-?first|joint first"
    r"|corresponding (?:author|to)|corr?espondence|project lead"
    r"|(?:this )?work (?:was )?(?:partially )?(?:done|performed|conducted)"
    r"|intern(?:ship)? at)\b(?:[^.]|\.(?=[\w)])|[A-Z]\. ){0,120}\.?",
    re.IGNORECASE,
)


class _Paragraph:
    """A paragraph's text in parts, the last of which alone still changes, and its pages."""

    def __init__(self, text: str, page: int | None) -> None:
        self.parts = [text]
        self.pages: list[tuple[int, int | None]] = [(0, page)]  # from which offset on
        self._length = 0  # of the parts but the last

    def take_end(self) -> str:
        """The end, which is to be given back with what follows."""
        end = self.parts.pop()
        if len(end) > _LAST:
            self.parts.append(end[:-_LAST])
            self._length += len(end) - _LAST
        return end[-_LAST:]

    def add(self, end: str, start: int, page: int | None) -> None:
        """The end, with a line behind it that starts there in it."""
        self.parts.append(end)
        if self.pages[-1][1] != page:
            self.pages.append((self._length + start, page))


class Flow:
    """Collects the lines of one section; what interrupts them is collected elsewhere."""

    def __init__(self, section: str, kind: BlockKind, known: Vocabulary, width: int) -> None:
        self.section = section
        self.kind = kind
        self._known = known
        self._width = width
        self._paragraphs: list[_Paragraph] = []
        self._notes: list[tuple[str, int | None]] = []
        self._last_line = ""

    def add(self, text: str, page: int | None) -> None:
        """The next line of the section."""
        text = text.strip()
        if not text:
            return
        if not self._paragraphs or self._starts_paragraph(text):
            self._paragraphs.append(_Paragraph(text, page))
        else:
            paragraph = self._paragraphs[-1]
            paragraph.add(*self._join(paragraph.take_end(), text), page)
        self._last_line = text

    def add_note(self, text: str, page: int | None) -> None:
        """A footnote: a paragraph of its own behind its page's text. What only says who wrote is left out."""
        if len(text) > _LONGEST_NOTE or not _AUTHORS_NOTE.fullmatch(text):
            self._notes.append((text, page))

    def blocks(self) -> Iterator[Block]:
        """The section's blocks, one a page, in order. A sentence belongs to the page that it starts on."""
        by_page: dict[int | None, list[str]] = {}
        for paragraph in self._paragraphs:
            for page, part in _parts("".join(paragraph.parts), paragraph.pages):
                by_page.setdefault(page, []).append(part)
        for text, page in self._notes:
            by_page.setdefault(page, []).append(text)
        for page, parts in by_page.items():
            yield Block("\n\n".join(parts), self.section, page, self.kind)

    def _starts_paragraph(self, text: str) -> bool:
        before = self._last_line
        if _BULLET.match(text):
            return True
        if not is_sentence_end(before):
            return bool(_EQUATION_END.search(before) and _NAMED.match(text))
        if text[:1].islower():
            return False
        return len(before) < 0.88 * self._width or bool(_NAMED.match(text))

    def _join(self, whole: str, text: str) -> tuple[str, int]:
        """The paragraph's end with `text` behind it, and where `text` starts in it."""
        cut, first = _CUT_WORD.search(whole), _FIRST_WORD.match(text)
        label = _LABEL_IN_WORD.search(whole)
        if label and first and first[1].islower() and self._is_cut(label[1], first[1]):
            head = whole[: label.end(1)]  # a figure's label was set between the halves of a word
            return head + text, len(head)
        if cut and first and self._known.may_join(cut[1], first[1]):
            keep = _ADDRESS_END.search(whole) or self._known.keeps_hyphen(cut[1], first[1])
            head = whole if keep else whole[:-1]
            return head + text, len(head)
        if _ADDRESS_END.search(whole) and not whole.endswith(".") and " " not in text.split("/")[0][:1]:
            return whole + text, len(whole)
        return f"{whole} {text}", len(whole) + 1

    def _is_cut(self, left: str, right: str) -> bool:
        """Whether the halves make one word: the text has it, or has the second half nowhere else."""
        return self._known.knows(left + right) or (self._known.counts[right] < 2 and right not in STOP_WORDS)


def _parts(text: str, pages: list[tuple[int, int | None]]) -> Iterator[tuple[int | None, str]]:
    """The paragraph cut at sentence ends into what starts on each page."""
    if len(pages) == 1:
        yield pages[0][1], text
        return
    starts = [0]
    sentences = [start for start, _end in spans(text)]
    for offset, _page in pages[1:]:
        at = bisect_left(sentences, offset)
        starts.append(max(sentences[at] if at < len(sentences) else len(text), starts[-1]))
    for at, (_offset, page) in enumerate(pages):
        end = starts[at + 1] if at + 1 < len(starts) else len(text)
        if part := text[starts[at] : end].strip():
            yield page, part
