"""Graded answers -> one page of HTML, to be read question by question. Pure; needs nothing from elsewhere.

Questions, papers and models write anything, so every word of theirs is escaped, and the page lets no script,
picture or address be loaded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from bot.evaluate import Grade, Graded, Row, table
from bot.models import Answer, Citation
from bot.rendering import footer, place, title

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; font-size: .85rem; display: block; overflow-x: auto; }
th, td { padding: .2rem .6rem; text-align: right; border-bottom: 1px solid #8884; white-space: nowrap; }
th:first-child, td:first-child { text-align: left; }
article { border-top: 2px solid #8886; margin-top: 2rem; padding-top: .5rem; }
.good { color: #0a7d33; } .bad { color: #c02020; font-weight: 600; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; background: #8881; padding: .7rem 1rem; }
.small { font-size: .85rem; opacity: .8; overflow-wrap: anywhere; }
blockquote { margin: .2rem 0 .8rem 1rem; padding-left: .8rem; border-left: 3px solid #8886; }
@media (prefers-color-scheme: dark) {
  body { background: #17181c; color: #e4e4e7; } .good { color: #5fd38a; } .bad { color: #ff7b7b; }
  a { color: #8ab4f8; }
}
"""
_HEAD = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Footnote: answers held against gold questions</title><style>{style}</style></head><body>
"""
_COLUMNS = {
    "questions": "n",
    "answered": "answered",
    "refused": "refused rightly",
    "complete": "says all it must",
    "cited": "cites a right paper",
    "verbatim": "quotes verbatim",
    "resolved": "marks resolved",
    "supported": "claims supported",
    "numbers": "numbers found",
    "tokens": "tokens",
    "cost": "cost",
    "p50": "ms p50",
    "p95": "ms p95",
}


def page(graded: Sequence[Graded]) -> str:
    """The whole page: the table, what went wrong, and every question with its answer."""
    faulty = [one for one in graded if faults(one.grade)]
    parts = [
        _HEAD.format(style=_STYLE),
        "<h1>Answers held against gold questions</h1>",
        _table(table([one.grade for one in graded])),
        f"<h2>{len(faulty)} of {len(graded)} with a fault</h2>",
        f"<ul>{''.join(_entry(one) for one in faulty)}</ul>",
        "<h2>Question by question</h2>",
        *(_article(one) for one in graded),
        "</body></html>\n",
    ]
    return "\n".join(parts)


def faults(grade: Grade) -> list[str]:
    """What is wrong with an answer, in words; [] where nothing is."""
    told = {
        "refused, though there is an answer": grade.answerable and grade.refused,
        "answered, though there is no answer": not grade.answerable and not grade.refused,
        "does not say all it must": grade.answerable and not grade.complete,
        "cites no right paper": grade.cited is False and not grade.refused,
        "cites a paper that must not come": grade.forbidden,
        "a quote is not word for word": not all(grade.verbatim),
        "a mark without its footnote": not all(grade.resolved),
        "a claim without support": not all(grade.supported),
        "a number that no cited passage holds": not all(grade.numbers),
    }
    return [fault for fault, is_so in told.items() if is_so]


def _table(rows: Sequence[Row]) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in ("kind", *_COLUMNS.values()))
    lines = [
        f"<tr><td>{escape(row.kind)}</td>"
        + "".join(f"<td>{escape(_cell(getattr(row, name)))}</td>" for name in _COLUMNS)
        + "</tr>"
        for row in rows
    ]
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"


def _cell(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _entry(one: Graded) -> str:
    told = _marked(False, "; ".join(faults(one.grade)))
    return f'<li><a href="#{_anchor(one)}">{escape(one.gold.question)}</a>: {told}</li>'


def _anchor(one: Graded) -> str:
    """An id that no text can break out of."""
    return "q-" + "".join(
        char if char.isascii() and char.isalnum() else f"-{ord(char):x}" for char in one.gold.id
    )


def _article(one: Graded) -> str:
    gold, answer, grade = one.gold, one.answer, one.grade
    wrong = faults(grade)
    verdict = _marked(not wrong, "; ".join(wrong) or "good")
    facts = f"{gold.id} · {gold.kind} · {grade.words} words · {grade.ms:.0f} ms"
    facts += f" · {grade.tokens} tokens · cost {grade.cost:.4g}" if grade.tokens else ""
    said = "".join(
        f'<p class="small">before: {escape(asked)}<br>answered: {escape(told)}</p>'
        for asked, told in gold.history
    )
    parts = [
        f'<article id="{_anchor(one)}"><h3>{escape(gold.question)}</h3>',
        f'<p class="small">{escape(facts)}</p>{said}<p>{verdict}</p>',
        f'<div class="text">{escape(answer.text)}</div>',
        *(f'<p class="small">{escape(note)}</p>' for note in footer(answer)),
        _must(one),
        *map(_footnote, answer.citations),
        _passages(answer),
        "</article>",
    ]
    return "\n".join(part for part in parts if part)


def _must(one: Graded) -> str:
    """What the answer had to say, and whether it did."""
    if not one.gold.must_include:
        return ""
    items = zip(one.gold.must_include, one.grade.included, strict=True)
    told = " · ".join(_marked(there, f"{'✓' if there else '✗'} {' / '.join(item)}") for item, there in items)
    expected = f'<p class="small">expected: {escape(one.gold.answer)}</p>' if one.gold.answer else ""
    return f"{expected}<p>must say: {told}</p>"


def _marked(good: bool, text: str) -> str:
    return f'<span class="{"good" if good else "bad"}">{escape(text)}</span>'


def _footnote(citation: Citation) -> str:
    where = ", ".join(part for part in (title(citation.paper), place([citation])) if part)
    head = f'<p class="small">[{citation.n}] {escape(where)}</p>'
    return f"{head}<blockquote>{escape(citation.quote)}</blockquote>"


def _passages(answer: Answer) -> str:
    """What the answer was written from, closed until a reader opens it."""
    if not answer.passages:
        return ""
    return "<details><summary>passages</summary>" + "".join(_passage_lines(answer)) + "</details>"


def _passage_lines(answer: Answer) -> Iterator[str]:
    for number, passage in enumerate(answer.passages, 1):
        head = f"{number}. {title(passage.paper)} · {passage.chunk.section} · {passage.score:.2f}"
        yield f'<p class="small">{escape(head)}</p><blockquote>{escape(passage.chunk.text)}</blockquote>'
