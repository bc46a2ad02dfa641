"""People write in threads, attach files, and change and delete what they wrote; Slack tells the app as it does."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from tests.fake_slack import FakeSlack, Person, writing
from tests.fake_slack.clients import response_of
from tests.fake_slack.problems import Json
from tests.fake_slack.stub_app import StubApp


def told(app: StubApp) -> Json:
    """The inner event of the last thing the app was sent."""
    return app.last["event"]


async def begin_thread(client: Any, person: Person) -> str:
    """A message of the app's to which somebody can reply; gives its timestamp."""
    answer = await client.chat_postMessage(channel=person.id, text="ここで話せます。")
    return str(answer["ts"])


async def test_a_reply_names_its_thread(app: StubApp, client: Any, misaki: Person) -> None:
    ts = await begin_thread(client, misaki)
    await misaki.write("ありがとうございます", thread=misaki.last)
    assert (told(app)["thread_ts"], told(app)["text"]) == (ts, "ありがとうございます")
    assert told(app)["parent_user_id"] == misaki.slack.workspace.bot.id
    assert "subtype" not in told(app)


async def test_a_reply_to_a_reply_is_in_the_same_thread(app: StubApp, client: Any, misaki: Person) -> None:
    ts = await begin_thread(client, misaki)
    await misaki.write("一つ目", thread=misaki.last)
    await misaki.write("二つ目", thread=misaki.written[-1])
    assert told(app)["thread_ts"] == ts


async def test_the_app_posts_into_a_thread(client: Any, app: StubApp, misaki: Person) -> None:
    ts = await begin_thread(client, misaki)
    await client.chat_postMessage(channel=misaki.direct.id, text="届きました", thread_ts=ts)
    assert misaki.last.message.thread_ts == ts
    history = await client.conversations_history(channel=misaki.direct.id)
    assert [(one["text"], one["reply_count"]) for one in history["messages"]] == [("ここで話せます。", 1)]
    replies = await client.conversations_replies(channel=misaki.direct.id, ts=ts)
    assert [one["text"] for one in replies["messages"]] == ["ここで話せます。", "届きました"]
    later = await client.conversations_replies(channel=misaki.direct.id, ts=ts, oldest=str(float(ts) + 3600))
    assert [one["text"] for one in later["messages"]] == ["ここで話せます。"], "the parent always comes along"


async def test_a_thread_must_be_in_the_conversation_and_begin_there(
    slack: FakeSlack, client: Any, app: StubApp, misaki: Person, sho: Person
) -> None:
    ts = await begin_thread(client, misaki)
    await client.chat_postMessage(channel=sho.id, text="x")
    for place, thread in ((sho.direct, ts), (misaki.direct, "1795136400.999999")):
        refused = await response_of(client.chat_postMessage(channel=place.id, text="x", thread_ts=thread))
        assert refused["error"] == "thread_not_found"
    reply = await client.chat_postMessage(channel=misaki.direct.id, text="x", thread_ts=ts)
    with pytest.raises(SlackApiError, match="cannot_reply_to_message"):
        await client.chat_postMessage(channel=misaki.direct.id, text="x", thread_ts=reply["ts"])
    with pytest.raises(SlackApiError, match="thread_not_found"):
        await client.conversations_replies(channel=misaki.direct.id, ts="1795136400.999999")


async def test_an_edit_is_told_with_both_texts(app: StubApp, misaki: Person) -> None:
    await misaki.write("七時に")
    message = misaki.written[-1]
    await misaki.edit(message, "八時に <&")
    assert (told(app)["subtype"], told(app)["channel_type"]) == ("message_changed", "im")
    assert told(app)["message"]["text"] == "八時に &lt;&amp;"
    assert told(app)["message"]["edited"] == {"user": misaki.id, "ts": message.edited_at}
    assert (told(app)["message"]["ts"], told(app)["previous_message"]["text"]) == (message.ts, "七時に")
    assert told(app)["ts"] != message.ts


async def test_a_preview_of_a_link_is_told_like_an_edit_without_one(app: StubApp, misaki: Person) -> None:
    await misaki.write("https://example.com/")
    await writing.unfurl(misaki, misaki.written[-1])
    now, before = told(app)["message"], told(app)["previous_message"]
    assert told(app)["subtype"] == "message_changed"
    assert (now["text"], "edited" in now, "attachments" in now) == (before["text"], False, True)


async def test_a_deletion_is_told_with_what_was_deleted(app: StubApp, misaki: Person) -> None:
    await misaki.write("間違えました")
    message = misaki.written[-1]
    await misaki.delete(message)
    assert (told(app)["subtype"], told(app)["deleted_ts"]) == ("message_deleted", message.ts)
    assert told(app)["previous_message"]["user"] == misaki.id
    assert misaki.written == []
    with pytest.raises(AssertionError, match="deleted"):
        await misaki.edit(message, "やはり")


async def test_a_message_with_replies_leaves_a_tombstone(app: StubApp, client: Any, misaki: Person) -> None:
    await misaki.write("質問です")
    message = misaki.written[-1]
    await client.chat_postMessage(channel=misaki.direct.id, text="お答え", thread_ts=message.ts)
    await misaki.delete(message)
    assert (told(app)["subtype"], told(app)["message"]["subtype"]) == ("message_changed", "tombstone")
    assert told(app)["previous_message"]["text"] == "質問です"
    await client.chat_postMessage(channel=misaki.direct.id, text="続き", thread_ts=message.ts)
    with pytest.raises(AssertionError, match="deleted"):
        await misaki.delete(message)


async def test_nobody_changes_what_others_wrote(app: StubApp, client: Any, misaki: Person, sho: Person) -> None:
    await begin_thread(client, misaki)
    for act in (misaki.edit(misaki.last.message, "x"), misaki.delete(misaki.last.message)):
        with pytest.raises(AssertionError, match="wrote themselves"):
            await act
    await misaki.write("x")
    with pytest.raises(AssertionError, match="wrote themselves"):
        await sho.delete(misaki.written[-1])


async def test_files_come_along(app: StubApp, misaki: Person) -> None:
    await misaki.write("資料です", files=[misaki.attach("計画.pdf")])
    assert told(app)["subtype"] == "file_share"
    [file] = told(app)["files"]
    assert (file["name"], file["mimetype"], file["is_external"]) == ("計画.pdf", "application/pdf", False)
    assert misaki.id in file["permalink"]
    outside = misaki.attach("表", "application/vnd.google-apps.spreadsheet", is_external=True)
    await misaki.write("", files=[outside])
    assert (told(app)["text"], told(app)["files"][0]["is_external"]) == ("", True)
