"""Relayed rooms.

Revision 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Changes the tables."""
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.add_column(sa.Column("thread_key", sa.String(), server_default="", nullable=False))
        batch_op.create_index(
            "ix_delivery_thread",
            ["thread_key"],
            unique=False,
            sqlite_where=sa.text("thread_key != ''"),
            postgresql_where=sa.text("thread_key != ''"),
        )
