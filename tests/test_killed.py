"""`kill -9` at random moments: nothing that was acknowledged is lost, and nobody sees half of anything."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from retrieval.library import Library
from tests.killed_worker import FEWEST, marks, record, versions, write
from tests.papers import HashingEmbedder, settings_for

ROOT = Path(__file__).parent.parent
LONGEST = 1.2  # seconds from the start of the work to the kill; some four changes


@dataclass(slots=True)
class Tally:
    """What was under way at each kill, and whether a reader found it kept, undone, or some papers of it."""

    kills: Counter[str] = field(default_factory=Counter)
    after: dict[str, Counter[str]] = field(default_factory=dict)  # by what was under way
    acknowledged: int = 0

    def note(self, under_way: str, what: str) -> None:
        self.after.setdefault(under_way, Counter())[what] += 1

    def table(self) -> str:
        columns = ("kept", "undone", "in part")
        lines = [f"{'under way':10} {'kills':>5} " + " ".join(f"{name:>8}" for name in columns)]
        for name in sorted(self.kills):
            counts = " ".join(f"{self.after.get(name, Counter[str]())[column]:8}" for column in columns)
            lines.append(f"{name:10} {self.kills[name]:5} {counts}")
        return "\n".join([*lines, f"changes acknowledged: {self.acknowledged}"])


class Victim:
    """A library, the folder it follows, and the process that is killed again and again."""

    def __init__(self, place: Path, seed: int) -> None:
        self.data, self.folder, self.log = place / "data", place / "papers", place / "log"
        self.folder.mkdir()
        self.rng = random.Random(seed)
        self.tally = Tally()
        for number in range(FEWEST):
            write(self.folder, f"q{number}", self.rng.randrange(100))
        self.log.touch()

    def said(self) -> list[list[object]]:
        """Every line of the log, but for one that is being written."""
        whole = self.log.read_text(encoding="utf-8").rpartition("\n")[0]
        return [json.loads(line) for line in whole.splitlines()]

    def acknowledged(self) -> dict[str, int]:
        done = [line[1] for line in self.said() if line[0] == "done"]
        return dict(done[-1]) if done else {}  # type: ignore[call-overload]

    def removing(self) -> bool:
        """Whether a paper may have been taken out of the library, and its file be there still."""
        said = [line[0] for line in self.said()]
        return "remove" in said[len(said) - said[::-1].index("done") :] if "done" in said else False

    def kill(self) -> str:
        """Let it work, and kill it. Returns what was under way."""
        before = len(self.said())
        places = map(str, (self.data, self.folder, self.log, self.rng.random()))
        command = [sys.executable, "-m", "tests.killed_worker", *places]
        with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) as process:
            try:
                in_opening = self.rng.random() < 0.25
                awaited = before + (1 if in_opening else 2)
                while len(self.said()) < awaited and process.poll() is None:
                    time.sleep(0.005)
                time.sleep(self.rng.uniform(0, 0.4 if in_opening else LONGEST))
            finally:
                process.kill()
            said = process.communicate()[1].decode()
        assert "Traceback" not in said, said
        new = self.said()[before:]
        self.tally.acknowledged += sum(line[0] == "done" for line in new)
        last = str(new[-1][0])
        under_way = last if last != "done" else "between"
        self.tally.kills[under_way] += 1
        return under_way

    def look(self, under_way: str) -> None:
        """As a reader finds it, before anybody opened it to change it."""
        with Library.open(settings_for(self.data), embedder=HashingEmbedder()) as library:
            states = self._check(library, under_way)
        if states:
            self.tally.note(under_way, "in part" if len(states) > 1 else next(iter(states)))

    def reopen(self, under_way: str) -> None:
        """As its next owner finds it."""
        with Library.open(settings_for(self.data), writable=True, embedder=HashingEmbedder()) as library:
            assert library.verify().problems == ()
            self._check(library, under_way)

    def _check(self, library: Library, under_way: str) -> set[str]:
        before, now = self.acknowledged(), versions(self.folder)
        seen = {entry.paper.sources[0].partition(".")[0]: entry for entry in library.papers()}
        states = set[str]()
        for name in sorted(before.keys() | now.keys() | seen.keys()):
            allowed = {before.get(name), now.get(name), *({None} if self.removing() else ())}
            found = self._version(library, name, seen[name].paper.id, allowed) if name in seen else None
            assert found in allowed, f"{name}: {found} instead of {allowed} after {under_way}"
            if before.get(name) != now.get(name):
                states.add("undone" if found == before.get(name) else "kept")
        sure = [name for name, version in before.items() if now.get(name) == version and name in seen]
        for name in sure[:3]:
            title = str(record(name, before[name])["title"])
            assert library.search(title).papers[0].paper.title == title
        return states

    def _version(self, library: Library, name: str, paper: str, allowed: set[int | None]) -> int:
        """The one version whose marks stand in the paper's texts, all of them and no others."""
        text = " ".join(chunk.text for chunk in library.passages_of(paper))
        there = {word.strip(".") for word in text.split() if word.startswith(f"{name}v")}
        fits = [version for version in allowed if version is not None and marks(name, version) == there]
        assert fits, f"{name} holds {sorted(there)}, which is no version of {allowed}"
        return fits[0]


def killed(place: Path, seed: int, times: int) -> Tally:
    victim = Victim(place, seed)
    for number in range(times):
        under_way = victim.kill()
        if not (victim.data / "catalogue.sqlite").exists():
            continue
        victim.look(under_way)
        if number + 1 == times or victim.rng.random() < 0.6:  # else the next process finds it as it is
            victim.reopen(under_way)
    return victim.tally


def test_ten_kills_lose_nothing(tmp_path: Path) -> None:
    tally = killed(tmp_path, 10, 10)
    assert tally.kills.total() == 10


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_two_hundred_kills_lose_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tally = killed(tmp_path, 200, 200)
    with capsys.disabled():
        print(f"\n{tally.table()}")
    assert tally.kills.total() == 200
    assert tally.acknowledged > 200
