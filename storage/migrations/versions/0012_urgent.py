"""What somebody waits for is found without the broadcast that waits in the same lane.

Revision 0012, after 0011.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_URGENT = sa.text("state = 'pending' AND urgency = 'answer'")


def upgrade() -> None:
    """Changes the tables."""
    op.create_index(
        "ix_delivery_urgent",
        "delivery",
        ["state", "urgency", "platform", "tenant", "available_at"],
        sqlite_where=_URGENT,
        postgresql_where=_URGENT,
    )
