"""A catalogue of an older schema becomes one of today's: whole, with all its rows, or not at all."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory

from retrieval.catalogue import Catalogue, migrate
from retrieval.catalogue.migrating import FIRST, REVISIONS
from retrieval.catalogue.tables import SCHEMA
from retrieval.errors import CatalogueBroken, IndexMismatch, LibraryBusy, RetrievalError, SchemaOutdated
from retrieval.library import Library
from retrieval.ownership import own
from tests.papers import HashingEmbedder, settings_for, write_records

# A library of schema 3 as the program of then wrote it. It never changes: it is what people have.
SCHEMA_3 = """
CREATE TABLE meta ("key" VARCHAR NOT NULL, value VARCHAR NOT NULL, PRIMARY KEY ("key"));
CREATE TABLE folders (path VARCHAR NOT NULL, PRIMARY KEY (path));
CREATE TABLE files (path VARCHAR NOT NULL, folder VARCHAR, name VARCHAR NOT NULL,
    fingerprint VARCHAR NOT NULL, error VARCHAR, notes VARCHAR NOT NULL, PRIMARY KEY (path), UNIQUE (name));
CREATE INDEX ix_files_folder ON files (folder);
CREATE TABLE papers (id VARCHAR NOT NULL, digest VARCHAR NOT NULL, paper VARCHAR NOT NULL, PRIMARY KEY (id));
CREATE TABLE embeddings ("key" VARCHAR NOT NULL, vector BLOB NOT NULL, PRIMARY KEY ("key"));
CREATE TABLE sources (source VARCHAR NOT NULL, path VARCHAR NOT NULL, ordinal INTEGER NOT NULL,
    digest VARCHAR NOT NULL, document BLOB NOT NULL, PRIMARY KEY (source),
    FOREIGN KEY(path) REFERENCES files (path) ON DELETE CASCADE);
CREATE INDEX ix_sources_path ON sources (path);
CREATE TABLE chunks (id VARCHAR NOT NULL, paper_id VARCHAR NOT NULL, ordinal INTEGER NOT NULL,
    source VARCHAR NOT NULL, kind VARCHAR NOT NULL, section VARCHAR NOT NULL, page INTEGER,
    text VARCHAR NOT NULL, turns VARCHAR NOT NULL, PRIMARY KEY (id),
    FOREIGN KEY(paper_id) REFERENCES papers (id) ON DELETE CASCADE);
CREATE INDEX ix_chunks_paper_id ON chunks (paper_id);
CREATE TABLE vectors (id VARCHAR NOT NULL, chunk_id VARCHAR NOT NULL, "key" VARCHAR NOT NULL,
    PRIMARY KEY (id), FOREIGN KEY(chunk_id) REFERENCES chunks (id) ON DELETE CASCADE);
CREATE INDEX ix_vectors_chunk_id ON vectors (chunk_id);
CREATE INDEX ix_vectors_key ON vectors ("key");
INSERT INTO meta VALUES ('schema', '3'), ('generation', '7');
INSERT INTO folders VALUES ('/papers');
INSERT INTO files VALUES ('/papers/a.txt', '/papers', 'a.txt', 'f1', NULL, ''),
    ('/b.pdf', NULL, 'b.pdf', 'f2', 'It holds no text.', 'a note');
INSERT INTO sources VALUES ('a.txt', '/papers/a.txt', 0, 'd1', x'0102');
INSERT INTO papers VALUES ('p1', 'd1', '{"title": "Rain"}');
INSERT INTO chunks VALUES ('c1', 'p1', 0, 'a.txt', 'body', '1 Rain', 3, 'It rained.', '[]'),
    ('c2', 'p1', 1, 'a.txt', 'abstract', '', NULL, 'Rain.', '[[4, 2]]');
INSERT INTO vectors VALUES ('c1.0', 'c1', 'k1'), ('c2.0', 'c2', 'k2');
INSERT INTO embeddings VALUES ('k1', x'0000803f'), ('k2', x'00000040');
"""

Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "catalogue.sqlite"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(SCHEMA_3)
    return path


def rows(path: Path) -> Rows:
    """Every row of every table, but for the mark of the schema."""
    with closing(sqlite3.connect(path)) as db:
        db.row_factory = sqlite3.Row
        listed = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        names = [row[0] for row in listed if row[0] != "alembic_version"]
        found = {name: [dict(row) for row in db.execute(f'SELECT * FROM "{name}"')] for name in names}
    found["meta"] = [row for row in found["meta"] if row["key"] != "schema"]
    return found


def schema(path: Path) -> str:
    with closing(sqlite3.connect(path)) as db:
        return str(db.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()[0])


def shape(path: Path) -> dict[str, object]:
    """Columns, indexes and foreign keys of every table, whatever their order."""
    with closing(sqlite3.connect(path)) as db:
        names = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: {
                "columns": {row[1]: (row[2], row[3], row[5]) for row in db.execute(_about("info", name))},
                "keys": sorted(row[2:8] for row in db.execute(_about("key_list", name))),
                "indexes": sorted(
                    (row[2], row[3], tuple(part[2] for part in db.execute(f"PRAGMA index_info('{row[1]}')")))
                    for row in db.execute(f"PRAGMA index_list('{name}')")
                ),
            }
            for name in names
            if name != "alembic_version"
        }


def _about(what: str, table: str) -> str:
    return f"PRAGMA {'foreign_' if what == 'key_list' else 'table_'}{what}('{table}')"


def lacking(before: Rows, after: Rows) -> Rows:
    """The rows of before that are gone or say something else now; columns that came since do not count."""
    return {
        name: lost
        for name, old_rows in before.items()
        if (
            lost := [
                row for row in old_rows if not any(row.items() <= new.items() for new in after.get(name, []))
            ]
        )
    }


def revisions(folder: Path, body: str, needs: str = SCHEMA) -> Path:
    """The revisions that there are, and one that leads beyond them."""
    shutil.copytree(REVISIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    text = "import sqlalchemy as sa\nfrom alembic import op\n"
    text += f'revision = "{int(SCHEMA) + 1}"\ndown_revision = "{needs}"\n'
    (folder / "r9999_next.py").write_text(f"{text}\n\ndef upgrade():\n{body}", encoding="utf-8")
    return folder


NEXT = str(int(SCHEMA) + 1)
COLUMN = """
    op.add_column("papers", sa.Column("mood", sa.String, nullable=False, server_default="calm"))
    with op.batch_alter_table("papers") as papers:
        papers.alter_column("digest", new_column_name="mark")
    op.execute("UPDATE meta SET value = '1' WHERE key = 'pending'")
"""


def test_the_revisions_are_one_line_that_ends_with_the_tables_of_the_program() -> None:
    script = ScriptDirectory(str(REVISIONS), version_locations=[str(REVISIONS)])
    steps = [step.revision for step in script.walk_revisions()]
    assert (steps[0], steps[-1]) == (SCHEMA, FIRST)
    assert steps == [str(number) for number in range(int(SCHEMA), int(FIRST) - 1, -1)]


def test_a_catalogue_made_anew_and_one_brought_up_to_date_are_the_same(old: Path, tmp_path: Path) -> None:
    migrate(old)
    Catalogue(tmp_path / "new.sqlite").close()
    assert shape(old) == shape(tmp_path / "new.sqlite")


def test_the_first_revision_makes_what_the_first_release_made(old: Path, tmp_path: Path) -> None:
    first = tmp_path / "first"
    first.mkdir()
    shutil.copy(REVISIONS / "r0003_first.py", first)
    spec = ScriptDirectory(str(first), version_locations=[str(first)]).get_revision(FIRST)
    assert spec is not None
    _run_alone(spec.module, tmp_path / "third.sqlite")
    assert shape(tmp_path / "third.sqlite") == shape(old)


def _run_alone(module: Any, path: Path) -> None:
    import sqlalchemy as sa
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext

    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
        module.upgrade()
    engine.dispose()


def test_no_row_is_lost_on_the_way_from_the_first_release(old: Path) -> None:
    before = rows(old)
    assert migrate(old) == SCHEMA
    assert lacking(before, rows(old)) == {}
    Catalogue(old).close()


def test_a_catalogue_of_today_stays_as_it_is_and_needs_no_alembic(tmp_path: Path) -> None:
    Catalogue(tmp_path / "catalogue.sqlite").close()
    before = (tmp_path / "catalogue.sqlite").read_bytes()
    code = (
        "import sys; from pathlib import Path; from retrieval.catalogue import Catalogue; "
        "Catalogue(Path(sys.argv[1])).close(); print('alembic' in sys.modules)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "catalogue.sqlite")]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "False\n"
    assert migrate(tmp_path / "catalogue.sqlite") == SCHEMA
    assert (tmp_path / "catalogue.sqlite").read_bytes() == before


def test_a_step_changes_tables_and_keeps_the_rows_of_those_that_depend_on_them(
    old: Path, tmp_path: Path
) -> None:
    migrate(old)
    before = rows(old)
    assert migrate(old, revisions(tmp_path / "steps", COLUMN)) == NEXT == schema(old)
    after = rows(old)
    assert {row["mood"] for row in after["papers"]} == {"calm"}
    assert [row["mark"] for row in after["papers"]] == [row["digest"] for row in before["papers"]]
    before.pop("papers"), before.pop("alembic_version", None)
    assert lacking(before, after) == {}
    assert migrate(old, tmp_path / "steps") == NEXT  # once more changes nothing
    assert rows(old) == after


@pytest.mark.parametrize(
    ("fault", "raised"),
    [
        ("    raise RuntimeError('broken off')\n", RuntimeError),
        ('    op.execute("DELETE FROM papers")\n', CatalogueBroken),  # what its chunks point at
        ('    op.execute("nonsense")\n', CatalogueBroken),
    ],
)
def test_a_step_that_fails_leaves_everything_as_it_was(
    old: Path, tmp_path: Path, fault: str, raised: type[Exception]
) -> None:
    migrate(old)
    before, form = rows(old), shape(old)
    with pytest.raises(raised):
        migrate(old, revisions(tmp_path / "steps", COLUMN + fault))
    assert (rows(old), shape(old), schema(old)) == (before, form, SCHEMA)
    Catalogue(old).close()


@pytest.mark.parametrize(
    ("mark", "says", "kind"),
    [
        ("2", "too old.*ingest the papers again", IndexMismatch),
        ("999", "newer version.*Update Footnote", IndexMismatch),
        ("odd", "newer version", IndexMismatch),
    ],
)
def test_a_schema_that_nothing_leads_to_is_named_and_left_alone(
    tmp_path: Path, mark: str, says: str, kind: type[RetrievalError]
) -> None:
    path = tmp_path / "catalogue.sqlite"
    catalogue = Catalogue(path)
    catalogue.put(schema=mark)
    catalogue.close()
    for call in (Catalogue, migrate):
        with pytest.raises(kind, match=says) as found:
            call(path)
        assert not isinstance(found.value, SchemaOutdated)
    assert schema(path) == mark


def test_a_catalogue_whose_making_was_broken_off_is_finished(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE meta (key VARCHAR NOT NULL PRIMARY KEY, value VARCHAR NOT NULL)")
    Catalogue(path).close()
    assert schema(path) == SCHEMA


def test_many_may_make_the_same_catalogue_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        for made in [threads.submit(Catalogue, tmp_path / "catalogue.sqlite") for _ in range(8)]:
            made.result().close()
    assert schema(tmp_path / "catalogue.sqlite") == SCHEMA


@pytest.fixture
def outdated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library, and a program that has one revision more: the data folder."""
    data = tmp_path / "data"
    papers = write_records(tmp_path / "papers" / "list.jsonl").parent
    with Library.open(settings_for(data), writable=True, create=True, embedder=HashingEmbedder()) as library:
        library.ingest([papers])
    from retrieval.catalogue import migrating

    steps = revisions(tmp_path / "steps", '    op.add_column("papers", sa.Column("mood", sa.String))\n')
    monkeypatch.setattr(migrating, "REVISIONS", steps)
    monkeypatch.setattr(migrating, "SCHEMA", NEXT)
    return data


@pytest.mark.parametrize("writable", [True, False])
def test_whoever_opens_an_older_library_brings_it_up_to_date(outdated: Path, writable: bool) -> None:
    with Library.open(settings_for(outdated), writable=writable, embedder=HashingEmbedder()) as library:
        assert library.search("How long was the kite flown?").passages
        assert library.verify().problems == ()
    assert schema(outdated / "catalogue.sqlite") == NEXT


def test_an_older_library_that_another_process_owns_is_left_alone(
    outdated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retrieval.opening.UPDATING", 0.0)
    with own(outdated, "footnote ingest", 0), pytest.raises(LibraryBusy, match="`footnote ingest`"):
        Library.open(settings_for(outdated), embedder=HashingEmbedder())
    assert schema(outdated / "catalogue.sqlite") == SCHEMA
