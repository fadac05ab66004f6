"""Lists of references: what is written is read as the same papers, keys are unique, LaTeX escaped."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.references import FORMATS, written
from bot.references.facts import kind_of, name_parts
from bot.references.keys import keys_of
from retrieval.models import KIND, Document, Paper, PublicationKind, Version
from retrieval.readers import read_file
from retrieval.readers.completing import flowing
from retrieval.readers.fields import squeeze
from tests.command_line import bare_settings, footnote
from tests.papers import write_records

SUFFIX = {"bibtex": "bib", "ris": "ris", "csl-json": "json"}
ODD = Paper(
    id="0a1b2c3d",
    title="A {Brace} & 100% of $5 -- #1_x \\ ~ ^ ``quoted'' <b>: Größe?`",
    authors=("Ada M. Falk", "Jan van der Berg", "Smith and Sons", "Kite Group", "Martin King Jr.", "Madonna"),
    year=2023,
    venue="Journal of Wind & Sea",
    doi="10.1234/kite_net(1)",
    url="https://example.org/a_b%20c?x=1&y=~2",
    code_url="https://github.com/falk/kite_net",
    abstract="We train 50% better.\n\nIt flies -- high; a_b = {c}.",
    sources=("odd.pdf",),
)  # fmt: skip


def read_back(papers: list[Paper], form: str) -> list[Document]:
    return list(read_file(f"list.{SUFFIX[form]}", written(papers, form).encode()).documents)


def facts(paper: Paper | Document) -> tuple[object, ...]:
    words = paper.text("abstract") if isinstance(paper, Document) else paper.abstract or ""
    plain = (paper.title, paper.authors, paper.year, paper.venue, paper.doi, paper.url, paper.code_url)
    return (*plain, squeeze(words))


@pytest.mark.parametrize("form", FORMATS)
def test_what_is_written_is_read_as_the_same_paper(form: str) -> None:
    plain = "A {Brace} & 100% of $5 -- #1_x \\ ~ ^ ``quoted'' : Größe?`"  # readers drop tags of HTML
    odd = replace(ODD, title=plain)
    bare = Paper(id="bare", title="Kites", sources=("b",))
    assert [facts(one) for one in read_back([odd, bare], form)] == [facts(odd), facts(bare)]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("kind", get_args(PublicationKind))
def test_what_a_record_says_that_it_is_outlives_the_journey(kind: str, form: str) -> None:
    said = Paper(id="a", title="Kites", venue="Studies of Wind", sources=("a",), extra=((KIND, kind),))
    told = [value for key, value in read_back([said], form)[0].extra if key == KIND]
    kept = {("preprint", "bibtex"): ["journal article"], ("preprint", "csl-json"): []}
    assert told == kept.get((kind, form), [kind])


@pytest.mark.parametrize(
    ("paper", "kind"),
    [
        (ODD, "journal article"),
        (replace(ODD, venue="CVPR"), "conference paper"),
        (replace(ODD, venue=None), ""),
        (replace(ODD, venue="Studies", extra=((KIND, "thesis"), (KIND, "book"))), "thesis"),
        (
            replace(ODD, venue="CVPR", extra=((KIND, "thesis"),), versions=(Version(True, ()),)),
            "conference paper",
        ),
    ],
)
def test_how_a_paper_was_published(paper: Paper, kind: str) -> None:
    assert kind_of(paper) == kind


LETTERS = st.sampled_from("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZäöüßéèñçø")
NAME = (
    st.text(LETTERS, min_size=2, max_size=8)
    .map(str.capitalize)
    .filter(lambda w: w.lower() not in ("and", "others"))
)
WORD = st.text(LETTERS, min_size=1, max_size=8)
SIGN = st.sampled_from([*"&%$#_{}~^\\-", "--", "''"])
TITLE = st.lists(WORD | SIGN, min_size=1, max_size=6).map(lambda words: " ".join(["Kite", *words, "Net"]))


@settings(max_examples=60, deadline=None)
@given(
    title=TITLE,
    authors=st.lists(st.tuples(NAME, NAME).map(" ".join), max_size=3, unique=True),
    year=st.none() | st.integers(1900, 2099),
    form=st.sampled_from(sorted(FORMATS)),
)
def test_any_title_survives_each_form(title: str, authors: list[str], year: int | None, form: str) -> None:
    # as every reader leaves them: `$ _ $` is a formula, and "Èßß" a broken encoding, which are mended
    assume(all(flowing(name) == name for name in (title, *authors)))
    paper = Paper(id="abcd", title=title, authors=tuple(authors), year=year, sources=("x",))
    assert [facts(one) for one in read_back([paper], form)] == [facts(paper)]


def test_keys_are_unique_and_do_not_move() -> None:
    def paper(number: int, title: str, *sources: str) -> Paper:
        return Paper(id=f"{number}{0:015x}", title=title, authors=("Ada Falk",), year=2023, sources=sources)

    twins = [paper(1, "Kites Fly", "a"), paper(2, "Kites Sink", "b"), paper(3, "Wings", "my.bib#Wings:2023")]
    keys = [key for key, _ in keys_of(twins)]
    assert len(set(keys)) == 3 and keys[2] == "Wings:2023"
    assert [key for key, _ in keys_of([*twins, paper(4, "Kites Again", "c")])][:3] == keys
    assert [key for key, _ in keys_of(twins[::-1])] == keys[::-1]
    assert keys_of(twins[:1])[0][0] == "falk2023kites"


@pytest.mark.parametrize(
    ("author", "parts"),
    [
        ("Ada M. Falk", ("Ada M.", "Falk", "")),
        ("Jan van der Berg", ("Jan", "van der Berg", "")),
        ("Martin King Jr.", ("Martin", "King", "Jr.")),
        ("Madonna", ("", "Madonna", "")),
        ("The ATLAS Collaboration", ("", "The ATLAS Collaboration", "")),
    ],
)
def test_names_are_parted(author: str, parts: tuple[str, str, str]) -> None:
    name = name_parts(author)
    assert (name.given, name.family, name.suffix) == parts


@pytest.mark.parametrize("form", FORMATS)
def test_a_library_written_and_read_holds_the_same_papers(
    form: str, small_library: Path, tmp_path: Path
) -> None:
    goal = tmp_path / "papers" / f"list.{SUFFIX[form]}"
    goal.parent.mkdir()
    with bare_settings(tmp_path, small_library):
        done = footnote("export", goal)
        assert done.exit_code == 0 and "4 papers written" in done.output
        before = [json.loads(line) for line in footnote("papers", "--json").output.splitlines()]
    with bare_settings(tmp_path, tmp_path / "data"):
        assert footnote("ingest", goal.parent).exit_code == 0
        after = [json.loads(line) for line in footnote("papers", "--json").output.splitlines()]
    shared = ("title", "authors", "year", "venue", "doi", "url")
    assert [[one[name] for name in shared] for one in after] == [
        [one[name] for name in shared] for one in before
    ]
    assert [one["passages"] for one in after] == [one["passages"] for one in before]


def test_export_to_standard_output_with_filters(small_library: Path, tmp_path: Path) -> None:
    with bare_settings(tmp_path, small_library):
        done = footnote("export", "-", "--from", "2024")
        assert "@inproceedings{aydin2024sourdough," in done.stdout and done.stdout.count("@") == 1
        assert json.loads(footnote("export", "-", "--format", "csl-json", "--author", "Okafor").stdout)
        wrong = footnote("export", tmp_path / "list.txt")
        assert wrong.exit_code == 2 and "bibtex, ris, csl-json" in " ".join(
            wrong.output.replace("│", " ").split()
        )


def test_papers_without_a_title_are_left_out_and_counted(tmp_path: Path) -> None:
    told: dict[str, object] = {
        "id": "lost",
        "abstract": "A robot waters forty beds of leeks at night, and counts the leaves.",
    }
    with bare_settings(tmp_path, tmp_path / "data"):
        footnote("ingest", write_records(tmp_path / "papers.jsonl", [told]))
        done = footnote("export", "-")
    assert "@" not in done.stdout
    assert "1 paper left out" in done.stderr and "footnote papers --missing title" in done.stderr


def test_what_cannot_be_written_is_named_and_nothing_is_lost(small_library: Path, tmp_path: Path) -> None:
    kept = tmp_path / "list.bib"
    kept.write_text("before", encoding="utf-8")
    with bare_settings(tmp_path, small_library):
        there = footnote("export", kept)
        none = footnote("export", kept, "--force", "--author", "nobody")
        nowhere = footnote("export", tmp_path / "nowhere" / "list.bib")
    assert (none.exit_code, none.stderr) == (0, f"No paper fits, and {kept} was not written.\n")
    assert kept.read_text(encoding="utf-8") == "before"
    assert there.exit_code == 2 and "--force" in there.stderr
    with bare_settings(tmp_path, small_library):
        assert footnote("export", kept, "--force", "--format", "bib").exit_code == 0
    assert kept.read_text(encoding="utf-8").startswith("@")
    assert nowhere.exit_code == 2 and "nowhere/list.bib cannot be written" in "".join(
        nowhere.stderr.split("\n")
    )
