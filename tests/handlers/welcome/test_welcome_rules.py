"""Who is welcomed how, and which nudges make sense."""

from datetime import timedelta

import pytest

from bot.policy import Policy
from handlers.welcome.rules import Greeting, choose_greeting, is_last, is_overtaken
from storage.models import Member, Role, Status
from tests.support.world import START

DAY = timedelta(days=1)


def member(status: Status, role: Role = Role.ALUMNUS, *, is_hr: bool = False, step: int = 0) -> Member:
    return Member(status=status, role=role, is_hr=is_hr, registration_step=step, created_at=START)


@pytest.mark.parametrize(
    ("somebody", "greeting"),
    [
        (member(Status.UNVERIFIED), Greeting.LEAVER),
        (member(Status.UNVERIFIED, step=1), Greeting.NONE),
        (member(Status.ACTIVE), Greeting.NONE),
        (member(Status.ACTIVE, Role.EMPLOYEE), Greeting.EMPLOYEE),
        (member(Status.ACTIVE, Role.EMPLOYEE, is_hr=True), Greeting.HR),
        (member(Status.PAUSED, Role.EMPLOYEE), Greeting.NONE),
        (member(Status.SUSPENDED, Role.EMPLOYEE, is_hr=True), Greeting.NONE),
        (member(Status.WITHDRAWN), Greeting.NONE),
    ],
)
def test_each_gets_the_welcome_that_suits(somebody: Member, greeting: Greeting) -> None:
    assert choose_greeting(somebody) is greeting


@pytest.mark.parametrize(("days_late", "overtaken"), [(0, False), (3.9, False), (4, True), (30, True)])
def test_a_nudge_is_left_out_when_the_next_one_is_due_too(days_late: float, overtaken: bool) -> None:
    due = START + 3 * DAY
    assert is_overtaken(1, due, due + days_late * DAY, Policy()) is overtaken


@pytest.mark.parametrize("days_late", [0, 100])
def test_the_last_nudge_is_never_left_out_for_another(days_late: int) -> None:
    due = START + 7 * DAY
    assert not is_overtaken(2, due, due + days_late * DAY, Policy())


def test_silence_follows_the_last_nudge() -> None:
    assert [is_last(step, Policy()) for step in (1, 2, 3)] == [False, True, True]
    assert is_last(1, Policy(registration_nudges=(DAY,)))
