"""The doctor's checks against the thing itself: a real library, a loopback model, a loopback Discord."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from bot.discord_token import looks_like_token
from bot.doctor import machine, services
from bot.settings import BotSettings
from tests.command_line import bare_settings, footnote, json_lines
from tests.fake_openai import FakeOpenAI, serve

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.Gaaaaa.abcdefghijklmnopqrstuvwxyz"
NOBODY = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def environment(tmp_path: Path) -> Iterator[pytest.MonkeyPatch]:
    """Nothing is set but a data folder that is not there."""
    with bare_settings(tmp_path, tmp_path / "data") as patch:
        yield patch


def _settings(**values: object) -> BotSettings:
    return BotSettings.model_validate(values)


@asynccontextmanager
async def _serving(path: str, status: int, body: str, kind: str) -> AsyncIterator[str]:
    """An address on loopback that answers every request to `path` in the same way."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, text=body, content_type=kind)

    app = web.Application()
    app.router.add_route("*", path, answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


# -- data folder, index, embedder


async def test_folders_are_named_from_the_root_on(tmp_path: Path, environment: pytest.MonkeyPatch) -> None:
    environment.setenv("HOME", str(tmp_path / "home"))
    environment.delenv("FOOTNOTE_DATA")
    assert _settings().data == tmp_path / "data"
    told = _settings(
        FOOTNOTE_DATA="~/lib", WATCH="~/papers", LIBRARIES="bio=~/bio", RETRACTIONS="~no-one-here/x"
    )
    assert told.data == tmp_path / "home" / "lib" and told.watched == (tmp_path / "home" / "papers",)
    assert told.named_libraries == {"bio": tmp_path / "home" / "bio"}
    assert told.retractions == tmp_path / "~no-one-here" / "x"
    assert str(tmp_path / "home" / "lib") in (await machine.index(told)).advice


async def test_a_folder_that_can_be_made_is_well() -> None:
    assert (await machine.data_folder(_settings())).state == "ok"


async def test_a_file_is_no_data_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    finding = await machine.data_folder(_settings(FOOTNOTE_DATA=str(tmp_path / "file" / "data")))
    assert finding.state == "problem" and "FOOTNOTE_DATA" in finding.advice


async def test_a_library_that_is_missing_or_broken_says_what_to_run(
    small_library: Path, tmp_path: Path
) -> None:
    missing = await machine.index(_settings())
    assert missing.state == "problem" and "footnote ingest" in missing.advice
    whole = await machine.index(_settings(FOOTNOTE_DATA=str(small_library)))
    assert whole.state == "ok" and "4 papers" in whole.message


async def test_the_embedder_embeds(tmp_path: Path) -> None:
    assert (await machine.embedder(_settings())).state == "ok"
    unknown = await machine.embedder(_settings(EMBEDDER="word2vec"))
    assert unknown.state == "problem" and "minilm" in unknown.advice


# -- model


async def test_without_a_model_there_is_no_problem() -> None:
    assert (await services.model(_settings())).state == "not set"


async def test_a_model_that_answers_is_well() -> None:
    async with serve(FakeOpenAI(answer="ready")) as fake:
        finding = await services.model(_settings(OPENAI_BASE_URL=fake.url, OPENAI_MODEL="tiny"))
    assert finding.state == "ok" and "tiny" in finding.message
    assert len(fake.requests) == 1


@pytest.mark.parametrize("mode", ["status", "html", "empty", "truncated", "hang"])
async def test_a_model_that_gives_no_answer_is_a_problem(mode: str) -> None:
    async with serve(FakeOpenAI(mode=mode, status=401)) as fake:
        settings = _settings(OPENAI_BASE_URL=fake.url, OPENAI_API_KEY="sk-secret", ANSWER_TIMEOUT="1")
        finding = await services.model(settings)
    assert finding.state == "problem" and "OPENAI_BASE_URL" in finding.advice
    assert "sk-secret" not in finding.message


async def test_a_model_that_is_not_there_is_a_problem() -> None:
    finding = await services.model(_settings(OPENAI_BASE_URL=f"{NOBODY}/v1", ANSWER_TIMEOUT="2"))
    assert finding.state == "problem" and NOBODY in finding.message


# -- Discord token


async def test_without_a_token_there_is_no_problem() -> None:
    assert (await services.token(_settings())).state == "not set"


@pytest.mark.parametrize(
    "secret", ["abc", "a.b.c", "MTIz..x", f"{TOKEN}.x", "é.b.c", "MTIz.b", f"Bot {TOKEN}", f"{TOKEN}\n"]
)
async def test_what_does_not_look_like_a_token_is_not_sent(secret: str) -> None:
    finding = await services.token(_settings(DISCORD_TOKEN=secret, DISCORD_API_URL=NOBODY))
    assert finding.state == "problem" and "look like" in finding.message and secret not in finding.message


async def test_discord_knows_the_bot() -> None:
    assert looks_like_token(TOKEN)
    async with _serving("/api/v10/users/@me", 200, '{"username": "Footnote"}', "application/json") as address:
        finding = await services.token(_settings(DISCORD_TOKEN=TOKEN, DISCORD_API_URL=f"{address}/api/v10/"))
    assert finding.state == "ok" and "Footnote" in finding.message


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [(401, "{}", "refuses"), (500, "{}", "500"), (200, "[]", "200"), (200, "{", "cannot be reached")],
)
async def test_a_token_that_discord_refuses_is_a_problem(status: int, body: str, words: str) -> None:
    async with _serving("/users/@me", status, body, "application/json") as address:
        finding = await services.token(_settings(DISCORD_TOKEN=TOKEN, DISCORD_API_URL=address))
    assert finding.state == "problem" and words in finding.message
    assert TOKEN not in finding.message + finding.advice


async def test_a_discord_that_cannot_be_reached_is_a_problem() -> None:
    finding = await services.token(_settings(DISCORD_TOKEN=TOKEN, DISCORD_API_URL=NOBODY))
    assert finding.state == "problem" and "DISCORD_API_URL" in finding.advice


# -- the command


def test_doctor_goes_through_all_and_is_content_with_a_bare_set_up(
    small_library: Path, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("FOOTNOTE_DATA", str(small_library))
    result = footnote("doctor", "--json")
    states = {finding["check"]: finding["state"] for finding in json_lines(result.stdout)}
    assert states == {
        "settings": "ok",
        "data folder": "ok",
        "index": "ok",
        "embedder": "ok",
        "model": "not set",
        "Discord token": "not set",
    }
    assert result.exit_code == 0


def test_doctor_says_what_to_do_and_fails(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("DISCORD_TOKEN", "nonsense")
    result = footnote("doctor")
    assert result.exit_code == 1
    assert "PROBLEM  index" in result.stdout and "footnote ingest" in result.stdout
    assert "PROBLEM  Discord token" in result.stdout and "nonsense" not in result.stdout


def test_doctor_names_a_setting_that_cannot_be_read(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("HEALTH_PORT", "99999")
    result = footnote("doctor")
    assert result.exit_code == 1
    assert "PROBLEM  settings" in result.stdout and "HEALTH_PORT" in result.stdout


# -- who gets what


async def test_the_doctor_says_who_learns_of_the_papers() -> None:
    assert await machine.metadata(_settings()) is None
    told = {"METADATA_FROM_OUTSIDE": "true", "CROSSREF_URL": "https://ada:secret@example.org/crossref"}
    finding = await machine.metadata(_settings(**told))
    assert finding is not None and finding.state == "ok" and "secret" not in finding.message
    assert "example.org, export.arxiv.org, api.openalex.org, api.semanticscholar.org get" in finding.message


async def test_a_watched_folder_that_is_missing_is_a_problem(tmp_path: Path) -> None:
    assert await machine.watched(_settings()) is None
    finding = await machine.watched(_settings(WATCH=os.pathsep.join((str(tmp_path), str(tmp_path / "gone")))))
    assert finding is not None and finding.state == "problem"
    assert finding.message == f"not there: {tmp_path / 'gone'}" and "WATCH" in finding.advice
    finding = await machine.watched(_settings(WATCH=str(tmp_path)))
    assert finding is not None and finding.state == "ok"


async def test_a_library_of_libraries_that_is_missing_is_a_problem(small_library: Path) -> None:
    assert await machine.libraries(_settings()) is None
    finding = await machine.libraries(_settings(LIBRARIES=f"bio={small_library},art=/no/where"))
    assert finding is not None and finding.state == "problem"
    assert finding.message == "not there: art in /no/where" and "footnote ingest" in finding.advice
    finding = await machine.libraries(_settings(LIBRARIES=f"bio={small_library}"))
    assert finding is not None and (finding.state, finding.message) == ("ok", "bio")


async def test_a_list_of_retractions_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    assert await machine.retractions(_settings()) is None
    path = tmp_path / "list.csv"
    finding = await machine.retractions(_settings(RETRACTIONS=str(path)))
    assert finding is not None and finding.state == "problem" and "RETRACTIONS" in finding.advice
    header = "Title,Author,OriginalPaperDOI,RetractionNature"
    path.write_text(f"{header}\nMoss,Ada,10.1234/moss,Retraction\n", encoding="utf-8")
    finding = await machine.retractions(_settings(RETRACTIONS=str(path)))
    assert finding is not None and finding.message == "1 papers are listed as retracted"


async def test_the_model_for_small_tasks_is_asked_where_it_is_another() -> None:
    async with serve(FakeOpenAI()) as main, serve(FakeOpenAI()) as small:
        finding = await services.helper(_settings(OPENAI_BASE_URL=main.url, RERANK_BASE_URL=small.url))
    assert finding is not None and finding.state == "ok"
    assert small.url in finding.message and "up to 30 passages" in finding.message
    assert (len(main.requests), len(small.requests)) == (0, 1)


async def test_the_same_model_is_not_asked_twice_and_what_is_off_gets_nothing() -> None:
    async with serve(FakeOpenAI()) as fake:
        finding = await services.helper(_settings(OPENAI_BASE_URL=fake.url, RERANK="false"))
    assert finding is not None and finding.state == "ok"
    assert "same model" in finding.message and "30 passages" not in finding.message
    assert fake.requests == []
    off = _settings(OPENAI_BASE_URL=fake.url, RERANK="false", REWRITE="false", TRANSLATE="false")
    assert await services.helper(off) is None


async def test_a_model_for_small_tasks_that_is_gone_is_a_problem() -> None:
    finding = await services.helper(_settings(RERANK_BASE_URL=f"{NOBODY}/v1", RERANK_TIMEOUT="2"))
    assert finding is not None and finding.state == "problem"
    assert NOBODY in finding.message and "RERANK_BASE_URL" in finding.advice


async def test_the_doctor_says_what_the_model_gets_and_no_password() -> None:
    async with serve(FakeOpenAI()) as fake:
        url = fake.url.replace("://", "://name:secret@")
        finding = await services.model(_settings(OPENAI_BASE_URL=url))
    assert "what was said before" in finding.message and fake.url in finding.message
    assert "secret" not in finding.message


async def test_the_embedder_says_where_it_is() -> None:
    assert "on this machine" in (await machine.embedder(_settings())).message


async def test_a_folder_that_nothing_can_be_called_is_a_finding(tmp_path: Path) -> None:
    odd = tmp_path / ("x" * 300)
    settings = BotSettings.model_construct(watch=str(odd), libraries=f"pots={odd}")
    for check in (machine.watched, machine.libraries):
        found = await check(settings)
        assert found is not None and found.state == "problem" and "not there" in found.message
    told = await machine.data_folder(BotSettings.model_construct(data=odd / "data"))
    assert str(odd) in told.message  # and nothing was raised
