"""Checks settings, data folder, index, embedder, model and token one by one, and says what to do about each.

A check never raises: what is wrong becomes a finding. What is optional and not set is no problem.

    finding     what a check finds
    machine     checks of what stands on this machine
    services    checks of what is reached over the network
"""

from __future__ import annotations

from collections.abc import AsyncIterator

from bot.doctor import machine, services
from bot.doctor.finding import Check, Finding
from bot.settings import BotSettings
from bot.wrong_settings import misspelt, unread

CHECKS: tuple[Check, ...] = (
    machine.data_folder,
    machine.index,
    machine.embedder,
    machine.reranker,
    services.model,
    services.helper,
    machine.retractions,
    machine.metadata,
    machine.watched,
    machine.libraries,
    services.token,
)
"""In the order in which a newcomer meets them."""


async def examine(settings: BotSettings) -> AsyncIterator[Finding]:
    """The findings, each as soon as it is known. Calls the model and Discord where they are set up."""
    wrong = [*misspelt(), *unread()]
    advice = "Put it right: as it is, it changes nothing." if wrong else ""
    yield Finding("settings", "problem" if wrong else "ok", "; ".join(wrong) or "all can be read", advice)
    for check in CHECKS:
        if (finding := await check(settings)) is not None:
            yield finding
