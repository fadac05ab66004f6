"""The door to language models: any endpoint that speaks OpenAI's chat completions.

Only fields that OpenAI, Ollama, vLLM and llama.cpp all know are sent.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypedDict, TypeVar

from bot.errors import ModelError, ModelRefused, ModelSilent
from bot.settings import BotSettings

if TYPE_CHECKING:
    from openai import AsyncOpenAI

NO_KEY = "none"  # sent where an endpoint needs no key; the client refuses to send nothing
MAX_TOKENS = 1_200  # of one answer; 250 words with their keys need about half
RETRIES = 1  # the client's own; an answer that is late is worth less than an extractive one at once

Found = TypeVar("Found")


class Message(TypedDict):
    """One message of a chat, as the protocol has it."""

    role: str
    content: str


class LanguageModel(Protocol):
    """What writes answers."""

    @property
    def name(self) -> str: ...

    def stream(self, messages: Sequence[Message]) -> AsyncIterator[str]:
        """The answer, piece by piece; whole when the iterator ends. Raises ModelRefused, ModelSilent."""
        ...


class OpenAIModel:
    """A model behind an OpenAI-compatible endpoint."""

    def __init__(self, client: AsyncOpenAI, name: str, timeout: float) -> None:
        """`timeout` is the seconds that one whole answer may take, retries included."""
        self.name = name
        self._client = client
        self._timeout = timeout

    async def stream(self, messages: Sequence[Message]) -> AsyncIterator[str]:
        """See LanguageModel. An answer that the endpoint cut short is an error, never an answer."""
        deadline = asyncio.get_running_loop().time() + self._timeout
        events = await _before(deadline, self._ask(messages))
        reason, empty = None, True
        try:
            while (event := await _before(deadline, _next(events))) is not None:
                choice = event.choices[0] if event.choices else None
                if choice is None:
                    continue
                reason = choice.finish_reason or reason
                if text := choice.delta.content:
                    empty = empty and not text.strip()
                    yield text
        finally:
            await events.close()
        _check_end(reason, empty)

    async def _ask(self, messages: Sequence[Message]) -> Any:
        return await self._client.chat.completions.create(
            model=self.name,
            messages=list(messages),  # type: ignore[arg-type]
            stream=True,
            max_tokens=MAX_TOKENS,
            temperature=0.0,
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()


def open_language_model(settings: BotSettings) -> OpenAIModel | None:
    """The model that the settings name; None where they name none, and answers are extractive."""
    if not settings.has_model:
        return None
    from openai import AsyncOpenAI

    key = settings.openai_api_key.get_secret_value() if settings.openai_api_key else NO_KEY
    client = AsyncOpenAI(
        api_key=key,
        base_url=settings.openai_base_url,
        max_retries=RETRIES,
        timeout=settings.answer_timeout,
    )
    return OpenAIModel(client, settings.openai_model, settings.answer_timeout)


async def _next(events: Any) -> Any:
    return await anext(events, None)


async def _before(deadline: float, work: Awaitable[Found]) -> Found:
    """Await `work` until `deadline` (the loop's clock), with the client's errors translated to ours.

    Each step has its own `timeout_at`, for a timeout that spans a `yield` would strike in the caller's code.
    """
    import openai

    try:
        async with asyncio.timeout_at(deadline):
            return await work
    except TimeoutError as error:
        raise ModelSilent("The language model took too long; see ANSWER_TIMEOUT.") from error
    except (openai.OpenAIError, ValueError) as error:  # ValueError: broken JSON or UTF-8 within the stream
        raise _translated(error) from error


def _translated(error: Exception) -> ModelError:
    import openai

    said = " ".join(str(error).split())[:300]
    if isinstance(error, openai.InternalServerError):
        return ModelSilent(f"The language model's endpoint fails: {said}")
    if isinstance(error, openai.APIStatusError):
        return ModelRefused(f"The language model's endpoint refuses ({error.status_code}): {said}")
    return ModelSilent(f"The language model's endpoint broke off or cannot be reached: {said}")


def _check_end(reason: str | None, empty: bool) -> None:
    """Raise unless the answer came whole: servers that fail may end a stream as if all were well."""
    if reason == "content_filter":
        raise ModelRefused("The language model's endpoint withheld its answer (content filter).")
    if reason is None:
        raise ModelSilent("The language model's answer broke off before its end, or was no stream at all.")
    if reason == "length":
        raise ModelSilent("The language model's answer was cut at its greatest length.")
    if empty:
        raise ModelSilent("The language model gave an empty answer.")
