"""Sending: where messages go, and what each refusal of Teams means for the outbox."""

import asyncio
from typing import Any

import pytest

from adapters.teams.addresses import Address, parse_address
from adapters.teams.outbound import Pace
from bot.failures import CannotAsk, FailureKind, SendFailed
from bot.ports import Group, Parcel, Person, Receipt
from bot.ui import Message, Para
from tests.adapters.teams.rig import JAPANESE, Rig, sentence
from tests.fake_teams import TENANT, Actor, FakeTeams
from tests.support.patience import limit


def make_parcel(rig: Rig, target: Person | Group, text: str = "こんにちは", replaces: Receipt | None = None) -> Parcel:
    return Parcel("welcome:1", target, sentence(text), JAPANESE, rig.clock.now(), replaces)


def make_person(rig: Rig, person: Actor, *, known: bool = True) -> Person:
    address = Address(rig.teams.service_url, person.chat.id if known else "")
    return Person(TENANT, person.aad_id, address.encode())


async def send(rig: Rig, person: Actor, text: str = "こんにちは", *, known: bool = True) -> Receipt:
    return await rig.adapter.sender.send(make_parcel(rig, make_person(rig, person, known=known), text))


async def fail(rig: Rig, person: Actor, *, known: bool = True) -> SendFailed:
    with pytest.raises(SendFailed) as caught:
        await send(rig, person, known=known)
    return caught.value


async def test_into_a_known_conversation(rig: Rig, teams: FakeTeams, sato: Actor) -> None:
    receipt = await send(rig, sato)
    assert sato.latest.text == "こんにちは"
    assert sato.latest.summary == "こんにちは"
    assert (receipt.conversation, receipt.message) == (sato.chat.id, sato.latest.id)
    assert parse_address(receipt.address) == Address(teams.service_url, sato.chat.id)
    assert len(teams.service.calls) == 1


@pytest.mark.parametrize("address", ["", "not ours", '{"s":"","c":""}x', "{"])
async def test_to_somebody_who_has_never_written(rig: Rig, teams: FakeTeams, sato: Actor, address: str) -> None:
    receipt = await rig.adapter.sender.send(make_parcel(rig, Person(TENANT, sato.aad_id, address)))
    assert sato.latest.text == "こんにちは"
    assert parse_address(receipt.address) == Address(teams.service_url, sato.chat.id)
    assert [call.path.rpartition("/")[2] for call in teams.service.calls] == ["conversations", "activities"]


async def test_into_a_new_conversation_when_the_known_one_is_gone(rig: Rig, teams: FakeTeams, sato: Actor) -> None:
    stale = Person(TENANT, sato.aad_id, Address(teams.service_url, "a:old").encode())
    receipt = await rig.adapter.sender.send(make_parcel(rig, stale))
    assert receipt.conversation == sato.chat.id
    assert len(teams.sent) == 1


async def test_to_nobody_when_the_new_conversation_is_gone_too(rig: Rig, teams: FakeTeams, sato: Actor) -> None:
    sato.chat.missing = True
    failure = await fail(rig, sato)
    assert (failure.kind, failure.maybe_sent) == (FailureKind.GONE, False)


async def test_into_a_group_that_exists(rig: Rig, teams: FakeTeams, sato: Actor) -> None:
    group = teams.add_group("相談", [sato])
    receipt = await rig.adapter.sender.send(make_parcel(rig, Group(TENANT, (), group.id)))
    assert [sent.text for sent in sato.messages(group)] == ["こんにちは"]
    again = Group(TENANT, (), receipt.address)
    await rig.adapter.sender.send(make_parcel(rig, again))
    assert len(sato.messages(group)) == 2


async def test_groups_can_not_be_opened_on_teams(rig: Rig, sato: Actor) -> None:
    assert not rig.adapter.sender.opens_groups
    with pytest.raises(SendFailed) as caught:
        await rig.adapter.sender.send(make_parcel(rig, Group(TENANT, (sato.aad_id,))))
    assert caught.value.kind is FailureKind.BUG


async def test_replacing(rig: Rig, teams: FakeTeams, sato: Actor) -> None:
    first = await send(rig, sato, "一")
    second = await rig.adapter.sender.send(make_parcel(rig, make_person(rig, sato), "二", first))
    assert (second.conversation, second.message) == (first.conversation, first.message)
    assert [sent.text for sent in sato.messages()] == ["二"]


async def test_replacing_with_what_the_outbox_keeps(rig: Rig, sato: Actor) -> None:
    first = await send(rig, sato, "一")
    kept = Receipt(first.conversation, first.message)
    await rig.adapter.sender.send(make_parcel(rig, make_person(rig, sato), "二", kept))
    assert [sent.text for sent in sato.messages()] == ["二"]


async def test_what_can_not_be_replaced_is_sent_anew(rig: Rig, sato: Actor) -> None:
    first = await send(rig, sato, "一")
    sato.latest.deleted = True
    second = await rig.adapter.sender.send(make_parcel(rig, make_person(rig, sato), "二", first))
    assert [sent.text for sent in sato.messages()] == ["二"]
    assert second.message != first.message


@pytest.mark.parametrize("accepted", [False, True])
async def test_a_replacement_whose_answer_is_lost_can_be_repeated(
    rig: Rig, teams: FakeTeams, sato: Actor, accepted: bool
) -> None:
    first = await send(rig, sato, "一")
    if accepted:
        teams.drop_answer("PUT", times=2)  # the client itself repeats what does no harm, once
    else:
        teams.fail("PUT", status=504)
    parcel = make_parcel(rig, make_person(rig, sato), "二", first)
    with pytest.raises(SendFailed) as caught:
        await rig.adapter.sender.send(parcel)
    assert (caught.value.kind, caught.value.maybe_sent) == (FailureKind.RETRY, False)
    await rig.adapter.sender.send(parcel)
    assert [sent.text for sent in sato.messages()] == ["二"]


@pytest.mark.parametrize("known", [True, False])
async def test_blocked_is_gone(rig: Rig, teams: FakeTeams, sato: Actor, known: bool) -> None:
    sato.block()
    failure = await fail(rig, sato, known=known)
    assert (failure.kind, failure.reason) == (FailureKind.GONE, "403 MessageWritesBlocked")


async def test_not_installed_is_gone(rig: Rig, teams: FakeTeams) -> None:
    stranger = teams.add_person("田中 健一")
    failure = await fail(rig, stranger, known=False)
    assert (failure.kind, failure.reason) == (FailureKind.GONE, "403 ForbiddenOperationException")


async def test_thrown_out_of_a_group_is_gone(rig: Rig, teams: FakeTeams, sato: Actor) -> None:
    group = teams.add_group("相談", [sato], installed=False)
    with pytest.raises(SendFailed) as caught:
        await rig.adapter.sender.send(make_parcel(rig, Group(TENANT, (), group.id)))
    assert caught.value.kind is FailureKind.GONE


@pytest.mark.parametrize("status", [408, 412, 500, 502, 503, 504])
async def test_passing_trouble_is_tried_again(rig: Rig, teams: FakeTeams, sato: Actor, status: int) -> None:
    teams.fail(status=status)
    failure = await fail(rig, sato)
    assert (failure.kind, failure.maybe_sent) == (FailureKind.RETRY, False)
    assert teams.sent == []


@pytest.mark.parametrize(
    ("status", "code"), [(400, "BadSyntax"), (403, "BotDisabledByAdmin"), (413, "MessageSizeTooBig")]
)
async def test_our_mistakes_need_a_human(rig: Rig, teams: FakeTeams, sato: Actor, status: int, code: str) -> None:
    teams.fail(status=status, code=code)
    failure = await fail(rig, sato)
    assert (failure.kind, failure.reason) == (FailureKind.BUG, f"{status} {code}")


async def test_a_redirect_is_not_followed(rig: Rig, teams: FakeTeams, sato: Actor) -> None:
    teams.fail(status=302)
    assert (await fail(rig, sato)).kind is FailureKind.BUG


async def test_throttled_waits_as_long_as_told(rig: Rig, teams: FakeTeams, sato: Actor) -> None:
    teams.throttle(17)
    failure = await fail(rig, sato)
    assert (failure.kind, failure.retry_after) == (FailureKind.THROTTLED, 17.0)
    assert not failure.channel_only, "one message a conversation is no reason: the whole app is too fast"


async def test_a_conversations_own_limit_delays_nobody_else(rig: Rig, teams: FakeTeams, sato: Actor) -> None:
    teams.service.runs = False
    for number in range(7):
        await send(rig, sato, str(number))
    failure = await fail(rig, sato)
    assert (failure.kind, failure.channel_only) == (FailureKind.THROTTLED, True)
    assert failure.retry_after >= 1
    other = teams.add_person("高橋 翔")
    await other.install()
    await send(rig, other)
    await teams.pass_time(failure.retry_after)
    await send(rig, sato, "8")


async def test_an_answer_that_never_comes_may_have_been_accepted() -> None:
    async with Rig(send_limit=limit()) as rig:
        sato = rig.teams.add_person("佐藤 美咲")
        await sato.install()
        for accepted in (False, True):
            rig.teams.hang(accepted=accepted)
            failure = await fail(rig, sato)
            assert (failure.kind, failure.maybe_sent) == (FailureKind.RETRY, True)
        assert len(rig.teams.sent) == 1


async def test_a_broken_line_may_have_been_accepted(rig: Rig, teams: FakeTeams, sato: Actor) -> None:
    teams.drop_answer()
    failure = await fail(rig, sato)
    assert (failure.kind, failure.maybe_sent) == (FailureKind.RETRY, True)
    assert len(teams.sent) == 1


@pytest.mark.parametrize("part", ["/v3/conversations", "/oauth2/"])
async def test_trouble_before_the_message_is_posted_is_certain(
    rig: Rig, teams: FakeTeams, sato: Actor, part: str
) -> None:
    teams.service.faults.clear()
    if part == "/oauth2/":
        teams.fail(part, status=500)
    else:
        teams.drop_answer(part)
    failure = await fail(rig, sato, known=False)
    assert (failure.kind, failure.maybe_sent) == (FailureKind.RETRY, False)
    assert teams.sent == []


async def test_a_service_that_is_not_there(rig: Rig, sato: Actor) -> None:
    nowhere = Person(TENANT, sato.aad_id, Address("http://127.0.0.1:9/jp/", sato.chat.id).encode())
    with pytest.raises(SendFailed) as caught:
        await rig.adapter.sender.send(make_parcel(rig, nowhere))
    assert (caught.value.kind, caught.value.maybe_sent) == (FailureKind.RETRY, False)


@pytest.mark.parametrize(
    "url", ["https://evil.example/", "http://169.254.169.254/", "", "https://127.0.0.1@evil.example/"]
)
async def test_nothing_is_posted_to_a_foreign_host(rig: Rig, teams: FakeTeams, sato: Actor, url: str) -> None:
    foreign = Person(TENANT, sato.aad_id, Address(url, sato.chat.id).encode())
    with pytest.raises(SendFailed) as caught:
        await rig.adapter.sender.send(make_parcel(rig, foreign))
    assert caught.value.kind is FailureKind.BUG
    assert teams.service.calls == []


async def test_what_can_not_be_drawn_needs_a_human(rig: Rig, teams: FakeTeams, sato: Actor) -> None:
    parcel = make_parcel(rig, make_person(rig, sato))
    huge = Parcel("k", parcel.target, Message("長い", (Para(("縁" * 60_000,)),)), JAPANESE, rig.clock.now())
    with pytest.raises(SendFailed) as caught:
        await rig.adapter.sender.send(huge)
    assert caught.value.kind is FailureKind.BUG
    assert "縁" not in caught.value.reason
    assert teams.service.calls == []


async def test_teams_can_not_be_asked(rig: Rig, sato: Actor) -> None:
    with pytest.raises(CannotAsk):
        await rig.adapter.sender.find_sent(make_parcel(rig, make_person(rig, sato)))


async def test_many_at_once_take_one_wait(rig: Rig, teams: FakeTeams) -> None:
    """The SDK would take them six at a time."""
    people = [teams.add_person(f"社員 {number}") for number in range(40)]
    for person in people:
        person.chat.installed = True
    await asyncio.gather(*(send(rig, person) for person in people))
    assert len(teams.sent) == 40
    assert {len(teams.sent_to(person)) for person in people} == {1}


async def test_conversation_ids_with_signs_reach_the_service_whole(rig: Rig, teams: FakeTeams, sato: Actor) -> None:
    channel = await teams.add_team("縁", [sato])
    thread = f"{channel.id};messageid=1700000000000"
    await rig.adapter.sender.send(make_parcel(rig, Group(TENANT, (), thread)))
    assert thread in teams.service.calls[-1].path


def test_the_pace_of_a_conversation() -> None:
    now = [0.0]
    pace = Pace(lambda: now[0])
    for _ in range(6):
        pace.note("a")
    assert not pace.is_full("a")
    pace.note("a")
    assert pace.is_full("a")
    assert not pace.is_full("b")
    now[0] = 1.5
    assert not pace.is_full("a")
    pace.note("a")
    assert pace.is_full("a"), "eight in two seconds"
    now[0] = 40.0
    assert not pace.is_full("a")


def test_the_pace_forgets_quiet_conversations() -> None:
    now = [0.0]
    pace = Pace(lambda: now[0])
    for number in range(10_000):
        pace.note(str(number))
    now[0] = 100.0
    pace.note("new")
    state: Any = pace
    assert list(state._sent) == ["new"]
