"""Invitations: on the last day at ten, once, to the right address, with a code that leads to the person."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.failures import FailureKind, SendFailed
from bot.installation import Installation
from bot.ui import Message
from handlers import roster
from handlers.roster import Column, Fault
from storage.models import Account, Member, RosterEntry
from storage.queries import deliveries
from storage.queries.registration import attach_mail
from storage.queries.roster import current_code, find_by_code, find_by_number
from storage.uow import UnitOfWork
from tests.handlers.roster.sheets import MISAKI, SHO, sheet
from tests.support.world import World, text_of

MAIL = "misaki@mail.example"


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    """A community with the roster alone."""
    made = World(database_url, features=(roster.FEATURE,))
    yield made
    made.close()


def bring_in(world: World, *rows: str) -> None:
    now = world.clock.now()
    with world.store.begin() as db:
        report = roster.import_leavers(db, sheet(*rows).encode(), world.policy, now)
        assert report.problems == ()


async def jump(world: World, *, days: int = 0, hours: int = 0) -> None:
    """Later, everything that is due happens at once."""
    world.clock.move(timedelta(days=days, hours=hours))
    await world.settle()


def letters(world: World, address: str = MAIL) -> list[Message]:
    return [shown.message for shown in world.mail.direct.get(address, [])]


def entry_of(db: UnitOfWork, number: str = "00123") -> RosterEntry:
    entry = find_by_number(db, number)
    assert entry is not None
    return entry


def installation(world: World, *, mail_is_on: bool = True) -> Installation:
    return Installation(b"secret of a test", mail_is_on)


def code_of(world: World) -> str | None:
    with world.store.begin() as db:
        return current_code(entry_of(db), b"secret of a test")


async def test_the_invitation_goes_out_on_the_last_day_at_ten(world: World) -> None:
    bring_in(world, MISAKI)
    await jump(world, days=9, hours=23)
    assert letters(world) == []
    await jump(world, hours=1)
    (letter,) = letters(world)
    code = code_of(world)
    assert code is not None
    assert code in text_of(letter)
    assert "縁" in letter.summary
    assert "佐藤 美咲" in text_of(letter)
    with world.store.begin() as db:
        entry = entry_of(db)
        assert entry.invited_at == world.clock.now()
        assert entry.code_expires_at == world.clock.now() + world.policy.code_valid
        assert find_by_code(db, code, b"secret of a test") is entry
    await jump(world, days=30)
    assert len(letters(world)) == 1


async def test_the_code_stands_in_the_mail_only(world: World) -> None:
    bring_in(world, MISAKI)
    await jump(world, days=10)
    code = code_of(world)
    assert code is not None
    with world.store.begin() as db:
        assert code not in repr(entry_of(db).model_dump())
        assert code.replace("-", "") not in repr(entry_of(db).model_dump())


@pytest.mark.parametrize(
    ("row", "words", "others"),
    [
        (MISAKI, ("ご招待コード",), ("Invitation code",)),
        (MISAKI.replace("日本語", "英語"), ("Invitation code",), ("ご招待コード",)),
        (MISAKI.replace("日本語", ""), ("ご招待コード", "Invitation code"), ()),
    ],
)
async def test_in_the_persons_language_or_in_both(
    world: World, row: str, words: tuple[str, ...], others: tuple[str, ...]
) -> None:
    bring_in(world, row)
    await jump(world, days=10)
    (letter,) = letters(world)
    assert all(word in text_of(letter) for word in words)
    assert not any(word in text_of(letter) for word in others)


async def test_a_last_day_that_moves_takes_the_invitation_with_it(world: World) -> None:
    bring_in(world, MISAKI)
    bring_in(world, MISAKI.replace("2026/11/30", "2026/12/10"))
    await jump(world, days=15)
    assert letters(world) == []
    await jump(world, days=5)
    assert len(letters(world)) == 1


async def test_a_reminder_that_fires_too_early_waits_for_the_last_day(world: World) -> None:
    bring_in(world, MISAKI)
    with world.store.begin() as db:
        entry_of(db).left_on += timedelta(days=3)
    await jump(world, days=12)
    assert letters(world) == []
    await jump(world, days=1)
    assert len(letters(world)) == 1


async def test_who_joined_already_is_not_invited(world: World) -> None:
    bring_in(world, MISAKI)
    with world.store.begin() as db:
        db.session.add(Member(roster_id=entry_of(db).id, created_at=world.clock.now()))
    await jump(world, days=11)
    assert letters(world) == []


async def test_without_an_address_nothing_is_sent_and_the_person_stays_uninvited(world: World) -> None:
    bring_in(world, MISAKI.replace(MAIL, ""))
    await jump(world, days=11)
    with world.store.begin() as db:
        assert (entry_of(db).invited_at, entry_of(db).code_serial) == (None, 0)
        assert not roster.can_be_mailed(entry_of(db), installation(world))


async def test_an_address_that_comes_later_is_written_to(world: World) -> None:
    bring_in(world, MISAKI.replace(MAIL, ""))
    await jump(world, days=11)
    bring_in(world, MISAKI)
    await jump(world, hours=1)
    assert len(letters(world)) == 1


async def test_without_a_mail_server_nobody_is_written_to(sqlite_url: str) -> None:
    world = World(sqlite_url, features=(roster.FEATURE,), mail=False)
    bring_in(world, MISAKI)
    await jump(world, days=11)
    with world.store.begin() as db:
        assert entry_of(db).invited_at is None
    world.close()


async def test_inviting_again_makes_a_new_code_and_the_old_one_is_void(world: World) -> None:
    bring_in(world, MISAKI)
    await jump(world, days=10)
    first = code_of(world)
    assert first is not None
    with world.store.begin() as db:
        roster.mail_invitation(db, entry_of(db), world.policy, installation(world), world.clock.now())
    await world.settle()
    assert len(letters(world)) == 2
    with world.store.begin() as db:
        assert find_by_code(db, first, b"secret of a test") is None
    second = code_of(world)
    assert second is not None
    assert second in text_of(letters(world)[1])


async def test_an_invitation_that_waits_is_replaced(world: World) -> None:
    bring_in(world, MISAKI)
    world.mail.failures.append(SendFailed(FailureKind.RETRY, "busy"))
    await world.app.reminders.run_due()
    with world.store.begin() as db:
        entry = entry_of(db)
        roster.mail_invitation(db, entry, world.policy, installation(world), world.clock.now())
        roster.mail_invitation(db, entry, world.policy, installation(world), world.clock.now())
    world.mail.failures.clear()
    await world.settle()
    (letter,) = letters(world)
    code = code_of(world)
    assert code is not None
    assert code in text_of(letter)


async def test_a_corrected_address_gets_its_own_invitation(world: World) -> None:
    bring_in(world, MISAKI)
    world.mail.failures.append(SendFailed(FailureKind.GONE, "no such mailbox"))
    await jump(world, days=10)
    with world.store.begin() as db:
        (troubled,) = deliveries.list_troubled(db)
        assert troubled["key"].startswith("invitation:")
    bring_in(world, MISAKI.replace(MAIL, "m.sato@mail.example"))
    await jump(world, hours=1)
    assert len(letters(world, "m.sato@mail.example")) == 1


async def test_an_address_that_failed_once_is_tried_again_when_hr_says_so(world: World) -> None:
    bring_in(world, MISAKI)
    world.mail.failures.append(SendFailed(FailureKind.GONE, "mailbox full"))
    await jump(world, days=10)
    with world.store.begin() as db:
        roster.mail_invitation(db, entry_of(db), world.policy, installation(world), world.clock.now())
    await world.settle()
    assert len(letters(world)) == 1


async def test_the_account_of_the_mail_becomes_the_persons_own(world: World) -> None:
    bring_in(world, MISAKI)
    await jump(world, days=10)
    now = world.clock.now()
    with world.store.begin() as db:
        member = Member(roster_id=entry_of(db).id, created_at=now)
        db.session.add(member)
        db.session.flush()
        attach_mail(db, member, MAIL, now)
        account = db.session.get_one(Account, 1)
        assert (account.platform, account.external_id, account.member_id) == ("email", MAIL, member.id)


def test_hr_takes_the_same_code_while_it_is_good(world: World) -> None:
    bring_in(world, MISAKI)
    now = world.clock.now()
    place = installation(world, mail_is_on=False)
    with world.store.begin() as db:
        code = roster.take_code(db, entry_of(db), world.policy, place, now)
        assert entry_of(db).invited_at == now
        assert roster.take_code(db, entry_of(db), world.policy, place, now + timedelta(days=59)) == code
        assert roster.take_code(db, entry_of(db), world.policy, place, now + timedelta(days=60)) != code
        assert entry_of(db).invited_at == now


FORM = {
    Column.NUMBER: "00123",
    Column.NAME: "佐藤 美咲",
    Column.LEFT: "2026-11-30",
    Column.EMAIL: MAIL,
    Column.LANGUAGE: "ja",
}


async def test_one_person_by_a_form(world: World) -> None:
    with world.store.begin() as db:
        entered = roster.enter_leaver(db, FORM, world.policy, world.clock.now())
        assert entered.entry is not None
        assert (entered.entry.name, entered.problems) == ("佐藤 美咲", ())
    await jump(world, days=10)
    assert len(letters(world)) == 1


@pytest.mark.parametrize(
    ("column", "text", "fault"),
    [
        (Column.NUMBER, "", Fault.MISSING),
        (Column.NUMBER, "00123", Fault.KNOWN_NUMBER),
        (Column.NUMBER, "123", Fault.KNOWN_PERSON),
        (Column.NAME, "=1+1", Fault.FORMULA),
        (Column.EMAIL, "misaki", Fault.NO_ADDRESS),
        (Column.EMAIL, "sho@mail.example", Fault.KNOWN_ADDRESS),
    ],
)
def test_a_form_is_held_to_the_same_rules(world: World, column: Column, text: str, fault: Fault) -> None:
    bring_in(world, MISAKI, SHO)
    cells = FORM | {Column.NUMBER: "00777", Column.EMAIL: "new@mail.example"} | {column: text}
    with world.store.begin() as db:
        entered = roster.enter_leaver(db, cells, world.policy, world.clock.now())
        assert entered.entry is None
        assert [problem.fault for problem in entered.problems] == [fault]


async def test_an_entry_is_changed_by_a_form_and_may_lose_what_was_wrong(world: World) -> None:
    bring_in(world, MISAKI)
    with world.store.begin() as db:
        cells = FORM | {Column.EMAIL: "", Column.LEFT: "2026-12-01", Column.NUMBER: "99999"}
        changed = roster.change_leaver(db, entry_of(db), cells, world.policy, world.clock.now())
        assert changed.problems == ()
        assert (entry_of(db).email, entry_of(db).department, entry_of(db).employee_number) == ("", "", "00123")
        assert changed.invitation_at == world.clock.now() + timedelta(days=11)
    await jump(world, days=12)
    assert letters(world) == []


def test_a_change_that_is_wrong_changes_nothing(world: World) -> None:
    bring_in(world, MISAKI, SHO)
    with world.store.begin() as db:
        cells = FORM | {Column.EMAIL: "sho@mail.example"}
        changed = roster.change_leaver(db, entry_of(db), cells, world.policy, world.clock.now())
        assert [problem.fault for problem in changed.problems] == [Fault.KNOWN_ADDRESS]
        assert entry_of(db).email == MAIL
