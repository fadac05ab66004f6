"""Texts that no paper has: reading them takes seconds, never minutes."""

from __future__ import annotations

import contextlib
import gc
import random
import time
from collections.abc import Callable

import pytest

from retrieval.errors import UnreadableFile
from retrieval.readers import read_file
from retrieval.structure import first_page, paper_from_text, split_first_pages
from retrieval.text_repair import faults

SIZE = 300_000  # characters
SECONDS = 6.0  # on a usual machine; each pattern that tries every start anew takes minutes

UNITS = (
    "a", "A", "aB", "a-", "Ab-", "1", ". ", "https://", "www.", "a.b.", "\x03a", "ﬁ", " ", "\n", "<",
    "<sup>", "<math>", "<!--", "<latexit>", "$", "[a](", "&a", "{", "\\frac{", "/uni00", "a´", "Ô¨", "V A ",
    "Abstract\n", "a\n", "1\n2\n3\n", "Equal contribution A. ", "1 Introduction\n", "a.1. Abc ",
    "Figure 1. A ", "Figure 1. A\n", "Table 1. A\n1 2 3\n", "References\n", "[1] A. Bcd, 2020.\n", "ab-\n",
    "<sup>1</sup>", "This CVPR paper ", "abc ", "We propose a ", "called XYZ (", "X1-", "Our a, ",
    "github.com/", "Ada Bird, ", "漢", "Proceedings of the ", "Copyright 2020 ", "Published at ", "3×3",
    "1st", "Raw Caption:", "/summationdisplay", "Ab. ", "** ",
)  # fmt: skip
READING: tuple[Callable[[str], object], ...] = (
    faults,
    split_first_pages,
    lambda text: first_page("f.txt#1", f"Abstract\n{text}"),
    lambda text: paper_from_text("t.txt", f"A Title\nAda Bird\nAbstract\nWe count.\n1. Introduction\n{text}"),
)


def seconds_of(read: Callable[[str], object], text: str) -> float:
    """Of processor time, without what clearing up after all the tests before would take, as timeit has it."""
    gc.disable()
    start = time.process_time()
    try:
        read(text)
        return time.process_time() - start
    finally:
        gc.enable()


def in_time(read: Callable[[str], object], text: str, limit: float) -> bool:
    """Whether `text` is read within `limit` seconds, or takes more only because the machine is slow or busy.

    Then half of it takes about half as long; where each start is tried anew it takes a quarter.
    """
    taken = seconds_of(read, text)
    return taken < limit or taken < min(10 * limit, 3 * seconds_of(read, text[: len(text) // 2]))


def reading(name: str) -> Callable[[str], object]:
    """How a file of that name is read, whether or not it can be."""

    def read(text: str) -> None:
        with contextlib.suppress(UnreadableFile):
            read_file(name, text.encode())

    return read


@pytest.mark.parametrize("unit", UNITS)
def test_one_thing_again_and_again_is_read_in_seconds(unit: str) -> None:
    text = unit * (SIZE // len(unit) // 6)
    for read in READING:
        assert in_time(read, text, SECONDS / 6)


@pytest.mark.parametrize(
    "letters", ["abcdefgh", "abXY019+/", "ab cA1.,-\n", "abcA. [](){}-_/\\<>$*#'\"\x03´"]
)
def test_noise_is_read_in_seconds(letters: str) -> None:
    text = "".join(random.Random(1).choices(letters, k=SIZE))
    assert in_time(lambda noise: paper_from_text("t.txt", noise), text, SECONDS)


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.csv", "a.jsonl"])
@pytest.mark.parametrize("line", ['x,"a\n', "# A\n", "Abstract\n7\n", '{"title": "A"\n', "Result 1: {'a\n"])
def test_broken_lines_of_every_kind_are_read_in_seconds(name: str, line: str) -> None:
    head = "title,abstract\n" if name == "a.csv" else ""
    assert in_time(reading(name), head + line * (SIZE // len(line) // 3), SECONDS)


@pytest.mark.parametrize(
    "lead", [" " * 60, "\n" * 60, " \n\t" * 20, "%a\n" * 60, "<!--a-->" * 60, "<!--a--> " * 60]
)
@pytest.mark.parametrize("name", ["a.txt", "a.bib", "a.xml"])
def test_what_stands_before_a_text_is_read_in_seconds(name: str, lead: str) -> None:
    text = f"{lead}Moss on Roofs\n\nWe count the moss on the roofs of towns.\n"
    assert seconds_of(reading(name), text) < SECONDS
