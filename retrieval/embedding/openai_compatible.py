"""Embeddings from any endpoint that speaks the OpenAI protocol: OpenAI, Ollama, vLLM, llama.cpp, TEI ..."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from retrieval.errors import ModelUnavailable
from retrieval.settings import RetrievalSettings

if TYPE_CHECKING:
    import openai

OPENAI_URL = "https://api.openai.com/v1"
BATCH = 32  # texts a request; the smallest default limit among the usual servers is 32 (TEI)
MAX_TOKENS = 512  # what nearly every embedding model takes, so that no server cuts a text in silence
ATTEMPTS = 3
CONNECT_S, ANSWER_S = 5.0, 60.0
LONGEST_WAIT_S = 10.0  # before another attempt, whatever the server asks for

# Stands for a token of an unknown tokenizer. Real ones take longer pieces of words, so this counts high.
_TOKEN = re.compile(r"[A-Za-z]{1,4}|[0-9]{1,2}|\S")

Vectors = NDArray[np.float32]


def open_openai_compatible(settings: RetrievalSettings, model: str) -> OpenAICompatible:
    """A client for `EMBEDDING_BASE_URL`; nothing is sent before the first text.

    Raises ModelUnavailable where OpenAI itself is meant and no key is set.
    """
    import openai

    key = settings.embedding_api_key.get_secret_value() if settings.embedding_api_key else ""
    if not key and not settings.embedding_base_url:
        raise ModelUnavailable(
            f"EMBEDDER=openai:{model} needs EMBEDDING_API_KEY, or EMBEDDING_BASE_URL for your own server."
        )
    client = openai.OpenAI(
        base_url=settings.embedding_base_url or OPENAI_URL,
        api_key=key or "none",  # servers without keys want some word nevertheless
        timeout=openai.Timeout(ANSWER_S, connect=CONNECT_S),
        max_retries=0,  # the client would sleep as long as a server asks for, and retry a spent quota
    )
    return OpenAICompatible(client, model)


def name_of(model: str) -> str:
    """What the embedder of a model is called, whether it can be opened or not."""
    return f"openai/{model}"


class OpenAICompatible:
    """An `Embedder`. How long its vectors are is learned from the first reply."""

    max_tokens = MAX_TOKENS

    def __init__(
        self, client: openai.OpenAI, model: str, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.name = name_of(model)
        self._client = client
        self._model = model
        self._sleep = sleep
        self._dimensions = 0  # unknown

    @property
    def dimensions(self) -> int:
        """Asks the endpoint the first time. Raises ModelUnavailable."""
        return self._dimensions or self.embed(["dimensions"]).shape[1]

    def count_tokens(self, text: str) -> int:
        """A high estimate: four letters, two digits or one other character a token, and two special ones."""
        return len(_TOKEN.findall(text)) + 2

    def embed(self, texts: Sequence[str]) -> Vectors:
        """float32 [len(texts), dimensions], unit length.

        Raises ValueError for a text over `max_tokens`, ModelUnavailable where the endpoint fails.
        """
        longest = max(map(self.count_tokens, texts), default=0)
        if longest > MAX_TOKENS:
            raise ValueError(
                f"a text of {longest} tokens is over the embedder's {MAX_TOKENS}: embed its parts"
            )
        batches = [self._embed(texts[at : at + BATCH]) for at in range(0, len(texts), BATCH)]
        return np.concatenate(batches) if batches else np.empty((0, self.dimensions), np.float32)

    def _embed(self, texts: Sequence[str]) -> Vectors:
        # An empty text is refused by some servers, and a lone surrogate has no UTF-8 form.
        clean = [text.encode("utf-8", "replace").decode("utf-8") or " " for text in texts]
        vectors = self._vectors(self._ask(clean), len(clean))
        if self._dimensions not in (0, vectors.shape[1]):
            raise ModelUnavailable(
                f"{self._place} sent vectors of {vectors.shape[1]} numbers after vectors of "
                f"{self._dimensions}: it changed its model. Start again with one model."
            )
        self._dimensions = vectors.shape[1]
        return vectors

    @property
    def _place(self) -> str:
        return f"The embedding endpoint {self._client.base_url} (model {self._model})"

    def _vectors(self, reply: Any, count: int) -> Vectors:
        """The reply's vectors in the order of the question, at unit length."""
        try:
            items = sorted(reply.data, key=lambda item: item.index)
            vectors = np.array([item.embedding for item in items], dtype=np.float32)
        except (AttributeError, TypeError, ValueError) as error:  # a page of HTML arrives as a str, say
            raise ModelUnavailable(
                f"{self._place} did not answer with embeddings: "
                "check EMBEDDING_BASE_URL, which often ends in /v1."
            ) from error
        if vectors.ndim != 2 or len(vectors) != count or not np.isfinite(vectors).all():
            raise ModelUnavailable(f"{self._place} did not answer with one vector for each of {count} texts.")
        length = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(length, 1e-12), dtype=np.float32)

    def _ask(self, texts: list[str]) -> Any:
        import openai

        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._client.embeddings.create(model=self._model, input=texts, encoding_format="float")
            except (openai.OpenAIError, ValueError) as error:  # ValueError: not JSON, or no data in it
                if attempt == ATTEMPTS or not _passes_by_itself(error):
                    raise ModelUnavailable(f"{self._place} {_reason(error)}") from error
                self._sleep(_wait_s(error, attempt))
        raise AssertionError("unreachable")


def _passes_by_itself(error: Exception) -> bool:
    import openai

    if isinstance(error, openai.RateLimitError):
        return error.code != "insufficient_quota"
    return isinstance(error, openai.APIConnectionError | openai.InternalServerError)


def _wait_s(error: Exception, attempt: int) -> float:
    """Seconds until the next attempt: what the server asks for, else doubling from 0.5, within a bound."""
    import openai

    asked = error.response.headers.get("retry-after", "") if isinstance(error, openai.APIStatusError) else ""
    wait = float(asked) if re.fullmatch(r"[0-9]+(\.[0-9]+)?", asked) else 0.5 * 2 ** (attempt - 1)
    return min(wait, LONGEST_WAIT_S)


def _reason(error: Exception) -> str:
    """The end of a sentence that says what went wrong and what to do. It never holds the key."""
    import openai

    match error:
        case openai.AuthenticationError() | openai.PermissionDeniedError():
            return "refused the key: check EMBEDDING_API_KEY."
        case openai.NotFoundError():
            return "knows no such address or model: check EMBEDDING_BASE_URL and the model in EMBEDDER."
        case openai.RateLimitError() if error.code == "insufficient_quota":
            return "says that its quota is used up: add credit, or choose another embedder."
        case openai.RateLimitError():
            return "has had too many requests: try again in a minute."
        case openai.APITimeoutError():
            return f"did not answer within {ANSWER_S:.0f} seconds: try again, or check that it runs."
        case openai.APIConnectionError():
            return "cannot be reached: check EMBEDDING_BASE_URL and that the server runs."
        case openai.APIStatusError():
            return f"answered with HTTP status {error.status_code}: look into its log."
    return "did not answer with embeddings: check EMBEDDING_BASE_URL, which often ends in /v1."
