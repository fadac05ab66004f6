"""Every error that `bot` raises on purpose, and the sentence that a reader gets for each.

BotError
|-- ModelError
|   |-- ModelRefused    the endpoint rejects us: key, model name, quota
|   |   |-- ModelWithheld   it answers others, but not this question (content filter)
|   |-- ModelSilent     it does not answer, or breaks off
|   |-- ModelUnfaithful nothing that it wrote has support in the passages
|-- BadQuestion         the question cannot be read: empty, too long, wrong shape
|-- BadFile             a file or link that somebody gave is not taken
|-- UnexpectedFault     a fault of the program, caught where an answer was being made
|-- SetupError          a setting is missing or wrong; the message says which, and what to do
"""

from __future__ import annotations

from retrieval.errors import (
    CatalogueBroken,
    IndexBroken,
    IndexMismatch,
    LibraryBusy,
    LibraryMissing,
    ModelUnavailable,
)


class BotError(Exception):
    """Base of all."""


class ModelError(BotError):
    """The language model gave no usable answer. The message is for the operator.

    `reader` goes on after "The language model NAME", for whoever asked; `again` are the seconds after which
    another try may go well, None where none will.
    """

    def __init__(self, message: str, *, reader: str = "gave no answer", again: float | None = None) -> None:
        super().__init__(message)
        self.reader = reader
        self.again = again


class ModelRefused(ModelError):
    """The endpoint rejects the request: key, model name or quota."""


class ModelWithheld(ModelRefused):
    """The endpoint works, and withholds its answer to this question."""


class ModelSilent(ModelError):
    """The endpoint does not answer in time, or breaks off in the middle."""


class ModelUnfaithful(ModelError):
    """No passage supports what the model wrote."""


class BadQuestion(BotError):
    """The question cannot be read. The message is for the person who asked."""


class BadFile(BotError):
    """A file or link is not taken. The message is the reason, for the person who gave it."""


class UnexpectedFault(BotError):
    """A fault of the program. One question gets no answer, and the next is answered all the same."""


class SetupError(BotError):
    """A setting is missing or wrong. The message is for the operator."""


_CLOSED = "The library cannot be searched right now. The people who run this bot can see why."

FOR_READERS: dict[type[Exception], str] = {
    ModelRefused: "The language model refuses to answer right now. The people who run this bot can see why.",
    ModelSilent: "The language model did not answer in time. Please ask again in a minute.",
    LibraryMissing: "The library is still empty. The people who run this bot fill it with `footnote ingest`.",
    LibraryBusy: "The library is being changed right now. Please ask again in a minute.",
    IndexMismatch: _CLOSED,
    IndexBroken: _CLOSED,
    CatalogueBroken: _CLOSED,
    ModelUnavailable: _CLOSED,
}
"""What a reader sees; the operator sees the error itself in the log."""

UNEXPECTED = "Something went wrong on our side. Please ask again, and tell the people who run this bot."


def sentence_for(error: BaseException) -> str:
    """The sentence a reader gets for `error`: the nearest entry of FOR_READERS, else UNEXPECTED."""
    if isinstance(error, BadQuestion):
        return str(error)
    for kind in type(error).__mro__:
        if kind in FOR_READERS:
            return FOR_READERS[kind]
    return UNEXPECTED
