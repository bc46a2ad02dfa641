"""Sending: once, to the right place, with the key; and every failure told apart."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.slack.failures import GONE, PASSING, TOKEN, explain
from adapters.slack.outbound import SlackSender
from adapters.slack.web import CallFailed, Web
from adapters.slack.workspaces import Workspaces
from bot.failures import CannotAsk, FailureKind, SendFailed
from bot.ports import Group, Parcel, Receipt, Target
from bot.ports import Person as Addressee
from bot.ui import Button, Buttons, Message, Para
from tests.adapters.slack.samples import AT, EVERYTHING, JA, Accept
from tests.fake_slack import FakeSlack, Person
from tests.support.patience import limit

TEAM = "T0MUSUBI"


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    """A workspace."""
    async with FakeSlack() as started:
        yield started


@pytest.fixture
async def web(slack: FakeSlack) -> AsyncIterator[Web]:
    """The way to it."""
    made = Web(slack.api_url)
    yield made
    await made.close()


@pytest.fixture
def sender(slack: FakeSlack, web: Web) -> SlackSender:
    """The way out."""
    return SlackSender(web, Workspaces(web, [slack.bot_token]))


@pytest.fixture
def misaki(slack: FakeSlack) -> Person:
    """An alumna."""
    return slack.add_person("佐藤 美咲")


@pytest.fixture
def sho(slack: FakeSlack) -> Person:
    """An employee."""
    return slack.add_person("高橋 翔")


def parcel(target: Target, key: str = "request:1", message: Message = EVERYTHING) -> Parcel:
    """A message on its way."""
    return Parcel(key, target, message, JA, AT)


def to(person: Person, address: str = "") -> Addressee:
    """A person as the outbox knows them."""
    return Addressee(TEAM, person.id, address)


async def failure_of(sender: SlackSender, sent: Parcel) -> SendFailed:
    """How a send fails."""
    with pytest.raises(SendFailed) as caught:
        await sender.send(sent)
    return caught.value


# Where things work


async def test_a_direct_message_to_somebody_we_never_wrote_to(
    sender: SlackSender, slack: FakeSlack, misaki: Person
) -> None:
    receipt = await sender.send(parcel(to(misaki)))
    assert receipt.conversation == receipt.address == misaki.direct.id
    assert receipt.message == misaki.last.message.ts
    assert "設計2課の高橋 翔さんが" in misaki.last.text
    assert slack.messages[0].metadata == {"event_type": "musubi_delivery", "event_payload": {"key": "request:1"}}


async def test_a_known_address_is_written_to_directly(sender: SlackSender, slack: FakeSlack, misaki: Person) -> None:
    await sender.send(parcel(to(misaki, misaki.direct.id)))
    assert slack.calls_of("conversations.open") == []
    assert len(misaki.shown()) == 1


async def test_a_group_conversation_is_opened_once(
    sender: SlackSender, slack: FakeSlack, misaki: Person, sho: Person
) -> None:
    group = Group(TEAM, (misaki.id, sho.id))
    first = await sender.send(parcel(group))
    await sender.send(parcel(replace(group, conversation=first.conversation), "room:2"))
    assert len(slack.calls_of("conversations.open")) == 1
    assert len(misaki.shown()) == len(sho.shown()) == 2
    assert slack.workspace.channels[first.conversation].kind == "mpim"


async def test_links_are_not_unfolded(sender: SlackSender, slack: FakeSlack, misaki: Person) -> None:
    await sender.send(parcel(to(misaki)))
    (call,) = slack.calls_of("chat.postMessage")
    assert (call.args["unfurl_links"], call.args["unfurl_media"]) == ("false", "false")


async def test_a_message_is_replaced_and_keeps_its_key(sender: SlackSender, slack: FakeSlack, misaki: Person) -> None:
    receipt = await sender.send(parcel(to(misaki)))
    changed = Message("引き受けました", (Para(("引き受けました。",)),))
    again = await sender.send(replace(parcel(to(misaki), "request:1:done", changed), replaces=receipt))
    assert again == receipt
    assert [one.text for one in misaki.shown()] == ["引き受けました。"]
    assert slack.count_by_key() == {"request:1": 1}


async def test_many_at_once_are_each_sent_once(sender: SlackSender, slack: FakeSlack) -> None:
    people = [slack.add_person(f"人 {n}") for n in range(40)]
    await asyncio.gather(*(sender.send(parcel(to(one), f"news:{n}")) for n, one in enumerate(people)))
    assert slack.count_by_key() == {f"news:{n}": 1 for n in range(40)}
    assert len(slack.calls_of("auth.test")) == 1


# Asking what arrived


async def test_what_was_sent_is_found_by_its_key(sender: SlackSender, misaki: Person) -> None:
    receipts = [await sender.send(parcel(to(misaki), f"request:{n}")) for n in range(3)]
    assert await sender.find_sent(parcel(to(misaki), "request:1")) == receipts[1]
    assert await sender.find_sent(parcel(to(misaki), "request:9")) is None


async def test_what_was_sent_into_a_group_is_found_before_its_conversation_was_kept(
    sender: SlackSender, misaki: Person, sho: Person
) -> None:
    group = Group(TEAM, (misaki.id, sho.id))
    receipt = await sender.send(parcel(group))
    assert await sender.find_sent(parcel(group)) == receipt


async def test_the_search_goes_through_all_pages(sender: SlackSender, slack: FakeSlack, misaki: Person) -> None:
    first = await sender.send(parcel(to(misaki), "first"))
    message = Message("x", (Para(("x",)),))
    for number in range(205):
        await sender.send(parcel(to(misaki, first.address), f"n:{number}", message))
    assert await sender.find_sent(parcel(to(misaki, first.address), "first")) == first
    assert len(slack.calls_of("conversations.history")) == 2


async def test_the_search_ends_where_the_delivery_began(sender: SlackSender, slack: FakeSlack, misaki: Person) -> None:
    old = await sender.send(parcel(to(misaki)))
    late = replace(parcel(to(misaki, old.address)), created_at=AT + timedelta(days=1))
    assert await sender.find_sent(late) is None


async def test_other_apps_metadata_is_not_ours(sender: SlackSender, slack: FakeSlack, misaki: Person) -> None:
    await sender.send(parcel(to(misaki)))
    slack.messages[0].metadata = {"event_type": "other", "event_payload": {"key": "request:1"}}
    assert await sender.find_sent(parcel(to(misaki))) is None


async def test_a_replacement_is_made_again_rather_than_looked_for(
    sender: SlackSender, slack: FakeSlack, misaki: Person
) -> None:
    receipt = await sender.send(parcel(to(misaki)))
    assert await sender.find_sent(replace(parcel(to(misaki)), replaces=receipt)) is None
    assert slack.calls_of("conversations.history") == []


async def test_when_slack_can_not_be_asked(sender: SlackSender, slack: FakeSlack, misaki: Person) -> None:
    await sender.send(parcel(to(misaki)))
    slack.faults.throttle(retry_after=7, method="conversations.history")
    with pytest.raises(SendFailed) as caught:
        await sender.find_sent(parcel(to(misaki)))
    assert (caught.value.kind, caught.value.retry_after) == (FailureKind.THROTTLED, 7)
    slack.faults.fail(method="conversations.history")
    with pytest.raises(SendFailed) as caught:
        await sender.find_sent(parcel(to(misaki)))
    assert (caught.value.kind, caught.value.maybe_sent) == (FailureKind.RETRY, False)


async def test_a_conversation_that_can_not_be_looked_into_any_more(
    sender: SlackSender, slack: FakeSlack, misaki: Person
) -> None:
    slack.deactivate(misaki)
    with pytest.raises(CannotAsk, match="user_disabled"):
        await sender.find_sent(parcel(to(misaki)))


# Where things fail


async def test_throttled_by_the_workspace(sender: SlackSender, slack: FakeSlack, misaki: Person) -> None:
    slack.faults.throttle(retry_after=45, method="chat.postMessage")
    failure = await failure_of(sender, parcel(to(misaki)))
    assert (failure.kind, failure.retry_after, failure.channel_only) == (FailureKind.THROTTLED, 45, False)
    assert not failure.maybe_sent
    assert slack.messages == []


async def test_throttled_in_one_conversation(
    sender: SlackSender, slack: FakeSlack, misaki: Person, sho: Person
) -> None:
    await sender.send(parcel(to(misaki)))
    slack.faults.throttle(2, retry_after=1, method="chat.postMessage")
    assert (await failure_of(sender, parcel(to(misaki), "2"))).channel_only
    assert not (await failure_of(sender, parcel(to(sho), "3"))).channel_only


async def test_a_lost_answer_may_hide_a_message(sender: SlackSender, slack: FakeSlack, misaki: Person) -> None:
    slack.faults.drop(method="chat.postMessage")
    failure = await failure_of(sender, parcel(to(misaki)))
    assert (failure.kind, failure.maybe_sent) == (FailureKind.RETRY, True)
    assert len(slack.messages) == 1, "one call, whatever the SDK would like to try again"
    receipt = await sender.find_sent(parcel(to(misaki)))
    assert receipt is not None
    assert receipt.message == slack.messages[0].ts


async def test_a_cut_connection_may_hide_a_message_and_is_asked_about(
    sender: SlackSender, slack: FakeSlack, misaki: Person
) -> None:
    slack.faults.cut(method="chat.postMessage")
    assert (await failure_of(sender, parcel(to(misaki)))).maybe_sent
    assert await sender.find_sent(parcel(to(misaki))) is None


@pytest.mark.parametrize("accepts", [True, False])
async def test_a_hanging_slack_is_left_in_time(
    sender: SlackSender, slack: FakeSlack, misaki: Person, accepts: bool
) -> None:
    sender.timeout = limit()
    slack.faults.hang(3600, method="chat.postMessage", accepts=accepts)
    failure = await failure_of(sender, parcel(to(misaki)))
    assert (failure.kind, failure.maybe_sent) == (FailureKind.RETRY, True)
    assert (await sender.find_sent(parcel(to(misaki))) is not None) == accepts


async def test_a_hang_before_the_message_hides_nothing(sender: SlackSender, slack: FakeSlack, misaki: Person) -> None:
    sender.timeout = limit()
    slack.faults.hang(3600, method="conversations.open")
    failure = await failure_of(sender, parcel(to(misaki)))
    assert (failure.kind, failure.maybe_sent) == (FailureKind.RETRY, False)


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_a_failing_slack_may_have_taken_it(
    sender: SlackSender, slack: FakeSlack, misaki: Person, status: int
) -> None:
    slack.faults.fail(status=status, method="chat.postMessage")
    failure = await failure_of(sender, parcel(to(misaki)))
    assert (failure.kind, failure.maybe_sent, failure.reason) == (FailureKind.RETRY, True, f"http_{status}")


async def test_a_slack_that_is_not_there(sender: SlackSender, slack: FakeSlack, misaki: Person) -> None:
    await sender.send(parcel(to(misaki)))
    await slack.go_away()
    failure = await failure_of(sender, parcel(to(misaki), "2"))
    assert failure.kind is FailureKind.RETRY


@pytest.mark.parametrize(
    "code", ["channel_not_found", "user_disabled", "is_archived", "cannot_dm_bot", "restricted_action"]
)
async def test_addresses_that_take_nothing_any_more(
    sender: SlackSender, slack: FakeSlack, misaki: Person, code: str
) -> None:
    slack.faults.refuse(code, method="chat.postMessage")
    failure = await failure_of(sender, parcel(to(misaki)))
    assert (failure.kind, failure.reason) == (FailureKind.GONE, code)


async def test_a_deactivated_person_can_not_be_written_to_for_the_first_time(
    sender: SlackSender, slack: FakeSlack, misaki: Person
) -> None:
    slack.deactivate(misaki)
    assert (await failure_of(sender, parcel(to(misaki)))).kind is FailureKind.GONE


@pytest.mark.parametrize("code", ["invalid_auth", "token_revoked", "account_inactive"])
async def test_a_refused_token_makes_everybody_wait_and_uses_up_nothing(
    sender: SlackSender, slack: FakeSlack, misaki: Person, code: str
) -> None:
    slack.faults.refuse(code, method="chat.postMessage")
    failure = await failure_of(sender, parcel(to(misaki)))
    assert (failure.kind, failure.retry_after, failure.channel_only) == (FailureKind.THROTTLED, 600, False)


async def test_a_message_that_slack_refuses_is_a_bug(sender: SlackSender, slack: FakeSlack, misaki: Person) -> None:
    slack.faults.refuse("invalid_blocks", method="chat.postMessage")
    assert (await failure_of(sender, parcel(to(misaki)))).kind is FailureKind.BUG


async def test_a_message_that_does_not_fit_is_a_bug_and_is_not_sent(
    sender: SlackSender, slack: FakeSlack, misaki: Person
) -> None:
    long = Message("x", (Buttons((Button("ひみつ" * 30, Accept(1)),)),))
    failure = await failure_of(sender, parcel(to(misaki), message=long))
    assert failure.kind is FailureKind.BUG
    assert "ひみつ" not in failure.reason
    assert slack.calls == []


@pytest.mark.parametrize("code", ["message_not_found", "channel_not_found", "edit_window_closed"])
async def test_a_replacement_that_can_not_be_made_says_nothing_about_the_person(
    sender: SlackSender, slack: FakeSlack, misaki: Person, code: str
) -> None:
    slack.faults.refuse(code, method="chat.update")
    sent = replace(parcel(to(misaki)), replaces=Receipt(misaki.direct.id, "1.1"))
    assert (await failure_of(sender, sent)).kind is FailureKind.BUG


async def test_a_lost_answer_to_a_replacement_hides_nothing_that_could_double(
    sender: SlackSender, slack: FakeSlack, misaki: Person
) -> None:
    receipt = await sender.send(parcel(to(misaki)))
    slack.faults.drop(method="chat.update")
    failure = await failure_of(sender, replace(parcel(to(misaki)), replaces=receipt))
    assert (failure.kind, failure.maybe_sent) == (FailureKind.RETRY, False)


async def test_another_teams_messages_wait(sender: SlackSender, misaki: Person) -> None:
    failure = await failure_of(sender, parcel(Addressee("T0OTHER", misaki.id)))
    assert (failure.kind, failure.reason) == (FailureKind.THROTTLED, "not_installed")


async def test_two_workspaces_are_written_to_with_their_own_tokens(slack: FakeSlack, web: Web) -> None:
    async with FakeSlack() as other:
        other.workspace.team = "T0OTHER"
        slack.tokens["xoxb-other"] = other.tokens[other.bot_token]
        sender = SlackSender(web, Workspaces(web, [slack.bot_token, "xoxb-other"]))
        here, there = slack.add_person("佐藤 美咲"), other.add_person("高橋 翔")
        await sender.send(parcel(to(here)))
        await sender.send(parcel(Addressee("T0OTHER", there.id)))
        assert (len(here.shown()), len(there.shown())) == (1, 1)


def test_every_code_has_one_kind() -> None:
    assert not GONE & TOKEN
    assert not GONE & PASSING
    assert not TOKEN & PASSING
    for code in GONE:
        assert explain(CallFailed(code), posting=True).kind is FailureKind.GONE
    for code in PASSING:
        assert explain(CallFailed(code, maybe_done=True), posting=False).maybe_sent is False
    assert explain(CallFailed("something_new"), posting=True).kind is FailureKind.BUG
