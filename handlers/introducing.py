"""How a member is named in a message that several people get: never as a mention, which would call them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Protocol

from bot.digest import EVERY_ROLE
from bot.i18n import _, fill
from bot.ui import Bold, Inline
from storage.models import Member, Role, Status
from storage.queries.members import Card, ProfileField, is_shown, render_card


def introduce(card: Card) -> tuple[Inline, ...]:
    """The name, and the department where it is shown."""
    name = Bold(card.name)
    if not card.department:
        return fill(_("{name}"), name=name)
    if card.role is Role.EMPLOYEE:
        return fill(_("{name} ({department})"), name=name, department=card.department)
    return fill(_("{name} (formerly {department})"), name=name, department=card.department)


def card_for(role: str, member: Member, topics: tuple[str, ...] = ()) -> Card:
    """What any active member in that role may see of `member`, where no block stands between the two."""
    return render_card(_anybody(role), member, topics)


class Owner(Protocol):
    """Whose profile it is: a member, or a row with what matters here."""

    @property
    def visibility(self) -> Mapping[str, str]:
        """By field who may see it; what is not there is as usual."""
        ...


def list_roles(member: Owner, field: ProfileField) -> frozenset[str]:
    """Those who may see a field of the member's profile."""
    visibility = member.visibility.get(field, "")
    if visibility not in _ROLES:  # it depends on nothing else
        shown = Member(visibility=dict(member.visibility), created_at=_LONG_AGO)
        _ROLES[visibility] = frozenset(role for role in EVERY_ROLE if is_shown(field, _anybody(role), shown))
    return _ROLES[visibility]


_ROLES: dict[str, frozenset[str]] = {}
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@cache
def _anybody(role: str) -> Member:
    return Member(status=Status.ACTIVE, role=role, created_at=_LONG_AGO)
