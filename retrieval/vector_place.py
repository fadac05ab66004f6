"""Where the vectors of a library stand: the one place that chooses between folders and a server."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from secrets import token_hex

from retrieval.catalogue import Catalogue
from retrieval.errors import CatalogueBroken
from retrieval.read_only import Lent, itself
from retrieval.settings import RetrievalSettings
from retrieval.vector_index import Embedded, Place


def place_of(catalogue: Catalogue, settings: RetrievalSettings, lent: Lent | None) -> Place:
    """Where the vectors stand by the settings."""
    if settings.chroma_url is None:
        return Embedded(lent.copied if lent else itself)
    from retrieval.vector_server import Server

    token = settings.chroma_token.get_secret_value() if settings.chroma_token else None
    return Server(settings.chroma_url, token, _name(catalogue, settings.data))


def _name(catalogue: Catalogue, data: Path) -> str:
    """What the library is called on a server that others use too: random, and kept in the catalogue.

    It ends with the number that the file system gave the folder, so that a copy gets another name.
    """
    here = f"-{data.stat().st_ino}"
    name = catalogue.get("library") or ""
    if not name.endswith(here):
        name = token_hex(8) + here
        with suppress(CatalogueBroken):  # it cannot be written: then nothing is put on the server either
            catalogue.put(library=name)
    return name
