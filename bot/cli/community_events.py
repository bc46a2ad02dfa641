"""The invented community's events: one to come that is full, one online with room, and one that people were at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.recurrence import resolve
from storage.models import Event, EventAnswer, EventState, Member, Rsvp
from storage.queries.events import add_event, add_opinion
from storage.uow import UnitOfWork

_ZONE = "Asia/Tokyo"


@dataclass(frozen=True, slots=True)
class _Planned:
    """An event so many days from the first day of the workspace; who goes and who waits is taken from the community's
    list, every so-manieth person of it."""

    days: int
    begins: time
    minutes: int
    titles: tuple[str, str]
    texts: tuple[str, str]
    place: str = ""
    link: str = ""
    capacity: int = 0
    going: int = 0
    waiting: int = 0
    maybe: int = 0
    uid: str = ""


_EVENTS = (
    _Planned(
        12,
        time(19, 0),
        120,
        ("冬の同窓の夕べ", "Winter reunion evening"),
        (
            "久しぶりに本社のホールに集まりませんか。食堂のカレーをご用意します。部署も年次も問いません。",
            "An evening in the head office hall, with the canteen's curry. Any department, any year.",
        ),
        place="本社1階 ホール（浜松）",
        capacity=8,
        going=8,
        waiting=2,
        maybe=3,
        uid="d1f0a4c27e5b4b0fa2c91b3f6f8e7a01",
    ),
    _Planned(
        20,
        time(20, 0),
        60,
        ("オンライン勉強会：電池の量産で学んだこと", "Online talk: what battery production taught us"),
        (
            "量産立ち上げを経験した方お二人のお話を30分、そのあとは自由な質問の時間です。",
            "Thirty minutes from two people who ramped up a line, then your questions.",
        ),
        link="https://meet.example.com/denchi",
        going=5,
        maybe=2,
        uid="d1f0a4c27e5b4b0fa2c91b3f6f8e7a02",
    ),
    _Planned(
        -16,
        time(18, 30),
        150,
        ("秋の工場見学と懇親会", "Autumn factory tour and dinner"),
        ("新しい組立ラインを一緒に歩きます。", "A walk along the new assembly line."),
        place="浜松工場",
        capacity=20,
        going=9,
        uid="d1f0a4c27e5b4b0fa2c91b3f6f8e7a03",
    ),
)

_SAID = ((5, "people"), (4, "talk"), (5, "people"), (4, "people"), (5, "people"), (3, "place"), (5, "people"))


def add_events(db: UnitOfWork, members: Sequence[Member], author: Member, today: date, now: datetime) -> None:
    """Adds the events, with answers of some of `members`."""
    for number, planned in enumerate(_EVENTS):
        event = _add(db, planned, author, today, now)
        turned = [*members[number * 3 :], *members[: number * 3]]
        _answer(db, event, planned, turned, now)
        if planned.days < 0:
            for useful, liked in _SAID:
                add_opinion(db, event.id or 0, useful, [liked], ["again"])


def _add(db: UnitOfWork, planned: _Planned, author: Member, today: date, now: datetime) -> Event:
    starts_at = resolve(datetime.combine(today + timedelta(days=planned.days), planned.begins), ZoneInfo(_ZONE))
    return add_event(
        db,
        Event(
            author_id=author.id or 0,
            state=EventState.ANNOUNCED,
            title_ja=planned.titles[0],
            title_en=planned.titles[1],
            text_ja=planned.texts[0],
            text_en=planned.texts[1],
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=planned.minutes),
            zone=_ZONE,
            place=planned.place,
            link=planned.link,
            capacity=planned.capacity,
            queue=planned.waiting,
            uid=planned.uid,
            created_at=min(now, starts_at) - timedelta(days=10),
        ),
    )


def _answer(db: UnitOfWork, event: Event, planned: _Planned, members: Sequence[Member], now: datetime) -> None:
    said = [Rsvp.GOING] * planned.going + [Rsvp.WAITING] * planned.waiting + [Rsvp.MAYBE] * planned.maybe
    is_over = planned.days < 0
    place = 0
    for rsvp, member in zip(said, members, strict=False):
        place += rsvp == Rsvp.WAITING
        db.session.add(
            EventAnswer(
                event_id=event.id or 0,
                member_id=member.id or 0,
                rsvp=rsvp,
                place=place if rsvp == Rsvp.WAITING else 0,
                sequence=0 if rsvp == Rsvp.GOING else -1,
                in_calendar=rsvp == Rsvp.GOING,
                attended=is_over and rsvp == Rsvp.GOING,
                told=is_over,
                changed_at=now,
            )
        )
    db.session.flush()
