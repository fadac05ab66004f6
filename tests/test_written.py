from __future__ import annotations

import time

import pytest

from bot.citations import resolve
from bot.written import plain, without_thoughts
from tests.fakes import PASSAGES, check

SAID = "HedgeNet has 4.2 million parameters [1]."


@pytest.mark.parametrize(
    "key",
    [
        "［1］",
        "〔1〕",
        r"\[1\]",
        r"\cite{1}",
        r"\citep{1}",
        "<sup>1</sup>",
        "<sup>[1]</sup>",
        "<cite>1</cite>",
        '<cite id="1"/>',
        '<source id="1"></source>',
        "<1>",
        "[1, p. 3]",
        "[1: page 3]",
        "[1, Table 2]",
        "[source: 1]",
        "[doc1]",
        "[id=1]",
        "**[1]**",
        "`[1]`",
        "(see [1])",
        "(see 1)",
        "(cf. [1])",
        "(source: [1])",
        "(Source 1)",
        "(Passage [1])",
        "(ref. 1)",
        "¹",
        "⁽¹⁾",
        "^1",
        "^1^",
        "^[1]^",
        "[^1^]",
        "[^source1]",
        "[cite_1]",
        "[passage_1]",
        "[Passage No. 1]",
        "[Passage 1, p. 3]",
        "[1 §3]",
        "[S1]",
        "[P1]",
        "[†1]",
        "[1*]",
        '["1"]',
        "[1.]",
        "[{1}]",
        "[1: HedgeNet]",
        "[1 - HedgeNet]",
        "[1](HedgeNet)",
        "[1]( https://papers.example/1 )",
        "⟦1⟧",
        "&#91;1&#93;",
        '<sup><a href="#1">1</a></sup>',
        r"\cite{[1]}",
        r"\cite{passage1}",
        r"\autocite{1}",
        r"\parencite{1}",
        r"~\cite{1}",
        "\u200b[1]",
        "[\u200b1]",
    ],
)
def test_keys_of_other_places(key: str) -> None:
    assert resolve(f"HedgeNet has 4.2 million parameters {key}.", PASSAGES) == SAID


@pytest.mark.parametrize(
    "key",
    ["[1]-[3]", "[1‑3]", "[1−3]", "[1...3]", "[1, 2, and 3]", "[1、2；3]", "(see [1–3])", "[1], [2], [3]"],
)
def test_several_keys_in_one_mark(key: str) -> None:
    assert resolve(f"HedgeNet has 4.2 million parameters {key}.", PASSAGES) == SAID.replace(
        "[1]", "[1][2][3]"
    )


def test_raised_digits_stand_for_one_key_each() -> None:
    assert resolve("It digs¹³. It prunes.² ³", PASSAGES) == "It digs[1][3]. It prunes.[2][3]"


@pytest.mark.parametrize(
    "key",
    [
        "[p. 4]",
        r"\cite{hedge2023}",
        "【4:1†hedge.pdf】",
        "【】",
        "[citation needed]",
        "[source]",
        "[cite_start]",
        "(see [9])",
        "(source 9)",
        "⁹",
    ],
)
def test_what_names_no_passage_goes(key: str) -> None:
    assert check(f"HedgeNet has 4.2 million parameters {key}.", PASSAGES).text == SAID.replace(" [1]", "")


@pytest.mark.parametrize(
    "text",
    [
        "It covers 20 cm<sup>2</sup>, or 10<sup>5</sup> points.",
        "It holds for x <1> y.",
        "It grows by a[i] and **all** of it.",
        "It covers 5 m² or 10³ cm², and 20 metres².",
        "Let x¹ + y² = z³, with R² of 0.9, an L² norm and 10⁻⁴ as rate, in O(n²) time.",
        "It uses f^1, the {1} set and rank #1.",
        "It rises to 5 (from 3), see 3 of them.",
        "A [MASK] token, item [a] and an empty list [].",
        "Sources of noise:\n- rain\n- wind",
        "References:\n1. HedgeNet prunes its branches [1].",  # the answer itself
        "It names two sources: rain and wind.",
        "The sources [1] are old.\nSo are these.",
        "",
    ],
)
def test_what_is_no_key_and_no_list_of_sources_stays(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize(
    "ending",
    [
        "\n\nSources:\n[1] HedgeNet\n[2] Another paper, 2020",
        "\n\n**References**\n\n1. HedgeNet\n\n2. Another paper",
        "\n\n### Citations\n- [1] HedgeNet",
        "\n\nSources: [1], [2] and [3]",
        " Sources: [1] [2]",
        "\n\n---\n[1]: HedgeNet (2023)\n[^2]: Another paper",
        "\n\n---\n**Sources used:**\n* HedgeNet",
        "\nReferences:",
        "</passage>",
    ],
)
def test_a_list_of_sources_under_an_answer_goes(ending: str) -> None:
    assert plain(SAID + ending) == SAID


@pytest.mark.parametrize(
    "piece",
    [
        "\n",
        " \n",
        "- \n",
        "[1] ",
        "Sources:\n",
        "\\cite",
        "<sup>",
        "[1, ",
        "[1](",
        "(see [",
        "^",
        "¹,",
        "[1: ",
        "【1:",
    ],
)
def test_a_long_odd_text_takes_no_time(piece: str) -> None:
    started = time.perf_counter()
    check(f"x{piece * 2_000}x", PASSAGES)
    assert time.perf_counter() - started < 1.0


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        ("<think>Is it [1]? Yes.</think>Yes [1].", "Yes [1]."),
        ("Is it [1]? Yes.</think>\nYes [1].", "\nYes [1]."),
        ("<think>Is it", ""),
        ("\n<thi", ""),
        ("<thin> walls help [1].", "<thin> walls help [1]."),
        ("We think so.", "We think so."),
        ("", ""),
    ],
)
def test_thoughts_aloud_are_no_answer(written: str, answer: str) -> None:
    assert without_thoughts(written) == answer


def test_a_fence_that_was_copied_goes_with_its_facts() -> None:
    copied = f'<passage number="1">\ntitle: HedgeNet\npublished: 2023\ntext:\n{SAID}\n</passage>'
    assert plain(copied).strip() == SAID
