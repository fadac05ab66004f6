"""What a person in a terminal sees: an answer with its footnotes, while it is written and when it is done."""

from __future__ import annotations

import asyncio
import io
import json
import os
from dataclasses import replace
from typing import Any

import pytest
from rich.console import Console

from bot import terminal
from bot.answerer import Answerer, OnText
from bot.assistant import Assistant
from bot.comparison import compared
from bot.models import Answer, Citation, Question, Usage
from retrieval.models import Chunk, Paper, SearchResult
from tests.command_line import FOOTNOTE, printed
from tests.fake_openai import FakeOpenAI, serve
from tests.fakes import PASSAGES

LAMPS = Paper(
    id="p1",
    title="Lamps that Dim Themselves",
    authors=("Ada Falk", "Bo Lindqvist", "Cem Aydin", "Dana Okafor"),
    year=2023,
    venue="LIGHT",
    doi="10.1/lamps",
)
PAGE = Paper(id="p2", title="A page about moths", title_is_label=True)


def _cited(n: int, paper: Paper, quote: str, **chunk: Any) -> Citation:
    return Citation(n, paper, Chunk(id=f"c{n}", paper_id=paper.id, source="s", text=quote, **chunk), quote)


WRITTEN = Answer(
    text="They dim [1], and dim again [3]. Moths like it [2].",
    route="question",
    model="tiny",
    citations=(
        _cited(1, LAMPS, "Seven lamps\nwere dimmed.", page=7),
        _cited(2, PAGE, "Moths come to lamps.", kind="summary"),
        _cited(3, LAMPS, "They were dimmed again.", page=9),
    ),
    notes=("2 papers of unknown year were left out.",),
)


def test_a_written_answer_comes_with_the_words_it_rests_on() -> None:
    lines = printed(WRITTEN).splitlines()
    assert lines == [
        "They dim [1], and dim again [3]. Moths like it [2].",
        "",
        "[1][3] Lamps that Dim Themselves. Ada Falk, Bo Lindqvist, Cem Aydin et al. LIGHT 2023, p. 7, 9. "
        "https://doi.org/10.1/lamps",
        "    [1] “Seven lamps were dimmed.”",
        "    [3] “They were dimmed again.”",
        "",
        "[2] (untitled page) A page about moths. summary by Footnote.",
        "    [2] Summary by Footnote: Moths come to lamps.",
        "",
        "2 papers of unknown year were left out.",
        "Written by tiny from these papers; each sentence was checked against the passages it cites.",
    ]


def test_a_terminal_gets_colour_and_wrapped_lines() -> None:
    told = printed(WRITTEN, terminal_width=60)
    assert "\x1b[" in told
    assert max(len(line) for line in told.splitlines()) < 90  # 60 and the codes of the colours


def test_the_words_under_a_footnote_are_indented_on_each_of_their_lines() -> None:
    lines = printed(WRITTEN, terminal_width=40).splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("    ["))
    assert lines[start + 1].startswith("    ") and lines[start + 1].strip()


def test_what_a_quoted_answer_has_said_is_not_said_again() -> None:
    quoted = Answer(
        text="Lamps: “Moths come to lamps.” [1]",
        route="question",
        citations=(_cited(1, LAMPS, "Moths come to lamps."),),
    )
    told = printed(quoted)
    assert told.count("Moths come") == 1 and "without a language model" in told


def test_a_model_that_failed_is_named() -> None:
    told = printed(Answer(text="x", route="question", fallback_from="tiny", citations=WRITTEN.citations))
    assert "tiny" in told


def test_signs_that_a_terminal_obeys_are_not_printed() -> None:
    odd = replace(WRITTEN, text="They \x1b]0;owned\x07dim\x9b5m [1].", notes=("So \x1b[31mthis.",))
    told = printed(odd)
    assert "They ]0;owneddim5m [1]." in told and "So [31mthis." in told
    assert not terminal.CONTROL.search(told)


class Telling(Assistant):
    """Tells how far it is, and records whether somebody listens."""

    def __init__(self) -> None:
        super().__init__(_Nothing(), Answerer(None))
        self.listened: list[bool] = []

    async def answer(self, question: Question, on_text: OnText | None = None) -> Answer:
        self.listened.append(on_text is not None)
        if on_text is not None:
            await on_text("They d")
            await asyncio.sleep(0.2)
        return WRITTEN


class _Nothing:
    def search(self, *_: Any, **__: Any) -> SearchResult:
        raise AssertionError("nobody searches here")

    def papers(self, *_: Any) -> Any:
        raise AssertionError("nobody lists here")

    def passages_of(self, _: str) -> Any:
        raise AssertionError("nobody reads here")

    def holding(self, *_: Any) -> Any:
        raise AssertionError("nobody looks here")


async def test_an_answer_is_shown_while_it_is_written_only_on_a_terminal() -> None:
    assistant = Telling()
    piped = Console(file=io.StringIO(), force_terminal=False)
    assert await terminal.ask(assistant, Question("q"), piped) == WRITTEN
    shown = Console(file=io.StringIO(), force_terminal=True, width=60)
    assert await terminal.ask(assistant, Question("q"), shown) == WRITTEN
    assert assistant.listened == [False, True]
    assert isinstance(piped.file, io.StringIO) and piped.file.getvalue() == ""
    assert isinstance(shown.file, io.StringIO) and "They d" in shown.file.getvalue()


# -- with a language model, through the whole house


LENGTH = "How long does KiteNet hold the wing?"


async def _ask(*options: str, question: str = LENGTH) -> tuple[int | None, str, str]:
    process = await asyncio.create_subprocess_exec(
        *FOOTNOTE,
        "ask",
        question,
        *options,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=dict(os.environ),
    )
    out, err = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode, out.decode(), err.decode()


async def test_a_model_writes_and_its_citations_are_kept(environment: pytest.MonkeyPatch) -> None:
    async with serve(FakeOpenAI()) as fake:
        environment.setenv("OPENAI_BASE_URL", fake.url)
        environment.setenv("OPENAI_MODEL", "tiny")
        status, out, err = await _ask("--json")
    record = json.loads(out)
    assert (status, err) == (0, "")
    assert record["model"] == "tiny" and "fallback_from" not in record
    assert record["citations"][0]["sources"] == ["papers.jsonl#kites"]
    assert len(fake.requests) == 1


async def test_a_german_question_is_answered_in_german(environment: pytest.MonkeyPatch) -> None:
    asked = "Wie lange hält KiteNet den Flügel?"
    async with serve(FakeOpenAI(english={asked: LENGTH})) as fake:
        environment.setenv("OPENAI_BASE_URL", fake.url)
        environment.setenv("OPENAI_MODEL", "tiny")
        status, out, err = await _ask("--json", question=asked)
    record = json.loads(out)
    assert (status, err) == (0, "")
    assert (record["language"], record["model"]) == ("German", "tiny")
    assert record["answer"] != record["english"] and "auf 412 hours von flight. [1]" in record["answer"]
    assert [str(request["messages"][0]["content"])[:9] for request in fake.requests] == [
        "Put the l",
        "You answe",
        "You trans",
    ]


async def test_a_model_that_is_gone_is_replaced_by_quotes_and_named(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    environment.setenv("OPENAI_MODEL", "tiny")
    status, out, _ = await _ask("--json")
    record = json.loads(out)
    assert status == 0
    assert (record["model"], record["fallback_from"]) == (None, "tiny")
    assert record["fallback_reason"] == "could not be reached"
    assert "97.5 percent" in record["answer"]


def test_what_an_answer_took_is_shown_and_an_estimate_named_as_one() -> None:
    told = printed(replace(WRITTEN, usage=Usage(1200, 80, cost=0.00023)))
    assert "Tokens: 1200 read, 80 written, about 0.00023 at the prices of the settings." in told
    free = printed(replace(WRITTEN, usage=Usage(1200, 80, estimated=True)))
    assert "Tokens: about 1200 read, about 80 written." in free


def test_a_comparison_is_a_table_on_a_terminal_and_a_text_in_a_pipe() -> None:
    found = compared("Compare HedgeNet and MoleFormer", "Compare HedgeNet and MoleFormer", PASSAGES)
    assert found is not None
    answer = Answer(text="As text.", route="compare", comparison=found[1])
    shown = printed(answer, terminal_width=90)
    assert "│" in shown and "As text." not in shown, "nothing is said twice"
    assert "│" not in printed(answer) and "As text." in printed(answer)
    quoted = replace(answer, text=found[0].text, citations=found[0].citations)
    shown = " ".join(printed(quoted, terminal_width=90).split())
    assert quoted.citations and all(shown.count(" ".join(one.quote.split())) for one in quoted.citations)
    assert "not reported" in printed(replace(answer, model="tiny")), "a model's text holds no quotes"
