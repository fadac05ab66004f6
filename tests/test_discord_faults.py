"""What goes wrong between the bot and Discord, and what people and operators then see."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from pydantic import SecretStr

from bot.discord_bot import run_bot
from bot.discord_bot.client import FootnoteClient
from bot.discord_bot.errors import CHANGED, FOR_CODES
from bot.errors import SetupError
from tests.discord_kit import bot_settings, healthy_discord, reply_in, running, text_of
from tests.fake_discord import FakeDiscord, Fault
from tests.fake_discord.objects import ADA, BOT_ID, BOT_ROLE, CHANNEL, GUILD, ORDINARY, OTHER_CHANNEL
from tests.fake_discord.rules import EPHEMERAL
from tests.fake_footnote import TalkingModel, TitledLibrary, fake_footnote

ASK = "How many parameters does HedgeNet have?"
ME = f"<@{BOT_ID}>"
HICCUPS: list[dict[str, Any]] = [{"status": 503}, {"drop": True}]
UNHEARD: list[dict[str, Any]] = [{"status": 503, "after": True}, {"drop": True, "after": True}]
Faulty = dict[str, Any]


@pytest_asyncio.fixture
async def fake() -> AsyncIterator[FakeDiscord]:
    async with healthy_discord() as discord:
        yield discord


def texts(fake: FakeDiscord, channel: str = CHANNEL) -> list[str]:
    return [message["content"] for message in fake.answers(channel)]


# calls that fail


@pytest.mark.parametrize("fault", HICCUPS + UNHEARD)
async def test_a_message_gets_through_once(fake: FakeDiscord, tmp_path: Path, fault: dict[str, Any]) -> None:
    fake.faults.append(Fault("POST", f"{CHANNEL}/messages$", **fault))
    async with running(fake, tmp_path):
        await fake.say(f"{ME} {ASK}")
        await fake.until(lambda: len(fake.sent("POST", f"{CHANNEL}/messages$")) == 2)
        await reply_in(fake)
    assert len(texts(fake)) == 1 and "4.2 million" in texts(fake)[0]


@pytest.mark.parametrize("fault", HICCUPS)
async def test_an_edit_gets_through(fake: FakeDiscord, tmp_path: Path, fault: dict[str, Any]) -> None:
    fake.faults.append(Fault("PATCH", f"{CHANNEL}/messages/", **fault))
    async with running(fake, tmp_path, model=TalkingModel(["HedgeNet prunes itself [1]."])):
        await fake.say(f"{ME} {ASK}")
        await fake.until(lambda: "**HedgeNet" in "".join(texts(fake)))
    assert len(texts(fake)) == 1


@pytest.mark.parametrize("fault", [HICCUPS[1], UNHEARD[1]])
async def test_a_command_is_acknowledged_all_the_same(
    fake: FakeDiscord, tmp_path: Path, fault: dict[str, Any]
) -> None:
    fake.faults.append(Fault("POST", "/callback$", **fault))
    async with running(fake, tmp_path):
        asked = await fake.slash("ask", question=ASK)
        assert "4.2 million" in await text_of(fake, asked)
    if fault.get("after"):
        assert "40060" in fake.refusals.pop()


async def test_a_command_that_discord_gave_up_on_costs_nothing(fake: FakeDiscord, tmp_path: Path) -> None:
    library = TitledLibrary()
    fake.rest.ack_seconds = -1
    async with running(fake, tmp_path, library):
        await fake.slash("ask", question=ASK)
        await fake.until(lambda: fake.refusals)
        await asyncio.sleep(0.05)
    assert "10062" in fake.refusals.pop()
    assert library.asked == []


async def test_limits_are_waited_for(fake: FakeDiscord, tmp_path: Path) -> None:
    limit = {"message": "You are being rate limited.", "retry_after": 0.2, "global": False}
    fake.faults.append(Fault("POST", f"{CHANNEL}/messages$", status=429, body=limit))
    async with running(fake, tmp_path):
        await fake.say(f"{ME} {ASK}")
        assert "4.2 million" in (await reply_in(fake))["content"]


async def test_no_typing_sign_is_no_reason_not_to_answer(fake: FakeDiscord, tmp_path: Path) -> None:
    fake.faults.append(Fault("POST", "typing", status=403, code=50013))
    async with running(fake, tmp_path):
        await fake.say(f"{ME} {ASK}")
        assert "4.2 million" in (await reply_in(fake))["content"]


@pytest.mark.parametrize("code", [50001, 50013, 50083])
async def test_who_asked_is_told_where_the_bot_may_not_write(
    fake: FakeDiscord, tmp_path: Path, code: int
) -> None:
    fake.faults.append(Fault("POST", f"{CHANNEL}/messages$", status=403, code=code, times=9))
    async with running(fake, tmp_path):
        await fake.say(f"{ME} {ASK}")
        direct = fake.world.dm_with(ADA)["id"]
        told = (await reply_in(fake, direct))["content"]
    assert told == f"I cannot answer in <#{CHANNEL}>. {FOR_CODES[code]}"
    assert texts(fake) == []


async def test_the_missing_permission_is_named_with_the_channel(fake: FakeDiscord, tmp_path: Path) -> None:
    for role in fake.world.guild["roles"]:
        role["permissions"] = ORDINARY
    deny = {"id": BOT_ROLE, "type": 0, "allow": "0", "deny": str(1 << 11)}
    fake.world.channels[CHANNEL]["permission_overwrites"] = [deny]
    fake.world.denied[CHANNEL] = {"send"}
    async with running(fake, tmp_path):
        await fake.say(f"{ME} {ASK}")
        told = (await reply_in(fake, fake.world.dm_with(ADA)["id"]))["content"]
    assert told == f"I cannot answer in <#{CHANNEL}>. I lack there: Send Messages."
    assert "50013" in fake.refusals.pop()


async def test_without_message_history_the_answer_is_no_reply(fake: FakeDiscord, tmp_path: Path) -> None:
    fake.faults.append(Fault("POST", f"{CHANNEL}/messages$", status=400, code=160002))
    async with running(fake, tmp_path):
        await fake.say(f"{ME} {ASK}")
        answer = await reply_in(fake)
    assert "message_reference" not in answer and "4.2 million" in answer["content"]


async def test_an_answer_that_automod_refuses_is_said_to_be(fake: FakeDiscord, tmp_path: Path) -> None:
    fake.faults.append(Fault("POST", f"{CHANNEL}/messages$", status=400, code=200000))
    fake.faults.append(Fault("PATCH", "@original", status=400, code=200000))
    async with running(fake, tmp_path):
        await fake.say(f"{ME} {ASK}")
        assert (await reply_in(fake))["content"] == FOR_CODES[200000]
        asked = await fake.slash("ask", question=ASK, channel=OTHER_CHANNEL)
        assert await text_of(fake, asked) == FOR_CODES[200000]


async def test_a_channel_that_is_gone_breaks_nothing(fake: FakeDiscord, tmp_path: Path) -> None:
    fake.faults.append(Fault("POST", f"{CHANNEL}/", status=404, code=10003, times=9))
    async with running(fake, tmp_path):
        await fake.say(f"{ME} {ASK}")
        await fake.say(f"{ME} {ASK}", channel=OTHER_CHANNEL)
        assert "4.2 million" in (await reply_in(fake, OTHER_CHANNEL))["content"]
        told = (await reply_in(fake, fake.world.dm_with(ADA)["id"]))["content"]
    assert told == f"I cannot answer in <#{CHANNEL}>. That channel is gone."


async def test_a_thread_that_was_opened_unheard_is_taken(fake: FakeDiscord, tmp_path: Path) -> None:
    fake.faults.append(Fault("POST", "/threads$", drop=True, after=True))
    async with running(fake, tmp_path):
        await text_of(fake, await fake.slash("settings", what="threads", value="on"))
        question = await fake.say(f"{ME} {ASK}")
        assert "4.2 million" in (await reply_in(fake, question["id"]))["content"]
    assert "160004" in fake.refusals.pop()


async def test_a_file_that_discord_does_not_take_is_missed_aloud(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path):
        fake.faults.append(Fault("PATCH", "@original$", status=413, files=True, times=9))
        told = await text_of(fake, await fake.slash("my-data"))
    assert told.endswith("\nDiscord did not take the file my-data.json.")


async def test_where_the_original_is_gone_the_asker_is_told_beside(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path, model=TalkingModel(["HedgeNet prunes itself [1]. "] * 3, 0.3)):
        asked = await fake.slash("ask", question=ASK)
        await text_of(fake, asked)
        del fake.world.messages[str(asked.original)]  # by somebody who may
        await fake.until(lambda: asked.followups)
        told = fake.world.messages[asked.followups[0]]
    assert told["content"] == FOR_CODES[10008] and told["flags"] & EPHEMERAL
    assert "10008" in fake.refusals.pop(0)
    fake.refusals.clear()


async def test_a_command_that_discord_knows_and_the_bot_does_not(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path):
        fake.world.commands.append({"id": "5", "name": "old", "description": "Old", "type": 1, "options": []})
        asked = await fake.slash("old")
        assert await text_of(fake, asked) == CHANGED
    assert asked.ephemeral


# commands are told to Discord when they change


async def test_commands_are_told_once(fake: FakeDiscord, tmp_path: Path) -> None:
    def told() -> int:
        return len(fake.sent("PUT", "commands"))

    async with running(fake, tmp_path):
        assert [command["name"] for command in fake.world.commands][:3] == ["ask", "search", "paper"]
    async with running(fake, tmp_path):
        assert told() == 1, "unchanged"
    async with running(fake, tmp_path, sync_commands=True):
        assert told() == 2, "asked for"
    (tmp_path / "discord-commands.json").write_text("{}")
    async with running(fake, tmp_path):
        assert told() == 3, "nothing remembered"
        await fake.gateway.hang_up(4000)
        await fake.connected(fake.gateway.ready + 1)
    assert told() == 3, "not when it connects anew"


async def test_a_bot_that_cannot_tell_its_commands_still_answers(
    fake: FakeDiscord, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    fake.faults.append(Fault("PUT", "commands", status=400, code=30034))
    async with running(fake, tmp_path):
        await fake.say(f"{ME} {ASK}")
        await reply_in(fake)
    assert FOR_CODES[30034] in caplog.text
    assert not (tmp_path / "discord-commands.json").exists()


# the connection


async def test_a_lost_connection_is_resumed_without_a_second_answer(
    fake: FakeDiscord, tmp_path: Path
) -> None:
    async with running(fake, tmp_path):
        question = await fake.say(f"{ME} {ASK}")
        await reply_in(fake)
        await fake.gateway.hang_up(4000)
        await fake.connected(2)
        assert len(fake.gateway.resumes) == 1
        await fake.deliver_again(question)
        await fake.say(f"{ME} {ASK}", channel=OTHER_CHANNEL)
        await reply_in(fake, OTHER_CHANNEL)
    assert len(texts(fake)) == 1


async def test_what_was_asked_while_away_is_answered(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path):
        fake.gateway.refuse = 1
        await fake.gateway.send_raw({"op": 7, "d": None})
        await fake.until(lambda: not fake.gateway.connections)
        await fake.say(f"{ME} {ASK}")
        await fake.connected(2)
        assert "4.2 million" in (await reply_in(fake))["content"]


async def test_a_session_that_cannot_be_resumed_is_begun_anew(
    fake: FakeDiscord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def at_once(self: FootnoteClient, shard: int | None, *, initial: bool = False) -> None:
        return

    monkeypatch.setattr(FootnoteClient, "before_identify_hook", at_once)
    async with running(fake, tmp_path):
        question = await fake.say(f"{ME} {ASK}")
        await reply_in(fake)
        fake.gateway.forget_sessions()
        await fake.gateway.hang_up(4000)
        await fake.connected(2)
        assert len(fake.gateway.resumes) == 1 and len(fake.gateway.identifies) == 2
        await fake.deliver_again(question)
        await fake.say(f"{ME} {ASK}", channel=OTHER_CHANNEL)
        await reply_in(fake, OTHER_CHANNEL)
    assert len(texts(fake)) == 1 and len(fake.sent("PUT", "commands")) == 1


async def test_a_connection_that_answers_no_heartbeat_is_given_up(
    fake: FakeDiscord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Impatient(FootnoteClient):
        def __init__(self, *arguments: Any, **more: Any) -> None:
            super().__init__(*arguments, **more)
            self._connection.heartbeat_timeout = 0.4

    monkeypatch.setattr("bot.discord_bot.run.FootnoteClient", Impatient)
    fake.gateway.heartbeat_seconds = 0.05
    async with running(fake, tmp_path):
        fake.gateway.mute = True
        await fake.until(lambda: fake.gateway.resumes)
        fake.gateway.mute = False
        await fake.say(f"{ME} {ASK}")
        await reply_in(fake)


async def test_an_intent_that_is_taken_back_ends_the_bot(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path) as bot:
        await fake.gateway.hang_up(4014)
        with pytest.raises(SetupError, match="message-content intent"):
            await asyncio.wait_for(asyncio.shield(bot), 5)


async def test_a_first_connection_that_is_refused_is_tried_again(
    fake: FakeDiscord, tmp_path: Path, caplog: pytest.LogCaptureFixture, quick: None
) -> None:
    fake.gateway.refuse = 2
    async with running(fake, tmp_path):
        assert len(fake.gateway.identifies) == 1
    assert "Trying again in" in caplog.text


async def test_a_discord_that_is_down_is_waited_for(fake: FakeDiscord, tmp_path: Path, quick: None) -> None:
    fake.faults.append(Fault("GET", "/users/@me", drop=True))
    fake.faults.append(Fault("GET", "/users/@me", status=503))
    async with running(fake, tmp_path):
        await fake.say(f"{ME} {ASK}")
        await reply_in(fake)


MALFORMED = {
    "MESSAGE_CREATE": {"nonsense": True},
    "INTERACTION_CREATE": {"id": "1", "type": 2},
    "MESSAGE_UPDATE": {},
    "GUILD_CREATE": {},
    "THREAD_CREATE": {"guild_id": GUILD},
}


@pytest.mark.parametrize("event", MALFORMED)
async def test_an_event_that_cannot_be_read_does_not_end_the_bot(
    fake: FakeDiscord, tmp_path: Path, caplog: pytest.LogCaptureFixture, quick: None, event: str
) -> None:
    async with running(fake, tmp_path):
        await fake.gateway.send_raw({"op": 0, "t": event, "s": 99, "d": MALFORMED[event]})
        await fake.connected(2)
        await fake.say(f"{ME} {ASK}")
        assert "4.2 million" in (await reply_in(fake))["content"]
        assert len(fake.gateway.connections) == 1
    assert "KeyError" in caplog.text


@pytest.mark.parametrize(
    "payload",
    [
        {"op": 0, "t": "SOMETHING_NEW", "s": 99, "d": {"id": "1"}},
        {"op": 0, "t": "MESSAGE_DELETE", "s": 99, "d": {"id": "1", "channel_id": "2", "more": [{}]}},
        {"op": 99, "d": None},
    ],
)
async def test_what_discord_may_send_one_day_is_passed_over(
    fake: FakeDiscord, tmp_path: Path, payload: dict[str, Any]
) -> None:
    async with running(fake, tmp_path):
        await fake.gateway.send_raw(payload)
        await fake.say(f"{ME} {ASK}")
        assert "4.2 million" in (await reply_in(fake))["content"]
    assert fake.gateway.ready == 1, "over the first connection"


@pytest.mark.parametrize(
    "settings, words",
    [
        ({"discord_token": None}, "DISCORD_TOKEN is not set"),
        ({"discord_token": SecretStr("wrong")}, "does not know this DISCORD_TOKEN"),
        ({"message_content": True}, "message-content intent"),
    ],
)
async def test_what_only_a_person_can_mend_is_said_in_a_sentence(
    fake: FakeDiscord, tmp_path: Path, settings: dict[str, Any], words: str
) -> None:
    chosen = bot_settings(fake, tmp_path, **settings)
    with pytest.raises(SetupError, match=words):
        await asyncio.wait_for(run_bot(chosen, fake_footnote(chosen)), 5)
    fake.refusals.clear()


async def test_a_token_that_is_taken_back_ends_the_bot(fake: FakeDiscord, tmp_path: Path) -> None:
    async with running(fake, tmp_path) as bot:
        await fake.gateway.hang_up(4004)
        with pytest.raises(SetupError, match="does not know this DISCORD_TOKEN"):
            await asyncio.wait_for(asyncio.shield(bot), 5)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits of hundredths of a second between two tries."""
    from bot.discord_bot import run

    monkeypatch.setattr(run, "FIRST_DELAY", 0.02)


async def test_the_log_says_what_failed_without_saying_what_was_asked(
    fake: FakeDiscord, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    fake.faults.append(Fault("POST", f"{CHANNEL}/messages$", status=403, code=50013, times=9))
    async with running(fake, tmp_path):
        await fake.say(f"{ME} {ASK}")
        await reply_in(fake, fake.world.dm_with(ADA)["id"])
    assert "code 50013" in caplog.text and "parameters" not in caplog.text
