"""Which papers use a thing: those that write its name, all of them and no others."""

from __future__ import annotations

import pytest

from bot.answerer import Answerer
from bot.extractive import WORDS_OF_A_LIST, extract
from bot.gate import holds_answer
from bot.gather import gather
from bot.mentioning import Use, count_of_all, mentioned, mentioning, use_asked, written
from bot.models import Question
from bot.reranking import wanted
from bot.router import route
from retrieval.models import Passage, SearchResult
from tests.fakes import HEDGE, MOLE, TIDE, FakeLibrary, ScriptedModel, paper, passage

GARDENS = (
    passage(HEDGE, "We propose a hedge that prunes itself. It is a fine hedge."),
    passage(HEDGE, "All hedges were grown on two RTX A6000 cards in a shed."),
    passage(MOLE, "Moles dig with attention to roots. We compare them on MoleNet and on Stable Burrow."),
    passage(TIDE, "Tides are measured on MoleNet, with Attention, and on an RTX 3090."),
)


def gathered(text: str, held: tuple[Passage, ...] = GARDENS) -> SearchResult:
    return gather(FakeLibrary(list(held)), route(Question(text)), text)


def answer(text: str, held: tuple[Passage, ...] = GARDENS) -> str:
    found = gathered(text, held)
    assert holds_answer(found, route(Question(text)))
    return extract(text, text, "find", found.passages, fitting=len(found.papers)).text


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Which papers use MoleNet?", ("MoleNet",)),
        ("which papers mention running on an NVIDIA (RTX) A6000?", ("A6000",)),
        ("papers that are evaluated on the ScanNet benchmark", ("ScanNet",)),
        ("How many papers in the library train on Cityscapes", ("Cityscapes",)),
        ("list all papers that report FID or LPIPS", ("FID", "LPIPS")),
        ("who uses Stable Diffusion?", ("Stable Diffusion",)),
        ("which papers use coco", ("coco",)),
        ("which papers use a network of roots?", ()),
        ("papers on CLIP", ()),
        ("Which paper is about moles?", ()),
        ("Does HedgeNet use CLIP?", ()),
        ("which papers use", ()),
        ("does any paper use Detectron2?", ("Detectron2",)),
        ("Is there a paper that employs SMPL?", ("SMPL",)),
        ("which papers published evaluate on ImageNet?", ("ImageNet",)),  # "in 2024" is a filter by then
        ("which papers use C++?", ("C++",)),
        ("which papers use R?", ()),
        (f"which papers use {', '.join(f'N{n}' for n in range(300))}?", tuple(f"N{n}" for n in range(8))),
        ("which papers use <@123>?", ()),
        ("Which papers cite Mask R-CNN?", ("Mask R-CNN",)),
        ("which papers use ScanNet, S3DIS or ViT-B/16?", ("ScanNet", "S3DIS", "ViT-B/16")),
        ("papers using 3D Gaussian Splatting", ("3D Gaussian Splatting",)),
        ("papers based on Stable Diffusion 1.5", ("Stable Diffusion 1.5",)),
        ("papers that use Bag of Leaves", ("Bag of Leaves",)),
        ('papers that cite "Leaves are all you need"', ("Leaves are all you need",)),
        ("which papers use ScanNet but not KITTI?", ()),
        ("which papers use neither ScanNet nor KITTI?", ()),
    ],
)
def test_names_of_what_papers_are_asked_to_use(question: str, names: tuple[str, ...]) -> None:
    use = use_asked(question)
    assert (use.names if use else ()) == names
    assert use is None or use.alone


@pytest.mark.parametrize(
    "question", ["which papers use CLIP for segmentation?", "which segmentation papers use CLIP?"]
)
def test_something_may_be_asked_besides(question: str) -> None:
    use = use_asked(question)
    assert use and use.names == ("CLIP",) and not use.alone


def test_papers_that_lack_the_name_are_left_out_where_more_is_asked() -> None:
    found = gathered("which papers on roots use MoleNet?")
    assert found.papers[0].paper == MOLE
    assert HEDGE not in [ranked.paper for ranked in found.papers]
    assert "mention" not in answer("which papers use MoleNet to measure tides?")


def test_papers_that_write_the_name_are_listed_with_the_words_that_do() -> None:
    told = answer("Which papers evaluate on MoleNet?")
    assert told.startswith("2 papers mention MoleNet:\n1. ")
    assert MOLE.title in told and TIDE.title in told and HEDGE.title not in told
    told = answer("Which papers run on an RTX A6000?")
    quote = "All hedges were grown on two RTX A6000 cards in a shed."
    assert told == f"1 paper mentions A6000:\n1. {HEDGE.title}: “{quote}” [1]"


def test_a_name_is_found_however_it_is_typed_and_a_word_is_no_name() -> None:
    assert "2 papers mention molenet" in answer("papers that use molenet")
    assert mentioned("which papers use attention", gathered("which papers use attention").passages) is None


@pytest.mark.parametrize(
    ("name", "text", "count"),
    [
        ("Clip", "We clip hedges and use CLIP.", 1),
        ("Clip", "We clip hedges.", 0),
        ("MOLENET", "MoleNets dig.", 1),
        ("GANs", "A GAN is grown.", 1),
        ("Mole-2", "Mole2 and Mole 2 dig.", 1),
        ("RTX 3090", "An RTX3090 hums.", 1),
        ("A6000", "A 6000 leaves fall.", 0),
        ("Leaf Pruning", "We use leaf pruning.", 1),
        ("C++", "Written in C++.", 1),
        ("C++", "Written in C.", 0),
        ("Mole", "MoleNet digs.", 0),
    ],
)
def test_a_name_is_written_joined_or_apart_once_or_several_times(name: str, text: str, count: int) -> None:
    assert written([name], text) == count


def test_all_papers_are_counted_however_far_behind_a_search_puts_them() -> None:
    many = [passage(paper(f"p{n:03}", f"Garden {n}"), f"We use MoleNet on root {n}.") for n in range(150)]
    assert len(gathered("Which papers use MoleNet?", tuple(many)).papers) == 150


def test_a_name_that_nobody_writes_leaves_the_search_as_it_is() -> None:
    told = gathered("which papers use roots?")
    assert mentioning(FakeLibrary(list(GARDENS)), route(Question("")), Use(("WhaleNet",), True), told) is None


def test_a_name_that_stands_nowhere_changes_nothing() -> None:
    asked = "Which papers use WhaleNet?"
    assert mentioned(asked, gathered(asked).passages) is None
    assert mentioned(asked, ()) is None


def test_filters_are_kept() -> None:
    found = gathered("Which papers from 1990 use MoleNet?")
    assert found.passages == ()


def test_papers_that_are_not_quoted_are_named_and_those_left_are_counted() -> None:
    words = " ".join(["root"] * 40)
    many = [passage(paper(f"p{n:02}", f"Garden {n}"), f"We use MoleNet on {words} {n}.") for n in range(11)]
    told = answer("Which papers use MoleNet?", tuple(many))
    head, *lines, last = told.splitlines()
    assert head == "11 papers mention MoleNet:"
    assert last.startswith("And: Garden")
    assert len(lines) + last.count("Garden") + int(last.split()[-2]) == 11
    assert len(told.split()) <= WORDS_OF_A_LIST


def test_with_a_model_it_is_told_how_many_more_there_are_and_none_is_chosen_anew() -> None:
    asked = "Which papers use MoleNet?"
    many = tuple(passage(paper(f"p{n:02}", f"Garden {n}"), f"We use MoleNet on root {n}.") for n in range(11))
    found, way = gathered(asked, many), route(Question(asked))
    assert count_of_all(way, found) == ("11 papers mention MoleNet, more than the answer is written from.",)
    assert not wanted(way, found)
    assert count_of_all(way, gathered(asked)) == ()
    other = "Which papers are about roots?"
    assert count_of_all(route(Question(other)), gathered(other, many)) == ()


async def test_the_count_stands_below_what_a_model_writes() -> None:
    asked = "Which papers use MoleNet?"
    many = tuple(passage(paper(f"p{n:02}", f"Garden {n}"), f"We use MoleNet on root {n}.") for n in range(11))
    model = ScriptedModel(["Garden 1 uses MoleNet [1]."])
    answer = await Answerer(model).answer(Question(asked), route(Question(asked)), gathered(asked, many))
    assert answer.model == "scripted"
    assert "11 papers mention MoleNet, more than the answer is written from." in answer.notes
