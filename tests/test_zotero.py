"""What Zotero exports with files, in each of its forms: every record is one paper with its file's text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from retrieval.errors import UnreadableFile
from retrieval.library import Library
from retrieval.models import ATTACHED, Document
from retrieval.readers import read_file
from tests.papers import HashingEmbedder, settings_for
from tests.pdf_kit import BODY, Page

NAMESPACES = """xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:z="http://www.zotero.org/namespaces/export#" xmlns:dcterms="http://purl.org/dc/terms/"
 xmlns:bib="http://purl.org/net/biblio#" xmlns:foaf="http://xmlns.com/foaf/0.1/"
 xmlns:link="http://purl.org/rss/1.0/modules/link/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:prism="http://prismstandard.org/namespaces/1.2/basic/\""""
PEOPLE = """<bib:authors><rdf:Seq>
  <rdf:li><foaf:Person>
    <foaf:surname>Falk</foaf:surname><foaf:givenName>Ada</foaf:givenName></foaf:Person></rdf:li>
  <rdf:li><foaf:Person>
    <foaf:surname>van der Berg</foaf:surname><foaf:givenName>Bo</foaf:givenName></foaf:Person></rdf:li>
</rdf:Seq></bib:authors>"""
FILE = "files/12/Falk - 2023 - KiteNet draft.pdf"
ATTACHMENT = f"""<z:Attachment rdf:about="#item_12"><z:itemType>attachment</z:itemType>
 <rdf:resource rdf:resource="{FILE}"/><dc:title>Full Text PDF</dc:title>
 <link:type>application/pdf</link:type></z:Attachment>"""
ARTICLE = f"""<bib:Article rdf:about="#item_11"><z:itemType>journalArticle</z:itemType>
 <dcterms:isPartOf rdf:resource="urn:issn:0001-0002"/>{PEOPLE}
 <link:link rdf:resource="#item_12"/><dcterms:isReferencedBy rdf:resource="#item_13"/>
 <dc:title>KiteNet: Learning to Fly</dc:title><dcterms:abstract>We fly kites.</dcterms:abstract>
 <dc:date>2023-05-04</dc:date><dc:description>Citation Key: falkKiteNet2023</dc:description>
 <dc:identifier><dcterms:URI><rdf:value>https://example.org/kite</rdf:value></dcterms:URI></dc:identifier>
</bib:Article>
<bib:Journal rdf:about="urn:issn:0001-0002"><dc:title>Journal of Kites</dc:title>
 <dc:identifier>DOI 10.1000/kite.1</dc:identifier><dc:identifier>ISSN 0001-0002</dc:identifier></bib:Journal>
<bib:Memo rdf:about="#item_13"><rdf:value>a note</rdf:value></bib:Memo>"""
TALK = f"""<rdf:Description rdf:about="#item_20"><z:itemType>conferencePaper</z:itemType>{PEOPLE}
 <dcterms:isPartOf>
  <bib:Journal><dc:identifier>DOI 10.1000/moss.2</dc:identifier></bib:Journal></dcterms:isPartOf>
 <bib:presentedAt><bib:Conference><dc:title>Roofs 2022</dc:title></bib:Conference></bib:presentedAt>
 <dc:subject>moss</dc:subject><dc:title>Moss on Roofs</dc:title>
 <dc:date>June 2022</dc:date></rdf:Description>"""
FOLDER = '<z:Collection rdf:about="#collection_1"><dc:title>All</dc:title></z:Collection>'


def rdf(*parts: str) -> str:
    return f'<?xml version="1.0"?>\n<rdf:RDF {NAMESPACES}>\n' + "\n".join(parts) + "\n</rdf:RDF>\n"


def documents(text: str) -> list[Document]:
    return list(read_file("My Library/My Library.rdf", text.encode()).documents)


def test_an_article_with_its_journal_and_its_file() -> None:
    (kite,) = documents(rdf(ARTICLE, ATTACHMENT, FOLDER))
    assert (kite.title, kite.authors) == ("KiteNet: Learning to Fly", ("Ada Falk", "Bo van der Berg"))
    assert (kite.year, kite.venue, kite.doi) == (2023, "Journal of Kites", "10.1000/kite.1")
    assert (kite.url, kite.text("abstract")) == ("https://example.org/kite", "We fly kites.")
    assert kite.source == "My Library/My Library.rdf#falkKiteNet2023"
    assert json.loads(dict(kite.extra)[ATTACHED]) == [f"My Library/{FILE}"]


def test_a_talk_whose_journal_is_written_inside_of_it() -> None:
    _kite, moss = documents(rdf(ARTICLE, TALK, ATTACHMENT))
    assert (moss.title, moss.venue, moss.year) == ("Moss on Roofs", "Roofs", 2022)
    assert moss.doi == "10.1000/moss.2"
    assert moss.source.endswith("#item_20") and "moss" in dict(moss.extra)["tags"]


@pytest.mark.parametrize(("named", "written"), [("UTF-16", "utf-16"), ("ISO-8859-1", "utf-8")])
def test_the_encoding_that_a_file_names_no_longer_counts_when_it_is_text(named: str, written: str) -> None:
    text = rdf(ARTICLE.replace("KiteNet", "Möwe")).split("?>", 1)[-1]
    data = f'\n<?xml version="1.0" encoding="{named}"?>{text}'.encode(written)
    (document,) = read_file("export.rdf", data).documents
    assert document.title and "Möwe" in document.title


def test_an_item_without_a_title_is_named_and_the_others_are_read() -> None:
    nameless = '<bib:Article rdf:about="#item_9"><z:itemType>report</z:itemType></bib:Article>'
    reading = read_file("a.rdf", rdf(nameless, TALK).encode())
    assert [document.title for document in reading.documents] == ["Moss on Roofs"]
    assert reading.notes == ("item 1: has no title",)


@pytest.mark.parametrize(
    "text",
    [
        rdf(ARTICLE).replace("</rdf:RDF>", ""),
        rdf(ARTICLE)
        .replace("KiteNet", "&b;")
        .replace("<rdf:RDF", '<!DOCTYPE a [<!ENTITY b "c">]>\n<rdf:RDF'),
    ],
    ids=["cut off", "entities"],
)
def test_broken_xml_and_entities_are_refused(text: str) -> None:
    with pytest.raises(UnreadableFile, match="Zotero RDF that is broken XML"):
        read_file("a.rdf", text.encode())


BIBTEX = f"""@article{{falkKiteNet2023,
  title = {{KiteNet: Learning to Fly}}, author = {{Falk, Ada and van der Berg, Bo}}, date = {{2023-05-04}},
  journaltitle = {{Journal of Kites}}, doi = {{10.1000/kite.1}}, file = {{{FILE}}},
}}
"""
CSL = json.dumps(
    [
        {
            "id": "falkKiteNet2023",
            "type": "article-journal",
            "title": "KiteNet: Learning to Fly",
            "container-title": "Journal of Kites",
            "author": [
                {"family": "Falk", "given": "Ada"},
                {"family": "Berg", "given": "Bo", "non-dropping-particle": "van der"},
            ],
            "issued": {"date-parts": [[2023, 5, 4]]},
            "DOI": "10.1000/kite.1",
            "attachments": [{"path": FILE}],
        }
    ]
)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("My Library.rdf", rdf(ARTICLE, ATTACHMENT, FOLDER)),
        ("My Library.bib", BIBTEX),
        ("My Library.json", CSL),
    ],
    ids=["Zotero RDF", "Better BibTeX", "CSL-JSON"],
)
def test_an_exported_folder_is_one_paper_a_record_with_the_record_s_facts(
    tmp_path: Path, name: str, text: str
) -> None:
    page = Page()
    page.put(80, "Untidy Draft of May", 17, "Times-Bold")
    page.body()
    folder = tmp_path / "export"
    (folder / FILE).parent.mkdir(parents=True)
    (folder / FILE).write_bytes(page.out.getvalue())
    (folder / name).write_text(text, encoding="utf-8")
    with Library.open(
        settings_for(tmp_path / "data"), writable=True, create=True, embedder=HashingEmbedder()
    ) as library:
        report = library.ingest([folder])
        (entry,) = library.papers()
        found = library.search("What looks at the leaves of garden robots?").passages[0]
    paper = entry.paper
    assert report.failed == ()
    assert (paper.title, paper.year, paper.venue) == ("KiteNet: Learning to Fly", 2023, "Journal of Kites")
    assert paper.authors == ("Ada Falk", "Bo van der Berg")
    assert found.paper == paper and BODY[:40] in found.chunk.text
