"""Closing dates, and writing jobs down."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import pytest
import pytest_asyncio

from handlers.jobs.actions import AskTalk, Close, Edit, New, Save
from handlers.jobs.rules import Draft, check_draft, find_close, find_warning, is_link, may_have_managed
from storage.models import Job, JobState, Member
from tests.handlers.jobs.people import TODAY, add_job, change, employee, hr, interests, job, make_world, seeker, wait
from tests.support.rows import list_rows
from tests.support.world import START, World, text_of


@pytest_asyncio.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    world = make_world(sqlite_url)
    yield world
    world.close()


async def test_it_closes_when_its_last_day_ends_in_the_communitys_zone(world: World) -> None:
    add_job(world, closes_on=TODAY)
    world.clock.at = datetime(2026, 11, 20, 14, 59, 59, tzinfo=UTC)  # a second before midnight in Tokyo
    await world.settle()
    assert job(world).state == JobState.OPEN
    world.clock.at = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
    await world.settle()
    assert (job(world).state, job(world).ended) == (JobState.CLOSED, "date")


async def test_hr_hears_five_days_before_once(world: World) -> None:
    yuka = await hr(world)
    add_job(world, closes_on=TODAY + timedelta(days=10))
    misaki = await seeker(world)
    await misaki.press_action(AskTalk(1))
    await misaki.submit()
    before = len(yuka.inbox)
    await wait(world, days=4.9)
    assert len(yuka.inbox) == before
    await wait(world, days=0.2)
    await wait(world, days=1)
    assert len(yuka.inbox) == before + 1
    assert "11月30日（月）まで" in yuka.inbox[-1].summary
    assert "ご連絡していない方が1人" in text_of(yuka.inbox[-1])
    await yuka.press("最終日を変更…")
    await yuka.submit(closes_on="2026-12-31")
    assert job(world).closes_on == date(2026, 12, 31)
    await wait(world, days=10)
    assert job(world).state == JobState.OPEN


async def test_closed_twice_is_one_effect_and_those_interested_are_told(world: World) -> None:
    yuka = await hr(world)
    add_job(world)
    misaki, other = await seeker(world), await seeker(world, "別の 人", "00999")
    for actor in (misaki, other):
        await actor.press_action(AskTalk(1))
        await actor.submit()
    await yuka.press("お話しする")  # with the other one, whose message is the newest
    counts = len(misaki.inbox), len(other.inbox)
    await yuka.press_action(Close(1, 0))
    await yuka.press_action(Close(1, 0))
    assert "もう終了しています" in text_of(yuka.answer or yuka.inbox[-1])
    assert (len(misaki.inbox), len(other.inbox)) == (counts[0] + 1, counts[1] + 1)
    assert "お話しする前に募集を終了しました" in misaki.inbox[-1].summary
    assert "始まっているお話はこのまま続きます" in other.inbox[-1].summary
    assert [one.stage for one in interests(world)] == ["closed", "talking"]
    await wait(world, days=31)
    assert job(world).ended == "hr"


async def test_a_closed_job_opens_again_with_another_day(world: World) -> None:
    yuka = await hr(world)
    add_job(world)
    await yuka.press_action(Close(1, 0))
    await yuka.press_action(Edit(1))
    await yuka.submit(closes_on="2026-12-01")
    assert (job(world).state, job(world).ended) == (JobState.OPEN, "")
    await wait(world, days=12)
    assert job(world).state == JobState.CLOSED


async def test_hr_writes_a_job_with_a_contact(world: World) -> None:
    yuka, sho = await hr(world), await employee(world)
    await yuka.press_action(New())
    await yuka.submit(
        title_ja="設計の仕事", text_ja="図面を見ます。", place="横浜", url="https://jobs.example/9", contact="高橋翔"
    )
    assert yuka.errors == {}
    made = job(world)
    assert (made.title_ja, made.contact_id, made.closes_on) == (
        "設計の仕事",
        sho.member().id,
        TODAY + timedelta(days=30),
    )
    assert made.created_by == yuka.member().id


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"title_ja": ""}, {"title_ja"}),
        ({"text_ja": ""}, {"text_ja"}),
        ({"title_en": "x"}, {"text_en"}),
        ({"text_en": "x"}, {"title_en"}),
        ({"title_ja": "あ" * 10_000}, {"title_ja"}),
        ({"text_ja": "あ" * 10_000}, {"text_ja"}),
        ({"place": "あ" * 61}, {"place"}),
        ({"url": "http://jobs.example"}, {"url"}),
        ({"url": "javascript:alert(1)"}, {"url"}),
        ({"url": "https://user:pass@jobs.example"}, {"url"}),
        ({"closes_on": "2026-11-19"}, {"closes_on"}),
        ({"closes_on": "2030-01-01"}, {"closes_on"}),
        ({"closes_on": "tomorrow"}, {"closes_on"}),
        ({"kind": "slave"}, {"kind"}),
        ({"contact": "だれでもない人"}, {"contact"}),
    ],
)
async def test_what_is_wrong_stands_beside_its_field_and_nothing_is_kept(
    world: World, values: dict[str, str], wrong: set[str]
) -> None:
    yuka = await hr(world)
    await yuka.press_action(New())
    await yuka.submit(**({"title_ja": "題名", "text_ja": "内容"} | values))
    assert set(yuka.errors) == wrong
    assert all(sentence for sentence in yuka.errors.values())
    assert list_rows(world.store, Job) == []


async def test_two_of_one_name_ask_for_the_address(world: World) -> None:
    yuka = await hr(world)
    one = await employee(world)
    await employee(world)
    await yuka.press_action(New())
    await yuka.submit(title_ja="題名", text_ja="内容", contact="高橋 翔")
    assert "複数" in yuka.errors["contact"]
    await yuka.submit(title_ja="題名", text_ja="内容", contact=one.profile.email)
    assert job(world).contact_id == one.member().id
    await yuka.press_action(Edit(1))
    await yuka.submit(place="神戸")  # the name stands for whom it stood for
    assert (job(world).place, job(world).contact_id) == ("神戸", one.member().id)


async def test_hr_alone_writes_changes_and_closes(world: World) -> None:
    add_job(world)
    sho = await employee(world)
    for action in (New(), Edit(1), Close(1, 0)):
        await sho.press_action(action)
        assert sho.form is None
    assert job(world).state == JobState.OPEN
    yuka = await hr(world)
    change(world, yuka, is_hr=False)  # lost the role with the form open
    await yuka.press_action(Save(1, 0))
    assert job(world).changed_at == START


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Sao_Paulo", "Africa/Cairo", "Asia/Beirut", "Pacific/Apia"])
def test_a_day_ends_at_midnight_also_where_that_is_in_a_gap(zone: str) -> None:
    for number in range(400):
        day = date(2018, 1, 1) + timedelta(days=number)
        end = find_close(day, zone)
        assert timedelta(hours=22) <= end - find_close(day - timedelta(days=1), zone) <= timedelta(hours=26)
        assert find_warning(day, zone) < end


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://jobs.example/1?a=b#c", True),
        ("https://求人.example/", True),
        ("HTTPS://jobs.example", True),
        ("https://jobs.example:8443/", True),
        ("https://localhost/", False),
        ("https://jobs.example:99999/", False),
        ("https:///x", False),
        ("https://a b.example", False),
        ("ftp://jobs.example", False),
        ("https://" + "a" * 600 + ".example", False),
        ('https://jobs.example/"><script>', False),
    ],
)
def test_links(url: str, good: bool) -> None:
    assert is_link(url) is good


def test_a_good_draft_has_no_errors() -> None:
    assert check_draft(Draft("題名", "内容", closes_on=TODAY), TODAY) == {}


def test_departments_are_compared_as_people_write_them() -> None:
    def make(department: str) -> Member:
        return Member(department=department, created_at=START)

    assert may_have_managed(make("設計 ２課"), make("設計 2課"))
    assert may_have_managed(make("Sales"), make("SALES"))
    assert not may_have_managed(make(""), make(""))
