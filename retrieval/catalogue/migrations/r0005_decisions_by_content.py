"""Schema 5: a decision about two papers knows them by their contents too, so that files may be renamed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "5"
down_revision = "4"


def upgrade() -> None:
    for name in ("one_content", "other_content"):
        op.add_column("decisions", sa.Column(name, sa.String, nullable=False, server_default=""))
