"""The benchmarks' own arithmetic."""

import json
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from bench.commands import make_figures as make_command_figures
from bench.figures import Aim, Figure, divide, make_table, show, spread_of, summarise, write_json
from bench.outbox import make_figures as make_outbox_figures
from bench.stopwatch import Lap


def laps(*processor: float) -> list[Lap]:
    return [Lap(each, each * 2) for each in processor]


@pytest.mark.parametrize(
    ("better", "figure", "met"),
    [("less", 5.9, True), ("less", 6.0, True), ("less", 6.1, False), ("more", 6.1, True), ("more", 5.9, False)],
)
def test_an_aim_is_a_limit_on_one_side(better: str, figure: float, met: bool) -> None:
    aim = Aim(6, "less" if better == "less" else "more")
    assert aim.is_met(figure) is met


def test_a_figure_is_the_median_and_the_distance_of_the_quartiles() -> None:
    figure = summarise("x", [1.0, 2.0, 3.0, 4.0, 100.0], "×", Aim(6, "less"))
    assert (figure.value, figure.spread, figure.met) == (3.0, 2.0, True)


def test_one_repeat_has_no_spread_and_none_is_no_figure() -> None:
    assert spread_of([7.0]) == 0.0
    with pytest.raises(ValueError, match="nothing was measured for x"):
        summarise("x", [], "×")


def test_a_figure_that_only_informs_is_neither_met_nor_missed() -> None:
    assert summarise("x", [1.0], "µs").met is None


def test_ratios_are_of_what_ran_side_by_side() -> None:
    assert divide([10.0, 40.0, 9.0], [2.0, 8.0, 3.0]) == [5.0, 5.0, 3.0]


@pytest.mark.parametrize(("above", "below"), [([1.0], [1.0, 2.0]), ([1.0], [0.0]), ([1.0], [-1.0])])
def test_what_can_not_be_compared_is_refused(above: list[float], below: list[float]) -> None:
    with pytest.raises(ValueError, match=r"held against|no time"):
        divide(above, below)


@pytest.mark.parametrize(
    ("value", "shown"), [(0, "0"), (0.01234, "0.0123"), (5.432, "5.43"), (99.96, "100"), (18234.0, "18,200")]
)
def test_numbers_have_three_digits_that_count(value: float, shown: str) -> None:
    assert show(value) == shown


def test_the_json_is_a_list_of_names_values_spreads_and_aims(tmp_path: Path) -> None:
    path = tmp_path / "var" / "bench.json"
    write_json([Figure("a ÷ b", 21.5, "×", 0.5, Aim(20, "more")), Figure("a", 3.0, "µs", 0.1)], path)
    assert json.loads(path.read_text("utf-8")) == [
        {"name": "a ÷ b", "value": 21.5, "unit": "×", "spread": 0.5, "aim": "≥ 20", "met": True},
        {"name": "a", "value": 3.0, "unit": "µs", "spread": 0.1, "aim": None, "met": None},
    ]


def test_the_table_says_what_is_met_and_what_is_missed() -> None:
    console = Console(width=120, record=True, file=StringIO())
    console.print(
        make_table([Figure("good", 5.0, "×", 0.1, Aim(6, "less")), Figure("bad", 7, "×", 0.1, Aim(6, "less"))])
    )
    good, bad = [line for line in console.export_text().splitlines() if "good" in line or "bad" in line]
    assert "≤ 6" in good
    assert "yes" in good
    assert "no" in bad


def test_commands_are_compared_by_processor_time() -> None:
    given = {"bare": laps(1e-4), "strict": laps(5e-5), "help": laps(4e-4), "home": laps(7e-4), "more": laps(7.7e-4)}
    figures = {figure.name: figure for figure in make_command_figures(given)}
    help_, home, strict, _, more, *_ = figures.values()
    assert [round(each.value, 6) for each in (help_, home, strict, more)] == [4.0, 7.0, 8.0, 1.1]
    assert [each.met for each in (help_, home, strict)] == [True, False, None]
    assert figures["/alumni help: processor time"].value == pytest.approx(400)


def test_the_outbox_is_compared_by_rows_a_second() -> None:
    measured = {"worker": laps(1e-4), "one by one": laps(3e-3), "unsafe": laps(1e-3)}
    ratio, processor, unsafe, rate, naive = make_outbox_figures(measured)
    assert (round(ratio.value, 6), ratio.met, round(processor.value, 6)) == (30.0, True, 30.0)
    assert (round(unsafe.value, 6), unsafe.aim) == (10.0, None)
    assert (round(rate.value), round(naive.value)) == (5000, 167)
