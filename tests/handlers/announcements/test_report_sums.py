"""Whatever becomes of an announcement, its report adds up: everybody it was meant for stands in it once."""

import csv
from collections.abc import Awaitable, Callable
from datetime import timedelta
from io import StringIO
from random import Random

import pytest
from sqlmodel import select

from bot.failures import FailureKind, SendFailed
from bot.ui import File
from handlers.announcements import actions
from handlers.announcements.standing import Report, make_report
from storage.models import Account, Announcement, AnnouncementState, Delivery, DeliveryState, Member
from storage.queries import announcements, batches
from storage.queries.channels import set_channel
from tests.handlers.announcements.people import (
    TITLE,
    actor_of,
    add_hr,
    add_member,
    add_people,
    begin_sending,
    change,
    go_on,
    got,
    hand_in,
    make_chunk,
    only,
    send_now,
    words,
)
from tests.support.rows import list_rows
from tests.support.world import START, Actor, World

READERS = 8
WITHDRAWN = "このお知らせは取り下げられました。"
NEW = "夏の集い（訂正）"

FAILURES: list[Callable[[], SendFailed]] = [
    lambda: SendFailed(FailureKind.BUG, "invalid_blocks"),
    lambda: SendFailed(FailureKind.GONE, "user_not_found"),
    lambda: SendFailed(FailureKind.THROTTLED, "ratelimited", retry_after=30, channel_only=True),
    lambda: SendFailed(FailureKind.RETRY, "HTTP 503"),
    lambda: SendFailed(FailureKind.RETRY, "no answer in time", maybe_sent=True),
]


def read_report(world: World) -> Report:
    with world.store.begin() as db:
        return make_report(batches.count(db, "announcement:1"), announcements.count_presses(db, 1))


def list_batch(world: World) -> list[Delivery]:
    return [row for row in list_rows(world.store, Delivery) if row.batch]


def read_file(actor: Actor) -> dict[str, int]:
    """The figures in the newest file, by their labels."""
    [file] = [block for block in actor.inbox[-1].blocks if isinstance(block, File)]
    rows = list(csv.reader(StringIO(file.text.removeprefix("\ufeff"))))
    return {label: int(number) for label, number in rows[1 : rows.index([])]}


class Fortune:
    """An announcement to which random things happen, one after another."""

    def __init__(self, world: World, hr: Actor, seed: int) -> None:
        self.world, self.hr, self.random = world, hr, Random(seed)
        self.readers = [actor_of(world, f"人{number}") for number in range(READERS - 1)]
        self.resent = 0
        self.cut: set[int | None] = set()
        """Those of whom nobody knew for a while: what they have may be the words of that time."""
        self.acts: list[Callable[[], Awaitable[None]]] = [
            self.fail_some,
            self.fail_some,
            self.make_some,
            self.make_some,
            self.pass_minutes,
            self.pass_minutes,
            self.pass_days,
            self.stop,
            self.correct,
            self.correct,
            self.send_again,
            self.send_again,
            self.cut_off,
            self.send_uncertain,
            self.lose_somebody,
            self.find_somebody,
            self.withdraw,
        ]

    async def live(self, steps: int) -> None:
        for _step in range(steps):
            act = self.random.choice(self.acts)
            await act()
            self.check(act.__name__)

    async def fail_some(self) -> None:
        self.world.chat.failures += [self.random.choice(FAILURES)() for _ in range(self.random.randint(1, 3))]

    async def make_some(self) -> None:
        """A chunk of it, and some of what waits goes out."""
        if only(self.world).state == AnnouncementState.SENDING:
            make_chunk(self.world, 3)
        await self.world.app.worker.run_once()

    async def pass_minutes(self) -> None:
        await go_on(self.world, self.random.choice([1, 10, 90]))

    async def pass_days(self) -> None:
        self.world.clock.move(timedelta(days=8))
        await self.world.settle()

    async def stop(self) -> None:
        if self.random.random() < 0.3:
            await self.hr.press_action(actions.Stop(1))

    async def withdraw(self) -> None:
        if self.random.random() < 0.3:
            await self.hr.press_action(actions.Withdraw(1))

    async def correct(self) -> None:
        await self.hr.press_action(actions.AskCorrect(1))
        if self.hr.form is not None:
            await self.hr.submit(title_ja=f"{NEW}{self.random.randint(1, 9)}")

    async def send_again(self) -> None:
        await self.hr.press_action(actions.SendAgain(1))

    async def cut_off(self) -> None:
        """As if Musubi had been killed while it sent to somebody, and the platform could not be asked."""
        with self.world.store.begin() as db:
            sent = select(Delivery).where(Delivery.batch != "", Delivery.state == DeliveryState.SENT)
            row = db.session.exec(sent).first()
            if row is not None:
                row.state, row.reason = DeliveryState.UNCERTAIN, "cannot_ask"
                self.cut.add(row.member_id)

    async def send_uncertain(self) -> None:
        self.resent += 1
        await self.hr.press_action(actions.SendUncertain(1))

    async def lose_somebody(self) -> None:
        change(self.world, self.random.choice(self.readers), status=self.random.choice(["paused", "withdrawn"]))

    async def find_somebody(self) -> None:
        """A closed account can be written to again."""
        with self.world.store.begin() as db:
            for account in db.session.exec(select(Account)).all():
                account.reachable = True

    def check(self, act: str) -> None:
        report, rows = read_report(self.world), list_batch(self.world)
        people = [row.member_id for row in rows]
        parts = (report.sent, report.on_the_way, report.uncertain, report.all_failed, report.all_skipped)
        assert report.planned == sum(parts) == len(people) == len(set(people)) == only(self.world).planned, act

    async def end(self) -> None:
        """All that waits is over: what stands on the screens is what the report says."""
        self.world.chat.failures.clear()
        for _hour in range(6):
            await go_on(self.world, 120)
        self.check("end")
        it, rows = only(self.world), {row.member_id: row for row in list_batch(self.world)}
        refused = {
            row.replaces_key for row in list_rows(self.world.store, Delivery) if row.state == DeliveryState.FAILED
        }
        title = WITHDRAWN if it.state == AnnouncementState.WITHDRAWN else it.texts["ja"]["title"]
        assert (it.replacing, read_report(self.world).on_the_way) == ("", 0)
        for reader in self.readers:
            shown = [message.summary for message in reader.inbox]
            assert len(shown) <= 1 + self.resent
            row = rows.get(reader.member().id)
            known = row is not None and row.member_id not in self.cut and row.key not in refused
            if row is not None and known and row.state == DeliveryState.SENT:
                assert shown[-1] == title


@pytest.mark.parametrize("seed", range(10))
async def test_the_report_adds_up_whatever_happens(sqlite_url: str, seed: int) -> None:
    world = World(sqlite_url)
    hr = add_hr(world)
    add_people(world, READERS - 1)
    with world.store.begin() as db:
        add_member(db, f"人{READERS - 1}", platform="")
    fortune = Fortune(world, hr, seed)
    await begin_sending(world, hr)
    await fortune.live(25)
    await fortune.end()
    await hr.press_action(actions.SendFile(1))
    told, report = read_file(hr), read_report(world)
    assert told["届ける人数"] == sum(
        told[name] for name in ("届いた", "送信待ち", "不明", "届かなかった", "送らなかった")
    )
    assert (told["届ける人数"], told["届いた"]) == (report.planned, report.sent)
    world.close()


async def test_what_failed_is_sent_again_with_the_corrected_words(database_url: str) -> None:
    world = World(database_url)
    hr, [reader] = add_hr(world), add_people(world, 1)
    await hand_in(hr)
    world.chat.failures = [SendFailed(FailureKind.BUG, "invalid_blocks")]
    await go_on(world)
    await hr.press_action(actions.AskCorrect(1))
    await hr.submit(title_ja=NEW)
    await world.settle()
    assert reader.inbox == []
    await hr.press_action(actions.SendAgain(1))
    assert [message.summary for message in reader.inbox] == [NEW]
    world.close()


@pytest.mark.parametrize(("act", "reason"), [(actions.Stop(1), "止め"), (actions.Withdraw(1), "取り下げ")])
async def test_what_is_being_sent_while_it_is_stopped_is_not_tried_again(
    sqlite_url: str, act: actions.Stop | actions.Withdraw, reason: str
) -> None:
    world = World(sqlite_url)
    hr, readers = add_hr(world), add_people(world, 2)
    await begin_sending(world, hr)
    make_chunk(world, 2)
    with world.store.begin() as db:
        for row in db.session.exec(select(Delivery).where(Delivery.batch != "")).all():
            row.state, row.lease_token, row.deadline = DeliveryState.SENDING, "somebody's", world.clock.now()
    await hr.press_action(act)
    assert reason in words(hr)
    with world.store.begin() as db:  # it did not arrive, and was to be tried again
        for row in db.session.exec(select(Delivery).where(Delivery.batch != "")).all():
            row.state, row.lease_token, row.reason = DeliveryState.PENDING, "", "HTTP 503"
    await go_on(world, 60)
    assert [got(one) for one in readers] == [[], []]
    assert read_report(world).skipped == {"too_late": 2}
    world.close()


async def test_a_channel_in_which_it_failed_is_told_and_sent_again(database_url: str) -> None:
    world = World(database_url)
    hr, [_reader] = add_hr(world), add_people(world, 1)
    hr_id = hr.member().id
    with world.store.begin() as db:
        set_channel(db, "chat", "T1", "C-all", db.session.get_one(Member, hr_id), START)
    await hand_in(hr, via="channels")
    world.chat.failures = [SendFailed(FailureKind.BUG, "not_in_channel")]
    await go_on(world)
    await hr.press_action(actions.Open(1))
    for said in ("投稿できなかったチャンネル", "Musubiが参加していません"):
        assert said in words(hr)
    assert "届ける人数" not in words(hr)
    await hr.press_action(actions.SendFile(1))
    assert read_file(hr)["投稿できなかったチャンネル"] == 1
    await hr.press("失敗分だけ再送")
    await world.settle()
    assert [shown.message.summary for shown in world.chat.groups["C-all"]] == [TITLE]
    world.close()


async def test_whose_account_was_taken_off_failed_and_is_sent_it_again(sqlite_url: str) -> None:
    """Its owner was not gone: there was just no other account."""
    world = World(sqlite_url)
    hr, [reader] = add_hr(world), add_people(world, 1)
    await send_now(world, hr)
    with world.store.begin() as db:
        row = db.session.exec(select(Delivery).where(Delivery.batch != "")).one()
        row.state, row.reason = DeliveryState.SKIPPED, "account_taken_off"
    await hr.press_action(actions.Open(1))
    assert "届けられるアカウントがありません" in words(hr)
    await hr.press("失敗分だけ再送")
    await world.settle()
    assert len(got(reader)) == 2
    world.close()


async def test_a_long_list_says_that_it_is_cut(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handlers.announcements.reports._MOST_LINES", 2)
    world = World(sqlite_url)
    hr = add_hr(world)
    with world.store.begin() as db:
        for number in range(3):
            add_member(db, f"{number}番", platform="")
    await send_now(world, hr)
    await hr.press_action(actions.SendFile(1))
    [file] = [block for block in hr.inbox[-1].blocks if isinstance(block, File)]
    assert file.text.rstrip().endswith("はじめの2件だけを載せています。")
    assert "2番" not in file.text
    assert len(list_rows(world.store, Announcement)) == 1
    world.close()
