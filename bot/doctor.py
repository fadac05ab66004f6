"""Checks settings, data folder, index, embedder, model and token one by one, and says what to do about each.

A check never raises: what is wrong becomes a finding. What is optional and not set is no problem.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from bot.discord_token import COPY, MALFORMED, looks_like_token
from bot.errors import BotError
from bot.language_model import Endpoint, Message, answering, helping, open_model, said, shown_place
from bot.librarian.renewing import REBUILD, outdated
from bot.settings import BotSettings
from bot.wrong_settings import misspelt, unread
from retrieval.errors import LibraryMissing, RetrievalError

State = Literal["ok", "problem", "not set"]

DISCORD_API = "https://discord.com/api/v10"
PATIENCE = 20.0  # seconds that one look over the network may take
ENOUGH_SPACE = 1_000_000_000  # bytes; a library of some thousand papers and the embedder's file fit


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found."""

    check: str
    state: State
    message: str
    advice: str = ""  # what to do; "" where nothing needs doing


Check = Callable[[BotSettings], Awaitable[Finding | None]]


async def examine(settings: BotSettings) -> AsyncIterator[Finding]:
    """The findings, each as soon as it is known. Calls the model and Discord where they are set up."""
    wrong = [*misspelt(), *unread()]
    advice = "Put it right: as it is, it changes nothing." if wrong else ""
    yield Finding("settings", "problem" if wrong else "ok", "; ".join(wrong) or "all can be read", advice)
    for check in CHECKS:
        if (finding := await check(settings)) is not None:
            yield finding


async def data_folder(settings: BotSettings) -> Finding:
    """Can the folder, or the nearest one above it that is there, be written to?"""
    return await asyncio.to_thread(_data_folder, settings.data)


def _data_folder(folder: Path) -> Finding:
    problem = partial(Finding, "data folder", "problem")
    there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    if not there.is_dir():
        return problem(f"{there} is a file", "Set FOOTNOTE_DATA to a folder of its own.")
    try:
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        advice = "Give yourself the right to write there, or set FOOTNOTE_DATA to another folder."
        return problem(f"{there} cannot be written to ({error.strerror})", advice)
    free = shutil.disk_usage(there).free
    if free < ENOUGH_SPACE:
        advice = "Make room, or set FOOTNOTE_DATA to another disk."
        return problem(f"only {free / 1e6:.0f} MB are free in {there}", advice)
    return Finding("data folder", "ok", f"{folder} ({free / 1e9:.0f} GB free)")


async def index(settings: BotSettings) -> Finding:
    """Do the indexes hold what the catalogue says?"""
    return await asyncio.to_thread(_index, settings)


def _index(settings: BotSettings) -> Finding:
    from retrieval.library import Library

    try:
        with Library.open(settings) as library:
            report, status = library.verify(), library.status()
    except LibraryMissing as error:
        return Finding("index", "problem", "nothing was ingested yet", str(error))
    except RetrievalError as error:
        return Finding("index", "problem", "cannot be used", str(error))
    if report.problems:
        return Finding("index", "problem", "; ".join(report.problems), "Run `footnote verify --mend`.")
    if not report.papers:
        return Finding("index", "problem", "the library is empty", "Run `footnote ingest FOLDER`.")
    if told := outdated(status):
        return Finding("index", "problem", told, REBUILD)
    return Finding("index", "ok", f"{report.papers} papers, {report.passages} passages{settings.vectors_at}")


async def embedder(settings: BotSettings) -> Finding:
    """Does it embed a sentence?"""
    return await asyncio.to_thread(_embedder, settings)


def _embedder(settings: BotSettings) -> Finding:
    from retrieval.embedding import open_embedder

    try:
        opened = open_embedder(settings)
        shape = opened.embed(["A footnote names its source."]).shape
    except RetrievalError as error:
        return Finding("embedder", "problem", f"{settings.embedder} does not work", str(error))
    if shape != (1, opened.dimensions):
        return Finding(
            "embedder", "problem", f"{opened.name} gave vectors of shape {shape}", "Set another EMBEDDER."
        )
    local = not settings.embedder.startswith("openai:")
    place = "on this machine" if local else f"at {shown_place(settings.embedding_base_url)}"
    gets = "" if local else "; it gets questions and the texts of all papers"
    return Finding("embedder", "ok", f"{opened.name} {place}, {opened.dimensions} dimensions{gets}")


async def reranker(settings: BotSettings) -> Finding | None:
    """Does the model in RERANKER_DIR score a passage? None where there is none."""
    return await asyncio.to_thread(_reranker, settings) if settings.reranker_dir else None


def _reranker(settings: BotSettings) -> Finding | None:
    from retrieval.rescoring import open_rescorer

    try:
        opened = open_rescorer(settings)
    except RetrievalError as error:
        return Finding("reranker", "problem", f"{settings.reranker_dir} cannot be used", str(error))
    looks = f"looks at the best {settings.reranker_passages} candidates of a search, on this machine"
    return Finding("reranker", "ok", f"{settings.reranker_dir} {looks}") if opened else None


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


async def retractions(settings: BotSettings) -> Finding | None:
    """Can the list of retracted papers be read? None where there is none."""
    return await asyncio.to_thread(_retractions, settings.retractions) if settings.retractions else None


def _retractions(path: Path) -> Finding:
    from retrieval.outside.retractions import Retractions

    try:
        listed = Retractions.load(path)
    except RetrievalError as error:
        return Finding("retractions", "problem", str(error), "Set RETRACTIONS to a list, or to nothing.")
    return Finding("retractions", "ok", f"{listed.size} papers are listed as retracted")


async def metadata(settings: BotSettings) -> Finding | None:
    """Who learns of the papers by `footnote enrich`? None where that is off; nobody is asked."""
    from retrieval.outside.enrich import told_to_whom

    if not settings.metadata_from_outside:
        return None
    return Finding("metadata from outside", "ok", f"by `footnote enrich`, {told_to_whom(settings)}")


async def watched(settings: BotSettings) -> Finding | None:
    """Are the folders there that the bot follows? None where it follows none."""
    if not settings.watched:
        return None
    gone = [str(folder) for folder in settings.watched if not folder.is_dir()]
    if gone:
        advice = (
            "Make them, mount their disk, or put WATCH right; until then nothing of theirs is read or lost."
        )
        return Finding("watched folders", "problem", f"not there: {', '.join(gone)}", advice)
    return Finding("watched folders", "ok", ", ".join(map(str, settings.watched)))


async def libraries(settings: BotSettings) -> Finding | None:
    """Is there a library in each folder of LIBRARIES? None where it names none."""
    named = settings.named_libraries
    empty = [f"{name} in {at}" for name, at in named.items() if not (at / "catalogue.sqlite").is_file()]
    if empty:
        advice = "Fill each with `FOOTNOTE_DATA=FOLDER footnote ingest PAPERS`, or put LIBRARIES right."
        return Finding("libraries", "problem", f"not there: {', '.join(empty)}", advice)
    return Finding("libraries", "ok", ", ".join(named)) if named else None


CHECKS: tuple[Check, ...] = (
    data_folder,
    index,
    embedder,
    reranker,
    model,
    helper,
    retractions,
    metadata,
    watched,
    libraries,
    token,
)
"""In the order in which a newcomer meets them."""
