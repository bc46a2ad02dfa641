"""What HR hears without asking: Monday's summary, codes on the last day, the home page."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.failures import FailureKind, SendFailed
from bot.incoming import AccountKind
from bot.installation import Installation
from bot.policy import Policy
from bot.recurrence import Rule
from bot.ui import Message
from handlers.hr.jobs import find_handover_rule, report_week
from handlers.hr.rules import Note, Reason
from handlers.roster import INVITE
from storage.models import RosterEntry
from storage.queries.reminders import set_reminders
from tests.handlers.hr.scene import applicant, hr, newest, world
from tests.handlers.hr.test_leavers import jump
from tests.support.people import add_leaver, alumnus
from tests.support.world import Actor, World, list_buttons, text_of

__all__ = ["world"]

MONDAY = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
"""Nine o'clock in Tokyo."""

PLACE = Installation(b"secret of a test", mail_is_on=True)


def summaries(yuka: Actor) -> list[Message]:
    return [message for message in yuka.inbox if "この1週間" in message.summary]


async def start(world: World) -> Actor:
    yuka = await hr(world)
    await world.app.slots.prepare()
    return yuka


async def test_nothing_to_say_is_not_said(world: World) -> None:
    yuka = await start(world)
    await jump(world, days=30)
    assert summaries(yuka) == []


async def test_monday_at_nine_who_joined_is_told_to_everybody_in_hr(world: World) -> None:
    yuka = await start(world)
    await alumnus(world)
    world.clock.at = MONDAY - timedelta(minutes=1)
    await world.settle()
    assert summaries(yuka) == []
    await jump(world, minutes=1)
    (summary,) = summaries(yuka)
    assert "佐藤 美咲" in text_of(summary)
    assert "16年勤められた方" not in text_of(summary), "fifteen whole years"
    assert "15年勤められた方で、今週登録されました" in text_of(summary)
    assert [button.label for button in list_buttons(summary)] == ["人事のページ"]
    await jump(world, days=7)
    assert len(summaries(yuka)) == 1, "a week later there is nothing new"


def invite(world: World, number: str, name: str, joined: int, days_ago: int) -> None:
    with world.store.begin() as db:
        db.session.add(
            RosterEntry(
                employee_number=number,
                name=name,
                joined_on=date(joined, 4, 1),
                left_on=date(2026, 3, 31),
                imported_at=MONDAY,
                invited_at=MONDAY - timedelta(days=days_ago),
            )
        )


async def test_who_stalled_is_named_in_one_week_only(world: World) -> None:
    invite(world, "1", "まだ 早い", 2000, 6)
    invite(world, "2", "一週 経過", 2020, 8)
    invite(world, "3", "十年 以上", 2010, 10)
    invite(world, "4", "先週 言った", 2000, 15)
    half = world.person("途中 さん", kind=AccountKind.GUEST)
    await half.join()
    world.clock.at = MONDAY + timedelta(days=7)
    with world.store.begin() as db:
        report = report_week(db, MONDAY, world.policy, PLACE)
        later = report_week(db, MONDAY + timedelta(days=8), world.policy, PLACE)
    assert report.invited == ("十年 以上", "一週 経過")
    assert report.half_way == ()
    assert report.notes == (Note("十年 以上", Reason.LONG_SERVICE, 15),)
    assert later.half_way == ("途中 さん",)
    assert "十年 以上" not in later.invited


async def test_an_invitation_that_failed_is_worth_a_note(world: World) -> None:
    yuka = await start(world)
    await yuka.command("/hr")
    await yuka.press("退職者を追加")
    world.mail.failures.append(SendFailed(FailureKind.GONE, "(550)"))
    await yuka.submit(employee_number="1", name="田中 一郎", left_on="2026-11-20", email="ichiro@mail.example")
    await jump(world, days=4)
    (summary,) = summaries(yuka)
    assert "田中 一郎" in text_of(summary)
    assert "ご招待メールが届きませんでした" in text_of(summary)


async def test_applications_that_wait_too_long_are_told(world: World) -> None:
    await applicant(world)
    with world.store.begin() as db:
        assert report_week(db, world.clock.now() + timedelta(days=2), Policy(), PLACE).overdue == 0
        assert report_week(db, world.clock.now() + timedelta(days=4), Policy(), PLACE).overdue == 1


@pytest.mark.parametrize(
    ("inviting", "told"), [(time(10), time(10, 15)), (time(8, 30), time(8, 45)), (time(23, 50), time(0, 5))]
)
def test_codes_are_told_a_quarter_of_an_hour_after_the_hour_of_inviting(inviting: time, told: time) -> None:
    assert find_handover_rule(Policy(invitation_at=inviting)) == Rule(told)


async def test_codes_are_to_be_handed_over_on_the_last_day(world: World) -> None:
    yuka = await start(world)
    add_leaver(world, left_on=date(2026, 11, 25))
    add_leaver(world, "田中 一郎", "00200", left_on=date(2026, 11, 26))
    world.clock.at = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
    await world.settle()
    assert "お渡しするご招待コード" not in newest(yuka).summary
    await jump(world, minutes=15)
    told = newest(yuka)
    assert "お渡しするご招待コード" in told.summary
    assert "佐藤 美咲" in text_of(told)
    assert "田中" not in text_of(told)
    await yuka.press("渡す招待")
    assert newest(yuka) == told, "the message stays"
    assert yuka.answer is not None
    assert "佐藤 美咲" in text_of(yuka.answer)


async def test_nobody_is_named_whom_a_mail_invites(world: World) -> None:
    yuka = await start(world)
    add_leaver(world, left_on=date(2026, 11, 25), email="misaki@mail.example")
    with world.store.begin() as db:
        set_reminders(db, INVITE, {1: datetime(2026, 11, 25, 1, tzinfo=UTC)})
    world.clock.at = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
    await world.settle()
    assert not [message for message in yuka.inbox if "お渡しするご招待コード" in message.summary]
    assert len(world.mail.direct["misaki@mail.example"]) == 1


async def test_the_home_page_of_hr_has_a_part_of_its_own(world: World) -> None:
    yuka = await hr(world)
    sho = world.employee("高橋 翔")
    await applicant(world)
    for actor in (yuka, sho):
        await actor.open_home()
    assert yuka.home is not None
    assert sho.home is not None
    assert "承認待ち" in text_of(yuka.home)
    assert "人事のページ" in [button.label for button in list_buttons(yuka.home)]
    assert "人事のページ" not in [button.label for button in list_buttons(sho.home)]
    await yuka.press("人事のページ")
    assert yuka.answer is not None
    assert yuka.answer.summary == "人事のページ"
