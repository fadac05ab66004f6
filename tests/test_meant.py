"""What a question seems to mean: one paper or several, and what it asks of them."""

from __future__ import annotations

import pytest

from retrieval.meant import asks_for_papers, asks_for_several, counted, means_several, named


@pytest.mark.parametrize(
    ("question", "several"),
    [
        ("which papers deal with rain?", True),
        ("KiteNet vs WingNet: what does each train on?", True),
        ("How many hours was KiteNet trained for?", False),
        ("which paper trains kites?", False),
    ],
)
def test_several_papers_are_meant_or_one(question: str, several: bool) -> None:
    assert asks_for_several(question) is several


@pytest.mark.parametrize(
    ("question", "second", "several"),
    [
        ("kites and wings, what does each train on?", 1.8, True),
        ("The kite paper and that on wings both fly: where?", 1.8, True),
        ("which of kites and wings is pulled and which is pushed?", 1.8, True),
        ("How many hours of each flight does the kite paper use?", 0.5, False),
        ("Which kites fly highest?", 1.8, False),
        ("kites vs wings: what does each train on?", 0.5, True),
    ],
)
def test_each_is_said_of_papers_where_a_second_fits_as_well(
    question: str, second: float, several: bool
) -> None:
    assert means_several(question, {"wing": second, "kite": 2.3, "rain": -0.4}) is several


def test_each_of_the_only_paper_is_said_of_what_stands_in_it() -> None:
    assert not means_several("what does each layer hold?", {"kite": 2.3})


@pytest.mark.parametrize(
    ("question", "papers"),
    [
        ("Do Kite-Net and WINGNET fly?", ["a", "b", "c"]),
        ("Does Kite-Net fly?", []),
        ("Does Kite-Net stay in the air as wings do?", []),
    ],
)
def test_a_question_that_names_two_papers_means_both(question: str, papers: list[str]) -> None:
    titles = ["Kite-Net: Staying in the Air", "WingNet: Flying", "Kite-Net: Falling", "-: A Dash", "Wings"]
    assert named(question, dict(zip("abcde", titles, strict=True))) == papers


@pytest.mark.parametrize(
    ("question", "papers"),
    [
        ("What learning rate does KiteNet use on moss?", []),
        ("Learning rate of KiteNet?", []),
        ("Does KiteNet fly further than Learning?", ["a", "b"]),
    ],
)
def test_an_ordinary_word_before_a_colon_is_a_name_where_it_is_written_as_one(
    question: str, papers: list[str]
) -> None:
    assert named(question, {"a": "KiteNet: Staying", "b": "Learning: A Study", "c": "On: Moss"}) == papers


@pytest.mark.parametrize(
    ("question", "about_papers"),
    [
        ("Which paper measures rain?", True),
        ("is there any recent work on hail?", True),
        ("Has anybody measured hail?", True),
        ("who works on rain?", True),
        ("How many gauges does the rain paper use?", False),
        ("Why does the gauge freeze?", False),
    ],
)
def test_a_question_for_papers_is_told_from_one_for_a_detail(question: str, about_papers: bool) -> None:
    assert asks_for_papers(question) is about_papers


@pytest.mark.parametrize(
    ("question", "second", "meant"),
    [
        ("Two short papers fly kites. How high is each?", 1.8, ["kite", "wing"]),
        ("Both kite papers fly: where?", 1.8, ["kite", "wing"]),
        ("kites vs. wings: how high?", 1.8, ["kite", "wing"]),
        ("One flies kites, the other wings: how high?", 1.8, ["kite", "wing"]),
        ("How high are kites flown in winter vs in summer?", 0.5, []),
        ("The three papers on kites: how high?", 1.8, []),
        ("Which papers fly two kites?", 1.8, []),
        ("Which two kites do papers fly?", 1.8, []),
        ("Two of the short papers fly kites: how high?", 1.8, ["kite", "wing"]),
        ("How high does the kite fly?", 1.8, []),
    ],
)
def test_papers_are_counted_where_that_many_fit(question: str, second: float, meant: list[str]) -> None:
    assert counted(question, {"wing": second, "rain": -0.4, "kite": 2.3}) == meant


def test_three_papers_are_counted_where_three_fit() -> None:
    found = counted("The three papers on kites: how high?", {"a": 1.0, "b": 2.0, "c": 1.5, "d": 0.9})
    assert found == ["b", "c", "a"]


def test_more_papers_than_there_are_cannot_be_counted() -> None:
    assert counted("both papers on kites", {"kite": 2.3}) == []
