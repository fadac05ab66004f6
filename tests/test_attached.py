"""Zotero's exported folder: a record and its attached PDF are one paper, with the record's facts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from retrieval.identity import Said, identify, merge
from retrieval.library import Library
from retrieval.models import ATTACHED, Block, Document
from tests.papers import HashingEmbedder, settings_for

BODY = """A Tethered Wing, Draft of May

We report how a tethered wing was flown for four hundred hours over the coast, with a winch that
pays out and reels in, and what the wing earned in each of these hours. The wing is held in the wind
window by a controller that was trained on the flights of the year before.
"""


def document(source: str, title: str, *files: str, words: str = "") -> Document:
    extra = ((ATTACHED, json.dumps(files)),) if files else ()
    return Document(source, title, blocks=(Block(words),) if words else (), extra=extra)


def groups(*documents: Document, said: Said | None = None) -> list[set[str]]:
    found = identify(documents, said) if said else identify(documents)
    return [{one.source for one in group} for group in found.groups]


def test_a_record_and_its_file_are_one_whatever_the_titles_say() -> None:
    record = document("my.bib#a", "KiteNet: Learning to Fly", "files/1/a.pdf")
    page = document("files/1/a.pdf", "Untidy Draft Name", words=BODY)
    other = document("files/2/a.pdf", "Moss on Roofs", words="Moss cools roofs.")
    assert groups(page, other, record) == [{"my.bib#a", "files/1/a.pdf"}, {"files/2/a.pdf"}]
    assert merge((page, record)).title == "KiteNet: Learning to Fly"
    assert [key for key, _ in merge((page, record)).extra] == []


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/home/ada/Zotero/storage/AB12/a.pdf", True),  # as a library writes it that was not exported
        ("/elsewhere/a.pdf", False),  # the name alone is too little
        ("storage/XY99/a.pdf", False),
    ],
)
def test_a_path_of_another_machine_is_known_by_its_end(path: str, found: bool) -> None:
    record, page = document("my.bib#a", "KiteNet", path), document("storage/AB12/a.pdf", "Draft", words=BODY)
    assert (len(groups(record, page)) == 1) is found


def test_a_name_s_letters_may_be_made_of_two_signs() -> None:
    # "ü" is one sign in what people and programs write, and two in the names of files on some systems.
    record = document("my.bib#a", "KiteNet", "files/1/M\u00fcller.pdf")
    there = document("files/1/Mu\u0308ller.pdf", "Draft", words=BODY)
    absolute = document("my.bib#b", "MossNet", "/home/ada/storage/B/M\u00fcller.pdf")
    by_end = document("storage/B/Mu\u0308ller.pdf", "Another Draft", words="Moss cools the roofs of towns.")
    found = groups(record, there, absolute, by_end)
    assert found == [{record.source, there.source}, {absolute.source, by_end.source}]


def test_a_person_s_word_goes_before_the_record_s() -> None:
    record, page = document("my.bib#a", "KiteNet", "a.pdf"), document("a.pdf", "Moss on Roofs", words=BODY)
    assert len(groups(record, page, said=Said(apart=(("my.bib#a", "a.pdf"),)))) == 2


def test_an_exported_folder_is_read_as_one_paper_a_record(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    (folder / "files" / "12").mkdir(parents=True)
    (folder / "files" / "12" / "draft.txt").write_text(BODY * 3, encoding="utf-8")
    (folder / "My Library.bib").write_text(
        "@article{falk2023,\n  title = {KiteNet: Learning to Fly},\n  author = {Falk, Ada},\n"
        "  year = {2023}, abstract = {We fly.},\n  file = {Full Text:files/12/draft.txt:text/plain},\n}\n"
        "@article{okafor, title = {Moss on Roofs}, abstract = {Moss cools roofs in summer.}}\n",
        encoding="utf-8",
    )
    with Library.open(
        settings_for(tmp_path / "data"), writable=True, create=True, embedder=HashingEmbedder()
    ) as library:
        report = library.ingest([folder])
        papers = {entry.paper.title: entry.paper for entry in library.papers()}
        found = library.search("How many hours was the wing flown over the coast?").passages[0]
    assert report.failed == () and set(papers) == {"KiteNet: Learning to Fly", "Moss on Roofs"}
    kite = papers["KiteNet: Learning to Fly"]
    assert kite.sources == ("My Library.bib#falk2023", "files/12/draft.txt")
    assert (kite.authors, kite.year, kite.abstract) == (("Ada Falk",), 2023, "We fly.")
    assert found.paper == kite and "four hundred hours" in found.chunk.text
