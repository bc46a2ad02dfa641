"""Announcements: drafts, and how far each has gone."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, or_, select

from storage.models import CORRECTION, Announcement, AnnouncementPress, AnnouncementState, Member
from storage.statements import insert_ignore, run, table_of
from storage.uow import UnitOfWork

_announcement, _press = table_of(Announcement), table_of(AnnouncementPress)

_IS_WHOLE = col(Announcement.kind) != CORRECTION
"""No words for what was sent."""

OUT = (AnnouncementState.SENDING, AnnouncementState.SENT, AnnouncementState.STOPPED)
"""The states in which people have it before them."""


def add_draft(
    db: UnitOfWork, author_id: int, kind: str, subject_id: int, texts: dict[str, dict[str, str]], now: datetime
) -> Announcement:
    """A new draft; `texts` are by language, with "title" and "body"."""
    made = Announcement(
        kind=kind, subject_id=subject_id, author_id=author_id, texts=texts, created_at=now, changed_at=now
    )
    db.session.add(made)
    db.session.flush()
    return made


def hold(db: UnitOfWork, id: int) -> Announcement | None:
    """One by its id, as it stands now, held until the end of the transaction: of two who press at once, the second
    finds what the first has done. Its corrections are held with it."""
    statement = select(Announcement).where(Announcement.id == id, _IS_WHOLE).with_for_update()
    return db.session.exec(statement.execution_options(populate_existing=True)).first()


def find_draft(db: UnitOfWork, kind: str, subject_id: int) -> Announcement | None:
    """The draft about another feature's subject."""
    statement = select(Announcement).where(
        Announcement.kind == kind,
        Announcement.subject_id == subject_id,
        Announcement.state == AnnouncementState.DRAFT,
    )
    return db.session.exec(statement.order_by(col(Announcement.id).desc())).first()


def drop(db: UnitOfWork, announcement: Announcement) -> None:
    """Throws a draft away."""
    db.session.delete(announcement)
    db.session.flush()


def list_drafts(db: UnitOfWork, author: Member, limit: int) -> list[Announcement]:
    """The author's drafts, and those of people who have no HR role any more; the newest first."""
    statement = (
        select(Announcement)
        .join(Member, col(Member.id) == col(Announcement.author_id))
        .where(Announcement.state == AnnouncementState.DRAFT, _IS_WHOLE)
        .where(or_(Announcement.author_id == author.id, col(Member.is_hr).is_(False)))
        .order_by(col(Announcement.changed_at).desc(), col(Announcement.id).desc())
        .limit(limit)
    )
    return list(db.session.exec(statement).all())


def list_others(db: UnitOfWork, limit: int) -> list[Announcement]:
    """Everybody's that are no drafts, the newest first."""
    statement = (
        select(Announcement)
        .where(Announcement.state != AnnouncementState.DRAFT, _IS_WHOLE)
        .order_by(col(Announcement.changed_at).desc(), col(Announcement.id).desc())
        .limit(limit)
    )
    return list(db.session.exec(statement).all())


# Corrections that a second person must agree to


def add_correction(
    db: UnitOfWork, announcement: Announcement, author_id: int, texts: dict[str, dict[str, str]], now: datetime
) -> Announcement:
    """New words for what was sent, waiting to be agreed to."""
    made = add_draft(db, author_id, CORRECTION, announcement.id or 0, texts, now)
    made.state = AnnouncementState.WAITING
    db.session.flush()
    return made


_OPEN_CORRECTIONS = (AnnouncementState.WAITING, AnnouncementState.DRAFT)


def list_corrections(db: UnitOfWork, announcement: Announcement) -> list[Announcement]:
    """Those that wait, or came back to their authors; the newest first. The announcement must be held."""
    statement = select(Announcement).where(
        Announcement.kind == CORRECTION,
        Announcement.subject_id == announcement.id,
        col(Announcement.state).in_(_OPEN_CORRECTIONS),
    )
    db.session.flush()
    newest = statement.order_by(col(Announcement.id).desc()).execution_options(populate_existing=True)
    return list(db.session.exec(newest).all())


def find_waiting(db: UnitOfWork, announcement: Announcement) -> Announcement | None:
    """The one correction that waits to be agreed to."""
    found = list_corrections(db, announcement)
    return next((one for one in found if one.state == AnnouncementState.WAITING), None)


# Built once: they are asked at every tick, mostly for nothing.
_OPEN = (
    select(Announcement)
    .where(or_(Announcement.state == AnnouncementState.SENDING, Announcement.replacing != ""))
    .order_by(col(Announcement.id))
    .limit(1)
    .with_for_update(skip_locked=True)
    .execution_options(populate_existing=True)
)
_UNCHECKED = select(Announcement.id, Announcement.picture).where(Announcement.picture_problem == "unchecked").limit(20)


def find_open(db: UnitOfWork) -> Announcement | None:
    """The oldest one on which there is work to do, locked against other replicas: being sent, corrected or taken
    back."""
    return db.session.exec(_OPEN).first()


def list_unchecked(db: UnitOfWork) -> Sequence[tuple[int, str]]:
    """Those whose picture nobody has looked at, each with its address."""
    return [(id or 0, url) for id, url in db.session.exec(_UNCHECKED).all()]


def note_picture(db: UnitOfWork, id: int, url: str, problem: str) -> bool:
    """Keeps what was found about a picture, "" for nothing wrong; False when it is another one by now."""
    same = (_announcement.c.id == id, _announcement.c.picture == url, _announcement.c.picture_problem == "unchecked")
    return run(db.session, _announcement.update().where(*same).values(picture_problem=problem)).rowcount > 0


def note_press(db: UnitOfWork, kind: str, subject_id: int, member_id: int, now: datetime) -> None:
    """Somebody pressed a button of what was announced under that kind and subject; each person counts once."""
    statement = select(Announcement.id).where(
        Announcement.kind == kind, Announcement.subject_id == subject_id, col(Announcement.state).in_(OUT)
    )
    note_presses(db, [id or 0 for id in db.session.exec(statement).all()], member_id, now)


def note_presses(db: UnitOfWork, ids: Sequence[int], member_id: int, now: datetime) -> None:
    """As `note_press`, of announcements by id."""
    rows = [{"announcement_id": id, "member_id": member_id, "at": now} for id in ids]
    insert_ignore(db.session, AnnouncementPress, rows)


def count_presses(db: UnitOfWork, id: int) -> int:
    """How many people pressed."""
    statement = select(func.count()).select_from(AnnouncementPress).where(AnnouncementPress.announcement_id == id)
    return db.session.exec(statement).one()
