"""After acceptance: a room, or how to find each other, the day of the talk, and calling it off."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.incoming import Origin, Profile
from bot.replies import FormErrors, OpenForm
from bot.ui import DateInput, Divider, Quote
from handlers.consultations.actions import SetDate, ShareContact
from storage.models import ConsultationState, EndReason, RequestState, Room
from storage.queries.callers import find_account
from tests.handlers.consultations.people import (
    AIM,
    TOPIC,
    add_asker,
    add_mentor,
    ask_first,
    consultation,
    make_world,
    read,
    read_all,
    requests,
    timers,
    wait,
)
from tests.support.rows import list_rows
from tests.support.world import Actor, World

MAIL = "sho@example.jp"


async def accepted(url: str, *, groups: bool = True, **fields: Any) -> tuple[World, Actor, Actor]:
    """A world in which somebody has just said yes."""
    world = make_world(url, opens_groups=groups)
    sho, misaki = await add_asker(world), await add_mentor(world, **fields)
    await ask_first(sho)
    await misaki.press("引き受ける")
    sho.answer = None
    return world, sho, misaki


def move_away(world: World, actor: Actor, tenant: str = "T2") -> None:
    """Puts somebody into another workspace."""
    with world.store.begin() as db:
        found = find_account(db, actor.origin())
        assert found is not None
        found[0].tenant = tenant


# The room


async def test_a_room_in_the_same_workspace(database_url: str) -> None:
    world, sho, misaki = await accepted(database_url)
    assert sho.groups == misaki.groups
    ((opening,),) = sho.groups
    assert opening.summary == f"高橋 翔さん、佐藤 美咲さん、ここは「{TOPIC}」についてお話しいただく場です。"
    assert opening.blocks[-1] == Quote(AIM)
    assert not any(isinstance(block, Divider) for block in opening.blocks), "one language is enough for two of one"
    assert "このワークスペースに、お二人の会話を開きます" in read(sho.inbox[-1])
    assert sho.buttons() == ["日程を提案", "日にちを伝える", "取りやめる"]
    (room,) = list_rows(world.store, Room)
    assert (room.key, room.id) == ("consultation:1", consultation(world).room_id)
    world.close()


async def test_the_room_speaks_both_languages_where_they_differ(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    emily = await add_asker(world, "Emily Carter", locale="en-GB", language="en", languages=["ja", "en"])
    misaki = await add_mentor(world)
    await emily.command(f"/mentor {TOPIC}")
    await emily.submit(aim=AIM, language="ja")
    emily.answer = None
    await emily.press("Ask")
    await misaki.press("引き受ける")
    ((opening,),) = emily.groups
    assert read(opening).splitlines()[2:] == [
        f"Emily Carter and 佐藤 美咲, this is the place for your talk about “{TOPIC}”.",
        "",
        "Please find a time that suits both; 30 minutes are plenty.",
        "",
        "----",
        "",
        f"Emily Carterさん、佐藤 美咲さん、ここは「{TOPIC}」についてお話しいただく場です。",
        "",
        "お二人のご都合のよい日時をご相談ください。30分ほどで十分です。",
        "",
        f"> {AIM}",
    ]
    world.close()


async def test_the_room_waits_for_the_askers_morning(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho, misaki = await add_asker(world), await add_mentor(world, zone="America/Los_Angeles")
    await ask_first(sho)
    world.clock.at = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)  # 2:00 in Tokyo, 9:00 in California
    await world.settle()
    await misaki.press("引き受ける")
    assert (sho.groups, len(sho.inbox), len(misaki.inbox)) == ([], 1, 2)
    await world.pass_time(hours=6)
    assert (len(sho.groups), len(sho.inbox)) == (1, 3)
    world.close()


async def test_where_no_group_opens_they_find_each_other(sqlite_url: str) -> None:
    world, sho, misaki = await accepted(sqlite_url, groups=False)
    assert sho.groups == []
    assert "佐藤 美咲" in read(sho.inbox[-1])
    assert "お二人ともこのワークスペースにいらっしゃいます" in read(sho.inbox[-1])
    assert "高橋 翔" in read(misaki.inbox[-1])
    assert "連絡先を伝える" not in sho.buttons()
    world.close()


# In different places


async def test_in_different_places_they_share_how_to_be_reached(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho, misaki = await add_asker(world), await add_mentor(world)
    await ask_first(sho)
    move_away(world, misaki)
    misaki_elsewhere = Elsewhere(world, misaki.user)
    await misaki_elsewhere.press("引き受ける")
    sho.answer = None
    assert sho.groups == []
    assert "使っている場所が違う" in read(sho.inbox[-1])
    assert {"日にちを伝える", "連絡先を伝える", "取りやめる", "通報", "終える"} <= set(sho.buttons())
    world.chat.profiles[sho.user] = Profile("高橋 翔", MAIL, False, "ja-JP", "Asia/Tokyo")
    await sho.change_profile(world.chat.profiles[sho.user])
    assert isinstance(await sho.press("連絡先を伝える"), OpenForm)
    assert sho.form is not None
    assert sho.form.fields[0].value == MAIL  # type: ignore[union-attr]
    form = sho.form
    await sho.submit()
    told = misaki_elsewhere.inbox[-1]
    assert (told.summary, told.blocks[-1]) == ("高橋 翔さんの連絡先が届きました。", Quote(MAIL))
    assert "佐藤 美咲さんにお伝えしました" in sho.inbox[-1].summary
    sho.form = form
    await sho.submit()
    assert [message.summary for message in misaki_elsewhere.inbox].count(told.summary) == 1, "the same text goes once"
    assert MAIL not in read(sho.inbox[-1])
    world.close()


class Elsewhere(Actor):
    """Somebody in another workspace of the same platform."""

    def origin(self, key: str = "", message: str = "") -> Origin:
        """Where this person acts."""
        return Origin("chat", "T2", self.user, key, conversation=f"dm-{self.user}", message=message)


@pytest.mark.parametrize("contact", ["", " ", "x" * 201])
async def test_a_contact_is_a_line(sqlite_url: str, contact: str) -> None:
    world, sho, misaki = await accepted(sqlite_url)
    await sho.press_action(ShareContact(1))
    assert isinstance(await sho.submit(contact=contact), FormErrors)
    assert list(sho.errors) == ["contact"]
    assert len(misaki.inbox) == 2
    world.close()


async def test_a_contact_goes_nowhere_after_the_end(sqlite_url: str) -> None:
    world, sho, misaki = await accepted(sqlite_url)
    await sho.press_action(ShareContact(1))
    form = sho.form
    await misaki.press("取りやめる")
    sho.form = form
    await sho.submit(contact=MAIL)
    assert MAIL not in read_all(misaki)
    await sho.press_action(ShareContact(1))
    assert sho.form is None
    world.close()


# The day


async def test_one_tells_the_day_and_both_are_asked_the_day_after(database_url: str) -> None:
    world, sho, misaki = await accepted(database_url)
    await sho.press("日にちを伝える")
    assert sho.form is not None
    assert isinstance(sho.form.fields[0], DateInput)
    await sho.submit(day="2026-11-25")
    assert "お話の日は11月25日（水）です" in read(sho.inbox[-1])
    assert sho.inbox[-1].summary == "11月25日（水）と承りました。お相手にもお伝えしました。"
    assert misaki.inbox[-1].summary == "高橋 翔さんから、お話の日は11月25日（水）とお知らせがありました。"
    (timer,) = timers(world).values()
    assert timer.due_at == datetime(2026, 11, 26, 1, 0, tzinfo=UTC)
    await wait(world, days=6)
    assert sho.inbox[-1].summary == f"「{TOPIC}」について、佐藤 美咲さんと話せましたか。"
    assert misaki.inbox[-1].summary == f"「{TOPIC}」について、高橋 翔さんと話せましたか。"
    world.close()


async def test_the_other_may_change_the_day(sqlite_url: str) -> None:
    world, sho, misaki = await accepted(sqlite_url)
    await sho.press("日にちを伝える")
    await sho.submit(day="2026-11-25")
    misaki.answer = None
    await misaki.press("日にちを伝える")
    assert misaki.form is not None
    assert misaki.form.fields[0].value == date(2026, 11, 25)  # type: ignore[union-attr]
    await misaki.submit(day="2026-12-01")
    assert consultation(world).talk_on == date(2026, 12, 1)
    assert sho.inbox[-1].summary == "佐藤 美咲さんから、お話の日は12月1日（火）とお知らせがありました。"
    (timer,) = timers(world).values()
    assert timer.due_at == datetime(2026, 12, 2, 1, 0, tzinfo=UTC)
    world.close()


async def test_the_same_day_twice_is_told_once(sqlite_url: str) -> None:
    world, sho, misaki = await accepted(sqlite_url)
    await sho.press("日にちを伝える")
    form = sho.form
    await sho.submit(day="2026-11-25")
    sho.form = form
    await sho.submit(day="2026-11-25")
    assert len(misaki.inbox) == 3
    world.close()


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("", "日にちを選んでください。"),
        ("25.11.2026", "日にちを選んでください。"),
        ("2026-11-18", "今日以降の日にちを選んでください。"),
        ("2027-06-01", "半年以内の日にちを選んでください。"),
    ],
)
async def test_a_day_must_be_one(sqlite_url: str, day: str, said: str) -> None:
    world, sho, _ = await accepted(sqlite_url)
    await sho.press("日にちを伝える")
    await sho.submit(day=day)
    assert sho.errors == {"day": said}
    assert consultation(world).talk_on is None
    world.close()


async def test_yesterday_is_a_day_too(sqlite_url: str) -> None:
    """People tell afterwards; then they are asked at once."""
    world, sho, _ = await accepted(sqlite_url)
    await sho.press("日にちを伝える")
    await sho.submit(day="2026-11-19")
    assert "話せましたか" in sho.inbox[-1].summary
    world.close()


async def test_without_a_day_both_are_asked_after_a_while(sqlite_url: str) -> None:
    world, sho, misaki = await accepted(sqlite_url)
    (timer,) = timers(world).values()
    assert timer.due_at - world.clock.now() == timedelta(days=15)
    assert "できれば12月4日（金）までに、お二人で日時をご相談ください。" in read(sho.inbox[-1])
    await wait(world, days=15)
    assert "話せましたか" in sho.inbox[-1].summary
    assert "話せましたか" in misaki.inbox[-1].summary
    assert misaki.buttons() == ["はい", "予定あり", "まだ", "中止"], "the earlier card has no button any more"
    world.close()


# Calling it off


async def test_the_asker_calls_it_off(sqlite_url: str) -> None:
    world, sho, misaki = await accepted(sqlite_url)
    await sho.press("取りやめる")
    assert sho.inbox[-1].summary.startswith(f"「{TOPIC}」の相談を取りやめました。")
    assert misaki.inbox[-1].summary == (
        f"お相手のご都合により、「{TOPIC}」のお話は取りやめになりました。引き受けてくださり、ありがとうございました。"
    )
    assert misaki.buttons() == []
    saved = consultation(world)
    assert (saved.state, saved.end_reason) == (ConsultationState.CALLED_OFF, EndReason.ASKER_CALLED_OFF)
    assert timers(world) == {}
    world.close()


async def test_the_mentor_calls_it_off(sqlite_url: str) -> None:
    world, sho, misaki = await accepted(sqlite_url)
    misaki.answer = None
    await misaki.press("取りやめる")
    assert misaki.inbox[-1].summary == f"「{TOPIC}」のお話を取りやめました。依頼した方にもお伝えしています。"
    assert "ほかの方をお探しすることもできます" in sho.inbox[-1].summary
    assert [row.state for row in requests(world)] == [RequestState.CALLED_OFF]
    await sho.press("もう一度相談する")
    await sho.submit()
    assert consultation(world).state == ConsultationState.SEARCHING, "the same person is not asked for it again"
    world.close()


async def test_old_buttons_after_the_end_show_the_end(sqlite_url: str) -> None:
    world, sho, misaki = await accepted(sqlite_url)
    await misaki.press("取りやめる")
    sho.answer = None
    for action in (SetDate(1), ShareContact(1)):
        await sho.press_action(action)
        assert sho.answer is not None
        assert "取りやめになりました" in sho.answer.summary
    assert consultation(world).talk_on is None
    world.close()


async def test_nobody_else_can_do_any_of_this(sqlite_url: str) -> None:
    world, _, misaki = await accepted(sqlite_url)
    rei = await add_asker(world, "李 佳怡")
    for action in (SetDate(1), ShareContact(1)):
        await rei.press_action(action)
        assert rei.form is None
        assert rei.answer is not None
        assert "このボタンは使えなくなりました" in rei.answer.summary
    await misaki.press_action(ShareContact(1))
    rei.form = misaki.form
    await rei.submit(contact="somewhere@example.jp")
    assert "somewhere" not in read_all(misaki)
    world.close()
