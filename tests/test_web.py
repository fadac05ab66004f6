"""Links that strangers give: what is fetched, and every kind of refusal, over servers on loopback."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.errors import BadFile
from bot.librarian.intake import checked_name
from bot.web import Limits, Web, WebRefused
from bot.web.addresses import is_public
from bot.web.links import address_of, name_of, pdf_in

PDF = b"%PDF-1.7\nnot much of a paper\n"
LOOPBACK = "127.0.0.1"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

# addresses


@pytest.mark.parametrize("address", ["93.184.215.14", "8.8.8.8", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
        *("100.64.0.1", "192.0.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
        *("192.88.99.1", "168.63.129.16", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1"),
        *("ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "::8.8.8.8"),
        *("64:ff9b:1::1", "2002:808:808::1", "2001:0:4136:e378::1", "100::1", "localhost", "", "0x7f.1"),
    ],
)
def test_all_other_addresses_are_not(address: str) -> None:
    assert not is_public(address)


# links


@pytest.mark.parametrize(
    "typed, address",
    [
        ("https://arxiv.org/abs/2301.00001v2", "https://arxiv.org/pdf/2301.00001v2"),
        ("http://www.arxiv.org/pdf/2301.00001.pdf", "http://arxiv.org/pdf/2301.00001"),
        ("https://arxiv.org/abs/hep-th/9901001", "https://arxiv.org/pdf/hep-th/9901001"),
        ("arXiv:2301.00001", "https://arxiv.org/pdf/2301.00001"),
        ("2301.00001", "https://arxiv.org/pdf/2301.00001"),
        ("10.48550/arXiv.2301.00001", "https://arxiv.org/pdf/2301.00001"),
        ("https://doi.org/10.48550/arXiv.2301.00001", "https://arxiv.org/pdf/2301.00001"),
        ("doi:10.1109/CVPR52729.2023.01825.", "https://doi.org/10.1109/CVPR52729.2023.01825"),
        ("https://openreview.net/forum?id=a_B-1&noteId=x", "https://openreview.net/pdf?id=a_B-1"),
        ("<https://example.org/a.pdf>", "https://example.org/a.pdf"),
        ("file:///etc/passwd", None),
        ("ftp://example.org/a.pdf", None),
        ("javascript:alert(1)", None),
        ("https://", None),
        ("https://example.org:99999/", None),
        ("a paper about moles", None),
    ],
)
def test_what_is_typed_becomes_an_address(typed: str, address: str | None) -> None:
    assert address_of(typed) == address


def test_files_from_links_get_names() -> None:
    assert name_of("https://arxiv.org/pdf/2301.00001v2") == "arxiv-2301.00001v2.pdf"
    assert name_of("https://openreview.net/pdf?id=a_B-1") == "openreview-a_B-1.pdf"
    assert name_of("https://example.org/x/a%20b.pdf?download=1") == "a b.pdf"
    assert name_of("https://example.org/") == "example.org"


def test_a_page_names_its_pdf() -> None:
    page = '<html><meta name="Citation_PDF_URL" content="../x.pdf"><meta name="citation_pdf_url" content="y">'
    assert pdf_in(page, "https://example.org/a/b") == "https://example.org/x.pdf"
    assert pdf_in("<p>nothing", "https://example.org/") is None


# the wire


class Names(AbstractResolver):
    """Names of our own. A list gives an address for each time it is asked, the last one for ever."""

    def __init__(self, port: int, names: Mapping[str, list[str]]) -> None:
        self.port = port
        self.names = {"good.example": [LOOPBACK], **names}
        self.asked: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked.append(host)
        addresses = self.names.get(host)
        if addresses is None:
            raise OSError(f"no such name: {host}")
        address = addresses.pop(0) if len(addresses) > 1 else addresses[0]
        found = address.split("+")
        return [
            ResolveResult(hostname=host, host=one, port=self.port, family=socket.AF_INET, proto=0, flags=0)
            for one in found
        ]

    async def close(self) -> None:
        return


@contextlib.asynccontextmanager
async def serving(names: Mapping[str, list[str]] | None = None, **paths: Handler) -> AsyncIterator[Names]:
    """A server with these paths; its names lead to it."""
    app = web.Application()
    for path, handler in paths.items():
        app.router.add_get(f"/{path.replace('_', '.')}", handler)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, LOOPBACK, 0).start()
    try:
        yield Names(runner.addresses[0][1], names or {})
    finally:
        await runner.cleanup()


def sends(content: bytes, kind: str = "application/pdf", **headers: str) -> Handler:
    async def answer(_: web.Request) -> web.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(body=content, content_type=kind, headers=named)

    return answer


def leads(to: str) -> Handler:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": to})

    return answer


def getter(names: Names, **limits: float) -> Web:
    """As the bot's own, but 127.0.0.1, and that address alone, counts as public."""
    return Web(Limits(**limits), policy=lambda address: address == LOOPBACK, resolver=names)  # type: ignore[arg-type]


async def refusal(names: Names, link: str, **limits: float) -> str:
    with pytest.raises(WebRefused) as caught:
        await getter(names, **limits).fetch(link)
    return str(caught.value)


async def test_the_event_loop_turns_while_a_large_page_is_looked_through() -> None:
    page = b"<div class='a'><p>hello <b>x</b></p></div>\n" * 25_000
    began = time.perf_counter()
    pdf_in(page.decode(), "http://good.example/")
    takes, longest = time.perf_counter() - began, 0.0

    async def look() -> None:
        nonlocal longest
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.001)
            longest = max(longest, time.perf_counter() - before)

    async with serving(page=sends(page, "text/html")) as names:
        looking = asyncio.create_task(look())
        assert "names no PDF" in await refusal(names, "http://good.example/page")
        looking.cancel()
    assert longest < takes / 2


async def test_a_pdf_is_fetched_over_redirects_and_pages() -> None:
    page = b'<html><head><meta name="citation_pdf_url" content="/final.pdf"></head>'
    async with serving(
        a=leads("http://other.example/b"),
        b=leads("/page"),
        page=sends(page, "text/html"),
        final_pdf=sends(PDF, Content_Disposition='attachment; filename="The Paper.pdf"'),
        names={"other.example": [LOOPBACK]},
    ) as names:
        found = await getter(names).fetch("http://good.example/a")
    assert (found.name, found.content, found.address) == (
        "The Paper.pdf",
        PDF,
        "http://other.example/final.pdf",
    )
    assert names.asked == ["good.example", "other.example", "other.example", "other.example"], (
        "each time anew"
    )


async def test_arxiv_is_reached_by_its_abstract_page() -> None:
    app = {"names": {"arxiv.org": [LOOPBACK]}}
    async with serving(**{"pdf/{key}": sends(PDF)}, **app) as names:  # type: ignore[arg-type]
        found = await getter(names).fetch("http://arxiv.org/abs/2301.00001")
    assert (found.name, found.content) == ("arxiv-2301.00001.pdf", PDF)


INNER = "not on the public internet"


@pytest.mark.parametrize(
    "name, addresses",
    [
        ("inner.example", ["10.0.0.1"]),
        ("both.example", [f"{LOOPBACK}+10.0.0.1"]),
        ("linklocal.example", ["169.254.169.254"]),
    ],
)
async def test_names_that_lead_inside_are_refused(name: str, addresses: list[str]) -> None:
    async with serving(a_pdf=sends(PDF), names={name: addresses}) as names:
        assert INNER in await refusal(names, f"http://{name}/a.pdf")


@pytest.mark.parametrize(
    "host", ["127.0.0.2", "10.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "[fe80::1]"]
)
async def test_bare_addresses_are_looked_at_too(host: str) -> None:
    async with serving() as names:
        assert INNER in await refusal(names, f"http://{host}/a.pdf", connect=2.0)
        assert names.asked == []


async def test_a_bare_address_that_is_allowed_shows_that_the_check_and_not_the_form_refuses() -> None:
    async with serving(a_pdf=sends(PDF)) as names:
        found = await getter(names).fetch(f"http://{LOOPBACK}:{names.port}/a.pdf")
    assert found.content == PDF


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1", "localhost", "017700000001"])
async def test_the_real_policy_and_the_real_names_let_no_loopback_through(host: str) -> None:
    async with serving(a_pdf=sends(PDF)) as names:
        with pytest.raises(WebRefused):
            await Web(Limits(seconds=5.0)).fetch(f"http://{host}:{names.port}/a.pdf")


async def test_each_redirect_is_looked_at_and_a_name_that_turns_inside_is_refused() -> None:
    async with serving(
        out=leads("http://10.0.0.1/a.pdf"),
        again=leads("http://turning.example/a.pdf"),
        file=leads("file:///etc/passwd"),
        secret=leads("http://me:word@good.example/a.pdf"),
        a_pdf=sends(PDF),
        names={"turning.example": [LOOPBACK, "10.0.0.1"]},
    ) as names:
        assert INNER in await refusal(names, "http://good.example/out")
        assert INNER in await refusal(names, "http://turning.example/again")
        assert "else than http" in await refusal(names, "http://good.example/file")
        assert "name or password" in await refusal(names, "http://good.example/secret")


async def test_redirects_and_pages_come_to_an_end() -> None:
    page = b'<html><meta name="citation_pdf_url" content="/page2">'
    async with serving(
        loop=leads("/loop"),
        page=sends(page, "text/html"),
        page2=sends(page.replace(b"page2", b"page"), "text/html"),
        none=sends(b"<html>nothing", "text/html"),
    ) as names:
        assert "more than 5 times" in await refusal(names, "http://good.example/loop")
        assert "names no PDF" in await refusal(names, "http://good.example/page")
        assert "names no PDF" in await refusal(names, "http://good.example/none")


async def test_what_is_too_large_is_not_read_whether_or_not_it_says_so() -> None:
    sent = 0

    async def endless(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse(headers={"Content-Type": "application/pdf"})
        await response.prepare(request)
        with contextlib.suppress(ConnectionError):
            while sent < 50_000_000:
                await response.write(b"x" * 10_000)
                sent += 10_000
        return response

    async with serving(big=sends(b"x" * 30_000), endless=endless) as names:
        assert "larger than 0.02 MB" in await refusal(names, "http://good.example/big", size=20_000)
        assert "larger than 0.02 MB" in await refusal(names, "http://good.example/endless", size=20_000)
    assert sent < 20_000_000


async def test_what_is_slow_or_packed_or_missing_is_refused() -> None:
    async def slow(_: web.Request) -> web.Response:
        await asyncio.sleep(30)
        return web.Response()

    packed = sends(gzip.compress(b"0" * 1_000_000), Content_Encoding="gzip")
    async with serving(slow=slow, packed=packed) as names:
        assert "longer than 0.2 seconds" in await refusal(names, "http://good.example/slow", seconds=0.2)
        assert "packs the file" in await refusal(names, "http://good.example/packed")
        assert "answers 404" in await refusal(names, "http://good.example/none")
        assert "cannot be reached" in await refusal(names, "http://nowhere.example/a.pdf")
    assert "cannot be reached" in await refusal(names, "http://good.example/gone.pdf")
    assert "no link" in await refusal(names, "ftp://good.example/a.pdf")


# what is taken

TYPES = frozenset(("pdf", "txt", "jsonl"))


@pytest.mark.parametrize(
    "name, content, kept",
    [
        ("a.pdf", PDF, "a.pdf"),
        ("a.txt", PDF, "a.txt.pdf"),
        ("view", PDF, "view.pdf"),
        ("a.txt", "Wörter".encode(), "a.txt"),
        ("a.txt", "Wörter".encode("utf-16"), "a.txt"),
        ("list.jsonl", b'{"title": "x"}', "list.jsonl"),
    ],
)
def test_files_are_taken_by_what_they_hold(name: str, content: bytes, kept: str) -> None:
    assert checked_name(name, content, TYPES, 1000) == kept


@pytest.mark.parametrize(
    "name, content, reason",
    [
        ("a.pdf", b"", "empty"),
        ("a.pdf", b"words", "called a PDF"),
        ("a.pdf", b"\n<!DOCTYPE HTML>", "web page"),
        ("a.txt", b"PK\x03\x04words", "archive"),
        ("a.txt", b"\x7fELF\x00\x00", "neither a PDF nor text"),
        ("a.exe", b"words", "kind .exe"),
        ("a.txt", b"x" * 1001, "at most 0.001 MB"),
    ],
)
def test_other_files_are_refused_with_a_reason(name: str, content: bytes, reason: str) -> None:
    with pytest.raises(BadFile, match=reason):
        checked_name(name, content, TYPES, 1000)
