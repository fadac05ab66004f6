"""The command line itself: help, wrong usage, and what a person sees of errors."""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
from typer.core import TyperGroup, TyperOption

from bot.cli.app import app
from tests.command_line import footnote, start
from tests.papers import KITES

pytestmark = pytest.mark.usefixtures("environment")


# -- help, version, usage


def _commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield path, group
    if isinstance(group, TyperGroup):
        for name, command in group.commands.items():
            yield from _commands(command, (*path, name))


COMMANDS = dict(_commands(typer.main.get_command(app)))


def test_every_command_of_the_house_is_there() -> None:
    names = (
        "ask backup chat commands doctor enrich evaluate export ingest merge paper "
        "papers remove restore run search split status verify"
    )
    assert " ".join(sorted({path[0] for path in COMMANDS if path})) == names
    assert {path[1] for path in COMMANDS if len(path) == 2} == {"search", "answers", "gate", "checks", "sync"}


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_help_says_something_of_every_command_and_option(path: tuple[str, ...]) -> None:
    command = COMMANDS[path]
    result = footnote(*path, "--help")
    assert result.exit_code == 0
    assert len(command.help) > 20
    for option in (parameter for parameter in command.params if isinstance(parameter, TyperOption)):
        assert option.help and option.help.endswith("."), option.name
        assert option.opts[0] in result.stdout


def test_the_version_is_that_of_the_package() -> None:
    from importlib.metadata import version

    assert footnote("--version").stdout == f"footnote {version('footnote')}\n"


def test_help_is_plain_when_piped() -> None:
    process = start("--help")
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, b"")
    assert b"\x1b" not in out and "─" not in out.decode()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ask"], "a question, in quotation marks"),
        (["ask", " "], "empty"),
        (["ask", "q", "--batch", "-"], "a question, in quotation marks"),
        (["ask", "--batch", "-", "--from", "2023"], "filters from its lines"),
        (["search", "q", "-k", "101"], "'-k': write 100 or less"),
        (["search", "q", "-k", "0"], "'-k': write 1 or more"),
        (["ask", "q", "--from", "soon"], "'--from': write a whole number"),
        (["ingest", "x", "--wait", "soon"], "'--wait': write a number"),
        (["paper", " "], "the name of the paper is empty"),
        (["ask", "q", "--from", "-5"], "No paper is of the year -5: give a year from 1900 to 2099."),
        (["search", "q", "--to", "1500"], "a year from 1900 to 2099"),
        (["papers", "--from", "2024", "--to", "2020"], "please exchange the two"),
        (["ingest"], "at least one folder"),
        (["evaluate", "search"], "gold questions"),
        (["evaluate", "answers"], "gold questions"),
        (["paint"], "No such command"),
    ],
)
def test_wrong_usage_is_two(arguments: list[str], words: str) -> None:
    result = footnote(*arguments)
    assert result.exit_code == 2
    assert words in " ".join(result.stderr.split()) and result.stdout == ""


# -- errors


def test_an_error_is_one_sentence_and_debug_shows_where(empty: Path) -> None:
    result = footnote("ask", KITES)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.count("\n") == 1 and "footnote ingest" in result.stderr
    shown = footnote("--debug", "ask", KITES)
    assert shown.exit_code == 1
    assert "Traceback" in shown.stderr and shown.stderr.splitlines()[-1] == result.stderr.strip()


def test_a_wrong_setting_is_named_and_its_value_is_not(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("MAX_FILE_MB", "much-too-secret")
    result = footnote("status")
    assert result.exit_code == 1
    assert "MAX_FILE_MB" in result.stderr and "secret" not in result.stderr


def test_more_is_said_on_standard_error_only_when_asked() -> None:
    quiet, told = footnote("ask", KITES), footnote("-v", "ask", KITES)
    assert quiet.stdout == told.stdout
    assert quiet.stderr == "" and "INFO    bot.assistant: answered" in told.stderr


def test_a_command_in_this_process_leaves_its_loggers_as_they_were() -> None:
    loggers = [logging.getLogger(name) for name in (None, "bot", "retrieval")]
    before = [(logger.level, list(logger.handlers)) for logger in loggers]
    footnote("-vv", "status")
    assert [(logger.level, list(logger.handlers)) for logger in loggers] == before


def test_a_file_that_is_not_there_is_named() -> None:
    result = footnote("ask", "--batch", "nowhere.jsonl")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "nowhere.jsonl" in result.stderr and "Traceback" not in result.stderr


@pytest.mark.parametrize("command", [["run"], ["commands", "sync"]])
def test_the_bot_needs_a_token_of_the_right_form(command: list[str], environment: pytest.MonkeyPatch) -> None:
    bare = footnote(*command)
    assert bare.exit_code == 1 and bare.stderr.startswith("footnote: DISCORD_TOKEN is not set. Copy it from")
    environment.setenv("DISCORD_TOKEN", "a-client-secret")
    environment.setenv("DISCORD_API_URL", "http://127.0.0.1:9")  # where nobody answers, and nobody is asked
    wrong = footnote(*command)
    assert wrong.exit_code == 1 and "does not look like a bot's token" in wrong.stderr
    assert "client-secret" not in wrong.stderr and "reached" not in wrong.stderr


def test_a_reader_that_goes_away_is_no_error() -> None:
    process = start("papers", "--json")
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (141, b"")


def test_ctrl_c_is_quiet() -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # tests in the background ignore it
    try:
        process = start("chat")
    finally:
        signal.signal(signal.SIGINT, before)
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(f"{KITES}\n".encode())
    process.stdin.flush()
    assert process.stdout.readline().strip()
    process.send_signal(signal.SIGINT)
    process.wait(timeout=60)  # by the signal, not by the end of its input
    _, err = process.communicate()
    assert (process.returncode, err) == (130, b"")


def test_the_command_is_also_a_module() -> None:
    process = start("--version")
    out, _ = process.communicate(timeout=60)
    assert out.startswith(b"footnote ") and sys.version_info >= (3, 11)
