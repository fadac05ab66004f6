"""Running `footnote` in tests, in this process or as a real one; and what it prints."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from bot import terminal
from bot.cli.app import app
from bot.cli.logs import OURS
from bot.models import Answer
from bot.settings import BotSettings

SETTINGS = tuple(str(field.validation_alias) for field in BotSettings.model_fields.values())
"""Every variable that Footnote reads."""

FOOTNOTE = (sys.executable, "-m", "bot")


def footnote(*arguments: str | Path, given: str | bytes | None = None) -> Result:
    """The command in this process, which logs afterwards as it did before."""
    loggers = [logging.getLogger(name) for name in (None, *OURS)]
    levels, handlers = [logger.level for logger in loggers], list(loggers[0].handlers)
    try:
        return CliRunner().invoke(app, [str(argument) for argument in arguments], input=given)
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
        loggers[0].handlers[:] = handlers


@contextmanager
def bare_settings(folder: Path, data: Path) -> Iterator[pytest.MonkeyPatch]:
    """No setting from outside but FOOTNOTE_DATA, in a folder without `.env`."""
    with pytest.MonkeyPatch.context() as patch:
        for name in SETTINGS:
            patch.delenv(name, raising=False)
        patch.setenv("FOOTNOTE_DATA", str(data))
        patch.setenv("PYTHONPATH", str(Path(__file__).resolve().parent.parent))
        patch.chdir(folder)
        yield patch


def start(
    *arguments: str | Path, env: Mapping[str, str] | None = None, **streams: Any
) -> subprocess.Popen[bytes]:
    """A real process, its streams piped unless told otherwise."""
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    command = [*FOOTNOTE, *map(str, arguments)]
    return subprocess.Popen(command, env={**os.environ, **(env or {})}, **{**pipes, **streams})


def json_lines(text: str | bytes) -> list[Any]:
    """Every line as JSON; fails where a line is anything else."""
    return [json.loads(line) for line in text.splitlines()]


def printed(answer: Answer, *, terminal_width: int | None = None) -> str:
    """What `footnote ask` prints of an answer; to a pipe where no width is given."""
    wide = terminal_width or 40
    out = Console(file=io.StringIO(), force_terminal=bool(terminal_width), width=wide, markup=False)
    terminal.show_answer(out, answer)
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue()
