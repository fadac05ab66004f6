from __future__ import annotations

import pytest

from bot.errors import ModelRefused, ModelSilent, ModelWithheld
from bot.language_model import Message
from bot.language_model.breaker import FAILURES, REST, Breaker
from bot.models import Usage
from tests.fakes import ScriptedModel

ASKED = [Message(role="user", content="Anything?")]


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


async def said(model: Breaker) -> str:
    return "".join([piece async for piece in model.stream(ASKED)])


async def test_a_model_that_works_is_passed_through() -> None:
    told: list[Usage] = []
    model = Breaker(ScriptedModel(["One ", "answer."]))
    assert "".join([piece async for piece in model.stream(ASKED, told.append)]) == "One answer."
    assert (model.name, len(told)) == ("scripted", 1)


async def test_after_some_failures_it_is_left_alone_and_then_tried_again() -> None:
    clock, broken = Clock(), ScriptedModel(["Half"], ModelRefused("no quota"))
    model = Breaker(broken, clock)
    for _ in range(FAILURES):
        with pytest.raises(ModelRefused):
            await said(model)
    with pytest.raises(ModelSilent, match="left alone"):
        await said(model)
    assert len(broken.asked) == FAILURES
    clock.now += REST
    broken.error = None
    assert await said(model) == "Half"
    broken.error = ModelSilent("gone")
    with pytest.raises(ModelSilent, match="gone"):
        await said(model)
    broken.error = None
    assert await said(model) == "Half", "one failure alone opens nothing"


async def test_failures_that_are_not_in_a_row_are_forgotten() -> None:
    flaky = ScriptedModel(["Half"], ModelSilent("gone"))
    model = Breaker(flaky, Clock())
    for n in range(3 * FAILURES):
        flaky.error = ModelSilent("gone") if n % FAILURES else None
        try:
            await said(model)
        except ModelSilent as error:
            assert "left alone" not in str(error)


async def test_after_a_rest_one_question_alone_tries_again() -> None:
    clock, model = Clock(), ScriptedModel(["One ", "answer."], ModelSilent("gone"))
    breaker = Breaker(model, clock)
    for _ in range(FAILURES):
        with pytest.raises(ModelSilent, match="gone"):
            await said(breaker)
    clock.now += REST
    model.error = None
    trying = breaker.stream(ASKED)
    assert await anext(trying) == "One "
    with pytest.raises(ModelSilent, match="left alone"):
        await said(breaker)
    assert "".join([piece async for piece in trying]) == "answer."
    assert await said(breaker) == "One answer."


async def test_questions_that_an_endpoint_will_not_answer_close_it_to_nobody() -> None:
    model = ScriptedModel(["Half"], ModelWithheld("content filter"))
    breaker = Breaker(model, Clock())
    for _ in range(2 * FAILURES):
        with pytest.raises(ModelWithheld):
            await said(breaker)
    model.error = None
    assert await said(breaker) == "Half"
