"""A loopback endpoint that speaks the embeddings part of the OpenAI protocol, and misbehaves when told to."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

DIMENSIONS = 5


@dataclass(frozen=True, slots=True)
class Reply:
    """What to answer instead of vectors."""

    status: int
    body: str = "{}"
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)


def failure(status: int, code: str = "", *, retry_after: str = "") -> Reply:
    """An error as OpenAI words it."""
    body = json.dumps({"error": {"message": "no", "type": "t", "code": code or None, "param": None}})
    headers = (
        ("Content-Type", "application/json"),
        *((("Retry-After", retry_after),) if retry_after else ()),
    )
    return Reply(status, body, headers)


@dataclass(slots=True)
class FakeEmbeddings:
    """Records what it was asked; answers with `replies` first, then with vectors in reversed order."""

    url: str = ""
    replies: list[Reply] = field(default_factory=list)
    requests: list[dict[str, object]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    @property
    def sizes(self) -> list[int]:
        return [len(texts) for request in self.requests if isinstance(texts := request["input"], list)]


def vector(text: str) -> list[float]:
    """Not of unit length, and another one for every text of the tests."""
    return [float(len(text)), *(float(1 + sum(text.encode()[at::4])) for at in range(DIMENSIONS - 1))]


def vectors(texts: list[str]) -> Reply:
    data = [
        {"object": "embedding", "index": index, "embedding": vector(text)} for index, text in enumerate(texts)
    ]
    usage = {"prompt_tokens": 1, "total_tokens": 1}
    return Reply(200, json.dumps({"object": "list", "model": "m", "data": data[::-1], "usage": usage}))


@contextmanager
def fake_embeddings() -> Iterator[FakeEmbeddings]:
    fake = FakeEmbeddings()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            fake.requests.append(request)
            fake.keys.append(self.headers["Authorization"])
            reply = fake.replies.pop(0) if fake.replies else self._answer(request)
            content = reply.body.encode()
            self.send_response(reply.status)
            for name, value in reply.headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def _answer(self, request: dict[str, list[str]]) -> Reply:
            if self.path != "/v1/embeddings":
                return failure(404)
            if "" in request["input"]:
                return failure(400)  # as OpenAI does
            return vectors(request["input"])

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    fake.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
