"""Asking a service over HTTP, by httpx: the only door to it. Slow, named, and patient when told to be."""

from __future__ import annotations

import email.utils
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import httpx

from retrieval.errors import RetrievalError

ATTEMPTS = 3
LONGEST_WAIT = 60.0
"""Seconds. A service that asks for more is left for this run: the next goes on where this one stopped."""
MOST_BYTES = 5_000_000
_LATER = frozenset((408, 425, 429, 500, 502, 503, 504))
_MOVED = frozenset((301, 302, 303, 307, 308))


class ServiceFailed(RetrievalError):
    """A service gave no answer, even after some patience; the message says what it did instead."""


class Unwelcome(ServiceFailed):
    """It wants not to be asked for longer than we wait."""


class Client:
    """One host at a time, never faster than its pace."""

    def __init__(
        self,
        agent: str,
        timeout: float,
        *,
        sleep: Callable[[float], object] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`agent` says who asks; `timeout` is in seconds, for one answer."""
        self._http = httpx.Client(headers={"User-Agent": agent}, timeout=timeout, follow_redirects=False)
        self._timeout = timeout
        self._sleep = sleep
        self._clock = clock
        self._next: dict[str, float] = {}  # when each host may be asked again

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def get(self, address: str, parameters: Mapping[str, str], gap: float) -> str | None:
        """The answer's text, None where there is nothing (404). `gap`: seconds between two questions there.

        Raises ServiceFailed, and Unwelcome where the service asks for a long pause.
        """
        reason = ""
        for attempt in range(ATTEMPTS):
            self._wait_for(address, gap)
            try:
                status, headers, text = self._once(address, parameters)
            except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:  # the last: moved to no name
                reason = "it did not answer in time" if _late(error) else f"it cannot be reached ({error})"
                self._put_off(address, gap * 2**attempt)
                continue
            if status == 404:
                return None
            if status == 200:
                return text
            reason = f"it answered with status {status}"
            if status not in _LATER:
                break
            self._put_off(address, pause_of(headers, gap * 2 ** (attempt + 1)))
        raise ServiceFailed(reason)

    def _once(self, address: str, parameters: Mapping[str, str]) -> tuple[int, httpx.Headers, str]:
        """One answer; moved ones are followed within the host, for no other was said to be asked."""
        url = httpx.URL(address, params=dict(parameters))
        for _ in range(3):
            status, headers, text = self._fetched(url)
            target = _moved_to(url, headers) if status in _MOVED else None
            if target is None:
                break
            url = target
        return status, headers, text

    def _fetched(self, url: httpx.URL) -> tuple[int, httpx.Headers, str]:
        body = b""
        ends = self._clock() + self._timeout
        with self._http.stream("GET", url) as answer:
            for part in answer.iter_bytes():
                body += part
                if len(body) > MOST_BYTES:
                    raise httpx.DecodingError("its answer is far too long")
                if self._clock() > ends:
                    raise httpx.ReadTimeout("its answer drips")
            return answer.status_code, answer.headers, body.decode("utf-8", "replace")

    def _wait_for(self, address: str, gap: float) -> None:
        host = urlsplit(address).netloc
        wait = self._next.get(host, 0.0) - self._clock()
        if wait > LONGEST_WAIT:
            raise Unwelcome(f"it wants not to be asked for {wait:.0f} s")
        if wait > 0:
            self._sleep(wait)
        self._next[host] = self._clock() + gap

    def _put_off(self, address: str, seconds: float) -> None:
        host = urlsplit(address).netloc
        self._next[host] = max(self._next.get(host, 0.0), self._clock() + seconds)


def _moved_to(url: httpx.URL, headers: httpx.Headers) -> httpx.URL | None:
    """Where an answer stands now; None for another host."""
    target = url.join(headers.get("location", ""))
    return target if (target.host, target.port) == (url.host, url.port) else None


def pause_of(headers: Mapping[str, str], otherwise: float) -> float:
    """The seconds that Retry-After asks for, as a number or as a date (RFC 9110, 10.2.3)."""
    told = headers.get("retry-after", "").strip()
    if told.isdecimal():
        return float(told)
    try:
        when = email.utils.parsedate_to_datetime(told)
    except (ValueError, TypeError):
        return otherwise
    return max(0.0, when.timestamp() - time.time())


def _late(error: Exception) -> bool:
    return isinstance(error, httpx.TimeoutException)
