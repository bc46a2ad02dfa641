"""What can be announced besides news: a feature whose things are announced says so here.

    announcements.add_kind(Kind("event", lambda: _("Event"), Purpose.NEWS, NewEvent, draw_event))

The button behind `new` on `/announce` opens that feature's own form; with what it has saved, the feature calls
`handlers.announcements.begin`, and the announcement goes on from there: audience, preview, sending, report.
Announcements know their kinds by name only, so that they depend on no other feature.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.actions import Action
from bot.ui import Block
from storage.models import CORRECTION, Member, Purpose
from storage.uow import UnitOfWork

NEWS = "news"
"""What HR writes with nothing behind it; the one kind that needs no feature."""

Draw = Callable[[UnitOfWork, int, Member, datetime], tuple[Block, ...] | None]


Begun = Callable[[UnitOfWork, int, datetime], None]


def _do_nothing(db: UnitOfWork, subject_id: int, now: datetime) -> None:
    """Most kinds need not know."""


@dataclass(frozen=True, slots=True)
class Text:
    """An announcement's words in one language: the title (at most 100 characters) and the body (at most 2,000; ""
    where the title and what `Kind.draw` shows say it all)."""

    title: str
    body: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of thing that is announced.

    `name` is kept with announcements and never changes. `label` is the word for it in the current language. `purpose`
    is the consent that readers must have given. `new` makes the action of the button that begins a new one; it is for
    HR, and may open a form.

    `draw(db, subject_id, reader, now)` gives what stands below the announcement's words, with the feature's own
    buttons, in the current language. It is called once for each language and role, not for each reader: `reader` is
    nobody in particular, with that `language` and `role` and nothing else, so what is shown must not depend on more.
    At most 20 blocks. None: it must not be sent any more, because it was cancelled, say.

    `begun(db, subject_id, now)` is called in the transaction in which the sending begins.
    """

    name: str
    label: Callable[[], str]
    purpose: Purpose
    new: Callable[[], Action]
    draw: Draw
    begun: Begun = _do_nothing


_kinds: dict[str, Kind] = {}


def add_kind(kind: Kind) -> None:
    """Makes a kind known. Raises ValueError when another one has its name, or it is called as what is no feature's."""
    if kind.name in (NEWS, CORRECTION) or _kinds.setdefault(kind.name, kind) is not kind:
        raise ValueError(f"two features announce what they call {kind.name}")


def find_kind(name: str) -> Kind | None:
    """The kind of that name; None for news, and for a feature that is gone."""
    return _kinds.get(name)


def list_kinds() -> tuple[Kind, ...]:
    """All kinds, in the order in which they were added."""
    return tuple(_kinds.values())
