"""The outbox's indices hold the whole order in which messages are claimed.

Revision 0013, after 0012.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_URGENT = sa.text("state = 'pending' AND urgency = 'answer'")


def upgrade() -> None:
    """Changes the tables."""
    op.drop_index("ix_delivery_due", "delivery")
    op.create_index("ix_delivery_due", "delivery", ["state", "platform", "tenant", "available_at", "id"])
    op.drop_index("ix_delivery_urgent", "delivery")
    op.create_index(
        "ix_delivery_urgent",
        "delivery",
        ["state", "urgency", "platform", "tenant", "available_at", "id"],
        sqlite_where=_URGENT,
        postgresql_where=_URGENT,
    )
