"""The Web API answers as Slack does, with Slack's own error codes."""

import json
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from tests.fake_slack import FakeSlack, Pace, Person
from tests.fake_slack.clients import response_of, web_client
from tests.fake_slack.manifest import Installed
from tests.fake_slack.problems import Json
from tests.fake_slack.samples import actions, button, entry, field, modal, section

META: Json = {"event_type": "delivery", "event_payload": {"key": "a:1"}}


async def code_of(call: Any) -> str:
    """The error code with which Slack refuses a call."""
    return str((await response_of(call))["error"])


async def call_raw(slack: FakeSlack, method: str, body: Any, **headers: str) -> Json:
    """Posts a JSON body or a form without the SDK's help."""
    given = {"Authorization": f"Bearer {slack.bot_token}"} | headers
    sent: Json = {"json": body} if isinstance(body, (dict, list)) else {"data": body}
    async with (
        aiohttp.ClientSession() as session,
        session.post(slack.api_url + method, headers=given, **sent) as response,
    ):
        return await response.json()


async def test_auth_test_tells_who_the_bot_is_and_what_it_may(slack: FakeSlack, client: Any) -> None:
    answer = await client.auth_test()
    assert answer["user_id"] == slack.workspace.bot.id
    assert "chat:write" in str(answer.headers["X-OAuth-Scopes"]).split(",")


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"Authorization": ""}, "not_authed"),
        ({"Authorization": "Bearer xoxb-somebody-elses"}, "invalid_auth"),
        ({"Authorization": "Basic xoxb-fake-bot-token"}, "invalid_auth"),
    ],
)
async def test_bad_tokens_are_refused(slack: FakeSlack, headers: dict[str, str], code: str) -> None:
    assert (await call_raw(slack, "auth.test", {}, **headers))["error"] == code


async def test_tokens_outside_the_header_are_refused(slack: FakeSlack) -> None:
    assert (await call_raw(slack, "auth.test", {"token": slack.bot_token}))["error"] == "invalid_auth"


async def test_an_app_token_is_no_bot_token(slack: FakeSlack, client: Any) -> None:
    client.token = slack.app_token
    assert await code_of(client.auth_test()) == "not_allowed_token_type"


async def test_a_removed_bot_is_inactive(slack: FakeSlack, client: Any) -> None:
    slack.workspace.bot.deleted = True
    assert await code_of(client.auth_test()) == "account_inactive"


async def test_unknown_methods_arguments_and_bodies(slack: FakeSlack) -> None:
    assert (await call_raw(slack, "chat.shout", {}))["error"] == "unknown_method"
    refused = await call_raw(slack, "auth.test", {"colour": "red"})
    assert refused["response_metadata"]["messages"] == ["[ERROR] unknown argument: colour"]
    assert (await call_raw(slack, "chat.postMessage", {"text": "x"}))["error"] == "invalid_arguments"
    assert (await call_raw(slack, "auth.test", [1]))["error"] == "json_not_object"
    broken = await call_raw(slack, "auth.test", b"{", **{"Content-Type": "application/json"})
    assert broken["error"] == "invalid_json"
    assert (await call_raw(slack, "auth.test", b"x", **{"Content-Type": "text/x-what"}))["error"] == "invalid_post_type"


async def test_posting_with_json_and_with_a_form(slack: FakeSlack, misaki: Person) -> None:
    channel = misaki.direct.id
    await call_raw(slack, "chat.postMessage", {"channel": channel, "text": "a", "metadata": META})
    form = {"channel": channel, "text": "b", "blocks": json.dumps([section("b")]), "metadata": json.dumps(META)}
    assert (await call_raw(slack, "chat.postMessage", form))["ok"]
    assert [message.text for message in slack.messages] == ["a", "b"]
    assert slack.count_by_key() == {"a:1": 2}
    assert (await call_raw(slack, "chat.postMessage", form | {"blocks": "[{"}))["error"] == "invalid_blocks_format"


async def test_a_person_reads_what_was_posted_to_them(client: Any, misaki: Person, sho: Person) -> None:
    await client.chat_postMessage(channel=misaki.id, text="x", blocks=[section("*こんにちは*、<@U1|x> &amp; あなた")])
    assert misaki.last.text == "こんにちは、@U1 & あなた"
    assert sho.shown() == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"channel": "C404", "text": "x"}, "channel_not_found"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"text": "x", "blocks": [{"type": "marquee"}]}, "invalid_blocks"),
        ({"text": "x", "blocks": [section("あ" * 2900)] * 5}, "msg_blocks_too_long"),
        ({"text": "x", "metadata": {"event_type": "a"}}, "invalid_metadata_format"),
        ({"text": "x", "metadata": {"event_type": "a", "event_payload": {"k": "v" * 9000}}}, "metadata_too_large"),
        ({"text": "x", "thread_ts": "1.000001"}, "thread_not_found"),
    ],
)
async def test_what_can_not_be_posted(client: Any, misaki: Person, arguments: Json, code: str) -> None:
    assert await code_of(client.chat_postMessage(**({"channel": misaki.direct.id} | arguments))) == code


@pytest.mark.parametrize("text", ["", "   ", None])
async def test_a_message_needs_text_or_blocks(slack: FakeSlack, misaki: Person, text: str | None) -> None:
    refused = await call_raw(slack, "chat.postMessage", {"channel": misaki.direct.id, "text": text})
    assert refused["error"] == "no_text"


async def test_posting_where_the_bot_is_not(slack: FakeSlack, client: Any, misaki: Person) -> None:
    lounge = slack.add_channel("lounge", misaki, with_bot=False)
    assert await code_of(client.chat_postMessage(channel=lounge.id, text="x")) == "not_in_channel"
    lounge.members.append(slack.workspace.bot.id)
    lounge.archived = True
    assert await code_of(client.chat_postMessage(channel=lounge.id, text="x")) == "is_archived"


async def test_changing_a_message_keeps_what_is_not_given(slack: FakeSlack, client: Any, misaki: Person) -> None:
    sent = await client.chat_postMessage(channel=misaki.id, text="a", blocks=[section("old")], metadata=META)
    await client.chat_update(channel=sent["channel"], ts=sent["ts"], text="b", blocks=[section("new")])
    (message,) = slack.messages
    assert (message.text, message.metadata, misaki.last.text) == ("b", META, "new")
    assert message.versions[0]["text"] == "a"


async def test_what_can_not_be_changed(client: Any, misaki: Person) -> None:
    channel = misaki.direct.id
    assert await code_of(client.chat_update(channel="C404", ts="1.1", text="x")) == "channel_not_found"
    assert await code_of(client.chat_update(channel=channel, ts="1.1", text="x")) == "message_not_found"
    sent = await client.chat_postEphemeral(channel=channel, user=misaki.id, text="x")
    assert await code_of(client.chat_update(channel=channel, ts=sent["message_ts"], text="y")) == "message_not_found"
    posted = await client.chat_postMessage(channel=channel, text="x")
    assert await code_of(client.chat_update(channel=channel, ts=posted["ts"], text="x" * 4001)) == "msg_too_long"


async def test_only_own_messages_can_be_changed(slack: FakeSlack, client: Any, misaki: Person) -> None:
    slack.installed = Installed(slack.installed.scopes, events=frozenset())
    await misaki.write("自分の言葉")
    (mine,) = slack.workspace.messages
    assert await code_of(client.chat_update(channel=mine.channel, ts=mine.ts, text="x")) == "cant_update_message"
    assert await code_of(client.chat_delete(channel=mine.channel, ts=mine.ts)) == "cant_delete_message"


async def test_taking_a_message_back(client: Any, misaki: Person) -> None:
    sent = await client.chat_postMessage(channel=misaki.id, text="x")
    await client.chat_delete(channel=sent["channel"], ts=sent["ts"])
    assert misaki.shown() == []


async def test_for_one_persons_eyes(slack: FakeSlack, client: Any, misaki: Person, sho: Person) -> None:
    lounge = slack.add_channel("lounge", misaki)
    await client.chat_postEphemeral(channel=lounge.id, user=misaki.id, text="ひみつ")
    assert [one.text for one in misaki.private] == ["ひみつ"]
    assert slack.messages == []
    refused = client.chat_postEphemeral(channel=lounge.id, user=sho.id, text="x")
    assert await code_of(refused) == "user_not_in_channel"


async def test_direct_and_group_conversations(client: Any, misaki: Person, sho: Person) -> None:
    direct = await client.conversations_open(users=misaki.id)
    again = await client.conversations_open(users=[misaki.id])
    assert direct["channel"]["id"].startswith("D")
    assert again["channel"]["id"] == direct["channel"]["id"]
    assert again["already_open"]
    group = await client.conversations_open(users=[misaki.id, sho.id])
    turned = await client.conversations_open(users=[sho.id, misaki.id])
    assert group["channel"]["id"] == turned["channel"]["id"] != direct["channel"]["id"]
    info = await client.conversations_info(channel=group["channel"]["id"])
    assert info["channel"]["is_mpim"]


async def test_conversations_that_can_not_be_opened(slack: FakeSlack, client: Any, misaki: Person) -> None:
    robot = slack.add_person("Robot", is_bot=True)
    gone = slack.add_person("田中 健一", deleted=True)
    foreign = slack.add_person("Partner", is_stranger=True, team="T0OTHER")
    crowd = [slack.add_person(f"人 {n}").id for n in range(9)]
    assert await code_of(client.conversations_open(users="")) == "users_list_not_supplied"
    assert await code_of(client.conversations_open(users="U404")) == "user_not_found"
    assert await code_of(client.conversations_open(users=robot.id)) == "cannot_dm_bot"
    assert await code_of(client.conversations_open(users=gone.id)) == "user_disabled"
    assert await code_of(client.conversations_open(users=[misaki.id, gone.id])) == "user_disabled"
    assert await code_of(client.conversations_open(users=foreign.id)) == "user_not_visible"
    assert await code_of(client.conversations_open(users=crowd)) == "too_many_users"
    slack.add_channel("shared", foreign)
    assert (await client.conversations_open(users=foreign.id))["ok"]


async def test_posting_to_a_deactivated_person_is_taken_without_a_word(client: Any, misaki: Person) -> None:
    """Surprising, but so it is: slackapi/python-slack-sdk, issue 1156."""
    channel = misaki.direct.id
    misaki.slack.deactivate(misaki)
    assert (await client.chat_postMessage(channel=channel, text="x"))["ok"]


async def test_history_with_metadata_only_where_asked_for(client: Any, misaki: Person) -> None:
    channel = misaki.direct.id
    sent = [await client.chat_postMessage(channel=channel, text=str(n), metadata=META) for n in range(3)]
    plain = await client.conversations_history(channel=channel)
    assert [message["text"] for message in plain["messages"]] == ["2", "1", "0"]
    assert all("metadata" not in message for message in plain["messages"])
    full = await client.conversations_history(channel=channel, include_all_metadata=True, oldest=sent[0]["ts"])
    assert [message["metadata"] for message in full["messages"]] == [META, META]
    inclusive = await client.conversations_history(channel=channel, oldest=sent[0]["ts"], inclusive=True)
    assert len(inclusive["messages"]) == 3
    first = await client.conversations_history(channel=channel, limit=2)
    cursor = first["response_metadata"]["next_cursor"]
    rest = await client.conversations_history(channel=channel, limit=2, cursor=cursor)
    assert [message["text"] for message in rest["messages"]] == ["0"]


async def test_people_with_and_without_their_locale(client: Any, misaki: Person) -> None:
    user = (await client.users_info(user=misaki.id, include_locale=True))["user"]
    assert (user["locale"], user["tz"], user["profile"]["email"]) == ("ja-JP", "Asia/Tokyo", "misaki@example.com")
    assert user["is_email_confirmed"]
    assert "locale" not in (await client.users_info(user=misaki.id))["user"]
    assert (await client.users_lookupByEmail(email="MISAKI@example.com"))["user"]["id"] == misaki.id
    assert await code_of(client.users_info(user="U404")) == "user_not_found"
    assert await code_of(client.users_lookupByEmail(email="nobody@example.com")) == "users_not_found"


async def test_methods_that_only_read_want_a_form(slack: FakeSlack, misaki: Person) -> None:
    assert (await call_raw(slack, "users.info", {"user": misaki.id}))["error"] == "invalid_arguments"
    read = await call_raw(slack, "users.info", aiohttp.FormData({"user": misaki.id}))
    assert read["user"]["id"] == misaki.id


async def test_everybody_in_pages(slack: FakeSlack, client: Any) -> None:
    people = [slack.add_person(f"人 {n}").id for n in range(5)]
    seen: list[str] = []
    cursor = ""
    while True:
        page = await client.users_list(limit=2, cursor=cursor)
        seen += [user["id"] for user in page["members"]]
        cursor = page["response_metadata"]["next_cursor"]
        if not cursor:
            break
    assert seen == [slack.workspace.bot.id, *people]
    assert await code_of(client.users_list(limit=5000)) == "invalid_limit"
    assert await code_of(client.users_list(cursor="nonsense")) == "invalid_cursor"


async def test_deactivated_people_are_no_members(slack: FakeSlack, client: Any, misaki: Person) -> None:
    gone = slack.add_person("田中 健一", deleted=True)
    lounge = slack.add_channel("lounge", misaki, gone)
    members = await client.conversations_members(channel=lounge.id)
    assert members["members"] == [misaki.id, slack.workspace.bot.id]


async def test_scopes_decide() -> None:
    manifest = "oauth_config: {scopes: {bot: [users:read]}}"
    async with FakeSlack(manifest=manifest) as strict:
        somebody = strict.add_person("誰か", email="who@example.com")
        client = web_client(strict)
        assert await code_of(client.chat_postMessage(channel=somebody.id, text="x")) == "missing_scope"
        assert await code_of(client.conversations_open(users=somebody.id)) == "missing_scope"
        assert await code_of(client.users_lookupByEmail(email="who@example.com")) == "missing_scope"
        assert "email" not in (await client.users_info(user=somebody.id))["user"]["profile"]


async def test_a_trigger_opens_one_modal_within_three_seconds(slack: FakeSlack, client: Any, misaki: Person) -> None:
    view = modal(field("名前", entry()))
    trigger = slack.workspace.new_trigger(misaki.id).id
    bad = client.views_open(trigger_id=trigger, view=view | {"title": {"type": "plain_text", "text": "x" * 25}})
    assert await code_of(bad) == "invalid_arguments"
    await client.views_open(trigger_id=trigger, view=view)
    assert misaki.modal.labels == ["名前"]
    assert await code_of(client.views_open(trigger_id=trigger, view=view)) == "exchanged_trigger_id"
    assert await code_of(client.views_open(trigger_id="1.2.3", view=view)) == "invalid_trigger_id"
    late = slack.workspace.new_trigger(misaki.id).id
    slack.clock.at = slack.clock.at.replace(second=4)
    assert await code_of(client.views_open(trigger_id=late, view=view)) == "expired_trigger_id"


async def test_changing_and_stacking_modals(slack: FakeSlack, client: Any, misaki: Person) -> None:
    view = modal(field("名前", entry()))
    trigger = slack.workspace.new_trigger(misaki.id).id
    opened = (await client.views_open(trigger_id=trigger, view=view))["view"]
    stale = client.views_update(view_id=opened["id"], hash="1.1", view=view)
    assert await code_of(stale) == "hash_conflict"
    await client.views_update(view_id=opened["id"], hash=opened["hash"], view=modal(field("会社", entry())))
    assert misaki.modal.labels == ["会社"]
    inside = slack.workspace.new_trigger(misaki.id, opened["id"]).id
    pushed = (await client.views_push(trigger_id=inside, view=view))["view"]
    assert (pushed["previous_view_id"], pushed["root_view_id"]) == (opened["id"], opened["id"])
    deeper = slack.workspace.new_trigger(misaki.id, pushed["id"]).id
    third = (await client.views_push(trigger_id=deeper, view=view))["view"]
    too_deep = slack.workspace.new_trigger(misaki.id, third["id"]).id
    assert await code_of(client.views_push(trigger_id=too_deep, view=view)) == "push_limit_reached"
    assert await code_of(client.views_update(view_id="V404", view=view)) == "not_found"


async def test_home_pages(client: Any, misaki: Person) -> None:
    home = {"type": "home", "blocks": [section("ようこそ"), actions(button("プロフィール"))]}
    await client.views_publish(user_id=misaki.id, view=home)
    assert "ようこそ" in misaki.home.text
    assert misaki.home.buttons == ["プロフィール"]
    assert await code_of(client.views_publish(user_id="U404", view=home)) == "invalid_arguments"
    assert await code_of(client.views_publish(user_id=misaki.id, view=modal(section("x")))) == "invalid_arguments"


async def test_the_pace_of_posting() -> None:
    async with FakeSlack(pace=Pace(burst=2)) as slack:
        person, other = slack.add_person("佐藤"), slack.add_person("高橋")
        client = web_client(slack)
        for _ in range(2):
            await client.chat_postMessage(channel=person.id, text="x")
        refused = await response_of(client.chat_postMessage(channel=person.id, text="x"))
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
        assert (await client.chat_postMessage(channel=other.id, text="x"))["ok"]
        slack.clock.at = slack.clock.at.replace(second=1)
        assert (await client.chat_postMessage(channel=person.id, text="x"))["ok"]


async def test_the_pace_of_a_whole_workspace() -> None:
    async with FakeSlack(pace=Pace(workspace=(3, 60.0))) as slack:
        people = [slack.add_person(f"人{number}") for number in range(5)]
        client = web_client(slack)
        for person in people[:3]:
            await client.chat_postMessage(channel=person.id, text="x")
        refused = await response_of(client.chat_postMessage(channel=people[3].id, text="x"))
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
        slack.clock.at += timedelta(seconds=60)
        assert (await client.chat_postMessage(channel=people[3].id, text="x"))["ok"]
