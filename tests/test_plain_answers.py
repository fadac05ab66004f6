from __future__ import annotations

from dataclasses import replace

from bot.models import Route
from bot.plain_answers import TITLES_SHOWN, fixed_answer, library_answer, why_none
from retrieval.models import Filters, SearchResult
from tests.fakes import HEDGE, MOLE, TIDE, paper

NOTHING = SearchResult()


def test_only_small_talk_and_help_need_no_library() -> None:
    assert fixed_answer("question") is None
    for kind in ("smalltalk", "help"):
        found = fixed_answer(kind)
        assert found is not None and found.route == kind and found.text


def test_the_papers_that_pass_are_counted_by_whoever_filtered_them() -> None:
    way = Route("library", "how many papers", Filters(paper="HedgeNet"))
    found = library_answer(way, 3, [HEDGE], NOTHING)
    assert found.text.splitlines() == [
        "The library holds 3 papers, 1 of them named HedgeNet.",
        f"- {HEDGE.title}",
    ]
    assert found.notes == ("Searched only papers named HedgeNet.",)


def test_without_filters_the_years_are_told() -> None:
    found = library_answer(Route("library", "how many papers"), 3, [HEDGE, MOLE, TIDE], NOTHING)
    assert found.text.startswith("The library holds 3 papers (1 from 2023, 1 from 2024, 1 of unknown year).")
    assert found.notes == ()


def test_a_label_is_listed_as_a_label_and_a_long_list_is_cut() -> None:
    label = replace(paper("x", "FFF: feeds forward"), title_is_label=True)
    others = [paper(f"p{n}", f"Paper {n}") for n in range(TITLES_SHOWN)]
    lines = library_answer(
        Route("library", "list all papers"), 9, [label, *others], NOTHING
    ).text.splitlines()
    assert lines[1] == "- (untitled page) FFF: feeds forward"
    assert lines[-1] == "and 1 more." and len(lines) == TITLES_SHOWN + 2


def test_thanks_and_a_farewell_are_not_met_with_a_greeting() -> None:
    told = {said: fixed_answer("smalltalk", said) for said in ("hello", "thanks!", "bye", "you are useless")}
    assert all(answer is not None for answer in told.values())
    assert len({answer.text for answer in told.values() if answer}) == 4


HELD = [HEDGE, MOLE, TIDE]


def years(first: int | None, last: int | None) -> str:
    return why_none(Filters(first, last), HELD)


def test_years_of_which_there_is_no_paper_are_answered_by_those_there_are() -> None:
    assert years(2035, 2035) == (
        "The library holds no paper from 2035. Those whose year is known are from 2023 to 2024."
    )
    assert years(None, 1990).startswith("The library holds no paper up to 1990.")


def test_years_the_wrong_way_round_are_turned() -> None:
    assert years(2024, 2020) == (
        "No paper can be from 2024 to 2020: ask the other way round, from 2020 to 2024."
    )


def test_years_that_there_are_change_nothing() -> None:
    assert years(2023, None) == years(None, 2023) == years(2023, 2023) == years(None, None) == ""


def test_a_name_that_no_paper_has_is_said() -> None:
    assert why_none(Filters(author="Zed"), HELD) == "The library holds no paper by Zed."
    assert why_none(Filters(paper="Zed"), HELD) == "The library holds no paper called Zed."
    assert why_none(Filters(author="Zed", venue="CVPR"), HELD) == ""
    assert why_none(Filters(author="Zed", venue="ZZZ"), HELD).startswith(
        "The library holds no paper from ZZZ."
    )
