"""A round from its announcement to the last introduction. Each step is a transaction of its own that counts once; what
takes long stands between two of them. A crash anywhere is made up for by the next call.
"""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import structlog

from bot.feature import Step
from bot.policy import Policy
from handlers.coffee import views
from handlers.coffee.desk import Desk
from handlers.coffee.introducing import AT_ONCE, introduce_some, tell_left_over
from handlers.coffee.rules import LEASE, find_start
from handlers.coffee.solving import Snapshot, read_apart, read_people, solve
from handlers.coffee.views import Reason
from handlers.desk import send
from matching.process import SolverFailed
from storage.models import CoffeeRound, RoundState
from storage.queries import coffee as queries
from storage.queries.coffee import Person
from storage.queries.consultations import list_hr
from storage.uow import UnitOfWork

log = structlog.get_logger(__name__)

REST = timedelta(minutes=10)
ATTEMPTS = 3
"""The solver is tried so often, with a rest between, before people are told that it doesn't work."""

_AT_A_TIME = 5
"""People who are told of a round in one transaction: others wait for it."""

BREATH = 0.02
"""Seconds between two steps, each of which takes ten or twenty milliseconds."""

_WRITTEN = 250
"""Groups of a plan that are written in one transaction."""


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be done at a round now."""

    id: int
    day: date
    state: str


async def work(run: Step) -> bool:
    """Does what there is to do at one round; returns whether there was anything."""
    task = await run(take)
    if task is None:
        return False
    match task.state:
        case RoundState.ANNOUNCING:
            await _repeat(run, announce_some, task.id)
        case RoundState.FROZEN:
            await _find_groups(run, task)
        case _:
            await _repeat(run, introduce_some, task.id, AT_ONCE)
    return True


async def _repeat(run: Step, step: Callable[..., bool], *arguments: int) -> None:
    """Takes a step until there is nothing more to do, with a breath between two, in which others get their turn."""
    while await run(step, *arguments):  # noqa: ASYNC110 - it is others that are given time, nothing is waited for
        await asyncio.sleep(BREATH)


def take(desk: Desk) -> Task | None:
    """A round at which there is something to do, and nobody else at it: it is left to us for a while."""
    found = queries.find_unfinished(desk.db, desk.now)
    if found is None:
        return None
    found.try_at = desk.now + LEASE
    return Task(found.id or 0, found.day, found.state)


def announce_some(round_id: int, desk: Desk) -> bool:
    """Tells the next few people that the round is near. Whether there may be more."""
    current = queries.find_round(desk.db, round_id)
    if current is None or current.state != RoundState.ANNOUNCING:
        return False
    start = find_start(current.day, desk.policy.zone)
    people = queries.list_taking_part(desk.db, current.day, desk.now, current.told_up_to, _AT_A_TIME)
    for member in people:
        key = f"coffee:{current.id}:soon:{member.id}"
        send(desk, member, lambda: views.announcement(current.day), key, not_after=start)
        current.told_up_to, current.try_at = member.id or 0, desk.now + LEASE
    if not people:
        current.state, current.try_at = RoundState.ANNOUNCED.value, None
    return bool(people)


async def _find_groups(run: Step, task: Task) -> None:
    try:
        snapshot = await _read(run, task.id)
        groups = await solve(snapshot, await run(get_policy))
    except SolverFailed as failure:
        log.error("coffee.solver_failed", round=task.id, reason=str(failure))
        await run(note_failure, task.id)
        return
    await _keep(run, task.id, groups)
    log.info("coffee.solved", round=task.id, people=len(snapshot.people), groups=len(groups))


async def _keep(run: Step, round_id: int, groups: list[tuple[int, ...]]) -> None:
    """Writes the plan, a part at a time, and then lets it count, all at once."""
    token = secrets.token_hex(8)
    for first in range(0, len(groups), _WRITTEN):
        await run(write_some, round_id, token, first, groups[first : first + _WRITTEN])
    await run(keep, round_id, token)


def write_some(round_id: int, token: str, first: int, groups: list[tuple[int, ...]], db: UnitOfWork) -> None:
    """A part of a plan."""
    queries.add_plan(db, round_id, token, first, groups)


async def _read(run: Step, round_id: int) -> Snapshot:
    people: list[Person] = []
    while more := await run(read_people, round_id, people[-1].id if people else 0):
        people += more
    apart, shuns = await run(read_apart, round_id)
    return Snapshot(tuple(people), tuple(apart), tuple(shuns))


def get_policy(policy: Policy) -> Policy:
    """The community's rules, for what stands between two transactions."""
    return policy


def keep(round_id: int, token: str, desk: Desk) -> None:
    """Lets a plan count, unless another one does: a solution counts once."""
    current = queries.find_round(desk.db, round_id)
    if current is not None and current.state == RoundState.FROZEN:
        queries.take_plan(current, token)


def note_failure(round_id: int, desk: Desk) -> None:
    """The solver didn't work: it is tried again later, or, after too many times, everybody is told."""
    current = queries.find_round(desk.db, round_id)
    if current is None or current.state != RoundState.FROZEN:
        return
    current.attempts += 1
    current.try_at = desk.now + REST
    if current.attempts >= ATTEMPTS:
        _give_up(desk, current)


def _give_up(desk: Desk, current: CoffeeRound) -> None:
    current.state, current.try_at = RoundState.FAILED.value, None
    for seat in queries.list_without_group(desk.db, current.id or 0):
        tell_left_over(desk, current, seat, Reason.FAULT)
    for person in list_hr(desk.db):
        send(desk, person, lambda: views.failed(current.day), f"coffee:{current.id}:failed:{person.id}")
