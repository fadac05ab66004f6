"""Where else vectors come from: Chroma's own model file, and an OpenAI-compatible endpoint."""

from __future__ import annotations

import hashlib
import io
import json
import sys
import tarfile
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from retrieval.embedding import open_embedder
from retrieval.embedding.chroma_model import chroma_folder
from retrieval.embedding.openai_compatible import BATCH, LONGEST_WAIT_S, OpenAICompatible
from retrieval.embedding.weights import PACKAGE
from retrieval.errors import ModelUnavailable
from tests.fake_embeddings import FakeEmbeddings, Reply, failure, fake_embeddings, vector, vectors
from tests.test_embedding import settings

KEY = "sk-secret"
NOWHERE = "http://127.0.0.1:9/onnx.tar.gz"  # the discard port: nothing listens


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path / "home"


# Chroma's model


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """A loopback server with an archive as Chroma's is laid out: (address, SHA-256)."""
    site = tmp_path / "site"
    site.mkdir()
    with tarfile.open(site / "onnx.tar.gz", "w:gz") as tar:
        for name in ("onnx/model.onnx", "onnx/tokenizer.json", "onnx/vocab.txt", "../../outside.json"):
            member = tarfile.TarInfo(name)
            member.size = len(name)
            tar.addfile(member, io.BytesIO(name.encode()))

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *args: object) -> None:
            super().__init__(*args, directory=str(site))  # type: ignore[arg-type]

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    digest = hashlib.sha256((site / "onnx.tar.gz").read_bytes()).hexdigest()
    yield f"http://127.0.0.1:{server.server_port}/onnx.tar.gz", digest
    server.shutdown()
    thread.join()
    server.server_close()


def test_chromas_model_is_downloaded_once(tmp_path: Path, archive: tuple[str, str]) -> None:
    url, digest = archive
    folder = chroma_folder((tmp_path / "models",), url, digest)
    assert {path.name: path.read_text() for path in folder.iterdir()} == {
        "model.onnx": "onnx/model.onnx",
        "tokenizer.json": "onnx/tokenizer.json",
    }
    assert list((tmp_path / "models").iterdir()) == [folder]
    assert chroma_folder((tmp_path / "models",), NOWHERE, digest) == folder


def test_a_download_of_another_hash_is_refused(tmp_path: Path, archive: tuple[str, str]) -> None:
    with pytest.raises(ModelUnavailable, match="is not used"):
        chroma_folder((tmp_path / "models",), archive[0], "0" * 64)
    assert not (tmp_path / "models").exists()


def test_the_folder_that_chroma_filled_is_used(tmp_path: Path, home: Path) -> None:
    kept = home / ".cache" / "chroma" / "onnx_models" / "all-MiniLM-L6-v2" / "onnx"
    kept.mkdir(parents=True)
    for name in ("model.onnx", "tokenizer.json"):
        (kept / name).touch()
    assert chroma_folder((tmp_path,), NOWHERE) == kept


def test_offline_without_weights_the_error_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, PACKAGE, None)  # what Python itself takes for "not to be found"
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    with pytest.raises(ModelUnavailable, match=r"could not be downloaded .*make install.*MINILM_DIR"):
        open_embedder(settings(data=tmp_path))


# An OpenAI-compatible endpoint


@pytest.fixture
def fake() -> Iterator[FakeEmbeddings]:
    with fake_embeddings() as fake:
        yield fake


@pytest.fixture
def waits() -> list[float]:
    """The seconds that the embedder would have slept."""
    return []


@pytest.fixture
def remote(fake: FakeEmbeddings, waits: list[float]) -> OpenAICompatible:
    return remote_at(fake.url, waits)


def remote_at(url: str, waits: list[float]) -> OpenAICompatible:
    opened = open_embedder(settings(embedder="openai:m:v1", embedding_base_url=url, embedding_api_key=KEY))
    assert isinstance(opened, OpenAICompatible)
    return OpenAICompatible(opened._client, "m:v1", sleep=waits.append)


def test_the_endpoint_gets_model_key_and_small_batches(
    remote: OpenAICompatible, fake: FakeEmbeddings
) -> None:
    texts = [f"text {number}" for number in range(BATCH + 3)]
    vectors = remote.embed(texts)
    expected = np.array([vector(text) for text in texts])
    np.testing.assert_allclose(vectors, expected / np.linalg.norm(expected, axis=1, keepdims=True), atol=1e-6)
    assert fake.sizes == [BATCH, 3]
    assert {request["model"] for request in fake.requests} == {"m:v1"}
    assert set(fake.keys) == {f"Bearer {KEY}"}
    assert remote.name == "openai/m:v1"


def test_opening_asks_nothing_and_dimensions_are_learned_once(
    remote: OpenAICompatible, fake: FakeEmbeddings
) -> None:
    assert fake.requests == []
    assert (remote.dimensions, remote.dimensions) == (5, 5)
    assert len(fake.requests) == 1


def test_an_openai_embedder_without_key_or_address_says_what_is_missing() -> None:
    with pytest.raises(ModelUnavailable, match="EMBEDDING_API_KEY"):
        open_embedder(settings(embedder="openai:text-embedding-3-small"))


def test_a_busy_endpoint_is_asked_again_within_bounds(
    remote: OpenAICompatible, fake: FakeEmbeddings, waits: list[float]
) -> None:
    fake.replies = [failure(429, retry_after="120"), failure(503)]
    assert remote.embed(["light"]).shape == (1, 5)
    assert waits == [LONGEST_WAIT_S, 1.0]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_an_endpoint_that_stays_busy_is_given_up(
    remote: OpenAICompatible, fake: FakeEmbeddings, status: int
) -> None:
    fake.replies = [failure(status)] * 9
    with pytest.raises(ModelUnavailable):
        remote.embed(["light"])
    assert len(fake.requests) == 3


HTML = Reply(200, "<html>Welcome</html>", (("Content-Type", "text/html"),))


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        (failure(401), "EMBEDDING_API_KEY"),
        (failure(404), "the model in EMBEDDER"),
        (failure(400), "HTTP status 400"),
        (failure(429, "insufficient_quota"), "quota"),
        (HTML, "/v1"),
        (Reply(200, "{"), "/v1"),
        (Reply(200, '{"data": []}'), "one vector for each|/v1"),
        (Reply(200, '{"data": null}'), "/v1"),
        (Reply(200, '{"data": [{"index": 0, "embedding": ["a"]}]}'), "/v1"),
        (Reply(200, '{"data": [{"index": 0, "embedding": [NaN, 1]}]}'), "one vector for each"),
        (vectors(["one", "two"]), "one vector for each"),
    ],
)
def test_a_failure_is_a_sentence_without_the_key_and_not_repeated(
    remote: OpenAICompatible, fake: FakeEmbeddings, reply: Reply, says: str
) -> None:
    fake.replies = [reply]
    with pytest.raises(ModelUnavailable, match=says) as caught:
        remote.embed(["light"])
    assert len(fake.requests) == 1
    assert KEY not in str(caught.value)
    assert fake.url in str(caught.value)


def test_an_endpoint_that_changes_its_model_is_noticed(
    remote: OpenAICompatible, fake: FakeEmbeddings
) -> None:
    remote.embed(["light"])
    fake.replies = [Reply(200, json.dumps({"data": [{"index": 0, "embedding": [1.0, 2.0]}]}))]
    with pytest.raises(ModelUnavailable, match="changed its model"):
        remote.embed(["light"])


def test_an_endpoint_that_is_not_there_is_said(waits: list[float]) -> None:
    with pytest.raises(ModelUnavailable, match="cannot be reached"):
        remote_at("http://127.0.0.1:9/v1", waits).embed(["light"])
    assert waits == [0.5, 1.0]
