"""Schema 4: what people decide about papers that may be one, and the near cases that wait for it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "4"
down_revision = "3"


def upgrade() -> None:
    op.create_table(
        "decisions",
        sa.Column("one", sa.String, primary_key=True),
        sa.Column("other", sa.String, primary_key=True),
        sa.Column("same", sa.Boolean, nullable=False),
    )
    op.create_table(
        "near_cases",
        sa.Column("one", sa.String, primary_key=True),
        sa.Column("other", sa.String, primary_key=True),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
    )
    op.execute("INSERT OR REPLACE INTO meta VALUES ('pending', '1')")
