"""The fake Discord's rules bite: each is broken once, on the wire, and is refused with Discord's code."""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from tests.fake_discord import FakeDiscord, Fault, Intents
from tests.fake_discord.objects import (
    ADA,
    APPLICATION_ID,
    BOT_ID,
    CHANNEL,
    ELSEWHERE_CHANNEL,
    OTHER_CHANNEL,
    TOKEN,
)

Json = dict[str, Any]
HEADERS = {
    "Authorization": f"Bot {TOKEN}",
    "User-Agent": "DiscordBot (test)",
    "Content-Type": "application/json",
}
ASK = {"name": "ask", "description": "Ask", "type": 1, "options": []}
OPTION = {"name": "title", "description": "Title", "type": 3, "required": True, "autocomplete": True}
PAPER = {"name": "paper", "description": "Show", "type": 1, "options": [OPTION]}


class Caller:
    """A bare client of the fake's REST calls."""

    def __init__(self, fake: FakeDiscord, session: aiohttp.ClientSession) -> None:
        self.fake, self.session = fake, session

    async def __call__(
        self, method: str, path: str, body: Any = None, headers: Json | None = None
    ) -> tuple[int, Any]:
        data = None if body is None else json.dumps(body)
        url = self.fake.api_url + path
        sent = HEADERS if headers is None else headers
        async with self.session.request(method, url, data=data, headers=sent) as response:
            text = await response.text()
            return response.status, json.loads(text) if text else None

    async def post(self, **body: Any) -> tuple[int, Any]:
        return await self("POST", f"/channels/{CHANNEL}/messages", body)


@pytest_asyncio.fixture
async def call() -> AsyncIterator[Caller]:
    async with FakeDiscord() as fake, aiohttp.ClientSession() as session:
        yield Caller(fake, session)


def embed(**parts: Any) -> Json:
    return {"content": "", "embeds": [{"title": "t", **parts}]}


def button(name: str) -> Json:
    return {"type": 2, "style": 1, "label": name, "custom_id": name}


BAD_MESSAGES: dict[str, Json] = {
    "content of 2001": {"content": "x" * 2001},
    "content of 4001": {"content": "x" * 4001},
    "title of 257": embed(title="x" * 257),
    "description of 4097": embed(description="x" * 4097),
    "26 fields": embed(fields=[{"name": "n", "value": "v"}] * 26),
    "field of 1025": embed(fields=[{"name": "n", "value": "v" * 1025}]),
    "11 embeds": {"embeds": [{"title": "t"}] * 11},
    "6001 in all embeds": {"embeds": [{"description": "x" * 3000}, {"description": "x" * 3001}]},
    "nonce of 26": {"content": "x", "nonce": "1" * 26},
    "ephemeral outside of an interaction": {"content": "x", "flags": 1 << 6},
    "a kind parsed and listed": {
        "content": "x",
        "allowed_mentions": {"parse": ["users"], "users": [ADA]},
    },
    "an unknown kind parsed": {"content": "x", "allowed_mentions": {"parse": ["all"]}},
    "a reply to nothing": {"content": "x", "message_reference": {"message_id": "1"}},
    "the same custom id twice": {
        "content": "x",
        "components": [{"type": 1, "components": [button("a"), button("a")]}],
    },
    "an empty row": {"content": "x", "components": [{"type": 1, "components": []}]},
    "six buttons in a row": {
        "content": "x",
        "components": [{"type": 1, "components": [button(str(n)) for n in range(6)]}],
    },
    "label of 81": {"content": "x", "components": [{"type": 1, "components": [button("l" * 81)]}]},
    "custom id of 101": {
        "content": "x",
        "components": [{"type": 1, "components": [{**button("a"), "custom_id": "c" * 101}]}],
    },
    "a button with neither label nor emoji": {
        "content": "x",
        "components": [{"type": 1, "components": [{"type": 2, "style": 1, "custom_id": "a"}]}],
    },
    "content beside V2": {"content": "x", "flags": 1 << 15, "components": [{"type": 10, "content": "y"}]},
    "4001 characters of V2 text": {
        "flags": 1 << 15,
        "components": [{"type": 10, "content": "y" * 2001}, {"type": 10, "content": "y" * 2000}],
    },
}


@pytest.mark.parametrize("name", BAD_MESSAGES)
async def test_a_bad_message_is_refused_as_a_bad_form(call: Caller, name: str) -> None:
    status, answer = await call.post(**BAD_MESSAGES[name])
    assert (status, answer["code"]) == (400, 50035)
    assert len(call.fake.refusals) == 1
    assert call.fake.answers() == []


async def test_good_messages_pass(call: Caller) -> None:
    assert (await call.post(content="x" * 2000))[0] == 200
    assert (await call.post(**embed(description="x" * 4096)))[0] == 200
    assert (await call.post(content="x", message_reference={"message_id": "1", "fail_if_not_exists": False}))[
        0
    ] == 200
    assert call.fake.refusals == []


async def test_an_empty_message_has_its_own_code(call: Caller) -> None:
    assert (await call.post(content="  "))[1]["code"] == 50006


async def test_a_repeated_nonce_gives_the_first_message(call: Caller) -> None:
    first = await call.post(content="one", nonce="7", enforce_nonce=True)
    again = await call.post(content="two", nonce="7", enforce_nonce=True)
    other = await call.post(content="three", nonce="8", enforce_nonce=True)
    assert again[1]["id"] == first[1]["id"] != other[1]["id"]
    assert [m["content"] for m in call.fake.answers()] == ["one", "three"]


async def test_the_token_and_the_user_agent_are_needed(call: Caller) -> None:
    assert (await call("GET", "/users/@me", headers={**HEADERS, "Authorization": "Bot wrong"}))[0] == 401
    assert (await call("GET", "/users/@me", headers={**HEADERS, "User-Agent": "curl"}))[1]["code"] == 40333


async def test_unknown_things_have_their_codes(call: Caller) -> None:
    assert (await call("GET", "/nothing/here"))[0] == 404
    assert (await call("POST", "/channels/1/typing"))[1]["code"] == 10003
    assert (await call("GET", f"/channels/{CHANNEL}/messages/1"))[1]["code"] == 10008


async def test_only_own_messages_can_be_edited_and_only_in_their_channel(call: Caller) -> None:
    theirs = await call.fake.say("hello")
    path = f"/channels/{CHANNEL}/messages/{theirs['id']}"
    assert (await call("PATCH", path, {"content": "x"}))[1]["code"] == 50005
    elsewhere = f"/channels/{OTHER_CHANNEL}/messages/{theirs['id']}"
    assert (await call("PATCH", elsewhere, {"content": "x"}))[1]["code"] == 10008


async def test_an_edit_that_names_flags_brings_link_previews_back(call: Caller) -> None:
    _, message = await call.post(content="see https://example.org", flags=4)
    path = f"/channels/{CHANNEL}/messages/{message['id']}"
    await call("PATCH", path, {"content": "still https://example.org"})
    assert call.fake.world.previews == 0
    await call("PATCH", path, {"content": "now https://example.org", "flags": 0})
    assert call.fake.world.previews == 1
    await call("PATCH", path, {"content": "hidden <https://example.org>", "flags": 0})
    assert call.fake.world.previews == 1


async def test_pings_are_noted(call: Caller) -> None:
    question = await call.fake.say("hello")
    reference = {"message_id": question["id"]}
    await call.post(content=f"<@{ADA}> @everyone", allowed_mentions={"parse": []})
    await call.post(
        content="x", message_reference=reference, allowed_mentions={"parse": [], "replied_user": False}
    )
    assert call.fake.world.pings == []
    await call.post(content=f"<@{ADA}> @everyone")
    await call.post(content="x", message_reference=reference)
    assert call.fake.world.pings == [{ADA, "everyone"}, {ADA}]


async def test_more_than_five_messages_in_five_seconds_are_too_many(call: Caller) -> None:
    statuses = [(await call.post(content=str(n)))[0] for n in range(6)]
    assert statuses == [200] * 5 + [429]
    assert (await call("POST", f"/channels/{OTHER_CHANNEL}/messages", {"content": "x"}))[0] == 200


BAD_COMMANDS: dict[str, list[Json]] = {
    "a name with a space": [{**ASK, "name": "Bad Name"}],
    "a description of 101": [{**ASK, "description": "x" * 101}],
    "a needed option last": [{**ASK, "options": [{**OPTION, "required": False}, {**OPTION, "name": "b"}]}],
    "26 options": [{**ASK, "options": [{**OPTION, "name": f"o{n}"} for n in range(26)]}],
}


@pytest.mark.parametrize("name", BAD_COMMANDS)
async def test_bad_commands_are_refused(call: Caller, name: str) -> None:
    status, answer = await call("PUT", f"/applications/{APPLICATION_ID}/commands", BAD_COMMANDS[name])
    assert (status, answer["code"]) == (400, 50035)


# interactions


async def begin(call: Caller, kind: str = "slash", **more: Any) -> tuple[str, str]:
    """A new interaction's callback path and the path of its messages."""
    call.fake.world.commands = [{**ASK, "id": "1"}, {**PAPER, "id": "2"}]
    if kind == "slash":
        found = await call.fake.slash("ask", **more)
    else:
        found = await call.fake.type_into("paper", "title", "x")
    payload = found.payload
    hook = f"/webhooks/{APPLICATION_ID}/{payload['token']}"
    return f"/interactions/{payload['id']}/{payload['token']}/callback", hook


async def test_the_first_answer_within_the_time_then_never_again(call: Caller) -> None:
    path, _ = await begin(call)
    assert (await call("POST", path, {"type": 5}))[0] == 204
    assert (await call("POST", path, {"type": 5}))[1]["code"] == 40060


async def test_a_late_answer_is_unknown(call: Caller) -> None:
    call.fake.rest.ack_seconds = 0.01
    path, hook = await begin(call)
    await asyncio.sleep(0.02)
    assert (await call("POST", path, {"type": 5}))[1]["code"] == 10062
    assert (await call("POST", hook, {"content": "x"}))[1]["code"] == 10015


async def test_nothing_can_be_sent_before_the_first_answer(call: Caller) -> None:
    _, hook = await begin(call)
    assert (await call("POST", hook, {"content": "x"}))[1]["code"] == 10015
    assert (await call("PATCH", f"{hook}/messages/@original", {"content": "x"}))[1]["code"] == 10015


@pytest.mark.parametrize(
    "kind, body",
    [
        ("slash", {"type": 8, "data": {"choices": []}}),
        ("slash", {"type": 99}),
        ("slash", {"type": 5, "data": {"flags": 4}}),
        ("slash", {"type": 4, "data": {"content": "x" * 2001}}),
        ("typing", {"type": 5}),
        ("typing", {"type": 8, "data": {"choices": [{"name": "n", "value": "v"}] * 26}}),
        ("typing", {"type": 8, "data": {"choices": [{"name": "n" * 101, "value": "v"}]}}),
        ("typing", {"type": 8, "data": {"choices": [{"name": "n", "value": "v" * 101}]}}),
    ],
)
async def test_a_wrong_first_answer_is_a_bad_form(call: Caller, kind: str, body: Json) -> None:
    path, _ = await begin(call, kind)
    status, answer = await call("POST", path, body)
    assert (status, answer["code"]) == (400, 50035)


async def test_a_private_answer_stays_private_and_takes_the_place_of_thinking(call: Caller) -> None:
    path, hook = await begin(call)
    status, answer = await call("POST", path + "?with_response=1", {"type": 5, "data": {"flags": 64}})
    assert status == 200
    assert answer["interaction"]["response_message_ephemeral"] is True
    original = answer["interaction"]["response_message_id"]
    assert (await call("POST", hook, {"content": "first", "flags": 64}))[1]["id"] == original
    second = (await call("POST", hook, {"content": "second", "flags": 64}))[1]
    assert second["id"] != original
    public = f"/channels/{CHANNEL}/messages/{second['id']}"
    assert (await call("PATCH", public, {"content": "x"}))[1]["code"] == 10008


async def test_an_edit_cannot_make_an_answer_private(call: Caller) -> None:
    path, hook = await begin(call)
    await call("POST", path, {"type": 5})
    answer = (await call("PATCH", f"{hook}/messages/@original", {"content": "x", "flags": 64}))[1]
    assert answer["code"] == 50035


async def test_people_can_only_send_commands_that_are_registered(call: Caller) -> None:
    with pytest.raises(AssertionError, match="not registered"):
        await call.fake.slash("nothing")
    call.fake.world.commands = [{**PAPER, "id": "2"}]
    with pytest.raises(AssertionError, match="ask for"):
        await call.fake.slash("paper")


# what goes wrong on purpose


async def test_faults_come_as_often_as_told_and_may_come_after_the_deed(call: Caller) -> None:
    call.fake.faults.append(Fault("POST", "/messages$", status=503, after=True))
    assert (await call.post(content="x"))[0] == 503
    assert (await call.post(content="y"))[0] == 200
    assert [m["content"] for m in call.fake.answers()] == ["x", "y"]


async def test_a_dropped_connection(call: Caller) -> None:
    call.fake.faults.append(Fault("POST", "/messages$", drop=True))
    with pytest.raises(aiohttp.ClientError):
        await call.post(content="x")
    assert call.fake.calls[-1].status == 0
    assert call.fake.answers() == []


# Discord's own description


async def test_discords_description_is_asked_where_it_is(call: Caller) -> None:
    if call.fake.openapi is None:
        pytest.skip("Discord's OpenAPI file is not here")
    assert (await call.post(contnet="x", content="y"))[1]["errors"]["openapi"]["_errors"] == [
        "unknown key 'contnet'"
    ]
    assert (await call.post(content="x", flags="four"))[1]["code"] == 50035
    assert call.fake.openapi.faults("POST", "/nothing", None)
    modal = {"type": 9, "data": {"custom_id": "m", "title": "x" * 46, "components": []}}
    path, _ = await begin(call)
    assert (await call("POST", path, modal))[1]["code"] == 50035


# the gateway


class Bot:
    """A bare client of the fake's gateway."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self._inflate = zlib.decompressobj()

    async def receive(self) -> Json:
        message = await asyncio.wait_for(self.socket.receive(), 2)
        if message.type is aiohttp.WSMsgType.BINARY:
            return dict(json.loads(self._inflate.decompress(message.data)))
        if message.type is aiohttp.WSMsgType.TEXT:
            return dict(json.loads(message.data))
        return {"closed": self.socket.close_code}

    async def identify(self, intents: int, token: str = TOKEN) -> None:
        await self.socket.send_json({"op": 2, "d": {"token": token, "intents": intents, "properties": {}}})

    async def until(self, event: str) -> Json:
        while (payload := await self.receive()).get("t") != event:
            assert "closed" not in payload, payload
        return payload


async def dial(call: Caller, query: str = "") -> Bot:
    bot = Bot(await call.session.ws_connect(call.fake.gateway_url + query))
    assert (await bot.receive())["op"] == 10
    return bot


GUILD_CHAT = Intents.GUILDS | Intents.GUILD_MESSAGES


async def test_a_bot_is_told_what_its_intents_ask_for(call: Caller) -> None:
    bot = await dial(call, "?compress=zlib-stream")
    await bot.identify(GUILD_CHAT)
    await bot.until("GUILD_CREATE")
    await call.fake.say_privately("unheard")
    await call.fake.say("unread")
    await call.fake.say(f"<@{BOT_ID}> read")
    told = [(await bot.receive())["d"]["content"] for _ in range(2)]
    assert told == ["", f"<@{BOT_ID}> read"]


async def test_with_the_intent_everything_is_read(call: Caller) -> None:
    call.fake.gateway.allowed_privileged = Intents.MESSAGE_CONTENT
    bot = await dial(call)
    await bot.identify(GUILD_CHAT | Intents.MESSAGE_CONTENT)
    await call.fake.connected()
    await call.fake.say("read")
    assert (await bot.until("MESSAGE_CREATE"))["d"]["content"] == "read"


@pytest.mark.parametrize(
    "payload, code",
    [
        ({"op": 2, "d": {"token": "wrong", "intents": 1, "properties": {}}}, 4004),
        ({"op": 2, "d": {"token": TOKEN, "intents": int(Intents.MESSAGE_CONTENT), "properties": {}}}, 4014),
        ({"op": 3, "d": {}}, 4003),
        ({"op": 77, "d": {}}, 4001),
        ({"op": 1, "d": "x" * 5000}, 4002),
    ],
)
async def test_the_gateway_hangs_up_with_discords_codes(call: Caller, payload: Json, code: int) -> None:
    bot = await dial(call)
    await bot.socket.send_json(payload)
    assert await bot.receive() == {"closed": code}


async def test_too_much_is_hung_up_on(call: Caller) -> None:
    bot = await dial(call)
    for _ in range(121):
        await bot.socket.send_json({"op": 1, "d": None})
    answers = [await bot.receive() for _ in range(121)]
    assert answers[-1] == {"closed": 4008}


async def test_resume_brings_what_was_missed_and_an_unknown_session_nothing(call: Caller) -> None:
    bot = await dial(call)
    await bot.identify(GUILD_CHAT)
    session = (await bot.until("READY"))["d"]["session_id"]
    seen = (await bot.until("GUILD_CREATE"))["s"]
    await bot.socket.close()
    await call.fake.say("missed")
    again = await dial(call)
    await again.socket.send_json({"op": 6, "d": {"token": TOKEN, "session_id": session, "seq": seen}})
    assert [(await again.receive())["t"] for _ in range(2)] == ["MESSAGE_CREATE", "RESUMED"]
    stranger = await dial(call)
    await stranger.socket.send_json({"op": 6, "d": {"token": TOKEN, "session_id": "x", "seq": 1}})
    assert await stranger.receive() == {"op": 9, "d": False}


# buttons, modals, threads, permissions


def modal(**more: Any) -> Json:
    given = {"type": 4, "custom_id": "why", "style": 2, "label": "Why?"}
    rows = [{"type": 1, "components": [given]}]
    return {"type": 9, "data": {"custom_id": "m", "title": "Tell us", "components": rows, **more}}


async def answer_to(call: Caller, found: Any, body: Json) -> tuple[int, Any]:
    path = f"/interactions/{found.payload['id']}/{found.payload['token']}/callback?with_response=1"
    return await call("POST", path, body, {"Content-Type": "application/json"})


async def with_button(call: Caller) -> Json:
    rows = [{"type": 1, "components": [button("vote")]}]
    _, message = await call.post(content="x", components=rows)
    return call.fake.world.messages[message["id"]]


async def test_a_button_opens_a_modal_and_what_was_filled_in_comes_back(call: Caller) -> None:
    message = await with_button(call)
    pressed = await call.fake.press(message, "vote")
    assert pressed.payload["type"] == 3 and pressed.payload["data"]["custom_id"] == "vote"
    assert (await answer_to(call, pressed, modal()))[0] == 200
    sent = await call.fake.submit(pressed, "because")
    assert sent.payload["data"]["components"][0]["components"][0]["value"] == "because"
    assert (await answer_to(call, sent, modal()))[1]["code"] == 50035, "no modal after a modal"
    assert (await answer_to(call, sent, {"type": 7, "data": {"content": "y"}}))[0] == 200
    assert message["content"] == "y"


@pytest.mark.parametrize("bad", [{"title": "t" * 46}, {"components": []}, {"custom_id": ""}])
async def test_a_bad_modal_is_refused(call: Caller, bad: Json) -> None:
    pressed = await call.fake.press(await with_button(call), "vote")
    assert (await answer_to(call, pressed, modal(**bad)))[1]["code"] == 50035


async def test_one_thread_for_one_message(call: Caller) -> None:
    question = await call.fake.say("what?")
    path = f"/channels/{CHANNEL}/messages/{question['id']}/threads"
    assert (await call("POST", path, {"name": "n" * 101}))[1]["code"] == 50035
    assert (await call("POST", path, {"name": "a thread"}))[1]["id"] == question["id"]
    assert (await call("POST", path, {"name": "another"}))[1]["code"] == 160004


@pytest.mark.parametrize("right, code", [("view", 50001), ("send", 50013), ("history", 160002)])
async def test_what_the_bot_may_not(call: Caller, right: str, code: int) -> None:
    question = await call.fake.say("what?")
    call.fake.world.denied[CHANNEL] = {right}
    status, answer = await call.post(content="x", message_reference={"message_id": question["id"]})
    assert status in (400, 403) and answer["code"] == code


async def test_who_installed_the_bot_for_himself_gets_five_follow_ups(call: Caller) -> None:
    fixed = {**ASK, "integration_types": [0, 1], "contexts": [0, 1, 2]}
    await call("PUT", f"/applications/{APPLICATION_ID}/commands", [fixed])
    asked = await call.fake.slash("ask", channel=ELSEWHERE_CHANNEL)
    assert asked.payload["authorizing_integration_owners"] == {"1": ADA}
    await answer_to(call, asked, {"type": 4, "data": {"content": "x"}})
    hook = f"/webhooks/{APPLICATION_ID}/{asked.payload['token']}"
    answers = [await call("POST", hook, {"content": "x"}) for _ in range(6)]
    assert [status for status, _ in answers] == [200] * 5 + [400]
    path = f"/channels/{ELSEWHERE_CHANNEL}/messages"
    assert (await call("POST", path, {"content": "x"}))[1]["code"] == 50001
