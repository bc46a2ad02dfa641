"""What the solver is told, as plain arrays: people by their number, topics by theirs. No name, no text."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]

UNKNOWN = -1
"""The department of whoever has not told one."""


@dataclass(frozen=True, slots=True)
class People:
    """Everybody who takes part.

    `employee` is 1 for employees and 0 for alumni, `department` a number or UNKNOWN. The topics of person p are
    `topics[starts[p]:starts[p + 1]]`, each at most once; `values` says what sharing each topic is worth (above zero),
    and `change` what different departments are worth. `apart` are pairs of people who must not meet, in either order;
    `shuns` pairs of a person and a department that must not meet.
    """

    employee: Ints
    department: Ints
    starts: Longs
    topics: Ints
    values: Ints
    apart: Ints
    shuns: Ints
    change: Ints

    @property
    def count(self) -> int:
        """How many they are."""
        return len(self.employee)

    def topics_of(self, person: int) -> Ints:
        """One person's topics."""
        return self.topics[self.starts[person] : self.starts[person + 1]]

    def pick(self, chosen: Longs) -> "People":
        """Only those, numbered anew in their order; nobody else can be named by `apart` or `shuns` then."""
        lengths = np.diff(self.starts)[chosen]
        starts: Longs = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
        before: Longs = np.repeat(self.starts[chosen] - starts[:-1], lengths)
        positions = before + np.arange(len(before))
        number = np.full(self.count, -1, np.int32)
        number[chosen] = np.arange(len(chosen), dtype=np.int32)
        apart, shuns = number[self.apart], self.shuns.copy()
        shuns[:, 0] = number[shuns[:, 0]]
        return People(
            self.employee[chosen],
            self.department[chosen],
            starts,
            self.topics[positions],
            self.values,
            apart[(apart >= 0).all(axis=1)],
            shuns[shuns[:, 0] >= 0],
            self.change,
        )


@dataclass(frozen=True, slots=True)
class Groups:
    """What the solver answers. `pairs` are two people each; `third` is empty, or the pair's number and the person who
    makes it three. Whoever is in neither is left over. `worth` is the sum of the pairs' scores, `bound` what it could
    be at most with as many pairs, both of the pairs alone; `missing` is how many more pairs there could be at most.
    """

    pairs: Ints
    third: Ints
    worth: Longs
    bound: Longs
    missing: Longs

    @property
    def gap(self) -> float:
        """How far the pairs can be from the best, as a share of the best: 0 is the best. Infinite while it is not
        certain that no more pairs were possible."""
        if int(self.missing[0]):
            return float("inf")
        return float(self.bound[0] - self.worth[0]) / max(float(self.bound[0]), 1.0)


def make_people(
    employee: Any, department: Any, topics: list[list[int]], values: Any, apart: Any, shuns: Any, change: int
) -> People:
    """People from lists; topics that somebody names twice count once."""
    own = [sorted(set(each)) for each in topics]
    starts = np.concatenate(([0], np.cumsum([len(each) for each in own], dtype=np.int64))).astype(np.int64)
    flat = [topic for each in own for topic in each]
    return People(
        np.asarray(employee, np.int32),
        np.asarray(department, np.int32),
        starts,
        np.asarray(flat, np.int32),
        np.asarray(values, np.int32),
        np.asarray(apart, np.int32).reshape(-1, 2),
        np.asarray(shuns, np.int32).reshape(-1, 2),
        np.asarray([change], np.int32),
    )


def join_people(parts: Sequence[People], apart: Any, shuns: Any) -> People:
    """Several parts made with the same values, one after the other, as one; what stands between people is numbered as
    in the whole. Raises ValueError when there is no part."""
    lengths = np.concatenate([np.diff(part.starts) for part in parts])
    return People(
        np.concatenate([part.employee for part in parts]),
        np.concatenate([part.department for part in parts]),
        np.concatenate(([0], np.cumsum(lengths))).astype(np.int64),
        np.concatenate([part.topics for part in parts]),
        parts[0].values,
        np.asarray(apart, np.int32).reshape(-1, 2),
        np.asarray(shuns, np.int32).reshape(-1, 2),
        parts[0].change,
    )


def pack(arrays: People | Groups) -> bytes:
    """The arrays as bytes, in numpy's own plain format: no pickle on either side."""
    file = io.BytesIO()
    np.savez(file, **{field.name: getattr(arrays, field.name) for field in fields(arrays)})
    return file.getvalue()


def unpack_people(data: bytes) -> People:
    """What `pack` made of People. Raises ValueError or KeyError for anything else."""
    return People(**_unpack(data, People))


def unpack_groups(data: bytes) -> Groups:
    """What `pack` made of Groups. Raises ValueError or KeyError for anything else."""
    return Groups(**_unpack(data, Groups))


def _unpack(data: bytes, kind: type[Any]) -> dict[str, Any]:
    with np.load(io.BytesIO(data), allow_pickle=False) as found:
        return {field.name: found[field.name] for field in fields(kind)}
