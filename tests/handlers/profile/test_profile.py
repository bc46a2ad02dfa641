"""Editing the profile and the preferences, and telling news, as members do it."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlmodel import select

from bot.policy import Policy
from bot.replies import FormErrors
from handlers.profile.actions import EditChoices, EditProfile, ShareNews, WriteNews
from storage.models import Member, Purpose, Reminder
from storage.queries.consents import find_consents, list_consents
from storage.queries.topics import list_topics
from tests.support.people import alumnus
from tests.support.world import Actor, World, text_of


@pytest_asyncio.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    world = World(sqlite_url)
    yield world
    world.close()


def topics_of(world: World, actor: Actor) -> tuple[str, ...]:
    id = actor.member().id or 0
    with world.store.begin() as db:
        return list_topics(db, [id]).get(id, ())


def consents_of(world: World, actor: Actor) -> frozenset[Purpose]:
    id = actor.member().id or 0
    with world.store.begin() as db:
        return find_consents(db, id)


async def test_the_profile_is_edited_with_what_is_known(database_url: str) -> None:
    world = World(database_url)
    misaki = await alumnus(world, city="仙台", topics=("起業",), more_topics="電池、量産")
    await misaki.command("/alumni profile")
    await misaki.submit(employer="アオバ電池", more_topics="量産")
    member = misaki.member()
    assert (member.city, member.employer) == ("仙台", "アオバ電池")
    assert topics_of(world, misaki) == ("起業", "量産")
    assert "アオバ電池" in text_of(misaki.answer) if misaki.answer else False
    world.close()


async def test_too_many_topics_are_told_beside_the_field_and_nothing_is_lost(world: World) -> None:
    misaki = await alumnus(world, more_topics="電池")
    await misaki.write("プロフィール")
    await misaki.press("開く")
    reply = await misaki.submit(city="仙台", topics=("起業", "マネジメント"), more_topics="a、b、c、d")
    assert isinstance(reply, FormErrors)
    assert list(misaki.errors) == ["more_topics"]
    assert "5つまで" in misaki.errors["more_topics"]
    assert (misaki.member().city, topics_of(world, misaki)) == ("", ("電池",))
    await misaki.submit(more_topics="a、b")
    assert (misaki.member().city, topics_of(world, misaki)) == ("仙台", ("起業", "マネジメント", "a", "b"))


async def test_an_employee_tells_a_department_and_a_leaver_s_is_hr_s_to_say(world: World) -> None:
    sho, misaki = world.employee("高橋 翔"), await alumnus(world)
    await sho.command("/alumni profile")
    await sho.submit(department="設計２課", job="主任")
    assert (sho.member().department, sho.member().job, sho.member().employer) == ("設計2課", "主任", "")
    await misaki.command("/alumni profile")
    assert misaki.form is not None
    assert "department" not in [item.name for item in misaki.form.fields]


async def test_preferences_are_saved_and_shown_again(database_url: str) -> None:
    world = World(database_url)
    misaki = await alumnus(world, consents=("news",))
    await misaki.command("/alumni settings")
    await misaki.submit(
        consents=("news", "jobs"),
        alumni_only=("employer",),
        hidden=("city", "topics"),
        capacity="3",
        nameless=("nameless",),
        quiet_from="22",
        quiet_to="7",
        digest="never",
    )
    member = misaki.member()
    assert member.visibility == {"employer": "alumni", "city": "nobody", "topics": "nobody"}
    assert (member.capacity, member.nameless, member.digest) == (3, True, "never")
    assert (member.quiet_from, member.quiet_to) == (22, 7)
    assert consents_of(world, misaki) == {Purpose.NEWS, Purpose.JOBS}
    await misaki.press_action(EditChoices())
    assert misaki.form is not None
    preset = {item.name: getattr(item, "values", getattr(item, "value", "")) for item in misaki.form.fields}
    assert preset == {
        "consents": ("news", "jobs"),
        "alumni_only": ("employer",),
        "hidden": ("city", "topics"),
        "capacity": "3",
        "nameless": ("nameless",),
        "quiet_from": "22",
        "quiet_to": "7",
        "digest": "never",
        "digest_consents": (),
        "language": "ja",
    }
    world.close()


async def test_what_digests_may_say_is_agreed_to_apart_and_kept_with_the_rest(world: World) -> None:
    misaki = await alumnus(world, consents=("news",))
    assert consents_of(world, misaki) == {Purpose.NEWS}
    await misaki.command("/alumni settings")
    await misaki.submit(digest_consents=("newcomer", "milestones", "nonsense"))
    assert consents_of(world, misaki) == {Purpose.NEWS, Purpose.NEWCOMER, Purpose.MILESTONES}
    await misaki.command("/alumni settings")
    await misaki.submit(digest_consents=())
    assert consents_of(world, misaki) == {Purpose.NEWS}


async def test_a_field_named_twice_is_told(world: World) -> None:
    misaki = await alumnus(world)
    await misaki.command("/alumni settings")
    await misaki.submit(alumni_only=("city",), hidden=("city",))
    assert list(misaki.errors) == ["hidden"]
    assert misaki.member().visibility == {}


async def test_saving_twice_keeps_one_story_of_consents(world: World) -> None:
    misaki = await alumnus(world, consents=("news",))
    await misaki.command("/alumni settings")
    form = misaki.form
    for _ in range(3):
        misaki.form = form
        world.clock.move(timedelta(minutes=1))
        await misaki.submit(consents=("jobs",))
    id = misaki.member().id or 0
    with world.store.begin() as db:
        story = [(row.purpose, row.given) for row in list_consents(db, id)]
    assert story == [("news", True), ("news", False), ("jobs", True)]


async def test_the_language_chosen_holds_from_the_next_word_on(world: World) -> None:
    misaki = await alumnus(world)
    await misaki.command("/alumni settings")
    await misaki.submit(language="en")
    assert misaki.answer is not None
    assert misaki.answer.summary.startswith("Your preferences are saved")
    await misaki.command("/alumni")
    assert "Share news" in misaki.buttons()


async def test_the_others_hear_when_consents_change(world: World) -> None:
    misaki = await alumnus(world)
    await misaki.command("/alumni settings")
    await misaki.submit(capacity="0")
    with world.store.begin() as db:
        told = db.session.exec(select(Reminder).where(Reminder.kind == "member.changed")).all()
    assert misaki.member().id in [row.subject_id for row in told]


async def test_an_employee_agrees_to_the_guidelines_with_the_first_preferences(world: World) -> None:
    sho = world.employee("高橋 翔")
    await sho.command("/alumni settings")
    await sho.submit(consents=("news",))
    assert list(sho.errors) == ["guidelines"]
    await sho.submit(guidelines=("accepted",))
    assert sho.member().guidelines_version == Policy().guidelines_version
    await sho.command("/alumni settings")
    assert sho.form is not None
    assert "guidelines" not in [item.name for item in sho.form.fields]


async def test_new_guidelines_are_asked_for_with_the_next_change(world: World) -> None:
    misaki = await alumnus(world)
    id = misaki.member().id
    with world.store.begin() as db:
        db.session.get_one(Member, id).guidelines_version = "2025-04"
    world.clock.move(timedelta(days=100))
    await misaki.command("/alumni settings")
    await misaki.submit(guidelines=())
    assert list(misaki.errors) == ["guidelines"]
    await misaki.submit(guidelines=("accepted",))
    assert misaki.member().guidelines_version == Policy().guidelines_version
    assert misaki.member().guidelines_at == world.clock.now()


async def test_news_are_told_in_a_line(database_url: str) -> None:
    world = World(database_url)
    misaki = await alumnus(world)
    await misaki.command("/alumni status 仙台に　引っ越しました！")
    assert misaki.member().latest_news == "仙台に　引っ越しました！"
    await misaki.write("近況　また東京です")
    assert misaki.member().latest_news == "また東京です"
    assert "また東京です" in text_of(misaki.inbox[-1])
    world.close()


async def test_one_press_tells_ready_made_news(world: World) -> None:
    misaki = await alumnus(world)
    await misaki.command("/alumni status")
    await misaki.press("転職しました")
    assert misaki.member().latest_news == "転職しました"
    await misaki.press("書き直す")
    await misaki.submit(latest_news="  新しい職場は楽しいです。 ")
    assert misaki.member().latest_news == "新しい職場は楽しいです。"
    await misaki.command("/alumni status")
    await misaki.press("自分の言葉で")
    await misaki.submit(latest_news="")
    assert misaki.member().latest_news == ""


async def test_a_forged_choice_changes_nothing(world: World) -> None:
    misaki = await alumnus(world, latest_news="元気です")
    await misaki.press_action(ShareNews("nonsense"))
    assert misaki.member().latest_news == "元気です"


async def test_long_news_are_refused_kindly(world: World) -> None:
    misaki = await alumnus(world, latest_news="元気です")
    await misaki.command("/alumni status " + "あ" * 201)
    assert misaki.member().latest_news == "元気です"
    assert misaki.answer is not None
    assert "200文字" in misaki.answer.summary
    assert "201文字" in misaki.answer.summary


async def test_who_sees_the_news_is_said(world: World) -> None:
    misaki = await alumnus(world, hidden=("latest_news",))
    await misaki.command("/alumni status 元気です")
    assert misaki.answer is not None
    assert "公開範囲：" in text_of(misaki.answer)
    assert "非公開" in text_of(misaki.answer)


@pytest.mark.parametrize("action", [EditProfile(), EditChoices(), WriteNews(), ShareNews("well")])
async def test_nothing_of_it_is_for_the_unverified(
    world: World, action: EditProfile | EditChoices | WriteNews | ShareNews
) -> None:
    stranger = world.person("田中 健一")
    await stranger.press_action(action)
    assert stranger.form is None
    assert stranger.buttons() == ["登録する"]
    assert stranger.member().latest_news == ""
