"""Checks of what is reached over the network: language models and Discord."""

from __future__ import annotations

import asyncio
from functools import partial

from bot.discord_token import COPY, MALFORMED, looks_like_token
from bot.doctor.finding import Finding
from bot.errors import BotError
from bot.language_model import Endpoint, Message, answering, helping, open_model, said
from bot.settings import BotSettings

DISCORD_API = "https://discord.com/api/v10"
PATIENCE = 20.0  # seconds that one look may take


async def model(settings: BotSettings) -> Finding:
    """Does the language model say a word?"""
    endpoint = answering(settings)
    if endpoint is None:
        return Finding(
            "model",
            "not set",
            "answers are quotations",
            "Set OPENAI_API_KEY or OPENAI_BASE_URL to have them written.",
        )
    gets = "questions, what was said before, and the passages found"
    return await _asked("model", endpoint, gets, "OPENAI", settings)


async def helper(settings: BotSettings) -> Finding | None:
    """Does the model for small tasks say a word? None where there is none."""
    endpoint = helping(settings)
    if endpoint is None:
        return None
    tasks = {
        "questions and up to 30 passages to rank": settings.rerank,
        "follow-ups with what was said before": settings.rewrite,
        "questions in other languages and the answers to them": settings.translate,
    }
    gets = ", ".join(task for task, wanted in tasks.items() if wanted)
    main = answering(settings)
    if main and (main.model, main.base_url, main.key) == (endpoint.model, endpoint.base_url, endpoint.key):
        return Finding("small tasks", "ok", f"the same model; it also gets {gets}")
    return await _asked("small tasks", endpoint, gets, "RERANK", settings)


async def _asked(check: str, endpoint: Endpoint, gets: str, prefix: str, settings: BotSettings) -> Finding:
    """Whether the model at `endpoint` answers, and what it gets to see."""
    patience = min(PATIENCE, endpoint.timeout)
    where = f"{endpoint.model} at {endpoint.place}"
    try:
        async with asyncio.timeout(patience):
            await _say_a_word(endpoint, settings)
    except TimeoutError:
        advice = f"Check {prefix}_BASE_URL, and that it runs."
        return Finding(check, "problem", f"{where} said nothing in {patience:g} s", advice)
    except BotError as error:
        advice = f"Check {prefix}_BASE_URL, {prefix}_API_KEY and {prefix}_MODEL."
        return Finding(check, "problem", f"{where}: {error}", advice)
    return Finding(check, "ok", f"{where} answers; it gets {gets}")


async def _say_a_word(endpoint: Endpoint, settings: BotSettings) -> None:
    """One tiny request. Raises ModelError, also for an empty answer."""
    opened = open_model(endpoint, settings)
    try:
        await said(opened, [Message(role="user", content="Answer with one word: ready")])
    finally:
        await opened.close()


async def token(settings: BotSettings) -> Finding:
    """Does Discord know the token?"""
    if settings.discord_token is None:
        return Finding(
            "Discord token", "not set", "`footnote run` needs it", "Set DISCORD_TOKEN to run the bot."
        )
    secret = settings.discord_token.get_secret_value()
    if not looks_like_token(secret):
        return Finding("Discord token", "problem", MALFORMED, f"{COPY}.")
    return await _ask_discord(settings.discord_api_url or DISCORD_API, secret)


async def _ask_discord(address: str, secret: str) -> Finding:
    import aiohttp

    patience = aiohttp.ClientTimeout(total=PATIENCE)
    try:
        async with (
            aiohttp.ClientSession(timeout=patience, trust_env=True) as session,
            session.get(
                f"{address.rstrip('/')}/users/@me", headers={"Authorization": f"Bot {secret}"}
            ) as reply,
        ):
            status = reply.status
            me = await reply.json() if status == 200 else {}
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        return Finding(
            "Discord token",
            "problem",
            f"{address} cannot be reached ({str(error) or type(error).__name__})",
            "Check the network, and DISCORD_API_URL if it is set.",
        )
    problem = partial(Finding, "Discord token", "problem")
    if status == 401:
        return problem("Discord refuses it", "Reset it on the Bot page and set DISCORD_TOKEN anew.")
    if status != 200 or not isinstance(me, dict):
        return problem(f"{address} answers with status {status}", "Try again later.")
    return Finding("Discord token", "ok", f"Discord knows the bot as {me.get('username', '?')}")
