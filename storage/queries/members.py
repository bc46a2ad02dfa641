"""Members, and what one may see of another.

Every query that shows a person to a person goes through `select_visible`, and every person that is shown through
`render_card`: that is where field visibility, blocks and pauses are applied, and nowhere else.
"""

import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, false, func, or_
from sqlmodel import col, exists, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.models import Account, Block, Member, Role, Status, Visibility
from storage.queries.topics import list_topics
from storage.uow import UnitOfWork


class ProfileField(StrEnum):
    """The fields of a profile whose visibility the member decides. The name is always shown; `Member.nameless` is
    another matter.
    """

    DEPARTMENT = "department"
    YEARS = "years"
    """When the member joined and left the company."""
    EMPLOYER = "employer"
    JOB = "job"
    CITY = "city"
    LANGUAGES = "languages"
    TOPICS = "topics"
    LATEST_NEWS = "latest_news"


@dataclass(frozen=True, slots=True)
class Card:
    """What one certain member may see of another. What isn't shown to them is empty, as is what was never told.

    `nameless` says that proposals must leave out the name until the person has accepted.
    """

    member_id: int
    name: str
    kana: str
    role: Role
    nameless: bool = False
    department: str = ""
    joined_on: date | None = None
    left_on: date | None = None
    employer: str = ""
    job: str = ""
    city: str = ""
    languages: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    latest_news: str = ""


def is_shown(field: ProfileField, viewer: Member, member: Member) -> bool:
    """Whether `viewer` may see a field of `member`'s profile. Only active members see anything."""
    if viewer.status != Status.ACTIVE:
        return False
    match member.visibility.get(field, Visibility.EVERYONE):
        case Visibility.EVERYONE:
            return True
        case Visibility.ALUMNI:
            return viewer.role == Role.ALUMNUS
        case _:
            return False


def render_card(viewer: Member, member: Member, topics: tuple[str, ...]) -> Card:
    """`member` as `viewer` may see them; `topics` are all of the member's. Whether the viewer may see the person at
    all is decided by `select_visible`."""

    def shown(field: ProfileField) -> bool:
        return is_shown(field, viewer, member)

    return Card(
        member_id=member.id or 0,
        name=member.name,
        kana=member.kana,
        role=Role(member.role),
        nameless=member.nameless,
        department=member.department if shown(ProfileField.DEPARTMENT) else "",
        joined_on=member.joined_on if shown(ProfileField.YEARS) else None,
        left_on=member.left_on if shown(ProfileField.YEARS) else None,
        employer=member.employer if shown(ProfileField.EMPLOYER) else "",
        job=member.job if shown(ProfileField.JOB) else "",
        city=member.city if shown(ProfileField.CITY) else "",
        languages=tuple(member.languages) if shown(ProfileField.LANGUAGES) else (),
        topics=topics if shown(ProfileField.TOPICS) else (),
        latest_news=member.latest_news if shown(ProfileField.LATEST_NEWS) else "",
    )


def select_visible(viewer: Member) -> SelectOfScalar[Member]:
    """The members whom `viewer` may be shown, as a query to narrow down: active, not the viewer, and no block between
    the two, in either direction, by person or by department. Whoever is not active is shown nobody."""
    if viewer.status != Status.ACTIVE:
        return select(Member).where(false())
    return select(Member).where(
        Member.status == Status.ACTIVE,
        Member.id != viewer.id,
        ~_has_blocked(viewer),
        ~_is_blocked_by(viewer),
    )


def _has_blocked(viewer: Member) -> ColumnElement[bool]:
    """The viewer would rather not meet them."""
    by_department = and_(
        col(Block.department) != "", func.lower(col(Block.department)) == func.lower(col(Member.department))
    )
    return exists().where(col(Block.owner_id) == viewer.id, or_(col(Block.member_id) == col(Member.id), by_department))


def _is_blocked_by(viewer: Member) -> ColumnElement[bool]:
    """They would rather not meet the viewer."""
    by_department = and_(
        col(Block.department) != "", func.lower(col(Block.department)) == func.lower(viewer.department)
    )
    return exists().where(col(Block.owner_id) == col(Member.id), or_(col(Block.member_id) == viewer.id, by_department))


def list_visible(
    db: UnitOfWork, viewer: Member, *conditions: ColumnElement[bool], limit: int | None = None
) -> list[Card]:
    """Those whom `viewer` may be shown and who meet all `conditions` on Member, by id.

    Conditions see the whole row: when they look at a field that may be hidden, look again at the card.
    """
    statement = select_visible(viewer).where(*conditions).order_by(col(Member.id)).limit(limit)
    return make_cards(db, viewer, db.session.exec(statement).all())


def make_cards(db: UnitOfWork, viewer: Member, members: Iterable[Member]) -> list[Card]:
    """Cards of members found by `select_visible`, in their order, with one query for all topics."""
    members = list(members)
    topics = list_topics(db, [member.id or 0 for member in members])
    return [render_card(viewer, member, topics.get(member.id or 0, ())) for member in members]


def list_cards(db: UnitOfWork, viewer: Member, member_ids: Collection[int]) -> list[Card]:
    """The cards of those among `member_ids` whom `viewer` may be shown, in the order of `member_ids`."""
    cards = {card.member_id: card for card in list_visible(db, viewer, col(Member.id).in_(member_ids))}
    return [cards[id] for id in member_ids if id in cards]


def find_card(db: UnitOfWork, viewer: Member, member_id: int) -> Card | None:
    """One member as `viewer` may see them, or None when they may not be shown."""
    return next(iter(list_cards(db, viewer, [member_id])), None)


def get_member(db: UnitOfWork, member_id: int) -> Member:
    """A member by id, for what concerns this member alone. Raises LookupError."""
    member = db.session.get(Member, member_id)
    if member is None:
        raise LookupError(f"no member {member_id}")
    return member


def has_members(db: UnitOfWork) -> bool:
    """Whether anybody was ever met."""
    return db.session.exec(select(Member.id).limit(1)).first() is not None


def list_statuses(db: UnitOfWork, platform: str, users: Collection[str]) -> dict[str, Status]:
    """How those people stand, by their ids on the platform; who was never met is missing."""
    chosen = select(Account.external_id, Member.status).join(Member, col(Member.id) == col(Account.member_id))
    found = db.session.exec(chosen.where(col(Account.platform) == platform, col(Account.external_id).in_(users))).all()
    return {user: Status(status) for user, status in found}


def clean_department(text: str) -> str:
    """A department as it is kept: NFKC, white space tidied, so that 設計２課 and 設計2課 are one where blocks
    compare."""
    return " ".join(unicodedata.normalize("NFKC", text).split())
