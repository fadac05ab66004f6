"""What a check of the doctor finds."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from bot.settings import BotSettings

State = Literal["ok", "problem", "not set"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found."""

    check: str
    state: State
    message: str
    advice: str = ""  # what to do; "" where nothing needs doing


Check = Callable[[BotSettings], Awaitable[Finding | None]]
"""Looks at one thing. None where the settings name no such thing; never raises."""
