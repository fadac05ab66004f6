"""Fixtures that many tests share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

# The draws of `make test` are the same every time; those of `make test-long` are others each time, and more.
hypothesis.settings.register_profile("same", derandomize=True, database=None, deadline=None)
hypothesis.settings.register_profile("wide", max_examples=1_000, deadline=None)
hypothesis.settings.load_profile("same")

REPOSITORY = Path(__file__).resolve().parent.parent
SETTINGS = (  # how the names of ours begin
    *("OPENAI_", "DISCORD_", "EMBED", "ANSWER_", "HEALTH_"),
    *("RETRACTIONS", "METADATA_", "CROSSREF_", "ARXIV_", "OPENALEX_", "SEMANTIC_SCHOLAR_"),
    *(
        "MINILM_",
        "MAX_FILE_",
        "MODEL_",
        "UNSUPPORTED",
        "LIBRARIES",
        "CHROMA_",
        "VECTOR_",
        "RERANK",
        "REWRITE",
    ),
    *("FOOTNOTE_DATA", "PDF_", "TRANSLATE", "WATCH"),
)


@pytest.fixture(scope="session", autouse=True)
def away_from_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Tests never see the settings, the `.env` or the library of the person who runs them."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.upper().startswith(SETTINGS)]:
            patch.delenv(name)
        folder = tmp_path_factory.mktemp("away")
        patch.setenv("FOOTNOTE_DATA", str(folder / "data"))
        patch.chdir(folder)
        yield


def _folder(variable: str, default: Path) -> Path:
    folder = Path(os.environ.get(variable, default))
    if not folder.is_dir():
        pytest.skip(f"{folder.name} is not here; set {variable} to run this")
    return folder


@pytest.fixture
def corpus() -> Path:
    """The folder of the first library; skips where it is absent."""
    return _folder("FOOTNOTE_CORPUS", REPOSITORY.parent / "shared" / "corpus")


@pytest.fixture
def gold() -> Path:
    """The folder of questions and truths that belong to the first library; skips where it is absent."""
    return _folder("FOOTNOTE_GOLD", REPOSITORY.parent / "shared" / "gold")


@pytest.fixture
def environment(tmp_path: Path, small_library: Path) -> Iterator[pytest.MonkeyPatch]:
    """Nothing is set but the data folder, which holds the small library."""
    from tests.command_line import bare_settings

    with bare_settings(tmp_path, small_library) as patch:
        yield patch


@pytest.fixture
def empty(tmp_path: Path, environment: pytest.MonkeyPatch) -> Path:
    """A data folder that is not there yet, for commands that change something."""
    environment.setenv("FOOTNOTE_DATA", str(tmp_path / "own"))
    return tmp_path / "own"


@pytest.fixture(scope="session")
def small_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a library of four small papers, made by the real ingest. Only to be read."""
    from tests.command_line import bare_settings, footnote
    from tests.papers import write_records

    folder = tmp_path_factory.mktemp("library")
    with bare_settings(folder, folder / "data"):
        result = footnote("ingest", write_records(folder / "papers" / "papers.jsonl").parent)
    assert result.exit_code == 0, result.output
    return folder / "data"
