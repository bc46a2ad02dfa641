"""Coffee rounds: who takes part, the rounds, and what came of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, bindparam, literal, or_
from sqlalchemy import select as select_columns
from sqlmodel import col, exists, func, select

from storage.glance import MEMBER, finds_any
from storage.models import (
    Block,
    CoffeeGroup,
    CoffeeMember,
    CoffeePlan,
    CoffeeRound,
    CoffeeSeat,
    Member,
    Met,
    Purpose,
    Room,
    RoundState,
    SeatState,
    Status,
    Visibility,
)
from storage.queries.availability import can_be_reached
from storage.queries.consents import agrees_to
from storage.queries.topics import list_topics
from storage.statements import insert_ignore, is_one_of, run, table_of
from storage.uow import UnitOfWork

NOT_AGAIN = timedelta(weeks=26)
"""Two people are not introduced to each other again before."""

FEWEST = 5
"""Nothing is counted about fewer people."""


# Taking part


# Asked for every home page, so it is built once: building a statement costs more than running it.
_PART = select(CoffeeMember).where(CoffeeMember.member_id == MEMBER)
HAS_PART = finds_any(_PART)


def find_part(db: UnitOfWork, member_id: int) -> CoffeeMember | None:
    """Somebody's part in the rounds, if they ever joined."""
    return db.session.exec(_PART, params={"member": member_id}).first()


def hold_part(db: UnitOfWork, member_id: int) -> CoffeeMember | None:
    """The same, to be changed: held until the end of the transaction."""
    return db.session.exec(_PART.with_for_update(), params={"member": member_id}).first()


def ensure_part(db: UnitOfWork, member_id: int, now: datetime) -> CoffeeMember:
    """The same, made if there is none."""
    row = {"member_id": member_id, "joined": False, "ignored": 0, "asked_to_stay": False, "changed_at": now}
    insert_ignore(db.session, CoffeeMember, [row])
    part = find_part(db, member_id)
    assert part is not None  # noqa: S101 - it was just made
    return part


def takes_part(day: date, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Conditions on Member with CoffeeMember: takes part in the round of that day, as things stand."""
    return (
        col(CoffeeMember.joined).is_(True),
        col(CoffeeMember.asked_to_stay).is_(False),
        or_(col(CoffeeMember.skips).is_(None), col(CoffeeMember.skips) != day),
        or_(col(CoffeeMember.resting_until).is_(None), col(CoffeeMember.resting_until) <= now),
        col(Member.status) == Status.ACTIVE,
        agrees_to(Purpose.INTRODUCTIONS),
        can_be_reached(),
    )


def is_taking_part(db: UnitOfWork, member_id: int, day: date, now: datetime) -> bool:
    """Whether somebody would be introduced on that day, as things stand."""
    return bool(find_taking_part(db, [member_id], day, now))


def find_taking_part(db: UnitOfWork, member_ids: Collection[int], day: date, now: datetime) -> dict[int, Member]:
    """Those among these who would be introduced on that day, as things stand, by id."""
    statement = (
        select(Member)
        .join(CoffeeMember, col(CoffeeMember.member_id) == col(Member.id))
        .where(col(Member.id).in_(member_ids), *takes_part(day, now))
    )
    return {member.id or 0: member for member in db.session.exec(statement).all()}


def list_taking_part(db: UnitOfWork, day: date, now: datetime, after: int, limit: int) -> list[Member]:
    """Some of those who would be introduced on that day, by id, from the first one above `after`."""
    statement = (
        select(Member)
        .join(CoffeeMember, col(CoffeeMember.member_id) == col(Member.id))
        .where(*takes_part(day, now), col(Member.id) > after)
        .order_by(col(Member.id))
        .limit(limit)
    )
    return list(db.session.exec(statement).all())


# Rounds


def ensure_round(db: UnitOfWork, day: date, now: datetime) -> CoffeeRound:
    """The round of that day, held until the end of the transaction; made if there is none."""
    insert_ignore(
        db.session,
        CoffeeRound,
        [
            {
                "day": day,
                "state": RoundState.ANNOUNCING.value,
                "told_up_to": 0,
                "plan": "",
                "attempts": 0,
                "created_at": now,
            }
        ],
    )
    return db.session.exec(select(CoffeeRound).where(CoffeeRound.day == day).with_for_update()).one()


def find_round(db: UnitOfWork, round_id: int) -> CoffeeRound | None:
    """A round, held until the end of the transaction."""
    statement = select(CoffeeRound).where(CoffeeRound.id == round_id).with_for_update()
    return db.session.exec(statement.execution_options(populate_existing=True)).first()


_UNFINISHED = (RoundState.ANNOUNCING, RoundState.FROZEN, RoundState.SOLVED)


# Built once: it is asked at every tick, mostly for nothing.
_FIND_UNFINISHED = (
    select(CoffeeRound)
    .where(
        is_one_of(col(CoffeeRound.state), _UNFINISHED),
        or_(col(CoffeeRound.try_at).is_(None), col(CoffeeRound.try_at) <= bindparam("now")),
    )
    .order_by(col(CoffeeRound.day))
    .limit(1)
    .with_for_update(skip_locked=True)
)


def find_unfinished(db: UnitOfWork, now: datetime) -> CoffeeRound | None:
    """The oldest round at which there is something to do now, held until the end of the transaction."""
    return db.session.exec(_FIND_UNFINISHED, params={"now": now}).first()


def freeze(db: UnitOfWork, current: CoffeeRound, now: datetime) -> None:
    """Settles who takes part, in one statement."""
    seat = table_of(CoffeeSeat)
    people = (
        select_columns(literal(current.id), col(Member.id), literal(SeatState.WAITING.value), literal(""), literal(""))
        .join(CoffeeMember, col(CoffeeMember.member_id) == col(Member.id))
        .where(*takes_part(current.day, now))
    )
    run(db.session, seat.insert().from_select(["round_id", "member_id", "state", "answer", "card"], people))
    current.state, current.frozen_at, current.try_at = RoundState.FROZEN.value, now, None


# What the solver is to know


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who takes part. `department` is in lower case, as blocks compare it; `topics` are those that are shown
    to anybody at all."""

    id: int
    role: str
    department: str
    topics: tuple[str, ...]


def list_people(db: UnitOfWork, round_id: int, after: int, limit: int = 500) -> list[Person]:
    """Some of those who take part in a round, by id, from the first one above `after`."""
    member, seat = table_of(Member), table_of(CoffeeSeat)
    statement = (
        select_columns(member.c.id, member.c.role, member.c.department, member.c.visibility)
        .join(seat, seat.c.member_id == member.c.id)
        .where(seat.c.round_id == round_id, seat.c.state == SeatState.WAITING.value, member.c.id > after)
        .order_by(member.c.id)
        .limit(limit)
    )
    rows = run(db.session, statement).all()
    topics = list_topics(db, [row.id for row in rows])
    return [
        Person(row.id, row.role, row.department.lower(), _shown(row.visibility, topics.get(row.id, ()))) for row in rows
    ]


def _shown(visibility: dict[str, str], topics: tuple[str, ...]) -> tuple[str, ...]:
    """The topics, if they are shown to anybody."""
    return () if visibility.get("topics") == Visibility.NOBODY else topics


def list_blocks(db: UnitOfWork, round_id: int) -> tuple[list[tuple[int, int]], list[tuple[int, str]]]:
    """What those who take part would rather not: members with members, and with departments in lower case."""
    owners = select(CoffeeSeat.member_id).where(CoffeeSeat.round_id == round_id)
    statement = select(Block.owner_id, Block.member_id, Block.department).where(col(Block.owner_id).in_(owners))
    rows = db.session.exec(statement).all()
    persons = [(owner, member) for owner, member, _department in rows if member is not None]
    return persons, [(owner, department.lower()) for owner, _member, department in rows if department]


def list_introduced(db: UnitOfWork, since: datetime) -> list[tuple[int, int]]:
    """Every two members who were introduced to each other after that moment, the lower number first."""
    one, other, group = table_of(CoffeeSeat).alias(), table_of(CoffeeSeat).alias(), table_of(CoffeeGroup)
    both = and_(one.c.group_id == other.c.group_id, one.c.member_id < other.c.member_id)
    introduced = SeatState.INTRODUCED.value
    statement = (
        select(one.c.member_id, other.c.member_id)
        .select_from(one.join(other, both).join(group, group.c.id == one.c.group_id))
        .where(group.c.introduced_at > since, one.c.state == introduced, other.c.state == introduced)
    )
    return [(row[0], row[1]) for row in run(db.session, statement)]


def add_plan(db: UnitOfWork, round_id: int, token: str, first: int, groups: Sequence[Collection[int]]) -> None:
    """Writes a part of a plan, from the group with the number `first` on. It doesn't count yet."""
    rows = [
        {"round_id": round_id, "token": token, "number": number, "members": sorted(members)}
        for number, members in enumerate(groups, first)
    ]
    if rows:
        run(db.session, table_of(CoffeePlan).insert(), rows)


def take_plan(current: CoffeeRound, token: str) -> None:
    """From now on this plan counts, and no other."""
    current.state, current.plan = RoundState.SOLVED.value, token
    current.told_up_to, current.try_at = 0, None


def remove_plans(db: UnitOfWork, round_id: int) -> None:
    """They have served."""
    plan = table_of(CoffeePlan)
    run(db.session, plan.delete().where(plan.c.round_id == round_id))


# Groups and seats


def find_group(db: UnitOfWork, group_id: int) -> CoffeeGroup | None:
    """A group, held until the end of the transaction."""
    return db.session.exec(select(CoffeeGroup).where(CoffeeGroup.id == group_id).with_for_update()).first()


def list_group(db: UnitOfWork, group_id: int) -> list[CoffeeSeat]:
    """The seats of a group, by member."""
    statement = select(CoffeeSeat).where(CoffeeSeat.group_id == group_id).order_by(col(CoffeeSeat.member_id))
    return list(db.session.exec(statement).all())


def list_seats(db: UnitOfWork, round_id: int, members: Collection[int]) -> list[CoffeeSeat]:
    """These members' seats in a round."""
    statement = select(CoffeeSeat).where(CoffeeSeat.round_id == round_id, col(CoffeeSeat.member_id).in_(members))
    return list(db.session.exec(statement.order_by(col(CoffeeSeat.member_id))).all())


def list_without_group(db: UnitOfWork, round_id: int) -> list[CoffeeSeat]:
    """The seats of those who still wait and have no group, by member."""
    statement = select(CoffeeSeat).where(
        CoffeeSeat.round_id == round_id,
        CoffeeSeat.state == SeatState.WAITING,
        col(CoffeeSeat.group_id).is_(None),
    )
    return list(db.session.exec(statement.order_by(col(CoffeeSeat.member_id))).all())


def list_open_groups(db: UnitOfWork, member_id: int) -> list[CoffeeGroup]:
    """The groups in which a member was introduced and which are not over, the newest first."""
    statement = (
        select(CoffeeGroup)
        .join(CoffeeSeat, col(CoffeeSeat.group_id) == col(CoffeeGroup.id))
        .where(
            CoffeeSeat.member_id == member_id,
            CoffeeSeat.state == SeatState.INTRODUCED,
            col(CoffeeGroup.ended_at).is_(None),
        )
        .order_by(col(CoffeeGroup.id).desc())
    )
    return list(db.session.exec(statement).all())


def were_introduced(db: UnitOfWork, one: int, other: int, since: datetime) -> bool:
    """Whether the two were introduced to each other after that moment."""
    mine, theirs = table_of(CoffeeSeat).alias(), table_of(CoffeeSeat).alias()
    group, introduced = table_of(CoffeeGroup), SeatState.INTRODUCED.value
    statement = select(
        exists()
        .where(mine.c.group_id == theirs.c.group_id, group.c.id == mine.c.group_id, group.c.introduced_at > since)
        .where(mine.c.member_id == one, theirs.c.member_id == other)
        .where(mine.c.state == introduced, theirs.c.state == introduced)
    )
    return bool(run(db.session, statement).scalar())


# Meeting


def find_room(db: UnitOfWork, group: CoffeeGroup) -> Room | None:
    """The conversation that the bot opened for a group, if it did."""
    return db.session.get(Room, group.room_id) if group.room_id else None


# For HR


def count_rounds(db: UnitOfWork, since: datetime, until: datetime) -> tuple[int, int | None, int | None]:
    """Between two moments: the rounds that took place, the people introduced, and those who said that they met. A
    number of people below FEWEST, or one from which such a number could be told, is None. No names, no groups."""
    rounds = select(func.count()).where(
        CoffeeRound.state == RoundState.DONE, col(CoffeeRound.frozen_at) >= since, col(CoffeeRound.frozen_at) < until
    )
    people = (
        select(func.count(func.distinct(col(CoffeeSeat.member_id))))
        .join(CoffeeGroup, col(CoffeeSeat.group_id) == col(CoffeeGroup.id))
        .where(CoffeeSeat.state == SeatState.INTRODUCED)
        .where(col(CoffeeGroup.introduced_at) >= since, col(CoffeeGroup.introduced_at) < until)
    )
    introduced = db.session.exec(people).one()
    met = db.session.exec(people.where(CoffeeSeat.answer == Met.YES.value)).one()
    told = introduced >= FEWEST
    hidden = not told or met < FEWEST or 0 < introduced - met < FEWEST
    return db.session.exec(rounds).one(), introduced if told else None, None if hidden else met
