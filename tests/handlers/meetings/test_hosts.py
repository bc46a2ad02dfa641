"""Meetings depend on no host: here one of these tests, with no button of its own and its own idea of who may meet."""

from datetime import datetime

import pytest
from sqlmodel import select

from bot.i18n import _
from bot.installation import Installation
from handlers import meetings
from handlers.meetings import FEATURE, Acting, Matter, actions, add_host
from handlers.meetings.hosts import find_host
from storage.models import Account, Meeting, MeetingState, Member, Role
from storage.queries import meetings as queries
from storage.queries.members import get_member
from tests.handlers.consultations.people import add_member, read
from tests.handlers.meetings import talks
from tests.handlers.meetings.talks import alarms, clear, files_of, meeting, read_entry, slot_labels
from tests.support.rows import list_rows
from tests.support.world import Actor, World

KIND = "walk"
SUBJECT = 77


class Walk:
    """Two people who want to go for a walk."""

    def __init__(self) -> None:
        self.pair: tuple[int, int] | None = None
        self.hides = False
        self.noted: list[datetime | None] = []

    def hold(self, acting: Acting, subject_id: int) -> tuple[int, int] | None:
        """The two, while they want to."""
        return self.pair if subject_id == SUBJECT else None

    def describe(self, acting: Acting, subject_id: int, reader: Member) -> Matter | None:
        """The other's name."""
        if self.pair is None or self.hides:
            return None
        other = get_member(acting.db, next(id for id in self.pair if id != reader.id))
        return Matter(other.name, lambda: _("A talk"))

    def note_time(self, acting: Acting, subject_id: int, starts_at: datetime | None) -> None:
        """Keeps what it hears."""
        self.noted.append(starts_at)


PLACE = Installation(b"secret of a test")
WALK = Walk()
add_host(KIND, WALK)


async def go_out(url: str) -> tuple[World, Actor, Actor]:
    """Two members who want to find a time."""
    world = World(url, features=(FEATURE,))
    talks.opened.append(world)
    one = await add_member(world, "森 大地")
    other = await add_member(world, "林 さくら", role=Role.EMPLOYEE)
    WALK.pair, WALK.hides, WALK.noted = (one.member().id or 0, other.member().id or 0), False, []
    return world, one, other


async def suggest(actor: Actor) -> None:
    """The host's button, and the form as it comes."""
    await actor.press_action(actions.Suggest(KIND, SUBJECT, 0))
    await actor.submit()
    clear(actor)


def end(world: World) -> None:
    """The host says that there is nothing to meet for any more."""
    with world.store.begin() as db:
        meetings.end(Acting(db, world.clock.now(), world.policy, PLACE), KIND, SUBJECT)


async def test_the_whole_way_without_a_consultation(database_url: str) -> None:
    world, daichi, sakura = await go_out(database_url)
    await suggest(daichi)
    assert "日にちを伝える" not in sakura.buttons(), "this host has no such button"
    await sakura.press(slot_labels(sakura)[0])
    assert WALK.noted == [meeting(world).starts_at]
    for actor in (daichi, sakura):
        assert read_entry(files_of(actor)[0]).vevent.summary.value == "お話"
    end(world)
    await world.settle()
    assert (meeting(world).state, alarms(world)) == (MeetingState.ENDED, {})
    assert read_entry(files_of(daichi)[-1]).vevent.status.value == "CANCELLED"


async def test_a_host_may_end_twice_or_what_never_began(sqlite_url: str) -> None:
    world, daichi, sakura = await go_out(sqlite_url)
    end(world)
    assert list_rows(world.store, Meeting) == []
    await suggest(daichi)
    await sakura.press(slot_labels(sakura)[0])
    for _again in range(2):
        end(world)
        await world.settle()
    assert [len(files_of(actor)) for actor in (daichi, sakura)] == [2, 2]


async def test_who_may_not_meet_now_finds_no_way_in(sqlite_url: str) -> None:
    world, daichi, _sakura = await go_out(sqlite_url)
    WALK.pair = None
    await daichi.press_action(actions.Suggest(KIND, SUBJECT, 0))
    assert daichi.form is None
    assert daichi.answer is not None
    assert "使えなくなりました" in read(daichi.answer)
    assert list_rows(world.store, Meeting) == []


async def test_who_may_not_be_shown_gets_no_name_and_no_file(sqlite_url: str) -> None:
    """The host still lets them meet, but hides the other: nothing is drawn that would name them."""
    world, daichi, sakura = await go_out(sqlite_url)
    await suggest(daichi)
    WALK.hides = True
    await sakura.press(slot_labels(sakura)[0])
    assert files_of(daichi) == files_of(sakura) == []
    await world.pass_time(days=6)
    assert not any("1時間後" in message.summary for message in (*daichi.inbox, *sakura.inbox))


async def test_what_one_has_agreed_on_elsewhere_is_not_offered_again(sqlite_url: str) -> None:
    world, daichi, sakura = await go_out(sqlite_url)
    await suggest(daichi)
    first = slot_labels(sakura)
    await sakura.press(first[0])
    with world.store.begin() as db:
        found = queries.find_locked(db, 1)
        assert found is not None
        found.subject_id = 1  # another walk of the same two
    await suggest(daichi)
    assert first[0] not in slot_labels(sakura)


async def test_no_time_at_all_leaves_an_empty_form(sqlite_url: str) -> None:
    world, daichi, sakura = await go_out(sqlite_url)
    with world.store.begin() as db:
        for id, (begins, ends) in zip(WALK.pair or (), ((8, 18), (18, 8)), strict=True):
            member = get_member(db, id)
            member.quiet_from, member.quiet_to = begins, ends
    await daichi.press_action(actions.Suggest(KIND, SUBJECT, 0))
    await daichi.submit()
    assert set(daichi.errors) == {"day1"}
    await daichi.submit(day1="2026-12-01", time1="17:00")
    assert meeting(world).state == MeetingState.PROPOSED
    await world.pass_time(hours=24)
    assert slot_labels(sakura) == ["12月1日（火）17:00"]


def test_a_kind_has_one_host() -> None:
    add_host(KIND, WALK)
    with pytest.raises(ValueError, match="walk"):
        add_host(KIND, Walk())
    assert find_host(KIND) is WALK
    assert find_host("nobody's") is None


async def test_a_reminder_without_a_host_does_nothing(sqlite_url: str) -> None:
    """As after a feature was taken out."""
    world, daichi, sakura = await go_out(sqlite_url)
    await suggest(daichi)
    await sakura.press(slot_labels(sakura)[0])
    with world.store.begin() as db:
        found = queries.find_locked(db, 1)
        assert found is not None
        found.kind = "gone"
    await world.pass_time(days=6)
    assert not any("1時間後" in message.summary for message in (*daichi.inbox, *sakura.inbox))


async def test_own_addresses(sqlite_url: str) -> None:
    """A mail account before what a chat's profile says; never another member's."""
    world, daichi, sakura = await go_out(sqlite_url)
    mine, hers = daichi.member(), sakura.member()
    with world.store.begin() as db:
        assert queries.find_own_address(db, mine) == ""
        chat = db.session.exec(select(Account).where(Account.member_id == mine.id)).one()
        chat.email = "daichi@work.example"
        db.session.flush()
        assert queries.find_own_address(db, mine) == "daichi@work.example"
        row = Account(
            platform="email", external_id="daichi@home.example", member_id=mine.id, created_at=mine.created_at
        )
        db.session.add(row)
        db.session.flush()
        assert queries.find_own_address(db, mine) == "daichi@home.example"
        assert queries.find_own_address(db, hers) == ""
