"""The registration as people go through it: by code, by number, half way and on again, twice, too late."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlmodel import select

from bot.actions import encode
from bot.incoming import AccountKind, FormSubmitted, FormValues
from bot.policy import Policy
from bot.replies import FormErrors, Nothing, OpenForm, Private
from handlers.actions import Register
from handlers.onboarding.actions import Choose, Identify, TellAbout
from storage.models import Account, Purpose, Role, Status, WrongCode
from storage.queries.consents import find_consents, list_consents
from storage.queries.topics import list_topics
from tests.support.people import add_leaver, alumnus, find_entry, word
from tests.support.world import Actor, World, list_buttons, text_of

ACCEPTED = ("accepted",)
NUMBER = {"number": "00123", "name": "佐藤美咲", "left": "2026年3月"}


@pytest_asyncio.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    world = World(sqlite_url)
    yield world
    world.close()


def guest(world: World, name: str = "misaki", locale: str = "ja-JP") -> Actor:
    return world.person(name, kind=AccountKind.GUEST, locale=locale)


async def at_the_door(world: World, name: str = "misaki", locale: str = "ja-JP") -> Actor:
    """Somebody who has pressed [Register]."""
    actor = guest(world, name, locale)
    await actor.join()
    await actor.press(word(actor, "登録する", "Register"))
    return actor


def title(actor: Actor) -> str:
    assert actor.form is not None, f"no form, but {actor.answer}"
    return actor.form.title


async def enter(actor: Actor, **values: str) -> None:
    """Step 1, sent off whatever form is open."""
    await actor.world.dispatch(
        FormSubmitted(actor.origin(actor.world.next_key()), encode(Identify()), FormValues(values))
    )


@pytest.mark.parametrize("locale", ["ja-JP", "en-US"])
async def test_from_the_welcome_to_a_full_member_in_three_forms(database_url: str, locale: str) -> None:
    world = World(database_url)
    code = add_leaver(world, email="Misaki@Home.example")
    misaki = await at_the_door(world, locale=locale)
    await misaki.submit(code=code)
    assert title(misaki) == word(misaki, "あなたについて（2/3）", "About you (2/3)")
    await misaki.submit(
        employer="アオバ電池", city="仙台", languages=("ja", "en"), more_topics="電池", latest_news="元気です"
    )
    assert title(misaki) == word(misaki, "ご希望（3/3）", "Your choices (3/3)")
    await misaki.submit(guidelines=ACCEPTED, consents=("news", "consultations"), hidden=("city",), capacity="2")
    member = misaki.member()
    assert (member.status, member.role, member.registration_step) == (Status.ACTIVE, Role.ALUMNUS, 3)
    assert (member.name, member.department, str(member.left_on)) == ("佐藤 美咲", "設計2課", "2026-03-31")
    assert (member.employer, member.city, member.languages) == ("アオバ電池", "仙台", ["ja", "en"])
    assert (member.visibility, member.capacity) == ({"city": "nobody"}, 2)
    assert (member.guidelines_version, member.guidelines_at) == (Policy().guidelines_version, world.clock.now())
    assert member.activated_at == world.clock.now()
    with world.store.begin() as db:
        assert find_consents(db, member.id or 0) == {Purpose.NEWS, Purpose.CONSULTATIONS}
        assert list_topics(db, [member.id or 0]) == {member.id: ("電池",)}
        mail = db.session.exec(select(Account).where(Account.platform == "email")).one()
    assert (mail.external_id, mail.member_id) == ("misaki@home.example", member.id)
    greeting = misaki.inbox[-1]
    assert word(misaki, "月に2件まで", "at most 2 times a month") in text_of(greeting)
    assert [button.label for button in list_buttons(greeting)][-1] == word(misaki, "ホーム", "Home")
    world.close()


async def test_the_code_is_read_however_it_is_typed(world: World) -> None:
    code = add_leaver(world)
    misaki = await at_the_door(world)
    wide = "".join(chr(ord(sign) + 0xFEE0) if sign != "-" else "ー" for sign in code.replace("0", "O").lower())
    await misaki.submit(code=f" {wide} ")
    assert title(misaki).startswith("あなたについて")


async def test_number_name_and_month_let_somebody_in_at_once(database_url: str) -> None:
    world = World(database_url)
    add_leaver(world)
    misaki = await at_the_door(world)
    await misaki.submit(number="１２３", name="佐藤　美咲", left="令和8年3月")
    assert title(misaki).startswith("あなたについて")
    assert misaki.member().roster_id == find_entry(world).id
    assert find_entry(world).code_used_at == world.clock.now(), "the code that is out works no more"
    world.close()


async def test_a_code_lets_one_person_in_once(world: World) -> None:
    code = add_leaver(world)
    first, second = await at_the_door(world), await at_the_door(world, "someone")
    await first.submit(code=code)
    await second.submit(code=code)
    assert second.member().registration_step == 0
    assert "すでに使われています" in second.errors["code"]
    assert not [told for told in ("佐藤", "美咲", "設計2課", "misaki") if told in second.errors["code"]]


async def test_a_code_past_its_day_is_said_to_be(world: World) -> None:
    code = add_leaver(world, valid=timedelta(days=2))
    misaki = await at_the_door(world)
    world.clock.move(timedelta(days=2))
    await misaki.submit(code=code)
    assert "期限の日を過ぎています" in misaki.errors["code"]
    assert "佐藤" not in misaki.errors["code"]
    await misaki.submit(code="", **NUMBER)
    assert title(misaki).startswith("あなたについて")


async def test_a_wrong_code_says_how_many_tries_are_left_and_keeps_what_was_typed(world: World) -> None:
    add_leaver(world)
    misaki = await at_the_door(world)
    reply = await misaki.submit(code="0000-0000")
    assert isinstance(reply, FormErrors)
    assert "あと4回試せます" in misaki.errors["code"]
    assert "社員番号" in misaki.errors["code"]
    assert misaki.form is not None
    assert getattr(misaki.form.fields[0], "value", "") == "0000-0000"


async def test_five_wrong_codes_lock_the_form_for_an_hour(database_url: str) -> None:
    world = World(database_url)
    code = add_leaver(world)
    misaki = await at_the_door(world)
    for left in (4, 3, 2, 1):
        await misaki.submit(code="0000-0000")
        assert f"あと{left}回" in misaki.errors["code"]
    reply = await misaki.submit(code="0000-0000")
    assert isinstance(reply, Private)
    assert "1時間に5回" in reply.message.summary
    await misaki.press_action(Register())
    assert misaki.form is None
    await enter(misaki, code=code)
    await enter(misaki, **NUMBER)
    assert misaki.member().registration_step == 0, "not even the right one, while the form rests"
    world.clock.move(timedelta(minutes=60))
    await misaki.press_action(Register())
    await misaki.submit(code=code)
    assert misaki.member().registration_step == 1
    world.close()


async def test_the_lock_is_of_one_account(world: World) -> None:
    code = add_leaver(world)
    other, misaki = await at_the_door(world, "guesser"), await at_the_door(world)
    for _ in range(5):
        await enter(other, code="0000-0000")
    await misaki.submit(code=code)
    assert misaki.member().registration_step == 1


async def test_hr_is_told_once_of_a_lock(world: World) -> None:
    yuka, misaki = world.hr(), await at_the_door(world)
    await yuka.join()
    before = len(yuka.inbox)
    for _ in range(9):
        await enter(misaki, code="0000-0000")
    assert len(yuka.inbox) == before + 1
    world.clock.move(timedelta(hours=2))
    for _ in range(5):
        await enter(misaki, code="0000-0000")
    assert len(yuka.inbox) == before + 2, "another lock is another matter"


async def test_wrong_codes_are_counted_and_never_kept(world: World) -> None:
    misaki = await at_the_door(world)
    await misaki.submit(code="0000-0000")
    with world.store.begin() as db:
        (row,) = db.session.exec(select(WrongCode)).all()
    assert set(row.model_dump()) == {"id", "account_id", "at"}


async def test_an_empty_form_is_told_what_it_takes(world: World) -> None:
    misaki = await at_the_door(world)
    await misaki.submit()
    assert set(misaki.errors) == {"code"}
    await misaki.submit(number="00123")
    assert set(misaki.errors) == {"name", "left"}
    await misaki.submit(number="00123", name="佐藤", left="去年")
    assert set(misaki.errors) == {"left"}
    with world.store.begin() as db:
        assert db.session.exec(select(WrongCode)).all() == []


async def test_a_closed_form_is_continued_where_it_was_left(world: World) -> None:
    code = add_leaver(world)
    misaki = await at_the_door(world)
    await misaki.submit(code=code)
    await misaki.press("登録する")
    assert title(misaki) == "あなたについて（2/3）"
    await misaki.submit(city="仙台")
    await misaki.write("登録")
    await misaki.press("開く")
    assert title(misaki) == "ご希望（3/3）"
    await misaki.submit(guidelines=ACCEPTED)
    assert (misaki.member().status, misaki.member().city) == (Status.ACTIVE, "仙台")


async def test_every_step_sent_twice_has_its_effect_once(database_url: str) -> None:
    world = World(database_url)
    code = add_leaver(world, email="m@home.example")
    misaki = await at_the_door(world)
    steps = ({"code": code}, {"city": "仙台", "more_topics": "電池"}, {"guidelines": ACCEPTED, "consents": ("news",)})
    for values in steps:
        form = misaki.form
        await misaki.submit(**values)
        after = misaki.form
        misaki.form = form
        await misaki.submit(**values)
        assert (misaki.form is None) == (after is None)
        misaki.form = after
    with world.store.begin() as db:
        assert len(list_consents(db, misaki.member().id or 0)) == 1
        assert len(db.session.exec(select(Account).where(Account.platform == "email")).all()) == 1
    assert [message.summary for message in misaki.inbox].count(misaki.inbox[-1].summary) == 1
    assert len(misaki.inbox) == 2
    world.close()


async def test_the_same_delivery_twice_is_answered_once(world: World) -> None:
    code = add_leaver(world)
    misaki = await at_the_door(world)
    incoming = FormSubmitted(misaki.origin("K-same"), encode(Identify()), FormValues({"code": code}))
    assert isinstance(await world.dispatch(incoming), OpenForm)
    assert await world.dispatch(incoming) == Nothing()


async def test_an_old_step_opens_the_one_that_is_due(world: World) -> None:
    code = add_leaver(world)
    misaki = await at_the_door(world)
    first = misaki.form
    await misaki.submit(code=code)
    await misaki.submit(city="仙台")
    misaki.form = first
    await misaki.submit(code="0000-0000")
    assert title(misaki) == "ご希望（3/3）"
    await misaki.submit(guidelines=ACCEPTED)
    misaki.form = first
    await misaki.submit(code=code)
    assert misaki.answer is not None
    assert misaki.answer.summary.startswith("登録はお済みです")


async def test_an_old_second_step_overwrites_nothing_once_the_registration_is_done(world: World) -> None:
    misaki = await alumnus(world, city="仙台")
    stale = FormSubmitted(misaki.origin("K-old"), encode(TellAbout()), FormValues({"city": "札幌"}))
    assert isinstance(await world.dispatch(stale), Private)
    assert misaki.member().city == "仙台"


@pytest.mark.parametrize("action", [TellAbout(), Choose()])
async def test_nobody_skips_the_first_step(world: World, action: TellAbout | Choose) -> None:
    misaki = await at_the_door(world)
    values = FormValues({"guidelines": ACCEPTED, "city": "仙台"})
    reply = await world.dispatch(FormSubmitted(misaki.origin("K-forged"), encode(action), values))
    assert isinstance(reply, Private)
    member = misaki.member()
    assert (member.status, member.registration_step, member.city) == (Status.UNVERIFIED, 0, "")


async def test_nobody_skips_the_second_step(world: World) -> None:
    code = add_leaver(world)
    misaki = await at_the_door(world)
    await misaki.submit(code=code)
    reply = await world.dispatch(
        FormSubmitted(misaki.origin("K-forged"), encode(Choose()), FormValues({"guidelines": ACCEPTED}))
    )
    assert isinstance(reply, OpenForm)
    assert misaki.member().status == Status.UNVERIFIED


async def test_without_the_guidelines_nobody_becomes_a_member(world: World) -> None:
    code = add_leaver(world)
    misaki = await at_the_door(world)
    await misaki.submit(code=code)
    await misaki.submit()
    await misaki.submit(consents=("news",), capacity="3")
    assert set(misaki.errors) == {"guidelines"}
    assert (misaki.member().status, misaki.member().capacity) == (Status.UNVERIFIED, 1)
    assert misaki.form is not None
    values = {item.name: getattr(item, "values", getattr(item, "value", "")) for item in misaki.form.fields}
    assert (values["consents"], values["capacity"]) == (("news",), "3"), "what was chosen is still there"


async def test_the_language_chosen_in_the_last_step_is_that_of_the_greeting(world: World) -> None:
    code = add_leaver(world)
    misaki = await at_the_door(world)
    await misaki.submit(code=code)
    await misaki.submit()
    await misaki.submit(guidelines=ACCEPTED, language="en")
    assert misaki.answer is not None
    assert misaki.answer.summary.startswith("Your registration with En is done")
    assert misaki.inbox[-1].summary.endswith("it's good to have you in En.")


async def test_a_private_address_that_is_another_member_s_stays_theirs(world: World) -> None:
    one, two = (
        add_leaver(world, email="home@home.example"),
        add_leaver(world, "佐藤 健", "00124", email="home@home.example"),
    )
    misaki, ken = await at_the_door(world), await at_the_door(world, "ken")
    await misaki.submit(code=one)
    await ken.submit(code=two)
    assert ken.member().registration_step == 1
    with world.store.begin() as db:
        mail = db.session.exec(select(Account).where(Account.platform == "email")).one()
    assert mail.member_id == misaki.member().id


async def test_an_address_that_was_written_to_before_becomes_the_member_s(world: World) -> None:
    code = add_leaver(world, email="m@home.example")
    with world.store.begin() as db:
        db.session.add(Account(platform="email", external_id="m@home.example", created_at=world.clock.now()))
    misaki = await at_the_door(world)
    await misaki.submit(code=code)
    with world.store.begin() as db:
        mail = db.session.exec(select(Account).where(Account.platform == "email")).one()
    assert mail.member_id == misaki.member().id


async def test_members_and_employees_have_nothing_to_register(world: World) -> None:
    misaki, sho = await alumnus(world), world.employee("高橋 翔")
    for actor in (misaki, sho):
        await actor.press_action(Register())
        assert actor.form is None
        assert actor.answer is not None
        assert "登録はお済みです" in actor.answer.summary


async def test_the_name_of_hr_s_list_takes_the_place_of_the_platform_s(world: World) -> None:
    add_leaver(world)
    misaki = await at_the_door(world, "misaki.s")
    assert misaki.member().name == "misaki.s"
    await misaki.submit(**NUMBER)
    assert misaki.member().name == "佐藤 美咲"
