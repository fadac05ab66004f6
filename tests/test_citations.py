from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.citations import KEY, quote, renumbered, resolve, unfinished_key_cut
from tests.fakes import PASSAGES, check


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("It prunes [1].", "It prunes [1]."),
        ("It prunes.[1]", "It prunes.[1]"),
        ("Both do [1, 2].", "Both do [1][2]."),
        ("Both do [1; 2].", "Both do [1][2]."),
        ("Both do [1] [2].", "Both do [1] [2]."),
        ("All do [1-3].", "All do [1][2][3]."),
        ("All do [1–3].", "All do [1][2][3]."),
        ("It prunes 【1】.", "It prunes [1]."),
        ("It prunes 【1†source】.", "It prunes [1]."),
        ("It prunes [^1].", "It prunes [1]."),
        ("It prunes [[1]].", "It prunes [1]."),
        ("It prunes [1](https://evil.example/x).", "It prunes [1]."),
        ("It prunes [passage 1].", "It prunes [1]."),
        ("It prunes [Passage 1, Passage 2].", "It prunes [1][2]."),
        ("It prunes ([1]).", "It prunes [1]."),
        ("Twice [1][1].", "Twice [1]."),
        ("Invented [9].", "Invented."),
        ("Invented ([9]) here.", "Invented here."),
        ("Half known [1, 9].", "Half known [1]."),
        ("No key here.", "No key here."),
        ("It prunes (1).", "It prunes [1]."),
        ("Both do (1, 3). It digs (3).", "Both do [1][2]. It digs [2]."),
        ("Invented (9).", "Invented (9)."),
        ("It digs [Birch 2024].", "It digs [1]."),
        ("It digs [Birch et al., 2024].", "It digs [1]."),
        ("It digs (Birch et al., 2024).", "It digs [1]."),
        ("It digs [Birch and Rowan, 2024a; Gorse 2020].", "It digs [1][2]."),
        ("Invented [Nobody 2021].", "Invented."),
        ("Invented (Nobody et al., 2021) here.", "Invented here."),
    ],
)
def test_keys_in_every_form(written: str, expected: str) -> None:
    assert check(written, PASSAGES).text == expected


@pytest.mark.parametrize(
    "text",
    [
        "We take a batch (n = 1024).",
        "Values lie in [0, 1].",
        "The shape is [64, 128, 512].",
        "Scores in the range [1, 3] count.",
        "With x = [1, 2] it holds.",
        "See Eq. (1) and (2).",
        "We do two things: (1) prune and (2) grow.",
        "It was shown in 2023 (CVPR).",
        "A kernel of (3, 3) is used.",
        "As in step (2).",
        "A list of [words] stays.",
        "An interval [0.1, 0.5] stays.",
    ],
)
def test_brackets_that_are_no_keys_stay(text: str) -> None:
    assert check(text, PASSAGES).text == text
    assert check(text, PASSAGES).citations == ()


def test_numbers_follow_first_use_and_name_their_passages() -> None:
    checked = check("Tunnels are mapped [3]. Branches are pruned [1]. Again tunnels [3].", PASSAGES)
    assert checked.text == "Tunnels are mapped [1]. Branches are pruned [2]. Again tunnels [1]."
    assert [(c.n, c.chunk) for c in checked.citations] == [(1, PASSAGES[2].chunk), (2, PASSAGES[0].chunk)]


def test_the_quote_is_the_sentence_that_supports_the_claim() -> None:
    checked = check("It takes 18 ms a scan [3]. It maps with radar alone.", PASSAGES)
    assert checked.citations[0].quote.startswith("It needs 18 ms")
    assert checked.citations[0].quote in PASSAGES[2].chunk.text


def test_a_mark_after_the_point_belongs_to_the_sentence_before_it() -> None:
    checked = check("Pruning happens every 500 steps. [2] Four GPUs ran.", PASSAGES)
    assert checked.citations[0].quote.startswith("Pruning happens every 500 steps")


def test_a_quote_may_take_two_sentences() -> None:
    text = "The net is small. It has nine layers. Its birds sing well. They sing at dawn."
    assert quote("birds sing at dawn", text) == "Its birds sing well. They sing at dawn."
    assert quote("nine layers", text) == "It has nine layers."
    assert quote("anything", "") == ""


def test_a_preview_holds_back_half_a_key() -> None:
    for written in ("It prunes [", "It prunes [1", "It prunes 【1"):
        assert unfinished_key_cut(written).rstrip() == "It prunes"
    assert renumbered(resolve("It prunes [3]. And", PASSAGES)) == "It prunes [1]. And"


_SCRAPS = """
[ ] 【 】 ( ) ^ 1 2 9 0 12 , - – word . †source [1] [2] [1,2] [0,1] (n=1024) [^3] passage ; a[5] | [[4]]
¹ ² ^1 ^[2] [^1^] (source (see & … − ‑ ; † [1: " ' [S2] 【1:0†source】 \\cite{2} &#91;
\u200b <sup>
"""
_KEPT = (" (n = 1024) ", " [0, 1] ", " (3, 3) ", " f(2) ")
_NAMED = ("[Smith 2023]", "(Rowan et al., 2023)", "[Birch & Elm, 2024]", "[Smith and Rowan 2023; Gorse 2020]")
_PIECES = st.sampled_from([*_SCRAPS.split(), " ", "\n", "[1, 2]", "(2).", "(1)", *_KEPT, *_NAMED])


@settings(max_examples=2_000, deadline=None)
@example("[1: (n = 1024) ]")
@example("word【1:0†source】word")
@given(st.lists(_PIECES, max_size=14).map("".join))
def test_whatever_was_written_every_mark_is_a_footnote(written: str) -> None:
    checked = check(written, PASSAGES)
    numbers = [int(n) for n in KEY.findall(checked.text)]
    assert set(numbers) == {c.n for c in checked.citations}
    assert list(dict.fromkeys(numbers)) == list(range(1, len(checked.citations) + 1))
    assert all(c.quote and c.quote in c.chunk.text for c in checked.citations)
    keys = "passage|source|cite|Smith|Rowan|Birch|Gorse"
    assert re.findall("[a-z]{4,}", re.sub(keys, "", checked.text)) == re.findall(
        "[a-z]{4,}", re.sub(keys, "", written)
    )
    for kept in ("(n = 1024)", "(3, 3)", "f(2)"):
        assert checked.text.count(kept) == written.count(kept)


@given(st.text(max_size=60))
def test_text_without_brackets_and_tags_is_left_alone(written: str) -> None:
    plain = re.sub(r"[\[\]【】(]|&#?\w+;|</?[A-Za-z]+>", "", written)
    assert resolve(plain, PASSAGES) == plain
