"""What a language model's endpoint does wrong -> our errors, each with a clause for whoever asked.

Part of the door to language models: the client's own errors are known here and nowhere else.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable
from typing import TYPE_CHECKING, TypeVar

from bot.counting import counted
from bot.errors import ModelError, ModelRefused, ModelSilent, ModelWithheld

if TYPE_CHECKING:
    import openai

Found = TypeVar("Found")

SOON = 0.5  # seconds after which a passing fault is tried again
REFUSED = {
    401: "refused the key of this bot (401)",
    403: "refused this bot (403)",
    404: "is not known at its endpoint (404)",
    413: "was asked for more than it takes (413)",
    429: "takes no more questions right now (429)",
}
FILTERED = "content_filter"  # why an answer ends, or, of Azure's endpoints, the code of a refused request
BROKEN_OFF = "broke off in the middle of its answer"
UNREADABLE = "sent nothing that can be read as an answer"


async def before(deadline: float, work: Awaitable[Found], *, begun: bool = False) -> Found:
    """Await `work` until `deadline` (the loop's clock), with the client's errors translated to ours.

    `begun`: the answer has begun to arrive. Each step has its own `timeout_at`, for a timeout that spans a
    `yield` would strike in the caller's code. Raises ModelError.
    """
    import openai

    try:
        async with asyncio.timeout_at(deadline):
            return await work
    except (TimeoutError, openai.APITimeoutError) as error:
        raise ModelSilent(
            "The language model took too long; see ANSWER_TIMEOUT and RERANK_TIMEOUT.",
            reader="took too long to answer",
        ) from error
    except openai.APIStatusError as error:
        raise _of_status(error) from error
    except (openai.OpenAIError, ValueError) as error:  # ValueError: broken JSON or UTF-8 within the stream
        raise _of_connection(error, begun) from error


def check_end(reason: str | None, written: str) -> None:
    """Raise unless the answer came whole: servers that fail may end a stream as if all were well."""
    if reason == FILTERED:
        raise _withheld("content filter")
    if reason is None:
        raise ModelSilent(
            "The language model's answer broke off before its end, or was no stream at all.",
            reader=BROKEN_OFF if written else UNREADABLE,
        )
    if reason == "length":
        raise ModelSilent(
            "The language model's answer was cut at its greatest length.",
            reader="wrote more than one answer may hold",
        )
    if not written.strip():
        raise ModelSilent("The language model gave an empty answer.", reader="gave an empty answer")


def _of_status(error: openai.APIStatusError) -> ModelError:
    status, said = error.status_code, _line(error)
    if error.code == FILTERED:
        return _withheld(said)
    if status >= 500:
        message = f"The language model's endpoint fails: {said}"
        return ModelSilent(message, reader=f"failed at its endpoint ({status})", again=SOON)
    reader = REFUSED.get(status, f"refused the request ({status})")
    again = SOON if status in (408, 409, 429) else None
    if status == 429 and error.code == "insufficient_quota":
        reader, again = "has no budget left at its endpoint (429)", None
    elif status == 429 and (seconds := _retry_after(error)) is not None:
        reader, again = f"takes no more questions for {counted(seconds, 'second')} (429)", float(seconds)
    return ModelRefused(
        f"The language model's endpoint refuses ({status}): {said}", reader=reader, again=again
    )


def _withheld(said: str) -> ModelWithheld:
    return ModelWithheld(
        f"The language model's endpoint withheld its answer ({said}).",
        reader="withheld its answer (content filter)",
    )


def _of_connection(error: Exception, begun: bool) -> ModelError:
    import openai

    message = f"The language model's endpoint broke off or cannot be reached: {_line(error)}"
    if isinstance(error, ValueError):
        return ModelSilent(message, reader=UNREADABLE)
    if begun or not isinstance(error, openai.APIConnectionError):
        return ModelSilent(message, reader=BROKEN_OFF)
    return ModelSilent(message, reader="could not be reached", again=SOON)


def _retry_after(error: openai.APIStatusError) -> int | None:
    """The whole seconds that the endpoint asks to wait; None where it says none, or a date."""
    try:
        seconds = float(error.response.headers.get("retry-after", ""))
    except ValueError:
        return None
    return math.ceil(seconds) if 0 < seconds < math.inf else None


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:300]
