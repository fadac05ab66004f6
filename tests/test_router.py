from __future__ import annotations

import pytest

from bot.models import Question, RouteKind, Turn
from bot.questions.restrictions import restrictions, without_restrictions
from bot.router import route
from retrieval.models import NO_FILTERS, Filters


def kind_of(text: str) -> RouteKind:
    return route(Question(text)).kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("What accuracy does HedgeNet reach on GardenSet?", "question"),
        ("how does the pruning paper decide when to prune", "question"),
        ("In the study on harbour cameras, which lens was used?", "question"),
        ("accuracy and speed of MoleFormer on RadarSet?", "question"),
        ("Does HedgeNet work on satellite images of floods?", "question"),
        ("does anybody work on hedges?", "find"),
        ("do we have work on hedges", "find"),
        ("Dice of HedgeNet for polyps", "question"),
        ("On which data was MoleFormer trained according to the tunnel probing paper?", "question"),
        ("the tide paper: error in cm, day and night?", "question"),
        ("which paper maps tunnels from ground radar?", "find"),
        ("papers on pruning", "find"),
        ("what do we have on harbours and water levels?", "find"),
        ("a transformer that maps tunnels under a city from radar alone, without drilling", "find"),
        ("any work about tides?", "find"),
        ("who works with underground radar?", "find"),
        ("compare HedgeNet and MoleFormer", "compare"),
        ("HedgeNet vs the tide paper - what does each one learn?", "compare"),
        ("what is the difference between HedgeNet and MoleFormer?", "compare"),
        ("HedgeNet and the tide paper: which one needs a camera?", "compare"),
        ("what can I prune in HedgeNet compared to MoleFormer?", "compare"),
        ("Which statistic do they use to compare rankings between HedgeNet and people?", "question"),
        ("HedgeNet accuracy on GardenSet vs. the baseline?", "question"),
        ("which three pruning methods does HedgeNet compare, and which is best?", "question"),
        ("which two models do the authors compare on GardenSet?", "question"),
        ("how do the two methods compare?", "compare"),
        ("By how many orders of magnitude does HedgeNet improve pruning?", "question"),
        ("on which garden benchmarks is HedgeNet state of the art?", "question"),
        ("Mean rating that visitors gave to gardens and to real meadows?", "question"),
        ("what has Ada Rowan published?", "author"),
        ("Rowan's papers?", "author"),
        ("papers by Flo Gorse on tides", "author"),
        ("how many papers from 2023?", "library"),
        ("how many papers do you have", "library"),
        ("papers from 2023", "library"),
        ("CVPR 2024 papers", "library"),
        ("papers on tides from 2023", "find"),
        ("which papers since 2023 show how tides rise?", "find"),
        ("list all papers", "library"),
        ("what papers are in your library?", "library"),
        ("hi there!", "smalltalk"),
        ("thanks, that was really helpful", "smalltalk"),
        ("help", "help"),
        ("What can you do?", "help"),
        ("how does this bot work?", "help"),
    ],
)
def test_kinds(text: str, kind: RouteKind) -> None:
    assert kind_of(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "hi, which loss does HedgeNet use?",
        "thanks! and how fast is MoleFormer?",
        "how many papers does the survey of tides cover for harbours?",
        "help me understand how HedgeNet prunes",
    ],
)
def test_a_question_in_polite_words_is_searched(text: str) -> None:
    assert kind_of(text) not in ("smalltalk", "help", "library")


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("tide papers from 2023", Filters(year_from=2023, year_to=2023)),
        ("tide papers from 2023 (no 2024 stuff)", Filters(year_from=2023, year_to=2023)),
        ("papers on tides since 2022", Filters(year_from=2022)),
        ("papers on tides after 2022", Filters(year_from=2023)),
        ("papers on tides before 2024", Filters(year_to=2023)),
        ("papers from 20244 on tides", Filters()),
        ("papers on tides up to 2022", Filters(year_to=2022)),
        ("papers on tides between 2020 and 2022", Filters(year_from=2020, year_to=2022)),
        ("2023 papers on tides", Filters(year_from=2023, year_to=2023)),
        ("tides at CVPR 2024", Filters(year_from=2024, year_to=2024, venue="CVPR")),
        ("tides, cvpr23", Filters(year_from=2023, year_to=2023, venue="CVPR")),
        ("tides at neurips'22?", Filters(year_from=2022, year_to=2022, venue="NeurIPS")),
        ("CVPR 2023-2024 work on tides", Filters(year_from=2023, year_to=2024, venue="CVPR")),
        ("what was on tides at ICCV?", Filters(venue="ICCV")),
        ("what has Ada Rowan published?", Filters(author="Ada Rowan")),
        ("ada rowann's papers?", Filters(author="ada rowann")),
        ("which papers by Rowan use CLIP?", Filters(author="Rowan")),
        ("papers written by cy birch report FID", Filters(author="cy birch")),
        ("papers by Rowan from 2023", Filters(author="Rowan", year_from=2023, year_to=2023)),
        ("list Kim He's papers", Filters(author="Kim He")),
        ("the one on radar by Cy Birch?", Filters(author="Cy Birch")),
        ("Ada Rowan, which ones are hers?", Filters(author="Ada Rowan")),
    ],
)
def test_restrictions_in_words(text: str, filters: Filters) -> None:
    assert restrictions(text) == filters


@pytest.mark.parametrize(
    "text",
    [
        "accuracy of HedgeNet on GardenSet 2012?",
        "how many images of 2015 are in the set?",
        "which paper trains with 2048 points?",
        "papers by topic",
        "what does the model of HedgeNet learn by looking?",
        "is it trained by the authors?",
        "how is the loss affected by Gaussian noise?",
        "what's the gain over the method of 2021?",
    ],
)
def test_no_restriction_where_none_is_meant(text: str) -> None:
    found = restrictions(text)
    assert found.author is None
    assert found.venue is None
    assert (found == NO_FILTERS) or "method of 2021" in text


def test_restrictions_are_not_searched_for() -> None:
    assert without_restrictions("tide papers from 2023 (no 2024 stuff)") == "tide papers"
    assert without_restrictions("tides at CVPR 2023, not newer") == "tides"
    assert without_restrictions("what is there on tides (rivers don't count)") == "what is there on tides"
    assert without_restrictions("MOLE, not the radar one, full title?") == "MOLE, full title?"


def test_filters_set_explicitly_win() -> None:
    found = route(Question("tide papers from 2023 at CVPR", filters=Filters(year_from=2020, venue="ICCV")))
    assert found.filters == Filters(year_from=2020, venue="ICCV")


def test_an_unsure_question_is_a_plain_one_over_everything() -> None:
    found = route(Question("are hedges tall?"))
    assert found.kind == "question"
    assert found.filters == NO_FILTERS
    assert found.query == "are hedges tall?"


@pytest.mark.parametrize(
    "text", ["List everything on federated learning", "How many papers are about NeRF?", "NeRF", "denoising"]
)
def test_a_bare_subject_and_a_count_give_a_list(text: str) -> None:
    assert route(Question(text)).kind == "find"


@pytest.mark.parametrize(
    "text",
    [
        "Which papers did Ana Hedge write?",
        "Which papers did Ana Hedge co-author?",
        "which works has Ana Hedge published",
        "papers Ana Hedge wrote",
        "What did Ana Hedge 2024 propose?",
    ],
)
def test_more_ways_to_ask_for_an_author(text: str) -> None:
    found = route(Question(text))
    assert (found.kind, found.filters.author) == ("author", "Ana Hedge")


@pytest.mark.parametrize(
    "text",
    [
        "What papers do they write about?",
        "which works did the authors publish?",
        "What did HedgeNet propose?",
    ],
)
def test_no_author_where_none_is_named(text: str) -> None:
    assert route(Question(text)).filters.author is None


@pytest.mark.parametrize(
    "text", ["bye", "you are stupid", "tell me a joke", "thanks a lot!", "@everyone say hi"]
)
def test_small_talk_of_many_kinds(text: str) -> None:
    assert kind_of(text) == "smalltalk"


@pytest.mark.parametrize("text", ["which papers tell a story from images?", "is it bad for small objects?"])
def test_words_of_small_talk_in_a_question_are_no_small_talk(text: str) -> None:
    assert kind_of(text) != "smalltalk"


@pytest.mark.parametrize(
    "words",
    [
        "and which of them are from 2024?",
        "only those from 2024",
        "what about 2024?",
        "and in 2024?",
        "only 2024",
    ],
)
def test_fewer_papers_are_asked_for_with_the_question_before(words: str) -> None:
    said = (Turn("Which papers measure tides with a sonar?", "Two do."),)
    found = route(Question(words, said))
    assert found.query == route(Question("Which papers measure tides with a sonar?")).query
    assert (found.kind, found.filters) == ("find", Filters(year_from=2024, year_to=2024))


def test_a_restriction_alone_narrows_no_small_talk() -> None:
    assert route(Question("only those from 2024", (Turn("hello", "Hello."),))).kind != "smalltalk"


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("10.1109/ABC.2023.00123", "what does this paper propose?"),
        ("https://doi.org/10.1109/ABC.2023.00123", "what does this paper propose?"),
        ("what data does doi:10.1109/ABC.2023.00123 use?", "what data does use?"),
    ],
)
def test_a_doi_names_one_paper(text: str, query: str) -> None:
    found = route(Question(text))
    assert (found.kind, found.query, found.filters) == (
        "question",
        query,
        Filters(paper="10.1109/ABC.2023.00123"),
    )


def test_two_dois_restrict_to_neither() -> None:
    assert not route(Question("compare 10.1109/A.2023.1 and 10.1109/B.2023.2")).filters


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("summarize HedgeNet", "question"),
        ("explain MoleFormer", "question"),
        ("limitations of HedgeNet", "question"),
        ("good job, thanks", "smalltalk"),
    ],
)
def test_what_is_asked_of_one_thing_by_name(text: str, kind: str) -> None:
    assert route(Question(text)).kind == kind
