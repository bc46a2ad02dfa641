"""Nobody who is not an active member sees one: every command, button, form and event of every feature is tried by the
unverified, the paused, the suspended and the withdrawn, in a community full of people who carry a mark.
"""

import dataclasses
import itertools
from collections.abc import AsyncIterator, Iterator
from datetime import date, timedelta
from typing import Any, cast, get_type_hints

import pytest
import pytest_asyncio

from bot.actions import Action, encode
from bot.incoming import (
    ButtonPressed,
    Command,
    FormSubmitted,
    FormValues,
    HomeOpened,
    Incoming,
    MemberJoined,
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    Origin,
)
from bot.replies import Private, Reply
from bot.routing import Route, Who
from handlers import FEATURES
from storage.models import (
    Account,
    Application,
    Consultation,
    ConsultationRequest,
    Member,
    Proposal,
    Role,
    RosterEntry,
    Status,
)
from storage.queries.topics import set_topics
from storage.uow import UnitOfWork
from tests.support.world import START, Actor, World, list_buttons

MARK = "秘"
"""Stands in everything that is told of the members, and in nothing else here."""

OPEN_FEATURES = {"welcome", "onboarding", "pause", "accounts", "home", "help", "rooms"}
"""Those that may have routes for anyone: the way in, the way back, one's own accounts, and what there is; and one's own
conversations, of which somebody who is outside by now is told that they are closed, and where they can report what was
written to them.
"""

OUTSIDE = [Status.UNVERIFIED, Status.PAUSED, Status.SUSPENDED, Status.WITHDRAWN]
ROUTES = [route for feature in FEATURES for route in feature.router.routes]


def add_member(db: UnitOfWork, number: int, role: Role) -> None:
    member = Member(
        status=Status.ACTIVE,
        role=role,
        is_hr=number == 1,
        name=f"{MARK}名前{number}",
        kana=f"{MARK}ナマエ",
        department=f"{MARK}部署",
        employer=f"{MARK}社",
        job=f"{MARK}職",
        city=f"{MARK}市",
        latest_news=f"{MARK}近況",
        languages=["ja"],
        language="ja",
        left_on=date(2026, 3, 31),
        guidelines_version="2026-11",
        created_at=START,
    )
    db.session.add(member)
    db.session.flush()
    account = Account(platform="chat", tenant="T1", external_id=f"M{number}", name=member.name, created_at=START)
    account.member_id = member.id
    db.session.add(account)
    for _ in range(3):
        set_topics(db, member, [f"{MARK}話題{number}"])


def add_work(db: UnitOfWork, number: int) -> None:
    """Something of every kind that an id may point to, all of it between members."""
    entry = RosterEntry(employee_number=str(number), name=f"{MARK}", left_on=date(2026, 3, 31), imported_at=START)
    key, topic, aim = str(number), f"{MARK}話題", f"{MARK}目的"
    wish = Consultation(asker_id=1, form_key=key, topic=topic, aim=aim, created_at=START)
    db.session.add_all([entry, wish, Application(member_id=number, name=f"{MARK}", created_at=START)])
    db.session.flush()
    wish_id, by = wish.id or 0, START + timedelta(days=10)
    db.session.add(Proposal(consultation_id=wish_id, mentor_id=number + 1, rank=1))
    db.session.add(ConsultationRequest(consultation_id=wish_id, mentor_id=number + 1, asked_at=START, reply_by=by))
    db.session.flush()


@pytest_asyncio.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    world = World(sqlite_url)
    with world.store.begin() as db:
        for number, role in enumerate((Role.EMPLOYEE, Role.ALUMNUS, Role.ALUMNUS, Role.EMPLOYEE), start=1):
            add_member(db, number, role)
        for number in (1, 2, 3):
            add_work(db, number)
    yield world
    world.close()


def set_status(world: World, id: int | None, status: Status) -> None:
    with world.store.begin() as db:
        member = db.session.get_one(Member, id)
        member.status, member.is_hr, member.role = status, True, Role.EMPLOYEE


def examples(kind: type[Action]) -> Iterator[Action]:
    """Payloads of a kind: each number as an id of somebody else's, each text empty and not."""
    hints = get_type_hints(kind)
    names = [field.name for field in dataclasses.fields(cast(Any, kind))]
    choices = [(1, 2, 3) if hints[name] is int else ("", "1", "well") for name in names]
    for given in itertools.islice(itertools.product(*choices), 9):
        yield kind(*given)


class Filled(dict[str, str]):
    """Answers to every field there may be."""

    def get(self, key: str, default: object = None) -> Any:
        return "1"


def tries(route: Route, origin: Origin) -> Iterator[Incoming]:
    """What leads to a route, in several variants."""
    kind, subject = route.key
    match kind:
        case "command":
            name, _, sub = str(subject).partition(" ")
            yield from (Command(origin, name, f"{sub} {text}".strip()) for text in ("", "1", "a few words"))
            yield from (MessageReceived(origin, f"{word} 1") for word in route.words)
        case "button":
            yield from (ButtonPressed(origin, encode(each)) for each in examples(cast("type[Action]", subject)))
        case "form":
            for each in examples(cast("type[Action]", subject)):
                yield FormSubmitted(origin, encode(each), FormValues())
                yield FormSubmitted(origin, encode(each), FormValues(Filled()))
        case "thread":
            yield MessageReceived(origin, "x", "m1")
        case "message":
            yield MessageReceived(origin, "x")
        case _:
            yield _event(subject, origin)


def _event(kind: object, origin: Origin) -> Incoming:
    if kind is MessageReceived:
        return MessageReceived(origin, "x")
    written = dataclasses.replace(origin, message="m1")
    if kind is MessageEdited:
        return MessageEdited(written, "y")
    if kind is MessageDeleted:
        return MessageDeleted(written)
    assert kind in (MemberJoined, HomeOpened), f"how does one try {kind}?"
    return HomeOpened(origin) if kind is HomeOpened else MemberJoined(origin)


async def outsider(world: World, status: Status) -> Actor:
    """Somebody who was of HR before, and is outside now."""
    actor = world.person("外の人", user="U-outside")
    await actor.open_home()
    set_status(world, actor.member().id, status)
    return actor


def named(route: Route) -> str:
    subject = route.key[1]
    return f"{route.key[0]} {getattr(subject, 'action_name', getattr(subject, '__name__', subject))}"


def test_only_the_ways_in_and_back_are_for_anyone() -> None:
    open_to_all = {feature.name for feature in FEATURES for route in feature.router.routes if route.who is Who.ANYONE}
    assert open_to_all <= OPEN_FEATURES


def read_members(world: World) -> list[dict[str, Any]]:
    with world.store.begin() as db:
        return [db.session.get_one(Member, number).model_dump() for number in (1, 2, 3, 4)]


def check_refusal(route: Route, reply: Reply, status: Status) -> None:
    assert isinstance(reply, Private), named(route)
    ways = {Status.UNVERIFIED: ["onboarding.register"], Status.PAUSED: ["home.open"]}.get(status, [])
    assert [button.action.action_name for button in list_buttons(reply.message)] == ways, named(route)


@pytest.mark.parametrize("status", OUTSIDE)
async def test_nobody_outside_is_shown_a_member_or_can_touch_one(world: World, status: Status) -> None:
    actor, before = await outsider(world, status), read_members(world)
    id = actor.member().id
    for route in ROUTES:
        for incoming in tries(route, actor.origin()):
            reply = await world.app.dispatch(incoming)
            assert MARK not in repr(reply), named(route)
            assert "不具合" not in repr(reply), f"{named(route)} broke down"
            if route.who is not Who.ANYONE and not isinstance(incoming, MessageReceived):
                check_refusal(route, reply, status)
            elif route.who is Who.ANYONE:
                set_status(world, id, status)
    assert read_members(world) == before
    await world.pass_time(days=8)
    assert actor.inbox, "whoever wrote was answered"
    assert MARK not in repr(actor.inbox)


def test_the_mark_would_be_seen(world: World) -> None:
    """The tests above look for something that is there to be found."""
    with world.store.begin() as db:
        assert MARK in repr(db.session.get_one(Member, 2).model_dump())
        assert MARK in repr(db.session.get_one(Consultation, 1).model_dump())
