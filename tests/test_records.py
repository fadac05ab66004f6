"""Records: a paper a row, in JSON lines, JSON, CSV and TSV, with whatever columns people have."""

from __future__ import annotations

import csv
import io
import json
from html import escape
from urllib.parse import quote

import pytest

from retrieval.document_json import document_to_json
from retrieval.errors import UnreadableFile
from retrieval.models import Document, Reading
from retrieval.readers import read_file, read_open
from retrieval.readers.fields import author_names, doi_in, venue_and_year

TEXT = "We water forty gardens with one robot, and we count the leaves that live and those that do not."
OLD_DOI = "10.1002/(SICI)1097-4571(199806)49:8<693::AID-ASI4>3.0.CO;2-O"


def read_json(*rows: object, name: str = "papers.jsonl") -> Reading:
    return read_file(name, "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode())


def only(row: dict[str, object]) -> Document:
    (document,) = read_json(row).documents
    return document


def test_half_of_a_surrogate_pair_is_left_out_wherever_it_stands() -> None:
    # A text that was cut between the two escapes of one character, as some exports cut theirs.
    half = "\ud835"
    row = {
        "id": "1",
        "title": f"Gardens {half}Alone",
        "abstract": f"{TEXT} {half}",
        f"no{half}te": [half, "x"],
    }
    lines = f"{json.dumps(row)}\n{json.dumps({'id': half, 'title': 'Cats'})}"
    first, second = read_file("papers.jsonl", lines.encode()).documents
    assert (first.title, first.text(), second.source) == ("Gardens Alone", TEXT, "papers.jsonl#")
    for document in (first, second):
        document_to_json(document).encode()  # as the catalogue writes it


def test_two_halves_that_make_a_character_are_one() -> None:
    literal = f"{{'text': '{TEXT} {chr(92)}ud835{chr(92)}udc00 and on', 'metadata': {{}}, 'dist': 1}}"
    (document,) = read_file("saved.txt", f"Result 1: {literal}\n".encode()).documents
    document_to_json(document).encode()


@pytest.mark.parametrize("column", ["title", "abstract", "year", "id"])
def test_lists_in_lists_without_end_cost_their_file_and_no_more(column: str) -> None:
    row = f'{{"title": "Cats", "{column}": {"[" * 900}1{"]" * 900}}}\n{{"title": "Dogs"}}\n'.encode()
    for read in (
        lambda: read_file("a.jsonl", row),
        lambda: list(read_open("a.jsonl", io.BytesIO(row), piece=100).documents),
    ):
        with pytest.raises(UnreadableFile, match="fault of Footnote"):
            read()


def test_a_row_with_everything() -> None:
    document = only(
        {
            "id": "garden-1",
            "title": "Gardens That Water Themselves",
            "authors": ["Ada Lovelace", "Turing, Alan"],
            "year": 2024.0,
            "venue": "CVPR",
            "doi": "https://doi.org/10.1234/garden.1",
            "url": "https://example.org/garden",
            "abstract": TEXT,
            "pages": "1-8",
            "keywords": ["robots", "leaves"],
            "editor": None,
        }
    )
    assert document.source == "papers.jsonl#garden-1"
    assert document.title == "Gardens That Water Themselves"
    assert document.authors == ("Ada Lovelace", "Alan Turing")
    assert (document.year, document.venue, document.doi) == (2024, "CVPR", "10.1234/garden.1")
    assert document.url == "https://example.org/garden"
    assert [(block.kind, block.section, block.text) for block in document.blocks] == [
        ("abstract", "Abstract", TEXT)
    ]
    assert document.extra == (("pages", "1-8"), ("keywords", '["robots", "leaves"]'))


def test_the_layout_of_beir_and_rows_without_text() -> None:
    reading = read_json(
        {"_id": "d1", "title": "Leaves", "text": TEXT, "metadata": {}},
        {"_id": "d2", "title": "Only a Title", "text": ""},
        {"_id": "d3", "title": "", "text": TEXT},
        {"_id": "d4", "title": "", "text": ""},
        name="beir/corpus.jsonl",
    )
    first, bare, untitled = reading.documents
    assert (first.source, first.title, first.text("abstract")) == ("beir/corpus.jsonl#d1", "Leaves", TEXT)
    assert (bare.title, bare.blocks) == ("Only a Title", ())
    assert untitled.title is None
    assert untitled.label
    assert reading.notes == ("line 4: has no title and no text",)


@pytest.mark.parametrize(
    "row",
    [
        {"id": "a", "title": "Leaves", "summary": TEXT},
        {"id": "a", "title": "Leaves", "kind": "summary", "text": TEXT},
    ],
)
def test_a_summary_is_never_taken_for_the_papers_own_words(row: dict[str, object]) -> None:
    assert [(block.kind, block.text) for block in only(row).blocks] == [("summary", TEXT)]


def test_a_text_of_many_pages_is_read_as_a_paper() -> None:
    body = "\n".join(
        f"The robot waters bed number {bed} while the gardener sleeps in the shade." for bed in range(99)
    )
    head = f"Leaves\nAda Lovelace\nAbstract\n{TEXT}\n1. Introduction"
    text = f"{head}\n{body}\nReferences\n[1] G. Hopper. Bugs in gardens. 1947.\n"
    document = only({"id": "a", "title": "Leaves, Again", "text": text})
    assert document.title == "Leaves, Again"
    assert "1. Introduction" in {block.section for block in document.blocks}
    assert "Hopper" not in document.text()


def test_rows_without_an_id_are_numbered_and_broken_ones_count() -> None:
    lines = ['{"title": "One"}', '{"title": ', "[1, 2]", "", '{"title": "Four"}', "[" * 100_000]
    reading = read_file("papers.jsonl", "\n".join(lines).encode())
    assert [document.source for document in reading.documents] == ["papers.jsonl#1", "papers.jsonl#4"]
    assert [note.split(":")[0] for note in reading.notes] == ["line 2", "line 3", "line 6"]


def test_an_id_given_twice_is_noted() -> None:
    reading = read_json({"id": 1, "title": "One"}, {"id": 1, "title": "Other"}, {"id": 1, "title": "One"})
    assert [document.source for document in reading.documents] == ["papers.jsonl#1", "papers.jsonl#1~2"]
    assert len(reading.notes) == 2


@pytest.mark.parametrize(
    "text",
    [
        '[{"id": "a", "title": "One"}, {"id": "b", "title": "Two"}]',
        '{"papers": [{"id": "a", "title": "One"}, {"id": "b", "title": "Two"}]}',
        '{"id": "a", "title": "One"}\r\n{"id": "b", "title": "Two"}\r\n',
        "id,title\na,One\nb,Two\n",
        "id\ttitle\na\tOne\nb\tTwo\n",
        'id;title;abstract\na;One;""\nb;Two;""\n',
        "\ufeffID,Title\r\na,One\r\nb,Two\r\n",
        "id,title\ra,One\rb,Two\r",
    ],
)
def test_every_layout_of_a_table(text: str) -> None:
    documents = read_file("anything.txt", text.encode()).documents
    assert [(document.source, document.title) for document in documents] == [
        ("anything.txt#a", "One"),
        ("anything.txt#b", "Two"),
    ]


def test_one_object_over_many_lines_is_one_paper() -> None:
    text = json.dumps({"title": "One", "authors": [{"name": "Ada Lovelace"}], "abstract": TEXT}, indent=2)
    (document,) = read_file("paper.json", text.encode()).documents
    assert (document.title, document.authors) == ("One", ("Ada Lovelace",))


def test_a_cut_array_gives_what_stands_before_the_cut() -> None:
    reading = read_file("papers.json", b'[{"title": "One"},\n {"title": "Two"},\n {"title": "Thr')
    assert [document.title for document in reading.documents] == ["One", "Two"]
    assert "record 3" in reading.notes[0]
    assert "cut off" in reading.notes[0]


def test_csv_with_quotes_line_ends_and_a_cell_too_many() -> None:
    numbered = " ".join(f"Bed {bed} was watered {bed * 7} times by the robot." for bed in range(4000))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["id", "title", "abstract", "colour"])
    writer.writerow(["a", 'The "Green" One, Again', f"{TEXT}\n\nSecond paragraph.", "green"])
    writer.writerow(["b", "Two", numbered, ""])
    text = out.getvalue() + "c,Three,with,a,comma,too,many\nd,Four\n"
    reading = read_file("papers_of_mine.csv", text.encode())
    first, long, short = reading.documents
    assert first.title == 'The "Green" One, Again'
    assert "Second paragraph." in first.text("abstract")
    assert first.extra == (("colour", "green"),)
    assert len(long.text()) > 131_072  # more than a csv reader takes by itself
    assert short.title == "Four"
    assert "7 cells where the header has 4" in reading.notes[0]


ROWS = "".join(f"{n},Garden number {n},A robot waters bed {n} at night.\n" for n in range(3, 30))


@pytest.mark.parametrize(
    "slip",
    [
        '2,"Garden number 2,A robot waters bed 2 at night.\n',
        '2,"Garden number 2,A robot waters bed 2 at night.\n2b,"Garden of quotes",A robot reads.\n',
    ],
)
def test_a_quote_that_is_not_closed_swallows_nothing(slip: str) -> None:
    data = f'id,title,abstract\n1,"Garden\nnumber 1","A robot\nwaters."\n{slip}{ROWS}'
    reading = read_file("papers.csv.txt", data.encode())
    assert [d.title for d in reading.documents if d.source.split("#")[1].isdigit()] == [
        f"Garden number {n}" for n in range(1, 30)
    ]
    assert reading.notes[0].startswith("line 5: a quote that opens here is not closed")


def test_a_file_that_ends_inside_a_cell_is_noted() -> None:
    data = 'id,title,abstract\n1,Garden one,A robot.\n2,Garden two,"A robot waters\nthe beds at\n'
    reading = read_file("papers.csv", data.encode())
    assert [d.title for d in reading.documents] == ["Garden one", "Garden two"]
    assert reading.notes == ("line 4: the file ends inside a quoted cell",)


def test_a_text_in_the_title_s_column_is_no_title() -> None:
    data = f"id,title,venue\n1,{' '.join(f'The robot waters bed {n}.' for n in range(20))},Nowhere\n"
    (document,) = read_file("papers.csv", data.encode()).documents
    assert document.title is None
    assert document.text().count("The robot waters bed") == 20


def test_a_table_of_other_things_is_refused_with_its_columns() -> None:
    with pytest.raises(UnreadableFile, match="it has city, population"):
        read_file("cities.csv", b"city,population\nBern,134000\n")


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("Ada Lovelace", ("Ada Lovelace",)),
        ("Ada Lovelace and Alan Turing", ("Ada Lovelace", "Alan Turing")),
        ("Ada Lovelace; Alan Turing", ("Ada Lovelace", "Alan Turing")),
        ("Ada Lovelace, Alan Turing, and Grace Hopper", ("Ada Lovelace", "Alan Turing", "Grace Hopper")),
        ("Ada Lovelace, Alan Turing & Grace Hopper", ("Ada Lovelace", "Alan Turing", "Grace Hopper")),
        ("Lovelace, Ada and Turing, Alan M.", ("Ada Lovelace", "Alan M. Turing")),
        ("Lovelace, A., Turing, A. M.", ("A. Lovelace", "A. M. Turing")),
        ("Lovelace, Ada; van der Berg, Jan", ("Ada Lovelace", "Jan van der Berg")),
        ("Martin Luther King, Jr., Ada Lovelace", ("Martin Luther King Jr.", "Ada Lovelace")),
        ("['Ada Lovelace', 'Alan Turing']", ("Ada Lovelace", "Alan Turing")),
        ('["Ada Lovelace", "Alan Turing"]', ("Ada Lovelace", "Alan Turing")),
        (["Lovelace, A.", "Samelson,K."], ("A. Lovelace", "K. Samelson")),
        ([{"first": "Ada", "last": "Lovelace"}, {"name": "Alan Turing"}], ("Ada Lovelace", "Alan Turing")),
        ("Wei Wang 0001, Ada Lovelace et al.", ("Wei Wang", "Ada Lovelace")),
        ("Alexander Sandy Anders", ("Alexander Sandy Anders",)),
        ("", ()),
        (None, ()),
        (17, ()),
    ],
)
def test_authors_in_every_usual_way(value: object, names: tuple[str, ...]) -> None:
    assert author_names(value) == names


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("https://doi.org/10.1109/CVPR52729.2023.01813", "10.1109/CVPR52729.2023.01813"),
        ("doi:10.1000/xyz123.", "10.1000/xyz123"),
        ("(see 10.1016/S0140-6736(01)05627-6)", "10.1016/S0140-6736(01)05627-6"),
        ("version 10.12 of 2023", None),
        *(
            (f"https://doi.org/{old}.", OLD_DOI)
            for old in (OLD_DOI, quote(OLD_DOI, safe="/():;"), escape(OLD_DOI))
        ),
        (
            "10.1175/1520-0493(1998)126<0001:TCOCMA>2.3.CO;2, and",
            "10.1175/1520-0493(1998)126<0001:TCOCMA>2.3.CO;2",
        ),
        ("<b>10.1000/xyz</b>", "10.1000/xyz"),
    ],
)
def test_dois_are_taken_bare_as_printed(text: str, doi: str | None) -> None:
    assert doi_in(text) == doi


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cvpr 2023", ("CVPR", 2023)),
        ("neurips 2022", ("NeurIPS", 2022)),
        ("ICML'2019", ("ICML", 2019)),
        ("Nature Communications", ("Nature Communications", None)),
        ("cvpr workshops 2021", ("CVPR Workshops", 2021)),
        ("1996", (None, 1996)),
        ("", (None, None)),
    ],
)
def test_venue_and_year_are_parted(text: str, expected: tuple[str | None, int | None]) -> None:
    assert venue_and_year(text) == expected


def test_a_year_that_is_none_is_told_once_a_file_and_kept_as_it_is_written() -> None:
    years = ("1500", "20x2", 20233, "in press", None, "2023", "1500", "12", "7", "6", "5")
    reading = read_json(*({"title": f"Gardens {n}", "year": year} for n, year in enumerate(years)))
    assert reading.notes == (
        "8 years are not from 1900 to 2099, and left out: '1500', '20x2', '20233', '12', '7', …",
    )
    assert [document.year for document in reading.documents] == [*[None] * 5, 2023, *[None] * 5]
    assert dict(reading.documents[1].extra) == {"year as written": "20x2"}
    assert read_json({"title": "Gardens", "year": 33}).notes == (
        "1 year is not from 1900 to 2099, and left out: '33'",
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.bib", "@article{a, title={Gardens}, year={1500}}"),
        ("a.ris", "TY  - JOUR\nTI  - Gardens\nPY  - 1500\nER  - \n"),
        ("a.md", f"## [1] Gardens\n\n**Year:** 1500\n\n**Abstract:** {TEXT}\n"),
    ],
)
def test_other_lists_tell_years_that_are_none_too(name: str, text: str) -> None:
    reading = read_file(name, text.encode())
    assert [document.title for document in reading.documents] == ["Gardens"]
    assert reading.notes == ("1 year is not from 1900 to 2099, and left out: '1500'",)
