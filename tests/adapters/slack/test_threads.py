"""Messages go into their thread, and are found there after a crash; where its beginning is gone they stand alone."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from adapters.slack.outbound import SlackSender
from adapters.slack.web import Web
from adapters.slack.workspaces import Workspaces
from bot.failures import FailureKind, SendFailed
from bot.ports import Parcel, Receipt, Thread
from bot.ports import Person as Addressee
from bot.ui import Message, Para
from tests.adapters.slack.samples import AT, JA
from tests.fake_slack import FakeSlack, Person

TEAM = "T0MUSUBI"


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    """A workspace."""
    async with FakeSlack() as started:
        yield started


@pytest.fixture
async def sender(slack: FakeSlack) -> AsyncIterator[SlackSender]:
    """The way out."""
    web = Web(slack.api_url)
    yield SlackSender(web, Workspaces(web, [slack.bot_token]))
    await web.close()


@pytest.fixture
def misaki(slack: FakeSlack) -> Person:
    """An alumna."""
    return slack.add_person("佐藤 美咲")


def parcel(person: Person, key: str, thread: Receipt | None = None) -> Parcel:
    """A message on its way, into the thread that begins with `thread`, or beginning one."""
    message = Message(key, (Para((key,)),))
    return Parcel(key, Addressee(TEAM, person.id), message, JA, AT, thread=Thread("room:1", thread))


async def test_the_first_message_begins_the_thread_and_the_others_stand_in_it(
    sender: SlackSender, misaki: Person
) -> None:
    begun = await sender.send(parcel(misaki, "room:1"))
    said = await sender.send(parcel(misaki, "said:1", begun))
    first, second = misaki.shown()
    assert (first.message.thread_ts, second.message.thread_ts) == ("", begun.message)
    assert said == Receipt(begun.conversation, second.message.ts, begun.conversation)


async def test_a_change_keeps_its_place_in_the_thread(sender: SlackSender, misaki: Person) -> None:
    begun = await sender.send(parcel(misaki, "room:1"))
    said = await sender.send(parcel(misaki, "said:1", begun))
    await sender.send(replace(parcel(misaki, "edited:1", begun), replaces=said))
    assert [(one.text, one.message.thread_ts) for one in misaki.shown()] == [
        ("room:1", ""),
        ("edited:1", begun.message),
    ]


async def test_a_reply_is_found_by_its_key(sender: SlackSender, slack: FakeSlack, misaki: Person) -> None:
    begun = await sender.send(parcel(misaki, "room:1"))
    other = await sender.send(parcel(misaki, "said:1", begun))
    said = await sender.send(parcel(misaki, "said:2", begun))
    assert await sender.find_sent(parcel(misaki, "said:2", begun)) == said
    assert await sender.find_sent(parcel(misaki, "said:1", begun)) == other
    assert await sender.find_sent(parcel(misaki, "said:3", begun)) is None
    assert await sender.find_sent(parcel(misaki, "room:1")) == begun
    assert slack.calls_of("conversations.replies")


async def test_where_the_beginning_is_gone_the_message_stands_alone_and_is_found(
    sender: SlackSender, slack: FakeSlack, misaki: Person
) -> None:
    begun = await sender.send(parcel(misaki, "room:1"))
    slack.messages[0].deleted = True
    said = await sender.send(parcel(misaki, "said:1", begun))
    assert (misaki.last.text, misaki.last.message.thread_ts) == ("said:1", "")
    assert await sender.find_sent(parcel(misaki, "said:1", begun)) == said
    assert set(slack.count_by_key().values()) == {1}


async def test_a_thread_of_another_conversation_is_none(sender: SlackSender, misaki: Person) -> None:
    await sender.send(parcel(misaki, "said:1", Receipt("D0OTHER", "1795136400.000100")))
    assert misaki.last.message.thread_ts == ""


async def test_other_refusals_are_not_taken_for_a_lost_thread(
    sender: SlackSender, slack: FakeSlack, misaki: Person
) -> None:
    begun = await sender.send(parcel(misaki, "room:1"))
    slack.faults.refuse("restricted_action", method="chat.postMessage")
    with pytest.raises(SendFailed) as caught:
        await sender.send(parcel(misaki, "said:1", begun))
    assert caught.value.kind is FailureKind.GONE
    slack.faults.refuse("internal_error", method="conversations.replies")
    with pytest.raises(SendFailed) as caught:
        await sender.find_sent(parcel(misaki, "said:1", begun))
    assert caught.value.kind is FailureKind.RETRY
    assert len(misaki.shown()) == 1
