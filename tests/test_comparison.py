"""Papers side by side: what is asked, what fills a cell and what does not, and the table as it is drawn."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answerer import Answerer
from bot.citations import KEY
from bot.comparison import compared
from bot.drawing import HIGHEST, WIDTH, cell_text, drawn, fits
from bot.models import NOT_REPORTED, Answer, Citation, Comparison, Question
from bot.questions.sides import aside, sides
from bot.rendering import body, render
from bot.router import route
from tests.fakes import HEDGE, MOLE, PASSAGES, TIDE, FakeLibrary, ScriptedModel, passage

BARE = "Compare HedgeNet and MoleFormer"


def table_of(question: str, *, passages: tuple = PASSAGES[:3]) -> Comparison:  # type: ignore[type-arg]
    found = compared(question, question, passages)
    assert found is not None
    return found[1]


def quotes(table: Comparison) -> list[list[list[str]]]:
    return [[[one.quote for one in cell] for cell in row] for row in table.cells]


def test_without_an_aspect_the_usual_ones_are_told_and_nothing_is_guessed() -> None:
    table = table_of(BARE)
    assert table.papers == (HEDGE, MOLE)
    assert table.aspects == ("idea", "data", "results")
    idea, data, _ = quotes(table)
    assert "prunes its own branches" in idea[0][0]
    assert data[1] == [], "MoleFormer names no data set"


def test_a_short_title_is_a_name_though_none_of_its_words_is() -> None:
    lamps, moths = (
        replace(HEDGE, id=name, title=name) for name in ("Tame Little Lamps", "Wild Moths: A Story")
    )
    told = (
        passage(lamps, "Tame Little Lamps dim the street by themselves. The street was long and wet."),
        passage(moths, "Wild Moths fly around at night without any lamp. Nobody saw them there before."),
    )
    table = table_of("Compare Tame Little Lamps and Wild Moths", passages=told)
    assert [cell[0].split()[0] for cell in quotes(table)[0]] == ["Tame", "Wild"]


def test_the_aspects_that_are_asked_for_are_the_rows() -> None:
    table = table_of(f"{BARE} by training steps and ground radar")
    assert table.aspects == ("training steps", "ground radar")
    steps, radar = quotes(table)
    assert any("every 500 steps" in quote for quote in steps[0]) and steps[1] == []
    assert radar[0] == [] and "ground radar alone" in radar[1][0]


def test_a_limit_of_something_is_no_limitation_and_data_are_no_data_set() -> None:
    told = (
        passage(HEDGE, "Our gardens hold data within a limited budget. We evaluate HedgeNet on one dataset."),
        passage(MOLE, "We evaluate MoleFormer on two benchmarks. MoleFormer fails where the ground is wet."),
    )
    table = table_of(f"{BARE} by datasets and limitations", passages=told)
    assert table.aspects == ("datasets", "limitations")
    assert quotes(table) == [
        [["We evaluate HedgeNet on one dataset."], ["We evaluate MoleFormer on two benchmarks."]],
        [[], ["MoleFormer fails where the ground is wet."]],
    ]


def test_every_quote_stands_in_its_passage_and_every_mark_has_its_footnote() -> None:
    found = compared(BARE, BARE, PASSAGES)
    assert found is not None
    checked, table = found
    assert all(one.quote in one.chunk.text for one in checked.citations)
    assert [one.n for one in checked.citations] == list(range(1, len(checked.citations) + 1))
    assert {int(key) for key in KEY.findall(checked.text)} == {one.n for one in checked.citations}
    assert {int(key) for key in KEY.findall(drawn(table))} == {one.n for one in checked.citations}
    assert NOT_REPORTED in checked.text


def test_a_long_sentence_is_reported_all_the_same() -> None:
    long = passage(MOLE, f"We outperform all others {'by far and away ' * 15}on tunnels.")
    table = table_of(BARE, passages=(*PASSAGES[:3], long))
    assert table.cells[2][1], "it would be said that no results are reported"


def test_one_paper_or_empty_papers_are_no_comparison() -> None:
    assert compared(BARE, BARE, PASSAGES[:2]) is None
    assert compared(BARE, BARE, ()) is None
    assert compared(BARE, BARE, (passage(HEDGE, "x = 1"), passage(MOLE, "y = 2"))) is None


def test_aspects_that_no_paper_reports_stand_beside_what_the_papers_tell() -> None:
    asked = f"{BARE} by colour and smell"
    table = table_of(asked)
    assert table.aspects[:2] == ("colour", "smell") and len(table.aspects) == 3
    assert quotes(table)[:2] == [[[], []], [[], []]]
    assert all(quotes(table)[2])


def test_what_happens_much_of_the_time_tells_no_speed() -> None:
    often = passage(HEDGE, "HedgeNet is preferred most of the time by people.")
    table = table_of(f"{BARE} by speed and data", passages=(*PASSAGES[:3], often))
    assert "of the time" not in str(quotes(table)[0])


def test_what_is_asked_of_the_sides_is_told_from_them() -> None:
    assert sides("Compare HedgeNet and MoleFormer by speed and data") == ("HedgeNet", "MoleFormer")
    assert sides("the paper by Kim vs the paper by Lee") == ("paper by Kim", "paper by Lee")
    assert aside("HedgeNet vs MoleFormer: which is faster?") == ("which is faster",)
    assert aside(BARE) == ()


# -- drawn


def test_two_papers_stand_beside_each_other_on_a_phone() -> None:
    lines = drawn(table_of(BARE)).splitlines()
    assert lines[0] == lines[-1] == "```"
    assert max(map(len, lines)) <= WIDTH
    assert lines[1].split(" │ ")[0].strip() == "HedgeNet"
    assert lines[2].startswith("── idea ─")
    assert NOT_REPORTED in "\n".join(lines)


def test_more_papers_stand_below_one_another() -> None:
    table = table_of(
        "HedgeNet, MoleFormer or the tides: what are the steps, scans and cm?", passages=PASSAGES
    )
    assert table.papers == (HEDGE, MOLE, TIDE)
    lines = drawn(table).splitlines()
    assert max(map(len, lines)) <= WIDTH and not any("│" in line for line in lines)


def cell(text: str, n: int = 1) -> tuple[Citation, ...]:
    made = passage(HEDGE, text)
    return (Citation(n, HEDGE, made.chunk, text),)


def test_a_long_quote_is_cut_where_it_tells_the_aspect_and_says_so() -> None:
    text = f"{'Before all else, ' * 8}the speed is 18 ms on one small GPU, {'and so on, ' * 9}at last."
    told = cell_text(cell(text), "speed")
    assert told.startswith("“… ") and "the speed is 18 ms" in told and told.endswith("…” [1]")
    assert told.removeprefix("“… ").removesuffix(" …” [1]") in text


def test_nothing_in_a_cell_ends_the_block_or_pings_anyone() -> None:
    table = Comparison((HEDGE, MOLE), ("```",), ((cell("``` @everyone ``` and more words"), ()),))
    shown = body(Answer(text="x [1]", route="compare", citations=table.cells[0][0], comparison=table))
    assert shown.count("```") == 2
    assert "@everyone" not in shown


@pytest.mark.parametrize(("rows", "small"), [(3, True), (40, False)])
def test_what_is_too_long_for_a_message_stays_a_text(rows: int, small: bool) -> None:
    row = (cell("Some eight words stand in this very sentence."), ())
    table = Comparison((HEDGE, MOLE), tuple(f"aspect {n}" for n in range(rows)), (row,) * rows)
    answer = Answer(text="As text [1].", route="compare", citations=row[0], comparison=table)
    assert fits(table) is small is (len(drawn(table)) <= HIGHEST)
    assert ("```" in body(answer)) is small
    assert ("As text" in body(answer)) is not small


# -- on the way to an answer


async def answered(model: ScriptedModel | None) -> Answer:
    question = Question(BARE)
    way = route(question)
    return await Answerer(model).answer(question, way, FakeLibrary().search(way.query), held=True)


async def test_quotations_are_compared_in_a_table() -> None:
    found = await answered(None)
    assert found.comparison is not None
    assert "```" in render(found)[0].text and "\n1. " not in f"\n{render(found)[0].text}"
    assert found.text.startswith("1. "), "scripts and follow-ups get it as a text"


async def test_a_written_comparison_gets_its_table_below() -> None:
    found = await answered(ScriptedModel(["HedgeNet has 4.2 million parameters [1]."]))
    assert found.model == "scripted" and found.comparison is not None
    assert set(found.comparison.papers) == {HEDGE, MOLE}, "what was not asked for is not compared"
    assert [one.n for one in found.citations] == list(range(1, len(found.citations) + 1))
    used = {int(key) for key in KEY.findall(drawn(found.comparison))}
    assert used == set(range(2, len(found.citations) + 1))
    (reply, *_) = render(found)
    assert reply.text.index("4.2 million parameters [1]") < reply.text.index("```")


def test_interest_that_was_gained_is_no_result_and_3d_is_no_name() -> None:
    heads, lamps = replace(HEDGE, title="BustNet: Heads in 3D"), replace(MOLE, title="LampNet: Light")
    told = (
        passage(
            heads, "Heads in 3D have gained increasing interest of late. BustNet reduces the error by 4 %."
        ),
        passage(lamps, "LampNet gains 3 points over all the others on the same street."),
    )
    table = table_of("Compare BustNet and LampNet", passages=told)
    results = quotes(table)[table.aspects.index("results")]
    assert "reduces the error" in results[0][0]
    assert "gains 3 points" in results[1][0]


def test_where_the_code_is_tells_no_idea() -> None:
    said = (
        "Our code and method are available at https://hedge.example today. Our gardener prunes at night too."
    )
    idea = quotes(table_of(BARE, passages=(passage(HEDGE, said), *PASSAGES[1:3])))[0][0]
    assert idea == ["Our gardener prunes at night too."]


def test_times_as_many_is_no_speed_and_a_hyperparameter_no_size() -> None:
    told = (
        passage(
            HEDGE,
            "HedgeNet has ten times more branches than any other. Our hyper-parameters stay as they are.",
        ),
        passage(MOLE, "MoleFormer runs at 18 ms a scan. Our model has 4 million parameters in all."),
    )
    speed, size, *_ = quotes(table_of(f"{BARE} by speed and parameters", passages=told))
    assert speed[0] == [] and "18 ms" in speed[1][0]
    assert size[0] == [] and "4 million" in size[1][0]


def test_a_figure_tells_a_speed_before_words_about_it() -> None:
    told = (
        passage(
            HEDGE, "Speed is what we want: HedgeNet is made for speed. HedgeNet runs at 30 fps in the garden."
        ),
        passage(MOLE, "MoleFormer has a speed of 18 ms a scan under the ground."),
    )
    speed, *_ = quotes(table_of(f"{BARE} by speed and size", passages=told))
    assert "30 fps" in speed[0][0]


def test_3d_names_no_paper() -> None:
    heads = replace(HEDGE, title="Making Heads in 3D")
    others = (
        "Every method for 3D heads improves on those that came before. We make heads out of clay instead."
    )
    told = (passage(heads, others), passage(MOLE, "MoleFormer improves the maps of all tunnels by far."))
    table = table_of("Compare Making Heads in 3D and MoleFormer", passages=told)
    assert quotes(table)[table.aspects.index("results")][0] == []
