"""Large files of records are read in pieces, and say what they say when they are read whole."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from io import BytesIO

import pytest

from retrieval.errors import UnreadableFile
from retrieval.readers import PAPER_MB, read_file, read_open
from retrieval.readers.pieces import WHOLE_MB
from retrieval.readers.tables import rows_of

PIECE = 900  # bytes: some records

TITLES = [f"Gardens of glass {number} – how «windows» keep the cold out" for number in range(60)]
ABSTRACT = "We grow, with care, what the wind would break.\nA second line follows, {braced} and \\& escaped."


def rows() -> Iterator[dict[str, object]]:
    for number, title in enumerate(TITLES):
        known = {"id": f"key{number}"} if number % 3 else {}  # without one, its number is its name
        yield {**known, "title": title, "year": 2000 + number % 20, "abstract": f"{title}. {ABSTRACT}"}


def as_lines() -> str:
    lines = [json.dumps(row, ensure_ascii=False) for row in rows()]
    return "\n".join([*lines[:20], "", '{"title": broken', *lines[20:], ""])


def as_table() -> str:
    out = io.StringIO(newline="")
    table = csv.DictWriter(out, ["id", "title", "year", "abstract"])
    table.writeheader()
    table.writerows(rows())
    slip = '1,"a row, with, a quote that is never closed,\r\n2,A last paper of all,2001,Text of it\r\n'
    return out.getvalue() + slip


def as_bibtex() -> str:
    entries = [
        f"@article{{key{number},\n title = {{{title}}},\n journal = gard # {{ A}},\n"
        f" abstract = {{{ABSTRACT}}}\n}}"
        for number, title in enumerate(TITLES)
    ]
    return "\n\n".join(
        ['@string{gard = "The Gardener"}', *entries[:30], "@article{lost, title = {No end", *entries[30:]]
    )


def as_ris() -> str:
    records = [
        f"TY  - JOUR\r\nTI  - {title}\r\nAU  - Gardener, Ada\r\nAB  - {title} {number}\r\n"
        f"{'' if number == 40 else 'ER  - '}\r\n"
        for number, title in enumerate(TITLES)
    ]
    return "\r\n".join(records)


def as_csl() -> str:
    items = [
        {"id": f"k{n}", "type": "article-journal", "title": title, "issued": {"date-parts": [[2001]]}}
        for n, title in enumerate(TITLES)
    ]
    return json.dumps([*items[:10], {"type": "article-journal"}, *items[10:]], ensure_ascii=False, indent=1)


def as_arxiv() -> str:
    return "\n".join(
        json.dumps(
            {"id": f"2301.{n:05}", "submitter": "Ada", "title": title, "abstract": title, "categories": "cs"}
        )
        for n, title in enumerate(TITLES)
    )


FILES = {
    "papers.jsonl": as_lines(),
    "papers.json": json.dumps(list(rows())),
    "indented.json": json.dumps(list(rows()), indent=2),
    "cut.json": json.dumps(list(rows()))[:-700],
    "broken.json": json.dumps(list(rows())).replace('"title": "Gardens of glass 31', '"title" "Gardens', 1),
    "object.json": json.dumps({"papers": list(rows())}),
    "papers.csv": as_table(),
    "papers.bib": as_bibtex(),
    "papers.ris": as_ris(),
    "csl.json": as_csl(),
    "arxiv.jsonl": as_arxiv(),
    "twice.jsonl": f"{as_lines()}\n{as_lines().replace('2003', '2004')}",
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_in_pieces_says_what_it_says_whole(name: str) -> None:
    data = FILES[name].encode()
    whole = read_file(name, data)
    stream = read_open(name, BytesIO(data), piece=PIECE)
    assert tuple(stream.documents) == whole.documents
    assert stream.notes() == whole.notes
    assert len(whole.documents) >= 30  # it is of records, and most can be read


@pytest.mark.parametrize("piece", [50, 51, 52, 53, 400])
@pytest.mark.parametrize("name", ["papers.jsonl", "papers.json", "papers.csv", "papers.ris"])
def test_wherever_it_is_cut(name: str, piece: int) -> None:
    data = FILES[name].encode("utf-8-sig")
    stream = read_open(name, BytesIO(data), piece=piece)
    assert tuple(stream.documents) == read_file(name, data).documents


def test_only_some_pieces_are_taken_before_the_first_paper() -> None:
    for name in ("papers.jsonl", "papers.json", "papers.csv", "papers.bib", "papers.ris"):
        file = BytesIO(FILES[name].encode())
        next(read_open(name, file, piece=PIECE).documents)
        assert file.tell() <= 8 * PIECE < len(file.getvalue()), name


@pytest.mark.parametrize("at", [600, -40])
def test_a_byte_of_another_encoding_ends_it_with_the_place(at: int) -> None:
    data = bytearray(as_ris().encode("utf-16-le").decode("utf-16-le").encode())
    data[at] = 0xFC
    with pytest.raises(UnreadableFile) as whole:
        read_file("papers.ris", bytes(data))
    with pytest.raises(UnreadableFile) as in_pieces:
        list(read_open("papers.ris", BytesIO(bytes(data)), piece=PIECE).documents)
    assert str(in_pieces.value) == str(whole.value)


def test_records_without_a_paper_end_it() -> None:
    data = b"city,population\n" + b"Bern,134000\n" * 200
    with pytest.raises(UnreadableFile, match=r"no column of it is a paper's title.*it has city, population"):
        list(read_open("cities.csv", BytesIO(data), piece=PIECE).documents)


def test_other_forms_are_read_whole() -> None:
    text = "# Gardens of glass\n\n" + "Glass keeps the cold out of every garden, as we show here. " * 40
    stream = read_open("garden.md", BytesIO(text.encode()), piece=PIECE)
    assert tuple(stream.documents) == read_file("garden.md", text.encode()).documents


def test_a_text_too_large_for_one_paper_is_refused_before_it_is_read() -> None:
    file = BytesIO(b"Glass keeps the cold out of every garden, as we show here. " * (PAPER_MB * 20_000))
    with pytest.raises(
        UnreadableFile, match=rf"too large: 30 MB, and one paper may have {PAPER_MB}\. Part it"
    ):
        read_open("garden.txt", file)


@pytest.mark.parametrize(
    "begin",
    [
        '{"papers": [',
        '<?xml version="1.0"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><link href="http://arxiv.org/api/x"/>',
    ],
)
def test_an_object_or_a_feed_too_large_to_be_read_whole_is_refused(begin: str) -> None:
    file = BytesIO(begin.encode() + b" " * (WHOLE_MB * 1_000_000))
    with pytest.raises(UnreadableFile, match=rf"too large: more than {WHOLE_MB} MB that .* as records"):
        list(read_open("papers.json", file).documents)


def test_behind_a_quote_that_is_not_closed_each_row_comes_once() -> None:
    lines = ["id,title", '1,"A slip', *(f"{number},Kites {number}" for number in range(2, 2000))]
    rows = list(rows_of(f"{line}\n" for line in lines))
    assert [at for at, _ in rows] == [2, *range(2, 2001)]  # what is wrong with a line, and the line
    assert rows[-1][1] == {"id": "1999", "title": "Kites 1999"}


def test_a_form_is_known_though_all_but_its_first_line_is_one() -> None:
    data = FILES["papers.json"].replace("[", "[\n", 1).encode()
    file = BytesIO(data)
    papers = read_open("papers.json", file, piece=PIECE).documents
    first = next(papers)
    assert file.tell() < len(data)  # it is read in pieces
    assert (first, *papers) == read_file("papers.json", data).documents
