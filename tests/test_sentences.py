from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.sentences import sentences, spans


@pytest.mark.parametrize(
    "expected",
    [
        ["We train a net.", "It works well!", "Does it?", "Yes."],
        ["As shown by Kim et al. [12], it fails.", "Others agree (see Fig. 3 and Eq. (4)).", "We do not."],
        ["We follow Lee et al.", "The loss is small, e.g. 0.5, i.e. below one, vs. 0.9 before."],
        ["The gain is 3.5 dB on Set14.", "24 GPUs were used."],
        ["J. R. Smith and A. Jones wrote it.", "Dr. Chen disagrees."],
        ["It is fast [3].", "[4] is slower.", '"Really?" they ask.'],
        ["It was said before.[5]", "Nobody heard."],
        ["The code is public.1", "We thank the reviewers."],
        ["We call it class A.", "The rest is class B."],
        ["Space was lost here.", "The next one begins."],
        ["1. First we sample.", "2. Then we sort."],
        ["We use PyTorch 2.0 and Node.js v1.2 here.", "See Sec. 3.2 and Tab. 4 for the rest."],
        ["The U.S. team won.", "Masks, boxes, etc. are given w.r.t. Fig. 2."],
        ["A sentence without an end"],
        ["It costs approx. 5 s.", "However, it is exact."],
    ],
)
def test_cuts_where_a_reader_would(expected: list[str]) -> None:
    assert sentences(" ".join(expected)) == expected


def test_a_blank_line_ends_a_sentence_and_a_line_break_does_not() -> None:
    assert sentences("One line\nand the next\n\nAnother paragraph") == [
        "One line\nand the next",
        "Another paragraph",
    ]


def test_space_lost_after_a_point() -> None:
    assert sentences("It performs better.The reason is simple.") == [
        "It performs better.",
        "The reason is simple.",
    ]


def test_nothing_of_nothing() -> None:
    assert sentences("") == []
    assert sentences(" \n\n ") == []


@given(st.text(alphabet=st.sampled_from("ab AZ.!?\n1[](),\"'é。"), max_size=80))
def test_slices_stand_in_order_and_lose_only_space(text: str) -> None:
    end = 0
    for begin, stop in spans(text):
        assert text[end:begin].strip() == ""
        assert text[begin:stop] == text[begin:stop].strip() != ""
        end = stop
    assert text[end:].strip() == ""
