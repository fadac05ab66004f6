from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.citations import KEY, Checked
from bot.extractive import WORDS, WORDS_OF_A_LIST, extract
from bot.models import RouteKind
from bot.quoting.candidates import candidates
from bot.quoting.readable import readable, shown
from bot.words import content_words
from retrieval.models import Passage
from tests.fakes import HEDGE, MOLE, PASSAGES, TIDE, paper, passage


def answered(
    question: str, kind: RouteKind = "question", passages: tuple[Passage, ...] = PASSAGES
) -> Checked:
    return extract(question, question, kind, passages)


def test_quotes_word_for_word_with_the_title() -> None:
    checked = answered("how many parameters does HedgeNet have?")
    first = checked.citations[0]
    assert "4.2 million parameters" in first.quote
    assert first.quote in first.chunk.text
    assert checked.text.startswith(HEDGE.title)
    assert f"“{first.quote}” [1]" in checked.text


def test_a_reason_for_a_why() -> None:
    checked = answered("why does HedgeNet wait before pruning again?")
    assert "because earlier pruning" in checked.text


def test_the_papers_own_marks_are_not_taken_for_ours() -> None:
    checked = answered("how many ms does MoleFormer need for a scan?")
    assert "18 ms" in checked.text
    assert "[7]" not in checked.text
    assert {int(n) for n in KEY.findall(checked.text)} == {c.n for c in checked.citations}
    assert "[7]" in checked.citations[0].quote


def test_a_list_has_a_line_for_each_paper() -> None:
    checked = answered("papers on maps, gardens, tides", "find")
    lines = checked.text.splitlines()
    assert [line.split(".")[0] for line in lines] == ["1", "2", "3"]
    assert all(
        title in line for title, line in zip((HEDGE.title, MOLE.title, TIDE.title), lines, strict=True)
    )
    assert [c.n for c in checked.citations] == [1, 2, 3]


def test_an_explanation_takes_no_passing_word_of_another_paper() -> None:
    own = "A small net prunes the branches of hedges by their light. It turns a blade by what falls on it."
    other = "Moles dig through cold and wet meadows in winter, as a sensor of theirs counts."
    question = "how does a small net prune the branches of hedges by light in winter?"
    checked = answered(question, passages=(passage(HEDGE, own), passage(MOLE, other)))
    assert {citation.paper.id for citation in checked.citations} == {HEDGE.id}
    assert len(checked.citations) == 2, "a sentence of the same paper may be worth as little"


def test_of_a_paper_that_is_named_no_other_is_quoted() -> None:
    own = "HedgeNet prunes a hedge by the light that falls on the leaves of its branches."
    other = "The time of pruning a hedge is halved, and pruning a hedge takes two hours."
    held = (passage(HEDGE, own), passage(MOLE, other))
    named = answered("how does HedgeNet halve the time of pruning a hedge?", passages=held)
    assert {citation.paper.id for citation in named.citations} == {HEDGE.id}
    free = answered("how is the time of pruning a hedge halved?", passages=held)
    assert MOLE.id in {citation.paper.id for citation in free.citations}
    unknown = answered("how does FernNet halve the time of pruning a hedge?", passages=held)
    assert MOLE.id in {citation.paper.id for citation in unknown.citations}


def test_a_summary_is_never_the_papers_words() -> None:
    words = "It teaches a network to prune its own branches."
    checked = answered("how does it prune branches?", "question", (passage(HEDGE, words, kind="summary"),))
    assert f"(summary by Footnote) {words} [1]" in checked.text
    assert "“" not in checked.text


def test_a_label_is_visibly_one() -> None:
    label = replace(paper("p", "“Tidal nets for harbours”"), title_is_label=True)
    checked = answered(
        "tidal nets?", "find", (passage(label, "We present tidal nets that watch the harbour."),)
    )
    assert "(untitled page)" in checked.text


def test_nothing_readable_is_no_answer() -> None:
    assert answered("tides?", "question", (passage(TIDE, "and x = 3 [1"),)) == Checked("", ())
    assert answered("tides?", "question", ()) == Checked("", ())


@pytest.mark.parametrize("bullet", ["•", "–", "2.", "‣"])
def test_an_item_of_a_list_is_quoted_without_its_bullet(bullet: str) -> None:
    told = passage(HEDGE, f"{bullet} We train HedgeNet on the photographs of GardenSet.")
    checked = answered("what is HedgeNet trained on?", passages=(told,))
    assert [citation.quote for citation in checked.citations] == [
        "We train HedgeNet on the photographs of GardenSet."
    ]


def test_a_sentence_before_the_words_that_are_asked_for_is_near_them() -> None:
    wanted = "A wall is held against the plan that the owner drew."
    near = passage(
        HEDGE,
        f"A wall is seen from above by a camera on a pole. Birds nest in it. {wanted} "
        "The camera tells which parts get shortened or trimmed first.",
    )
    checked = answered("how is a wall trimmed?", passages=(near,))
    assert wanted in [citation.quote for citation in checked.citations[:2]]


def test_what_a_thing_is_begins_with_no_it() -> None:
    told = "It leaves HedgeNet alone and works on gardens of winter. HedgeNet cuts what shades a branch."
    checked = answered("what is HedgeNet?", passages=(passage(HEDGE, told),))
    assert checked.citations[0].quote.startswith("HedgeNet cuts")


def test_words_of_asking_are_looked_for_in_no_sentence() -> None:
    told = passage(
        HEDGE, "The main idea is old and known to everyone. HedgeNet trims a branch once it shades another."
    )
    checked = answered("what is the main idea behind how HedgeNet trims?", passages=(told,))
    assert "shades another" in checked.citations[0].quote


def test_the_number_of_an_equation_before_a_sentence_is_not_quoted() -> None:
    told = passage(HEDGE, "(5) Since the gate only holds 10 weights, HedgeNet learns them by hand.")
    checked = answered("how does HedgeNet learn its weights?", passages=(told,))
    assert checked.citations[0].quote.startswith("Since the gate")


@pytest.mark.parametrize(
    ("sentence", "whole"),
    [
        ("We train the network on four small GPUs.", True),
        ("4.2 million parameters are enough for this task.", True),
        ("and then the branches are cut off again.", False),
        ("The branches are cut off again and", False),
        ("The data has three parts: 1) leaves of spring, 2) old roots, 3) branches of trees.", True),
        ("The chart of leaves has 0%10%20%30% on its left side and the names below.", False),
        ("The chart of leaves has NopromptNogardenNosmoothNoleavesNoroots on its left side.", False),
        ("Only three words.", False),
        ("This sentence ends in a torn Figure 3.", False),
        ("The gate keeps what both of them hold, as shown in Equ.", False),
        ("The mean and the spread of the last five epochsTable 1.", False),
        ("L = x + y · z ∑ a b c d e f g.", False),
        ("See [1], [2], [3], [4], [5], [6] for more on all these.", False),
        ("On GardenSet it drops by 1.5%, from 32.9% to 31.4%, and on HedgeSet from 51.1% to 44.1%.", True),
    ],
)
def test_which_sentences_can_stand_alone(sentence: str, whole: bool) -> None:
    assert readable(sentence) is whole


@pytest.mark.parametrize(
    ("quote", "seen"),
    [
        ("It beats Rook [7] and others [3, 4].", "It beats Rook and others."),
        ("Values in [0, 1] are kept.", "Values in [0, 1] are kept."),
        ("Grades range from [1, 5] here.", "Grades range from [1, 5] here."),
        ("As in [49, 54] we prune, following [7].", "As in […] we prune, following […]."),
        ("With x = [5] it\nholds.", "With x = it holds."),
        ("It “learns” well.", "It ‘learns’ well."),
        ("The rank correlation ** ** coefficient is high.", "The rank correlation coefficient is high."),
    ],
)
def test_how_a_quote_is_shown(quote: str, seen: str) -> None:
    assert shown(quote) == seen


_SCRAPS = """
We it the net prunes tide map [7] 12 radar learns 3.5 % harbour because e.g. of
"""
_WORDS = st.sampled_from(_SCRAPS.split())
_SENTENCE = st.lists(_WORDS, min_size=3, max_size=60).map(lambda words: "We " + " ".join(words) + ".")


@given(
    st.lists(st.lists(_SENTENCE, min_size=1, max_size=6).map(" ".join), min_size=1, max_size=8),
    st.sampled_from(["question", "find", "compare", "author"]),
)
def test_limits_and_marks_hold_for_any_passages(texts: list[str], kind: RouteKind) -> None:
    owners = (HEDGE, MOLE, TIDE)
    passages = tuple(passage(owners[n % 3], text, 1.0 / (n + 1)) for n, text in enumerate(texts))
    checked = answered("how does the net learn the tide?", kind, passages)
    assert len(checked.text.split()) <= (WORDS if kind == "question" else WORDS_OF_A_LIST)
    assert all(c.quote in c.chunk.text for c in checked.citations)
    assert [int(n) for n in KEY.findall(checked.text)] == [c.n for c in checked.citations]
    assert not re.search(r"\[\d+\s*,", checked.text)


def test_a_row_of_a_table_answers_a_question_for_a_figure() -> None:
    table = "Table 2. Accuracy on GardenSet.\nMethod Accuracy Size\nThornNet 60.1 7.5\nOurs 71.3 4.2"
    owner = passage(HEDGE, table)
    held = replace(owner, chunk=replace(owner.chunk, kind="caption"))
    checked = answered("what accuracy does it reach on GardenSet?", "question", (held,))
    assert checked.citations[0].quote == "Ours 71.3 4.2"
    assert "“Ours 71.3 4.2” (columns: Method Accuracy Size) [1]" in checked.text


def test_a_row_without_a_name_is_no_head_of_columns() -> None:
    table = "Table 2. Accuracy on GardenSet.\nMethod Accuracy Size\n7 3 60.1 7.5\nOurs 71.3 4.2"
    owner = passage(HEDGE, table)
    held = replace(owner, chunk=replace(owner.chunk, kind="caption"))
    checked = answered("what accuracy does it reach on GardenSet?", "question", (held,))
    assert "(columns: Method Accuracy Size) [1]" in checked.text


def test_what_holds_no_word_of_the_question_is_no_filler() -> None:
    told = "HedgeNet prunes by the light of spring. Other work falls behind it. We thank our friends for tea."
    checked = answered("how does HedgeNet prune by light?", passages=(passage(HEDGE, told),))
    assert "prunes by the light" in checked.text
    assert "tea" not in checked.text


def test_where_to_read_on_answers_nothing() -> None:
    told = "Leaves teach HedgeNet what to prune. Details of what HedgeNet prunes are given in the appendix."
    checked = answered("what does HedgeNet prune?", passages=(passage(HEDGE, told),))
    assert [one.quote for one in checked.citations] == ["Leaves teach HedgeNet what to prune."]


def test_where_the_code_is_answers_only_who_asks_for_it() -> None:
    told = "HedgeNet learns from leaves of all gardens. The code of HedgeNet is available at https://hedge.example."
    held = (passage(HEDGE, told),)
    assert "https" not in answered("how does HedgeNet learn?", passages=held).text
    assert "https" in answered("where is the code of HedgeNet?", passages=held).text


def test_the_heading_over_a_sentence_speaks_for_it() -> None:
    plain = passage(HEDGE, "Nets of this kind grow quickly in spring. They wither when it is cold outside.")
    other = passage(HEDGE, "It needs a gardener who reads the logs every day.")
    headed = replace(other, chunk=replace(other.chunk, section="6. Limitations"))
    checked = answered("does it have limitations?", "question", (plain, headed))
    assert checked.citations[0].quote.startswith("It needs a gardener")


def test_a_heading_does_not_speak_for_sentences_of_the_next_section() -> None:
    own, following = "It needs a gardener every day.", "We thank the gardeners who kept a log for us."
    both = passage(HEDGE, f"{own}\n\n7. Thanks\n\n{following}")
    headed = replace(both.chunk, section="6. Limitations", own=(0, len(own)))
    found = {one.text: one.around for one in candidates([replace(both, chunk=headed)], rows=False)}
    assert found[own] == {*content_words("Limitations 6")}
    assert not found[following]


def test_who_asks_whether_it_is_fast_reads_of_its_speed() -> None:
    slow = passage(
        HEDGE, "We prune the net while it grows. We hold a clear speed advantage over ThornNet, 1.5 times."
    )
    checked = answered("is it any faster than ThornNet?", "question", (slow,))
    assert checked.citations[0].quote.startswith("We hold a clear speed advantage")


def test_a_fact_is_told_shortly_and_an_explanation_at_length() -> None:
    told = (
        "We train HedgeNet on 412 gardens. The gardens of our friends are lovely in spring. "
        "HedgeNet learns from the shape of leaves. Its gardens are watered by hand every evening."
    )
    fact = answered("on how many gardens is HedgeNet trained?", "question", (passage(HEDGE, told),))
    explained = answered("how does HedgeNet learn from gardens?", "question", (passage(HEDGE, told),))
    assert "412" in fact.text
    assert len(fact.citations) < len(explained.citations)


def test_who_asks_how_many_reads_a_number_of_them() -> None:
    told = "The rating of HedgeNet goes from 0 to 1 in steps. We asked 15 anonymous voters which is best."
    checked = answered("how many people rated HedgeNet?", passages=(passage(HEDGE, told),))
    assert checked.citations[0].quote.startswith("We asked 15 anonymous voters")


def test_a_data_set_is_a_dataset() -> None:
    assert content_words("data sets of leaves") == content_words("datasets of leaves")


def test_a_sentence_that_leans_on_the_one_before_speaks_of_the_same() -> None:
    told = "We introduce winter pruning of the roots. {} lifts the small net by 4 points in spring."
    other = "The branches of the small net have leaves that add colour to all gardens of spring."
    question = "what does winter pruning of the roots add for the small net?"

    def second(subject: str) -> str:
        leaning = passage(HEDGE, f"{told.format(subject)} {other}")
        return answered(question, passages=(leaning,)).citations[1].quote

    assert second("It").startswith("It lifts the small net")
    assert second("Water").startswith("The branches")


def test_a_figure_in_the_unit_that_is_asked_for_comes_first() -> None:
    told = (
        "Each of the 36 gardens makes one panorama that is compared by eye. "
        "It needs 4 minutes to make one panorama of gardens."
    )
    checked = answered("how long does one panorama take?", "question", (passage(HEDGE, told),))
    assert checked.citations[0].quote.startswith("It needs 4 minutes")


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Which GPU was HedgeNet trained on?", "All runs fit on a Quadro RTX 6000 in our lab."),
        ("What does HPN stand for?", "We call the result a hedge pruning network (HPN) in what follows."),
        ("Which optimizer does HedgeNet train with?", "The weights are updated by AdamW at every step."),
        (
            "Which metrics is HedgeNet judged by?",
            "The garden score (GS) grows with each branch that is kept.",
        ),
        ("Does HedgeNet have weaknesses?", "Very old branches are left for future work."),
    ],
)
def test_a_thing_that_is_asked_for_comes_first_and_little_else(question: str, answer: str) -> None:
    filler = (
        "We train HedgeNet with a loss on leaves and branches of the network.",
        "HedgeNet is what we call the network that was trained in this work.",
        "The training of HedgeNet takes branches away and stands for pruning as a whole.",
        "HPN and HedgeNet are trained with a network of leaves that we prune.",
    )
    checked = answered(question, passages=(passage(HEDGE, " ".join((*filler, answer))),))
    assert checked.citations[0].quote == answer
    assert len(checked.citations) <= 3


def test_a_list_quotes_what_a_paper_brings_and_counts_where_asked() -> None:
    common = "Garden pruning is a subject of gardens and of networks that people prune in gardens."
    brings = "In this paper we propose a rule by which a network prunes its own garden of branches."
    checked = answered(
        "How many papers are about garden pruning?", "find", (passage(HEDGE, f"{common} {brings}"),)
    )
    assert checked.citations[0].quote == brings
    assert checked.text.startswith("1 paper fits this:")


def test_who_asks_which_tool_is_used_reads_its_name() -> None:
    texts = (
        "The framework learns to rebuild the roots and to cut them.",
        "The framework is made of two diggers, and HoleNet rebuilds the roots.",
        "The framework is said to rebuild roots of many kinds in many gardens.",
    )
    first = answered("Which network rebuilds the roots?", "question", (passage(MOLE, "\n\n".join(texts)),))
    assert "HoleNet" in first.citations[0].quote


def test_a_sentence_that_only_says_what_stands_where_comes_after_one_that_tells_it() -> None:
    texts = (
        "In this section, we discuss the thorns of the hedge and their pruning.",
        "The thorns of the hedge are dull, and their pruning is easy.",
    )
    found = answered("what of the thorns of the hedge?", "question", (passage(TIDE, "\n\n".join(texts)),))
    assert "dull" in found.citations[0].quote


def test_another_thing_that_is_small_counts_no_parameters() -> None:
    assert len(answered("how many parameters does HedgeNet have?").citations) == 1
