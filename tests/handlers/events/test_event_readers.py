"""To whom an event is open: whoever fits an announcement's rule now, with all that a rule may ask for."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event as listening

from bot.digest import DigestReader
from bot.installation import Installation
from handlers.announcements import fan_out
from handlers.desk import Desk
from handlers.events import actions
from handlers.events.offer import offer
from handlers.events.readers import may_see
from storage.models import (
    Announcement,
    AnnouncementState,
    Consent,
    Delivery,
    DeliveryState,
    Event,
    Member,
    MemberTopic,
    Purpose,
    Role,
    Urgency,
)
from storage.queries.announcements import add_draft
from storage.queries.consents import set_consents
from storage.queries.outbox import add_contents
from storage.queries.topics import set_topics
from storage.statements import run, table_of
from storage.uow import UnitOfWork
from tests.handlers.events.people import add_hr, add_member, make_event, make_world, press, read, standings
from tests.support.world import POLICY, START, Actor, World

TITLE = "電池の夕べ"


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    world = make_world(sqlite_url)
    yield world
    world.close()


def announce(world: World, event: int, rule: dict[str, Any], **fields: Any) -> int:
    """As if it had been sent by that rule, to nobody yet."""
    with world.store.begin() as db:
        it = add_draft(db, 1, "event", event, {"ja": {"title": TITLE, "body": ""}}, START)
        it.audience, it.state, it.begun_at = rule, AnnouncementState.SENT, START
        for name, value in fields.items():
            setattr(it, name, value)
        return it.id or 0


def tell(world: World, actor: Actor, announcement: int) -> None:
    """As if it had been sent to somebody."""
    key = f"announcement:{announcement}:{actor.member().id}"
    with world.store.begin() as db:
        content = add_contents(db, ["{}"])["{}"]
        row = Delivery(key=key, content_id=content, state=DeliveryState.SENT, available_at=START, created_at=START)
        row.urgency = Urgency.PUSH
        db.session.add(row)


def change(world: World, actor: Actor, *, topics: tuple[str, ...] | None = None, **fields: Any) -> None:
    id = actor.member().id
    with world.store.begin() as db:
        member = db.session.get_one(Member, id)
        for name, value in fields.items():
            setattr(member, name, value)
        if topics is not None:
            set_topics(db, member, topics)


async def sees(actor: Actor, event: int = 1) -> bool:
    """Whether the list, the details, the buttons, and a digest show it; all of them must say the same."""
    world = actor.world
    await actor.command("/events")
    listed = TITLE in read(actor)
    await press(actor, actions.Show(event))
    detailed = TITLE in read(actor)
    me = actor.member()
    with world.store.begin() as db:
        reader = DigestReader(me.id or 0, me.language, me.role, me.department)
        made = offer(db, world.clock.now(), POLICY)
        assert made.fit_for is not None
        fit = made.fit_for(db, [reader])
        offered = {item.key: fit(reader, item) > 0 for item in made.items}[f"event:{event}"]
    assert listed == detailed == offered
    return listed


BATTERIES = {"topics": ["電池"]}
OSAKA = {"cities": ["大阪"]}
FIT: list[tuple[dict[str, Any], dict[str, Any], tuple[str, ...]]] = [
    (BATTERIES, {}, ("全固体電池",)),
    (OSAKA, {"city": "大阪市"}, ()),
    ({"left_from": 2020, "left_to": 2022}, {"left_on": date(2021, 3, 31)}, ()),
    ({"departments": ["電池開発部"]}, {"department": "電池開発部"}, ()),
    ({"role": "employee"}, {"role": Role.EMPLOYEE}, ()),
    (BATTERIES | OSAKA | {"role": "alumnus"}, {"city": "大阪"}, ("Batteries",)),
]


@pytest.mark.parametrize(("rule", "fields", "topics"), FIT)
async def test_whoever_comes_to_fit_later_sees_it_everywhere(
    world: World, rule: dict[str, Any], fields: dict[str, Any], topics: tuple[str, ...]
) -> None:
    hr, misaki = await add_hr(world), await add_member(world, "佐藤 美咲", topics=("囲碁",), city="横浜")
    announce(world, make_event(world, hr), rule)
    assert not await sees(misaki)
    await press(misaki, actions.Answer(1, "going"))
    assert "使えなくなりました" in read(misaki)
    change(world, misaki, topics=topics, **fields)
    assert await sees(misaki)
    await press(misaki, actions.Answer(1, "going"))
    assert standings(world, [misaki]) == ["going"]


async def test_whoever_registers_later_sees_what_people_like_them_were_told(world: World) -> None:
    hr = await add_hr(world)
    announce(world, make_event(world, hr), BATTERIES)
    late = await add_member(world, "新しい 卒業生", topics=("リチウムイオン電池",))
    assert await sees(late)


async def test_what_somebody_hides_finds_nothing_for_them(world: World) -> None:
    """As when it was sent: by a city that is hidden, nobody is told anything."""
    hr = await add_hr(world)
    misaki = await add_member(world, "佐藤 美咲", topics=("電池",), city="大阪")
    announce(world, make_event(world, hr), BATTERIES | OSAKA)
    assert await sees(misaki)
    for field in ("city", "topics"):
        change(world, misaki, visibility={field: "alumni"})
        assert not await sees(misaki)


async def test_who_was_sent_it_keeps_it_and_an_answer_keeps_it_too(world: World) -> None:
    hr, misaki, ken = await add_hr(world), *[await add_member(world, name, city="大阪") for name in ("佐藤", "田中")]
    sent = announce(world, make_event(world, hr), OSAKA)
    tell(world, misaki, sent)
    await press(ken, actions.Answer(1, "maybe"))
    for actor in (misaki, ken):
        change(world, actor, city="札幌")
        await actor.command("/events")
        assert TITLE in read(actor)


async def test_withdrawn_it_is_nobodys_and_another_announcement_opens_it_again(world: World) -> None:
    hr, misaki = await add_hr(world), await add_member(world, "佐藤 美咲", city="大阪")
    event = make_event(world, hr)
    announce(world, event, {}, state=AnnouncementState.WITHDRAWN)
    assert not await sees(misaki)
    announce(world, event, OSAKA)
    assert await sees(misaki)


async def test_without_consent_nothing_is_listed(world: World) -> None:
    hr, silent = await add_hr(world), await add_member(world, "田中 健一", agrees=False, city="大阪")
    announce(world, make_event(world, hr), OSAKA)
    await silent.command("/events")
    assert TITLE not in read(silent)


def count_statements(world: World, readers: int, events: int) -> int:
    """How many statements the offer to so many readers takes."""
    statements: list[str] = []
    some = [DigestReader(id, "ja", "alumnus") for id in range(1, readers + 1)]

    def note(*given: Any) -> None:
        statements.append(given[2])

    with world.store.begin() as db:
        listening.listen(world.store.engine, "before_cursor_execute", note)
        made = offer(db, world.clock.now(), POLICY)
        assert made.fit_for is not None
        made.fit_for(db, some)
        listening.remove(world.store.engine, "before_cursor_execute", note)
    assert len(made.items) == events
    return len(statements)


async def test_a_chunk_of_readers_takes_as_many_statements_as_one_reader(database_url: str) -> None:
    world = make_world(database_url)
    hr = await add_hr(world)
    for name in "ABCDE":
        await add_member(world, f"{name} さん", topics=("電池",))
    announce(world, make_event(world, hr), BATTERIES)
    few = count_statements(world, 1, 1)
    announce(world, make_event(world, hr, uid="b"), OSAKA)
    announce(world, make_event(world, hr, uid="c"), {"topics": ["囲碁"], "left_to": 2020})
    assert count_statements(world, 1, 3) == count_statements(world, 6, 3) == few
    world.close()


# The same as when it is sent

CITIES, TOPICS, DEPARTMENTS = ("大阪", "大阪市", "札幌", ""), ("電池", "Batteries", "囲碁"), ("設計2課", "電池開発部")


def some(values: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from([value for value in values if value]), max_size=2, unique=True)


rules = st.fixed_dictionaries(
    {
        "role": st.sampled_from(["", "alumnus", "employee"]),
        "departments": some(DEPARTMENTS),
        "left_from": st.sampled_from([0, 2018, 2021]),
        "left_to": st.sampled_from([0, 2020, 2023]),
        "cities": some(CITIES),
        "topics": some(TOPICS),
    }
)
people = st.fixed_dictionaries(
    {
        "role": st.sampled_from(list(Role)),
        "department": st.sampled_from(DEPARTMENTS),
        "left_on": st.sampled_from([None, date(2018, 12, 31), date(2021, 1, 1), date(2024, 5, 5)]),
        "city": st.sampled_from(CITIES),
        "visibility": st.sampled_from([{}, {"city": "alumni"}, {"topics": "nobody"}]),
        "topics": some(TOPICS),
    }
)


@given(rule=rules, person=people)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whoever_would_be_sent_it_sees_it_and_nobody_else(
    world: World, rule: dict[str, Any], person: dict[str, Any]
) -> None:
    with world.store.begin() as db:
        fresh(db)
        me, event = add_somebody(db, **person), add_event(db)
        it = add_draft(db, me.id or 0, "event", event.id or 0, {"ja": {"title": TITLE, "body": ""}}, START)
        it.audience, it.state, it.begun_at = rule, AnnouncementState.SENDING, START
        db.session.flush()
        desk = Desk(db, START, POLICY, Installation(b"secret"))
        seen = may_see(desk, me, event)
        fan_out(db, it, START, POLICY)
        assert seen == (it.planned == 1)
        assert may_see(desk, me, event) == seen


def fresh(db: UnitOfWork) -> None:
    for model in (MemberTopic, Announcement, Consent):
        run(db.session, table_of(model).delete())


def add_somebody(db: UnitOfWork, *, topics: list[str], **fields: Any) -> Member:
    member = Member(name="佐藤 美咲", status="active", language="ja", created_at=START, **fields)
    db.session.add(member)
    db.session.flush()
    set_topics(db, member, topics)
    set_consents(db, member.id or 0, (Purpose.NEWS,), START)
    return member


def add_event(db: UnitOfWork) -> Event:
    event = Event(
        author_id=1,
        state="announced",
        title_ja=TITLE,
        starts_at=START.replace(month=12),
        ends_at=START.replace(month=12, day=21),
        uid="u",
        created_at=START,
    )
    db.session.add(event)
    db.session.flush()
    return event
