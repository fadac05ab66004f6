"""papers.csv beside the files mends what was read."""

from __future__ import annotations

import pytest

from retrieval.errors import UnreadableFile
from retrieval.identity import merge
from retrieval.models import Document
from retrieval.readers import read_file
from retrieval.readers.manifest import Override, is_manifest, manifest_faults, read_manifest

READ = Document("a.pdf", "Gardens", authors=("A. Lovelace",), year=2020, venue="CVPR", label="Gardens")


def test_rows_override_what_they_name_and_nothing_else() -> None:
    data = (
        "\ufeffsource,title,authors,year,venue,url\r\n"
        'a.pdf,"Gardens, Mended",Ada Lovelace; Alan Turing,2024,,\r\n'
        ".\\pages\\first.txt#3,,Ada Lovelace and Alan Turing,,ICCV,https://doi.org/10.1234/garden\r\n"
    ).encode()
    overrides = read_manifest(data)
    assert set(overrides) == {"a.pdf", "pages/first.txt#3"}
    mended = overrides["a.pdf"].apply(READ)
    assert (mended.title, mended.authors, mended.year) == (
        "Gardens, Mended",
        ("Ada Lovelace", "Alan Turing"),
        2024,
    )
    assert (mended.venue, mended.url, mended.source) == ("CVPR", None, "a.pdf")
    other = overrides["pages/first.txt#3"].apply(READ)
    assert (other.title, other.venue, other.doi) == ("Gardens", "ICCV", "10.1234/garden")
    assert other.authors == ("Ada Lovelace", "Alan Turing")
    assert manifest_faults(data) == ()


def test_what_a_person_wrote_wins_over_every_source() -> None:
    listed = Document("list.md#1", "Gardens", year=2023, doi="10.1234/garden", authors=("Nobody",))
    mended = Override(title="Gardens, Mended", year=2024).apply(READ)
    paper = merge((listed, mended))
    assert (paper.title, paper.year, paper.authors) == ("Gardens, Mended", 2024, ("Nobody",))
    assert paper.extra == ()


def test_an_empty_override_changes_nothing() -> None:
    assert Override().apply(READ) is READ


def test_faults_are_named_by_line_and_stop_nothing() -> None:
    data = b"""source,title,year,url
a.pdf,Gardens,two thousand,
,No Source,2020,
b.pdf,,,
c.pdf,One,2020,
c.pdf,Two,2021,not an address
d.pdf,Too,Many,Cells,Here
"""
    assert read_manifest(data) == {
        "a.pdf": Override(title="Gardens"),
        "c.pdf": Override(title="Two", year=2021),
    }
    faults = manifest_faults(data)
    assert [fault.split(":")[0] for fault in faults] == [
        "line 2",
        "line 3",
        "line 4",
        "line 6",
        "line 6",
        "line 7",
    ]
    assert read_file("papers.csv", data).notes == faults
    assert read_file("papers.csv", data).documents == ()


def test_a_manifest_is_told_by_its_name_and_its_header() -> None:
    rows = b"source,title\na.pdf,Gardens\n"
    assert is_manifest("deep/papers.csv", rows)
    assert not is_manifest("list.csv", rows)
    assert not is_manifest("papers.csv", b"id,title\n1,Gardens\n")
    (document,) = read_file("papers.csv", b"id,title\n1,Gardens\n").documents
    assert document.source == "papers.csv#1"


@pytest.mark.parametrize("data", [b"", b"id,title\n1,Gardens\n", b"\xff\xfe\x00", b"\x89PNG\r\n"])
def test_what_is_no_manifest_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableFile):
        read_manifest(data)
