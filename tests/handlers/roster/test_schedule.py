"""When invitations go out: on the last day at the community's hour, never at night, never before the last day."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy import Policy, QuietHours
from bot.quiet import is_quiet
from handlers.roster.importing import plan_invitation
from handlers.roster.schedule import (
    RECENT,
    invitation_moment,
    invitation_now,
    is_before_last_day,
    on_last_day,
)

TOKYO = ZoneInfo("Asia/Tokyo")
POLICY = Policy()
NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
"""Ten in the morning in Tokyo."""
ZONES = st.sampled_from(["Asia/Tokyo", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "UTC"])
MOMENTS = st.integers(0, 400 * 24 * 60).map(lambda minutes: NOW + timedelta(minutes=minutes))


def local(year: int, month: int, day: int, hour: int = 10) -> datetime:
    return datetime(year, month, day, hour, tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("left", "now", "at"),
    [
        (date(2026, 11, 30), NOW, local(2026, 11, 30)),
        (date(2026, 11, 20), NOW - timedelta(minutes=1), local(2026, 11, 20)),
        (date(2026, 11, 20), NOW, NOW),
        (date(2026, 11, 20), local(2026, 11, 20, 23), local(2026, 11, 21, 8)),
        (date(2026, 11, 13), NOW, NOW),
        (date(2026, 11, 12), NOW, local(2026, 11, 21)),
        (date(1998, 3, 31), local(2026, 11, 20, 2), local(2026, 11, 21)),
    ],
)
def test_when(left: date, now: datetime, at: datetime) -> None:
    assert invitation_moment(left, POLICY, now) == at


def test_another_hour_and_another_place() -> None:
    policy = Policy(zone="America/New_York", invitation_at=time(16, 30))
    assert on_last_day(date(2026, 11, 30), policy) == datetime(2026, 11, 30, 21, 30, tzinfo=UTC)
    assert is_before_last_day(date(2026, 11, 30), policy, datetime(2026, 11, 30, 21, 29, tzinfo=UTC))
    assert not is_before_last_day(date(2026, 11, 30), policy, datetime(2026, 11, 30, 21, 30, tzinfo=UTC))


@given(st.dates(date(2026, 1, 1), date(2028, 1, 1)), MOMENTS, ZONES)
def test_never_before_now_nor_before_the_last_day(left: date, now: datetime, zone: str) -> None:
    policy = Policy(zone=zone)
    at = invitation_moment(left, policy, now)
    assert at >= now
    assert at >= on_last_day(left, policy)
    assert at - max(now, on_last_day(left, policy)) <= timedelta(days=2)


@given(MOMENTS, ZONES, st.integers(0, 23), st.integers(0, 23))
def test_never_at_night(now: datetime, zone: str, start: int, end: int) -> None:
    policy = Policy(zone=zone, quiet=QuietHours(time(start), time(end)))
    at = invitation_now(policy, now)
    assert now <= at <= now + timedelta(days=1, hours=1)
    assert not is_quiet(at.astimezone(ZoneInfo(zone)).hour, start, end)


@given(st.integers(0, 7), MOMENTS)
def test_those_who_left_lately_wait_for_the_morning_at_most(days: int, now: datetime) -> None:
    today = now.astimezone(TOKYO).date()
    at = invitation_moment(today - timedelta(days=days), POLICY, now)
    assert days <= RECENT.days
    assert at - now <= timedelta(hours=11)


def known(**values: Any) -> dict[str, Any]:
    row = {"member_id": None, "code_used_at": None, "invited_at": None, "email": "a@mail.example"}
    return row | {"left_on": date(2026, 11, 30)} | values


@pytest.mark.parametrize(
    ("before", "after", "at"),
    [
        (known(), {}, None),
        (known(), {"left_on": date(2026, 12, 4)}, local(2026, 12, 4)),
        (known(email=""), {"email": "a@mail.example"}, local(2026, 11, 30)),
        (known(email="", left_on=date(2026, 11, 18)), {"email": "a@mail.example"}, NOW),
        (known(invited_at=NOW), {}, None),
        (known(invited_at=NOW), {"left_on": date(2026, 12, 4)}, None),
        (known(invited_at=NOW), {"email": "b@mail.example"}, NOW),
        (known(member_id=7), {"email": "b@mail.example", "left_on": date(2026, 12, 4)}, None),
        (known(code_used_at=NOW), {"email": "b@mail.example"}, None),
    ],
    ids=[
        "nothing that counts",
        "another day",
        "an address at last",
        "an address too late",
        "invited",
        "invited, another day",
        "invited at the wrong address",
        "joined",
        "came in with the code",
    ],
)
def test_what_a_change_means_for_the_invitation(
    before: dict[str, Any], after: dict[str, Any], at: datetime | None
) -> None:
    assert plan_invitation(before, before | after, POLICY, NOW) == at
