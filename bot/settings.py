"""Settings of the bot: those of the library, and its own."""

from __future__ import annotations

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

    @property
    def has_model(self) -> bool:
        """Whether a language model is configured; without one, answers are extractive."""
        return self.openai_api_key is not None or self.openai_base_url is not None
