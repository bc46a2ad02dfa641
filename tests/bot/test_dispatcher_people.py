"""Whom the dispatcher answers: strangers and guests, members and HR, those who left and those who changed."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.failures import ProfileUnavailable
from bot.i18n import _, use_locale
from bot.incoming import (
    AccountKind,
    MemberLeft,
    MessageReceived,
    Origin,
    Profile,
    ProfileChanged,
)
from bot.replies import Nothing, Private
from storage.models import Account, Member
from tests.bot.notebook import find_member, make_feature, news, say
from tests.support.rows import list_rows
from tests.support.world import Platform, World, list_buttons


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    world = World(database_url, features=[make_feature()])
    yield world
    world.close()


class Shy(Platform):
    """A platform whose directory does not answer."""

    async def get_profile(self, origin: Origin) -> Profile:
        raise ProfileUnavailable


async def test_somebody_the_platform_does_not_introduce_is_asked_to_try_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    sho = world.person("翔")
    monkeypatch.setitem(world.app.directories, "chat", Shy())
    reply = await sho.command("/note x")
    assert isinstance(reply, Private)
    assert list_buttons(reply.message) == []
    with pytest.raises(ProfileUnavailable):
        await world.app.dispatch(MessageReceived(sho.origin("K2"), "note x"))
    monkeypatch.setitem(world.app.directories, "chat", world.chat)
    assert await sho.command("/note x") == Private(say("noted x"))


async def test_whom_we_know_is_not_asked_for_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    sho = world.person("翔")
    await sho.command("/note a")
    world.clock.move(timedelta(seconds=1))
    await sho.command("/note b")
    monkeypatch.setitem(world.app.directories, "chat", Shy())
    assert await sho.command("/note c") == Private(say("noted c"))


@pytest.mark.parametrize("kind", [AccountKind.BOT, AccountKind.STRANGER])
async def test_bots_and_strangers_get_no_answer_and_have_no_effect(world: World, kind: AccountKind) -> None:
    robot = world.person("robot", kind=kind)
    assert await robot.command("/note x") == Nothing()
    await robot.write("note x")
    await robot.write("refuse")
    assert news(world, robot.user) == ""
    assert robot.inbox == []


async def test_a_guest_is_answered(world: World) -> None:
    guest = world.person("guest", kind=AccountKind.GUEST)
    assert await guest.command("/note x") == Private(say("noted x"))


async def test_who_may_do_what(world: World) -> None:
    stranger, staff, hr = world.person("翔"), world.employee("結"), world.hr()
    allowed = {
        name: [(await person.command(f"/{name}")) == Private(say(f"for {words}")) for person in (stranger, staff, hr)]
        for name, words in (("active", "active members"), ("staff", "staff"), ("secret", "HR"))
    }
    assert allowed == {"active": [False, True, True], "staff": [False, True, True], "secret": [False, False, True]}


async def test_what_is_typed_without_permission_is_refused_by_the_outbox(world: World) -> None:
    sho = world.person("翔")
    await sho.write("staff")
    assert [button.action.action_name for button in list_buttons(sho.inbox[0])] == ["onboarding.register"]


@pytest.mark.parametrize("locale", ["ja-JP", "en-US"])
async def test_answers_are_in_the_callers_language(world: World, locale: str) -> None:
    person = world.person("翔", locale=locale)
    with use_locale(locale):
        expected = say(_("Home"))
    answer = await person.command("/language")
    assert answer == Private(expected)
    assert answer.locale == locale[:2]


async def test_who_left_is_not_written_to_until_met_again(world: World) -> None:
    sho = world.person("翔")
    await sho.command("/note x")
    assert await world.dispatch(MemberLeft(sho.origin("K1"))) == Nothing()
    (account,) = list_rows(world.store, Account)
    assert (account.reachable, account.unreachable_reason) == (False, "left")
    await sho.command("/note y")
    assert list_rows(world.store, Account)[0].reachable


async def test_somebody_unknown_who_left_leaves_no_trace(world: World) -> None:
    sho = world.person("翔")
    await world.dispatch(MemberLeft(sho.origin("K1")))
    assert list_rows(world.store, Member) == []


async def test_a_change_of_somebody_whom_we_never_met_makes_no_member(world: World) -> None:
    sho = world.person("翔")
    await world.dispatch(ProfileChanged(sho.origin("K1"), sho.profile))
    assert list_rows(world.store, Member) == []
    await world.dispatch(ProfileChanged(sho.origin("K2"), sho.profile, introduces=True))
    assert find_member(world, sho.user).name == "翔", "unless we are to get to know them"


async def test_a_changed_profile_is_learnt(world: World) -> None:
    sho = world.person("翔")
    await sho.command("/note x")
    changed = Profile("高橋 翔\0", "sho@sample-seiki.example", True, "ja-JP", "Europe/Berlin", "部長")
    assert await world.dispatch(ProfileChanged(sho.origin("K1"), changed)) == Nothing()
    member = find_member(world, sho.user)
    assert (member.zone, member.role, member.status) == ("Europe/Berlin", "employee", "active")
