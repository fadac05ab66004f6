from __future__ import annotations

import pytest

from bot.gather import gather, subjects
from bot.models import Question, Route, Turn
from bot.router import route
from bot.searchable import PASSAGES
from retrieval.models import NO_FILTERS, Filters, Passage, RankedPaper, SearchResult
from tests.fakes import HEDGE, MOLE, TIDE, FakeLibrary, paper, passage
from tests.fakes import PASSAGES as HELD


def gathered(text: str, library: FakeLibrary, *history: Turn) -> SearchResult:
    return gather(library, route(Question(text, history)), text)


def owners(result: SearchResult) -> list[str]:
    return list(dict.fromkeys(p.paper.id for p in result.passages))


def crowded() -> FakeLibrary:
    """One paper whose passages fill any result, and others that only a fair share brings in."""
    many = [passage(HEDGE, f"Radar pruning radar tides, part {n}.") for n in range(12)]
    return FakeLibrary([*many, passage(MOLE, "Radar maps."), passage(TIDE, "Tides by radar.")])


def test_a_question_gets_the_best_passages() -> None:
    assert owners(gathered("How does radar pruning work with tides?", crowded())) == [HEDGE.id]


@pytest.mark.parametrize("text", ["papers on radar tides", "compare pruning papers and radar papers"])
def test_a_list_and_a_comparison_get_passages_of_several_papers(text: str) -> None:
    result = gathered(text, crowded())
    assert len(owners(result)) > 1
    assert len(result.passages) == PASSAGES
    assert len({p.chunk.id for p in result.passages}) == PASSAGES


def test_which_paper_means_one_and_no_list_of_all_that_is_left() -> None:
    held = [
        passage(HEDGE, "Radar pruning of hedges by night."),
        *(passage(one, "Radar.") for one in (MOLE, TIDE)),
    ]
    assert owners(gathered("Which paper prunes hedges with radar by night?", FakeLibrary(held))) == [HEDGE.id]
    even = [passage(one, "Radar pruning of hedges.") for one in (HEDGE, MOLE, TIDE)]
    assert len(owners(gathered("Which paper prunes hedges with radar?", FakeLibrary(even)))) == 3


def test_places_that_no_listed_paper_fills_go_to_others() -> None:
    thin = [passage(paper(key, f"Radar {key}"), f"Radar pruning of {key}.") for key in "abcdefghij"]
    result = gathered("compare radar a and radar b papers", FakeLibrary(thin))
    assert len(owners(result)) == PASSAGES
    assert [p.paper.id for p in result.passages[:3]] == [f.paper.id for f in result.papers[:3]]


def test_a_filter_that_leaves_less_leaves_less() -> None:
    assert len(gathered("what has Rowan published?", FakeLibrary()).passages) == 3


def test_all_papers_of_an_author_are_listed() -> None:
    assert set(owners(gathered("what has Rowan published?", FakeLibrary()))) == {HEDGE.id, MOLE.id}


def test_a_follow_up_is_searched_within_its_paper() -> None:
    library = FakeLibrary()
    gathered("how many GPUs did it use?", library, Turn("Which net prunes itself?", "HedgeNet"))
    first, second = library.asked
    assert "HedgeNet" in first[0]
    assert second == ("how many GPUs did it use?", second[1])
    assert second[1].paper == HEDGE.id


def test_scores_never_rise() -> None:
    for text in (
        "papers on radar tides",
        "what has Rowan published?",
        "HedgeNet or MoleFormer, which is faster?",
    ):
        scores = [p.score for p in gathered(text, crowded()).passages]
        assert scores == sorted(scores, reverse=True)


def test_nothing_is_nothing() -> None:
    assert gathered("papers by Nobody Atall", FakeLibrary()).passages == ()
    empty: list[Passage] = [passage(paper("x", "X"), "Words.")]
    assert gathered("papers from 1990", FakeLibrary(empty)).unknown_year == 1


def test_the_double_has_what_these_tests_rest_on() -> None:
    assert {p.paper.id for p in HELD} == {HEDGE.id, MOLE.id, TIDE.id}


def test_a_list_ends_where_the_score_falls() -> None:
    found = [RankedPaper(paper(str(n), f"Paper {n}"), score) for n, score in enumerate((3.0, 2.7, 1.1, 1.0))]
    assert len(subjects(Route("find", "papers on sign language"), found) or ()) == 2
    assert len(subjects(Route("find", "denoising"), found) or ()) == 2


def test_a_typing_error_in_a_title_is_mended_before_the_search() -> None:
    library = FakeLibrary([passage(MOLE, "We map burrows."), passage(HEDGE, "We prune.")])
    gathered("What is MoelFormer about?", library)
    assert library.asked[-1][0] == "What is moleformer about?"


class Outvoted(FakeLibrary):
    """Finds a passage by the name in it only where that is all that is asked for, or within its paper."""

    def search(
        self, question: str, filters: Filters = NO_FILTERS, limit: int = 8, papers: int = 10
    ) -> SearchResult:
        found = super().search(question, filters, limit + 1, papers)
        alone = filters.paper or len(question.split()) == 1
        held = [p for p in found.passages if alone or "MOSSBENCH" not in p.chunk.text]
        owners = {p.paper.id for p in held}
        return SearchResult(tuple(held[:limit]), tuple(f for f in found.papers if f.paper.id in owners))


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("how large is MOSSBENCH for radar pruning?", TIDE.id),
        ("how large is MOSSBENCH for the radar pruning of QuennelNet?", HEDGE.id),  # no paper holds both
        ("how large is the MOSS for radar pruning?", HEDGE.id),
    ],
)
def test_a_name_that_one_paper_holds_finds_it(question: str, first: str) -> None:
    named = passage(TIDE, "The images of MOSSBENCH are 512. They show moss.")
    library = Outvoted([*crowded().passages[:12], named])
    result = gathered(question, library)
    assert result.passages[0].paper.id == result.papers[0].paper.id == first
    assert len(result.passages) == PASSAGES


def test_who_only_names_a_paper_gets_its_own_words_with_the_abstract_ahead() -> None:
    net = paper("net", "RootNet: Nets like Roots")
    others = [passage(MOLE, f"RootNet was tried by RootNet, part {n}.") for n in range(9)]
    own = [passage(net, "Roots are cut by hand."), passage(net, "We propose to cut roots.", kind="abstract")]
    result = gathered("tell me about RootNet", FakeLibrary([*others, *own]))
    assert owners(result) == [net.id]
    assert result.papers[0].paper.id == net.id
    assert result.passages[0].chunk.kind == "abstract"


def of_mole(text: str) -> SearchResult:
    return gather(FakeLibrary(), Route("question", f"{text} (tides)", about=MOLE.id), text)


def test_what_a_follow_up_is_about_comes_first_whatever_else_is_near() -> None:
    result = of_mole("how does it work?")
    assert result.papers[0].paper == MOLE
    assert owners(result) == [MOLE.id]
    assert TIDE in [ranked.paper for ranked in result.papers]


def test_a_name_that_only_another_paper_holds_is_not_looked_for_in_the_last_one() -> None:
    assert owners(of_mole("how many parameters does HedgeNet have there?"))[0] == HEDGE.id


def test_a_follow_up_is_of_its_paper_though_another_title_has_its_words() -> None:
    library = FakeLibrary([*HELD, passage(paper("d", "Data of Summer"), "Data is taken in summer.")])
    text = "what data did they use?"
    result = gather(library, Route("question", f"{text} (MoleFormer)", about=MOLE.id), text)
    assert result.papers[0].paper == MOLE


def test_a_side_whose_name_no_other_paper_has_is_no_paper() -> None:
    held = [*HELD, passage(HEDGE, "ThornNet is slower than HedgeNet by far.")]
    known = gather(FakeLibrary(held), Route("compare", "compare HedgeNet and MoleFormer"), "")
    assert [ranked.paper for ranked in known.papers[:2]] == [HEDGE, MOLE]
    unknown = gather(FakeLibrary(held), Route("compare", "compare HedgeNet and ThornNet"), "")
    assert [ranked.paper for ranked in unknown.papers] == [HEDGE]


def test_each_aspect_of_a_comparison_has_its_passages() -> None:
    often = [passage(HEDGE, f"HedgeNet is trained on data set {n} of gardens.") for n in range(9)]
    wet = passage(HEDGE, "Rain is one of its limitations.")
    library = FakeLibrary([*often, wet, *HELD])
    asked = "compare HedgeNet and MoleFormer by data sets and limitations"
    assert wet.chunk in [found.chunk for found in gather(library, Route("compare", asked), asked).passages]
