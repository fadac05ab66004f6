"""One paper as Markdown, in the ways that people and converters write it."""

from __future__ import annotations

import pytest

from retrieval.models import Document
from retrieval.readers import read_file

ABSTRACT = (
    "We ask how a robot that tends a garden can learn which plants are thirsty without being told. Our "
    "method watches the leaves for a week and predicts the next watering from their colour."
)
METHOD = (
    "The robot looks at each leaf once an hour and keeps the mean of its green channel. When the mean falls, "
    "it opens the valve for a minute, and then it looks again."
)


def only(text: str, name: str = "notes/paper.md") -> Document:
    (document,) = read_file(name, text.encode()).documents
    assert document.source == name
    return document


def sections(document: Document) -> list[tuple[str, str]]:
    return [(block.section, block.kind) for block in document.blocks]


PLAIN = f"""# Gardens That Water Themselves

Ada Lovelace, Alan Turing

University of Somewhere

## Abstract

{ABSTRACT}

## 1. Introduction

{METHOD} See [the project](https://example.org/garden) and **two** _more_ things [3].

### 1.1 Details

- one leaf
- two leaves

| plant | water |
|-------|------:|
| basil | 3.5   |

![A garden](garden.png)

## References

[1] Hopper, G. Bugs in the garden. 1947.

### Books

[2] Noether, E. Symmetry of leaves. 1918.

## Appendix

{METHOD}
"""


def test_headings_are_sections_and_references_are_left_out() -> None:
    document = only(PLAIN)
    assert document.title == "Gardens That Water Themselves"
    assert document.authors == ("Ada Lovelace", "Alan Turing")
    assert sections(document) == [
        ("Abstract", "abstract"),
        ("1. Introduction", "body"),
        ("1.1 Details", "body"),
        ("Appendix", "body"),
    ]
    assert document.text("abstract") == ABSTRACT
    text = document.text()
    assert "See the project and two more things [3]." in text
    assert "basil 3.5" in text
    for lost in ("Hopper", "Noether", "garden.png", "|", "**", "---", "# "):
        assert lost not in text


def test_line_ends_of_windows_change_nothing() -> None:
    assert only(PLAIN.replace("\n", "\r\n")) == only(PLAIN)


@pytest.mark.parametrize(
    "abstract", ["**Abstract.** ", "**Abstract** ", "*Abstract*: ", "Abstract — ", "**Abstract**\n\n"]
)
def test_an_abstract_without_a_heading_of_its_own(abstract: str) -> None:
    head = f"# Gardens That Water Themselves\n\n**Ada Lovelace**, **Alan Turing**\n\n{abstract}{ABSTRACT}"
    document = only(f"{head}\n\n## Method\n\n{METHOD}\n\n**References**\n\n- Hopper, G. Bugs. 1947.\n")
    assert document.text("abstract") == ABSTRACT
    assert document.authors == ("Ada Lovelace", "Alan Turing")
    assert "Hopper" not in document.text()


def test_underlined_headings() -> None:
    head = "Gardens That Water Themselves\n=============================\n\nAda Lovelace"
    document = only(f"{head}\n\nAbstract\n--------\n\n{ABSTRACT}\n\nMethod\n------\n\n{METHOD}\n")
    assert (document.title, document.authors) == ("Gardens That Water Themselves", ("Ada Lovelace",))
    assert sections(document) == [("Abstract", "abstract"), ("Method", "body")]


def test_text_below_the_title_is_not_lost() -> None:
    document = only(f"# Gardens\n\n{ABSTRACT}\n\n## Method\n\n{METHOD}\n")
    assert document.title == "Gardens"
    assert document.text() == f"{ABSTRACT}\n\n{METHOD}"


def test_a_file_that_begins_with_its_sections_has_no_title() -> None:
    document = only(f"## Abstract\n\n{ABSTRACT}\n\n## 1 Introduction\n\n{METHOD}\n")
    assert document.title is None
    assert document.label
    assert sections(document) == [("Abstract", "abstract"), ("1 Introduction", "body")]


def test_comments_of_code_are_no_headings() -> None:
    code = "```python\n# water the plants\nvalve.open()\n```"
    document = only(f"# Gardens\n\n## Method\n\n{METHOD}\n\n{code}\n\n## Results\n\n{METHOD}\n")
    assert [section for section, _ in sections(document)] == ["Method", "Results"]


def test_front_matter_gives_its_facts() -> None:
    names = "authors:\n  - Ada Lovelace\n  - name: Alan Turing\n"
    facts = f"title: 'Gardens: Again'\n{names}date: 2021-05-01\nvenue: icml\n"
    document = only(f"---\n{facts}---\n\n# Abstract\n\n{ABSTRACT}\n")
    assert (document.title, document.authors) == ("Gardens: Again", ("Ada Lovelace", "Alan Turing"))
    assert (document.year, document.venue) == (2021, "ICML")
    assert document.text() == ABSTRACT


def test_markdown_is_told_by_its_text_whatever_the_file_is_called() -> None:
    assert only(PLAIN, "paper.txt").blocks == only(PLAIN, "paper.md").blocks


def test_lines_below_the_title_that_say_what_they_are_are_facts() -> None:
    document = only(
        "# Gardens That Water Themselves\n\n**Authors:** Ada Lovelace, Alan Turing\\\n**Year:** 2021\\\n"
        f"Journal: Letters of Gardening\nDOI: 10.5555/garden.1\n\n## Abstract\n\n{ABSTRACT}\n"
    )
    assert document.authors == ("Ada Lovelace", "Alan Turing")
    assert (document.year, document.venue) == (2021, "Letters of Gardening")
    assert document.doi == "10.5555/garden.1"
    assert sections(document) == [("Abstract", "abstract")]


def test_what_stands_between_dashes_goes_before_a_line_below_the_title() -> None:
    document = only(f"---\nyear: 2019\n---\n# Gardens\n\nYear: 2021\n\n## Abstract\n\n{ABSTRACT}\n")
    assert (document.title, document.year) == ("Gardens", 2019)
