"""The real openai client against a loopback server with the faults that real endpoints have."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.errors import ModelError, ModelRefused, ModelSilent, ModelWithheld
from bot.language_model import (
    NO_KEY,
    Message,
    OpenAIModel,
    answering,
    helping,
    open_model,
)
from bot.models import Usage
from bot.settings import BotSettings
from bot.tokens import tokens
from tests.fake_openai import FakeOpenAI, serve

ASKED = [Message(role="user", content="<question>\nAnything?\n</question>")]
ANSWER = "Two words, then [1] a key."


@pytest.fixture
async def fake() -> AsyncIterator[FakeOpenAI]:
    async with serve(FakeOpenAI(answer=ANSWER)) as running:
        yield running


def opened(settings: BotSettings) -> OpenAIModel:
    endpoint = answering(settings)
    assert endpoint is not None
    return open_model(endpoint, settings)


def model_at(url: str, *, key: str | None = None, timeout: float = 5.0) -> OpenAIModel:
    settings = BotSettings.model_validate(
        {"OPENAI_BASE_URL": url, "OPENAI_API_KEY": key, "OPENAI_MODEL": "fake", "ANSWER_TIMEOUT": timeout}
    )
    return opened(settings)


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
    ("mode", "error", "reader"),
    [
        ("truncated", ModelSilent, "broke off in the middle of its answer"),
        ("length", ModelSilent, "wrote more than one answer may hold"),
        ("empty", ModelSilent, "gave an empty answer"),
        ("cut", ModelSilent, "broke off in the middle of its answer"),
        ("reset", ModelSilent, "could not be reached"),
        ("html", ModelSilent, "sent nothing that can be read as an answer"),
        ("other_json", ModelSilent, "sent nothing that can be read as an answer"),
        ("error_in_stream", ModelSilent, "broke off in the middle of its answer"),
        ("broken_json", ModelSilent, "sent nothing that can be read as an answer"),
        ("filter", ModelWithheld, "withheld its answer (content filter)"),
    ],
)
async def test_a_broken_answer_is_an_error(
    fake: FakeOpenAI, mode: str, error: type[ModelError], reader: str
) -> None:
    fake.mode = mode
    with pytest.raises(error) as caught:
        await said(model_at(fake.url))
    assert "\n" not in str(caught.value)
    assert caught.value.reader == reader


@pytest.mark.parametrize(
    ("status", "error", "reader"),
    [
        (400, ModelRefused, "refused the request (400)"),
        (401, ModelRefused, "refused the key of this bot (401)"),
        (403, ModelRefused, "refused this bot (403)"),
        (404, ModelRefused, "is not known at its endpoint (404)"),
        (429, ModelRefused, "takes no more questions right now (429)"),
        (500, ModelSilent, "failed at its endpoint (500)"),
        (503, ModelSilent, "failed at its endpoint (503)"),
    ],
)
async def test_a_refusal_is_translated(
    fake: FakeOpenAI, status: int, error: type[ModelError], reader: str
) -> None:
    fake.mode, fake.status = "status", status
    with pytest.raises(error) as caught:
        await said(model_at(fake.url))
    assert caught.value.__cause__ is not None
    assert caught.value.reader == reader
    assert len(fake.requests) == (2 if status in (429, 500, 503) else 1)


async def test_a_budget_that_is_used_up_is_not_tried_again(fake: FakeOpenAI) -> None:
    fake.mode, fake.status, fake.code = "status", 429, "insufficient_quota"
    with pytest.raises(ModelRefused) as caught:
        await said(model_at(fake.url))
    assert caught.value.reader == "has no budget left at its endpoint (429)"
    assert len(fake.requests) == 1


async def test_a_question_that_is_filtered_before_it_is_read_is_withheld_too(fake: FakeOpenAI) -> None:
    fake.mode, fake.status, fake.code = "status", 400, "content_filter"
    with pytest.raises(ModelWithheld) as caught:
        await said(model_at(fake.url))
    assert caught.value.reader == "withheld its answer (content filter)"


@pytest.mark.parametrize(
    ("after", "requests", "reader"),
    [
        ("0.2", 2, "takes no more questions for 1 second (429)"),
        ("60", 1, "takes no more questions for 60 seconds (429)"),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 2, "takes no more questions right now (429)"),
        ("-1", 2, "takes no more questions right now (429)"),
        ("nan", 2, "takes no more questions right now (429)"),
    ],
)
async def test_a_wait_that_is_asked_for_is_kept_if_it_is_short(
    fake: FakeOpenAI, after: str, requests: int, reader: str
) -> None:
    fake.mode, fake.status, fake.retry_after = "status", 429, after
    started = time.monotonic()
    with pytest.raises(ModelRefused) as caught:
        await said(model_at(fake.url, timeout=10))
    assert (len(fake.requests), caught.value.reader) == (requests, reader)
    assert time.monotonic() - started < 2.0


async def test_one_failure_is_tried_again(fake: FakeOpenAI) -> None:
    fake.fail_first, fake.status = 1, 503
    assert await said(model_at(fake.url)) == ANSWER
    assert len(fake.requests) == 2


@pytest.mark.parametrize("mode", ["hang", "stall", "drip"])
async def test_no_answer_takes_longer_than_its_limit(fake: FakeOpenAI, mode: str) -> None:
    fake.mode = mode
    started = time.monotonic()
    with pytest.raises(ModelSilent) as caught:
        await said(model_at(fake.url, timeout=0.5))
    assert caught.value.reader == "took too long to answer"
    assert time.monotonic() - started < 2.0


async def test_nobody_listens() -> None:
    async with serve(FakeOpenAI()) as running:
        url = running.url
    with pytest.raises(ModelSilent) as caught:
        await said(model_at(url))
    assert caught.value.reader == "could not be reached"


async def test_a_caller_may_stop_listening(fake: FakeOpenAI) -> None:
    fake.mode = "drip"
    model = model_at(fake.url)
    stream = model.stream(ASKED)
    assert await anext(stream) == "and "
    await stream.aclose()  # type: ignore[attr-defined]
    await model.close()


def test_no_model_without_settings() -> None:
    settings = BotSettings.model_validate({"OPENAI_API_KEY": None, "OPENAI_BASE_URL": None})
    assert answering(settings) is None


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
    asked = tokens(ASKED[0]["content"])
    assert [replace(usage, cost=0.0) for usage in told] == [
        Usage(70, 8),
        Usage(asked, tokens(ANSWER), estimated=True),
    ]
    assert told[0].cost == pytest.approx((70 * 0.15 + 8 * 0.6) / 1_000_000)


def settings(**told: object) -> BotSettings:
    return BotSettings.model_validate(told)


async def test_a_seed_is_sent_where_the_settings_name_one(fake: FakeOpenAI) -> None:
    chosen = settings(OPENAI_BASE_URL=fake.url, MODEL_SEED="7")
    model = opened(chosen)
    assert model is not None
    await said(model)
    assert fake.requests[0]["seed"] == 7


async def test_each_model_has_its_own_price(fake: FakeOpenAI) -> None:
    fake.usage = {"prompt_tokens": 1_000_000, "completion_tokens": 0, "total_tokens": 1_000_000}
    chosen = settings(
        OPENAI_BASE_URL=fake.url,
        OPENAI_MODEL="dear",
        RERANK_MODEL="cheap",
        MODEL_PRICES="dear=5/10, cheap=1/2",
    )
    told: list[Usage] = []
    for endpoint in (answering(chosen), helping(chosen)):
        assert endpoint is not None
        model = open_model(endpoint, chosen)
        assert "".join([piece async for piece in model.stream(ASKED, told.append)]) == ANSWER
        await model.close()
    assert [usage.cost for usage in told] == [5.0, 1.0]
    assert [request["model"] for request in fake.requests] == ["dear", "cheap"]


def test_the_helper_is_the_answering_model_unless_told_otherwise() -> None:
    same = helping(settings(OPENAI_API_KEY="main-key", OPENAI_MODEL="m"))
    assert same is not None
    assert (same.model, same.base_url, same.key) == ("m", None, "main-key")
    other = helping(settings(OPENAI_API_KEY="main-key", RERANK_MODEL="r", RERANK_API_KEY="its-key"))
    assert other is not None
    assert (other.model, other.key) == ("r", "its-key")


def test_a_key_is_never_sent_to_another_endpoint() -> None:
    other = helping(settings(OPENAI_API_KEY="main-key", RERANK_BASE_URL="http://localhost:1/v1"))
    assert other is not None
    assert (other.key, other.place) == (NO_KEY, "http://localhost:1/v1")


def test_no_helper_where_nothing_is_set_or_all_is_off() -> None:
    assert helping(settings()) is None
    assert helping(settings(OPENAI_API_KEY="k", RERANK="false", REWRITE="false", TRANSLATE="false")) is None
    assert helping(settings(OPENAI_API_KEY="k", RERANK="false")) is not None
    alone = helping(settings(RERANK_BASE_URL="http://localhost:1/v1"))
    assert alone is not None and answering(settings(RERANK_BASE_URL="http://localhost:1/v1")) is None


def test_prices_that_cannot_be_read_are_a_wrong_setting() -> None:
    with pytest.raises(ValueError, match="MODEL=READ/WRITTEN"):
        settings(MODEL_PRICES="gpt-4o=cheap")
