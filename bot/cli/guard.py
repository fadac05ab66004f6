"""The one place where an error of a command becomes a sentence on standard error and an exit status.

0: done; 1: an error, or something in the result that failed; 2: wrong usage; 130: stopped by Ctrl-C;
141: whoever read our output went away.
"""

from __future__ import annotations

import os
import re
import sys
import traceback
from typing import Any, NoReturn

import typer
from typer.core import TyperGroup

from bot.errors import BotError
from retrieval.errors import RetrievalError

FAILED = 1
STOPPED = 130
READER_GONE = 141


class Commands(TyperGroup):
    """The group of all commands; it turns what they raise into what a person reads."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command. Leaves by `typer.Exit` for every error that is not a fault of the program."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
            return result
        except typer.BadParameter as error:
            error.message = _plainly(error.message)
            raise
        except KeyboardInterrupt:
            if sys.stderr.isatty():
                typer.echo(err=True)  # the shell's prompt on a line of its own
            raise typer.Exit(STOPPED) from None
        except BrokenPipeError:
            _forget_output()
            raise typer.Exit(READER_GONE) from None
        except (RetrievalError, BotError) as error:
            _fail(ctx, str(error))
        except OSError as error:
            _fail(ctx, _os_sentence(error))


def _fail(ctx: Any, sentence: str) -> NoReturn:
    if ctx.params.get("debug"):
        traceback.print_exc()
    typer.echo(f"footnote: {' '.join(sentence.split())}", err=True)
    raise typer.Exit(FAILED) from None


_PLAINLY = (
    (re.compile(r"Input should be a valid integer\b.*"), "write a whole number"),
    (re.compile(r"Input should be a valid number\b.*"), "write a number"),
    (re.compile(r"Input should be greater than or equal to (\S+)"), r"write \1 or more"),
    (re.compile(r"Input should be less than or equal to (\S+)"), r"write \1 or less"),
)
"""What pydantic, which reads numbers for Typer, says of them, and what a person is to do."""


def _plainly(message: str) -> str:
    for pattern, plain in _PLAINLY:
        message = pattern.sub(plain, message)
    return message


def _os_sentence(error: OSError) -> str:
    """What the system refused, and for which file."""
    reason = error.strerror or str(error) or type(error).__name__
    return f"{error.filename}: {reason}." if error.filename else f"{reason}."


def _forget_output() -> None:
    """Point standard output at nothing, so that what is left in its buffer fails nowhere."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, sys.stdout.fileno())
    os.close(nothing)
