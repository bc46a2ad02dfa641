"""What happens on Slack reaches the core once: joins, messages, profiles; and Socket Mode comes back by itself."""

import pytest

from tests.adapters.slack.conftest import add_misaki
from tests.adapters.slack.world import SlackWorld
from tests.fake_slack import Person, payloads, writing
from tests.fake_slack.chat import add_message
from tests.support.patience import limit


async def test_a_newcomer_is_welcomed_with_one_direct_message(world: SlackWorld) -> None:
    misaki = add_misaki(world)
    await world.welcome(misaki)
    assert misaki.last.text.startswith("ようこそ\nはじめに登録をお願いします。")
    assert set(world.slack.count_by_key().values()) == {1}
    account = world.account(misaki)
    assert account is not None
    assert (account.kind, account.name) == ("guest", "佐藤 美咲")


async def test_a_failing_event_is_sent_again_and_has_one_effect(world: SlackWorld) -> None:
    misaki = add_misaki(world)
    world.small.fail = 2
    world.slack.patience = limit(0.5)  # over Socket Mode a failure is only that no acknowledgement comes
    delivery = await misaki.join_team()
    assert delivery is not None
    assert not delivery.accepted
    assert world.account(misaki) is None, "nothing is kept of what failed"
    await world.slack.redeliver_due(hurry=True)
    world.slack.patience = None
    await world.slack.redeliver_due(hurry=True)
    assert delivery.accepted
    await world.slack.send_again(delivery, times=4)
    await world.settle()
    assert world.effects == ["join"]
    assert len(misaki.shown()) == 1


async def test_joining_a_channel_counts_as_joining(over_http: SlackWorld) -> None:
    misaki = add_misaki(over_http)
    lounge = over_http.slack.add_channel("lounge")
    await misaki.join_channel(lounge)
    assert over_http.effects == ["join"]


async def test_the_bot_itself_joining_a_channel_is_nothing(world: SlackWorld) -> None:
    misaki = add_misaki(world)
    lounge = world.slack.add_channel("lounge", misaki, with_bot=False)
    delivery = await misaki.invite_bot(lounge)
    assert delivery is not None
    assert delivery.accepted
    assert world.effects == []


@pytest.mark.parametrize("flags", [{"is_bot": True}, {"is_stranger": True, "team": "T0OTHER"}, {"team": "T0OTHER"}])
async def test_bots_and_strangers_are_not_answered(over_http: SlackWorld, flags: dict[str, object]) -> None:
    somebody = over_http.slack.add_person("誰か", **flags)
    lounge = over_http.slack.add_channel("lounge", somebody)
    await somebody.join_team()
    await somebody.join_channel(lounge)
    if not somebody.user.is_bot:
        await somebody.write("相談")
    await over_http.settle()
    assert over_http.effects == []
    assert over_http.slack.messages == []


async def test_a_word_in_a_message_is_answered_with_a_button_that_opens_the_form(world: SlackWorld) -> None:
    misaki = add_misaki(world)
    await misaki.write("相談 form")
    await world.settle()
    await misaki.click("開く")
    assert misaki.modal.title == "登録"
    assert world.effects == ["mentor form", "mentor form"]


async def test_other_messages_are_heard_as_they_were_typed(world: SlackWorld) -> None:
    misaki = add_misaki(world)
    await misaki.write("こんにちは <みなさん> & \u3000ようこそ")
    assert world.effects == ["hear こんにちは <みなさん> & \u3000ようこそ"]
    await world.settle()
    assert "「こんにちは <みなさん> & \u3000ようこそ」と伺いました。" in misaki.last.text
    account = world.account(misaki)
    assert account is not None
    assert account.address == misaki.direct.id


async def test_what_the_bot_writes_is_not_heard(over_http: SlackWorld) -> None:
    slack = over_http.slack
    misaki = add_misaki(over_http)
    await over_http.welcome(misaki)
    delivery = await misaki.write("やあ")
    assert delivery is not None
    for changes in (
        {"bot_id": slack.workspace.bot_id},
        {"subtype": "message_changed"},
        {"user": slack.workspace.bot.id},
        {"channel_type": "channel"},
        {"text": " "},
    ):
        again = {**delivery.payload, "event_id": slack.workspace.new_id("Ev")}
        again["event"] = {**delivery.payload["event"], **changes}
        sent = await slack.send("events_api", again)
        assert sent.accepted
    assert over_http.effects == ["join", "hear やあ"]


async def test_changed_profiles_are_learned(over_http: SlackWorld) -> None:
    misaki = add_misaki(over_http)
    await over_http.welcome(misaki)
    await misaki.change_profile(real_name="山田 美咲", tz="Europe/Berlin")
    account = over_http.account(misaki)
    assert account is not None
    assert account.name == "山田 美咲"


async def test_a_deactivated_person_is_not_written_to(over_http: SlackWorld) -> None:
    misaki = add_misaki(over_http)
    await over_http.welcome(misaki)
    await misaki.be_deactivated()
    account = over_http.account(misaki)
    assert account is not None
    assert not account.reachable


async def test_closing_a_form_is_nothing(over_http: SlackWorld) -> None:
    misaki = add_misaki(over_http)
    await misaki.command("/mentor", "form")
    misaki.modal.view.payload["notify_on_close"] = True
    await misaki.modal.close()
    assert over_http.effects == ["mentor form"]


async def test_answers_are_in_the_persons_language(over_http: SlackWorld) -> None:
    emily = over_http.slack.add_person("Emily Carter", locale="en-GB", tz="Europe/London")
    await emily.command("/mentor", "nothing")
    await emily.command("/mentor", "boom")
    assert "number" in emily.private[-1].text


async def test_slack_out_of_reach_while_we_do_not_know_the_person(over_http: SlackWorld) -> None:
    misaki = add_misaki(over_http)
    over_http.slack.faults.fail(1, method="users.info")
    await misaki.command("/mentor", "private")
    assert over_http.effects == []
    assert misaki.private, "a sentence that asks to try again"
    await misaki.command("/mentor", "private")
    assert over_http.effects == ["mentor private"]


async def test_nothing_that_people_saw_was_in_breach_of_slacks_rules(world: SlackWorld) -> None:
    misaki = add_misaki(world)
    await world.welcome(misaki)
    for what in ("private", "replace"):
        await misaki.click(what)
    refused = [call for call in world.slack.calls if call.answer not in ("ok", "")]
    assert refused == []
    assert world.slack.troubles == []


async def test_a_socket_that_is_refreshed_or_breaks_comes_back(sqlite_url: str) -> None:
    async with SlackWorld(sqlite_url, "socket", ping_interval=0.5) as world:
        misaki = add_misaki(world)
        await misaki.command("/mentor", "private")
        await world.slack.socket.refresh()
        await misaki.command("/mentor", "private")
        await world.slack.socket.break_off()
        await world.slack.socket.wait_connected()
        await misaki.command("/mentor", "private")
        assert world.effects == ["mentor private"] * 3


async def test_a_socket_comes_back_although_slack_first_refuses_new_connections(sqlite_url: str) -> None:
    async with SlackWorld(sqlite_url, "socket", ping_interval=0.5) as world:
        misaki = add_misaki(world)
        world.slack.faults.fail(2, method="apps.connections.open")
        await world.slack.socket.break_off()
        await world.slack.socket.wait_connected()
        await misaki.command("/mentor", "private")
        assert world.effects == ["mentor private"]


async def test_edits_and_deletions_are_followed_once(world: SlackWorld) -> None:
    misaki = add_misaki(world)
    await misaki.write("七時に")
    message = misaki.written[-1]
    edited = await misaki.edit(message, "八時に")
    deleted = await misaki.delete(message)
    for delivery in (edited, deleted):
        assert delivery is not None
        await world.slack.send_again(delivery, times=3)
    assert world.effects == ["hear 七時に", f"edit {message.ts} 八時に", f"delete {message.ts}"]


async def test_previews_of_links_are_no_edits(world: SlackWorld) -> None:
    misaki = add_misaki(world)
    await misaki.write("https://example.com/")
    delivery = await writing.unfurl(misaki, misaki.written[-1])
    assert delivery is not None
    assert delivery.accepted
    assert world.effects == ["hear https://example.com/"]


async def test_who_is_mentioned_is_named(over_http: SlackWorld) -> None:
    misaki, sho = add_misaki(over_http), over_http.slack.add_person("高橋 翔")
    for _again in range(2):
        await type_raw(misaki, f"<@{sho.id}> さんと")
    assert over_http.effects == ["hear @高橋 翔 さんと"] * 2
    asked = [call.args["user"] for call in over_http.slack.calls_of("users.info")]
    assert asked.count(sho.id) == 1, "the name is remembered"


async def test_a_name_that_slack_does_not_tell_is_left_out(over_http: SlackWorld) -> None:
    misaki, sho = add_misaki(over_http), over_http.slack.add_person("高橋 翔")
    await misaki.write("はじめまして")
    over_http.slack.faults.refuse("internal_error", method="users.info")
    await type_raw(misaki, f"<@{sho.id}> さんと")
    await type_raw(misaki, f"<@{sho.id}> さんと、<@U0NOBODY> さんと")
    assert over_http.effects[1:] == ["hear @… さんと", "hear @高橋 翔 さんと、@… さんと"]


async def type_raw(person: Person, text: str) -> None:
    """A message as Slack's client sends it: with Slack's own entities."""
    message = add_message(person.slack.workspace, person.direct, person.id, text, [])
    await person.tell("message.im", payloads.message_event(person.slack.workspace, message, person.direct))
