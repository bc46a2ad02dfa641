"""An index of the messages that wait and must not come too late: every minute those that would are cleared away.

Revision 0015, after 0014.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_EXPIRES = sa.text("state = 'pending' AND not_after IS NOT NULL")


def upgrade() -> None:
    """Changes the tables."""
    op.create_index(
        "ix_delivery_expiry", "delivery", ["state", "not_after"], sqlite_where=_EXPIRES, postgresql_where=_EXPIRES
    )
