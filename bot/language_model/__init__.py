"""The door to language models: any endpoint that speaks OpenAI's chat completions.

Only fields that OpenAI, Ollama, vLLM and llama.cpp all know are sent, and a seed where the settings name one.
What a vendor's error means stands in faults.py; breaker.py leaves an endpoint alone that fails and fails.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol, TypedDict

from bot.errors import ModelError
from bot.language_model.faults import before, check_end
from bot.ledger import FREE, Price, cost
from bot.models import Usage
from bot.settings import BotSettings
from bot.tokens import tokens
from bot.written import without_thoughts

if TYPE_CHECKING:
    from openai import AsyncOpenAI
    from pydantic import SecretStr

NO_KEY = "none"  # sent where an endpoint needs no key; the client refuses to send nothing
MAX_TOKENS = 1_200  # of one answer; 250 words with their keys need about half
PATIENCE = 5.0  # seconds to wait before the one other try; quotes at once are worth more than a late answer


class Message(TypedDict):
    """One message of a chat, as the protocol has it."""

    role: str
    content: str


Spent = Callable[[Usage], None]
"""Is told what a call of a language model took."""


class LanguageModel(Protocol):
    """What writes answers."""

    @property
    def name(self) -> str: ...

    def stream(self, messages: Sequence[Message], spent: Spent | None = None) -> AsyncIterator[str]:
        """The answer, piece by piece; whole when the iterator ends. Raises ModelRefused, ModelSilent.

        `spent` is told once what the call took, also of one that fails after it was begun.
        """
        ...


class OpenAIModel:
    """A model behind an OpenAI-compatible endpoint."""

    def __init__(
        self, client: AsyncOpenAI, name: str, timeout: float, *, price: Price = FREE, seed: int | None = None
    ) -> None:
        """`timeout` is the seconds that one whole answer may take, retries included."""
        self.name = name
        self._client = client
        self._timeout = timeout
        self._price = price
        self._options: dict[str, Any] = {} if seed is None else {"seed": seed}

    async def stream(self, messages: Sequence[Message], spent: Spent | None = None) -> AsyncIterator[str]:
        """See LanguageModel. An answer that the endpoint cut short is an error, never an answer."""
        deadline = asyncio.get_running_loop().time() + self._timeout
        response = await self._ask_twice(messages, deadline)
        events = _whole(response) if _is_json(response) else response.parse()
        reason, written, told = None, "", None
        try:
            while (event := await before(deadline, _next(events), begun=bool(written))) is not None:
                told = event.usage or told
                choice = event.choices[0] if event.choices else None
                if choice is None:
                    continue
                reason = choice.finish_reason or reason
                if text := choice.delta.content:
                    written += text
                    yield text
        finally:
            await response.http_response.aclose()
            if spent:
                usage = _usage(told, messages, written)
                spent(replace(usage, cost=cost(usage, self._price)))
        check_end(reason, written)

    async def _ask_twice(self, messages: Sequence[Message], deadline: float) -> Any:
        """Once more after a fault that may pass, unless the endpoint asks for more patience than there is."""
        try:
            return await before(deadline, self._ask(messages))
        except ModelError as error:
            left = deadline - asyncio.get_running_loop().time()
            if error.again is None or error.again > min(PATIENCE, left):
                raise
            await asyncio.sleep(error.again * random.uniform(1.0, 1.2))  # so that not all come back at once
        return await before(deadline, self._ask(messages))

    async def _ask(self, messages: Sequence[Message]) -> Any:
        chat: Any = list(messages)  # of the protocol's shape, which the client types by role
        return await self._client.chat.completions.with_raw_response.create(
            model=self.name,
            messages=chat,
            stream=True,
            stream_options={"include_usage": True},
            max_tokens=MAX_TOKENS,
            temperature=0.0,
            **self._options,
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a language model is reached."""

    model: str
    base_url: str | None  # None: OpenAI's own
    key: str
    timeout: float  # seconds that one answer may take

    @property
    def place(self) -> str:
        """Its address, as a person knows it."""
        return shown_place(self.base_url)


def shown_place(base_url: str | None) -> str:
    """The address without a name and password in it; None is OpenAI's own."""
    return re.sub(r"(?<=://)[^/@]*@", "", base_url) if base_url else "OpenAI"


def answering(settings: BotSettings) -> Endpoint | None:
    """What writes answers; None where the settings name nothing, and answers are extractive."""
    if not settings.has_model:
        return None
    key = _secret(settings.openai_api_key)
    return Endpoint(settings.openai_model, settings.openai_base_url, key, settings.answer_timeout)


def helping(settings: BotSettings) -> Endpoint | None:
    """What ranks passages anew and makes questions whole: what writes answers, but for what is set.

    The key of one endpoint is never sent to another.
    """
    if not settings.has_helper:
        return None
    url = settings.rerank_base_url or settings.openai_base_url
    key = settings.rerank_api_key
    if key is None and url == settings.openai_base_url:
        key = settings.openai_api_key
    return Endpoint(
        settings.rerank_model or settings.openai_model, url, _secret(key), settings.rerank_timeout
    )


def translating(settings: BotSettings) -> Endpoint | None:
    """What puts answers into other languages: what helps, but with the time that an answer may take."""
    endpoint = helping(settings) if settings.translate else None
    return replace(endpoint, timeout=settings.answer_timeout) if endpoint else None


def _secret(key: SecretStr | None) -> str:
    return key.get_secret_value() if key else NO_KEY


def open_model(endpoint: Endpoint, settings: BotSettings) -> OpenAIModel:
    """The model at `endpoint`, with the price and the seed of the settings."""
    from openai import AsyncOpenAI

    client = AsyncOpenAI(
        api_key=endpoint.key, base_url=endpoint.base_url, max_retries=0, timeout=endpoint.timeout
    )
    price = settings.price(endpoint.model)
    return OpenAIModel(client, endpoint.model, endpoint.timeout, price=price, seed=settings.model_seed)


async def said(model: LanguageModel, messages: Sequence[Message], spent: Spent | None = None) -> str:
    """The whole answer at once, without thoughts aloud. Raises what `stream` raises."""
    return without_thoughts("".join([piece async for piece in model.stream(messages, spent)]))


async def _next(events: Any) -> Any:
    return await anext(events, None)


def _is_json(response: Any) -> bool:
    """Whether a server ignored `stream` and answers with one object."""
    return bool(response.headers.get("content-type", "").startswith("application/json"))


async def _whole(response: Any) -> AsyncIterator[Any]:
    """The one object of a server that ignores `stream`, as the only event."""
    from openai.types.chat import ChatCompletion
    from pydantic import ValidationError

    body = await response.http_response.aread()
    try:
        answer = ChatCompletion.model_validate_json(body)
    except ValidationError as error:
        raise ValueError("an answer of no known form") from error
    for choice in answer.choices:
        choice.__dict__["delta"] = choice.message
    yield answer


def _usage(told: Any, messages: Sequence[Message], written: str) -> Usage:
    """What the endpoint says that it took, else an estimate."""
    if told is not None and told.prompt_tokens is not None:
        return Usage(told.prompt_tokens, told.completion_tokens or 0)
    read = sum(tokens(message["content"]) for message in messages)
    return Usage(read, tokens(written), estimated=True)
