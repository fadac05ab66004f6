"""Settings of the bot: those of the library, and its own."""

from __future__ import annotations

import os
import re
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr, ValidationInfo, field_validator

from bot.ledger import Price, price_of, read_prices
from retrieval.settings import Address, RetrievalSettings, checked_address, whole_path

Socket = Annotated[str, AfterValidator(partial(checked_address, schemes=("wss", "ws")))]

NAME, ID = r"\s*[\w-]{1,40}\s*", r"\s*\d+\s*"
SHAPES = {
    "libraries": (rf"{NAME}=[^,=]+", "NAME=FOLDER, with commas between"),
    "given": (rf"{NAME}={ID}(\+{ID})*", "NAME=SERVER+SERVER, with commas between; a server is its id"),
    "library_roles": (ID, "ids of roles, with commas between"),
    "library_servers": (ID, "ids of servers, with commas between"),
}
"""Settings that are lists -> a regular expression of one entry, and how to write them."""


class BotSettings(RetrievalSettings):
    """Everything `footnote` can be told from outside."""

    openai_api_key: SecretStr | None = Field(
        None, validation_alias="OPENAI_API_KEY", description="Key of the language model's endpoint"
    )
    openai_base_url: Address | None = Field(
        None,
        validation_alias="OPENAI_BASE_URL",
        description="An OpenAI-compatible endpoint (Ollama, vLLM, llama.cpp); needs no key",
    )
    openai_model: str = Field(
        "gpt-4o-mini", validation_alias="OPENAI_MODEL", description="The language model's name"
    )
    answer_timeout: float = Field(
        60.0,
        validation_alias="ANSWER_TIMEOUT",
        gt=0,
        description="Seconds a language model may take for one answer",
    )
    model_context: int = Field(
        16_384,
        validation_alias="MODEL_CONTEXT",
        ge=2_048,
        description="Tokens that a language model takes at once; it gets fewer passages where that is little",
    )
    model_seed: int | None = Field(
        None, validation_alias="MODEL_SEED", description="A seed to send, for endpoints that know one"
    )
    rerank: bool = Field(
        True, validation_alias="RERANK", description="Let a language model choose among more passages"
    )
    rewrite: bool = Field(
        True, validation_alias="REWRITE", description="Let a language model make follow-up questions whole"
    )
    translate: bool = Field(
        True,
        validation_alias="TRANSLATE",
        description="Answer in the question's language: the checked English answer is translated",
    )
    rerank_model: str | None = Field(
        None, validation_alias="RERANK_MODEL", description="Another, cheaper model for these three"
    )
    rerank_base_url: Address | None = Field(
        None, validation_alias="RERANK_BASE_URL", description="Another endpoint for them"
    )
    rerank_api_key: SecretStr | None = Field(
        None,
        validation_alias="RERANK_API_KEY",
        description="Its key; that of OPENAI_API_KEY is sent to no other endpoint",
    )
    rerank_timeout: float = Field(
        5.0,
        validation_alias="RERANK_TIMEOUT",
        gt=0,
        description="Seconds that ranking and rewriting may take, before the search goes on without",
    )
    unsupported: Literal["drop", "mark", "rewrite"] = Field(
        "drop",
        validation_alias="UNSUPPORTED",
        description="What becomes of a written sentence that no passage supports: drop, mark or rewrite",
    )
    discord_token: SecretStr | None = Field(
        None, validation_alias="DISCORD_TOKEN", description="The bot's token, for `footnote run`"
    )
    discord_api_url: Address | None = Field(
        None, validation_alias="DISCORD_API_URL", description="Another Discord REST address (tests, proxies)"
    )
    discord_gateway_url: Socket | None = Field(
        None,
        validation_alias="DISCORD_GATEWAY_URL",
        description="Another Discord gateway address (tests, proxies)",
    )
    message_content: bool = Field(
        False,
        validation_alias="DISCORD_MESSAGE_CONTENT",
        description="Use the privileged message-content intent (it must be switched on for the bot)",
    )
    sync_at_start: bool = Field(
        True,
        validation_alias="DISCORD_SYNC_COMMANDS",
        description="Tell Discord changed slash commands at start; if not, `footnote commands sync` does",
    )
    shards: int = Field(
        0,
        validation_alias="DISCORD_SHARDS",
        ge=0,
        le=1_000,
        description="Connections to Discord; 0: one, and from 2,000 servers on as many as Discord recommends",
    )
    libraries: str = Field(
        "",
        validation_alias="LIBRARIES",
        description="More libraries that a server or channel on Discord may choose, NAME=FOLDER with commas",
    )
    given: str = Field(
        "",
        validation_alias="DISCORD_LIBRARIES",
        description="Libraries that only some servers may choose, NAME=SERVER+SERVER with commas between",
    )
    health_port: int | None = Field(
        None,
        validation_alias="HEALTH_PORT",
        ge=1,
        le=65535,
        description="Answer /live and /ready on this port",
    )

    daily_questions: int = Field(
        200,
        validation_alias="DISCORD_DAILY_QUESTIONS",
        ge=0,
        description="Questions that one person may ask a day; 0 is no limit",
    )
    daily_server_questions: int = Field(
        2_000,
        validation_alias="DISCORD_DAILY_SERVER_QUESTIONS",
        ge=0,
        description="Questions that one server may ask a day; 0 is no limit",
    )
    cooldown: float = Field(
        2.0,
        validation_alias="DISCORD_COOLDOWN",
        ge=0,
        description="Seconds between two questions of one person",
    )
    daily_budget: float = Field(
        0.0,
        validation_alias="DISCORD_DAILY_BUDGET",
        ge=0,
        description="What the language model may cost a day on Discord, then it quotes; 0 is no limit",
    )
    daily_person_budget: float = Field(
        0.0,
        validation_alias="DISCORD_DAILY_PERSON_BUDGET",
        ge=0,
        description="The same for one person",
    )
    daily_server_budget: float = Field(
        0.0,
        validation_alias="DISCORD_DAILY_SERVER_BUDGET",
        ge=0,
        description="The same for one server",
    )
    prices: str = Field(
        "",
        validation_alias="MODEL_PRICES",
        description="Prices of single models, MODEL=READ/WRITTEN, with commas between",
    )
    price_read: float = Field(
        0.15, validation_alias="MODEL_PRICE_READ", ge=0, description="Price of a million tokens that it reads"
    )
    price_written: float = Field(
        0.60,
        validation_alias="MODEL_PRICE_WRITTEN",
        ge=0,
        description="Price of a million tokens that it writes",
    )
    retention_days: float = Field(
        90.0,
        validation_alias="DISCORD_RETENTION_DAYS",
        gt=0,
        description="Days that questions, votes and the settings of servers that were left are kept",
    )
    watch: str = Field(
        "",
        validation_alias="WATCH",
        description=f"Folders whose papers the bot follows, with {os.pathsep!r} between",
    )
    library_roles: str = Field(
        "",
        validation_alias="DISCORD_LIBRARY_ROLES",
        description="Ids of roles that may change the library, with commas between",
    )
    library_servers: str = Field(
        "",
        validation_alias="DISCORD_LIBRARY_SERVERS",
        description="Ids of the servers where the library may be changed; empty: wherever the bot is",
    )
    add_mb: int = Field(
        25,
        validation_alias="DISCORD_ADD_MB",
        ge=1,
        description="Larger files are not taken in Discord, nor from links given there (MB)",
    )
    add_types: str = Field(
        "pdf,txt,md,json,jsonl,csv,tsv,bib,ris",
        validation_alias="DISCORD_ADD_TYPES",
        description="Endings of the files that are taken there, with commas between",
    )

    @field_validator("prices")
    @classmethod
    def _readable(cls, told: str) -> str:
        read_prices(told)
        return told

    @property
    def servers_of(self) -> dict[str, frozenset[int]]:
        """The servers of each library that is not for all of them."""
        return {name: frozenset(map(int, ids.split("+"))) for name, ids in _named(self.given).items()}

    @field_validator(*SHAPES)
    @classmethod
    def _shaped(cls, told: str, about: ValidationInfo) -> str:
        entry, how = SHAPES[str(about.field_name)]
        if told.strip() and not re.fullmatch(rf"{entry}(,{entry})*", told):
            raise ValueError(f"write {how}")
        return told

    @field_validator("given")
    @classmethod
    def _there(cls, told: str, others: ValidationInfo) -> str:
        """A name that is misspelt would leave a library open to all."""
        if unknown := _named(told).keys() - _named(others.data.get("libraries", "")).keys():
            raise ValueError(f"LIBRARIES has no {', '.join(sorted(unknown))}")
        return told

    @property
    def named_libraries(self) -> dict[str, Path]:
        """The data folders of the libraries that have names."""
        return {name: whole_path(Path(folder)) for name, folder in _named(self.libraries).items()}

    @property
    def watched(self) -> tuple[Path, ...]:
        """The folders that the bot follows."""
        return tuple(whole_path(Path(part.strip())) for part in self.watch.split(os.pathsep) if part.strip())

    @property
    def has_model(self) -> bool:
        """Whether a language model is configured; without one, answers are extractive."""
        return self.openai_api_key is not None or self.openai_base_url is not None

    @property
    def has_helper(self) -> bool:
        """Whether a language model ranks, makes questions whole or translates; it may be the same."""
        own = self.rerank_base_url is not None or self.rerank_api_key is not None
        return (self.rerank or self.rewrite or self.translate) and (self.has_model or own)

    def price(self, model: str) -> Price:
        """What `model` costs."""
        return price_of(model, read_prices(self.prices), Price(self.price_read, self.price_written))


def _named(told: str) -> dict[str, str]:
    """NAME=VALUE with commas between, as a table."""
    parts = (part.partition("=") for part in told.split(",") if part.strip())
    return {name.strip(): value.strip() for name, _, value in parts}
