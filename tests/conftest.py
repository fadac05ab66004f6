"""Fixtures that many tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent


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


@pytest.fixture(scope="session")
def small_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a library of four small papers, made by the real ingest. Only to be read."""
    from tests.command_line import bare_settings, footnote, write_records

    folder = tmp_path_factory.mktemp("library")
    with bare_settings(folder, folder / "data"):
        result = footnote("ingest", write_records(folder / "papers"))
    assert result.exit_code == 0, result.output
    return folder / "data"
