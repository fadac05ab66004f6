"""Batches for scripts: questions in as JSON lines, one JSON object out for each, in order.

    {"id", "question", "history": [{"question", "answer"}]?,
     "filters": {"year_from", "year_to", "venue", "author", "paper"}?}

Empty lines are skipped, and keys beside these ignored, but not an unknown filter, nor `filter` for `filters`:
the answer would be another than was asked for. A line that cannot be read or answered gives
`{"id", "error": {"kind", "message"}}`, where `kind` is the name of the error's class, and the batch goes on.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from bot.errors import BadQuestion, BotError
from bot.filters import check_names, checked
from bot.models import Answer, Citation, Question, Turn, Usage
from bot.searchable import PAPERS, PASSAGES
from retrieval.errors import RetrievalError
from retrieval.models import NO_FILTERS, Filters, Passage, RankedPaper, SearchResult

Record = dict[str, Any]
"""What becomes one JSON object."""

KEYS = ("id", "question", "history", "filters")
MISSPELT = 0.85
"""How like one of these a misspelt key is, of 1 (difflib's ratio): `Filter` is, `idea` is not."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a batch: its question, or why there is none."""

    id: object  # any JSON value, handed back as it came; None where there is none
    question: Question | None = None
    fault: BadQuestion | None = None


def parse(line: bytes) -> Line | None:
    """The question of one line; None for an empty one. A bad line is a Line with its fault."""
    if not line.strip():
        return None
    try:
        row = json.loads(line.decode("utf-8-sig"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        return Line(None, fault=BadQuestion(f"The line is not JSON in UTF-8: {error}."))
    if not isinstance(row, dict):
        return Line(None, fault=BadQuestion("The line is not a JSON object."))
    try:
        return Line(row.get("id"), question=_question(row))
    except BadQuestion as fault:
        return Line(row.get("id"), fault=fault)


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not a JSON value")


def _question(row: Mapping[str, Any]) -> Question:
    missing = [key for key in KEYS if key not in row]
    for name in (key for key in row if key not in KEYS):
        if near := get_close_matches(name.casefold(), missing, n=1, cutoff=MISSPELT):
            raise BadQuestion(f"There is no key {name!r}. The nearest is {near[0]}.")
    text = _text(row.get("question"), "question")
    if not text.strip():
        raise BadQuestion("The question is empty.")
    return Question(text, _history(row.get("history")), _filters(row.get("filters")))


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise BadQuestion(f"{name} must be a string.")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise BadQuestion(f"{name} holds half of a surrogate pair.") from error
    return value


def _history(value: object) -> tuple[Turn, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(turn, dict) for turn in value):
        raise BadQuestion("history must be a list of objects with question and answer.")
    return tuple(
        Turn(_text(turn.get("question"), "history.question"), _text(turn.get("answer"), "history.answer"))
        for turn in value
    )


def _filters(value: object) -> Filters:
    if value is None:
        return NO_FILTERS
    if not isinstance(value, dict):
        raise BadQuestion("filters must be an object.")
    check_names(value)
    year_from, year_to = (_year(value.get(name), name) for name in ("year_from", "year_to"))
    venue, author, paper = (_name(value.get(name), name) for name in ("venue", "author", "paper"))
    return checked(Filters(year_from, year_to, venue, author, paper))


def _year(value: object, name: str) -> int | None:
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise BadQuestion(f"filters.{name} must be a whole number.")
    return value


def _name(value: object, name: str) -> str | None:
    """The name without blanks around it; None where nothing else is left, which filters nothing."""
    return None if value is None else _text(value, f"filters.{name}").strip() or None


def run(
    lines: Iterable[bytes],
    answer: Callable[[Question], Record],
    write: Callable[[Record], None],
) -> int:
    """Answer each line by itself, in order, and write its record at once. Returns how many failed."""
    failed = 0
    for number, raw in enumerate(lines, 1):
        line = parse(raw)
        if line is not None:
            record = _record(line, answer, number)
            failed += "error" in record
            write(record)
    return failed


def _record(line: Line, answer: Callable[[Question], Record], number: int) -> Record:
    if line.question is None:
        fault = line.fault or "There is no question."
        return {"id": line.id, "error": _error(BadQuestion(f"Line {number}: {fault}"))}
    try:
        return {"id": line.id, **answer(line.question)}
    except (BotError, RetrievalError) as error:
        return {"id": line.id, "error": _error(error)}


def _error(error: Exception) -> Record:
    return {"kind": type(error).__name__, "message": str(error)}


def answer_record(answer: Answer) -> Record:
    """What `ask --json` prints of an answer, without the id. Times are in milliseconds."""
    return {
        "answer": answer.text,
        "refused": answer.refused,
        "route": answer.route,
        "model": answer.model,
        **(
            {"fallback_from": answer.fallback_from, "fallback_reason": answer.fallback_reason}
            if answer.fallback_from
            else {}
        ),
        **(
            {"language": answer.translation.language, "english": answer.translation.english}
            if answer.translation
            else {}
        ),
        "citations": [
            {
                "n": citation.n,
                "title": citation.paper.title,
                "title_is_label": citation.paper.title_is_label,
                "sources": citation.paper.sources,
                "page": citation.page,
                **_preprint(citation),
                "quote": citation.quote,
                **({"retracted": citation.paper.retracted} if citation.paper.retracted else {}),
            }
            for citation in answer.citations
        ],
        **_search_record(answer.papers[:PAPERS], answer.passages),
        **({"usage": _usage_record(answer.usage)} if answer.usage else {}),
        "timings_ms": {"search": round(answer.search_ms, 1), "answer": round(answer.answer_ms, 1)},
    }


def _preprint(citation: Citation) -> Record:
    """The preprint that the words are from, where the paper was published since."""
    found = citation.paper.preprint_of(citation.chunk.source)
    return {"preprint": {"venue": found.venue, "year": found.year, "doi": found.doi}} if found else {}


def _usage_record(usage: Usage) -> Record:
    """What the language models took for one answer. `cost` is in the currency of the prices."""
    return {
        "tokens_read": usage.read,
        "tokens_written": usage.written,
        "estimated": usage.estimated,
        "cost": round(usage.cost, 8),
    }


def result_record(result: SearchResult, papers: int) -> Record:
    """What `search --json` prints of a result, without the id: at most `papers` papers."""
    return _search_record(result.papers[:papers], result.passages)


def _search_record(papers: Sequence[RankedPaper], passages: Sequence[Passage]) -> Record:
    """Papers and at most PASSAGES passages, best first."""
    return {
        "papers": [
            {
                "title": found.paper.title,
                "sources": found.paper.sources,
                "score": float(found.score),
                **({"retracted": found.paper.retracted} if found.paper.retracted else {}),
            }
            for found in papers
        ],
        "passages": [_passage(passage) for passage in passages[:PASSAGES]],
    }


def _passage(passage: Passage) -> Record:
    return {
        "title": passage.paper.title,
        "sources": passage.paper.sources,
        "section": passage.chunk.section,
        "page": passage.chunk.page,
        "text": passage.chunk.text,
        "score": float(passage.score),
    }
