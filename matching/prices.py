"""Prices, and what they prove.

Give every column a price. Each row then takes the pairs that leave it most, up to its limit; no choice that keeps to
the columns' limits can be worth more than what the rows take so, plus the prices of all places (weak duality). With
the prices of a best choice among some pairs the two meet, if no pair outside is better than what its row has; where
one is, it is a new candidate.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.candidates import NONE, Arcs, Ties, join, take_highest
from matching.people import Ints, Longs
from matching.scores import NEVER, Table, iterate

NO_PRICE = np.int64(1) << 50
"""For a column that nobody may meet: dearer than anything is worth."""

NEW = 100
"""New candidates of a row at a time: measured, with 8 it takes twice as many looks at all pairs."""


@dataclass(frozen=True, slots=True)
class Prices:
    """What a place at each column costs, and what the worst pair that a row has leaves it (0 while it has room)."""

    of_column: Longs
    left_to_row: Longs


@dataclass(frozen=True, slots=True)
class Proof:
    """No choice is worth more than `bound`, bonus included; `better` are pairs that the choice did not know of."""

    bound: int
    better: Arcs


def find_prices(table: Table, arcs: Arcs, chosen: NDArray[np.bool_], bonus: int) -> Prices:
    """The lowest prices under which a best choice is best: the longest paths in what the flow has left (Bellman–Ford
    from below, only from where something changed).
    """
    whole = Arcs(arcs.rows, arcs.columns, arcs.scores + bonus)
    taken, left = whole.pick(chosen), whole.pick(~chosen)
    starts = np.searchsorted(left.rows, np.arange(table.shape[0] + 1))
    prices = np.where(table.column_limit == 0, NO_PRICE, 0)
    full = np.bincount(taken.rows, minlength=table.shape[0]) >= table.row_limit
    leaves = _leave(taken, prices, full)
    changed = np.flatnonzero(table.row_limit > 0)
    while len(changed):
        arc = _spread(starts, changed)
        before = prices.copy()
        np.maximum.at(prices, left.columns[arc], left.scores[arc] - leaves[left.rows[arc]])
        now = _leave(taken, prices, full)
        changed = np.flatnonzero((now != leaves) & (table.row_limit > 0)) if (prices != before).any() else changed[:0]
        leaves = now
    return Prices(prices, leaves)


def _leave(taken: Arcs, prices: Longs, full: NDArray[np.bool_]) -> Longs:
    """What the worst pair of each row leaves it."""
    leaves = np.where(full, NO_PRICE, 0)
    mine = full[taken.rows]
    np.minimum.at(leaves, taken.rows[mine], (taken.scores - prices[taken.columns])[mine])
    return leaves


def _spread(starts: Longs, rows: Longs) -> Longs:
    """The places of all arcs of these rows."""
    lengths = starts[rows + 1] - starts[rows]
    ends = np.cumsum(lengths)
    return np.repeat(starts[rows] - (ends - lengths), lengths) + np.arange(ends[-1] if len(ends) else 0)


def prove(table: Table, prices: Prices, bonus: int) -> Proof:
    """Looks at every pair there is, block by block."""
    bound = int((prices.of_column * table.column_limit).sum())
    ties, better = Ties(*table.shape), [NONE]
    for first, block in iterate(table):
        for row, scores in enumerate(block, first):
            limit = int(table.row_limit[row])
            if limit:
                leaves = np.where(scores > NEVER, scores + bonus - prices.of_column, 0)
                bound += _take(leaves, limit)
                places = _find_better(leaves, int(prices.left_to_row[row]), ties.of_row(row))
                better.append(Arcs(np.full(len(places), row), places, scores[places].astype(np.int64)))
    return Proof(bound, join(better))


def find_most_left(table: Table, prices: Prices, bonus: int) -> Longs:
    """What the best pair of all leaves each row; 0 where none leaves anything."""
    most = np.zeros(table.shape[0], np.int64)
    for first, block in iterate(table):
        for row, scores in enumerate(block, first):
            most[row] = np.where(scores > NEVER, scores + bonus - prices.of_column, 0).max(initial=0)
    return most


def _take(leaves: Longs, limit: int) -> int:
    """The most that a row can have: its best pairs, up to its limit, as far as they leave anything."""
    if limit == 1:
        return max(int(leaves.max(initial=0)), 0)
    best = np.partition(leaves, -limit)[-limit:] if limit < len(leaves) else leaves
    return int(best[best > 0].sum())


def _find_better(leaves: Longs, has: int, ties: Ints) -> Longs:
    """The columns that would leave a row more than what it has, the best few."""
    places = np.flatnonzero(leaves > has)
    if len(places) <= NEW:
        return places
    gains = np.minimum(leaves[places] - has, (1 << 20) - 1).astype(np.int32)
    return places[take_highest((gains << 10) + ties[places], NEW)]
