"""Digests from the slot to the reader's screen, on simulated time."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio
from sqlmodel import select

from bot.digest import DigestIssue, DigestItem, DigestOffer, DigestReader, Fit, ItemKind
from bot.feature import Feature
from bot.ui import Message, Para
from handlers.digests import jobs, making
from handlers.digests.actions import SetRhythm
from storage.models import Content, Delivery, Member, News, Purpose, Role, Status
from storage.queries.status import tell_news
from tests.handlers.digests.people import actor_of, add_member, add_people, begin, block, make_world
from tests.support.people import alumnus
from tests.support.rows import list_rows
from tests.support.world import Actor, World, text_of

FIRST_TUESDAY = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
"""10:00 in Tokyo."""
WEEK = timedelta(days=7)


@pytest_asyncio.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    world = make_world(sqlite_url)
    yield world
    world.close()


async def go_to(world: World, at: datetime) -> None:
    """Sleeps until then, and looks around once."""
    world.clock.at = at
    await world.settle()


def digests_of(actor: Actor) -> list[Message]:
    return [message for message in actor.inbox if "まとめ便り" in message.summary or "What is new" in message.summary]


async def test_it_comes_on_the_first_tuesday_at_ten_once(database_url: str) -> None:
    world = make_world(database_url)
    people = await add_people(world)
    await begin(world)
    await go_to(world, FIRST_TUESDAY - timedelta(seconds=1))
    assert all(digests_of(person) == [] for person in people)
    await go_to(world, FIRST_TUESDAY)
    for _look in range(3):
        await world.settle()
    assert [len(digests_of(person)) for person in people] == [1] * 5
    text = text_of(digests_of(people[0])[0])
    assert "近況1" in text
    assert "近況0" not in text  # nobody is shown their own
    await go_to(world, FIRST_TUESDAY + 3 * WEEK)
    assert [len(digests_of(person)) for person in people] == [1] * 5
    world.close()


async def test_each_reader_has_it_at_ten_of_their_own_clock_and_in_their_language(world: World) -> None:
    await add_people(world, 4)
    with world.store.begin() as db:
        add_member(db, "Emily", zone="America/Detroit", language="en")
        add_member(db, "千尋", zone="Europe/Berlin")
    await begin(world)
    emily, chihiro = actor_of(world, "Emily"), actor_of(world, "千尋")
    await go_to(world, datetime(2026, 12, 1, 8, 59, tzinfo=UTC))
    assert (digests_of(emily), digests_of(chihiro)) == ([], [])
    await go_to(world, datetime(2026, 12, 1, 9, 0, tzinfo=UTC))
    assert (len(digests_of(emily)), len(digests_of(chihiro))) == (0, 1)
    await go_to(world, datetime(2026, 12, 1, 15, 0, tzinfo=UTC))
    assert "What is new" in digests_of(emily)[0].summary
    assert "formerly" in text_of(digests_of(emily)[0])


@pytest.mark.parametrize(
    ("digest", "expected"), [("weekly", 9), ("monthly", 2), ("bimonthly", 1), ("never", 0), ("odd", 0)]
)
async def test_the_rhythm_is_the_readers(world: World, digest: str, expected: int) -> None:
    with world.store.begin() as db:
        add_member(db, "読み手", digest=digest)
    await begin(world)
    for week in range(9):  # 1 December to 26 January
        with world.store.begin() as db:
            for number in range(3):
                add_member(db, f"{week}-{number}", news=f"近況{week}-{number}", digest="never", now=world.clock.now())
        await go_to(world, FIRST_TUESDAY + week * WEEK)
    assert len(digests_of(actor_of(world, "読み手"))) == expected


async def test_the_same_news_are_never_shown_twice_to_the_same_reader(world: World) -> None:
    people = await add_people(world, 8, digest="weekly")
    await begin(world)
    for week in range(3):
        await go_to(world, FIRST_TUESDAY + week * WEEK)
    for person in people:
        shown = [line for message in digests_of(person) for line in _quotes(message)]
        assert len(shown) == len(set(shown)) == 7
        assert len(digests_of(person)) == 1  # then there is nothing left to say


def _quotes(message: Message) -> list[str]:
    return [block.text for block in message.blocks if block.kind == "quote"]


@pytest.mark.parametrize("count", [0, 1, 2, 3])
async def test_with_fewer_than_three_items_nothing_is_sent(world: World, count: int) -> None:
    with world.store.begin() as db:
        add_member(db, "読み手")
        for number in range(count):
            add_member(db, f"人{number}", news=f"近況{number}")
    await begin(world)
    await go_to(world, FIRST_TUESDAY)
    assert len(digests_of(actor_of(world, "読み手"))) == (1 if count == 3 else 0)


async def test_an_empty_community_has_no_digests(world: World) -> None:
    await begin(world)
    await go_to(world, FIRST_TUESDAY)
    assert list_rows(world.store, Delivery) == []


@pytest.mark.parametrize("status", [Status.PAUSED, Status.SUSPENDED, Status.UNVERIFIED, Status.WITHDRAWN])
async def test_who_is_not_active_neither_gets_one_nor_stands_in_one(world: World, status: Status) -> None:
    people = await add_people(world)
    with world.store.begin() as db:
        gone = db.session.exec(select(Member).where(Member.name == "人2")).one()
        gone.status = status
    await begin(world)
    await go_to(world, FIRST_TUESDAY)
    assert digests_of(people[2]) == []
    assert all("近況2" not in text_of(message) for person in people for message in digests_of(person))
    assert len(digests_of(people[0])) == 1


async def test_who_pauses_in_the_quiet_hours_is_not_sent_what_waited(world: World) -> None:
    with world.store.begin() as db:
        add_member(db, "misaki", digest="weekly").quiet_from = 9
        db.session.exec(select(Member).where(Member.name == "misaki")).one().quiet_to = 20
        for number in range(3):
            add_member(db, f"人{number}", news=f"近況{number}")
    await begin(world)
    await go_to(world, FIRST_TUESDAY)
    misaki = actor_of(world, "misaki")
    assert digests_of(misaki) == []
    await misaki.command("/alumni pause")
    await misaki.press("1か月")
    await world.pass_time(hours=24)
    assert digests_of(misaki) == []


async def test_blocks_and_visibility_hold_in_either_direction(world: World) -> None:
    with world.store.begin() as db:
        reader = add_member(db, "読み手", role=Role.EMPLOYEE, department="営業部")
        shown = [add_member(db, f"人{n}", news=f"近況{n}", department=f"{n}課") for n in range(8)]
        block(db, reader, shown[0])
        block(db, shown[1], reader)
        block(db, shown[2], department="営業部")
        block(db, reader, department="3課")
        shown[4].visibility = {"latest_news": "alumni"}
        shown[5].visibility = {"latest_news": "nobody"}
        add_member(db, "人8", news="近況8", visibility={"department": "nobody"}, department="秘密課")
    await begin(world)
    await go_to(world, FIRST_TUESDAY)
    (digest,) = digests_of(actor_of(world, "読み手"))
    assert set(_quotes(digest)) == {"近況6", "近況7", "近況8"}
    assert "秘密課" not in text_of(digest)


async def test_new_members_anniversaries_and_portraits_only_of_those_who_agreed(world: World) -> None:
    lately, long_ago = world.clock.now(), FIRST_TUESDAY.replace(year=2023) - timedelta(days=3)
    with world.store.begin() as db:
        add_member(db, "読み手")
        add_member(db, "新人", since=lately, consents=(Purpose.NEWCOMER,))
        add_member(db, "内気な新人", since=lately)
        add_member(db, "三年目", since=long_ago, consents=(Purpose.MILESTONES,))
        add_member(db, "内気な三年目", since=long_ago)
        for number in range(12):
            add_member(db, f"紹介{number}", consents=(Purpose.SPOTLIGHT,))
    await begin(world)
    await go_to(world, FIRST_TUESDAY)
    (digest,) = digests_of(actor_of(world, "読み手"))
    text = text_of(digest)
    assert "新しい仲間です" in text
    assert "3年になりました" in text
    assert "紹介" in text
    assert "内気" not in text


async def test_three_days_of_downtime_and_a_clock_that_jumps_cost_no_digest(world: World) -> None:
    """Lord Howe's clocks go forward on 4 October 2026; Musubi is down from Monday to Thursday after it."""
    world.clock.at = datetime(2026, 9, 20, 0, 0, tzinfo=UTC)
    zones = ("Australia/Lord_Howe", "Europe/Berlin", "America/Detroit", "Asia/Tokyo")
    with world.store.begin() as db:
        for number, zone in enumerate(zones):
            add_member(db, f"人{number}", news=f"近況{number}", zone=zone, now=world.clock.now())
        for number in range(4, 9):
            add_member(db, f"人{number}", news=f"近況{number}", digest="never", now=world.clock.now())
    people = [actor_of(world, f"人{number}") for number in range(4)]
    await begin(world)
    await go_to(world, datetime(2026, 10, 5, 12, 0, tzinfo=UTC))
    assert [len(digests_of(person)) for person in people] == [0, 0, 0, 0]
    world.clock.at = datetime(2026, 10, 8, 12, 0, tzinfo=UTC)  # Tuesday was the 6th
    await world.settle()
    await world.pass_time(hours=20)
    assert [len(digests_of(person)) for person in people] == [1, 1, 1, 1]
    await go_to(world, datetime(2026, 11, 1, 12, 0, tzinfo=UTC))
    await world.pass_time(days=1)
    assert [len(digests_of(person)) for person in people] == [1, 1, 1, 1]


async def test_months_of_downtime_are_made_up_for_by_one_digest(world: World) -> None:
    people = await add_people(world)
    await begin(world)
    with world.store.begin() as db:
        for number in range(5):
            add_member(db, f"後{number}", news=f"後の近況{number}", digest="never", now=FIRST_TUESDAY)
    await go_to(world, datetime(2027, 2, 20, 3, 0, tzinfo=UTC))
    assert [len(digests_of(person)) for person in people] == [1] * 5


async def test_a_large_zone_goes_in_chunks_and_goes_on_after_a_crash(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "CHUNK", 4)
    calls: list[int] = []

    def meet(db: object, readers: Sequence[DigestReader]) -> Fit:
        calls.append(len(readers))
        if len(calls) in (2, 3):
            raise RuntimeError("the power fails in the middle of the second chunk, twice")
        return lambda reader, item: 0.0

    never = DigestOffer((DigestItem(ItemKind.THANKS, "never", lambda role: ()),), meet)
    world = make_world(database_url, more=[Feature("fragile", digest=lambda: never)])
    people = await add_people(world, 11)
    await begin(world)
    await go_to(world, FIRST_TUESDAY)
    assert sum(len(digests_of(person)) for person in people) == 4
    for _minute in range(3):
        await go_to(world, world.clock.now() + timedelta(minutes=2))
    assert [len(digests_of(person)) for person in people] == [1] * 11
    assert calls == [4, 4, 4, 4, 3]
    world.close()


async def test_what_many_get_is_found_once_and_drawn_in_small_pieces(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody gets less or twice because a chunk ends early, in one sitting or in several."""
    monkeypatch.setattr(making, "_MOST_DRAWN", 1)
    monkeypatch.setattr(jobs, "CHUNK", 2)
    monkeypatch.setattr(jobs, "SITTING", 3)
    found: list[datetime] = []

    def offer(issue: DigestIssue) -> DigestOffer:
        found.append(issue.since)
        return DigestOffer()

    world = make_world(sqlite_url, more=[Feature("counting", digest=offer)])
    people = await add_people(world, 11)
    await begin(world)
    await go_to(world, FIRST_TUESDAY)
    assert [len(digests_of(person)) for person in people] == [1] * 11
    assert len(found) == 3
    with world.store.begin() as db:
        shown = [news.shown for news in db.session.exec(select(News)).all()]
    assert sum(shown) == sum(len(_quotes(digests_of(person)[0])) for person in people)
    assert max(shown) - min(shown) <= 1
    world.close()


async def test_who_moves_to_a_zone_of_a_later_morning_doesnt_get_it_twice(world: World) -> None:
    people = await add_people(world, 5)
    await begin(world)
    await go_to(world, FIRST_TUESDAY)
    with world.store.begin() as db:
        for member in db.session.exec(select(Member)).all():
            member.zone = "Europe/Berlin"
        for number in range(5):
            add_member(db, f"新{number}", news=f"新しい近況{number}", digest="never", now=FIRST_TUESDAY)
    await world.pass_time(hours=9)
    assert [len(digests_of(person)) for person in people] == [1] * 5


async def test_the_buttons_set_the_rhythm_and_old_and_odd_ones_do_no_harm(world: World) -> None:
    await add_people(world)
    await begin(world)
    await go_to(world, FIRST_TUESDAY)
    reader = actor_of(world, "人0")
    for label, digest in (("隔月", "bimonthly"), ("停止", "never"), ("停止", "never"), ("毎月", "monthly")):
        await reader.press(label)
        assert reader.member().digest == digest
    await reader.press_action(SetRhythm("hourly"))
    assert reader.member().digest == "monthly"
    assert len(_quotes(digests_of(reader)[0])) == 4  # the digest itself stays readable
    await reader.write("まとめ便り")
    await reader.press("毎週")
    assert reader.member().digest == "weekly"


async def test_a_community_that_begins_today_has_its_slots_at_once(world: World) -> None:
    people = await add_people(world)
    await world.settle()
    await go_to(world, FIRST_TUESDAY)
    assert [len(digests_of(person)) for person in people] == [1] * 5


async def test_somebody_unverified_sets_no_rhythm(world: World) -> None:
    stranger = world.person("通りすがり")
    await stranger.join()
    await stranger.press_action(SetRhythm("weekly"))
    assert stranger.member().digest == "monthly"


async def test_a_member_who_registers_gets_the_next_digest_of_a_new_zone(world: World) -> None:
    await add_people(world)
    await begin(world)
    misaki = await alumnus(world)
    await misaki.change_profile(replace(misaki.profile, zone="Asia/Kathmandu"))
    await misaki.command("/alumni settings")
    await misaki.submit()
    await go_to(world, datetime(2026, 12, 1, 4, 14, tzinfo=UTC))
    assert digests_of(misaki) == []
    await go_to(world, datetime(2026, 12, 1, 4, 15, tzinfo=UTC))
    assert len(digests_of(misaki)) == 1


async def test_events_and_jobs_of_other_features_need_the_reader_s_consent(database_url: str) -> None:
    def make(kind: ItemKind, key: str, purpose: Purpose) -> DigestItem:
        return DigestItem(kind, key, lambda role: (Para((key,)),), purpose=purpose, from_hr=True)

    def offer() -> DigestOffer:
        return DigestOffer(
            (
                make(ItemKind.EVENT, "the event", Purpose.NEWS),
                *(make(ItemKind.JOB, f"job{n}", Purpose.JOBS) for n in "12"),
            )
        )

    world = make_world(database_url, more=[Feature("plugged", digest=offer)])
    await add_people(world, 6)
    with world.store.begin() as db:
        add_member(db, "どちらも", consents=(Purpose.NEWS, Purpose.JOBS))
        add_member(db, "求人だけ", consents=(Purpose.JOBS,))
        add_member(db, "どれも要らない")
    await begin(world)
    await go_to(world, FIRST_TUESDAY)
    texts = {name: text_of(digests_of(actor_of(world, name))[0]) for name in ("どちらも", "求人だけ", "どれも要らない")}
    assert "the event" in texts["どちらも"]
    assert texts["どちらも"].count("job") == 1  # HR has a third at most: two of seven
    assert "the event" not in texts["求人だけ"]
    assert texts["求人だけ"].count("job1") + texts["求人だけ"].count("job2") == 2
    assert "job" not in texts["どれも要らない"]
    world.close()


async def test_equal_digests_are_stored_once(world: World) -> None:
    with world.store.begin() as db:
        for number in range(7):
            add_member(db, f"人{number}", news=f"近況{number}", digest="never")
        for number in range(20):
            add_member(db, f"読み手{number}")
    await begin(world)
    await go_to(world, FIRST_TUESDAY)
    sent = [row for row in list_rows(world.store, Delivery) if row.key.startswith("digest:")]
    assert len(sent) == 20
    assert len(list_rows(world.store, Content)) == len({row.content_id for row in sent}) == 1


async def test_weekly_ones_were_asked_for_and_monthly_ones_count_in_the_push_budget(world: World) -> None:
    with world.store.begin() as db:
        for number in range(3):
            add_member(db, f"人{number}", news=f"近況{number}", digest="never")
        add_member(db, "毎月の人")
        add_member(db, "毎週の人", digest="weekly")
    await begin(world)
    await go_to(world, FIRST_TUESDAY)
    urgency = {row.member_id: row.urgency for row in list_rows(world.store, Delivery)}
    assert urgency[actor_of(world, "毎月の人").member().id] == "push"
    assert urgency[actor_of(world, "毎週の人").member().id] == "nudge"


async def test_news_told_anew_have_a_new_turn(world: World) -> None:
    await add_people(world, 5)
    await begin(world)
    await go_to(world, FIRST_TUESDAY)
    with world.store.begin() as db:
        for number in range(4):
            member = db.session.exec(select(Member).where(Member.name == f"人{number}")).one()
            tell_news(db, member, f"続報{number}", world.clock.now())
    await go_to(world, datetime(2027, 1, 5, 1, 0, tzinfo=UTC))
    assert set(_quotes(digests_of(actor_of(world, "人4"))[-1])) == {f"続報{n}" for n in range(4)}
