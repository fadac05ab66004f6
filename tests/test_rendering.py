from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.models import Answer, Citation
from bot.rendering import LIMIT, footer, link, linked, render
from bot.splitting import split
from retrieval.models import Passage
from tests.fakes import HEDGE, PASSAGES, passage


def cited(*passages: Passage) -> tuple[Citation, ...]:
    return tuple(Citation(n, p.paper, p.chunk, p.chunk.text) for n, p in enumerate(passages, 1))


def answer(text: str = "It prunes [1]. It digs [2]. It waits [3].") -> Answer:
    shown = (PASSAGES[0], PASSAGES[2], PASSAGES[1])
    return Answer(text, "question", model="m", citations=cited(*shown), passages=shown)


def test_the_answer_ends_with_its_papers() -> None:
    (reply,) = render(answer())
    body, _, tail = reply.text.partition("\n\n")
    assert body == "It prunes [1]. It digs [2]. It waits [3]."
    hedge, mole, written = tail.splitlines()
    assert written.startswith("-# Written by ") and "checked" in written
    assert hedge == (
        "[1][3] [**HedgeNet: Pruning Networks like Gardens**](<https://papers.example/hedge>) "
        "Ada Rowan, Ben Alder · CVPR 2023, p. 1, 4"
    )
    assert "Cy Birch, Ada Rowan, Di Elm et al. · ICCV 2024, p. 3" in mole


def test_an_older_doi_with_brackets_leads_to_its_paper() -> None:
    paper = replace(HEDGE, url=None, doi="10.1175/1520-0493(1998)126<0001:TCOCMA>2.3.CO;2")
    assert link(paper) == "https://doi.org/10.1175/1520-0493(1998)126%3C0001:TCOCMA%3E2.3.CO;2"


def test_labels_and_summaries_are_marked() -> None:
    owner = replace(HEDGE, title_is_label=True)
    made = replace(answer("So [1]."), citations=cited(passage(owner, "Ours.", kind="summary")))
    (reply,) = render(made)
    assert "**(untitled page) HedgeNet" in reply.text
    assert "summary by Footnote" in reply.text


def test_what_made_the_answer_is_said() -> None:
    quoted = replace(answer(), model=None, notes=("Searched only papers from 2023.",))
    assert "-# Searched only papers from 2023." in render(quoted)[0].text
    assert "without a language model" in render(quoted)[0].text
    fallen = replace(quoted, fallback_from="big-model")
    assert "big-model gave no answer; these are quotes instead." in render(fallen)[0].text
    nothing = replace(fallen, citations=(), refused=True, fallback_reason="could not be reached")
    assert "The language model big-model could not be reached." in render(nothing)[0].text
    assert "without a language model" not in render(answer())[0].text


def test_summaries_and_records_are_not_called_quotes_of_papers() -> None:
    ours = (passage(HEDGE, "Ours.", kind="summary"), passage(HEDGE, "Authors: Ada Rowan", kind="card"))
    (told,) = footer(replace(answer("So [1][2]."), model=None, citations=cited(*ours)))
    assert "not the papers' own" in told and "word for word" not in told
    (mixed,) = footer(replace(answer("So [1][2]."), model=None, citations=cited(ours[0], PASSAGES[0])))
    assert "word for word" in mixed


@pytest.mark.parametrize(
    "text", ["@everyone look", "<@123> and <@&9>", "<#55>", "</ask:1>", "<t:1:R>", "hi @here"]
)
def test_nobody_is_mentioned(text: str) -> None:
    (reply,) = render(answer(text))
    assert not re.search(r"@everyone|@here|<@|<#|</ask|<t:", reply.text)


def test_titles_mention_nobody_and_open_no_formatting() -> None:
    owner = replace(HEDGE, title="**@everyone** [x](https://evil.example) `code", authors=("<@5> _Eve_",))
    made = replace(answer("So [1]."), citations=cited(passage(owner, "Text.")))
    (reply,) = render(made)
    assert "@everyone" not in reply.text
    assert "<@" not in reply.text
    assert "evil.example" not in reply.text
    assert "\\`code" in reply.text


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("See [here](https://evil.example/a).", "See here."),
        ("![cat](https://evil.example/a.png) cat", "cat cat"),
        ("Go to https://evil.example/a now.", "Go to (link removed) now."),
        ("Code at https://papers.example/hedge.", "Code at <https://papers.example/hedge>."),
        ("[the paper](https://papers.example/hedge)", "the paper <https://papers.example/hedge>"),
    ],
)
def test_only_our_papers_are_linked(text: str, seen: str) -> None:
    assert render(answer(text))[0].text.split("\n\n")[0] == seen


def test_a_long_answer_is_split_between_paragraphs_and_loses_nothing() -> None:
    paragraphs = [f"Paragraph {n} tells of pruning and of digging at some length [1]." * 5 for n in range(12)]
    replies = render(answer("\n\n".join(paragraphs)))
    assert len(replies) > 2
    assert all(len(reply.text) <= LIMIT for reply in replies)
    assert all(paragraph in "\n\n".join(reply.text for reply in replies) for paragraph in paragraphs)


def test_a_code_block_is_closed_and_opened_again() -> None:
    table = "\n".join(f"| row {n} | {n * n} |" for n in range(40))
    parts = split(f"Before\n```text\n{table}\n```\nAfter [1]", 200)
    assert all(part.count("```") % 2 == 0 for part in parts)
    assert all(part.startswith(("Before", "```text")) for part in parts)
    rows = [line for part in parts for line in part.splitlines() if line.startswith("|")]
    assert rows == table.splitlines()


def test_list_lines_stay_whole() -> None:
    lines = [f"{n}. A paper title of some length: “It does a thing.” [{n}]" for n in range(1, 30)]
    parts = split("\n".join(lines), 300)
    assert [line for part in parts for line in part.splitlines()] == lines


_SCRAPS = st.sampled_from(
    ["word ", "[12]", " [3]", ". ", "\n", "\n\n", "longerword" * 3, "| a | b |\n", "é", "x" * 70]
)


@given(st.lists(_SCRAPS, max_size=60).map("".join), st.integers(60, 200))
def test_parts_fit_and_keep_every_mark(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert all(0 < len(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert [m for part in parts for m in re.findall(r"\[\d+\]", part)] == re.findall(r"\[\d+\]", text)


@given(st.text(alphabet=st.sampled_from("`~ab \n"), max_size=300))
def test_any_fences_fit(text: str) -> None:
    assert all(len(part) <= 60 for part in split(text, 60))


def prose(length: int) -> str:
    return ("Some words of an answer. " * (length // 20))[:length].strip()


LIST = "\n".join(f"- point {n} with some words, and more of them" for n in range(5))
POINTS = {
    "code": "```text\n" + "\n".join(f"line {n} of the code that stays whole" for n in range(5)) + "\n```",
    "table": "\n".join(f"| row {n} | a cell with words | another |" for n in range(5)),
    "list": LIST,
    "list with details": LIST.replace(", and more", "\n  and more"),
}


@pytest.mark.parametrize("block", POINTS.values(), ids=POINTS)
@pytest.mark.parametrize("before", [20, 60, 150, 190, 230, 290])
def test_a_block_that_fits_into_a_message_is_never_torn(before: int, block: str) -> None:
    text = f"{prose(before)}\n\n{block}\n\n{prose(120)}"
    parts = split(text, 300)
    assert max(map(len, parts)) <= 300
    assert sum(block in part for part in parts) == 1
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_a_list_that_is_longer_than_a_message_is_cut_between_its_points() -> None:
    points = [f"{n}. {'Many words about this one. ' * 4}[{n}]\n   and its facts" for n in range(1, 20)]
    parts = split("\n".join(points), 300)
    assert len(parts) > 5
    assert [line for part in parts for line in part.splitlines()] == "\n".join(points).splitlines()
    assert all(re.match(r"\d+\. ", part) and part.endswith("and its facts") for part in parts)


@pytest.mark.parametrize(
    ("title", "url", "shown"),
    [
        ("Tides", "https://a.example/t", "[**Tides**](<https://a.example/t>)"),
        ("Tides", "https://a.example/t(1)x", "[**Tides**](<https://a.example/t%281%29x>)"),
        ("Tides [Extended]", "https://a.example/t", "**Tides [Extended]** <https://a.example/t>"),
        ("See https://b.example", "https://a.example/t", "**See https://b.example** <https://a.example/t>"),
        ("Tides", "https://a.example/" + "t" * 400, "**Tides**"),
        ("Tides", "javascript:alert(1)", "**Tides**"),
        ("Tides", None, "**Tides**"),
    ],
)
def test_a_title_leads_to_its_paper_unless_that_would_break(title: str, url: str | None, shown: str) -> None:
    assert linked(replace(HEDGE, title=title, url=url, doi=None), title) == shown
