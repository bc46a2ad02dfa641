"""Rows to columns, certified: candidates, flow, prices, new candidates, until nothing better is left."""

from dataclasses import dataclass

from matching.candidates import MOST, Arcs, find_candidates, merge
from matching.flow import choose
from matching.prices import Prices, find_prices, prove
from matching.scores import Table
from matching.value import Value

CLOSE = 2e-5
"""A gap so small, as a share, is not worth another look: 0.002%, where 0.01% is promised. Scores are whole numbers, so
that anything worth less than 50,000 is solved exactly."""

LOOKS = 30
"""At most so many looks at all pairs; two to four are usual."""


@dataclass(frozen=True, slots=True)
class Choice(Value):
    """The pairs chosen, and the prices that prove it."""

    arcs: Arcs
    prices: Prices


def assign(table: Table, *, candidates: int = MOST, looks: int = LOOKS) -> Choice:
    """The best choice of pairs within the limits, with the proof. Raises `matching.flow.NotSolved`."""
    arcs, bonus = find_candidates(table, candidates), find_bonus(table)
    while True:
        chosen = choose(arcs, table.row_limit, table.column_limit, bonus)
        prices = find_prices(table, arcs, chosen, bonus)
        proof = prove(table, prices, bonus)
        taken = arcs.pick(chosen)
        worth = int(taken.scores.sum())
        choice = Choice(worth, proof.bound - worth - bonus * taken.count, bonus, taken, prices)
        looks -= 1
        if is_close(choice) or not proof.better.count or not looks:
            return choice
        arcs = merge((arcs, proof.better), table.shape[1])


def find_bonus(table: Table) -> int:
    """More than all scores together: one pair more is always better."""
    most = min(int(table.row_limit.sum()), int(table.column_limit.sum()))
    return (table.highest + 1) * max(most, 1)


def is_close(choice: Choice) -> bool:
    """Whether looking on is not worth it."""
    return not choice.missing and choice.short <= CLOSE * choice.bound
