"""Figures for HR: unmet demand by people instead of by what was typed, and what may be shown of it.

Revision 0005, after 0004.
"""

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Changes the tables. What was noted of unmet demand goes: it can't be counted by people."""
    op.drop_table("unmet_demand")
    op.create_table(
        "unmet_demand",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("term", sa.String(), nullable=False),
        sa.Column("asker", sa.String(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("term", "asker"),
    )
    op.create_index("ix_unmet_demand_month", "unmet_demand", ["month"])
    op.create_table(
        "month_figures",
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=True),
        sa.Column("accepted", sa.Integer(), nullable=True),
        sa.Column("held", sa.Integer(), nullable=True),
        sa.Column("useful", sa.Float(), nullable=True),
        sa.Column("spread", sa.Float(), nullable=True),
        sa.Column("counted_at", storage.types.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("asked IS NULL OR asked >= 5", name="ck_enough_asked"),
        sa.CheckConstraint("accepted IS NULL OR accepted >= 5", name="ck_enough_accepted"),
        sa.CheckConstraint("held IS NULL OR held >= 5", name="ck_enough_held"),
        sa.PrimaryKeyConstraint("month"),
    )
    op.create_table(
        "demand_figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("term", sa.String(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("since", sa.String(), nullable=False),
        sa.Column("until", sa.String(), nullable=False),
        sa.CheckConstraint("people IS NULL OR people >= 5", name="ck_enough_people"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("term", "until"),
    )
    op.create_index("ix_demand_figure_until", "demand_figure", ["until"])
