"""The lists of HR's page: what is in them, a page at a time."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from handlers import onboarding
from handlers.hr.cases import draw_up
from handlers.hr.desk import Desk
from handlers.hr.kinds import Kind, Locked, Slice
from handlers.hr.trouble import Trouble, explain
from storage.queries import applications, joining
from storage.queries.deliveries import list_stuck, list_troubled

PAGE = 5
"""People on a page: with two blocks each they fit into a message on every platform."""
_TROUBLED = 50
_TROUBLED_FOR = timedelta(days=30)


def list_locked(desk: Desk) -> list[Locked]:
    """The accounts that are locked now."""
    since = onboarding.look_back(desk.now, desk.policy)
    until = {
        account_id: at
        for account_id, moments in applications.list_wrong_codes(desk.db, since).items()
        if (at := onboarding.count_tries(moments, desk.now, desk.policy).locked_until) is not None
    }
    people = applications.list_people_behind(desk.db, list(until))
    return [Locked(account, member, until[account.id or 0]) for account, member in people]


def list_trouble(desk: Desk) -> list[Trouble]:
    """What has been tried for a day in vain; then what failed or is uncertain in the last thirty days. A message that
    arrived by another account is no trouble."""
    since = desk.now - _TROUBLED_FOR
    rows = [
        row
        for row in list_troubled(desk.db, _TROUBLED)
        if "~" not in row["key"] and (row["settled_at"] is None or row["settled_at"] >= since)
    ]
    return explain(desk.db, [*list_stuck(desk.db, desk.now, _TROUBLED), *rows])


_PEOPLE: Mapping[Kind, Callable[[Desk], joining.People]] = {
    Kind.JOINED: lambda desk: joining.joined(),
    Kind.INVITED: lambda desk: joining.invited(),
    Kind.HALF_WAY: lambda desk: joining.half_way(),
    Kind.HAND_OVER: lambda desk: desk.to_hand_over,
}


def count(desk: Desk, kind: Kind) -> int:
    """How many are in a list."""
    if kind in _PEOPLE:
        return joining.count(desk.db, _PEOPLE[kind](desk))
    return applications.count_waiting(desk.db) if kind is Kind.WAITING else len(_list_short(desk, kind))


def _list_short(desk: Desk, kind: Kind) -> Sequence[Any]:
    match kind:
        case Kind.TROUBLED:
            return list_trouble(desk)
        case Kind.LOCKED:
            return list_locked(desk)
        case _:
            return joining.list_hr(desk.db)


def count_all(desk: Desk) -> dict[Kind, int]:
    """How many are in each list."""
    return {kind: count(desk, kind) for kind in Kind}


def cut(desk: Desk, kind: Kind, page: int) -> Slice:
    """A page of a list; the last one when there are fewer pages by now."""
    total = count(desk, kind)
    pages = max(1, -(-total // PAGE))
    page = min(max(page, 0), pages - 1)
    return Slice(kind, _list(desk, kind, page * PAGE), page, pages, total)


def _list(desk: Desk, kind: Kind, offset: int) -> Sequence[Any]:
    if kind in _PEOPLE:
        return joining.list_people(desk.db, _PEOPLE[kind](desk), offset=offset, limit=PAGE)
    if kind is Kind.WAITING:
        waiting = applications.list_waiting(desk.db, offset, PAGE)
        return [draw_up(desk.db, application, member) for application, member in waiting]
    return _list_short(desk, kind)[offset : offset + PAGE]
