"""Vectors on a Chroma server: the real one, gone in the middle and back; and faults that it seldom has."""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from retrieval.chroma_wire import COLLECTIONS, PIECE, Wire
from retrieval.errors import ServerAway
from retrieval.library import Library
from retrieval.settings import RetrievalSettings
from retrieval.vector_index import VectorIndex
from retrieval.vector_server import REST, Server
from tests.chroma_server import ChromaServer
from tests.papers import KITES, HashingEmbedder, write_records

SNOW: dict[str, object] = {
    "id": "snow",
    "title": "Snow on Cars",
    "abstract": "It snows on cars, and the cars stand in the snow.",
}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaServer]:
    server = ChromaServer(tmp_path_factory.mktemp("chroma"))
    server.start()
    yield server
    server.kill()


def settings(data: Path, url: str | None) -> RetrievalSettings:
    """No vectors in memory, so that every question without a filter asks the index."""
    values = {"FOOTNOTE_DATA": data, "VECTOR_MEMORY_MB": 0, "CHROMA_URL": url}
    return RetrievalSettings(_env_file=None, **values)  # type: ignore[call-arg, arg-type]


def owner(data: Path, url: str | None, embedder: HashingEmbedder | None = None) -> Library:
    return Library.open(
        settings(data, url), writable=True, create=True, embedder=embedder or HashingEmbedder()
    )


def reader(data: Path, url: str | None) -> Library:
    return Library.open(settings(data, url), embedder=HashingEmbedder())


def collections(url: str) -> set[str]:
    wire = Wire(url, None, lambda _: None)
    try:
        return set(wire.collections())
    finally:
        wire.close()


def best(library: Library, question: str = KITES) -> list[tuple[str, float]]:
    return [(found.paper.title, round(found.score, 4)) for found in library.search(question).papers]


def unit(*values: float) -> NDArray[np.float32]:
    return np.asarray(np.asarray(values) / np.linalg.norm(values), np.float32)


# -- the real server


def test_it_does_what_the_embedded_one_does(running: ChromaServer, tmp_path: Path) -> None:
    made = np.random.default_rng(7).normal(size=(PIECE + 3, 8))
    many = {f"n{at}.0": unit(*row) for at, row in enumerate(made)}
    a, b, c = np.eye(8)[0], np.eye(8)[0] + np.eye(8)[1], -np.eye(8)[0]
    for place in (None, Server(running.url, None, "contract")):
        index = VectorIndex(tmp_path / "chroma", place)
        index.put({"a.0": unit(*a), "b.0": unit(*c)})
        index.put({"b.0": unit(*b), "c.0": unit(*c)} | many)
        found = index.nearest(unit(*a), 200)
        assert next(iter(found)) == "a.0" and found["a.0"] == pytest.approx(1, abs=1e-6)
        assert found["b.0"] == pytest.approx(2**-0.5, abs=1e-6) and "c.0" not in found
        assert index.count() == PIECE + 6 and index.ids() == {"a.0", "b.0", "c.0", *many}
        names, rows = index.vectors([*many, "unknown.0"])
        assert names and np.allclose(rows, [many[name] for name in names], atol=1e-6)
        index.drop(["a.0", *many])
        assert index.ids() == {"b.0", "c.0"}
        index.close()


class Killing(HashingEmbedder):
    """Kills the server once it has embedded something."""

    def __init__(self, server: ChromaServer) -> None:
        super().__init__()
        self._server = server

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = super().embed(texts)
        if len(texts):
            self._server.kill()
        return rows


def test_a_server_that_dies_in_the_middle_and_comes_back_empty_costs_nothing(
    running: ChromaServer, tmp_path: Path
) -> None:
    data, papers = tmp_path / "data", write_records(tmp_path / "papers" / "list.jsonl").parent
    with owner(data, running.url) as library:
        library.ingest([papers])
        assert library.verify().problems == () and not (data / "chroma").exists()
        before = best(library)
    write_records(papers / "more.jsonl", [SNOW])
    host = running.url.removeprefix("http://")
    with reader(data, running.url) as beside:
        assert best(beside) == before
        with owner(data, running.url, Killing(running)) as library, pytest.raises(ServerAway) as said:
            library.ingest([papers])
        assert f"server at {host} (CHROMA_URL) cannot be reached" in str(said.value)
        assert "footnote verify --mend" in str(said.value)
        assert best(beside) == before, "a question needs no server"
    with reader(data, running.url) as opened:  # also one that begins while it is away
        assert best(opened) == before
        assert any(host in problem for problem in opened.verify().problems)
        held = opened.status()
        assert held.vectors is None and host in (held.away or "") and held.papers == 4
    with pytest.raises(ServerAway, match=host):
        owner(data, running.url)

    shutil.rmtree(running.folder)
    running.folder.mkdir()
    running.start()
    embedder = HashingEmbedder()
    with owner(data, running.url, embedder) as library:
        assert embedder.embedded == 0, "the catalogue holds what was embedded before the server died"
        assert library.verify().problems == () and library.verify().mended
        assert best(library, "snow on cars")[0][0] == "Snow on Cars"
        assert len(library.papers()) == 5


def test_a_collection_that_is_deleted_is_made_anew_while_it_is_read(
    running: ChromaServer, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    others = collections(running.url)
    with owner(data, running.url) as library:
        library.ingest([write_records(tmp_path / "list.jsonl")])
        (name,) = collections(running.url) - others
        before = best(library)
        wire = Wire(running.url, None, lambda _: None)
        wire.ask("DELETE", f"{COLLECTIONS}/{name}")
        wire.close()
        assert best(library) == before
        assert library.verify().mended and library.verify().problems == ()
        assert collections(running.url) - others == {name}


def test_libraries_share_a_server_and_each_leaves_one_collection(
    running: ChromaServer, tmp_path: Path
) -> None:
    others = collections(running.url)
    write_records(tmp_path / "list.jsonl")
    with owner(tmp_path / "one", running.url) as library:
        library.ingest([tmp_path / "list.jsonl"])
    shutil.copytree(tmp_path / "one", tmp_path / "copy")
    with owner(tmp_path / "copy", running.url) as copied:
        copied.remove("list.jsonl")
    with Library.open(
        settings(tmp_path / "one", running.url), writable=True, rebuild=True, embedder=HashingEmbedder("b")
    ) as library:
        assert library.ingest([tmp_path / "list.jsonl"]).embedded
        assert library.verify().problems == ()
    assert len(collections(running.url) - others) == 3, (
        "the old one, for those who read it; the new; the copy"
    )
    with owner(tmp_path / "one", running.url, HashingEmbedder("b")) as library:
        assert library.verify().problems == () and best(library)
    assert len(collections(running.url) - others) == 2


def test_vectors_move_between_the_folder_and_the_server(running: ChromaServer, tmp_path: Path) -> None:
    data, records = tmp_path / "data", write_records(tmp_path / "papers" / "list.jsonl")
    with owner(data, None) as library:
        library.ingest([records.parent])
    for turn, (url, folder) in enumerate(((running.url, False), (None, True), (running.url, False))):
        embedder = HashingEmbedder()
        with owner(data, url, embedder) as library:
            assert embedder.embedded == 0
            assert library.verify().mended and library.verify().problems == ()
            assert best(library)[0][0].startswith("KiteNet")
            write_records(records.with_name(f"{turn}.jsonl"), [SNOW | {"title": f"{turn} Flakes of Snow"}])
            library.ingest([records.parent])  # which the other place does not learn
        assert (data / "chroma").exists() == folder


# -- faults


class Faulty(ThreadingHTTPServer):
    """Answers every request with the same, `delay` seconds late, and keeps the headers that it got."""

    def __init__(self, status: int = 200, body: str = '"1.0.0"', delay: float = 0.0) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.status, self.body, self.delay = status, body, delay
        self.got: list[dict[str, str]] = []
        self.host = f"127.0.0.1:{self.server_port}"

    def __enter__(self) -> Faulty:
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self.shutdown()
        self.server_close()


class Answering(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, Faulty)
        self.server.got.append(dict(self.headers))
        time.sleep(self.server.delay)
        with suppress(BrokenPipeError):  # who asked did not wait
            self.send_response(self.server.status)
            self.end_headers()
            self.wfile.write(self.server.body.encode())

    do_POST = do_DELETE = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.mark.parametrize(
    ("status", "body", "delay", "said"),
    [
        (500, "out of memory", 0, r"status 500 \(out of memory\)\. Look into its log"),
        (401, "no", 0, "refuses CHROMA_TOKEN, or wants one"),
        (302, "", 0, "status 302"),
        (200, '"0.6.3"', 0, r"none of Chroma 1\.x \(version 0\.6\.3\)"),
        (200, "<html>", 0, "not as Chroma does"),
        (404, "{}", 0, r"none of Chroma 1\.x"),
        (200, '"1.0.0"', 1.0, r"said nothing for 0\.1 s"),
    ],
)
def test_each_fault_is_a_sentence_that_names_the_host(
    tmp_path: Path, status: int, body: str, delay: float, said: str
) -> None:
    with Faulty(status, body, delay) as server:
        url = f"http://somebody:password@{server.host}"
        index = VectorIndex(tmp_path / "chroma", Server(url, "a-token", "name", patience=0.1))
        with pytest.raises(ServerAway, match=said) as error:
            index.put({"a.0": unit(1, 0)})
        index.close()
        assert f"{server.host} (CHROMA_URL)" in str(error.value)
        assert "password" not in str(error.value) and "a-token" not in str(error.value)


def test_the_token_goes_to_the_server_and_a_password_into_no_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with Faulty(status=500, body="") as server:
        with pytest.raises(ServerAway, match=r"status 500\. Look"):
            VectorIndex(tmp_path, Server(f"http://{server.host}", "a-token", "name")).count()
        assert server.got[0]["Authorization"] == "Bearer a-token"
        assert server.got[0]["X-Chroma-Token"] == "a-token"
        caplog.set_level(logging.DEBUG)
        with pytest.raises(ServerAway):
            VectorIndex(tmp_path, Server(f"http://me:my%20word@{server.host}", "a-token", "name")).count()
        assert server.got[1]["Authorization"] == "Basic bWU6bXkgd29yZA=="
    assert server.host in caplog.text and "a-token" not in caplog.text and "word@" not in caplog.text


def test_searches_do_not_each_wait_for_a_server_that_hangs(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    now = [0.0]
    with Faulty(status=500) as server:
        place = Server(f"http://{server.host}", None, "name", clock=lambda: now[0])
        index = VectorIndex(tmp_path, place)
        for _ in range(3):
            with pytest.raises(ServerAway):
                index.nearest(unit(1, 0), 1)
        assert len(server.got) == 1
        with pytest.raises(ServerAway):
            index.put({"a.0": unit(1, 0)})
        assert len(server.got) == 2, "a change always asks"
        now[0] = REST + 1
        with pytest.raises(ServerAway):
            index.nearest(unit(1, 0), 1)
        assert len(server.got) == 3
    assert [record.levelname for record in caplog.records if "CHROMA_URL" in record.message] == ["WARNING"]
