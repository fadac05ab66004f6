"""A checked English answer <-> its sentences in another language, each held against the English one. Pure.

What the papers say is never translated: in the place of quotes, titles and addresses a model sees `{1}`, and
they come back afterwards. A translation that changes a footnote, number, unit or name, or drops or adds a
denial, is not taken: there the English sentence stays.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.checking import PREFIX, pieces
from bot.gate import names
from bot.models import Answer, Translation
from bot.rendering import footer
from bot.titles import title_in_text
from bot.translation.languages import Language
from bot.translation.same import same

TRANSLATED = "Translated from the checked English answer; quotes and titles are the papers' own words."
TRANSLATED_WORDS = "Translated from English."  # of what rests on no paper
LEAST = 0.5  # of the sentences: with fewer of them translated, the answer stays English

_VERBATIM = r"“[^“”]*”|\"[^\"\n]*\"|`[^`\n]*`|<?https?://[^\s<>]+>?|\{\d+\}"
_HELD = re.compile(r"\{(\d+)\}")
_MARK = re.compile(r"\[\d+\]|\{\d+\}")
_WORDS = re.compile(r"[^\W\d_]{2}")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text: a sentence to translate, or what stands between sentences."""

    text: str  # with `{1}` in the place of held[0]
    held: tuple[str, ...] = ()
    translatable: bool = False

    def whole(self, text: str | None = None) -> str:
        """`text`, or its own, with what was held back in its place. Where nothing was, `{1}` is itself."""
        told = self.text if text is None else text
        return _HELD.sub(lambda found: self.held[int(found[1]) - 1], told) if self.held else told


@dataclass(frozen=True, slots=True)
class Page:
    """An answer taken apart: its text, the lines under it, and the aspects of its comparison."""

    text: tuple[Piece, ...]
    notices: tuple[tuple[str, tuple[Piece, ...]], ...]  # each line with its pieces
    aspects: tuple[tuple[Piece, ...], ...] = ()

    @property
    def sentences(self) -> list[str]:
        """What is to be translated, each once."""
        lines = (*(parts for _, parts in self.notices), *self.aspects)
        every = (*self.text, *(piece for parts in lines for piece in parts))
        return list(dict.fromkeys(piece.text for piece in every if piece.translatable))


def taken_apart(answer: Answer) -> Page:
    """The pieces of `answer`; whole again, they are the answer."""
    papers = (*(found.paper for found in answer.papers), *(cited.paper for cited in answer.citations))
    titles = {word for paper in papers for word in (paper.title, title_in_text(paper)) if word}
    names = [name for name in (answer.model, answer.fallback_from) if name]
    listed = answer.refused or answer.route == "library"  # whose lists are titles
    proper = "|".join(map(re.escape, sorted((*titles, *names), key=len, reverse=True)))
    held = re.compile(rf"(?<!\w)(?:{proper})(?!\w)|{_VERBATIM}" if proper else _VERBATIM)
    aspects = answer.comparison.aspects if answer.comparison else ()
    return Page(
        tuple(_pieces(answer.text, held, listed)),
        tuple((line, tuple(_pieces(line, held, listed=False))) for line in footer(answer)),
        tuple(tuple(_pieces(aspect, held, listed=False)) for aspect in aspects),
    )


def _pieces(text: str, held: re.Pattern[str], listed: bool) -> list[Piece]:
    found: list[Piece] = []
    code = False
    for line in text.splitlines(keepends=True):
        code ^= line.lstrip().startswith("```")
        whole = line.rstrip("\r\n")
        prefix = (PREFIX.match(whole) or [""])[0]
        if code or "|" in prefix or "```" in line or (listed and prefix.strip()):
            found.append(Piece(line))
            continue
        found.append(Piece(prefix))
        for sentence, gap in pieces(whole[len(prefix) :]):
            found += [_masked(sentence, held), Piece(gap)]
        found.append(Piece(line[len(whole) :]))
    return found


def _masked(sentence: str, held: re.Pattern[str]) -> Piece:
    kept: list[str] = []

    def hold(found: re.Match[str]) -> str:
        kept.append(found[0])
        return f"{{{len(kept)}}}"

    text = held.sub(hold, sentence)
    return Piece(text, tuple(kept), bool(_WORDS.search(_MARK.sub(" ", text))))


def read(told: str, sentences: Sequence[str]) -> dict[str, str] | None:
    """What a model made of each sentence; None where its answer is no JSON object."""
    start, end = told.find("{"), told.rfind("}")
    try:
        found = json.loads(told[start : end + 1])
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    lines = {number: found.get(str(number)) for number in range(1, len(sentences) + 1)}
    return {sentences[number - 1]: line.strip() for number, line in lines.items() if isinstance(line, str)}


def put_together(answer: Answer, page: Page, told: Mapping[str, str], language: Language) -> Answer | None:
    """`answer` in the words of `told`, where they say the same; None where too few of them do."""
    proper = _proper_names(answer)
    taken = {
        sentence: kept
        for sentence, line in told.items()
        if (kept := same(sentence, line, language, proper)) is not None
    }
    wanted = [piece for piece in page.text if piece.translatable]
    left = sum(piece.text not in taken for piece in wanted)
    if (wanted and left > (1 - LEAST) * len(wanted)) or all(line == kept for line, kept in taken.items()):
        return None
    notices = tuple((line, _joined(parts, taken)) for line, parts in page.notices)
    table = answer.comparison
    if table:
        table = replace(table, aspects=tuple(_joined(parts, taken) for parts in page.aspects))
    return replace(
        answer,
        text=_joined(page.text, taken),
        translation=Translation(language.name, answer.text, notices),
        comparison=table,
        notes=(*answer.notes, *_left(left)),
    )


def _proper_names(answer: Answer) -> frozenset[str]:
    """The names in the passages that stand there in small letters nowhere."""
    text = " ".join(passage.chunk.text for passage in answer.passages)
    small = set(re.findall(r"[a-z]{3,}", text))
    return frozenset(name for name in names(text) if name.lower() not in small)


def _joined(parts: Sequence[Piece], taken: Mapping[str, str]) -> str:
    return "".join(piece.whole(taken.get(piece.text) if piece.translatable else None) for piece in parts)


def _left(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    if count == 1:
        return ("1 sentence stays in English: its translation did not pass the check.",)
    return (f"{count} sentences stay in English: their translations did not pass the check.",)
