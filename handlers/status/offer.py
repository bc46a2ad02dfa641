"""Members' latest news as digests show them."""

from collections.abc import Mapping
from datetime import datetime

from bot.digest import DigestIssue, DigestItem, DigestOffer, ItemKind
from bot.ui import Block
from handlers.introducing import list_roles
from handlers.status import views
from handlers.status.rules import KEPT_FOR, POOL
from storage.models import Role
from storage.queries.members import Card, ProfileField
from storage.queries.status import Turn, list_turns, note_shown
from storage.uow import UnitOfWork


def offer(db: UnitOfWork, issue: DigestIssue, now: datetime) -> DigestOffer:
    """The news whose turn it is, with who may see them. One query."""
    turns = {f"news:{turn.member_id}:{turn.serial}": turn for turn in list_turns(db, now - KEPT_FOR, POOL)}
    items = (_as_item(key, turn, for_channel=issue.for_channel) for key, turn in turns.items())

    def note(db: UnitOfWork, shown: Mapping[str, int]) -> None:
        note_shown(db, {turns[key].member_id: count for key, count in shown.items()})

    return DigestOffer(tuple(item for item in items if item.roles), note_shown=note)


def _as_item(key: str, turn: Turn, *, for_channel: bool) -> DigestItem:
    def draw(role: str) -> tuple[Block, ...]:
        card = _make_card(turn, role)
        return views.item_to_read(card) if for_channel else views.item(card, turn.serial)

    roles = list_roles(turn, ProfileField.LATEST_NEWS)
    shown_as = (key, turn.name, turn.role, turn.department, turn.latest_news, *turn.visibility.items())
    like = None if for_channel else shown_as
    return DigestItem(ItemKind.NEWS, key, draw, turn.member_id, roles, shown=turn.shown, like=like)


def _make_card(turn: Turn, role: str) -> Card:
    """What anybody in that role may see of whose news they are, as far as the news show it."""
    department = turn.department if role in list_roles(turn, ProfileField.DEPARTMENT) else ""
    return Card(turn.member_id, turn.name, "", Role(turn.role), department=department, latest_news=turn.latest_news)
