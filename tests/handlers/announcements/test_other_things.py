"""What other features announce: whom it reaches, what is shown, and what is called off."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
import pytest_asyncio

from bot.actions import Action
from bot.ui import Block, Button, Buttons, Para
from handlers.announcements import Kind, Text, actions, add_kind, begin, kinds
from storage.models import (
    AnnouncementPress,
    AnnouncementState,
    Member,
    Purpose,
)
from storage.queries import announcements
from storage.uow import UnitOfWork
from tests.handlers.announcements.people import (
    TITLE,
    actor_of,
    add_hr,
    add_member,
    go_on,
    got,
    make_chunk,
    only,
    words,
)
from tests.support.rows import list_rows
from tests.support.world import START, Actor, World, text_of


@pytest_asyncio.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    world = World(sqlite_url)
    yield world
    world.close()


class Party:
    """A feature whose parties are announced."""

    def __init__(self) -> None:
        self.is_on = True
        self.drawn = 0

    def draw(self, db: UnitOfWork, subject_id: int, reader: Member, now: datetime) -> tuple[Block, ...] | None:
        self.drawn += 1
        ways = Buttons((Button("参加", actions.Open(subject_id)),))
        return (Para((f"{subject_id} {reader.language} {reader.role}",)), ways) if self.is_on else None

    def new(self) -> Action:
        return actions.Back()


@pytest.fixture
def party(monkeypatch: pytest.MonkeyPatch) -> Party:
    monkeypatch.setattr(kinds, "_kinds", {})
    made = Party()
    add_kind(Kind("party", lambda: "催し", Purpose.JOBS, made.new, made.draw))
    return made


async def hand_in_party(world: World, hr: Actor) -> None:
    kind = kinds.find_kind("party")
    assert kind is not None
    await hr.command("/announce")
    assert "催し…" in hr.buttons()
    with world.store.begin() as db:
        author = db.session.get_one(Member, hr.member().id)
        for _time in range(2):
            begin(db, author, kind, 9, {"ja": Text(TITLE)}, world.clock.now())
    await hr.press_action(actions.AskSend(1))
    await hr.submit()


async def test_another_features_thing_goes_to_those_who_agreed_to_its_purpose(world: World, party: Party) -> None:
    hr = add_hr(world)
    with world.store.begin() as db:
        for number in range(5):
            add_member(db, f"求職者{number}", consents=[Purpose.JOBS])
        add_member(db, "news only")
    await hand_in_party(world, hr)
    party.drawn = 0
    await go_on(world)
    reader = actor_of(world, "求職者0")
    assert "9 ja alumnus" in text_of(reader.inbox[0])
    assert "求人の受け取り" in text_of(reader.inbox[0])
    assert got(actor_of(world, "news only")) == []
    assert party.drawn <= 3  # once to look whether it still stands, once for the readers


async def test_what_was_called_off_before_is_not_sent(world: World, party: Party) -> None:
    hr = add_hr(world)
    with world.store.begin() as db:
        add_member(db, "求職者", consents=[Purpose.JOBS])
    await hand_in_party(world, hr)
    party.is_on = False
    await go_on(world)
    assert got(actor_of(world, "求職者")) == []
    assert only(world).state == AnnouncementState.DRAFT
    assert "取りやめ" in text_of(hr.inbox[-1])
    await hr.press_action(actions.Preview(1))
    assert "取りやめ" in words(hr)


async def test_what_is_called_off_on_the_way_reaches_nobody_else(world: World, party: Party) -> None:
    hr = add_hr(world)
    with world.store.begin() as db:
        for number in range(4):
            add_member(db, f"求職者{number}", consents=[Purpose.JOBS])
    await hand_in_party(world, hr)
    world.clock.move(timedelta(minutes=10))
    await world.app.reminders.run_due()
    make_chunk(world, 2)
    party.is_on = False
    await world.settle()
    assert [len(got(actor_of(world, f"求職者{number}"))) for number in range(4)] == [1, 1, 0, 0]


async def test_each_person_who_presses_counts_once(world: World, party: Party) -> None:
    hr = add_hr(world)
    with world.store.begin() as db:
        add_member(db, "求職者", consents=[Purpose.JOBS])
    await hand_in_party(world, hr)
    reader = actor_of(world, "求職者").member().id or 0
    with world.store.begin() as db:
        announcements.note_press(db, "party", 9, reader, START)  # too early: nobody has it yet
    assert list_rows(world.store, AnnouncementPress) == []
    await go_on(world)
    for _press in range(2):
        with world.store.begin() as db:
            announcements.note_press(db, "party", 9, reader, START)
            announcements.note_press(db, "party", 8, reader, START)
    await hr.press_action(actions.Open(1))
    assert "ボタンを押した" in words(hr)
    assert len(list_rows(world.store, AnnouncementPress)) == 1


async def test_a_feature_that_is_gone_is_not_sent(world: World, party: Party, monkeypatch: pytest.MonkeyPatch) -> None:
    hr = add_hr(world)
    with world.store.begin() as db:
        add_member(db, "求職者", consents=[Purpose.JOBS])
    await hand_in_party(world, hr)
    monkeypatch.setattr(kinds, "_kinds", {})
    await go_on(world)
    assert got(actor_of(world, "求職者")) == []
    assert only(world).state == AnnouncementState.DRAFT
