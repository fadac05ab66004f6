"""Asking the services for what is missing, a paper at a time. Can be killed and run again: it goes on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from retrieval.models import IngestProgress, Paper
from retrieval.outside.agreement import disagreement
from retrieval.outside.client import Client, ServiceFailed, Unwelcome
from retrieval.outside.facts import Facts, completed, lacks
from retrieval.outside.services import SERVICES, NotAnAnswer, Service
from retrieval.outside.store import Store, key_of
from retrieval.settings import RetrievalSettings

FAULTS = 3
"""Papers in a row for which a service gives no answer, after which it is left for this run."""

FOUND, NOTHING = "found", "nothing"


@dataclass(frozen=True, slots=True)
class EnrichReport:
    """What a run came to; counts are of papers, by service."""

    papers: int = 0
    completed: int = 0  # papers of which something is known from outside now
    found: Mapping[str, int] = field(default_factory=dict)
    refused: Mapping[str, int] = field(default_factory=dict)  # it named other papers only
    nothing: Mapping[str, int] = field(default_factory=dict)
    known: Mapping[str, int] = field(default_factory=dict)  # answered in an earlier run
    failed: tuple[str, ...] = ()  # a line for each service that was left, or that failed for some papers


def addresses(settings: RetrievalSettings) -> dict[str, str]:
    """The address of each service."""
    return {
        "Crossref": settings.crossref_url,
        "arXiv": settings.arxiv_url,
        "OpenAlex": settings.openalex_url,
        "Semantic Scholar": settings.semantic_scholar_url,
    }


def told_to_whom(settings: RetrievalSettings) -> str:
    """Which hosts learn of the papers, in words."""
    hosts = ", ".join(urlsplit(address).hostname or "nobody" for address in addresses(settings).values())
    mail = f", with the address {settings.metadata_mailto}" if settings.metadata_mailto else ""
    return (
        f"{hosts} get the DOI, arXiv id, or title and authors of each paper{mail}; never a text or a question"
    )


def enrich(
    papers: Sequence[Paper],
    settings: RetrievalSettings,
    client: Client,
    *,
    again: bool = False,
    progress: Callable[[IngestProgress], None] = lambda _: None,
) -> EnrichReport:
    """Ask for what the papers lack, and remember every answer at once. Raises LibraryError.

    `again` asks also for what was answered before.
    """
    run = _Run(settings, client, again)
    for done, paper in enumerate(papers):
        progress(IngestProgress("asking", done, len(papers)))
        run.ask_about(paper)
    progress(IngestProgress("asking", len(papers), len(papers)))
    return run.report(len(papers))


class _Run:
    """One run: what it found so far, and which services it has left."""

    def __init__(self, settings: RetrievalSettings, client: Client, again: bool) -> None:
        self._addresses = addresses(settings)
        self._settings = settings
        self._client = client
        self._store = Store(settings.data)
        self._known = {} if again else self._store.outcomes()
        self._facts = {} if again else dict(self._store.facts())
        self._counts: dict[str, Counter[str]] = {
            what: Counter() for what in ("found", "refused", "nothing", "known", "failed")
        }
        self._in_a_row: Counter[str] = Counter()
        self._left: dict[str, str] = {}
        self._reasons: dict[str, str] = {}
        self._completed = 0

    def ask_about(self, paper: Paper) -> None:
        """Ask one service after the other until nothing is missing. A label is no title to agree with."""
        if paper.title_is_label:
            return
        key = key_of(paper)
        found = list(self._facts.get(key, ()))
        for service in SERVICES:
            so_far = completed(paper, found)
            if (key, service.name) in self._known:
                self._counts["known"][service.name] += 1
                continue
            if service.name in self._left or not lacks(so_far):
                continue
            facts = self._asked(service, paper, so_far, key)
            found += [facts] if facts else []
        self._completed += bool(found)

    def _asked(self, service: Service, paper: Paper, so_far: Paper, key: str) -> Facts | None:
        asked = service.ask(so_far, self._settings.metadata_mailto or "")
        if asked is None:
            return None
        address = self._addresses[service.name].rstrip("/") + asked.path
        gap = service.gap * self._settings.metadata_pace
        try:
            text = self._client.get(address, asked.parameters, gap)
            told = service.read(text) if text is not None else []
        except (ServiceFailed, NotAnAnswer) as error:
            self._failed(service.name, error)
            return None
        self._in_a_row[service.name] = 0
        facts, outcome = _chosen(paper, told, by_number=asked.by_number)
        self._store.put(key, service.name, outcome, facts)
        self._counts[FOUND if facts else NOTHING if outcome == NOTHING else "refused"][service.name] += 1
        return facts

    def _failed(self, service: str, error: Exception) -> None:
        self._counts["failed"][service] += 1
        self._in_a_row[service] += 1
        self._reasons[service] = str(error)
        if isinstance(error, Unwelcome) or self._in_a_row[service] >= FAULTS:
            self._left[service] = str(error)

    def report(self, papers: int) -> EnrichReport:
        """What it came to."""
        failed = tuple(
            f"{service}: {self._reasons[service]} ({count} {'paper' if count == 1 else 'papers'})"
            + ("; it was left for this run" if service in self._left else "")
            for service, count in self._counts["failed"].items()
        )
        counts = {what: dict(self._counts[what]) for what in ("found", "refused", "nothing", "known")}
        return EnrichReport(papers=papers, completed=self._completed, **counts, failed=failed)


def _chosen(paper: Paper, told: Sequence[Facts], *, by_number: bool) -> tuple[Facts | None, str]:
    """The first record that is of the paper; or none, and why."""
    if not told:
        return None, NOTHING
    reasons = []
    for facts in told:
        reason = disagreement(paper, facts.title, facts.authors, by_number=by_number)
        if not reason:
            return facts, FOUND
        reasons.append(reason)
    return None, reasons[0]
