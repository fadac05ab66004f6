"""A file from the web, by a link that a stranger gave.

Every connection goes to an address that was looked at just before: names are resolved here, and the socket is
made for the very address that was found to be public. So it is after each redirect.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from typing import Any
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.errors import BadFile
from bot.web.addresses import Policy, is_public
from bot.web.links import address_of, name_of, pdf_in

REDIRECTS = 5
HOPS = 3  # pages that lead on to their PDF, the first included
PAGE_BYTES = 2_000_000  # of a page that is only looked through for its PDF
AGENT = "Footnote (a bot that reads papers)"
PAGES = ("text/html", "application/xhtml+xml")


class WebRefused(BadFile):
    """A link that is not fetched, or whose file is not taken."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one link may cost."""

    size: int = 25_000_000  # bytes
    seconds: float = 60.0  # for all of it, redirects included
    connect: float = 10.0  # seconds


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file as it came."""

    name: str  # as the server or the link calls it; not yet a safe one
    content: bytes
    address: str  # where it was in the end


class _NotPublic(OSError):
    """The socket was not made."""


class Web:
    """Fetches files. `policy` and `resolver` are for tests, whose servers are on loopback."""

    def __init__(
        self,
        limits: Limits = Limits(),
        *,
        policy: Policy = is_public,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._limits, self._policy, self._resolver = limits, policy, resolver

    async def fetch(self, link: str) -> Fetched:
        """What a link, a DOI or an arXiv id leads to. Raises WebRefused with a sentence."""
        address = address_of(link)
        if address is None:
            raise WebRefused("this is no link that I can follow: I take http and https, DOIs and arXiv ids")
        try:
            async with asyncio.timeout(self._limits.seconds):
                return await self._follow(address)
        except TimeoutError as error:
            raise WebRefused(f"it took longer than {self._limits.seconds:g} seconds") from error
        except _NotPublic as error:
            raise WebRefused(str(error)) from error
        except aiohttp.ClientConnectorError as error:
            cause = error.os_error
            raise WebRefused(str(cause) if isinstance(cause, _NotPublic) else UNREACHABLE) from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise WebRefused(UNREACHABLE) from error

    async def _follow(self, address: str) -> Fetched:
        """Pages lead on to the PDF that they name."""
        async with self._session() as session:
            for _ in range(HOPS):
                found, page = await self._get(session, address)
                if not page:
                    return found
                # A large page takes a second or two, in which the event loop must turn.
                named = await asyncio.to_thread(_pdf_named, found)
                if named is None or named == address:
                    break
                address = named
        raise WebRefused("it is a web page that names no PDF; give me the link of the PDF, or the file")

    async def _get(self, session: aiohttp.ClientSession, address: str) -> tuple[Fetched, bool]:
        """What is at an address, after its redirects, and whether that is a page."""
        for _ in range(REDIRECTS + 1):
            self._check(address)
            async with session.get(address, allow_redirects=False) as response:
                if response.status in (301, 302, 303, 307, 308) and "Location" in response.headers:
                    address = urljoin(address, response.headers["Location"])
                    continue
                if response.status != 200:
                    raise WebRefused(f"the server answers {response.status} instead of the paper")
                page = response.content_type in PAGES
                content = await self._body(response, PAGE_BYTES if page else self._limits.size)
                page = page and not content.lstrip()[:5].startswith(b"%PDF-")
                return Fetched(_name(response.headers, address), content, address), page
        raise WebRefused(f"it leads on more than {REDIRECTS} times")

    def _check(self, address: str) -> None:
        """What can be told before a connection is made."""
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise WebRefused("it leads to something else than http or https")
        if parts.username is not None or parts.password is not None:
            raise WebRefused("I follow no links with a name or password in them")

    async def _body(self, response: aiohttp.ClientResponse, most: int) -> bytes:
        """All that comes, up to `most` bytes, as it is on the wire."""
        if response.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise WebRefused("the server packs the file although it was asked not to")
        if (response.content_length or 0) > most:
            raise WebRefused(_too_large(most))
        parts, size = [], 0
        async for part in response.content.iter_any():
            size += len(part)
            if size > most:
                raise WebRefused(_too_large(most))
            parts.append(part)
        return b"".join(parts)

    def _session(self) -> aiohttp.ClientSession:
        """Without cookies, proxies or packing, and with a socket only for an address that was looked at."""
        resolver = self._resolver or aiohttp.ThreadedResolver()
        connector = aiohttp.TCPConnector(
            resolver=_Checked(resolver, self._policy),
            socket_factory=self._socket,
            use_dns_cache=False,
            force_close=True,
        )
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
            headers={"User-Agent": AGENT, "Accept-Encoding": "identity"},
            timeout=aiohttp.ClientTimeout(total=None, connect=self._limits.connect),
        )

    def _socket(self, wanted: tuple[Any, ...]) -> socket.socket:
        """A socket for this very address, if it may be connected to; a bare one in a link comes here too."""
        family, kind, protocol, _, place = wanted
        if not self._policy(place[0]):
            raise _NotPublic(NOT_PUBLIC)
        return socket.socket(family, kind, protocol)


UNREACHABLE = "the server cannot be reached, or breaks off"
NOT_PUBLIC = "it leads to an address that is not on the public internet"


class _Checked(AbstractResolver):
    """Gives only addresses that may be connected to."""

    def __init__(self, inner: AbstractResolver, policy: Policy) -> None:
        self._inner, self._policy = inner, policy

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        if not all(self._policy(one["host"]) for one in found):
            raise _NotPublic(NOT_PUBLIC)  # a name with an inner address beside an outer one means no good
        return found

    async def close(self) -> None:
        await self._inner.close()


def _pdf_named(page: Fetched) -> str | None:
    """The address of the PDF that a page names; None where it names none."""
    return pdf_in(page.content.decode("utf-8", "replace"), page.address)


def _name(headers: Mapping[str, str], address: str) -> str:
    """What the server calls the file, else what the address does."""
    told = Message()
    told["Content-Disposition"] = headers.get("Content-Disposition", "")
    return told.get_filename() or name_of(address)


def _too_large(most: int) -> str:
    return f"it is larger than {most / 1e6:g} MB"
