"""What a pair is worth: the one place that decides it. Whole numbers, computed for a few rows at a time, so that the
table of all pairs never stands in memory.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from matching.people import UNKNOWN, Ints, Longs, People

NEVER = -1
"""The score of two who must not meet."""

ROWS = 128
"""Rows in a block: with 10,000 columns it has 5 MB, which a processor's cache nearly holds."""


@dataclass(frozen=True, slots=True)
class Table:
    """The scores of every pair of a row and a column, worked out when they are needed.

    A row may be paired with `row_limit` columns and a column with `column_limit` rows, each pair once.
    """

    rows: People
    columns: People
    row_limit: Longs
    column_limit: Longs
    forbidden: tuple[Longs, Longs]
    """For each row (as starts, as in People) the columns it must not meet."""

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.rows.count, self.columns.count

    @property
    def highest(self) -> int:
        """No score is higher."""
        owners = np.repeat(np.arange(self.rows.count), np.diff(self.rows.starts))
        worth = np.bincount(owners, weights=self.rows.values[self.rows.topics])
        return int(worth.max(initial=0)) + int(self.rows.change[0])

    def turned(self) -> "Table":
        """Rows as columns and columns as rows."""
        starts, columns = self.forbidden
        rows = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
        forbidden = _by_row(columns, rows, self.columns.count)
        return Table(self.columns, self.rows, self.column_limit, self.row_limit, forbidden)


def make_table(
    rows: People,
    columns: People,
    pairs: tuple[Longs, Longs],
    row_limit: Longs | None = None,
    column_limit: Longs | None = None,
) -> Table:
    """The table of two sides; `pairs` are the rows and columns that must not meet. Without limits, one each."""
    return Table(
        rows,
        columns,
        np.ones(rows.count, np.int64) if row_limit is None else row_limit,
        np.ones(columns.count, np.int64) if column_limit is None else column_limit,
        _by_row(*pairs, rows.count),
    )


def _by_row(rows: Longs, columns: Longs, count: int) -> tuple[Longs, Longs]:
    order = np.argsort(rows, kind="stable")
    starts = np.concatenate(([0], np.cumsum(np.bincount(rows, minlength=count)))).astype(np.int64)
    return starts, columns[order].astype(np.int64)


def list_forbidden(people: People) -> tuple[Longs, Longs]:
    """The pairs of people who must not meet, in both orders: named ones, and those of a person and a department."""
    members: list[tuple[Longs, Longs]] = [(people.apart[:, 0].astype(np.int64), people.apart[:, 1].astype(np.int64))]
    for person, department in people.shuns.tolist():
        there = np.flatnonzero(people.department == department)
        members.append((np.full(len(there), person, np.int64), there))
    one = np.concatenate([pair[0] for pair in members])
    other = np.concatenate([pair[1] for pair in members])
    return np.concatenate((one, other)), np.concatenate((other, one))


def iterate(table: Table) -> Iterator[tuple[int, Ints]]:
    """All scores, block by block: the number of the first row, and its scores and those of the rows after it. The
    array is used again for the next block. Two who must not meet have NEVER.
    """
    holders = _list_by(table.columns.topics, len(table.rows.values), np.repeat(*_numbered(table.columns)))
    departments = _list_departments(table)
    rows, columns = table.shape
    block = np.empty((min(ROWS, rows), columns), np.int32)
    for first in range(0, rows, ROWS):
        used = block[: min(ROWS, rows - first)]
        for number, scores in enumerate(used, first):
            _fill(scores, number, table, holders, departments)
        yield first, used


def _numbered(people: People) -> tuple[Longs, Longs]:
    return np.arange(people.count), np.diff(people.starts)


def _list_by(keys: Ints, count: int, items: Longs) -> list[Longs]:
    """The items by their key, 0 to count - 1."""
    order = np.argsort(keys, kind="stable")
    return np.split(items[order], np.cumsum(np.bincount(keys, minlength=count))[:-1])


def _list_departments(table: Table) -> list[Longs]:
    """The columns by department; the last are those of whom none is known."""
    count = int(max(table.rows.department.max(initial=0), table.columns.department.max(initial=0))) + 1
    known = np.where(table.columns.department == UNKNOWN, count, table.columns.department)
    return _list_by(known, count + 1, np.arange(table.columns.count))


def _fill(scores: Ints, row: int, table: Table, holders: list[Longs], departments: list[Longs]) -> None:
    """The scores of one row: what they share, and something for meeting another department."""
    people, department, change = table.rows, int(table.rows.department[row]), table.rows.change[0]
    if department == UNKNOWN:
        scores.fill(0)
    else:
        scores.fill(change)
        scores[departments[department]] = 0
        scores[departments[-1]] = 0
    for topic in people.topics_of(row).tolist():
        scores[holders[topic]] += people.values[topic]
    starts, forbidden = table.forbidden
    scores[forbidden[starts[row] : starts[row + 1]]] = NEVER


def score_pairs(one: People, other: People, pairs: tuple[Longs, Longs]) -> Longs:
    """The scores of some pairs, whether they may meet or not. The same numbers as `iterate`, pair by pair."""
    found = np.zeros(len(pairs[0]), np.int64)
    for number, (row, column) in enumerate(zip(pairs[0].tolist(), pairs[1].tolist(), strict=True)):
        shared = np.intersect1d(one.topics_of(row), other.topics_of(column), assume_unique=True)
        here, there = int(one.department[row]), int(other.department[column])
        differ = UNKNOWN not in (here, there) and here != there
        found[number] = int(one.values[shared].sum()) + (int(one.change[0]) if differ else 0)
    return found
