"""Records of reference managers and of indexes of papers: what each reader makes of them, faults included."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.errors import UnreadableFile
from retrieval.models import ATTACHED, Document, Reading
from retrieval.readers import read_file
from retrieval.readers.bibtex import attachments

BIBTEX = r"""
% written by hand
@string{cv = "CVPR"}
@inproceedings{falk2023,
  title = {{KiteNet}: Learning to Fly Gr\"o\ss e \& {\'E}mile's $\alpha$-Wings},
  author = "Falk, Ada and van der Berg, Jan and {The ACME Team} and G{\"o}del, Kurt and King, Jr., Martin",
  booktitle = cv # " 2023", doi = {10.1234/kite\_net}, url = {https://example.org/a_b%20c},
  abstract = {We \textbf{train} it~for 50% of the day. It flies.}, keywords = {kites, wind},
}
@article{broken, title = {No closing brace, year = 2020,
@article{next, title = {The Next One}, date = {2020-05-01}, author = {Falk, Ada and others} }
@misc{untitled, year = 2021}
@article{next, title = {Another of That Name}}
"""
RIS = """TY  - JOUR\r
AU  - Falk, Ada\r
AU  - King, Martin, Jr.\r
TI  - KiteNet\r
T2  - Journal of Wind\r
PY  - 2023/05/01/\r
DO  - 10.1234/kite\r
UR  - https://example.org/a;b\r
AB  - We train it.\r
And it flies.\r
KW  - kites\r
ER  - \r
\r
TY  - CONF\r
AU  - Nobody\r
ER  - \r
TY - CONF\r
T1 - Single Spaced\r
"""
CSL: dict[str, object] = {
    "id": "falk2023",
    "type": "article-journal",
    "title": "KiteNet",
    "author": [
        {"family": "Berg", "given": "Jan", "non-dropping-particle": "van der"},
        {"literal": "The ACME Team"},
    ],
    "issued": {"date-parts": [["2023", 5]]},
    "container-title": "Journal of Wind",
    "DOI": "10.1234/kite",
    "abstract": "<jats:title>Abstract</jats:title><jats:p>We train it.</jats:p><jats:p>It flies.</jats:p>",
}
OPENALEX: dict[str, object] = {
    "id": "https://openalex.org/W12",
    "title": "KiteNet",
    "publication_year": 2023,
    "doi": "https://doi.org/10.1234/kite",
    "authorships": [{"author": {"display_name": "Ada Falk"}}],
    "abstract_inverted_index": {"We": [0, 3], "train": [1], "it.": [2], "fly.": [4]},
    "primary_location": {"source": {"display_name": "Journal of Wind"}},
    "cited_by_count": 3,
}
SCHOLAR: dict[str, object] = {
    "paperId": "ab12",
    "externalIds": {"DOI": "10.1234/kite", "ArXiv": "2301.00001"},
    "title": "KiteNet",
    "year": 2023,
    "venue": "Journal of Wind",
    "authors": [{"authorId": "1", "name": "Ada Falk"}],
    "abstract": "We train it.",
}
ARXIV: dict[str, object] = {
    "id": "2301.00001",
    "submitter": "Ada Falk",
    "title": "Kite\n  Net",
    "authors": 'Ada Falk, Kurt G\\"odel',
    "authors_parsed": [["Falk", "Ada", ""], ["Gödel", "Kurt", ""]],
    "journal-ref": None,
    "abstract": "  We train\n it. ",
    "categories": "cs.CV",
    "update_date": "2024-01-01",
}
ATOM = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">
<entry><id>http://arxiv.org/abs/2301.00001v2</id><title>Kite
 Net</title><published>2023-01-01T00:00:00Z</published><summary> We train it. </summary>
<author><name>Ada Falk</name></author><arxiv:doi>10.1234/kite</arxiv:doi><category term="cs.CV"/></entry>
<entry><id>http://arxiv.org/abs/2301.00002v1</id></entry></feed>"""


def read(name: str, text: str | object) -> Reading:
    return read_file(name, (text if isinstance(text, str) else json.dumps(text)).encode())


def by_key(reading: Reading) -> dict[str, Document]:
    return {document.source.partition("#")[2]: document for document in reading.documents}


def test_bibtex_is_read_with_its_latex() -> None:
    document = by_key(read("lists/mine.bib", BIBTEX))["falk2023"]
    assert document.title == "KiteNet: Learning to Fly Größe & Émile's α-Wings"
    assert document.authors == (
        "Ada Falk",
        "Jan van der Berg",
        "The ACME Team",
        "Kurt Gödel",
        "Martin King Jr.",
    )
    assert (document.venue, document.year, document.doi) == ("CVPR", 2023, "10.1234/kite_net")
    assert document.url == "https://example.org/a_b%20c"
    assert document.text("abstract") == "We train it for 50% of the day. It flies."
    assert ("keywords", "kites, wind") in document.extra


def test_an_eprint_is_known_as_arxiv_s() -> None:
    entry = (
        "@misc{k, title = {KiteNet}, eprint = {2301.00001}, archivePrefix = {arXiv}, url = {https://a.org}}"
    )
    (document,) = read("mine.bib", entry).documents
    assert (document.venue, document.url) == ("arXiv", "https://a.org")
    assert dict(document.extra)["arxiv"] == "2301.00001"


def test_a_broken_entry_is_named_and_the_others_are_read() -> None:
    reading = read("mine.bib", BIBTEX)
    assert list(by_key(reading)) == ["falk2023", "next", "next~2"]
    assert by_key(reading)["next"].year == 2020 and by_key(reading)["next"].authors == ("Ada Falk",)
    assert reading.notes[0].startswith("line 10: broken could not be read: Unexpected block start")
    assert reading.notes[1] == "line 12: untitled has no title"


def test_entries_of_one_key_are_read_alike() -> None:
    once = '@string{jv = "Journal of Vines"}\n'
    entry = (
        '@article{vines, title = {Vines in {Wind}}, author = {Vine, Di and M{\\"u}ller, J.}, '
        'journal = jv # " II", year = 2013, publisher = jv, note = "seen", abstract = {Vines bend.}}\n'
    )
    twice = entry.replace("year = 2013", "year = 2012, year = {2013}")  # a field that is there twice
    others = entry.replace("Vines in", "More of") + twice.replace("Vines in", "Yet more of")
    first, *rest = read("a.bib", once + entry + others).documents
    assert first.authors == ("Di Vine", "J. Müller") and first.venue == "Journal of Vines II"
    assert [one.title for one in rest] == ["More of Wind", "Yet more of Wind"]
    assert [replace(one, source=first.source, title=first.title) for one in rest] == [first, first]


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("{C# for Gardeners}", "C# for Gardeners"),  # the sign joins values, and stands in one as itself
        ('"F# in Use"', "F# in Use"),
        ("{3 # 4}", "3 # 4"),
        ('jv # " and C#"', "Vines and C#"),
        ('{Our } # jv # " of " # 2020', "Our Vines of 2020"),
    ],
)
def test_values_are_joined_where_they_are_written_in_pieces(written: str, title: str) -> None:
    once = '@string{jv = "Vines"}\n'
    entry = f"@article{{a, title = {written}, author = {{Di Vine}}, year = 2013}}\n"
    assert [one.title for one in read("a.bib", once + entry).documents] == [title]


def test_bibtex_under_another_name_is_known_by_its_content() -> None:
    assert len(read("export.txt", BIBTEX).documents) == 3


@pytest.mark.parametrize(
    ("written", "paths"),
    [
        ("files/12/x.pdf", ("files/12/x.pdf",)),
        ("Full Text PDF:files/12/x.pdf:application/pdf", ("files/12/x.pdf",)),
        (r"A\:b:files/1/a.pdf:application/pdf;P:files/2/b.htm:text/html", ("files/1/a.pdf", "files/2/b.htm")),
        (":files/1/a.pdf:PDF", ("files/1/a.pdf",)),
        (r"PDF:C\:/papers/a.pdf:application/pdf", ("C:/papers/a.pdf",)),
        (r":a\_b.pdf:PDF", ("a_b.pdf",)),
        ("", ()),
    ],
)  # fmt: skip
def test_the_paths_of_attached_files(written: str, paths: tuple[str, ...]) -> None:
    assert attachments(written) == paths


def test_attached_files_are_named_as_their_sources_are() -> None:
    entry = "@article{a, title = {KiteNet}, file = {PDF:files/12/x.pdf:application/pdf}}"
    (document,) = read("zotero/My Library.bib", entry).documents
    assert dict(document.extra)[ATTACHED] == '["zotero/files/12/x.pdf"]'


def test_ris_is_read_and_its_faults_are_named() -> None:
    reading = read("export.ris", RIS)
    first, last = reading.documents
    assert (first.source, first.title, first.year) == ("export.ris#10.1234/kite", "KiteNet", 2023)
    assert first.authors == ("Ada Falk", "Martin King Jr.")
    assert (first.venue, first.doi, first.url) == (
        "Journal of Wind",
        "10.1234/kite",
        "https://example.org/a;b",
    )
    assert first.text() == "We train it. And it flies."
    assert last.title == "Single Spaced"
    assert reading.notes == (
        "line 14: record 2 has no title",
        "line 17: record 3 has no end (ER); it was read up to the next",
    )


@pytest.mark.parametrize(
    ("name", "content", "source"),
    [
        ("csl.json", [CSL, "junk", {"type": "book", "issued": {}}], "csl.json#falk2023"),
        ("works.json", {"meta": {"count": 1}, "results": [OPENALEX], "group_by": []}, "works.json#W12"),
        ("work.json", OPENALEX, "work.json#W12"),
        ("found.json", {"total": 1, "data": [SCHOLAR]}, "found.json#ab12"),
    ],
)
def test_json_of_each_service(name: str, content: object, source: str) -> None:
    (document,) = read(name, content).documents
    assert (document.source, document.title, document.year) == (source, "KiteNet", 2023)
    assert (document.venue, document.doi) == ("Journal of Wind", "10.1234/kite")
    assert document.text("abstract").startswith("We train it.")
    assert document.authors in (("Ada Falk",), ("Jan van der Berg", "The ACME Team"))


def test_authors_as_plain_names_are_read_too() -> None:
    names = ["Ada Falk", "Gödel, Kurt"]
    for record in ({**SCHOLAR, "authors": names}, {**ARXIV, "authors_parsed": None, "authors": names}):
        assert read("a.jsonl", record).documents[0].authors == ("Ada Falk", "Kurt Gödel")


def test_a_record_with_a_type_and_a_doi_is_no_csl() -> None:
    told = {
        "type": "article",
        "DOI": "10.1234/kite",
        "title": "KiteNet",
        "authors": ["Ada Falk"],
        "year": 2023,
    }
    (document,) = read("a.json", [told]).documents
    assert (document.authors, document.year, document.doi) == (("Ada Falk",), 2023, "10.1234/kite")


def test_an_inverted_abstract_is_put_upright() -> None:
    assert read("work.json", OPENALEX).documents[0].text() == "We train it. We fly."


def test_faulty_records_are_named() -> None:
    reading = read("csl.json", [CSL, "junk", {"type": "book", "issued": {}}])
    assert reading.notes == ("record 2: not a record", "record 3: has no title")
    lines = "\n".join([json.dumps(SCHOLAR), '{"paperId": ', json.dumps({"paperId": "x", "title": None})])
    assert read("papers.jsonl", lines).notes == ("line 2: not JSON (Expecting value)", "line 3: has no title")


@pytest.mark.parametrize(("name", "content"), [("a.jsonl", ARXIV), ("a.xml", ATOM)])
def test_arxiv_in_both_forms(name: str, content: object) -> None:
    document = read(name, content).documents[0]
    assert (document.source, document.title, document.year) == (f"{name}#2301.00001", "Kite Net", 2023)
    assert document.authors[0] == "Ada Falk" and document.text() == "We train it."
    assert (document.venue, document.url) == ("arXiv", "https://arxiv.org/abs/2301.00001")


def test_a_feed_with_a_bomb_in_it_is_refused() -> None:
    bomb = ATOM.replace("?>", '?><!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]>').replace(
        "Kite", "&c;"
    )
    with pytest.raises(UnreadableFile):
        read("a.xml", bomb)
    inside = ATOM.replace("<feed", "<feed", 1).replace("</feed>", "")
    with pytest.raises(UnreadableFile, match="broken XML"):
        read("a.xml", inside)


SEEDS = [BIBTEX, RIS, json.dumps([CSL]), json.dumps(OPENALEX), json.dumps(SCHOLAR), json.dumps(ARXIV), ATOM]


@settings(max_examples=150, deadline=None)
@given(seed=st.sampled_from(SEEDS), data=st.data())
def test_damage_ends_in_papers_or_a_reason(seed: str, data: st.DataObject) -> None:
    """Cut, doubled, and with signs put into it, a file is read as far as it goes and breaks nothing."""
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(seed))] * 2)))
    sign = data.draw(
        st.sampled_from(["", "{", "}", '"', "@", "\\", "null", "[", "\n", "%", "#", "&", "<", "$"])
    )
    text = seed[:start] + sign + seed[end:]
    if not text.strip():
        return
    try:
        reading = read("damaged.bib" if seed is BIBTEX else "damaged", text)
    except UnreadableFile as error:
        assert str(error)
    else:
        assert all(document.source and (document.title or document.label) for document in reading.documents)


WORDS = st.text(st.characters(categories=("Lu", "Ll", "Nd"), max_codepoint=0x17F), min_size=1, max_size=9)


@settings(max_examples=60, deadline=None)
@given(value=st.recursive(st.none() | st.booleans() | st.integers() | WORDS, lambda v: st.lists(v, max_size=3)
                          | st.dictionaries(WORDS, v, max_size=3), max_leaves=6), data=st.data())  # fmt: skip
def test_any_value_in_any_field_is_borne(value: object, data: st.DataObject) -> None:
    seed = data.draw(st.sampled_from([CSL, OPENALEX, SCHOLAR, ARXIV]))
    key = data.draw(st.sampled_from(sorted(set(seed) - {"id", "paperId", "title"})))
    try:
        reading = read("fuzz.json", [seed, {**seed, key: value}])
    except UnreadableFile:
        pytest.fail("the first record is whole")
    assert reading.documents[0].title
