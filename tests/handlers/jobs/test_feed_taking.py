"""A feed taken over: added, changed, closed, never doubled; more than half waits for HR; by the clock."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bot.failures import FetchFailed
from handlers.announcements.actions import AskSend
from handlers.jobs import Outcome, feed_work, note_outcome, take_over
from handlers.jobs.actions import Announce, AnswerFeed, AskTalk, Close
from handlers.jobs.feed_desk import name_list
from handlers.jobs.feed_plan import make_plan
from handlers.jobs.feed_rows import FeedJob
from handlers.jobs.rules import Draft
from storage.models import Announcement, Job, JobState
from tests.handlers.jobs.people import TODAY, desk_of, employee, hr, make_job, make_world, seeker, wait
from tests.support.rows import list_rows
from tests.support.world import POLICY, World, text_of


def row(id: object, **given: object) -> dict[str, object]:
    return {"id": id, "title": f"求人{id}", "kind": "業務委託", "text": "内容"} | given


def feed(*rows: dict[str, object]) -> bytes:
    return json.dumps(rows, ensure_ascii=False).encode()


FIVE = [row(number) for number in range(5)]


@pytest_asyncio.fixture
async def world(sqlite_url: str, tmp_path: Path) -> AsyncIterator[World]:
    """The feed is a file, as HR's export writes it."""
    world = make_world(sqlite_url, policy=replace(POLICY, jobs_feed=str(tmp_path / "jobs.json")))
    yield world
    world.close()


def take(world: World, *rows: dict[str, object], dry_run: bool = False) -> Outcome:
    with world.store.begin() as db:
        desk = desk_of(world, db)
        outcome = take_over(desk, feed(*rows), dry_run=dry_run)
        if not dry_run:
            note_outcome(desk, outcome)
        return outcome


def jobs(world: World) -> dict[str, str]:
    return {job.feed_id or "": job.state for job in list_rows(world.store, Job)}


async def test_the_same_feed_twice_changes_nothing(world: World) -> None:
    assert take(world, *FIVE).added == 5
    before = [job.model_dump() for job in list_rows(world.store, Job)]
    outcome = take(world, *FIVE)
    assert (outcome.added, outcome.changed, outcome.closed, outcome.unchanged) == (0, 0, 0, 5)
    assert [job.model_dump() for job in list_rows(world.store, Job)] == before


async def test_it_adds_changes_and_closes_by_its_own_ids(world: World) -> None:
    take(world, *FIVE)
    outcome = take(world, *FIVE[1:4], row(4, title="別の題名"), row("new"))
    assert (outcome.added, outcome.changed, outcome.closed, outcome.unchanged) == (1, 1, 1, 3)
    assert jobs(world) == {"0": "closed", "1": "open", "2": "open", "3": "open", "4": "open", "new": "open"}
    outcome = take(world, *FIVE, row("new"))
    assert (outcome.opened, outcome.changed, outcome.added) == (1, 1, 0)
    assert len(jobs(world)) == 6


async def test_a_dry_run_says_what_would_happen_and_does_nothing(world: World) -> None:
    assert take(world, *FIVE, dry_run=True).added == 5
    assert jobs(world) == {}


async def test_one_bad_row_and_nothing_counts(world: World) -> None:
    take(world, *FIVE)
    outcome = take(world, *FIVE[:3], row(9, kind="?"), row(10))
    assert [problem.line for problem in outcome.problems] == [1]
    assert set(jobs(world).values()) == {"open"}
    assert len(jobs(world)) == 5


@pytest.mark.parametrize(("kept", "refused"), [(5, False), (3, False), (2, True), (0, True)])
async def test_more_than_half_waits_for_hr(world: World, kept: int, refused: bool) -> None:
    take(world, *FIVE)
    outcome = take(world, *FIVE[:kept], row("new"))
    assert bool(outcome.closing) is refused
    assert ("new" in jobs(world)) is not refused


async def test_what_hr_wrote_is_none_of_the_feeds(world: World) -> None:
    with world.store.begin() as db:
        db.session.add(make_job())
    take(world, *FIVE)
    take(world, *FIVE[:3])
    assert jobs(world)[""] == JobState.OPEN


async def test_what_hr_closed_stays_closed_and_what_a_date_closed_opens_with_another(world: World) -> None:
    yuka = await hr(world)
    take(world, *(row(number, closes_on="2026-12-01") for number in range(3)))
    await yuka.press_action(Close(1, 0))
    await wait(world, days=12)
    assert set(jobs(world).values()) == {"closed"}
    outcome = take(
        world, row(0, closes_on="2027-01-10"), row(1, closes_on="2027-01-10"), row(2, closes_on="2026-12-01")
    )
    assert outcome.opened == 1
    assert jobs(world) == {"0": "closed", "1": "open", "2": "closed"}


async def test_a_job_without_a_date_stays_open_while_the_feed_has_it(world: World) -> None:
    take(world, *FIVE)
    for _week in range(8):
        await wait(world, days=7)
        assert take(world, *FIVE).unchanged == 5
    assert set(jobs(world).values()) == {"open"}
    await wait(world, days=31)
    assert set(jobs(world).values()) == {"closed"}


def test_a_job_whose_day_has_passed_is_over() -> None:
    known = {"1": make_job(1, feed_id="1")}
    plan = make_plan(known, [FeedJob("1", Draft("題", "文", closes_on=TODAY - timedelta(days=1)))], TODAY)
    assert plan.closing == [1]
    assert plan.is_refused([])
    assert not plan.is_refused([1])
    assert plan.is_refused([1, 2])


# By the clock


def write(world: World, *rows: dict[str, object]) -> None:
    Path(world.policy.jobs_feed).write_bytes(feed(*rows))


async def read_now(world: World) -> None:
    """The clock says that it is time."""
    with world.store.begin() as db:
        feed_work.look_at_the_feed(None, desk_of(world, db))  # pyright: ignore[reportArgumentType]
    await world.settle()


async def test_every_morning_by_the_clock(world: World) -> None:
    write(world, *FIVE)
    await world.app.slots.prepare()
    await wait(world, days=0.8)
    assert jobs(world) == {}
    await wait(world, days=0.1)  # 6:30 in Tokyo has passed
    assert len(jobs(world)) == 5


async def test_hr_agrees_to_just_what_was_shown(world: World) -> None:
    yuka = await hr(world)
    write(world, *FIVE)
    await read_now(world)
    misaki = await seeker(world)
    await misaki.press_action(AskTalk(1))
    await misaki.submit()
    write(world, row("new"))
    await read_now(world)
    assert "フィード" in yuka.inbox[-1].summary
    assert "5件のうち5件" in text_of(yuka.inbox[-1])
    assert "求人3" in text_of(yuka.inbox[-1])
    count = len(yuka.inbox)
    await read_now(world)
    assert len(yuka.inbox) == count  # told once
    assert set(jobs(world)) == {"0", "1", "2", "3", "4"}
    write(world, row("new"), row(1))  # another feed than the one that HR has seen
    await yuka.press("すべて終了")
    assert "open" in jobs(world).values()
    assert "new" not in jobs(world)
    await yuka.command("/jobs")
    await yuka.press("人事の画面")
    await yuka.press("すべて終了")
    await world.settle()
    assert jobs(world) == {"0": "closed", "1": "open", "2": "closed", "3": "closed", "4": "closed", "new": "open"}
    assert "お話しする前に募集を終了しました" in misaki.inbox[-1].summary


async def test_hr_may_leave_them_open_and_an_old_button_agrees_to_nothing(world: World) -> None:
    yuka = await hr(world)
    write(world, *FIVE)
    await read_now(world)
    write(world, *FIVE[:1])
    await read_now(world)
    await yuka.press("募集を続ける")
    await yuka.press_action(AnswerFeed("0000", 1))
    assert "読み直して" in text_of(yuka.answer or yuka.inbox[-1])
    await world.settle()
    assert set(jobs(world).values()) == {"open"}


async def test_a_job_of_the_feed_can_be_announced(world: World) -> None:
    take(world, *FIVE)
    misaki, yuka = await seeker(world), await hr(world)
    [first, *_rest] = list_rows(world.store, Job)
    await yuka.press_action(Announce(first.id or 0))
    await yuka.press_action(Announce(first.id or 0))
    [draft] = list_rows(world.store, Announcement)
    await yuka.press_action(AskSend(draft.id or 0))
    await yuka.submit()
    await wait(world, days=1)
    assert [message.summary for message in misaki.inbox].count(first.title_ja) == 1


async def test_what_is_closed_or_gone_is_not_announced_and_nobody_else_announces(world: World) -> None:
    take(world, *FIVE)
    sho, yuka = await employee(world), await hr(world)
    [first, *_rest] = list_rows(world.store, Job)
    await sho.press_action(Announce(first.id or 0))
    await yuka.press_action(Close(first.id or 0, 0))
    await yuka.press_action(Announce(first.id or 0))
    assert yuka.answer is not None
    assert "募集は終了しました" in text_of(yuka.answer)
    await yuka.press_action(Announce(12345))
    assert list_rows(world.store, Announcement) == []


async def test_nobody_else_agrees(world: World) -> None:
    await hr(world)
    sho = await employee(world)
    write(world, *FIVE)
    await read_now(world)
    write(world, *FIVE[:1])
    await read_now(world)
    await sho.press_action(AnswerFeed(name_list([2, 3, 4, 5]), 1))
    await world.settle()
    assert set(jobs(world).values()) == {"open"}


async def test_hr_reads_line_and_reason_of_bad_rows(world: World) -> None:
    yuka = await hr(world)
    write(world, row(1, kind="?"))
    await read_now(world)
    assert "1行目：「?」は働き方として読めません" in text_of(yuka.inbox[-1])
    write(world, *FIVE)
    await read_now(world)
    await yuka.command("/jobs")
    await yuka.press("人事の画面")
    assert "取り込めませんでした" not in text_of(yuka.answer or yuka.inbox[-1])


async def test_a_feed_that_can_t_be_fetched_is_tried_again_and_hr_told_the_second_time(world: World) -> None:
    yuka = await hr(world)
    count = len(yuka.inbox)
    await read_now(world)
    assert len(yuka.inbox) == count
    await wait(world, days=11 / 1440)
    assert "ファイルを読めませんでした" in text_of(yuka.inbox[-1])
    count = len(yuka.inbox)
    write(world, *FIVE)
    await wait(world, days=61 / 1440)
    assert len(jobs(world)) == 5
    assert len(yuka.inbox) == count


class Fetching:
    """What is fetched while two replicas are at it."""

    def __init__(self, data: bytes) -> None:
        self.data, self.calls = data, 0

    async def fetch(self, source: str) -> bytes:
        self.calls += 1
        await asyncio.sleep(0)
        if not self.data:
            raise FetchFailed("timeout")
        return self.data


async def test_two_replicas_read_it_once(database_url: str) -> None:
    world = make_world(database_url, policy=replace(POLICY, jobs_feed="https://feed.example/jobs"))
    fetching = Fetching(feed(*FIVE))

    async def run(step: Any, *arguments: Any) -> Any:
        """As `bot.feature.Step`, with what this test fetches by."""

        def work(db: Any) -> Any:
            desk = desk_of(world, db)
            return step(desk, fetching) if step is feed_work.take else step(*arguments, desk)

        return await world.store.run(work)

    with world.store.begin() as db:
        feed_work.look_at_the_feed(None, desk_of(world, db))  # pyright: ignore[reportArgumentType]
    done = await asyncio.gather(*(feed_work.work(run) for _replica in range(3)))
    assert sorted(done) == [False, False, True]
    assert fetching.calls == 1
    assert len(jobs(world)) == 5
    world.close()
