"""Deliveries that failed or are uncertain, in words: what, to whom, and why."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.i18n import _
from storage.models import DeliveryState, RosterEntry
from storage.queries import joining
from storage.uow import UnitOfWork

Word = Callable[[], str]


@dataclass(frozen=True, slots=True)
class Trouble:
    """A delivery that HR should look at. `entry` is the leaver whom an invitation was for."""

    key: str
    name: str
    reason: str
    is_uncertain: bool
    waits_since: datetime | None = None
    """Since when it is being tried; None for what is tried no more."""
    entry: RosterEntry | None = None


def explain(db: UnitOfWork, rows: Sequence[Any]) -> list[Trouble]:
    """The rows of `storage.queries.deliveries.list_troubled` with the names of those invited."""
    ids = {id for row in rows if (id := _entry_id(row["key"])) is not None}
    entries = {entry.id: entry for entry in joining.list_entries(db, ids)}
    return [_explain(row, entries.get(_entry_id(row["key"]))) for row in rows]


def _explain(row: Any, entry: RosterEntry | None) -> Trouble:
    name = row["name"] or (entry.name if entry else "")
    waits_since = row["created_at"] if row["state"] == DeliveryState.PENDING else None
    return Trouble(row["key"], name, row["reason"], row["state"] == DeliveryState.UNCERTAIN, waits_since, entry)


def _entry_id(key: str) -> int | None:
    kind, _colon, rest = key.partition(":")
    number = rest.partition(":")[0]
    return int(number) if kind == "invitation" and number.isdecimal() else None


_MESSAGES: Mapping[str, Word] = {
    "invitation": lambda: _("The invitation"),
    "welcome": lambda: _("The welcome"),
    "onboarding": lambda: _("A message about the registration"),
    "reply": lambda: _("An answer to a command or button"),
    "application": lambda: _("An application for HR to look at"),
    "hr": lambda: _("A message for HR"),
}


def name_message(key: str) -> str:
    """What kind of message a delivery is, by its key; never what stands in it, and of consultations not even that: who
    talks with whom is no business of HR's."""
    known = _MESSAGES.get(key.partition(":")[0].partition(".")[0])
    return known() if known else _("A message")


_REASONS: Mapping[str, Word] = {
    "no_account": lambda: _("There is no account left to write to."),
    "cannot_ask": lambda: _("The platform did not confirm it, so it may or may not have arrived."),
    "unreachable": lambda: _("The account takes no more messages: it was closed, or has left."),
    "address": lambda: _("The mail address does not exist, or takes no mail."),
}

_SIGNS: Mapping[str, tuple[str, ...]] = {
    "no_account": ("no_account",),
    "cannot_ask": ("cannot_ask",),
    "address": ("refused the address", "no such mailbox", "no address that mail can go to", "(550)", "(551)", "(553)"),
    "unreachable": (
        "unreachable",
        "deactivated",
        "left",
        "user_not_found",
        "account_not_found",
        "channel_not_found",
        "user_disabled",
        "cannot_dm_bot",
        "not in the workspace",
        "nobody there",
        "blocked",
        "not installed",
    ),
}
"""What the adapters' reasons hold, by what it means for HR."""
_SHORT = 4
"""A word as short as "left" must be the whole reason."""


def say_why_it_waits(reason: str) -> str:
    """Why something is still being tried after a day: it is not the person's account, but ours."""
    if not reason:
        return _("Nothing has gone out there for a day. Please tell whoever runs Musubi.")
    return _(
        "The platform has not let Musubi in for a day ({reason}). Please tell whoever runs Musubi: a password or token "
        "may have to be renewed. It goes out by itself then."
    ).format(reason=reason)


def say_why(reason: str) -> str:
    """A delivery's reason as a sentence; an unknown one is quoted for whoever runs Musubi."""
    lowered = reason.casefold()
    for name, signs in _SIGNS.items():
        if any(sign == lowered or (len(sign) > _SHORT and sign in lowered) for sign in signs):
            return _REASONS[name]()
    return _("The platform did not take it ({reason}). Please tell whoever runs Musubi.").format(reason=reason)
