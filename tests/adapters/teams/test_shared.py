"""What comes with a message on Teams: what it answers, links with labels, files; and what becomes of it later."""

import json
from typing import Any

import pytest

from adapters.teams.received import read_activity
from adapters.teams.shared import find_quoted, read_files, read_page
from bot.incoming import Incoming, MessageDeleted, MessageEdited, MessageReceived, SharedFile
from bot.ports import Person
from tests.adapters.teams.rig import JAPANESE, Rig, sentence
from tests.adapters.teams.test_payloads import load
from tests.fake_teams import TENANT, Actor, FakeTeams, Sent


@pytest.mark.parametrize("name", ["message_quoting", "message_quoting_in_html"])
def test_a_quote_names_its_message_and_is_no_part_of_the_words(name: str) -> None:
    received = read_activity(load(name))
    assert (received.thread, received.text) == ("1763600000001", "わかりました")


def test_a_quote_by_reference_alone() -> None:
    reference = {"contentType": "messageReference", "id": "17", "content": json.dumps({"messageId": "1763600000001"})}
    assert find_quoted([], [reference]) == "1763600000001"
    assert find_quoted([], [reference | {"content": "no JSON"}]) == "17"
    assert find_quoted([{"type": "quotedReply", "quotedReply": "?"}], [reference | {"content": "[]"}]) == "17"


def test_without_the_page_the_placeholder_goes_all_the_same() -> None:
    activity = load("message_quoting")
    activity["attachments"] = []
    assert read_activity(activity).text == "わかりました"


def test_a_reply_without_a_quote_answers_what_it_says() -> None:
    received = read_activity(load("message_personal") | {"replyToId": "1763600000002"})
    assert received.thread == "1763600000002"
    button: dict[str, Any] = {"replyToId": "1763600000002", "value": {}}
    pressed = read_activity(load("message_personal") | button)
    assert pressed.thread == "", "an old client's button"


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("<p>plain</p>", None),
        ('<p><a href="https://example.com/a">https://example.com/a</a></p>', None),
        ('<p>see <a href="https://example.com/a">here</a></p>', "see here (https://example.com/a)"),
        ('<p>a</p><blockquote itemtype="http://schema.skype.com/Reply" itemid="1">b</blockquote><p>c</p>', "a\nc"),
    ],
)
def test_the_page_counts_where_it_says_more(page: str, words: str | None) -> None:
    assert read_page([{"contentType": "text/html", "content": page}]) == words


def test_files_and_pictures_tell_nobodys_address() -> None:
    files = read_activity(load("message_files")).files
    assert files == (SharedFile("計画.pdf", "application/pdf"), SharedFile("", "image/*"))
    shared = {
        "contentType": "reference",
        "name": "a.xlsx",
        "contentUrl": "https://sample.sharepoint.com/sites/en/a.xlsx",
    }
    [file] = read_files([shared])
    assert (file.name, file.url) == ("a.xlsx", "https://sample.sharepoint.com/sites/en/a.xlsx")
    assert read_files([{"contentType": "application/vnd.microsoft.card.adaptive", "content": {}}]) == ()


# Through the endpoint


async def say(rig: Rig, person: Actor, text: str) -> Sent:
    """A message of ours in somebody's chat."""
    await rig.adapter.sender.say(Person(TENANT, person.aad_id), sentence(text), JAPANESE)
    return person.latest


def last(rig: Rig) -> Any:
    """What the core got last."""
    return rig.desk.got[-1]


@pytest.mark.parametrize("old_client", [False, True])
async def test_a_reply_knows_what_it_answers(rig: Rig, sato: Actor, *, old_client: bool) -> None:
    sent = await say(rig, sato, "七時に駅で")
    await sato.write("わかりました", quoting=sent, old_client=old_client)
    assert isinstance(last(rig), MessageReceived)
    assert (last(rig).text, last(rig).thread) == ("わかりました", sent.id)
    assert last(rig).origin.message == sato.written[-1].id


async def test_files_arrive_with_their_names(rig: Rig, sato: Actor) -> None:
    await sato.write("", files=[sato.attach("計画.pdf"), sato.paste()])
    assert (last(rig).text, [file.name for file in last(rig).files]) == ("", ["計画.pdf", ""])


async def test_edits_deletions_and_restorations_arrive_as_such(rig: Rig, teams: FakeTeams, sato: Actor) -> None:
    await sato.write("七時に")
    [written] = sato.written
    await sato.edit(written, "八時に")
    await sato.edit(written, "七時に")
    again = await sato.delete(written)
    await teams.send_again(again)
    await sato.restore(written)
    kinds: list[type[Incoming]] = [type(got) for got in rig.desk.got]
    assert kinds == [MessageReceived, MessageEdited, MessageEdited, MessageDeleted, MessageDeleted, MessageEdited]
    assert [got.text for got in rig.desk.got if isinstance(got, MessageEdited)] == ["八時に", "七時に", "七時に"]
    assert {got.origin.message for got in rig.desk.got} == {written.id}
    keys = [got.origin.key for got in rig.desk.got]
    assert keys[3] == keys[4], "what is sent again keeps its key"
    assert len(set(keys)) == 5, "and nothing else has it"


async def test_in_a_group_nothing_is_followed(rig: Rig, teams: FakeTeams, sato: Actor) -> None:
    group = teams.add_group("相談", [sato])
    await sato.write("七時に", to=group)
    [written] = sato.written
    await sato.edit(written, "八時に")
    await sato.delete(written)
    assert len(rig.desk.got) == 1
