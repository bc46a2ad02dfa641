"""An announcement to a whole community, as HR sends it: written, handed in, agreed to by a second person.

The rest is the bot's own: the reminder begins it, the errand puts it into the outbox, chunk by chunk.
"""

from datetime import datetime, timedelta

from sqlmodel import col, select

from bot.incoming import FormValues
from bot.policy import Policy
from handlers.announcements import sending
from handlers.announcements.desk import Desk, Office, make_batch
from storage.models import Announcement, AnnouncementState, Member, Role, Status
from storage.uow import Store, UnitOfWork

OPEN = (AnnouncementState.WAITING, AnnouncementState.SCHEDULED, AnnouncementState.SENDING)
"""While an announcement is in one of these states, more of it may come into the outbox."""


def hand_in(store: Store, words: dict[str, tuple[str, str]], now: datetime, policy: Policy) -> str:
    """Everybody who agreed to news is to get an announcement, whose title and text are given by language; its sending
    begins `now`, for the time in which it can be undone has just passed. Gives the batch of its deliveries."""
    before = now - policy.undo_within
    texts = {language: {"title": title, "body": body} for language, (title, body) in words.items()}
    with store.begin() as db:
        author, other = (_add_hr(db, name, before) for name in ("山本 由佳", "大野 健"))
        it = Announcement(author_id=author.id or 0, texts=texts, created_at=before, changed_at=before)
        db.session.add(it)
        db.session.flush()
        office = Office(db, before, policy)
        sending.send(Desk(office, author), it, FormValues({}))
        if it.state == AnnouncementState.WAITING:
            sending.agree(Desk(office, other), it, it.asked)
        if it.state != AnnouncementState.SCHEDULED:
            raise RuntimeError(f"the announcement is {it.state}")
        return make_batch(it)


def is_open(db: UnitOfWork) -> bool:
    """Whether an announcement is to be sent, or is being put into the outbox."""
    return (
        db.session.exec(select(Announcement.id).where(col(Announcement.state).in_(OPEN)).limit(1)).first() is not None
    )


def find_planned(db: UnitOfWork) -> int:
    """For how many people the announcement is in the outbox."""
    return db.session.exec(select(Announcement.planned)).one()


def _add_hr(db: UnitOfWork, name: str, now: datetime) -> Member:
    """Somebody of HR, whom no message reaches: only the announcement's are counted."""
    since = now - timedelta(days=300)
    member = Member(name=name, role=Role.EMPLOYEE, is_hr=True, department="人事", created_at=since)
    member.status, member.activated_at = Status.ACTIVE, since
    db.session.add(member)
    db.session.flush()
    return member
