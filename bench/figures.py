"""The arithmetic of the benchmarks, and how figures are shown and kept. Knows nothing of Musubi."""

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from rich.table import Table

Better = Literal["less", "more"]


@dataclass(frozen=True, slots=True)
class Aim:
    """What a figure should be: at most `value` where less is better, at least `value` where more is."""

    value: float
    better: Better

    def is_met(self, figure: float) -> bool:
        """Whether a figure reaches the aim; exactly on it counts."""
        return figure <= self.value if self.better == "less" else figure >= self.value

    def __str__(self) -> str:
        return f"{'≤' if self.better == 'less' else '≥'} {self.value:g}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value: the median of the repeats. `spread` is the distance between their quartiles, in `unit`."""

    name: str
    value: float
    unit: str
    spread: float
    aim: Aim | None = None

    @property
    def met(self) -> bool | None:
        """Whether the aim is reached; None for a figure that only informs."""
        return None if self.aim is None else self.aim.is_met(self.value)


def summarise(name: str, values: Sequence[float], unit: str, aim: Aim | None = None) -> Figure:
    """The figure of several repeats. Raises ValueError when there are none."""
    if not values:
        raise ValueError(f"nothing was measured for {name}")
    return Figure(name, statistics.median(values), unit, spread_of(values), aim)


def spread_of(values: Sequence[float]) -> float:
    """The distance between the first and the third quartile; 0 for a single value."""
    if len(values) < 2:
        return 0.0
    first, _, third = statistics.quantiles(values, n=4, method="inclusive")
    return third - first


def divide(above: Sequence[float], below: Sequence[float]) -> list[float]:
    """The ratio of each repeat: only what was measured side by side is compared, so that a machine which is busy for a
    while slows both. Raises ValueError when the repeats don't pair up or a divisor is not above zero.
    """
    if len(above) != len(below):
        raise ValueError(f"{len(above)} repeats can't be held against {len(below)}")
    if any(value <= 0 for value in below):
        raise ValueError("nothing can be compared with what took no time")
    return [one / other for one, other in zip(above, below, strict=True)]


def make_table(figures: Sequence[Figure]) -> Table:
    """The figures for people."""
    table = Table(title="Musubi: benchmarks", title_justify="left")
    table.add_column("what", overflow="fold")
    for heading in ("median", "spread", "aim"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("met")
    for figure in figures:
        aim = "" if figure.aim is None else str(figure.aim)
        met = {True: "[green]yes[/]", False: "[red]no[/]", None: ""}[figure.met]
        table.add_row(figure.name, f"{show(figure.value)} {figure.unit}", show(figure.spread), aim, met)
    return table


def show(value: float) -> str:
    """A number with three digits that count: 0.0123, 5.43, 18,200."""
    if value == 0:
        return "0"
    return f"{float(f'{value:.3g}'):,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def write_json(figures: Sequence[Figure], path: Path) -> None:
    """Keeps the figures for programs: a list of name, value, unit, spread, aim (as shown, or null), met."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([_as_json(figure) for figure in figures], ensure_ascii=False, indent=2) + "\n", "utf-8")


def _as_json(figure: Figure) -> dict[str, object]:
    fields: dict[str, object] = asdict(figure)
    return fields | {"aim": None if figure.aim is None else str(figure.aim), "met": figure.met}
