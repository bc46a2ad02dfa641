"""Figures for HR: only what five people or more are behind is ever kept in the tables that HR's page reads."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from storage.models.base import Table
from storage.types import UtcDateTime

FEWEST_PEOPLE = 5
"""Nothing is told to HR about fewer people than this (the product's description). The database holds it too."""


def _enough(column: str) -> CheckConstraint:
    return CheckConstraint(f"{column} IS NULL OR {column} >= {FEWEST_PEOPLE}", name=f"ck_enough_{column}")


class UnmetDemand(Table, table=True):
    """Somebody wished to talk about `term`, and nobody could help. It waits here, unseen by HR, until enough people
    have wished for the same, and is then deleted, as it is when too few have after some months."""

    __table_args__ = (UniqueConstraint("term", "asker"),)

    id: int | None = Field(default=None, primary_key=True)
    term: str
    """`concept:` and its id in the vocabulary, or `word:` and a folded word; never what was typed as a whole."""
    asker: str
    """A keyed hash: it tells people apart, and tells nobody who they are without the installation's secret."""
    month: str = Field(index=True)
    """The newest month in which they wished for it: `2026-11`, coarse on purpose."""


class MonthFigures(Table, table=True):
    """A month that has ended, counted once and never again. Whatever would tell of too few people is NULL."""

    __table_args__ = (_enough("asked"), _enough("accepted"), _enough("held"))

    month: str = Field(primary_key=True)
    """`2026-11`, in the community's zone."""
    asked: int | None = None
    """How many people asked for a consultation."""
    accepted: int | None = None
    """How many people's wish was accepted by somebody."""
    held: int | None = None
    """How many people's consultation took place."""
    useful: float | None = None
    """The average of both sides' answers, from 1 to 5."""
    spread: float | None = None
    """Their standard deviation."""
    counted_at: datetime = Field(sa_type=UtcDateTime)


class DemandFigure(Table, table=True):
    """A topic that nobody could help with, and how many people wished for it between two months."""

    __table_args__ = (UniqueConstraint("term", "until"), _enough("people"))

    id: int | None = Field(default=None, primary_key=True)
    term: str
    people: int
    since: str
    until: str = Field(index=True)
