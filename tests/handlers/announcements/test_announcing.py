"""From the form to the readers' screens, on simulated time."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio
from sqlmodel import select

from bot.ui import Picture, TextInput
from handlers.announcements import actions
from storage.models import Account, Announcement, AnnouncementState, Delivery, DeliveryState, Role, Status
from tests.handlers.announcements.people import (
    TEXT,
    TITLE,
    Looks,
    actor_of,
    add_hr,
    add_member,
    add_people,
    change,
    go_on,
    got,
    hand_in,
    only,
    send_now,
    words,
    write,
)
from tests.support.rows import list_rows
from tests.support.world import START, World, text_of


@pytest.fixture
def looks() -> Looks:
    return Looks()


@pytest_asyncio.fixture
async def world(sqlite_url: str, looks: Looks) -> AsyncIterator[World]:
    world = World(sqlite_url, pictures=looks)
    yield world
    world.close()


# Who may


@pytest.mark.parametrize("role", [Role.ALUMNUS, Role.EMPLOYEE])
async def test_others_than_hr_have_no_announcements(world: World, role: Role) -> None:
    with world.store.begin() as db:
        add_member(db, "高橋 翔", role=role)
    sho = actor_of(world, "高橋 翔")
    await sho.command("/announce")
    assert "人事" in words(sho)
    await sho.press_action(actions.AskNews())
    assert sho.form is None


@pytest.mark.parametrize(
    "action",
    [
        actions.AskEdit(1),
        actions.Open(1),
        actions.ThrowAway(1),
        actions.AskAudience(1),
        actions.Preview(1),
        actions.SendToMe(1),
        actions.AskSend(1),
        actions.Agree(1, 1),
        actions.AskDecline(1, 1),
        actions.Undo(1),
        actions.Stop(1),
        actions.Withdraw(1),
        actions.AskCorrect(1),
        actions.SendAgain(1),
        actions.SendFile(1),
    ],
)
async def test_no_button_does_anything_for_others_or_about_what_is_not_there(world: World, action: object) -> None:
    hr, [sho] = add_hr(world), add_people(world, 1)
    await hr.press_action(action)  # pyright: ignore[reportArgumentType]
    assert "使えなくなりました" in words(hr)
    await write(hr)
    before = only(world)
    await sho.press_action(action)  # pyright: ignore[reportArgumentType]
    assert (only(world), sho.form) == (before, None)
    assert got(sho) == []


# Writing


async def test_a_draft_survives_a_closed_window(world: World) -> None:
    hr = add_hr(world)
    await write(hr)
    await hr.command("/announce")
    assert TITLE in words(hr)
    await hr.press("続ける")
    await hr.press("書き直す…")
    assert hr.form is not None
    await hr.submit(title_ja="秋の集い")
    assert only(world).texts["ja"] == {"title": "秋の集い", "body": TEXT["body_ja"]}


async def test_a_draft_can_be_thrown_away_once(world: World) -> None:
    hr = add_hr(world)
    await write(hr)
    await hr.command("/announce")
    await hr.press("消す")
    assert list_rows(world.store, Announcement) == []
    await hr.press_action(actions.ThrowAway(1))
    assert "使えなくなりました" in words(hr)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title_ja": "", "body_ja": "", "title_en": "", "body_en": ""}, "title_ja"),
        ({"title_ja": ""}, "title_ja"),
        ({"title_en": "x" * 101}, "title_en"),
        ({"body_ja": "あ" * 10_000}, "body_ja"),
        ({"link": "http://sample-seiki.example/"}, "link"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"link": "https://a b.example/"}, "link"),
        ({"picture": "http://sample-seiki.example/a.png"}, "picture"),
        ({"picture": "https://user@sample-seiki.example/a.png"}, "picture"),
        ({"picture": "https://[::1"}, "picture"),
    ],
)
async def test_what_cant_be_sent_is_said_beside_its_field(world: World, values: dict[str, str], field: str) -> None:
    hr = add_hr(world)
    await write(hr, **values)
    assert list(hr.errors) == [field]
    assert list_rows(world.store, Announcement) == []


async def test_ten_thousand_characters_stay_in_the_form_as_far_as_it_holds_them(world: World) -> None:
    hr = add_hr(world)
    await write(hr, body_ja="あ" * 2001)
    assert "2,000" in hr.errors["body_ja"]
    assert hr.form is not None
    assert [item for item in hr.form.fields if isinstance(item, TextInput) and item.value == "あ" * 2001]


async def test_a_picture_is_looked_at_before_it_can_be_sent(world: World, looks: Looks) -> None:
    hr, [reader] = add_hr(world), add_people(world, 1)
    looks.problem = "too_large"
    await write(hr, picture="https://pictures.example/30mb.png")
    assert looks.asked == ["https://pictures.example/30mb.png"]
    assert "5MB" in text_of(hr.inbox[-1])
    await hr.press("送る…")
    assert (hr.form, only(world).state) == (None, AnnouncementState.DRAFT)
    assert "5MB" in words(hr)
    looks.problem = ""
    await hr.press("書き直す…")
    await hr.submit(picture="https://pictures.example/small.png")
    await hr.press("送る…")
    await hr.submit()
    await go_on(world)
    [message] = reader.inbox
    assert Picture("https://pictures.example/small.png", TITLE) in message.blocks


async def test_a_picture_changed_while_it_was_looked_at_is_looked_at_again(world: World, looks: Looks) -> None:
    hr = add_hr(world)
    await write(hr, picture="https://pictures.example/a.png")
    await hr.press("書き直す…")
    await hr.submit(picture="https://pictures.example/b.png")
    assert looks.asked[-1] == "https://pictures.example/b.png"
    assert only(world).picture_problem == ""


async def test_the_draft_of_somebody_else_is_theirs(world: World) -> None:
    hr, other = add_hr(world), add_hr(world, "大野 健")
    await write(hr)
    await other.command("/announce")
    assert TITLE not in words(other)
    await other.press_action(actions.AskEdit(1))
    assert other.form is None
    assert "山本 由佳さんが書いている途中" in words(other)


async def test_the_draft_of_somebody_who_lost_the_role_can_be_taken_over(world: World) -> None:
    hr, other = add_hr(world), add_hr(world, "大野 健")
    await write(hr)
    change(world, hr, is_hr=False)
    await other.command("/announce")
    await other.press("続ける")
    assert only(world).author_id == other.member().id


# Looking at it


async def test_the_preview_shows_both_languages_and_goes_to_the_author_alone(world: World) -> None:
    hr, [reader] = add_hr(world), add_people(world, 1)
    await write(hr)
    await hr.press("見え方を確かめる")
    assert TITLE in words(hr)
    assert TEXT["title_en"] in words(hr)
    await hr.press("自分に送る")
    assert sorted(got(hr)) == sorted([TITLE, TEXT["title_en"]])
    assert got(reader) == []


async def test_a_missing_language_is_said_to_its_readers(world: World) -> None:
    hr = add_hr(world)
    with world.store.begin() as db:
        add_member(db, "Emily", language="en")
        add_member(db, "佐藤 美咲")
    await write(hr, title_en="", body_en="")
    await hr.press("送る…")
    await hr.submit()
    await go_on(world)
    emily, misaki = actor_of(world, "Emily"), actor_of(world, "佐藤 美咲")
    assert got(emily) == got(misaki) == [TITLE]
    assert "This is in Japanese." in text_of(emily.inbox[0])
    assert "日本語です" not in text_of(misaki.inbox[0])


# Sending


async def test_it_goes_out_after_ten_minutes_once_to_each_in_their_language(database_url: str) -> None:
    world = World(database_url)
    hr = add_hr(world)
    with world.store.begin() as db:
        add_member(db, "Emily", language="en")
        add_member(db, "佐藤 美咲")
        add_member(db, "知らない人", consents=())
        add_member(db, "休んでいる人", status=Status.PAUSED)
    await hand_in(hr)
    emily, misaki = actor_of(world, "Emily"), actor_of(world, "佐藤 美咲")
    await go_on(world, 9.9)
    assert got(emily) == got(misaki) == []
    await go_on(world, 0.1)
    for _look in range(3):
        await world.settle()
    assert (got(emily), got(misaki)) == ([TEXT["title_en"]], [TITLE])
    assert got(actor_of(world, "知らない人")) == got(actor_of(world, "休んでいる人")) == []
    assert (only(world).state, only(world).planned) == (AnnouncementState.SENT, 2)
    world.close()


async def test_it_can_be_undone_for_ten_minutes(world: World) -> None:
    hr, [reader] = add_hr(world), add_people(world, 1)
    await hand_in(hr)
    await hr.press("取り消す")
    await go_on(world, 60)
    assert (got(reader), only(world).state) == ([], AnnouncementState.DRAFT)
    await hr.press("送る…")  # and it can be sent after all
    await hr.submit()
    await go_on(world)
    assert got(reader) == [TITLE]
    await hr.press_action(actions.Undo(1))
    assert only(world).state == AnnouncementState.SENT


async def test_handing_in_again_after_undoing_waits_ten_minutes_again(world: World) -> None:
    hr, [reader] = add_hr(world), add_people(world, 1)
    await hand_in(hr)
    await go_on(world, 8)
    await hr.press("取り消す")
    await hr.press("送る…")
    await hr.submit()
    await go_on(world, 2)
    assert got(reader) == []  # the first reminder counts no more
    await go_on(world, 8)
    assert got(reader) == [TITLE]


async def test_pressing_twice_sends_once(world: World) -> None:
    hr, [reader] = add_hr(world), add_people(world, 1)
    await hand_in(hr)
    await hr.press_action(actions.AskSend(1))
    assert hr.form is None
    await go_on(world)
    assert got(reader) == [TITLE]
    assert only(world).asked == 1


async def test_it_is_sent_at_the_chosen_time_of_the_authors_clock(world: World) -> None:
    hr, [reader] = add_hr(world, zone="Europe/Berlin"), add_people(world, 1)
    await hand_in(hr, day="2026-11-25", clock="08:00")
    world.clock.at = datetime(2026, 11, 25, 6, 59, tzinfo=UTC)
    await world.settle()
    assert got(reader) == []
    await go_on(world, 1)
    assert got(reader) == [TITLE]


@pytest.mark.parametrize(
    ("zone", "day", "clock"),
    [
        ("Asia/Tokyo", "2026-11-20", "09:30"),
        ("Asia/Tokyo", "2026-11-19", "12:00"),
        ("Europe/Berlin", "2027-03-28", "02:30"),
        ("Asia/Tokyo", "2028-01-01", "10:00"),
        ("Asia/Tokyo", "soon", "10:00"),
    ],
)
async def test_a_moment_that_cant_be_is_said_beside_the_day(world: World, zone: str, day: str, clock: str) -> None:
    hr, _readers = add_hr(world, zone=zone), add_people(world, 1)
    await hand_in(hr, day=day, clock=clock)
    assert list(hr.errors) == ["day"]
    assert only(world).state == AnnouncementState.DRAFT


async def test_an_empty_audience_cant_be_sent(world: World) -> None:
    hr = add_hr(world)
    await write(hr)
    assert "受け取りに同意している方がいません" in words(hr)
    await hr.press_action(actions.AskSend(1))
    assert (hr.form, only(world).state) == (None, AnnouncementState.DRAFT)


async def test_an_audience_that_emptied_meanwhile_is_told_and_nothing_sent(world: World) -> None:
    hr, [reader] = add_hr(world), add_people(world, 1)
    await hand_in(hr)
    change(world, reader, status=Status.PAUSED)
    await go_on(world)
    assert only(world).state == AnnouncementState.DRAFT
    assert "送られませんでした" in text_of(hr.inbox[-1])


async def test_quiet_hours_are_kept(world: World) -> None:
    hr = add_hr(world)
    with world.store.begin() as db:
        add_member(db, "夜の人", zone="America/New_York")
    reader = actor_of(world, "夜の人")  # 20:10 there, quiet from 21:00
    world.clock.at = START + timedelta(hours=2)
    await send_now(world, hr)
    assert got(reader) == []
    await world.pass_time(hours=12)
    assert got(reader) == [TITLE]


async def test_nobody_gets_more_than_four_unasked_messages_a_month(world: World) -> None:
    hr, [reader] = add_hr(world), add_people(world, 1)
    for _time in range(6):
        await send_now(world, hr)
        world.clock.move(timedelta(days=1, minutes=-10))
    await world.pass_time(days=9)
    assert got(reader) == [TITLE] * 4
    await hr.command("/announce")
    await hr.press("見る")
    assert "上限の4通" in words(hr)


async def test_a_closed_account_is_followed_by_the_next_one(world: World) -> None:
    hr = add_hr(world)
    with world.store.begin() as db:
        member = add_member(db, "佐藤 美咲")
        db.session.add(Account(platform="email", external_id="m@home.example", member_id=member.id, created_at=START))
    await hand_in(hr)
    with world.store.begin() as db:
        chat = db.session.exec(select(Account).where(Account.external_id == "佐藤 美咲")).one()
        chat.reachable = False
    await go_on(world)
    [letter] = world.mail.direct["m@home.example"]
    assert letter.message.summary == TITLE


async def test_everything_of_it_is_one_batch(world: World) -> None:
    hr, _readers = add_hr(world), add_people(world, 3)
    await send_now(world, hr)
    rows = [row for row in list_rows(world.store, Delivery) if row.batch]
    assert [(row.batch, row.state) for row in rows] == [("announcement:1", DeliveryState.SENT)] * 3
    assert len({row.content_id for row in rows}) == 1
