"""HR's side: writing an event with all that can go wrong, its desk, attendance, name tags; and nobody else's hands."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pypdfium2
import pytest

from bot.actions import Action
from bot.i18n import use_locale
from bot.ui import Form
from handlers.events import actions
from storage.models import AuditEntry, Event, EventAnswer, EventState, Member, Rsvp
from tests.handlers.events.people import (
    BEGINS,
    add_hr,
    add_member,
    add_members,
    answer_of,
    event_of,
    files_of,
    make_event,
    make_world,
    press,
    read,
    say,
)
from tests.support.golden import as_text
from tests.support.rows import list_rows
from tests.support.world import START, Actor, World

GOOD = {
    "title_ja": "電池の夕べ",
    "day": "2026-12-11",
    "starts": "19:00",
    "ends": "21:00",
    "place": "本社1階 ホール",
}


@pytest.fixture
def world(sqlite_url: str) -> Iterator[World]:
    world = make_world(sqlite_url)
    yield world
    world.close()


async def write(hr: Actor, **values: str) -> None:
    """[New event], and the form."""
    await press(hr, actions.AskNew())
    await hr.submit(**(GOOD | values))


async def test_a_new_event_is_a_draft_with_what_was_written(world: World) -> None:
    hr = await add_hr(world)
    await write(
        hr,
        title_en="Battery evening",
        link="https://meet.example.com/abc",
        capacity="２０名",
        answer_by="2026-12-08",
        zone="America/New_York",
    )
    event = event_of(world)
    assert (event.state, event.title_ja, event.title_en) == (EventState.DRAFT, "電池の夕べ", "Battery evening")
    assert event.starts_at == BEGINS + timedelta(hours=14)
    assert (event.capacity, event.place, event.link) == (20, "本社1階 ホール", "https://meet.example.com/abc")
    assert event.answer_by is not None
    assert event.answer_by.isoformat() == "2026-12-09T05:00:00+00:00"
    assert "event.add" in [entry.act for entry in list_rows(world.store, AuditEntry)]


async def test_it_may_end_after_midnight(world: World) -> None:
    await write(await add_hr(world), starts="22:00", ends="00:30")
    event = event_of(world)
    assert event.ends_at - event.starts_at == timedelta(hours=2, minutes=30)


async def test_answers_until_the_day_itself_means_until_it_begins(world: World) -> None:
    await write(await add_hr(world), answer_by="2026-12-11")
    assert event_of(world).answer_by is None


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"title_ja": ""}, "title_ja", "イベント名を"),
        ({"day": "2026-11-19"}, "day", "過ぎた日時です"),
        ({"day": "2026-11-20", "starts": "09:30", "ends": "11:00"}, "day", "過ぎた日時です"),
        ({"day": "2030-01-01"}, "day", "2年以内"),
        ({"day": "8999-12-31", "starts": "23:00", "ends": "01:00"}, "day", "2年以内"),
        ({"day": "9999-12-31", "starts": "23:00", "ends": "01:00"}, "day", "開催日を"),
        ({"day": "きのう"}, "day", "開催日を"),
        ({"starts": "25:00"}, "starts", "開始時刻を"),
        ({"ends": "18:00"}, "ends", "終了が開始より前"),
        ({"ends": "19:00"}, "ends", "終了が開始より前"),
        (
            {"zone": "America/New_York", "day": "2027-03-14", "starts": "02:30", "ends": "05:00"},
            "starts",
            "2:30という時刻がありません",
        ),
        ({"zone": "Mars/Olympus"}, "zone", "タイムゾーンを"),
        ({"place": ""}, "place", "場所かリンク"),
        ({"link": "http://meet.example.com/abc"}, "link", "https://"),
        ({"link": "javascript:alert(1)"}, "link", "https://"),
        ({"link": "https://user:pw@meet.example.com"}, "link", "https://"),
        ({"link": "https://" + "a" * 600 + ".example.com"}, "link", "500字まで"),
        ({"capacity": "0"}, "capacity", "1から10,000まで"),
        ({"capacity": "-3"}, "capacity", "1から10,000まで"),
        ({"capacity": "たくさん"}, "capacity", "1から10,000まで"),
        ({"capacity": "1000000"}, "capacity", "1から10,000まで"),
        ({"answer_by": "2026-12-12"}, "answer_by", "開催日以前"),
        ({"answer_by": "2026-11-19"}, "answer_by", "過ぎています"),
        ({"text_ja": "あ" * 10_000}, "text_ja", "10,000字あります"),
        ({"title_ja": "あ" * 101}, "title_ja", "101字あります"),
        ({"text_en": "Come", "title_en": ""}, "title_en", "イベント名も"),
    ],
)
async def test_what_cant_be_taken_is_told_beside_its_field(
    world: World, values: dict[str, str], field: str, words: str
) -> None:
    hr = await add_hr(world)
    await write(hr, **values)
    assert words in hr.errors[field]
    assert list_rows(world.store, Event) == []
    assert hr.form is not None
    entered = {item.name: getattr(item, "value", "") for item in hr.form.fields}
    assert entered["place"] == (GOOD | values)["place"], "nothing that was entered is lost"


HR_ACTIONS: list[Action] = [
    actions.AskNew(),
    actions.Manage(0),
    actions.Open(1),
    actions.AskChange(1),
    actions.AskCancel(1),
    actions.Announce(1),
    actions.ShowGuests(1, 0),
    actions.AskAttendance(1, 0),
    actions.MarkAll(1),
    actions.SendTags(1),
    actions.ShowResults(1),
]


@pytest.mark.parametrize("action", HR_ACTIONS)
async def test_without_the_role_none_of_it_can_be_done(world: World, action: Action) -> None:
    make_event(world, await add_hr(world))
    (a,) = await add_members(world, 1)
    await say(a, 1)
    await press(a, action)
    assert a.form is None
    assert "人事" in read(a)
    assert "のための" in read(a) or "人事の方" in read(a) or "役割" in read(a)
    assert not [entry for entry in list_rows(world.store, AuditEntry) if entry.act.startswith("event.")]
    assert files_of(a)[1:] == []


async def test_a_form_opened_with_the_role_and_sent_without_it_changes_nothing(world: World) -> None:
    hr = await add_hr(world)
    make_event(world, hr)
    forms: list[Form] = []
    for action in (actions.AskNew(), actions.AskChange(1), actions.AskCancel(1)):
        await press(hr, action)
        assert hr.form is not None
        forms.append(hr.form)
    with world.store.begin() as db:
        db.session.get_one(Member, hr.member().id).is_hr = False
    for form in forms:
        hr.form = form
        names = {item.name for item in form.fields}
        await hr.submit(**{name: value for name, value in GOOD.items() if name in names})
    (event,) = list_rows(world.store, Event)
    assert (event.state, event.title_ja, event.changed_at) == (EventState.ANNOUNCED, "電池の夕べ", None)


@pytest.mark.parametrize(
    "action", [actions.Open(99), actions.AskChange(99), actions.AskCancel(99), actions.SendTags(99)]
)
async def test_what_is_not_there_is_out_of_date(world: World, action: Action) -> None:
    hr = await add_hr(world)
    await press(hr, action)
    assert "使えなくなりました" in read(hr)


async def test_the_desk_counts_who_answered_what(world: World) -> None:
    hr = await add_hr(world)
    event = make_event(world, hr, capacity=2)
    people = await add_members(world, 4)
    for actor in people[:3]:
        await say(actor, event)
    await say(people[3], event, Rsvp.MAYBE)
    await hr.command("/events")
    await hr.press("イベントの管理")
    assert "満席です。参加2名（定員2名）。キャンセル待ち1名。未定1名。" in read_any(hr)
    await press(hr, actions.Open(event))
    assert "出席の記録" not in read(hr)
    await press(hr, actions.ShowGuests(event, 0))
    assert "2名" in read(hr)
    assert "A さん" in read(hr)
    assert "C さん" not in read(hr)


def read_any(actor: Actor) -> str:
    """What stands where the button was."""
    shown = actor.home or actor.answer
    assert shown is not None
    with use_locale("ja"):
        return as_text(shown)


# Attendance


async def come(world: World, people: int) -> tuple[Actor, list[Actor], int]:
    """An event that is about to begin."""
    hr = await add_hr(world)
    event = make_event(world, hr)
    actors = [await add_member(world, f"{number:02} さん", kana=f"{number:02}") for number in range(people)]
    with world.store.begin() as db:
        db.session.add_all(
            EventAnswer(event_id=event, member_id=actor.member().id or 0, rsvp=Rsvp.GOING, changed_at=START)
            for actor in actors
        )
    world.clock.at = BEGINS
    return hr, actors, event


async def test_many_are_marked_thirty_at_a_time(world: World) -> None:
    hr, actors, event = await come(world, 33)
    ids = [str(actor.member().id) for actor in actors]
    await press(hr, actions.AskAttendance(event, 0))
    await hr.submit(came0=tuple(ids[:9]), came1=tuple(ids[10:20]), came2=())
    assert hr.form is not None
    assert "2 / 2" in str(hr.form.items)
    await hr.submit(came0=(ids[30], ids[0], "999", "x"))
    assert "33名のうち20名が出席です" in read(hr)
    marked = [row for row in list_rows(world.store, EventAnswer) if row.attended]
    assert len(marked) == 20
    await press(hr, actions.AskAttendance(event, 0))
    assert hr.form is not None
    await hr.submit(came0=())
    assert answer_of(world, actors[0]).attended is False
    assert answer_of(world, actors[10]).attended is True, "what was ticked before stays ticked"


async def test_everybody_came(world: World) -> None:
    hr, actors, event = await come(world, 3)
    await press(hr, actions.AskAttendance(event, 0))
    await hr.submit(came0=(str(actors[0].member().id),))
    await hr.press("全員出席")
    assert all(row.attended for row in list_rows(world.store, EventAnswer))


async def test_nobody_is_marked_long_before(world: World) -> None:
    hr, _actors, event = await come(world, 3)
    world.clock.at = BEGINS - timedelta(hours=2)
    await press(hr, actions.AskAttendance(event, 0))
    assert hr.form is None
    await press(hr, actions.MarkAll(event))
    assert not any(row.attended for row in list_rows(world.store, EventAnswer))


# Name tags


async def test_the_name_tags_come_as_a_file_with_what_everybody_may_see(world: World) -> None:
    hr = await add_hr(world)
    event = make_event(world, hr)
    hidden = {"department": "alumni", "topics": "nobody"}
    misaki = await add_member(world, "佐藤 美咲", kana="さとう みさき", department="電池開発部", topics=("電池開発",))
    ken = await add_member(world, "田中 健一", department="生産技術部", topics=("溶接",), visibility=hidden)
    maybe = await add_member(world, "高橋 翔")
    for actor in (misaki, ken):
        await say(actor, event)
    await say(maybe, event, Rsvp.MAYBE)
    await press(hr, actions.SendTags(event))
    assert "2名分の名札をお送りしました" in read(hr)
    (file,) = files_of(hr)
    other_library: Any = pypdfium2
    pdf = other_library.PdfDocument(file.data)
    text = pdf[0].get_textpage().get_text_range()
    pdf.close()
    for shown in ("佐藤 美咲", "さとう みさき", "元 電池開発部", "電池開発", "田中 健一"):
        assert shown in text
    for kept in ("生産技術部", "溶接", "高橋"):
        assert kept not in text
    assert "event.tags" in [entry.act for entry in list_rows(world.store, AuditEntry)]


async def test_without_guests_there_are_no_tags(world: World) -> None:
    hr = await add_hr(world)
    event = make_event(world, hr)
    await press(hr, actions.SendTags(event))
    assert "印刷する名札はありません" in read(hr)
    assert files_of(hr) == []
