"""Bringing HR's list into the roster: all of it or nothing, in one transaction, by set statements."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from bot.policy import Policy
from handlers.roster.cells import Leaver, Limits
from handlers.roster.problems import Column, Fault, Problem
from handlers.roster.rules import parse
from handlers.roster.schedule import invitation_moment, invitation_now
from storage.folding import fold_name
from storage.queries import leavers as people
from storage.queries.audit import note_act
from storage.queries.reminders import set_reminders
from storage.uow import UnitOfWork

INVITE = "roster.invite"
"""The reminder that sends an invitation; its subject is the roster entry."""

FIELDS = ("name", "kana", "email", "department", "job", "language", "joined_on", "left_on")
NOT_INVITED: dict[str, Any] = {"invited_at": None, "code_hash": ""}
"""An entry that is to be invited anew: a code that went to the wrong address no longer lets anybody in."""
_CHUNK = 1000
_EVERY = 500


class Stage(StrEnum):
    """What an import is doing."""

    READ = "read"
    COMPARE = "compare"
    WRITE = "write"


Progress = Callable[[Stage, int, int], None]
"""Called with the stage, the rows done and the rows in all."""


def no_progress(stage: Stage, done: int, total: int) -> None:
    """Shows nothing."""


@dataclass(frozen=True, slots=True)
class Change:
    """A row that differs from the roster, and in which columns."""

    line: int
    employee_number: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or, as `dry_run`, would do. `was_refused`: nothing, because of the problems.

    `invitations` counts those that will go out by the moment at which they do. `unused` are headings that mean nothing
    to us.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    problems: tuple[Problem, ...] = ()
    encoding: str = ""
    changes: tuple[Change, ...] = ()
    invitations: Mapping[datetime, int] = field(default_factory=dict[datetime, int])
    unused: tuple[str, ...] = ()
    was_refused: bool = False


@dataclass(slots=True)
class Plan:
    """What is to be written."""

    new: list[Leaver] = field(default_factory=list[Leaver])
    rows: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    """Changed entries with all their values."""
    changes: list[Change] = field(default_factory=list[Change])
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list[Problem])
    due: dict[str, datetime] = field(default_factory=dict[str, datetime])
    """Employee numbers with the moments of their invitations."""


def import_leavers(
    db: UnitOfWork,
    data: bytes,
    policy: Policy,
    now: datetime,
    *,
    dry_run: bool = False,
    skip_bad_rows: bool = False,
    progress: Progress = no_progress,
) -> ImportReport:
    """Imports a file in the open transaction. Never raises for the file's content: see `ImportReport.problems`.

    Nothing is written when there is a problem, unless `skip_bad_rows` leaves the bad rows out; a file that can't be
    read is refused in any case. The same file again changes nothing. An empty cell never erases what is known, and
    what a person who has joined says of themselves is not touched.
    """
    today = now.astimezone(ZoneInfo(policy.zone)).date()
    lines = data.count(b"\n") + 1
    parsed = parse(data, Limits(today, policy.employee_domains), _every(progress, Stage.READ, lines))
    plan = make_plan(db, parsed.leavers, policy, now, progress)
    problems = tuple(sorted(parsed.problems + plan.problems, key=lambda problem: problem.line))
    if problems and (not skip_bad_rows or any(problem.is_of_the_file for problem in problems)):
        return ImportReport(problems=problems, encoding=parsed.encoding, unused=parsed.unused, was_refused=True)
    if not dry_run:
        write(db, plan, now, progress)
        detail = f"added={len(plan.new)} updated={len(plan.rows)} unchanged={plan.unchanged} skipped={len(problems)}"
        note_act(db, None, "roster.import", now, detail=detail)
    return ImportReport(
        len(plan.new),
        len(plan.rows),
        plan.unchanged,
        problems,
        parsed.encoding,
        tuple(plan.changes),
        dict(sorted(Counter(plan.due.values()).items())),
        parsed.unused,
    )


def _every(progress: Progress, stage: Stage, total: int) -> Callable[[int], None]:
    def on_row(done: int) -> None:
        if done % _EVERY == 0:
            progress(stage, done, total)

    return on_row


def make_plan(
    db: UnitOfWork, leavers: Sequence[Leaver], policy: Policy, now: datetime, progress: Progress = no_progress
) -> Plan:
    """Compares people with the roster. Nothing is written."""
    plan = Plan()
    known = {row["employee_number"]: row for chunk in _chunks(leavers) for row in _list_known(db, chunk)}
    conflicts = Conflicts(db, leavers, known)
    done = 0
    for chunk in _chunks(leavers):
        owners = _list_owners(db, chunk)
        for leaver in chunk:
            problems = [*conflicts.check(leaver, owners.get(leaver.email, []))]
            plan.problems += problems
            if not problems:
                _compare(plan, leaver, known.get(leaver.employee_number), policy, now)
        done += len(chunk)
        progress(Stage.COMPARE, done, len(leavers))
    return plan


def _chunks(leavers: Sequence[Leaver]) -> Iterator[Sequence[Leaver]]:
    return (leavers[start : start + _CHUNK] for start in range(0, len(leavers), _CHUNK))


def _list_known(db: UnitOfWork, leavers: Sequence[Leaver]) -> list[Any]:
    return list(people.list_known(db, [leaver.employee_number for leaver in leavers]))


def _list_owners(db: UnitOfWork, leavers: Sequence[Leaver]) -> dict[str, list[Any]]:
    owners: dict[str, list[Any]] = {}
    for row in people.list_owners(db, [leaver.email for leaver in leavers if leaver.email]):
        owners.setdefault(row["email"], []).append(row)
    return owners


class Conflicts:
    """Finds what contradicts the roster: a number that is known but for its zeros, under the same name; an address that
    belongs to somebody else.

    Somebody of the same name with another number is the same person, who came back and left again.
    """

    def __init__(self, db: UnitOfWork, leavers: Sequence[Leaver], known: Mapping[str, Any]) -> None:
        self._addresses = {leaver.employee_number: leaver.email for leaver in leavers}
        self._known = known
        unknown = [leaver.employee_number for leaver in leavers if leaver.employee_number not in known]
        self._alike = {
            (row["employee_number"].lstrip("0"), fold_name(row["name"])): row["employee_number"]
            for row in people.list_spelled_alike(db, unknown)
        }

    def check(self, leaver: Leaver, owners: Sequence[Any]) -> Iterator[Problem]:
        """The person's problems. `owners` are the entries with the same address."""
        number = leaver.employee_number
        if self._alike and number not in self._known and (spelled := self._find_alike(leaver)):
            yield Problem(leaver.line, Fault.KNOWN_PERSON, Column.NUMBER, spelled)
        if any(self._keeps_address(row, leaver) and not _is_same_name(row, leaver) for row in owners):
            yield Problem(leaver.line, Fault.KNOWN_ADDRESS, Column.EMAIL, leaver.email)

    def _find_alike(self, leaver: Leaver) -> str | None:
        return self._alike.get((leaver.employee_number.lstrip("0"), fold_name(leaver.name)))

    def _keeps_address(self, row: Any, leaver: Leaver) -> bool:
        """Whether the address stays with another entry: addresses may change hands within a file."""
        number = row["employee_number"]
        return number != leaver.employee_number and self._addresses.get(number, "") in ("", row["email"])


def _is_same_name(row: Any, leaver: Leaver) -> bool:
    return fold_name(row["name"]) == fold_name(leaver.name)


def _compare(plan: Plan, leaver: Leaver, known: Any, policy: Policy, now: datetime) -> None:
    if known is None:
        plan.new.append(leaver)
        plan.due[leaver.employee_number] = invitation_moment(leaver.left_on, policy, now)
        return
    values = {name: getattr(leaver, name) or known[name] for name in FIELDS}
    changed = tuple(Column(name) for name in FIELDS if values[name] != known[name])
    if not changed:
        plan.unchanged += 1
        return
    due = plan_invitation(known, values, policy, now)
    invitation = {name: known[name] for name in ("invited_at", "code_hash")}
    if due is not None:
        plan.due[leaver.employee_number] = due
        invitation = NOT_INVITED
    plan.rows.append({"id": known["id"], **values, **invitation})
    plan.changes.append(Change(leaver.line, leaver.employee_number, changed))


def plan_invitation(
    known: Mapping[str, Any], values: Mapping[str, Any], policy: Policy, now: datetime
) -> datetime | None:
    """When to invite, now that an entry's values change; None when that changes nothing about the invitation.

    Who has joined is not invited. An invitation that is still to come moves with the last day. One that went to an
    address that was wrong goes to the new one.
    """
    has_joined = known["member_id"] is not None or known["code_used_at"] is not None
    has_new_address = values["email"] != known["email"]
    if has_joined:
        return None
    if known["invited_at"] is not None:
        return invitation_now(policy, now) if has_new_address else None
    if has_new_address or values["left_on"] != known["left_on"]:
        return invitation_moment(values["left_on"], policy, now)
    return None


def write(db: UnitOfWork, plan: Plan, now: datetime, progress: Progress = no_progress) -> None:
    """Writes what was planned, with the reminders of the invitations."""
    total, done = len(plan.new) + len(plan.rows), 0
    for chunk in _chunks(plan.new):
        people.add_entries(db, [_as_row(leaver, now) for leaver in chunk])
        done += len(chunk)
        progress(Stage.WRITE, done, total)
    for start in range(0, len(plan.rows), _CHUNK):
        rows = plan.rows[start : start + _CHUNK]
        people.update_entries(db, rows)
        done += len(rows)
        progress(Stage.WRITE, done, total)
    _set_reminders(db, plan.due)


def _as_row(leaver: Leaver, now: datetime) -> dict[str, Any]:
    values = {name: getattr(leaver, name) for name in FIELDS}
    return {"employee_number": leaver.employee_number, **values, "imported_at": now}


def _set_reminders(db: UnitOfWork, due: Mapping[str, datetime]) -> None:
    numbers = list(due)
    for start in range(0, len(numbers), _CHUNK):
        ids = people.find_ids(db, numbers[start : start + _CHUNK])
        set_reminders(db, INVITE, {id: due[number] for number, id in ids.items()})


def list_lines(problems: Iterable[Problem]) -> list[int]:
    """The lines in which there are problems, each once."""
    return sorted({problem.line for problem in problems})
