"""The real openai client against a loopback server with the faults that real endpoints have."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import AsyncIterator

import pytest

from bot.errors import ModelError, ModelRefused, ModelSilent
from bot.language_model import NO_KEY, Message, OpenAIModel, open_language_model
from bot.models import Usage
from bot.settings import BotSettings
from tests.fake_openai import FakeOpenAI, serve

ASKED = [Message(role="user", content="<question>\nAnything?\n</question>")]
ANSWER = "Two words, then [1] a key."


@pytest.fixture
async def fake() -> AsyncIterator[FakeOpenAI]:
    async with serve(FakeOpenAI(answer=ANSWER)) as running:
        yield running


def model_at(url: str, *, key: str | None = None, timeout: float = 5.0) -> OpenAIModel:
    settings = BotSettings.model_validate(
        {"OPENAI_BASE_URL": url, "OPENAI_API_KEY": key, "OPENAI_MODEL": "fake", "ANSWER_TIMEOUT": timeout}
    )
    model = open_language_model(settings)
    assert model is not None
    return model


async def said(model: OpenAIModel) -> str:
    try:
        return "".join([piece async for piece in model.stream(ASKED)])
    finally:
        await model.close()


@pytest.mark.parametrize("mode", ["ok", "no_done", "comments", "whole"])
async def test_streams_a_whole_answer(fake: FakeOpenAI, mode: str) -> None:
    fake.mode = mode
    model = model_at(fake.url)
    pieces = [piece async for piece in model.stream(ASKED)]
    await model.close()
    assert len(pieces) == 1 if mode == "whole" else len(pieces) > 1
    assert "".join(pieces) == ANSWER


async def test_sends_only_what_every_server_knows(fake: FakeOpenAI) -> None:
    await said(model_at(fake.url))
    assert set(fake.requests[0]) == {
        "model",
        "messages",
        "stream",
        "stream_options",
        "max_tokens",
        "temperature",
    }
    assert fake.requests[0]["model"] == "fake"
    assert fake.requests[0]["stream"] is True


@pytest.mark.parametrize(("key", "sent"), [(None, NO_KEY), ("secret-1", "secret-1")])
async def test_sends_the_key_or_a_placeholder(fake: FakeOpenAI, key: str | None, sent: str) -> None:
    await said(model_at(fake.url, key=key))
    assert fake.keys == [f"Bearer {sent}"]


@pytest.mark.parametrize(
    ("mode", "error"),
    [
        ("truncated", ModelSilent),
        ("length", ModelSilent),
        ("empty", ModelSilent),
        ("cut", ModelSilent),
        ("reset", ModelSilent),
        ("html", ModelSilent),
        ("error_in_stream", ModelSilent),
        ("broken_json", ModelSilent),
        ("filter", ModelRefused),
    ],
)
async def test_a_broken_answer_is_an_error(fake: FakeOpenAI, mode: str, error: type[ModelError]) -> None:
    fake.mode = mode
    with pytest.raises(error) as caught:
        await said(model_at(fake.url))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, ModelRefused),
        (401, ModelRefused),
        (403, ModelRefused),
        (404, ModelRefused),
        (429, ModelRefused),
        (500, ModelSilent),
        (503, ModelSilent),
    ],
)
async def test_a_refusal_is_translated(fake: FakeOpenAI, status: int, error: type[ModelError]) -> None:
    fake.mode, fake.status = "status", status
    with pytest.raises(error) as caught:
        await said(model_at(fake.url))
    assert caught.value.__cause__ is not None
    assert len(fake.requests) == (2 if status in (429, 500, 503) else 1)


async def test_one_failure_is_tried_again(fake: FakeOpenAI) -> None:
    fake.fail_first, fake.status = 1, 503
    assert await said(model_at(fake.url)) == ANSWER
    assert len(fake.requests) == 2


@pytest.mark.parametrize("mode", ["hang", "stall", "drip"])
async def test_no_answer_takes_longer_than_its_limit(fake: FakeOpenAI, mode: str) -> None:
    fake.mode = mode
    started = time.monotonic()
    with pytest.raises(ModelSilent):
        await said(model_at(fake.url, timeout=0.5))
    assert time.monotonic() - started < 2.0


async def test_a_long_retry_after_does_not_outlast_the_limit(fake: FakeOpenAI) -> None:
    fake.mode, fake.status, fake.retry_after = "status", 429, "60"
    started = time.monotonic()
    with pytest.raises(ModelError):
        await said(model_at(fake.url, timeout=0.5))
    assert time.monotonic() - started < 2.0


async def test_nobody_listens() -> None:
    async with serve(FakeOpenAI()) as running:
        url = running.url
    with pytest.raises(ModelSilent):
        await said(model_at(url))


async def test_a_caller_may_stop_listening(fake: FakeOpenAI) -> None:
    fake.mode = "drip"
    model = model_at(fake.url)
    stream = model.stream(ASKED)
    assert await anext(stream) == "and "
    await stream.aclose()  # type: ignore[attr-defined]
    await model.close()


def test_no_model_without_settings() -> None:
    settings = BotSettings.model_validate({"OPENAI_API_KEY": None, "OPENAI_BASE_URL": None})
    assert open_language_model(settings) is None


def test_the_vendor_is_not_imported_before_it_is_needed() -> None:
    code = "import sys, bot.language_model, bot.assistant, bot.build; print('openai' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


async def test_what_a_call_took_is_told_or_estimated(fake: FakeOpenAI) -> None:
    told: list[Usage] = []
    for usage in ({"prompt_tokens": 70, "completion_tokens": 8, "total_tokens": 78}, None):
        fake.usage = usage
        model = model_at(fake.url)
        assert "".join([piece async for piece in model.stream(ASKED, told.append)]) == ANSWER
        await model.close()
    asked = len(ASKED[0]["content"])
    assert told == [Usage(70, 8), Usage(asked // 4, len(ANSWER) // 4, estimated=True)]


async def test_an_answer_of_no_known_form_is_silence(fake: FakeOpenAI) -> None:
    fake.mode = "other_json"
    with pytest.raises(ModelSilent):
        await said(model_at(fake.url))
