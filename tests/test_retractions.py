"""The offline list of retractions: whom it marks, whom it does not, and where the mark is seen."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import pytest

from bot.discord_bot.listing import paper_replies
from bot.models import Answer, Citation, Question
from bot.prompts import messages
from bot.rendering import render, title
from retrieval.errors import UnreadableFile
from retrieval.models import Chunk, Paper, PaperEntry, Passage
from retrieval.outside.retractions import Retractions
from tests.command_line import bare_settings, footnote

COLUMNS = (
    "Record ID", "Title", "Subject", "Journal", "Author", "URLS", "RetractionDate", "RetractionDOI",
    "OriginalPaperDate", "OriginalPaperDOI", "RetractionNature", "Reason", "Paywalled", "Notes",
)  # fmt: skip


def row(
    title: str, author: str = "Ada Falk;Bo Lindqvist", doi: str = "unavailable", **more: str
) -> dict[str, str]:
    told = {"Title": title, "Author": author, "OriginalPaperDOI": doi, "RetractionNature": "Retraction"}
    date = {"RetractionDate": "3/4/2021 0:00", "RetractionDOI": "10.9999/notice"}
    return {**dict.fromkeys(COLUMNS, ""), **told, **date, "Reason": "+Unreliable Data;+Copy;", **more}


def write(path: Path, *rows: dict[str, str], encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as out:
        writer = csv.DictWriter(out, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return path


def paper(
    title: str = "Moss on Roofs", doi: str | None = None, authors: tuple[str, ...] = ("Ada Falk",)
) -> Paper:
    return Paper("id", title, authors=authors, doi=doi)


def test_a_paper_is_known_by_its_doi_whatever_its_title(tmp_path: Path) -> None:
    listed = Retractions.load(write(tmp_path / "list.csv", row("Other Words", doi="10.1234/MOSS")))
    found = listed.of_paper(paper(doi="10.1234/moss", authors=()))
    assert str(found) == "2021-03-04; Unreliable Data, Copy; notice: https://doi.org/10.9999/notice"


@pytest.mark.parametrize(
    ("ours", "retracted"),
    [
        (paper("MOSS on roofs"), True),  # the very title, in another case, and an author
        (paper("Moss on Roofs", authors=("B. Lindqvist",)), True),
        (paper("RETRACTED: Moss on Roofs"), True),
        (paper("Moss on Roofs", authors=("Cem Aydin",)), False),
        (paper("Moss on Roofs", authors=()), False),
        (paper("Moss on Flat Roofs"), False),
        (Paper("id", "Moss on Roofs", title_is_label=True, authors=("Ada Falk",)), False),
    ],
)
def test_else_by_title_and_an_author(ours: Paper, retracted: bool, tmp_path: Path) -> None:
    listed = Retractions.load(write(tmp_path / "list.csv", row("RETRACTED: Moss on Roofs")))
    assert (listed.of_paper(ours) is not None) is retracted


def test_two_dois_are_two_papers(tmp_path: Path) -> None:
    listed = Retractions.load(write(tmp_path / "list.csv", row("Moss on Roofs", doi="10.1234/one")))
    assert listed.of_paper(paper(doi="10.1234/two")) is None and listed.of_paper(paper()) is not None


@pytest.mark.parametrize("nature", ["Correction", "Expression of concern", "Reinstatement"])
def test_other_notices_are_no_retractions(nature: str, tmp_path: Path) -> None:
    later = row("Moss on Roofs", doi="10.1234/moss", RetractionNature=nature, RetractionDate="5/6/2022 0:00")
    listed = Retractions.load(write(tmp_path / "list.csv", later, row("Moss on Roofs", doi="10.1234/moss")))
    assert (listed.of_paper(paper(doi="10.1234/moss")) is None) is (nature == "Reinstatement")


def test_a_list_in_an_old_encoding_is_read(tmp_path: Path) -> None:
    told = row("Über Moos", author="Jörg Grün")
    listed = Retractions.load(write(tmp_path / "list.csv", told, encoding="cp1252"))
    assert listed.of_paper(paper("Über Moos", authors=("Jörg Grün",))) is not None


def test_what_is_no_list_says_so(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("Title,Author\nMoss,Ada\n", encoding="utf-8")
    with pytest.raises(UnreadableFile, match="no column OriginalPaperDOI, RetractionNature"):
        Retractions.load(tmp_path / "list.csv")
    with pytest.raises(UnreadableFile, match="cannot be opened"):
        Retractions.load(tmp_path / "absent.csv")


def test_the_mark_is_seen_in_every_answer_and_goes_with_the_list(small_library: Path, tmp_path: Path) -> None:
    path = write(tmp_path / "list.csv", row("Moss on Roofs", author="Okafor, Dana;Dana Okafor"))
    with bare_settings(tmp_path, small_library) as patch:
        plain = footnote("ask", "What does moss do to roofs in summer?")
        patch.setenv("RETRACTIONS", str(path))
        marked = footnote("ask", "What does moss do to roofs in summer?")
        told = json.loads(footnote("ask", "What does moss do to roofs?", "--json").stdout)
        shown = footnote("paper", "Moss on Roofs").stdout
        record = json.loads(footnote("paper", "Moss on Roofs", "--json").stdout)
        listed = footnote("papers").stdout
        searched = footnote("search", "moss on roofs").stdout
        found = json.loads(footnote("search", "moss on roofs", "--json").stdout)["papers"][0]
        other = footnote("paper", "Sourdough at Scale").stdout
    assert "RETRACTED" not in plain.output and "[1] (RETRACTED) Moss on Roofs." in marked.output
    assert told["citations"][0]["retracted"].startswith("2021-03-04")
    assert "retracted: 2021-03-04; Unreliable Data, Copy" in shown and record["retracted"]
    assert "(RETRACTED) Moss on Roofs" in listed and searched.count("(RETRACTED) Moss on Roofs") >= 2
    assert found["retracted"] and "etracted" not in other


def test_a_bot_that_runs_sees_a_new_list(small_library: Path, tmp_path: Path) -> None:
    from retrieval.library import Library
    from retrieval.settings import RetrievalSettings
    from tests.papers import HashingEmbedder

    path = tmp_path / "list.csv"
    values = {"FOOTNOTE_DATA": small_library, "RETRACTIONS": path}
    settings = RetrievalSettings(_env_file=None, **values)  # type: ignore[call-arg, arg-type]

    def state(library: Library) -> str | None:
        entry = library.paper("Moss on Roofs")
        return entry.paper.retracted if entry else "lost"

    embedder = HashingEmbedder()
    with Library.open(RetrievalSettings(_env_file=None, FOOTNOTE_DATA=small_library)) as plain:  # type: ignore[call-arg]
        embedder.name = plain.status().embedder
    with Library.open(settings, embedder=embedder) as library:
        assert state(library) is None
        write(path, row("Moss on Roofs", author="Dana Okafor"))
        assert state(library) is not None
        write(path, row("Moss on Roofs", author="Somebody Else"))
        os.utime(path, ns=(1, 1))
        assert state(library) is None


def test_the_title_is_marked_before_a_label() -> None:
    marked = Paper("id", "some words", title_is_label=True, retracted="2021")
    assert title(marked) == "(RETRACTED) (untitled page) some words"


def test_discord_shows_the_mark_and_the_reason() -> None:
    marked = Paper(
        "id", "Moss on Roofs", authors=("Dana Okafor",), retracted="2021-03-04; Unreliable @everyone"
    )
    (shown,) = paper_replies(PaperEntry(marked, 1))
    assert "**(RETRACTED) Moss on Roofs**" in shown.text
    assert "Retracted: 2021-03-04; Unreliable" in shown.text and "@everyone" not in shown.text
    cited = Citation(1, marked, Chunk("c", "id", "s", "Moss cools roofs."), "Moss cools roofs.")
    answer = Answer("Moss cools roofs. [1]", "question", citations=(cited,))
    assert "[1] **(RETRACTED) Moss on Roofs**" in render(answer)[0].text
    told = messages(Question("Why moss?"), "question", [Passage(cited.chunk, marked, 1.0)])[-1]
    assert "this paper was RETRACTED" in told["content"]
