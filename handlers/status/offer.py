"""Members' latest news as digests show them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache

from bot.digest import DigestItem, DigestOffer, DigestReaders, ItemKind
from bot.ui import Block
from handlers.introducing import card_for, list_roles
from handlers.status import views
from handlers.status.rules import KEPT_FOR, POOL
from storage.models import Member
from storage.queries.members import Card, ProfileField
from storage.queries.status import Turn, find_tellers, list_turns, note_shown
from storage.uow import UnitOfWork


def offer(db: UnitOfWork, readers: DigestReaders, now: datetime) -> DigestOffer:
    """The news whose turn it is, with who may see them. One query, and one more when the first of them is drawn: in a
    run of many chunks, most were drawn before."""
    turns = {f"news:{turn.member_id}:{turn.serial}": turn for turn in list_turns(db, now - KEPT_FOR, POOL)}
    for_channel = readers.ids == [0]

    @cache
    def find_members() -> dict[int, Member]:
        return find_tellers(db, [turn.member_id for turn in turns.values()])

    @cache  # both languages show the same card
    def find_card(member_id: int, role: str) -> Card:
        return card_for(role, find_members()[member_id])

    items = (_as_item(key, turn, find_card, for_channel=for_channel) for key, turn in turns.items())

    def note(shown: Mapping[str, int]) -> None:
        note_shown(db, {turns[key].member_id: count for key, count in shown.items()})

    return DigestOffer(tuple(item for item in items if item.roles), note_shown=note)


def _as_item(key: str, turn: Turn, find_card: Callable[[int, str], Card], *, for_channel: bool) -> DigestItem:
    def draw(role: str) -> tuple[Block, ...]:
        card = find_card(turn.member_id, role)
        return views.item_to_read(card) if for_channel else views.item(card, turn.serial)

    roles = list_roles(turn, ProfileField.LATEST_NEWS)
    shown_as = (key, turn.name, turn.role, turn.department, turn.latest_news, *turn.visibility.items())
    like = None if for_channel else shown_as
    return DigestItem(ItemKind.NEWS, key, draw, turn.member_id, roles, shown=turn.shown, like=like)
