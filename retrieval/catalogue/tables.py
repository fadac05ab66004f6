"""The tables of the catalogue."""

from __future__ import annotations

import sqlalchemy as sa

SCHEMA = "5"
"""The newest revision in `migrations/`. A change of these tables needs one: see CONTRIBUTING.md."""

tables = sa.MetaData()

meta = sa.Table(
    "meta",
    tables,
    sa.Column("key", sa.String, primary_key=True),
    sa.Column("value", sa.String, nullable=False),
)
folders = sa.Table("folders", tables, sa.Column("path", sa.String, primary_key=True))
files = sa.Table(
    "files",
    tables,
    sa.Column("path", sa.String, primary_key=True),  # absolute
    sa.Column("folder", sa.String, nullable=True, index=True),  # None: the file itself was named
    sa.Column("name", sa.String, nullable=False, unique=True),  # FILE of its sources
    sa.Column("fingerprint", sa.String, nullable=False),  # of bytes, manifest rows and the readers' recipe
    sa.Column("error", sa.String, nullable=True),
    sa.Column("notes", sa.String, nullable=False),
)
sources = sa.Table(
    "sources",
    tables,
    sa.Column("source", sa.String, primary_key=True),
    sa.Column("path", sa.ForeignKey("files.path", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("ordinal", sa.Integer, nullable=False),
    sa.Column("digest", sa.String, nullable=False),
    sa.Column("document", sa.LargeBinary, nullable=False),  # compressed
)
papers = sa.Table(
    "papers",
    tables,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("digest", sa.String, nullable=False),  # of everything that its chunks were made from
    sa.Column("paper", sa.String, nullable=False),
)
chunks = sa.Table(
    "chunks",
    tables,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("paper_id", sa.ForeignKey("papers.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("ordinal", sa.Integer, nullable=False),
    sa.Column("source", sa.String, nullable=False),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("section", sa.String, nullable=False),
    sa.Column("page", sa.Integer, nullable=True),
    sa.Column("text", sa.String, nullable=False),
    sa.Column("turns", sa.String, nullable=False),  # JSON: [[offset, page], ...]
)
vectors = sa.Table(
    "vectors",
    tables,
    sa.Column("id", sa.String, primary_key=True),  # CHUNK.PART
    sa.Column("chunk_id", sa.ForeignKey("chunks.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("key", sa.String, nullable=False, index=True),
)
embeddings = sa.Table(
    "embeddings",
    tables,
    sa.Column("key", sa.String, primary_key=True),  # a hash of the embedder and the embedded text
    sa.Column("vector", sa.LargeBinary, nullable=False),  # float32
)
decisions = sa.Table(
    "decisions",
    tables,
    sa.Column("one", sa.String, primary_key=True),  # two sources, the lesser name first
    sa.Column("other", sa.String, primary_key=True),
    sa.Column("same", sa.Boolean, nullable=False),  # whether a person said that they are one paper, or two
    sa.Column("one_content", sa.String, nullable=False, server_default=""),  # a hash of what it said then
    sa.Column("other_content", sa.String, nullable=False, server_default=""),
)
near_cases = sa.Table(
    "near_cases",
    tables,
    sa.Column("one", sa.String, primary_key=True),  # a source of each of two papers
    sa.Column("other", sa.String, primary_key=True),
    sa.Column("place", sa.Integer, nullable=False),  # the nearest first
    sa.Column("reason", sa.String, nullable=False),
)
