"""Schema 3: the tables of the first release, from before there were migrations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "3"
down_revision = None


def upgrade() -> None:
    _about_files()
    _about_papers()


def _about_files() -> None:
    op.create_table(
        "meta",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("value", sa.String, nullable=False),
    )
    op.create_table("folders", sa.Column("path", sa.String, primary_key=True))
    op.create_table(
        "files",
        sa.Column("path", sa.String, primary_key=True),
        sa.Column("folder", sa.String, nullable=True, index=True),
        sa.Column("name", sa.String, nullable=False, unique=True),
        sa.Column("fingerprint", sa.String, nullable=False),
        sa.Column("error", sa.String, nullable=True),
        sa.Column("notes", sa.String, nullable=False),
    )
    op.create_table(
        "sources",
        sa.Column("source", sa.String, primary_key=True),
        sa.Column(
            "path", sa.String, sa.ForeignKey("files.path", ondelete="CASCADE"), nullable=False, index=True
        ),
        sa.Column("ordinal", sa.Integer, nullable=False),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("document", sa.LargeBinary, nullable=False),
    )


def _about_papers() -> None:
    op.create_table(
        "papers",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("paper", sa.String, nullable=False),
    )
    op.create_table(
        "chunks",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column(
            "paper_id", sa.String, sa.ForeignKey("papers.id", ondelete="CASCADE"), nullable=False, index=True
        ),
        sa.Column("ordinal", sa.Integer, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("section", sa.String, nullable=False),
        sa.Column("page", sa.Integer, nullable=True),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("turns", sa.String, nullable=False),
    )
    op.create_table(
        "vectors",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column(
            "chunk_id", sa.String, sa.ForeignKey("chunks.id", ondelete="CASCADE"), nullable=False, index=True
        ),
        sa.Column("key", sa.String, nullable=False, index=True),
    )
    op.create_table(
        "embeddings",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("vector", sa.LargeBinary, nullable=False),
    )
