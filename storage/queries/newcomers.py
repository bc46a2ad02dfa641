"""Who is in a workspace without having been met, and who left without our hearing of it: the daily look at its members.

Platforms lose events: Slack dropped some in February 2025.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from bot.incoming import AccountKind, Origin, Profile
from storage.models import Account, Greets, Workspace
from storage.queries.reminders import remind
from storage.uow import UnitOfWork

People = Sequence[tuple[Origin, Profile]]

FEW = 20
"""So many may have been missed by lost events in a day. More are people who were there before Musubi."""

ASK_AGAIN = timedelta(days=30)
ASK_HR = "hr.newcomers"
"""The reminder by which HR is asked what to do about them; its subject is the workspace."""


@dataclass(frozen=True, slots=True)
class Look:
    """What to do after a look at a workspace: whom to welcome, whom to get to know without a word, who has left."""

    welcome: tuple[tuple[Origin, Profile], ...] = ()
    meet: tuple[tuple[Origin, Profile], ...] = ()
    left: tuple[Origin, ...] = ()


def list_tenants(db: UnitOfWork) -> list[tuple[str, str]]:
    """The platforms and tenants in which anybody was ever met; mail is no workspace."""
    statement = select(Account.platform, Account.tenant).where(Account.platform != "email").distinct()
    return sorted(db.session.exec(statement).all())


def find_missed(db: UnitOfWork, people: People) -> list[Origin]:
    """Those among the people of one workspace who were never met and should have been: no bots, no strangers from other
    organisations, nobody deactivated."""
    known = _list_known(db, people)
    return [origin for origin, profile in people if is_person(profile) and origin.user not in known]


def find_gone(db: UnitOfWork, people: People) -> list[Origin]:
    """Those whom the platform lists as deactivated and whom we would still write to."""
    known = _list_known(db, people)
    return [origin for origin, profile in people if profile.deactivated and known.get(origin.user, False)]


def is_person(profile: Profile) -> bool:
    """Whether that is somebody to welcome."""
    return profile.kind in (AccountKind.MEMBER, AccountKind.GUEST) and not profile.deactivated


def _list_known(db: UnitOfWork, people: People) -> dict[str, bool]:
    """The users of the workspace whom we have met, with whether they can be written to."""
    if not people:
        return {}
    place = people[0][0]
    statement = select(Account.external_id, Account.reachable).where(
        Account.platform == place.platform, Account.tenant == place.tenant
    )
    return dict(db.session.exec(statement).all())


def look_at(db: UnitOfWork, people: People, now: datetime) -> Look:
    """Decides what to do about the people of one workspace, and notes how it stands there.

    A few who were missed are welcomed. When many are, they were there before Musubi: HR is asked, and nobody is written
    to before HR has said so.
    """
    if not people:
        return Look()
    missed = set(find_missed(db, people))
    chosen = tuple((origin, profile) for origin, profile in people if origin in missed)
    left = tuple(find_gone(db, people))
    workspace = get_workspace(db, people[0][0])
    workspace.missed = len(chosen)
    if len(chosen) <= FEW:
        workspace.greets = Greets.ASK
        return Look(welcome=chosen, left=left)
    match workspace.greets:
        case Greets.ALL:
            return Look(welcome=chosen, left=left)
        case Greets.NOBODY:
            return Look(meet=chosen, left=left)
        case _:
            _ask(db, workspace, now)
            return Look(left=left)


def _ask(db: UnitOfWork, workspace: Workspace, now: datetime) -> None:
    """At most once a month: no answer is an answer."""
    if workspace.asked_at is None or now - workspace.asked_at >= ASK_AGAIN:
        workspace.asked_at = now
        remind(db, ASK_HR, workspace.id or 0, now, step=now.date().toordinal())


def get_workspace(db: UnitOfWork, place: Origin) -> Workspace:
    """The row of the workspace that `place` lies in, made at the first look."""
    statement = select(Workspace).where(Workspace.platform == place.platform, Workspace.tenant == place.tenant)
    workspace = db.session.exec(statement).first()
    if workspace is None:
        workspace = Workspace(platform=place.platform, tenant=place.tenant)
        db.session.add(workspace)
        db.session.flush()
    return workspace


def find_workspace(db: UnitOfWork, id: int) -> Workspace | None:
    """A workspace by id."""
    return db.session.exec(select(Workspace).where(col(Workspace.id) == id)).first()
