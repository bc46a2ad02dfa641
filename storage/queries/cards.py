"""Changing what a delivered message shows, so that no dead button stays on a screen."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import col, func, or_, select

from bot.ui import Buttons, Message, Note, load_message
from storage.models import Account, Content, Delivery, DeliveryState, Member, Urgency
from storage.queries.outbox import Make, Terms, cancel, post_to_account
from storage.uow import UnitOfWork

_DELIVERED = (DeliveryState.SENDING, DeliveryState.SENT)
_ANSWERED = "answered"
"""Why a change was not sent: the answer to a press has made it."""


def find_delivery(db: UnitOfWork, key: str) -> Delivery | None:
    """The delivery `key`, as the outbox has it now: its rows change by set statements, past the session's memory."""
    statement = select(Delivery).where(Delivery.key == key).execution_options(populate_existing=True)
    return db.session.exec(statement).first()


def was_sent(db: UnitOfWork, key: str) -> bool:
    """Whether the platform took the message."""
    delivery = find_delivery(db, key)
    return delivery is not None and delivery.state == DeliveryState.SENT


def revise(db: UnitOfWork, to: Member, key: str, make: Make, now: datetime, pressed: str = "") -> str:
    """Makes the message of delivery `key` show what `make` gives, in the member's language. Returns the key of the
    message that shows it, "" if there is none.

    What has not gone out yet is taken back, for nobody needs to read what is over; then the message that it was to
    follow shows it. `pressed` is the platform's id of the message whose button is being answered: that one is changed
    by the answer itself, and only what it shows is kept. Mail stays as it is.
    """
    shown = _settle(db, key)
    if shown is None:
        return ""
    changes = db.session.exec(select(func.count()).where(Delivery.replaces_key == shown.key)).one()
    terms = Terms(f"{shown.key}/{changes + 1}", now, replaces=shown.key)
    _edit(db, to, shown, make, terms)
    if pressed and shown.message == pressed:
        cancel(db, terms.key, _ANSWERED)
    return shown.key


def retire(
    db: UnitOfWork, to: Member, key: str, note: Make, now: datetime, *, follows: str, keeps_text: bool = True
) -> None:
    """Takes the buttons off the message of delivery `key`, because the delivery `follows` comes after it, and puts
    `note` in their place, or, without `keeps_text`, in the place of everything. It happens when that one goes out, not
    in the quiet hours.
    """
    shown = _settle(db, key)
    if shown is None:
        return
    message = load_message(db.session.get_one(Content, _find_content(db, shown)).body)
    terms = Terms(_before(follows), now, Urgency.NUDGE, replaces=shown.key)
    _edit(db, to, shown, lambda: _without_buttons(message, note()) if keeps_text else note(), terms)


def _before(key: str) -> str:
    """The key of the change that belongs to the delivery `key`: to the message before it."""
    return f"{key}/before"


def _settle(db: UnitOfWork, key: str) -> Delivery | None:
    """The message on the screen that stands for `key`. What still waits is taken back, with the change of the message
    before it, and that one stands for it again."""
    delivery = find_delivery(db, key)
    if delivery is None or delivery.platform == "email":
        return None
    if delivery.state != DeliveryState.PENDING:
        return delivery if delivery.state in _DELIVERED else None
    cancel(db, key, "overtaken")
    before = find_delivery(db, _before(key))
    if before is None:
        return None
    cancel(db, before.key, "overtaken")
    return _settle(db, before.replaces_key)


def _edit(db: UnitOfWork, to: Member, shown: Delivery, make: Make, terms: Terms) -> None:
    account = db.session.get_one(Account, shown.account_id)
    post_to_account(db, account, to.language, make, terms)


def _find_content(db: UnitOfWork, delivery: Delivery) -> int:
    """What the message shows now: of its last change, if there is one that has taken place."""
    taken = or_(Delivery.state != DeliveryState.SKIPPED, Delivery.reason == _ANSWERED)
    changed = select(Delivery.content_id).where(Delivery.replaces_key == delivery.key, taken)
    return db.session.exec(changed.order_by(col(Delivery.id).desc()).limit(1)).first() or delivery.content_id


def _without_buttons(message: Message, note: Message) -> Message:
    kept = tuple(block for block in message.blocks if not isinstance(block, Buttons | Note))
    return replace(message, blocks=(*kept, *note.blocks))
