"""Requests that wait for an answer: reminders, the next person, quiet hours, and the timer behind them."""

from datetime import UTC, datetime, timedelta

from bot.replies import OpenForm
from storage.models import RequestState
from tests.handlers.consultations.people import (
    AIM,
    TOPIC,
    add_asker,
    add_mentor,
    ask_first,
    decline,
    make_world,
    read,
    requests,
    timers,
    wait,
)

LINE = "このごろ依頼が多く、少し困っています。"


# Time


async def test_reminders_and_the_next_person(database_url: str) -> None:
    world = make_world(database_url)
    sho = await add_asker(world)
    misaki, kenichi = await add_mentor(world, topics=(TOPIC,)), await add_mentor(world, "田中 健一")
    await ask_first(sho)
    await wait(world, days=3)
    assert [len(misaki.inbox), misaki.buttons().count("引き受ける")] == [2, 1]
    assert "ご返事をお待ちしています" in read(misaki.inbox[-1])
    assert AIM not in read(misaki.inbox[0])
    await wait(world, days=4)
    assert [len(misaki.inbox), misaki.buttons().count("引き受ける")] == [3, 1]
    await wait(world, days=2)
    assert len(misaki.inbox) == 3
    await wait(world, days=1)
    assert misaki.buttons() == []
    assert "別の方にお願いすることにしました" in misaki.inbox[-1].summary
    assert sho.inbox[-1].summary == "ご返事の日が過ぎたため、続けて次の方にお願いしています。"
    assert len(kenichi.inbox) == 1
    assert [row.state for row in requests(world)] == [RequestState.EXPIRED, RequestState.OPEN]
    world.close()


async def test_after_days_of_downtime_one_reminder_is_enough(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho, misaki = await add_asker(world), await add_mentor(world)
    await ask_first(sho)
    await wait(world, days=8)
    assert len(misaki.inbox) == 2
    await wait(world, days=1)
    assert len(misaki.inbox) == 2
    await wait(world, days=1)
    assert [row.state for row in requests(world)] == [RequestState.EXPIRED]
    world.close()


async def test_reminders_keep_to_the_mentors_quiet_hours(sqlite_url: str) -> None:
    """Asked by an early riser in Berlin; in Tokyo it is night when the reminder is due."""
    world = make_world(sqlite_url, at=datetime(2026, 11, 20, 17, 0, tzinfo=UTC))
    emily = await add_asker(world, "Emily Carter", zone="America/Los_Angeles", languages=["ja"])
    misaki = await add_mentor(world)
    await ask_first(emily)
    assert misaki.inbox == [], "2:00 in Tokyo"
    await world.pass_time(hours=6)
    assert len(misaki.inbox) == 1, "8:00"
    await wait(world, days=3, hours=-6)
    assert len(misaki.inbox) == 1, "2:00 again"
    assert misaki.buttons().count("引き受ける") == 1, "and the first card still works"
    await world.pass_time(hours=6)
    assert len(misaki.inbox) == 2
    world.close()


async def test_an_answer_in_the_night_takes_the_reminder_back(sqlite_url: str) -> None:
    world = make_world(sqlite_url, at=datetime(2026, 11, 20, 11, 0, tzinfo=UTC))
    sho, misaki = await add_asker(world), await add_mentor(world)
    await ask_first(sho)
    await wait(world, days=3, hours=2)
    assert len(misaki.inbox) == 1, "22:00: the reminder waits"
    await misaki.press("引き受ける")
    await wait(world, hours=12)
    assert [message.summary for message in misaki.inbox] == [
        "高橋 翔さんとのお話を引き受けてくださり、ありがとうございます。",
        "高橋 翔さんとお話しするには",
    ]
    world.close()


async def test_every_open_request_has_a_timer_and_a_closed_one_none(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho, misaki = await add_asker(world), await add_mentor(world)
    await ask_first(sho)
    (timer,) = timers(world).values()
    assert timer.due_at == world.clock.now() + timedelta(days=3)
    await decline(misaki)
    (timer,) = timers(world).values()
    assert timer.due_at == world.clock.now() + world.policy.search_again
    sho.answer = None
    await sho.press("取りやめる")
    assert timers(world) == {}
    world.close()


async def test_the_forms_open(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho, misaki = await add_asker(world), await add_mentor(world)
    await ask_first(sho)
    assert isinstance(await misaki.press("今回は難しい"), OpenForm)
    assert misaki.form is not None
    assert [item.name for item in misaki.form.fields] == ["reason", "line"]
    assert isinstance(await misaki.press("別の人を紹介"), OpenForm)
    assert [row.state for row in requests(world)] == [RequestState.OPEN], "opening a form decides nothing"
    world.close()
