"""Events.

Revision 0009, after 0008.
"""

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_moment = storage.types.UtcDateTime(timezone=True)


def upgrade() -> None:
    """Changes the tables."""
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("title_ja", sa.String(), nullable=False),
        sa.Column("title_en", sa.String(), nullable=False),
        sa.Column("text_ja", sa.String(), nullable=False),
        sa.Column("text_en", sa.String(), nullable=False),
        sa.Column("starts_at", _moment, nullable=False),
        sa.Column("ends_at", _moment, nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("answer_by", _moment, nullable=True),
        sa.Column("uid", sa.String(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("queue", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("created_at", _moment, nullable=False),
        sa.Column("changed_at", _moment, nullable=True),
        sa.Column("cancelled_at", _moment, nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["member.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    for column in ("author_id", "state", "starts_at"):
        op.create_index(f"ix_event_{column}", "event", [column])
    op.create_table(
        "event_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("rsvp", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("offer", sa.Integer(), nullable=False),
        sa.Column("offered_until", _moment, nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("in_calendar", sa.Boolean(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("attended", sa.Boolean(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("changed_at", _moment, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"]),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("event_id", "member_id"),
    )
    op.create_index("ix_event_answer_member_id", "event_answer", ["member_id"])
    op.create_index("ix_event_answer_rsvp", "event_answer", ["event_id", "rsvp"])
    op.create_table(
        "event_opinion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("useful", sa.Integer(), nullable=False),
        sa.Column("liked", sa.JSON(), nullable=False),
        sa.Column("wished", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_event_opinion_event_id", "event_opinion", ["event_id"])
