"""How an answer is graded, and the report that is read question by question."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from bot.evaluate import Graded, grade, numbers_found, table
from bot.models import Answer, Citation, Usage
from bot.report import faults, page
from retrieval.gold import Gold
from tests.command_line import bare_settings, footnote
from tests.fakes import HEDGE, MOLE, PASSAGES

GOLD = Gold(
    id="g1",
    kind="factual",
    question="How many parameters does HedgeNet have?",
    gold_papers=("hedge",),
    must_include=(("4.2",),),
)
SIZE = Citation(1, HEDGE, PASSAGES[0].chunk, "HedgeNet has 4.2 million parameters")
SPEED = Citation(2, MOLE, PASSAGES[2].chunk, "It needs 18 ms for one scan")


def written(text: str, *citations: Citation) -> Answer:
    return Answer(text=text, route="question", model="m", citations=citations, usage=Usage(90, 10, cost=0.5))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It has 4.2 million parameters [1] and needs 18 ms [2].", (True, True)),
        ("It has 5 million parameters [1].", (False,)),
        ("It has 18 [1] and 4.2 [2].", (False, False)),
        ("It has 4.2 million and needs 18 ms [1][2].", (True, True)),
        ("3. HedgeNet: “It has 4.2 million” [1]", (True,)),
        ("2 papers fit this:\n1. It has 4.2 million [1]", (True,)),
        ("It is of 2023 [1].", (True,)),
        ("It needs 18 ms, they say.", (False,)),
        ("It prunes [1].", ()),
    ],
)
def test_numbers_are_looked_up_where_their_footnotes_lead(text: str, found: tuple[bool, ...]) -> None:
    assert numbers_found(written(text, SIZE, SPEED)) == found


def test_what_stands_behind_the_first_words_is_not_said() -> None:
    late = written(f"{'so ' * 119}then 4.2 million [1].", SIZE)
    assert grade(GOLD, late, {}).included == (False,)
    assert grade(replace(GOLD, kind="compare"), late, {}).included == (True,)


def test_a_title_under_the_answer_counts_where_a_paper_is_looked_for() -> None:
    gold = replace(GOLD, must_include=(("Pruning Networks",),))
    told = written("This one [1].", SIZE)
    assert grade(gold, told, {}).included == (False,)
    assert grade(replace(gold, kind="find"), told, {}).included == (True,)


def test_an_answer_counts_as_complete_with_all_its_items_and_its_cost_is_summed() -> None:
    gold = replace(GOLD, must_include=(("4.2",), ("nine",)))
    grades = [grade(gold, written("4.2 million [1].", SIZE), {}) for _ in range(2)]
    row = table(grades)[-1]
    assert (row.complete.hits, row.complete.of) == (0, 2)
    assert (row.included.hits, row.included.of) == (2, 4)
    assert (row.numbers.hits, row.numbers.of) == (2, 2)
    assert (row.cost, row.tokens) == (1.0, 100.0)


def test_faults_are_named() -> None:
    wrong = grade(GOLD, written("It has 5 million parameters [1].", SPEED, SIZE), {})
    assert faults(wrong) == [
        "does not say all it must",
        "a claim without support",
        "a number that no cited passage holds",
    ]
    refused = grade(GOLD, Answer(text="Nothing.", route="question", refused=True), {})
    assert faults(refused)[0] == "refused, though there is an answer"
    assert faults(grade(GOLD, written("It has 4.2 million parameters [1].", SIZE), {})) == []


EVIL = '<script>alert("1")</script> & <img src=x onerror=alert(2)>'


def test_the_report_lets_no_text_be_more_than_text() -> None:
    paper = replace(HEDGE, title=EVIL)
    citation = replace(SIZE, paper=paper, quote=EVIL)
    gold = replace(GOLD, id=f'"{EVIL}', kind=EVIL, question=EVIL, answer=EVIL, history=((EVIL, EVIL),))
    gold = replace(gold, must_include=((EVIL,),))
    answer = replace(
        written(f"{EVIL} [1]", citation),
        model=EVIL,
        notes=(EVIL,),
        passages=(replace(PASSAGES[0], paper=paper),),
    )
    html = page([Graded(gold, answer, grade(gold, answer, {}))])
    assert "&lt;script&gt;" in html
    tags = set(re.findall(r"</?([a-zA-Z!][\w]*)", html))
    assert not tags & {"script", "img"}
    assert "onerror=alert(2)&gt;" in html and not re.search(r"<[^>]*\bonerror", html)
    assert "default-src 'none'" in html and "http://" not in html and "https://" not in html


def test_the_report_leads_to_what_went_wrong() -> None:
    good = Graded(GOLD, written("It has 4.2 million parameters [1].", SIZE), None)  # type: ignore[arg-type]
    good = replace(good, grade=grade(GOLD, good.answer, {}))
    bad_gold = replace(GOLD, id="g/2 ü")
    bad = Graded(bad_gold, Answer(text="Nothing.", route="question", refused=True), good.grade)
    bad = replace(bad, grade=grade(bad_gold, bad.answer, {}))
    html = page([good, bad])
    assert "1 of 2 with a fault" in html
    (target,) = re.findall(r'<a href="#([\w-]+)"', html)
    assert html.count(f'id="{target}"') == 1
    assert "✓ 4.2" in html and "✗ 4.2" in html


def test_the_command_writes_the_report_or_says_why_not(small_library: Path, tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text(json.dumps({"id": "1", "question": "Who won the chess olympiad?", "gold_papers": []}))
    with bare_settings(tmp_path, small_library):
        made = footnote("evaluate", "answers", gold, "--html", tmp_path / "report.html")
        not_made = footnote("evaluate", "answers", gold, "--html", tmp_path / "nowhere" / "report.html")
    assert made.exit_code == 0, made.output
    assert "Who won the chess olympiad?" in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert not_made.exit_code == 2 and "cannot be written" in not_made.stderr
