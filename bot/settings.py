"""Settings of the bot: those of the library, and its own."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, SecretStr

from retrieval.settings import RetrievalSettings


class BotSettings(RetrievalSettings):
    """Everything `footnote` can be told from outside."""

    openai_api_key: SecretStr | None = Field(
        None, validation_alias="OPENAI_API_KEY", description="Key of the language model's endpoint"
    )
    openai_base_url: str | None = Field(
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
    unsupported: Literal["drop", "mark", "rewrite"] = Field(
        "drop",
        validation_alias="UNSUPPORTED",
        description="What becomes of a written sentence that no passage supports: drop, mark or rewrite",
    )
    discord_token: SecretStr | None = Field(
        None, validation_alias="DISCORD_TOKEN", description="The bot's token, for `footnote run`"
    )
    discord_api_url: str | None = Field(
        None, validation_alias="DISCORD_API_URL", description="Another Discord REST address (tests, proxies)"
    )
    discord_gateway_url: str | None = Field(
        None,
        validation_alias="DISCORD_GATEWAY_URL",
        description="Another Discord gateway address (tests, proxies)",
    )
    message_content: bool = Field(
        False,
        validation_alias="DISCORD_MESSAGE_CONTENT",
        description="Use the privileged message-content intent (it must be switched on for the bot)",
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

    @property
    def has_model(self) -> bool:
        """Whether a language model is configured; without one, answers are extractive."""
        return self.openai_api_key is not None or self.openai_base_url is not None
