"""Metadata from outside, with the real client against services on loopback, faults included."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from email.utils import formatdate
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.backup import back_up, restore
from retrieval.models import Paper
from retrieval.outside.agreement import disagreement
from retrieval.outside.client import Client, ServiceFailed, pause_of
from retrieval.outside.enrich import EnrichReport, enrich
from retrieval.outside.facts import Facts, completed
from retrieval.outside.overlay import Overlay
from retrieval.outside.services import SERVICES, NotAnAnswer, Service, arxiv_id
from retrieval.outside.store import Store, key_of
from retrieval.settings import RetrievalSettings
from tests.command_line import bare_settings, footnote, json_lines, start
from tests.fake_services import FakeServices, Fault, Work, serve, settings_of
from tests.papers import write_records

MOSS = Work(
    "Moss on Roofs: Forty Summers", ("Dana Okafor", "Ada Falk"), 2019, "Journal of Moss", "10.1234/moss"
)
KITE = Work("KiteNet: Learning to Fly Tethered Wings", ("Ada Falk", "Bo Lindqvist"), 2023, arxiv="2301.00001")
TIDE = Work(
    "Predicting Tides with Graph Networks", ("Bo Lindqvist",), 2022, "OCEAN", "10.1234/tides", retracted=True
)
OURS = Paper("m", "Moss on Roofs: Forty Summers", authors=("D. Okafor",))


@pytest.fixture
def services() -> Iterator[FakeServices]:
    with serve(FakeServices([MOSS, KITE, TIDE])) as running:
        yield running


def settings_for(services: FakeServices, data: Path, **more: str) -> RetrievalSettings:
    values = {"FOOTNOTE_DATA": str(data), **settings_of(services), **more}
    return RetrievalSettings(_env_file=None, **values)  # type: ignore[call-arg, arg-type]


def run(services: FakeServices, data: Path, *papers: Paper, again: bool = False, **more: str) -> EnrichReport:
    ours = settings_for(services, data, **more)
    with Client("Footnote (mailto:ada@example.org)", ours.metadata_timeout) as client:
        return enrich(papers, ours, client, again=again)


def seen(services: FakeServices, data: Path, paper: Paper) -> Paper:
    overlay = Overlay(settings_for(services, data))
    overlay.refresh()
    return overlay.completed(paper)


def test_by_title_all_that_is_missing_is_found(services: FakeServices, tmp_path: Path) -> None:
    report = run(services, tmp_path, OURS)
    assert (report.completed, report.found, report.failed) == (1, {"Crossref": 1}, ())
    told = seen(services, tmp_path, OURS)
    assert (told.year, told.venue, told.doi) == (2019, "Journal of Moss", "10.1234/moss")
    assert dict(told.extra)["cited by"] == "7 (Crossref)" and told.authors == ("D. Okafor",)
    assert services.agents == {"Footnote (mailto:ada@example.org)"}
    assert services.asked[0][1]["mailto"] == "ada@example.org"


def test_by_doi_retractions_come_too(services: FakeServices, tmp_path: Path) -> None:
    ours = Paper("t", "Predicting tides with graph networks", authors=("B. Lindqvist",), doi="10.1234/TIDES")
    run(services, tmp_path, ours)
    assert services.paths() == ["/crossref/works/10.1234/TIDES"]
    told = seen(services, tmp_path, ours)
    assert told.retracted == "2024; notice: https://doi.org/10.9999/notice (Crossref)"
    assert told.doi == "10.1234/TIDES", "what we have stays as it is"


def test_a_preprint_is_asked_for_at_arxiv_and_then_elsewhere(services: FakeServices, tmp_path: Path) -> None:
    ours = Paper("k", KITE.title, authors=("Ada Falk",), url="https://arxiv.org/abs/2301.00001v3")
    report = run(services, tmp_path, ours)
    assert report.found == {"arXiv": 1, "Semantic Scholar": 1}
    assert report.nothing == {"Crossref": 1, "OpenAlex": 1}, "none of them has printed it"
    told = seen(services, tmp_path, ours)
    assert (told.year, told.venue, dict(told.extra)["cited by"]) == (2023, "arXiv", "7 (Semantic Scholar)")


@pytest.mark.parametrize(
    ("paper", "title", "authors", "by_number", "reason"),
    [
        (OURS, "Moss on Roofs: Forty Sumers", ("Dana Okafor",), False, ""),
        (OURS, "Moss on Roofs: Forty Summers", ("Cem Aydin",), False, "other authors"),
        (OURS, "Moss on Walls: Forty Winters", ("Dana Okafor",), True, "another title"),
        (Paper("x", "Kites in High Winds: Part 1", authors=("A. Falk",)), "Kites in High Winds: Part 2",
         ("A. Falk",), False, "another number"),
        (Paper("x", OURS.title), OURS.title, ("Dana Okafor",), False, "our authors"),
        (Paper("x", OURS.title), OURS.title, ("Dana Okafor",), True, ""),
        (Paper("x", "words", title_is_label=True, authors=("D. O.",)), "words", ("D. O.",), True, "our"),
        (OURS, "", ("Dana Okafor",), True, "a title is missing"),
    ],
)  # fmt: skip
def test_only_the_same_title_and_an_author_agree(
    paper: Paper, title: str, authors: tuple[str, ...], by_number: bool, reason: str
) -> None:
    told = disagreement(paper, title, authors, by_number=by_number)
    assert told.startswith(reason) and bool(told) == bool(reason)


def test_a_wrong_paper_under_our_doi_is_not_taken(services: FakeServices, tmp_path: Path) -> None:
    ours = Paper("w", "Sourdough at Scale", authors=("Cem Aydin",), doi="10.1234/moss")
    report = run(services, tmp_path, ours)
    assert report.completed == 0 and report.refused == {"Crossref": 1, "OpenAlex": 1, "Semantic Scholar": 1}
    assert seen(services, tmp_path, ours) == ours


def test_what_files_and_people_say_is_never_changed() -> None:
    ours = Paper(
        "m", "Moss", authors=("D. O.",), year=2001, venue="Mine", doi="10.1234/own", url="https://a.b"
    )
    told = completed(ours, [Facts("Crossref", "Moss", ("Else",), 2019, "J", "10.1234/x", "https://c.d", 7)])
    assert told == replace(ours, extra=(("cited by", "7 (Crossref)"),))


@pytest.mark.parametrize(
    "fault",
    [
        Fault(429, headers={"Retry-After": "0"}),
        Fault(503, headers={"Retry-After": formatdate(time.time() - 5, usegmt=True)}),
        Fault(500, "<html>oops</html>"),
        Fault(200, "{}", delay=0.8),  # longer than METADATA_TIMEOUT
    ],
)
def test_a_passing_fault_is_waited_out(fault: Fault, services: FakeServices, tmp_path: Path) -> None:
    services.faults["/crossref"] = [fault]
    report = run(services, tmp_path, OURS)
    assert report.found["Crossref"] == 1 and report.failed == ()
    assert len([path for path in services.paths() if path.startswith("/crossref")]) == 2


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault(500, times=99), "status 500"),
        (Fault(403, times=99), "status 403"),
        (Fault(200, '{"message": {"ti', times=99), "broken JSON"),
        (Fault(200, "[1, 2]", times=99), "JSON of another kind"),
        (Fault(200, "x" * 5_000_001, times=99), "far too long"),
        (Fault(302, headers={"Location": "http://localhost:9/elsewhere"}, times=99), "status 302"),
    ],
)
def test_a_lasting_fault_is_named_and_the_next_service_is_asked(
    fault: Fault, words: str, services: FakeServices, tmp_path: Path
) -> None:
    services.faults["/crossref"] = [fault]
    report = run(services, tmp_path, OURS)
    assert report.found == {"OpenAlex": 1} and "Crossref" not in report.nothing
    assert len(report.failed) == 1 and report.failed[0].startswith("Crossref: ") and words in report.failed[0]
    services.faults.clear()
    assert run(services, tmp_path, OURS).failed == (), "and is asked for again by the next run"


def test_a_broken_feed_is_a_fault(services: FakeServices, tmp_path: Path) -> None:
    services.faults["/arxiv"] = [Fault(200, "<feed", times=9)]
    ours = Paper("k", KITE.title, authors=("Ada Falk",), url="https://arxiv.org/abs/2301.00001")
    assert "broken XML" in run(services, tmp_path, ours).failed[0]


def test_a_service_that_wants_a_long_pause_is_left(services: FakeServices, tmp_path: Path) -> None:
    services.faults["/crossref"] = [Fault(429, headers={"Retry-After": "3600"}, times=99)]
    papers = [Paper(str(n), f"Moss number {n}", authors=("D. Okafor",)) for n in range(5)]
    report = run(services, tmp_path, *papers)
    assert "left for this run" in report.failed[0]
    assert len([path for path in services.paths() if path.startswith("/crossref")]) == 1


def test_a_dead_service_is_left_after_three_papers(services: FakeServices, tmp_path: Path) -> None:
    papers = [Paper(str(n), f"Moss number {n}", authors=("D. Okafor",)) for n in range(6)]
    report = run(services, tmp_path, *papers, CROSSREF_URL="http://127.0.0.1:9")
    assert len(report.failed) == 1 and report.failed[0].startswith("Crossref: it cannot be reached")
    assert report.failed[0].endswith("(3 papers); it was left for this run")


def test_what_was_answered_is_not_asked_again(services: FakeServices, tmp_path: Path) -> None:
    unknown = Paper("u", "Nobody Wrote This Paper", authors=("No Body",))
    run(services, tmp_path, OURS, unknown)
    before = len(services.asked)
    report = run(services, tmp_path, OURS, unknown)
    assert len(services.asked) == before and report.known["Crossref"] == 2 and report.completed == 1
    run(services, tmp_path, OURS, again=True)
    assert len(services.asked) == before + 1
    run(services, tmp_path, Paper("m", OURS.title, authors=("Dana Okafor",)))
    assert len(services.asked) == before + 2, "another name is another question"


def test_a_run_that_was_killed_goes_on(services: FakeServices, tmp_path: Path) -> None:
    class Killed(BaseException):
        pass

    papers = [OURS, Paper("t", TIDE.title, authors=TIDE.authors)]

    def kill(progress: object) -> None:
        if len(services.asked) == 1:
            raise Killed

    ours = settings_for(services, tmp_path)
    with Client("Footnote", 1.0) as client, pytest.raises(Killed):
        enrich(papers, ours, client, progress=kill)
    report = run(services, tmp_path, *papers)
    assert report.known == {"Crossref": 1} and report.found == {"Crossref": 1} and len(services.asked) == 2


def test_never_faster_than_its_pace(services: FakeServices) -> None:
    slept: list[float] = []
    now = [0.0]

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    with Client("Footnote", 1.0, sleep=sleep, clock=lambda: now[0]) as client:
        for _ in range(3):
            client.get(f"{services.address}/crossref/works/10.1234/moss", {}, 1.0)
        assert slept == [1.0, 1.0]
        client.get(
            "http://localhost:" + services.address.rsplit(":", 1)[1] + "/crossref/works/10.1234/moss", {}, 1.0
        )
        assert slept == [1.0, 1.0], "another host has a pace of its own"
        services.faults["/crossref"] = [Fault(429, headers={"Retry-After": "17"})]
        client.get(f"{services.address}/crossref/works/10.1234/moss", {}, 1.0)
        assert slept == [1.0, 1.0, 1.0, 17.0]


def test_a_moved_answer_is_followed_on_the_same_host_only(services: FakeServices) -> None:
    services.faults["/old"] = [Fault(301, headers={"Location": "/crossref/works/10.1234/moss"})]
    with Client("Footnote", 1.0) as client:
        assert "Journal of Moss" in (client.get(f"{services.address}/old", {}, 0.0) or "")
        services.faults["/old"] = [Fault(301, headers={"Location": "/old"}, times=99)]
        with pytest.raises(ServiceFailed, match="301"):
            client.get(f"{services.address}/old", {}, 0.0)
        services.faults["/old"] = [Fault(301, headers={"Location": "http://xn--/"}, times=99)]  # of no name
        with pytest.raises(ServiceFailed, match="cannot be reached"):
            client.get(f"{services.address}/old", {}, 0.0)


def test_the_pause_that_is_asked_for() -> None:
    assert pause_of({"retry-after": "7"}, 1.0) == 7.0
    assert 50 < pause_of({"retry-after": formatdate(time.time() + 60, usegmt=True)}, 1.0) <= 60
    assert pause_of({"retry-after": "soon"}, 1.0) == 1.0 and pause_of({}, 2.0) == 2.0


def test_arxiv_ids_are_known_by_doi_and_address() -> None:
    def number(doi: str | None = None, url: str | None = None) -> str:
        return arxiv_id(Paper("x", "X", doi=doi, url=url))

    assert (
        number(doi="10.48550/arXiv.2301.00001v2")
        == number(url="http://arxiv.org/pdf/2301.00001v2")
        == "2301.00001"
    )
    assert (
        number(url="https://arxiv.org/abs/cs/0301001") == "cs/0301001"
        and number("10.1234/x", "https://a.b") == ""
    )


def test_answers_of_another_version_are_passed_over(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put(key_of(OURS), "Crossref", "found", Facts("Crossref", "Moss"))
    assert store.facts()[key_of(OURS)][0].title == "Moss"
    (tmp_path / "outside.sqlite").write_bytes(b"no database" * 100)
    from retrieval.errors import LibraryError

    with pytest.raises(LibraryError, match="Delete it"):
        store.facts()


def test_a_paper_without_a_title_is_not_asked_for(services: FakeServices, tmp_path: Path) -> None:
    label = Paper("l", "some words of it", title_is_label=True, authors=("Ada Falk",), doi="10.1234/moss")
    assert run(services, tmp_path, label).completed == 0 and services.asked == []


def test_signs_of_html_in_a_title_are_no_difference(services: FakeServices, tmp_path: Path) -> None:
    services.works[:] = [Work("Moss &amp; <i>Lichen</i> on Roofs", ("Dana Okafor",), 2019, "J", "10.1234/x")]
    run(services, tmp_path, Paper("x", "Moss & Lichen on Roofs", authors=("Dana Okafor",), doi="10.1234/x"))
    assert Store(tmp_path).facts() != {}


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)
KEYS = (
    "message", "items", "title", "author", "issued", "date-parts", "container-title", "updated-by", "type",
    "DOI", "results", "authorships", "primary_location", "source", "data", "total", "externalIds", "journal",
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(service=st.sampled_from(SERVICES), value=st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=6))
def test_any_answer_is_borne(service: Service, value: dict[str, object]) -> None:
    for told in (
        value,
        {"message": value},
        {"message": {"items": [value]}},
        {"results": [value]},
        {"data": [value]},
    ):
        try:
            found = service.read(json.dumps(told))
        except NotAnAnswer as error:
            assert str(error)
        else:
            assert all(isinstance(facts.title, str) for facts in found)


def test_a_backup_holds_the_answers(services: FakeServices, small_library: Path, tmp_path: Path) -> None:
    shutil.copytree(small_library, tmp_path / "data")
    run(services, tmp_path / "data", OURS)
    back_up(tmp_path / "data", tmp_path / "library.backup")
    restore(tmp_path / "other", tmp_path / "library.backup")
    assert seen(services, tmp_path / "other", OURS).year == 2019


# -- the command


def test_the_command_is_off_by_default_and_says_who_would_get_what(
    small_library: Path, tmp_path: Path
) -> None:
    with bare_settings(tmp_path, small_library):
        done = footnote("enrich")
    assert done.exit_code == 1 and "METADATA_FROM_OUTSIDE=true" in done.output
    assert "api.crossref.org, export.arxiv.org, api.openalex.org, api.semanticscholar.org" in done.output


def test_enriched_papers_are_shown_filtered_and_forgotten(services: FakeServices, tmp_path: Path) -> None:
    moss: dict[str, object] = {
        "id": "moss",
        "title": OURS.title,
        "authors": ["Dana Okafor"],
        "abstract": "Moss cools roofs.",
    }
    mended = "source,venue\npapers.jsonl#moss,By Hand\n"
    write_records(tmp_path / "papers" / "papers.jsonl", [moss])
    (tmp_path / "papers" / "papers.csv").write_text(mended, encoding="utf-8")
    with bare_settings(tmp_path, tmp_path / "data") as patch:
        footnote("ingest", tmp_path / "papers")
        for name, value in settings_of(services).items():
            patch.setenv(name, value)
        done = footnote("enrich")
        assert done.exit_code == 0 and "1 of 1 papers are known outside." in done.output
        (paper,) = json_lines(footnote("papers", "--json").stdout)
        assert (paper["year"], paper["venue"], paper["doi"]) == (2019, "By Hand", "10.1234/moss")
        assert "cited by: 7 (Crossref)" in footnote("paper", "Moss on Roofs").stdout
        found = json.loads(footnote("search", "Does moss cool roofs?", "--from", "2019", "--json").stdout)
        assert [one["title"] for one in found["papers"]] == [OURS.title]
        services.faults["/"] = [Fault(500, times=999)]
        failed = footnote("enrich", "--again", "--json")
        assert failed.exit_code == 1 and len(json.loads(failed.stdout)["failed"]) == 4
        patch.setenv("METADATA_FROM_OUTSIDE", "false")
        (paper,) = json_lines(footnote("papers", "--json").stdout)
        assert paper["year"] is None


@pytest.mark.long
def test_a_process_that_is_killed_loses_no_answer(services: FakeServices, tmp_path: Path) -> None:
    works = [
        Work(f"Moss on Roofs of Town {n}", ("Dana Okafor",), 2019, "J", f"10.1234/m{n}") for n in range(8)
    ]
    services.works[:] = works
    told: list[dict[str, object]] = [
        {"id": str(n), "title": work.title, "authors": list(work.authors)} for n, work in enumerate(works)
    ]
    with bare_settings(tmp_path, tmp_path / "data"):
        footnote("ingest", write_records(tmp_path / "papers.jsonl", told))
        env = {**settings_of(services), "METADATA_PACE": "0.3"}
        process = start("enrich", env=env)
        while len(services.asked) < 4:
            time.sleep(0.02)
        process.kill()
        process.communicate()
        before = len(services.asked)
        with start("enrich", "--json", env={**env, "METADATA_PACE": "0"}) as again:
            report = json.loads(again.communicate()[0])
    assert report["completed"] == 8 and report["known"]["Crossref"] >= before - 1
    assert len(services.asked) - before <= 8 - before + 1
