"""Settings of the library, read once in main from the environment and `.env`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from retrieval.limits import Limits


def checked_address(told: str, schemes: tuple[str, ...] = ("http", "https")) -> str:
    """The address without blanks around it. Raises ValueError for one without such a scheme and a host."""
    address = told.strip()
    try:
        parts = urlsplit(address)
        good = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is none, a bracket
        good = False
    if not good or len(address.split()) != 1:
        begins = " or ".join(f"{scheme}://" for scheme in schemes)
        raise ValueError(f"write an address that begins with {begins}, such as {schemes[0]}://localhost:8000")
    return address


def host_of(address: str) -> str:
    """The host and port alone: an address may hold a password."""
    return urlsplit(address).netloc.rpartition("@")[2]


Address = Annotated[str, AfterValidator(checked_address)]
"""Of something that speaks HTTP."""


def whole_path(told: Path) -> Path:
    """The path from the root on, `~` read as a shell would: what is said of it holds wherever it is read."""
    try:
        return told.expanduser().absolute()
    except RuntimeError:  # the home of nobody
        return told.absolute()


Place = Annotated[Path, AfterValidator(whole_path)]
"""Of a file or folder."""


class RetrievalSettings(BaseSettings):
    """Where the library is and what embeds it. Field names in capitals are the environment's names."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        allow_inf_nan=False,
    )

    data: Place = Field(
        Path("data"),
        validation_alias="FOOTNOTE_DATA",
        validate_default=True,
        description="Folder of the library: catalogue and indexes",
    )
    embedder: str = Field("minilm", validation_alias="EMBEDDER", description="`minilm`, or `openai:MODEL`")
    minilm_dir: Place | None = Field(
        None, validation_alias="MINILM_DIR", description="Folder with other MiniLM weights to use"
    )
    embedding_base_url: Address | None = Field(
        None,
        validation_alias="EMBEDDING_BASE_URL",
        description="OpenAI-compatible endpoint for `openai:MODEL`",
    )
    embedding_api_key: SecretStr | None = Field(
        None, validation_alias="EMBEDDING_API_KEY", description="Key of that endpoint"
    )
    chroma_url: Address | None = Field(
        None,
        validation_alias="CHROMA_URL",
        description="Chroma server that holds the vectors; empty: in FOOTNOTE_DATA",
    )
    chroma_token: SecretStr | None = Field(
        None, validation_alias="CHROMA_TOKEN", description="Token of that server, where it wants one"
    )
    max_file_mb: int = Field(
        200, validation_alias="MAX_FILE_MB", ge=1, description="Larger files are reported, not read (MB)"
    )
    pdf_seconds: float = Field(
        120.0, validation_alias="PDF_SECONDS", gt=0, description="Seconds that reading one PDF file may take"
    )
    pdf_memory_mb: int = Field(
        600,
        validation_alias="PDF_MEMORY_MB",
        ge=200,
        description="Memory of the process that reads PDF files (MB)",
    )
    vector_memory_mb: int = Field(
        512,
        validation_alias="VECTOR_MEMORY_MB",
        ge=0,
        description="Keep the vectors in memory while they take no more than this (MB); 0: never",
    )
    reranker_dir: Place | None = Field(
        None,
        validation_alias="RERANKER_DIR",
        description="Folder with a cross-encoder in ONNX that looks at the best candidates of a search again",
    )
    reranker_passages: int = Field(
        20, validation_alias="RERANKER_PASSAGES", ge=2, le=200, description="How many candidates it is shown"
    )
    reranker_weight: float = Field(
        0.5,
        validation_alias="RERANKER_WEIGHT",
        ge=0,
        le=1,
        description="How much it counts; the rest is what the search says of them",
    )
    retractions: Place | None = Field(
        None, validation_alias="RETRACTIONS", description="CSV list of retracted papers; they are marked"
    )
    metadata_from_outside: bool = Field(
        False,
        validation_alias="METADATA_FROM_OUTSIDE",
        description="Let `footnote enrich` ask metadata services, and show what they said",
    )
    metadata_mailto: str | None = Field(
        None, validation_alias="METADATA_MAILTO", description="Address for mail, told to these services"
    )
    metadata_pace: float = Field(
        1.0,
        validation_alias="METADATA_PACE",
        ge=0,
        description="Least seconds between two questions to one of them",
    )
    metadata_timeout: float = Field(
        20.0, validation_alias="METADATA_TIMEOUT", gt=0, description="Seconds that an answer of them may take"
    )
    crossref_url: Address = Field(
        "https://api.crossref.org",
        validation_alias="CROSSREF_URL",
        description="Another address of Crossref (tests, mirrors)",
    )
    arxiv_url: Address = Field(
        "https://export.arxiv.org", validation_alias="ARXIV_URL", description="Another address of arXiv"
    )
    openalex_url: Address = Field(
        "https://api.openalex.org", validation_alias="OPENALEX_URL", description="Another address of OpenAlex"
    )
    semantic_scholar_url: Address = Field(
        "https://api.semanticscholar.org",
        validation_alias="SEMANTIC_SCHOLAR_URL",
        description="Another address of Semantic Scholar",
    )

    @property
    def vectors_at(self) -> str:
        """Which server holds the vectors, as the end of a sentence; "" where they are in the data folder."""
        if self.chroma_url is None:
            return ""
        return (
            f"; their vectors, and those of questions, go to the Chroma server at {host_of(self.chroma_url)}"
        )

    @property
    def limits(self) -> Limits:
        """What reading one file may take."""
        return Limits(self.max_file_mb, self.pdf_seconds, self.pdf_memory_mb)
