"""Jobs.

Revision 0010, after 0009.
"""

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def _moment(name: str, *, nullable: bool = False) -> sa.Column[sa.DateTime]:
    return sa.Column(name, storage.types.UtcDateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    """Changes the tables."""
    _add_jobs()
    _add_people()
    _add_feed()


def _add_jobs() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("feed_id", sa.String(), nullable=True),
        sa.Column("title_ja", sa.String(), nullable=False),
        sa.Column("text_ja", sa.String(), nullable=False),
        sa.Column("title_en", sa.String(), nullable=False),
        sa.Column("text_en", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("has_date", sa.Boolean(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("ended", sa.String(), nullable=False),
        _moment("closed_at", nullable=True),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        _moment("created_at"),
        _moment("changed_at"),
        sa.ForeignKeyConstraint(["contact_id"], ["member.id"]),
        sa.ForeignKeyConstraint(["created_by"], ["member.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("feed_id"),
    )
    op.create_index("ix_job_contact_id", "job", ["contact_id"])
    op.create_index("ix_job_state", "job", ["state"])
    op.create_table(
        "job_wish",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"]),
        sa.PrimaryKeyConstraint("member_id"),
    )
    op.create_table(
        "job_hidden",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        _moment("at"),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"]),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"]),
        sa.PrimaryKeyConstraint("member_id", "job_id"),
    )
    op.create_index("ix_job_hidden_job_id", "job_hidden", ["job_id"])


def _add_people() -> None:
    op.create_table(
        "job_referral",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("referrer_id", sa.Integer(), nullable=False),
        sa.Column("friend_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("email_hash", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        _moment("created_at"),
        _moment("answer_by"),
        _moment("answered_at", nullable=True),
        _moment("erased_at", nullable=True),
        sa.ForeignKeyConstraint(["friend_id"], ["member.id"]),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"]),
        sa.ForeignKeyConstraint(["referrer_id"], ["member.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("job_id", "email_hash"),
    )
    for column in ("friend_id", "referrer_id", "state"):
        op.create_index(f"ix_job_referral_{column}", "job_referral", [column])
    op.create_table(
        "job_interest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("referral_id", sa.Integer(), nullable=True),
        sa.Column("handler_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("ended", sa.String(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        _moment("created_at"),
        _moment("changed_at"),
        sa.ForeignKeyConstraint(["handler_id"], ["member.id"]),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"]),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"]),
        sa.ForeignKeyConstraint(["referral_id"], ["job_referral.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("job_id", "member_id"),
        sa.UniqueConstraint("referral_id"),
    )
    for column in ("handler_id", "job_id", "member_id", "stage"):
        op.create_index(f"ix_job_interest_{column}", "job_interest", [column])


def _add_feed() -> None:
    op.create_table(
        "job_feed",
        sa.Column("id", sa.Integer(), nullable=False),
        _moment("due_at", nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        _moment("read_at", nullable=True),
        sa.Column("problem", sa.String(), nullable=False),
        sa.Column("told", sa.String(), nullable=False),
        sa.Column("closing", sa.JSON(), nullable=False),
        sa.Column("agreed", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
