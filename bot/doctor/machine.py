"""Checks of what stands on this machine: folders, library, embedder, lists."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from functools import partial
from pathlib import Path

from bot.doctor.finding import Finding
from bot.language_model import shown_place
from bot.librarian.renewing import REBUILD, outdated
from bot.settings import BotSettings
from retrieval.discovery import is_so
from retrieval.errors import LibraryMissing, RetrievalError

ENOUGH_SPACE = 1_000_000_000  # bytes; a library of some thousand papers and the embedder's file fit


async def data_folder(settings: BotSettings) -> Finding:
    """Can the folder, or the nearest one above it that is there, be written to?"""
    return await asyncio.to_thread(_data_folder, settings.data)


def _data_folder(folder: Path) -> Finding:
    problem = partial(Finding, "data folder", "problem")
    there = next(path for path in (folder.absolute(), *folder.absolute().parents) if is_so(path.exists))
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
    gone = [str(folder) for folder in settings.watched if not is_so(folder.is_dir)]
    if gone:
        advice = (
            "Make them, mount their disk, or put WATCH right; until then nothing of theirs is read or lost."
        )
        return Finding("watched folders", "problem", f"not there: {', '.join(gone)}", advice)
    return Finding("watched folders", "ok", ", ".join(map(str, settings.watched)))


async def libraries(settings: BotSettings) -> Finding | None:
    """Is there a library in each folder of LIBRARIES? None where it names none."""
    named = settings.named_libraries
    empty = [f"{name} in {at}" for name, at in named.items() if not is_so((at / "catalogue.sqlite").is_file)]
    if empty:
        advice = "Fill each with `FOOTNOTE_DATA=FOLDER footnote ingest PAPERS`, or put LIBRARIES right."
        return Finding("libraries", "problem", f"not there: {', '.join(empty)}", advice)
    return Finding("libraries", "ok", ", ".join(named)) if named else None
