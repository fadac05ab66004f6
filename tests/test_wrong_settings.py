"""What a person reads of settings that cannot be used."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from bot.settings import BotSettings
from bot.wrong_settings import allowed, misspelt, sentences, unread
from tests.command_line import bare_settings, footnote

FIELDS = {str(field.validation_alias): field for field in BotSettings.model_fields.values()}
WRONG = {
    **{name: "much-too-secret" for name, field in FIELDS.items() if allowed(field) not in ("text", "a path")},
    **{name: "much-too-secret" for name in FIELDS if name.endswith("_URL")},
    "LIBRARIES": "much-too-secret",
    "DISCORD_LIBRARIES": "much-too-secret",
    "DISCORD_LIBRARY_ROLES": "much-too-secret",
    "DISCORD_LIBRARY_SERVERS": "much-too-secret",
}


@pytest.fixture(autouse=True)
def bare(tmp_path: Path, small_library: Path) -> object:
    with bare_settings(tmp_path, small_library) as patch:
        yield patch


def told(name: str, value: str) -> str:
    with pytest.raises(ValidationError) as caught:
        BotSettings.model_validate({name: value})
    (sentence,) = sentences(caught.value, {name: value})
    return sentence


@pytest.mark.parametrize("name", WRONG)
def test_every_fault_says_what_to_write_what_it_is_and_where(name: str) -> None:
    sentence = told(name, WRONG[name])
    assert re.fullmatch(rf"{name}: write .+\. It means: \w.+\. Change it in the environment\.", sentence)
    assert "secret" not in sentence, "a value may be one"
    assert not re.search(r"Input|valid|pattern|parse|Value error", sentence), "the words of the library below"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("MAX_FILE_MB", "2.5", "write a whole number, 1 or more. It means: larger files are reported"),
        ("PDF_SECONDS", "0", "write a number, more than 0."),
        ("ANSWER_TIMEOUT", "inf", "write a number, more than 0."),
        ("HEALTH_PORT", "70000", "write a whole number from 1 to 65535."),
        ("RERANK", "maybe", "write true or false."),
        ("UNSUPPORTED", "delete", "write one of drop, mark, rewrite."),
        ("MODEL_PRICES", "gpt-4o=cheap", "write MODEL=READ/WRITTEN, such as gpt-4o=2.5/10."),
        ("OPENAI_BASE_URL", "notaurl", "begins with http:// or https://, such as http://localhost:8000."),
        ("OPENAI_BASE_URL", "localhost:11434/v1", "begins with http:// or https://"),
        ("OPENAI_BASE_URL", "http://", "begins with http:// or https://"),
        ("OPENAI_BASE_URL", "http://host:port/v1", "begins with http:// or https://"),
        ("OPENAI_BASE_URL", "http://two words", "begins with http:// or https://"),
        ("DISCORD_GATEWAY_URL", "https://example.org", "begins with wss:// or ws://"),
    ],
)
def test_what_is_allowed_is_said(name: str, value: str, words: str) -> None:
    assert words in told(name, value)


def test_an_address_loses_the_blanks_around_it() -> None:
    settings = BotSettings.model_validate({"OPENAI_BASE_URL": " http://localhost:11434/v1\n"})
    assert settings.openai_base_url == "http://localhost:11434/v1"


def test_every_setting_says_what_it_is() -> None:
    assert [name for name, field in FIELDS.items() if len(field.description or "") < 10] == []


def test_all_faults_are_told_at_once_and_where_each_is(tmp_path: Path, bare: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("RERANK=maybe\n", encoding="utf-8")
    bare.setenv("openai_base_url", "notaurl")
    result = footnote("status")
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert re.search(r"OPENAI_BASE_URL: write an address .* Change it in the environment\.", result.stderr)
    assert "RERANK: write true or false. It means: let a language model" in result.stderr
    assert f"Change it in {tmp_path / '.env'}." in result.stderr


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("OPENAI_MODEL=schön".encode("latin-1"))
    result = footnote("status")
    assert (result.exit_code, result.stderr) == (
        1,
        "footnote: .env is not UTF-8 text; save it anew as UTF-8.\n",
    )


def test_doctor_says_it_too(bare: pytest.MonkeyPatch) -> None:
    bare.setenv("OPENAI_BASE_URL", "notaurl")
    result = footnote("doctor")
    assert result.exit_code == 1
    assert result.stdout.startswith("PROBLEM  settings: ")
    assert "OPENAI_BASE_URL: write an address that begins with http:// or https://" in result.stdout


def test_a_misspelt_name_is_told_by_doctor(tmp_path: Path, bare: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("# RERANKS=x\nexport OPENAI_BASEURL=http://x\nTRACK=1\n", encoding="utf-8")
    bare.setenv("DISCORD_TOKENS", "x")
    assert misspelt() == [
        "OPENAI_BASEURL is no setting, OPENAI_BASE_URL is",
        "DISCORD_TOKENS is no setting, DISCORD_TOKEN is",
    ]
    first, advice = footnote("doctor").stdout.splitlines()[:2]
    assert first.startswith("PROBLEM  settings: OPENAI_BASEURL is no setting") and "Put it right" in advice


def test_lines_that_set_nothing_are_told_by_doctor_without_their_words(tmp_path: Path) -> None:
    lines = [
        "# a remark",
        'RERANK="true"',
        "",
        "",
        'OPENAI_API_KEY="secret',
        "bad secret",
        "WATCH='a b'",
        "TRACK",
    ]
    (tmp_path / ".env").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert [text[:14] for text in unread()] == ["line 5 of .env", "line 6 of .env"]
    first, advice = footnote("doctor").stdout.splitlines()[:2]
    assert first.startswith("PROBLEM  settings: line 5 of .env is no NAME=VALUE") and "secret" not in first
    assert "changes nothing" in advice
    (tmp_path / ".env").unlink()
    assert unread() == []


def test_a_field_without_limits_has_its_kind_alone() -> None:
    assert allowed(FieldInfo(annotation=int)) == "a whole number"
