"""An index of the moments at which members registered, for the newcomers and anniversaries of digests.

Revision 0014, after 0013.
"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Changes the tables."""
    op.create_index("ix_member_activated_at", "member", ["activated_at"])
