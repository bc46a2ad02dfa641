"""Introductions of a coffee round, many at once: a fixed number of statements, whatever their number."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import col, func, select

from storage.models import Account, CoffeeGroup, CoffeePlan, CoffeeRound, CoffeeSeat, Member, SeatState
from storage.statements import run, table_of
from storage.uow import UnitOfWork


def list_planned(db: UnitOfWork, current: CoffeeRound, limit: int) -> list[list[int]]:
    """The members of the groups that are introduced next, some of them; none behind the last one."""
    statement = (
        select(CoffeePlan)
        .where(CoffeePlan.round_id == current.id, CoffeePlan.token == current.plan)
        .where(col(CoffeePlan.number) >= current.told_up_to, col(CoffeePlan.number) < current.told_up_to + limit)
        .order_by(col(CoffeePlan.number))
    )
    return [plan.members for plan in db.session.exec(statement).all()]


def add_groups(db: UnitOfWork, round_id: int, groups: Sequence[Sequence[int]], now: datetime) -> list[int]:
    """Groups of members who are introduced to each other now; their ids, in order. A fixed number of statements."""
    if not groups:
        return []
    last = db.session.exec(select(func.max(CoffeeGroup.number)).where(CoffeeGroup.round_id == round_id)).one() or 0
    group = table_of(CoffeeGroup)
    rows = [{"round_id": round_id, "number": last + place, "introduced_at": now} for place in range(1, len(groups) + 1)]
    made = run(db.session, group.insert().returning(group.c.number, group.c.id), rows)
    ids = {row[0]: row[1] for row in made}
    found = [ids[row["number"]] for row in rows]
    seated = [
        {"m": member, "group_id": id, "card": name_card(id, member)}
        for id, members in zip(found, groups, strict=True)
        for member in members
    ]
    set_seats(db, round_id, seated, SeatState.INTRODUCED)
    return found


def name_card(group_id: int, member_id: int) -> str:
    """The key of the message by which a member is introduced."""
    return f"coffee:{group_id}:meet:{member_id}"


def set_seats(db: UnitOfWork, round_id: int, rows: Sequence[Mapping[str, object]], state: SeatState) -> None:
    """What becomes of the seats of the members `m` in a round, with whatever else stands in the rows. One statement."""
    if not rows:
        return
    seat = table_of(CoffeeSeat)
    statement = seat.update().where(seat.c.round_id == round_id, seat.c.member_id == bindparam("m"))
    values: dict[str, Any] = {name: bindparam(name) for name in rows[0] if name != "m"}
    run(db.session, statement.values(state=state.value, **values), list(rows))


def set_rooms(db: UnitOfWork, rooms: Mapping[int, int]) -> None:
    """The conversations that the bot opens, by group. One statement."""
    if rooms:
        group = table_of(CoffeeGroup)
        statement = group.update().where(group.c.id == bindparam("g")).values(room_id=bindparam("room_id"))
        run(db.session, statement, [{"g": id, "room_id": room_id} for id, room_id in rooms.items()])


def list_accounts(db: UnitOfWork, member_ids: Collection[int]) -> dict[int, list[Account]]:
    """The reachable accounts of these members, by member, the newest first."""
    statement = (
        select(Account)
        .where(col(Account.member_id).in_(member_ids), col(Account.reachable).is_(True))
        .order_by(col(Account.id).desc())
    )
    found: dict[int, list[Account]] = {}
    for account in db.session.exec(statement).all():
        found.setdefault(account.member_id or 0, []).append(account)
    return found


def list_common_accounts(db: UnitOfWork, members: Sequence[Member]) -> list[tuple[Account, ...]]:
    """Reachable accounts of all of these members in one workspace, the workspace of the newest account first."""
    accounts = list_accounts(db, [member.id or 0 for member in members])
    return find_common(accounts, [member.id or 0 for member in members])


def find_common(accounts: Mapping[int, Sequence[Account]], member_ids: Sequence[int]) -> list[tuple[Account, ...]]:
    """The same among accounts that were read before."""
    places: dict[tuple[str, str], dict[int, Account]] = {}
    mine = [account for id in member_ids for account in accounts.get(id, ()) if account.platform != "email"]
    for account in sorted(mine, key=lambda account: account.id or 0, reverse=True):
        places.setdefault((account.platform, account.tenant), {}).setdefault(account.member_id or 0, account)
    return [tuple(found.values()) for found in places.values() if len(found) == len(member_ids)]
