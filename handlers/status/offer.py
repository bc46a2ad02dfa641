"""Members' latest news as digests show them."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache

from bot.digest import DigestItem, DigestOffer, DigestReaders, ItemKind
from bot.ui import Block
from handlers.introducing import card_for, list_roles
from handlers.status import views
from handlers.status.rules import KEPT_FOR, POOL
from storage.queries.members import Card, ProfileField
from storage.queries.status import Turn, list_turns, note_shown
from storage.uow import UnitOfWork


def offer(db: UnitOfWork, readers: DigestReaders, now: datetime) -> DigestOffer:
    """The news whose turn it is, with who may see them. One query."""
    turns = {f"news:{turn.member.id}:{turn.serial}": turn for turn in list_turns(db, now - KEPT_FOR, POOL)}
    for_channel = readers.ids == [0]
    items = (_as_item(key, turn, for_channel=for_channel) for key, turn in turns.items())

    def note(shown: Mapping[str, int]) -> None:
        note_shown(db, {turns[key].member.id or 0: count for key, count in shown.items()})

    return DigestOffer(tuple(item for item in items if item.roles), note_shown=note)


def _as_item(key: str, turn: Turn, *, for_channel: bool) -> DigestItem:
    member = turn.member

    @cache  # both languages show the same card
    def find_card(role: str) -> Card:
        return card_for(role, member)

    def draw(role: str) -> tuple[Block, ...]:
        card = find_card(role)
        return views.item_to_read(card) if for_channel else views.item(card, turn.serial)

    roles = list_roles(member, ProfileField.LATEST_NEWS)
    shown_as = (key, member.name, member.role, member.department, member.latest_news, *member.visibility.items())
    like = None if for_channel else shown_as
    return DigestItem(ItemKind.NEWS, key, draw, member.id or 0, roles, shown=turn.shown, like=like)
