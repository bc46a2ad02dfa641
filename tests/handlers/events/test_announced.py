"""From HR's form to the invitation on people's screens: who gets it, who may see the event, and what it shows later."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from bot.ui import Message
from handlers.announcements import FEATURE as ANNOUNCEMENTS
from handlers.announcements import actions as announcing
from handlers.events import FEATURE, actions
from handlers.home import FEATURE as HOME
from storage.models import Announcement, AnnouncementPress, AnnouncementState, EventState, Role, Rsvp
from tests.handlers.events.people import (
    add_hr,
    add_member,
    answer_of,
    event_of,
    press,
    read,
    say,
    standings,
)
from tests.support.golden import as_text
from tests.support.rows import list_rows
from tests.support.world import Actor, World

FORM = {"title_ja": "電池の夕べ", "text_ja": "集まりませんか。", "day": "2026-12-11", "place": "本社1階 ホール"}


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    world = World(sqlite_url, features=(FEATURE, ANNOUNCEMENTS, HOME))
    yield world
    world.close()


async def write(hr: Actor, **values: str) -> None:
    """`/announce` → event, and the form."""
    await hr.command("/announce")
    await hr.press("イベント…")
    await hr.submit(**(FORM | values))


async def send(world: World, hr: Actor, **audience: Any) -> None:
    """The audience, the sending, and the ten minutes in which it can be undone."""
    await press(hr, announcing.AskAudience(1))
    await hr.submit(**audience)
    await press(hr, announcing.AskSend(1))
    await hr.submit()
    world.clock.move(timedelta(minutes=11))
    await world.settle()
    await world.settle()


def invitations(actor: Actor) -> list[Message]:
    """What somebody got about it."""
    return [message for message in actor.inbox if "電池の夕べ" in message.summary]


async def test_an_event_is_written_announced_and_answered(world: World) -> None:
    hr, misaki = await add_hr(world), await add_member(world, "佐藤 美咲")
    await write(hr, capacity="1")
    assert "届ける相手" in read(hr)
    assert event_of(world).state == EventState.DRAFT
    await send(world, hr)
    assert event_of(world).state == EventState.ANNOUNCED
    (shown,) = invitations(misaki)
    text = as_text(shown)
    for words in (
        "集まりませんか。",
        "日時: 12月11日（金）19:00〜21:00",
        "本社1階 ホール",
        "残り1席です。",
        "[*参加*]",
    ):
        assert words in text
    await misaki.press("参加")
    assert standings(world, [misaki]) == ["going"]
    assert "参加で承っています" in as_text(invitations(misaki)[0]), "the invitation itself shows the answer now"
    assert "集まりませんか。" in as_text(invitations(misaki)[0])
    assert len(list_rows(world.store, AnnouncementPress)) == 1


async def test_only_those_to_whom_it_was_announced_see_it(world: World) -> None:
    hr = await add_hr(world)
    misaki = await add_member(world, "佐藤 美咲")
    sho = await add_member(world, "高橋 翔", role=Role.EMPLOYEE)
    silent = await add_member(world, "田中 健一", agrees=False)
    await write(hr)
    await send(world, hr, role="alumnus")
    assert [len(invitations(actor)) for actor in (misaki, sho, silent)] == [1, 0, 0]
    for action in (actions.Show(1), actions.Answer(1, "going"), actions.ShowPeople(1, 0)):
        await press(sho, action)
        assert "使えなくなりました" in read(sho)
    await sho.command("/events")
    assert "電池の夕べ" not in read(sho)
    await misaki.command("/events")
    assert "電池の夕べ" in read(misaki)
    late = await add_member(world, "新しい 卒業生")
    await late.command("/events")
    assert "電池の夕べ" in read(late), "whoever joins later and would have got it sees it too"


async def test_what_hr_tries_in_the_preview_is_no_answer(world: World) -> None:
    hr = await add_hr(world)
    await write(hr)
    await press(hr, announcing.SendToMe(1))
    await say(hr, 1)
    assert "まだお知らせしていません" in read(hr)
    assert event_of(world).queue == 0


async def test_a_draft_that_is_changed_changes_its_announcement(world: World) -> None:
    hr = await add_hr(world)
    await write(hr)
    await press(hr, actions.AskChange(1))
    await hr.submit(title_ja="電池の夜")
    (draft,) = list_rows(world.store, Announcement)
    assert draft.texts["ja"]["title"] == "電池の夜"
    await press(hr, actions.Announce(1))
    assert "電池の夜" in read(hr)


async def test_cancelled_before_it_goes_out_nobody_is_invited(world: World) -> None:
    hr, misaki = await add_hr(world), await add_member(world, "佐藤 美咲")
    await write(hr)
    await press(hr, announcing.AskSend(1))
    await hr.submit()
    await press(hr, actions.AskCancel(1))
    await hr.submit(reason="")
    world.clock.move(timedelta(minutes=11))
    await world.settle()
    assert invitations(misaki) == []
    (draft,) = list_rows(world.store, Announcement)
    assert draft.state == AnnouncementState.DRAFT


async def test_nobody_is_invited_again_when_others_answer(world: World) -> None:
    hr, misaki, ken = await add_hr(world), await add_member(world, "佐藤 美咲"), await add_member(world, "田中 健一")
    await write(hr, capacity="1")
    await send(world, hr)
    for rsvp in (Rsvp.GOING, Rsvp.NOT_GOING, Rsvp.GOING):
        await say(misaki, 1, rsvp)
    await world.pass_time(days=2)
    assert len(invitations(ken)) == 1
    assert answer_of(world, misaki).rsvp == Rsvp.GOING
