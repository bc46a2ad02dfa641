"""Settles the invented community in an empty database, as if Musubi had been running for a while."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from sqlmodel import col, select

from adapters.playground.directory import make_origin, make_profile
from adapters.playground.people import COMPANY_DOMAIN, Resident
from bot.app import App
from bot.cli.community_events import add_events
from bot.cli.community_jobs import settle_jobs
from bot.policy import Policy
from handlers.announcements import fan_out
from handlers.roster import import_leavers
from storage.models import (
    Account,
    AnnouncementState,
    Delivery,
    DeliveryState,
    Member,
    Purpose,
    Role,
    RosterEntry,
    Status,
)
from storage.queries.announcements import add_draft
from storage.queries.consents import set_consents
from storage.queries.members import has_members
from storage.queries.status import tell_news
from storage.queries.topics import set_topics
from storage.uow import UnitOfWork


def make_policy(people: Sequence[Resident], base: Policy) -> Policy:
    """The community's rules: its mail domain makes employees, its HR people have the role."""
    hr = frozenset(person.email.casefold() for person in people if person.role == "hr")
    return replace(base, employee_domains=frozenset({COMPANY_DOMAIN}), hr=hr)


async def settle_if_new(app: App, people: Sequence[Resident]) -> None:
    """Settles the community when the database has nobody yet: at the first start."""
    now = app.clock.now()

    def work(db: UnitOfWork) -> None:
        if not has_members(db):
            settle_community(db, people, app.policy, now)
            settle_jobs(db, people, app.policy, now)
            import_leavers(db, write_csv(people), app.policy, now)
            announce(db, app.policy, datetime.combine(now.date() - ANNOUNCED, time(1, 0), UTC))

    await app.store.run(work)


def settle_community(db: UnitOfWork, people: Sequence[Resident], policy: Policy, now: datetime) -> None:
    """Adds everybody who has joined, with roster, topics, consents and accounts. Leavers are left to the import."""
    settled: dict[str, Member] = {}
    for person in people:
        if person.role != "leaver":
            member = _add_member(db, person, policy, now)
            _add_accounts(db, person, member, now)
            set_topics(db, member, person.topics)
            _add_consents(db, person, member, now)
            settled[person.id] = member
    _add_events(db, people, settled, now)


def _add_events(db: UnitOfWork, people: Sequence[Resident], settled: Mapping[str, Member], now: datetime) -> None:
    """Those who answered are none of the featured people: what they do is left to whoever tries Musubi."""
    quiet = [settled[person.id] for person in people if person.id in settled and not person.featured]
    author = next((settled[person.id] for person in people if person.role == "hr" and person.id in settled), None)
    if author is not None:
        add_events(db, [member for member in quiet if not member.is_hr], author, now.date(), now)


def announce(db: UnitOfWork, policy: Policy, at: datetime) -> None:
    """An announcement that went out at that moment, as it stands in HR's list."""
    author = db.session.exec(select(Member).where(col(Member.is_hr).is_(True)).order_by(col(Member.id))).first()
    if author is None:
        return
    it = add_draft(db, author.id or 0, "news", 0, _NEWS, at)
    it.state, it.begun_at, it.done_at, it.asked = AnnouncementState.SENDING, at, at, 1
    while fan_out(db, it, at, policy):
        pass
    it.state = AnnouncementState.SENT
    for delivery in db.session.exec(select(Delivery).where(Delivery.batch == f"announcement:{it.id}")).all():
        delivery.state, delivery.settled_at = DeliveryState.SENT, at


ANNOUNCED = timedelta(days=40)
"""How long ago, at ten in Tokyo: it does not count among this month's unasked messages."""

_NEWS = {
    "ja": {
        "title": "新しい研究棟ができました",
        "body": "本社の北側に、電池の研究棟が完成しました。\n"
        "見学会は春に開きます。日にちが決まりましたら、またお知らせします。",
    },
    "en": {
        "title": "Our new research building is ready",
        "body": "North of headquarters, the building for battery research is complete.\n"
        "You can visit it in spring; we will tell you the day.",
    },
}


def write_csv(people: Sequence[Resident]) -> bytes:
    """HR's list of those who are about to leave, as Excel in Japan would save it."""
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(("社員番号", "氏名", "フリガナ", "部署", "職種", "入社日", "退職日", "メール", "言語"))
    for person in people:
        if person.role == "leaver":
            rows.writerow(
                (
                    person.employee_number,
                    person.name,
                    person.kana,
                    person.department,
                    person.job,
                    person.joined_on,
                    person.left_on,
                    person.email,
                    person.language,
                )
            )
    return text.getvalue().encode("cp932")


def _add_member(db: UnitOfWork, person: Resident, policy: Policy, now: datetime) -> Member:
    since = _joined_at(person, now)
    member = Member(
        status=Status.ACTIVE,
        role=Role.ALUMNUS if person.role == "alumnus" else Role.EMPLOYEE,
        is_hr=person.role == "hr",
        name=person.name,
        kana=person.kana,
        language=person.language,
        zone=person.zone,
        department=person.department,
        employer=person.employer,
        job=person.job,
        city=person.city,
        languages=["ja", "en"] if person.language == "en" else ["ja"],
        joined_on=person.joined_on,
        left_on=person.left_on,
        capacity=person.capacity,
        guidelines_version=policy.guidelines_version,
        guidelines_at=since,
        registration_step=3,
        created_at=since,
        activated_at=since,
    )
    if person.role == "alumnus":
        member.roster_id = _add_to_roster(db, person, since).id
    db.session.add(member)
    db.session.flush()
    tell_news(db, member, person.latest_news, max(since, now - timedelta(days=sum(person.id.encode()) % 25)))
    return member


def _add_to_roster(db: UnitOfWork, person: Resident, since: datetime) -> RosterEntry:
    assert person.left_on is not None  # noqa: S101 - every alumnus of the invented community has left
    entry = RosterEntry(
        employee_number=person.employee_number,
        name=person.name,
        kana=person.kana,
        email=person.email,
        department=person.department,
        language=person.language,
        joined_on=person.joined_on,
        left_on=person.left_on,
        imported_at=since,
        invited_at=since,
        code_used_at=since,
    )
    db.session.add(entry)
    db.session.flush()
    return entry


def _joined_at(person: Resident, now: datetime) -> datetime:
    """They came in one after another over the last months: a day that is the same for a person every time."""
    days_ago = 10 + sum(person.id.encode()) % 150
    return datetime.combine(now.date() - timedelta(days=days_ago), time(3, 0), UTC)


def _add_accounts(db: UnitOfWork, person: Resident, member: Member, now: datetime) -> None:
    origin, profile = make_origin(person), make_profile(person)
    db.session.add(
        Account(
            platform=origin.platform,
            tenant=origin.tenant,
            external_id=origin.user,
            member_id=member.id,
            kind=profile.kind.value,
            name=profile.name,
            email=profile.email,
            email_verified=True,
            locale=profile.locale,
            zone=profile.zone,
            title=profile.title,
            address=origin.address,
            created_at=_joined_at(person, now),
        )
    )
    db.session.flush()


def _add_consents(db: UnitOfWork, person: Resident, member: Member, now: datetime) -> None:
    given = {Purpose.NEWS} if person.quiet else set(Purpose)
    set_consents(db, member.id or 0, given, _joined_at(person, now))
