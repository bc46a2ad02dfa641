"""Files on Slack: a link where there is one, otherwise one upload after the message, whatever breaks in between."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from adapters.slack.outbound import SlackSender
from adapters.slack.uploads import REFUSED
from adapters.slack.web import Web
from adapters.slack.workspaces import Workspaces
from bot.failures import FailureKind, SendFailed
from bot.ports import Parcel
from bot.ports import Person as Addressee
from bot.ui import File, Message, Para, pack_file
from storage.models import Member
from storage.queries.outbox import Terms, post
from tests.adapters.slack.conftest import add_misaki
from tests.adapters.slack.samples import AT, JA
from tests.adapters.slack.world import SlackWorld
from tests.fake_slack import FakeSlack, Person
from tests.fake_slack.files import read_text, uploads_of
from tests.support.patience import limit

ENTRY = File(
    "musubi-1.ics", "text/calendar; method=REQUEST", "BEGIN:VCALENDAR\r\nSUMMARY:相談\r\n", "カレンダーに入れる"
)
STEPS = ["files.getUploadURLExternal", "files.completeUploadExternal"]


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as started:
        yield started


@pytest.fixture
async def sender(slack: FakeSlack) -> AsyncIterator[SlackSender]:
    web = Web(slack.api_url)
    yield SlackSender(web, Workspaces(web, [slack.bot_token]))
    await web.close()


@pytest.fixture
def misaki(slack: FakeSlack) -> Person:
    return slack.add_person("佐藤 美咲")


def parcel(person: Person, url: str = "") -> Parcel:
    """A message with a calendar entry on its way."""
    reader = replace(JA, files={ENTRY.name: url})
    target = Addressee("T0MUSUBI", person.id, "")
    return Parcel("meeting:1", target, Message("日時", (Para(("決まりました。",)), ENTRY)), reader, AT)


async def test_a_link_where_there_is_an_address(sender: SlackSender, slack: FakeSlack, misaki: Person) -> None:
    await sender.send(parcel(misaki, "https://musubi.example.com/files/x.y/musubi-1.ics"))
    assert "<https://musubi.example.com/files/x.y/musubi-1.ics|カレンダーに入れる>" in str(slack.messages[0].blocks)
    assert not slack.calls_of(STEPS[0])


async def test_an_upload_right_after_the_message(sender: SlackSender, slack: FakeSlack, misaki: Person) -> None:
    await sender.send(parcel(misaki))
    message, file = slack.messages
    assert "決まりました" in str(message.blocks)
    assert (file.channel, file.files[0]["title"]) == (message.channel, "カレンダーに入れる")
    assert read_text(slack.workspace, ENTRY.name) == [ENTRY.text]


@pytest.mark.parametrize("method", STEPS)
@pytest.mark.parametrize("trouble", ["fail", "drop", "cut", "throttle"])
async def test_what_breaks_after_the_message_brings_the_file_once(
    sender: SlackSender, slack: FakeSlack, misaki: Person, method: str, trouble: str
) -> None:
    getattr(slack.faults, trouble)(method=method)
    with pytest.raises(SendFailed) as caught:
        await sender.send(parcel(misaki))
    assert (caught.value.kind, caught.value.maybe_sent) == (FailureKind.RETRY, True)
    receipt = await sender.find_sent(parcel(misaki))
    assert receipt is not None
    assert await sender.find_sent(parcel(misaki)) == receipt
    assert slack.count_by_key() == {"meeting:1": 1}
    assert len(read_text(slack.workspace, ENTRY.name)) == 1


async def test_death_between_the_message_and_its_file(sender: SlackSender, slack: FakeSlack, misaki: Person) -> None:
    sender.timeout = limit()
    slack.faults.hang(3600, method=STEPS[0])
    with pytest.raises(SendFailed) as caught:
        await sender.send(parcel(misaki))
    assert caught.value.maybe_sent
    assert await sender.find_sent(parcel(misaki)) is not None
    assert len(read_text(slack.workspace, ENTRY.name)) == 1


@pytest.mark.parametrize("code", sorted(REFUSED))
async def test_where_files_are_refused_the_message_stands_alone(
    sender: SlackSender, slack: FakeSlack, misaki: Person, code: str
) -> None:
    slack.faults.refuse(code, method=STEPS[0])
    await sender.send(parcel(misaki))
    assert len(slack.messages) == 1


async def test_without_the_scope_the_message_stands_alone(misaki: Person) -> None:
    async with FakeSlack(manifest="oauth_config: {scopes: {bot: [chat:write, im:write, im:history]}}") as slack:
        web = Web(slack.api_url)
        await SlackSender(web, Workspaces(web, [slack.bot_token])).send(parcel(slack.add_person("佐藤 美咲")))
        await web.close()
        assert len(slack.messages) == 1


async def test_a_change_uploads_nothing_again(sender: SlackSender, slack: FakeSlack, misaki: Person) -> None:
    receipt = await sender.send(parcel(misaki))
    await sender.send(replace(parcel(misaki), replaces=receipt))
    assert len(read_text(slack.workspace, ENTRY.name)) == 1


# Through the outbox


@pytest.mark.parametrize("method", [*STEPS, "chat.postMessage"])
@pytest.mark.parametrize("trouble", ["drop", "cut", "fail"])
async def test_whatever_breaks_there_is_one_message_with_one_file(sqlite_url: str, method: str, trouble: str) -> None:
    """Over Socket Mode, where there is no address for a link: the outbox tries, asks, and brings what is missing."""
    async with SlackWorld(sqlite_url, "socket") as world:
        misaki = add_misaki(world)
        await world.welcome(misaki)
        before = len(world.slack.messages)
        getattr(world.slack.faults, trouble)(method=method)
        with world.store.begin() as db:
            member = db.session.exec(select(Member)).one()
            post(db, member, lambda: Message("日時", (Para(("決まりました。",)), ENTRY)), Terms("k", world.clock.now()))
        for _again in range(4):
            await world.app.ticker.settle()
            world.clock.move(timedelta(hours=1))  # after the deadline of any send
        assert world.slack.count_by_key()["k"] == 1
        assert read_text(world.slack.workspace, ENTRY.name) == [ENTRY.text]
        assert len(world.slack.messages) == before + 2


async def test_a_file_that_is_no_text_is_uploaded_as_it_was(
    sender: SlackSender, slack: FakeSlack, misaki: Person
) -> None:
    file = pack_file("tags.pdf", "application/pdf", b"%PDF-1.4\xff\x00", "名札")
    await sender.send(replace(parcel(misaki), message=Message("名札", (Para(("名札です。",)), file))))
    assert [shared.data for shared in uploads_of(slack.workspace).values() if shared.name == file.name] == [file.data]
