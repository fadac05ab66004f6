"""Papers from the web: only from public addresses, within limits, and only what is a paper."""

from __future__ import annotations

from bot.web.fetching import Fetched, Limits, Web, WebRefused

__all__ = ["Fetched", "Limits", "Web", "WebRefused"]
