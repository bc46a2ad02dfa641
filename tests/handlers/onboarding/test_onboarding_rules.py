"""The lock after too many wrong codes, what a code is worth, months as people write them."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.incoming import FormValues
from bot.policy import Policy
from handlers.onboarding.rules import (
    WINDOW,
    Gap,
    Identity,
    Step,
    Tries,
    Verdict,
    check_identity,
    count_tries,
    judge_code,
    look_back,
    next_step,
    read_identity,
    read_month,
)
from storage.models import Member, RosterEntry
from tests.support.world import START

POLICY = Policy()
MINUTE = timedelta(minutes=1)


def at(*minutes: float) -> list[datetime]:
    return [START + minute * MINUTE for minute in minutes]


@pytest.mark.parametrize(
    ("wrong", "now", "tries"),
    [
        ([], 0, Tries(5)),
        ([0], 0, Tries(4)),
        ([0, 1, 2, 3], 3, Tries(1)),
        ([0, 1, 2, 3, 4], 4, Tries(0, START + 64 * MINUTE)),
        ([0, 1, 2, 3, 4], 63.9, Tries(0, START + 64 * MINUTE)),
        ([0, 1, 2, 3, 4], 64, Tries(5)),
        ([0, 1, 2, 3], 60.5, Tries(2)),
        ([0, 1, 2, 3, 61], 61, Tries(2)),
        ([0, 15, 30, 45, 60], 60, Tries(1)),
        ([0, 15, 30, 45, 59], 59, Tries(0, START + 119 * MINUTE)),
        ([0, 1, 2, 3, 4, 65], 65, Tries(4)),
    ],
)
def test_five_within_an_hour_lock_for_an_hour(wrong: list[float], now: float, tries: Tries) -> None:
    assert count_tries(at(*wrong), START + now * MINUTE, POLICY) == tries


def play(gaps: list[int]) -> tuple[list[datetime], int]:
    """Somebody tries again and again, `gaps` seconds apart; a locked form takes nothing. The most taken in an hour."""
    now, wrong = START, list[datetime]()
    for gap in gaps:
        now += timedelta(seconds=gap)
        known = [moment for moment in wrong if moment >= look_back(now, POLICY)]
        assert count_tries(known, now, POLICY) == count_tries(wrong, now, POLICY), "old ones need not be known"
        if count_tries(known, now, POLICY).locked_until is None:
            wrong.append(now)
    most = max((sum(first <= other < first + WINDOW for other in wrong) for first in wrong), default=0)
    return wrong, most


@given(st.lists(st.integers(0, 5000), max_size=60))
def test_however_fast_somebody_guesses_an_hour_takes_five(gaps: list[int]) -> None:
    assert play(gaps)[1] <= POLICY.code_tries


@given(st.lists(st.integers(0, 5000), max_size=40))
def test_the_tries_left_are_what_is_left_before_the_lock(gaps: list[int]) -> None:
    wrong, _most = play(gaps)
    now = wrong[-1] if wrong else START
    tries = count_tries(wrong, now, POLICY)
    assert (tries.locked_until is not None) == (tries.left == 0)
    more = [now] * tries.left
    assert count_tries([*wrong, *more], now, POLICY).locked_until is not None
    assert not more or count_tries([*wrong, *more[1:]], now, POLICY).left == 1


def entry(expires: datetime | None = START + 60 * MINUTE, used: datetime | None = None) -> RosterEntry:
    return RosterEntry(
        employee_number="1",
        name="佐藤 美咲",
        left_on=date(2026, 3, 31),
        imported_at=START,
        code_expires_at=expires,
        code_used_at=used,
    )


@pytest.mark.parametrize(
    ("roster_entry", "is_registered", "verdict"),
    [
        (None, False, Verdict.UNKNOWN),
        (entry(), False, Verdict.GOOD),
        (entry(expires=None), False, Verdict.GOOD),
        (entry(expires=START), False, Verdict.EXPIRED),
        (entry(used=START), False, Verdict.USED),
        (entry(), True, Verdict.USED),
        (entry(expires=START, used=START), False, Verdict.USED),
    ],
)
def test_a_code_works_once_until_its_day(
    roster_entry: RosterEntry | None, is_registered: bool, verdict: Verdict
) -> None:
    assert judge_code(roster_entry, is_registered, START) is verdict


@pytest.mark.parametrize(
    "text",
    [
        "2026-03",
        "2026/3",
        "2026年3月",
        "２０２６年３月",
        "2026年3月31日",
        "2026.03",
        "202603",
        "20260331",
        " 2026 - 3 ",
        "2026−03",
        "2026ー3",
        "2026/03/31",
        "令和8年3月",
        "R8.3",
        "r8/3",
        "Ｒ８．３",
        "3/2026",
        "03.2026",
        "March 2026",
        "mar 2026",
        "Mar. 2026",
        "March, 2026",
    ],
)
def test_a_month_however_it_is_written(text: str) -> None:
    assert read_month(text) == "2026-03"


@pytest.mark.parametrize(
    ("text", "month"),
    [("平成31年4月", "2019-04"), ("令和元年5月", "2019-05"), ("S63.12", "1988-12"), ("R1/10", "2019-10")],
)
def test_a_month_of_an_era(text: str, month: str) -> None:
    assert read_month(text) == month


@pytest.mark.parametrize(
    "text", ["", "春", "2026", "2026-13", "2026-00", "26-3", "Foo 2026", "3", "昨年の3月", "9999-01"]
)
def test_what_is_no_month(text: str) -> None:
    assert read_month(text) is None


@given(st.dates(date(1950, 1, 1), date(2100, 12, 31)))
def test_every_day_s_month_is_read(day: date) -> None:
    month = f"{day:%Y-%m}"
    for text in (month, f"{day:%Y%m}", f"{day:%Y%m%d}", f"{day.year}年{day.month}月", f"{day:%B %Y}", day.isoformat()):
        assert read_month(text) == month


@given(st.text(max_size=30))
def test_any_text_is_a_month_or_none(text: str) -> None:
    month = read_month(text)
    assert month is None or date.fromisoformat(f"{month}-01")


def test_a_code_is_enough() -> None:
    assert check_identity(Identity(code="x")) == {}
    assert check_identity(Identity(code="x", left="春")) == {}


def test_without_a_code_it_takes_all_three() -> None:
    assert check_identity(Identity()) == {"code": Gap.NOTHING}
    assert check_identity(Identity(number="1")) == {"name": Gap.MISSING, "left": Gap.MISSING}
    assert check_identity(Identity(number="1", name="佐藤", left="春")) == {"left": Gap.UNREADABLE}
    assert check_identity(Identity(number="1", name="佐藤", left="2026-03")) == {}


def test_what_was_entered_is_read_as_typed() -> None:
    values = FormValues({"code": " 7k3m ", "number": "１", "name": "佐藤　美咲", "left": "R8.3"})
    assert read_identity(values) == Identity("7k3m", "１", "佐藤　美咲", "R8.3")
    assert read_identity(FormValues({})) == Identity()


def test_the_next_step_follows_from_what_is_done() -> None:
    steps = [next_step(Member(registration_step=done, created_at=START)) for done in range(3)]
    assert steps == [Step.IDENTIFY, Step.ABOUT, Step.CHOICES]
