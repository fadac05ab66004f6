"""Each form of file is told by what is in it, and one bad file or part stops nothing else."""

from __future__ import annotations

import gzip
import json
from functools import cache
from pathlib import Path

import pytest

from retrieval.errors import UnreadableFile
from retrieval.models import Document, Reading
from retrieval.readers import read_file
from retrieval.readers.search_results import FIELD_NAME_EMBEDDED

ABSTRACT = (
    "We ask how a robot that tends a garden can learn which plants are thirsty without being told. Our "
    "method watches the leaves for a week and predicts the next watering from their colour. It saves a third "
    "of the water in two gardens, and it needs no labels at all."
)
PAPER = f"""Gardens That Water Themselves
Ada Lovelace, Alan Turing
University of Somewhere
Abstract
{ABSTRACT}
1. Introduction
Plants need water, and gardeners forget. In this paper we study how often they do, and what a small robot
can do about it. We begin with a field study of forty gardens in three towns.
2. Method
The robot looks at each leaf once an hour and keeps the mean of its green channel. When the mean falls for
three hours in a row, it opens the valve for a minute.
References
[1] Grace Hopper. Bugs in the garden. In Proceedings of Gardens, 1947.
"""


def result_line(number: int, path: str, data: str | None, text: str = "data", dist: float = 0.5) -> str:
    metadata = {"created_at": 1700000000, "owner": "ada", "path": path, "size": 12, "seen_at": 1700000001}
    if data is not None:
        metadata["data"] = data
    return f"Result {number}: { ({'text': text, 'metadata': metadata, 'dist': dist})!r}"


def reason(name: str, data: bytes, max_mb: int = 200) -> str:
    with pytest.raises(UnreadableFile) as raised:
        read_file(name, data, max_mb=max_mb)
    return str(raised.value)


@cache
def reading_of(path: Path) -> Reading:
    """A file of the first library, read once for all tests."""
    return read_file(path.name, path.read_bytes())


def only(name: str, text: str) -> Document:
    (document,) = read_file(name, text.encode()).documents
    return document


# -- files that hold no paper


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("empty.txt", b"", "empty"),
        ("blank.txt", b" \n\r\n\t ", "empty"),
        ("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "PNG"),
        ("word.docx", b"PK\x03\x04" + bytes(500), "ZIP"),
        ("packed.txt.gz", gzip.compress(PAPER.encode()), "gzip"),
        ("noise.bin", bytes(range(256)) * 40, "binary"),
        ("page.pdf", b"<!DOCTYPE html><html><body>404 Not Found</body></html>", "HTML"),
        ("source.tex", b"% mine\n\\documentclass{article}\n\\begin{document}" + PAPER.encode(), "LaTeX"),
        ("list.bib", b"@article{a, author={B}}", "BibTeX"),
        ("numbers.txt", b"1 2 3\n4 5 6\n" * 200, "no paper"),
        ("note.txt", b"remember the milk", "no paper"),
        ("wide.txt", PAPER.encode("utf-16-le"), "UTF-16"),
        ("table.csv", b"city,population\nBern,134000\n", "no column"),
        ("settings.json", b'{"debug": true, "port": 80}', "no column"),
        ("broken.jsonl", b'{"title": "A paper"\n{"title": \n', "line 1"),
    ],
)
def test_a_file_without_a_paper_says_why(name: str, data: bytes, words: str) -> None:
    assert words in reason(name, data)


def test_a_huge_file_is_not_read() -> None:
    assert reason("huge.txt", b"a " * 600_000, max_mb=1) == "too large: 1 MB, and MAX_FILE_MB is 1"


def test_an_archive_is_told_with_what_to_do() -> None:
    assert reason("word.docx", b"PK\x03\x04" + bytes(500)) == (
        "a ZIP archive, such as .docx, .xlsx or .epub: Footnote cannot read it; "
        "save its papers as PDF or text"
    )


def test_another_encoding_is_told_by_its_place() -> None:
    data = b"Gardens\n" + "über".encode("latin-1") + PAPER.encode()
    said = reason("latin.txt", data)
    assert "byte 0xFC at offset 8 (line 2)" in said
    assert said.endswith("Windows-1252 or Latin-1; save it as UTF-8")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_marks_are_understood(encoding: str) -> None:
    (document,) = read_file("paper.txt", PAPER.encode(encoding)).documents
    assert document.title == "Gardens That Water Themselves"


def test_a_text_cut_inside_a_character_is_read_and_noted() -> None:
    reading = read_file("paper.txt", (PAPER + "ü").encode()[:-1])
    assert len(reading.documents) == 1
    assert "truncated" in reading.notes[0]


def test_a_few_control_bytes_make_no_text_binary() -> None:
    assert only("paper.txt", PAPER.replace("valve", "val\x00\x07ve")).title == "Gardens That Water Themselves"


def test_embedded_images_and_packed_code_cost_no_time_and_leave_no_text() -> None:
    packed = "data:image/png;base64," + "iVBORw0KGgo" * 100_000
    for text in (
        PAPER.replace("2. Method", f"{packed}\n2. Method"),
        f"# Gardens\n\n## A\n\n{ABSTRACT}\n\n{packed}",
    ):
        document = only("paper.md", text)
        assert "iVBOR" not in document.text()
        assert "thirsty" in document.text()


# -- saved search results


def test_results_are_papers_named_by_their_files() -> None:
    text = "\n".join(
        [
            "Found 2 results",
            result_line(1, "a/b/Lovelace_Gardens_CVPR_2024_paper.txt", PAPER, dist=0.1),
            result_line(2, "c\\d\\other.txt", PAPER.replace("Gardens That", "Meadows That"), dist=0.2),
            "",
        ]
    )
    reading = read_file("saved/results.log", text.encode())
    assert [document.source for document in reading.documents] == [
        "saved/results.log#Lovelace_Gardens_CVPR_2024_paper.txt",
        "saved/results.log#other.txt",
    ]
    first = reading.documents[0]
    assert (first.title, first.venue, first.year) == ("Gardens That Water Themselves", "CVPR", 2024)
    assert {"owner", "created_at", "seen_at", "size"} <= dict(first.extra).keys()
    assert "data" not in dict(first.extra)
    assert not reading.notes


def test_a_search_that_embedded_the_name_of_a_field_is_called_out() -> None:
    same = "\n".join(result_line(number, f"{number}.txt", PAPER + "x" * number) for number in (1, 2, 3))
    assert FIELD_NAME_EMBEDDED in read_file("r.txt", same.encode()).notes
    told_apart = same.replace("'dist': 0.5", "'dist': 0.4", 1)
    assert FIELD_NAME_EMBEDDED not in read_file("r.txt", told_apart.encode()).notes


def test_results_of_a_store_of_passages_are_one_paper_a_file() -> None:
    parts = PAPER.split("2. Method")
    text = "\n".join(
        result_line(n, "garden.txt", None, text=part, dist=n / 10) for n, part in enumerate(parts, 1)
    )
    (document,) = read_file("r.txt", text.encode()).documents
    assert document.source == "r.txt#garden.txt"
    assert "opens the valve" in document.text()


def test_results_without_a_path_are_named_by_number() -> None:
    assert only("r.txt", f"Result 7: { ({'text': PAPER, 'dist': 0.3})!r}").source == "r.txt#7"


HOSTILE = {
    "code": "{'text': __import__('os').system('true')}",
    "nested": "{'a': " + "[" * 100_000 + "]" * 100_000 + "}",
    "unclosed": "{'a': " + "(" * 50_000,
    "arithmetic": "{'a': " + "1+" * 50_000 + "1}",
    "signs": "{'a': " + "-" * 100_000 + "1}",
    "list": "{'a'}",
    "unhashable": "{[]: 1}",
    "huge number": "{'a': " + "9" * 10_000 + "}",
    "cut off": "{'text': 'data', 'metadata': {'data': 'Gardens That Wat",
    "no text": "{'text': 'data', 'metadata': {'data': ''}, 'dist': 1.0}",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_broken_result_is_noted_and_stops_nothing(kind: str) -> None:
    text = f"Result 1: {HOSTILE[kind]}\n{result_line(2, 'good.txt', PAPER)}\nResult 3: {HOSTILE[kind]}"
    reading = read_file("r.txt", text.encode())
    assert [document.source for document in reading.documents] == ["r.txt#good.txt"]
    assert [note.split(":")[0] for note in reading.notes] == ["Result 1", "Result 3"]
    assert "Result 1" in reason("r.txt", f"Result 1: {HOSTILE[kind]}".encode())


def test_one_path_with_two_texts_is_two_papers_and_with_one_text_one() -> None:
    lines = [
        result_line(1, "a/paper.txt", PAPER),
        result_line(2, "b/paper.txt", PAPER.replace("garden", "meadow")),
        result_line(3, "a/paper.txt", PAPER),
    ]
    reading = read_file("r.txt", "\n".join(lines).encode())
    assert [document.source for document in reading.documents] == ["r.txt#paper.txt", "r.txt#paper.txt~2"]
    assert len(reading.notes) == 3  # the field's name was embedded, another paper, the same paper twice


# -- conference lists


LIST = f"""# Papers

## [17] $R^{{2}}$ Gardens &amp; Robots

        **Authors**: *Ada Lovelace, Alan Turing 0002, Sammy Davis, Jr.*

        **Conference**: *neurips 2022*

        **URL**: [https://doi.org/10.1234/ABC.2022.(17)](https://doi.org/10.1234/ABC.2022.(17))

        **Abstract**:

        We water plants with 
<tex xmlns:mml="http://www.w3.org/1998/Math/MathML">$x^{{2}}$</tex>
 valves. **Results**: they live. Code: https://github.com/example/garden.

        ----

## [18] Nothing Known

----

## [19]

        **Authors**: *Nobody*

        ----

## [20] The Last One
**Authors**: {", ".join(f"Ada Author{n}" for n in range(125))}
**Conference**: CVPR Workshops 2021
**Abstract**:
The end.

[Go to the previous page](list09.md)

[Go to the catalog section](README.md)
"""


def test_a_list_gives_what_each_entry_says() -> None:
    reading = read_file("lists/list.txt", LIST.encode())
    full, bare, last = reading.documents
    assert full.source == "lists/list.txt#10.1234/ABC.2022.(17)"
    assert full.title == "R2 Gardens & Robots"
    assert full.authors == ("Ada Lovelace", "Alan Turing", "Sammy Davis Jr.")
    assert (full.venue, full.year, full.doi) == ("NeurIPS", 2022, "10.1234/ABC.2022.(17)")
    assert full.url == "https://doi.org/10.1234/ABC.2022.(17)"
    assert full.code_url == "https://github.com/example/garden"
    (abstract,) = full.blocks
    assert (abstract.kind, abstract.section) == ("abstract", "Abstract")
    assert "with x2 valves" in abstract.text
    assert "they live" in abstract.text
    assert "<" not in abstract.text
    assert "----" not in abstract.text
    assert (bare.source, bare.title, bare.blocks, bare.url) == (
        "lists/list.txt#[18]",
        "Nothing Known",
        (),
        None,
    )
    assert len(last.authors) == 125
    assert (last.venue, last.year) == ("CVPR Workshops", 2021)
    assert last.text() == "The end."
    assert reading.notes == ("[19] has no title",)


def test_a_paper_with_numbered_markdown_headings_is_no_list() -> None:
    text = (
        f"# Gardens That Water Themselves\n\n## Abstract\n\n{ABSTRACT}\n\n## [1] Introduction\n\n{ABSTRACT}\n"
    )
    assert only("paper.md", text).source == "paper.md"


# -- first pages


def first_page(words: str, number: int) -> str:
    body = "\n".join(
        f"{words} grows in the {ordinal} bed of our garden and needs no water" for ordinal in "abcdefgh"
    )
    return f"Abstract\n{words} is the plant we study here.\n{body}\n1. Introduction\n{body}\n{number}\n"


def test_first_pages_are_cut_apart_and_have_no_title() -> None:
    text = first_page("Basil", 2001) + first_page("Thyme", 417) + first_page("Sage", 33)
    documents = read_file("pages.txt", text.encode()).documents
    assert [document.source for document in documents] == ["pages.txt#1", "pages.txt#2", "pages.txt#3"]
    assert all(document.title is None and document.label for document in documents)
    for document, plant in zip(documents, ("Basil", "Thyme", "Sage"), strict=True):
        assert plant in document.text()
    assert "Basil" not in documents[1].text()


def test_what_all_first_pages_repeat_is_no_text_of_theirs() -> None:
    foot = "The Society of Garden Robots is not liable for what its robots do, volume"
    plants = (("Basil", 2001), ("Thyme", 417), ("Sage", 33))
    pages = [first_page(plant, n).replace(f"\n{n}\n", f"\n{foot} {n}.\n{n}\n") for plant, n in plants]
    documents = read_file("pages.txt", "".join(pages).encode()).documents
    assert len(documents) == 3
    assert not any("Society" in document.text() for document in documents)
    (alone,) = read_file("page.txt", pages[0].encode()).documents
    assert foot in alone.text()


def test_one_first_page_alone_is_one_too() -> None:
    assert only("pages.txt", first_page("Basil", 12)).source == "pages.txt#1"


def test_a_paper_that_lost_its_title_is_one_paper() -> None:
    text = PAPER[PAPER.index("Abstract") :]
    document = only("paper.txt", text)
    assert document.source == "paper.txt"


# -- one paper


def test_prose_that_is_no_paper_is_still_read_and_never_named_after_its_file() -> None:
    letter = (
        "dear all, the garden was closed on monday because the robot had opened every valve in the night. we "
        "are sorry about the mud, and we have switched it off until somebody has looked at its camera.\n"
    )
    document = only("letter_to_friends.txt", letter)
    assert "letter_to_friends" not in (document.title or document.label or "")
    assert document.title or document.label


# -- the first library


def test_the_corpus_is_read_whole(corpus: Path) -> None:
    readings = {path.name: reading_of(path) for path in sorted(corpus.iterdir())}
    counts = {name[:3]: len(reading.documents) for name, reading in readings.items()}
    assert counts == {"000": 10, "001": 10, "002": 200, "003": 30, "004": 10}
    notes = [note for reading in readings.values() for note in reading.notes]
    assert notes == [FIELD_NAME_EMBEDDED]
    sources = [document.source for reading in readings.values() for document in reading.documents]
    assert len(set(sources)) == 260


def test_the_corpus_list_is_read_right(corpus: Path) -> None:
    (path,) = corpus.glob("002_*")
    text = path.read_text(encoding="utf-8")
    documents = reading_of(path).documents
    # Counted apart from the reader: line by line, by the marks of the format.
    lines = [line.strip() for line in text.split("\n")]
    titles = [line.split("] ", 1)[1] for line in lines if line.startswith("## [")]
    authors = [line[14:-1].split(", ") for line in lines if line.startswith("**Authors**: *")]
    dois = [line.split("doi.org/")[1].split("]")[0] for line in lines if line.startswith("**URL**")]
    assert len(titles) == len(authors) == len(dois) == 200
    assert [list(document.authors) for document in documents] == authors
    assert [document.doi for document in documents] == dois
    assert [document.source for document in documents] == [f"{path.name}#{doi}" for doi in dois]
    wrong = [
        (document.title, title)
        for document, title in zip(documents, titles, strict=True)
        if document.title != title
    ]
    assert all("$" in title for _, title in wrong)  # TeX is made readable
    assert not any(sign in (document.title or "") for document in documents for sign in "$\\{}^")
    assert {(document.venue, document.year) for document in documents} == {("CVPR", 2023)}
    assert all(len(document.text("abstract")) > 300 for document in documents)
    assert max(len(document.authors) for document in documents) == 125


def test_the_corpus_titles_and_authors_are_read_right(corpus: Path, gold: Path) -> None:
    (path,) = corpus.glob("003_*")
    documents = {document.source.split("#")[1]: document for document in reading_of(path).documents}
    truth = json.loads((gold / "titles_dev.json").read_text(encoding="utf-8"))
    assert [(name, documents[name].title) for name in truth] == [
        (name, truth[name]["title"]) for name in truth
    ]
    wrong = [name for name in truth if list(documents[name].authors) != truth[name]["authors"]]
    assert len(wrong) <= 1, wrong


def test_the_corpus_first_pages_are_cut_right(corpus: Path, gold: Path) -> None:
    truth = json.loads((gold / "segments_dev.json").read_text(encoding="utf-8"))
    for key, segment in truth.items():
        name, number = segment["file"], int(key.split("#")[1])
        document = reading_of(corpus / name).documents[number - 1]
        assert document.source == f"{name}#{number}"
        assert {block.page for block in document.blocks} == {segment["page"]}, key
