"""The daily look at the members: who was missed is welcomed once, many are HR's to decide, who left is noted."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
import pytest_asyncio

from bot.failures import ProfileUnavailable
from bot.incoming import AccountKind, Origin, Profile, ProfileChanged
from bot.replies import ReplaceMessage
from bot.ui import Message
from handlers.hr.actions import AnswerNewcomers
from scheduler.newcomers import Newcomers
from storage.models import AuditEntry, Greets, Role, Status, Workspace
from storage.queries import joining
from storage.queries.audit import list_acts
from storage.queries.callers import find_account
from storage.queries.newcomers import FEW, find_gone, find_missed, find_workspace, list_tenants
from tests.support.people import add_leaver
from tests.support.world import Actor, World, list_buttons, text_of

TOKYO = timezone(timedelta(hours=9))


@pytest_asyncio.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    """The whole product on a database of either kind."""
    made = World(database_url)
    yield made
    made.close()


async def hr(world: World) -> Actor:
    yuka = world.hr()
    await yuka.join()
    return yuka


async def look(world: World) -> None:
    app = world.app
    await Newcomers(app.store, app.directories, app.dispatch, app.clock).look()
    await world.settle()


def crowd(world: World, count: int) -> list[Actor]:
    return [world.person(f"客 {number}", kind=AccountKind.GUEST) for number in range(count)]


def questions(actor: Actor) -> list[Message]:
    return [message for message in actor.inbox if "ご案内を送りますか" in message.summary]


def stalled(world: World) -> list[str]:
    """Whom HR's page shows as having come and not registered."""
    with world.store.begin() as db:
        return [member.name for member in joining.list_people(db, joining.half_way())]


def workspace(world: World) -> Workspace:
    with world.store.begin() as db:
        found = find_workspace(db, 1)
        assert found is not None
        return found


async def test_who_was_missed_is_welcomed_once(world: World) -> None:
    await hr(world)
    misaki = world.person("佐藤 美咲", kind=AccountKind.GUEST)
    await look(world)
    assert [message.summary for message in misaki.inbox] == [misaki.inbox[0].summary]
    assert "佐藤 美咲さん、ようこそ" in text_of(misaki.inbox[0])
    await look(world)
    await misaki.join()
    assert len(misaki.inbox) == 1, "an event that comes late changes nothing"


async def test_a_changed_picture_before_that_makes_nobody_a_member_and_takes_no_welcome_away(world: World) -> None:
    yuka = await hr(world)
    misaki = world.person("佐藤 美咲", kind=AccountKind.GUEST)
    await misaki.change_profile(replace(misaki.profile, title="編集"))
    await yuka.command("/hr")
    assert stalled(world) == []
    await look(world)
    assert len(misaki.inbox) == 1
    assert stalled(world) == ["佐藤 美咲"]


async def test_who_is_met_without_a_word_has_not_stalled_before_they_begin(world: World) -> None:
    yuka = await hr(world)
    people = crowd(world, FEW + 1)
    await look(world)
    await yuka.press_action(AnswerNewcomers(1, Greets.NOBODY))
    await look(world)
    assert people[0].member().status == Status.UNVERIFIED
    assert stalled(world) == []
    code = add_leaver(world, "客 0")
    await people[0].command("/alumni register")
    await people[0].submit(code=code)
    assert stalled(world) == ["客 0"]


async def test_a_workspace_in_which_nobody_was_met_yet_is_looked_at_too(world: World) -> None:
    misaki = world.person("佐藤 美咲", kind=AccountKind.GUEST)
    await look(world)
    assert misaki.inbox == [], "neither met nor told of"
    world.chat.tenants.append("T1")
    await look(world)
    assert len(misaki.inbox) == 1


async def test_the_platform_is_not_asked_again_for_each_person(world: World) -> None:
    await hr(world)
    people = crowd(world, 3)
    listed = [(Origin("chat", "T1", actor.user), actor.profile) for actor in people]

    class Listing:
        async def get_profile(self, origin: Origin) -> Profile:
            raise AssertionError("the list told it already")

        async def list_tenants(self) -> list[str]:
            return []

        async def list_people(self, tenant: str) -> list[tuple[Origin, Profile]]:
            return listed

    world.app.directories["chat"] = Listing()
    await look(world)
    assert [len(actor.inbox) for actor in people] == [1, 1, 1]


@pytest.mark.parametrize(
    "profile",
    [
        Profile("誰か", kind=AccountKind.BOT),
        Profile("誰か", kind=AccountKind.STRANGER),
        Profile("誰か", deactivated=True),
    ],
    ids=["bot", "stranger", "deactivated"],
)
async def test_nobody_else_is_written_to(world: World, profile: Profile) -> None:
    await hr(world)
    other = world.person("誰か")
    world.chat.profiles[other.user] = profile
    await look(world)
    assert other.inbox == []
    with world.store.begin() as db:
        assert find_account(db, other.origin()) is None


async def test_who_left_without_a_word_is_written_to_no_more(world: World) -> None:
    await hr(world)
    sho = world.employee("高橋 翔")
    await sho.join()
    world.chat.profiles[sho.user] = replace(sho.profile, deactivated=True)
    await look(world)
    with world.store.begin() as db:
        found = find_account(db, sho.origin())
        assert found is not None
        assert not found[0].reachable
        people = [(Origin("chat", "T1", sho.user), sho.profile)]
        assert find_gone(db, people) == [], "noted once"


async def test_many_are_hrs_to_decide_and_nobody_is_written_to_before(world: World) -> None:
    yuka = await hr(world)
    people = crowd(world, FEW + 1)
    await look(world)
    assert not any(actor.inbox for actor in people)
    (question,) = questions(yuka)
    assert "21名" in text_of(question)
    assert [button.label for button in list_buttons(question)] == ["案内を送る", "送らない"]
    await look(world)
    assert len(questions(yuka)) == 1, "asked once a month at most"


async def test_welcomed_from_the_next_morning_when_hr_says_so(world: World) -> None:
    yuka = await hr(world)
    people = crowd(world, FEW + 5)
    await look(world)
    await yuka.press("案内を送る")
    assert not any(actor.inbox for actor in people), "not before the next look"
    await look(world)
    assert all(len(actor.inbox) == 1 for actor in people)
    assert [(act.act, act.detail) for act in _acts(world)] == [("newcomers.all", f"missed={FEW + 5}")]
    await look(world)
    assert workspace(world).greets == Greets.ASK, "settled: many new ones would be asked about again"
    assert workspace(world).missed == 0


async def test_got_to_know_without_a_word_when_hr_says_so(world: World) -> None:
    yuka = await hr(world)
    people = crowd(world, FEW)
    sho = world.employee("高橋 翔")
    await look(world)
    await yuka.press("送らない")
    await look(world)
    assert not any(actor.inbox for actor in [*people, sho])
    assert (sho.member().status, sho.member().role) == (Status.ACTIVE, Role.EMPLOYEE)
    assert people[0].member().status == Status.UNVERIFIED
    late = world.person("新しい 人", kind=AccountKind.GUEST)
    await look(world)
    assert len(late.inbox) == 1, "who joins later is welcomed as always"


async def test_the_first_answer_counts(world: World) -> None:
    yuka = await hr(world)
    crowd(world, FEW + 1)
    await look(world)
    await yuka.press("送らない")
    reply = await yuka.press_action(AnswerNewcomers(1, Greets.ALL))
    assert isinstance(reply, ReplaceMessage)
    assert "お送りします" not in text_of(reply.message)
    assert workspace(world).greets == Greets.NOBODY


@pytest.mark.parametrize(
    "action", [AnswerNewcomers(4711, "all"), AnswerNewcomers(1, "everybody"), AnswerNewcomers(1, "ask")]
)
async def test_a_forged_answer_changes_nothing(world: World, action: AnswerNewcomers) -> None:
    yuka = await hr(world)
    crowd(world, FEW + 1)
    await look(world)
    await yuka.press_action(action)
    assert workspace(world).greets == Greets.ASK


async def test_asked_again_after_a_month(world: World) -> None:
    yuka = await hr(world)
    crowd(world, FEW + 1)
    await look(world)
    world.clock.move(timedelta(days=30))
    await look(world)
    assert len(questions(yuka)) == 2


async def test_a_platform_that_does_not_answer_keeps_no_other_from_being_looked_at(world: World) -> None:
    await hr(world)
    misaki = world.person("佐藤 美咲", kind=AccountKind.GUEST)
    elsewhere = Origin("other", "T9", "U1")
    await world.dispatch(ProfileChanged(elsewhere, Profile("誰か"), introduces=True))

    class Silent:
        async def get_profile(self, origin: Origin) -> Profile:
            raise ProfileUnavailable("silent")

        async def list_tenants(self) -> list[str]:
            raise ProfileUnavailable("silent")

        async def list_people(self, tenant: str) -> list[tuple[Origin, Profile]]:
            raise ProfileUnavailable("silent")

    world.app.directories["aaa"] = Silent()
    world.app.directories["other"] = Silent()
    with world.store.begin() as db:
        assert list_tenants(db) == [("chat", "T1"), ("other", "T9")]
    await look(world)
    assert len(misaki.inbox) == 1


async def test_where_the_platform_can_not_tell_nothing_happens(world: World) -> None:
    await hr(world)
    world.chat.profiles.clear()
    await look(world)
    with world.store.begin() as db:
        assert find_missed(db, []) == []
        assert find_workspace(db, 1) is None


async def test_the_look_is_a_round_of_the_app_at_nine(world: World) -> None:
    await hr(world)
    misaki = world.person("佐藤 美咲", kind=AccountKind.GUEST)
    ticker = world.app.ticker
    await ticker.rounds.prepare()
    world.clock.at = datetime(2026, 11, 21, 8, 59, tzinfo=TOKYO)
    await ticker.tick()
    await ticker.rounds.finish()
    await world.settle()
    assert misaki.inbox == []
    world.clock.at = datetime(2026, 11, 21, 9, 0, tzinfo=TOKYO)
    await ticker.tick()
    await ticker.rounds.finish()
    await world.settle()
    assert len(misaki.inbox) == 1


def _acts(world: World) -> list[AuditEntry]:
    with world.store.begin() as db:
        return list_acts(db)
