"""An OpenAI-compatible server on loopback, with the faults that real ones have. The real client talks to it.

By hand, for demonstrations: `python -m tests.fake_openai --port 8090`, then `OPENAI_BASE_URL=http://127.0.0.1:8090/v1`.
It answers from the passages that it is given, and cites them.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

_PASSAGE = re.compile(r'<passage number="(\d+)">\ntitle: ([^\n]*)\n.*?text:\n(.*?)\n</passage>', re.DOTALL)
_SCORED = re.compile(r'<passage number="(\d+)">\n(.*?)\n</passage>', re.DOTALL)
_SENTENCE = re.compile(r'<sentence number="(\d+)">(.*?)</sentence>', re.DOTALL)
GERMAN = dict(
    re.findall(
        r"(\w+)=(\w+)",
        """
        a=ein an=ein and=und are=sind as=als at=bei by=durch for=für from=aus has=hat have=haben is=ist it=es
        not=nicht no=kein of=von on=auf only=nur our=unser than=als that=das the=das The=Das to=zu was=war
        we=wir We=Wir were=waren which=welche while=während with=mit without=ohne million=Millionen
        It=Es reaches=erreicht
        parameters=Parameter accuracy=Genauigkeit branches=Zweige Translated=Übersetzt checked=geprüften
        answer=Antwort quotes=Zitate titles=Titel papers=Artikel words=Worte own=eigene Searched=Gesucht
        Written=Geschrieben sentence=Satz each=jeder against=gegen passages=Stellen cites=zitiert these=diesen
        found=fand nothing=nichts library=Bibliothek answers=beantwortet this=das nearest=nächsten them=ihnen
        mentions=nennt None=Keiner I=Ich Ask=Frage about=über one=einen other=anderen or=oder ask=frage
        """,
    )
)
_QUESTION = re.compile(r"<question>\n(.*?)\n</question>", re.DOTALL)


@dataclass(slots=True)
class FakeOpenAI:
    """What the server does, and what it was asked.

    `mode` is one of MODES; `status` is for the mode "status"; `answer` is said instead of a faithful answer.
    """

    mode: str = "ok"
    status: int = 500
    code: str = "server_error"
    answer: str | None = None
    retry_after: str | None = None
    fail_first: int = 0  # requests that get `status` before the mode takes over
    usage: dict[str, int] | None = None  # what it says that it took
    english: dict[str, str] = field(default_factory=dict)  # questions of other languages that it knows
    only: str = ""  # the mode is for requests whose rules say this; all others go well
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    url: str = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(await request.json())
        self.keys.append(request.headers.get("Authorization", ""))
        if len(self.requests) <= self.fail_first:
            return self._refuse()
        troubled = self.only in str(self.requests[-1]["messages"][0]["content"])
        return await MODES[self.mode if troubled else "ok"](self, request)

    def pieces(self) -> list[str]:
        text = faithful(self.requests[-1], self.english) if self.answer is None else self.answer
        return re.findall(r"\S+\s*|\s+", text)

    def _refuse(self) -> web.Response:
        headers = {"Retry-After": self.retry_after} if self.retry_after else {}
        error = {"message": f"fault {self.status}", "type": self.code, "code": self.code}
        return web.json_response({"error": error}, status=self.status, headers=headers)


def faithful(request: dict[str, Any], english: Mapping[str, str] | None = None) -> str:
    """What the first two passages say: of each its fittest sentence, cited.

    Asked for scores, it counts the words that a passage shares with the question; asked for a question that
    stands alone, it says the last one again, or what `english` says for it. It translates word by word.
    """
    rules, told = (str(request["messages"][place]["content"]) for place in (0, -1))
    asked = _QUESTION.search(told)
    wanted = set(re.findall(r"\w{4,}", asked[1].lower())) if asked else set()
    if "JSON object with the score" in rules:
        return _scores(told, wanted)
    if "the last question of a conversation" in rules:
        return (english or {}).get(asked[1], asked[1]) if asked else ""
    if "You translate" in rules:
        return json.dumps({number: german(text) for number, text in _SENTENCE.findall(told)})
    lines = []
    for number, title, text in _PASSAGE.findall(told)[:2]:
        sentences = re.split(r"(?<=[.!?])\s+", re.sub(r"\s*\[[\d,\s]+\]", "", text))
        best = max(sentences, key=lambda s: len(wanted & set(re.findall(r"\w{4,}", s.lower()))))
        lines.append(f"{title}: {best.strip()} [{number}]")
    return "\n\n".join(lines) or "NOT_IN_LIBRARY"


def german(sentence: str) -> str:
    """A sentence with its commonest words in German, and everything else as it is."""
    return re.sub(r"[A-Za-z]+", lambda found: GERMAN.get(found[0], found[0]), sentence)


def _scores(told: str, wanted: set[str]) -> str:
    shares = {
        number: len(wanted & set(re.findall(r"\w{4,}", text.lower()))) / max(1, len(wanted))
        for number, text in _SCORED.findall(told)
    }
    return json.dumps({number: round(10 * share) for number, share in shares.items()})


def chunk(text: str | None, reason: str | None = None) -> bytes:
    delta = {} if text is None else {"role": "assistant", "content": text}
    body = {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "fake",
        "choices": [{"index": 0, "delta": delta, "finish_reason": reason}],
    }
    return b"data: " + json.dumps(body).encode() + b"\n\n"


def _spent(usage: dict[str, int] | None) -> bytes:
    head = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "fake"}
    return b"data: " + json.dumps({**head, "choices": [], "usage": usage}).encode() + b"\n\n"


USAGE = _spent(None)
DONE = b"data: [DONE]\n\n"
Handler = Callable[[FakeOpenAI, web.Request], Awaitable[web.StreamResponse]]


async def _open(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    return response


def _streamed(*ending: bytes, share: float = 1.0) -> Handler:
    """A stream that says `share` of the answer and then writes `ending`."""

    async def handler(fake: FakeOpenAI, request: web.Request) -> web.StreamResponse:
        response = await _open(request)
        pieces = fake.pieces()
        for piece in pieces[: max(1, round(share * len(pieces)))] if share else []:
            await response.write(chunk(piece))
        for part in ending:
            await response.write(_spent(fake.usage) if part is USAGE else part)
        return response

    return handler


async def _comments(fake: FakeOpenAI, request: web.Request) -> web.StreamResponse:
    response = await _open(request)
    for piece in fake.pieces():
        await response.write(b": keep-alive\n\n" + USAGE + chunk(piece))
    await response.write(chunk(None, "stop") + USAGE)
    return response


async def _cut(fake: FakeOpenAI, request: web.Request) -> web.StreamResponse:
    response = await _open(request)
    await response.write(chunk(fake.pieces()[0]))
    await asyncio.sleep(0.02)
    if request.transport:
        request.transport.abort()
    return response


async def _reset(fake: FakeOpenAI, request: web.Request) -> web.StreamResponse:
    if request.transport:
        request.transport.abort()
    return web.Response()


async def _hang(fake: FakeOpenAI, request: web.Request) -> web.StreamResponse:
    await asyncio.sleep(30)
    return web.Response()


async def _stall(fake: FakeOpenAI, request: web.Request) -> web.StreamResponse:
    response = await _open(request)
    await response.write(chunk(fake.pieces()[0]))
    await asyncio.sleep(30)
    return response


async def _drip(fake: FakeOpenAI, request: web.Request) -> web.StreamResponse:
    """Never silent for long, and never done: only a limit on the whole answer ends it."""
    response = await _open(request)
    for _ in range(600):
        await response.write(chunk("and "))
        await asyncio.sleep(0.05)
    return response


async def _html(fake: FakeOpenAI, request: web.Request) -> web.StreamResponse:
    return web.Response(text="<html><body>Welcome to the proxy</body></html>", content_type="text/html")


async def _other_json(fake: FakeOpenAI, request: web.Request) -> web.StreamResponse:
    return web.json_response({"status": "ready", "choices": "none"})


async def _whole(fake: FakeOpenAI, request: web.Request) -> web.StreamResponse:
    """A server that ignores `stream`."""
    message = {"role": "assistant", "content": "".join(fake.pieces())}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return web.json_response(
        {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
    )


async def _status(fake: FakeOpenAI, request: web.Request) -> web.StreamResponse:
    return fake._refuse()


MODES: dict[str, Handler] = {
    "ok": _streamed(chunk(None, "stop"), USAGE, DONE),
    "no_done": _streamed(chunk(None, "stop")),
    "comments": _comments,
    "truncated": _streamed(share=0.5),
    "length": _streamed(chunk(None, "length"), DONE),
    "filter": _streamed(chunk(None, "content_filter"), DONE, share=0.5),
    "empty": _streamed(chunk(None, "stop"), DONE, share=0.0),
    "error_in_stream": _streamed(b'data: {"error": {"message": "overloaded"}}\n\n', share=0.5),
    "broken_json": _streamed(b'data: {"choices": [{"delta": \n\n', DONE, share=0.5),
    "cut": _cut,
    "reset": _reset,
    "hang": _hang,
    "stall": _stall,
    "drip": _drip,
    "html": _html,
    "whole": _whole,
    "other_json": _other_json,
    "status": _status,
}


@asynccontextmanager
async def serve(fake: FakeOpenAI, port: int = 0) -> AsyncIterator[FakeOpenAI]:
    """Run the server on loopback; `fake.url` is its base URL. Port 0: any free one."""
    app = web.Application(client_max_size=16 * 2**20)
    app.router.add_post("/v1/chat/completions", fake.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    fake.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    try:
        yield fake
    finally:
        await runner.cleanup()


async def _run(fake: FakeOpenAI, port: int) -> None:
    async with serve(fake, port):
        print(f"OPENAI_BASE_URL={fake.url}", flush=True)
        await asyncio.Event().wait()


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8090)
    parser.add_argument("--mode", choices=sorted(MODES), default="ok")
    parser.add_argument("--status", type=int, default=500)
    options = parser.parse_args()
    fake = FakeOpenAI(mode=options.mode, status=options.status)
    try:
        asyncio.run(_run(fake, options.port))
    except KeyboardInterrupt:
        print("stopped")


if __name__ == "__main__":
    main()
