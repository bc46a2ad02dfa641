"""The best choice among some pairs: min-cost flow, and the prices that prove it."""

from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import min_cost_flow

from matching.candidates import Arcs
from matching.people import Longs


class NotSolved(Exception):
    """OR-tools gave up; its status is the argument."""


def choose(arcs: Arcs, row_limit: Longs, column_limit: Longs, bonus: int) -> NDArray[np.bool_]:
    """Which of the arcs make the highest sum of scores, each plus `bonus`, within the limits.

    Whoever is left over flows past the columns, straight to the end, and costs nothing. Raises NotSolved.
    """
    rows, columns = len(row_limit), len(column_limit)
    end = rows + columns
    places, side = np.arange(rows), rows + np.arange(columns)
    flow = cast(Any, min_cost_flow).SimpleMinCostFlow()  # its stub has one-dimensional arrays that are none of numpy's
    flow.add_arcs_with_capacity_and_unit_cost(
        np.concatenate((arcs.rows, side, places)).astype(np.int32),
        np.concatenate((arcs.columns + rows, np.full(columns + rows, end))).astype(np.int32),
        np.concatenate((np.ones(arcs.count, np.int64), column_limit, row_limit)),
        np.concatenate((-(arcs.scores + bonus), np.zeros(columns + rows, np.int64))),
    )
    flow.set_nodes_supplies(
        np.concatenate((places, [end])).astype(np.int32), np.concatenate((row_limit, [-row_limit.sum()]))
    )
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise NotSolved(str(status))
    return np.asarray(flow.flows(np.arange(arcs.count))) > 0
