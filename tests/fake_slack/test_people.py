"""People can do what Slack lets people do, and see what Slack would show them."""

from datetime import date
from typing import Any

import pytest

from tests.fake_slack import FakeSlack, Person, SlackTrouble
from tests.fake_slack.clients import webhook
from tests.fake_slack.problems import Json
from tests.fake_slack.samples import actions, button, entry, field, modal, option, plain, section, select
from tests.fake_slack.stub_app import StubApp

CARD = [section("相談のお願い"), actions(button("引き受ける", value="accept[1]"), button("今回は難しい"))]
CONFIRM: Json = {
    "title": plain("本当に？"),
    "text": plain("やめますか。"),
    "confirm": plain("はい"),
    "deny": plain("いいえ"),
}


async def open_modal(client: Any, person: Person, *blocks: Json, **more: Any) -> None:
    """Opens a modal as an app does after a click."""
    trigger = person.slack.workspace.new_trigger(person.id).id
    await client.views_open(trigger_id=trigger, view=modal(*blocks, **more))


async def test_a_command_reaches_the_app_and_its_answer_the_person(app: StubApp, misaki: Person, sho: Person) -> None:
    app.answers = [(200, {"text": "お待ちください", "blocks": [section("お待ち *ください*")]})]
    await misaki.command("/mentor", "電池 & <量産>")
    assert (app.last["command"], app.last["text"], app.last["user_id"]) == ("/mentor", "電池 & <量産>", misaki.id)
    assert app.last["trigger_id"]
    assert misaki.private[-1].text == "お待ち ください"
    assert sho.shown() == []


async def test_an_answer_for_all_in_a_channel(slack: FakeSlack, app: StubApp, misaki: Person, sho: Person) -> None:
    lounge = slack.add_channel("lounge", misaki, sho)
    app.answers = [(200, {"text": "みなさん", "response_type": "in_channel"})]
    await misaki.command("/events", channel=lounge)
    assert sho.last.text == "みなさん"
    assert app.last["channel_id"] == lounge.id


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        ((500, None), "dispatch_failed"),
        ((200, {"blocks": [{"type": "marquee"}]}), "invalid_command_response"),
        ((200, {"text": "x", "colour": "red"}), "invalid_command_response"),
    ],
)
async def test_a_command_that_is_answered_badly(app: StubApp, misaki: Person, answer: Any, trouble: str) -> None:
    app.answers = [answer, answer]
    with pytest.raises(SlackTrouble, match=trouble):
        await misaki.command("/mentor")
    await misaki.command("/mentor", may_fail=True)
    assert trouble in misaki.troubles[-1]
    assert len(misaki.slack.troubles) == 2


async def test_only_installed_commands_exist() -> None:
    manifest = (
        "features: {slash_commands: [{command: /mentor, description: x}]}\noauth_config: {scopes: {bot: [commands]}}"
    )
    async with FakeSlack(manifest=manifest) as slack, StubApp(slack) as app:
        person = slack.add_person("佐藤")
        await person.command("/mentor")
        with pytest.raises(AssertionError, match="not a valid command"):
            await person.command("/coffee")
        assert await person.join_team() is None
        with pytest.raises(AssertionError, match="no home tab"):
            await person.open_home()
        assert len(app.bodies) == 1


async def test_pressing_a_button_by_its_label(app: StubApp, client: Any, misaki: Person) -> None:
    sent = await client.chat_postMessage(channel=misaki.id, text="x", blocks=CARD)
    await misaki.click("引き受ける")
    (action,) = app.last["actions"]
    assert (action["value"], action["action_id"]) == ("accept[1]", "引き受ける")
    assert action["block_id"] == app.last["message"]["blocks"][1]["block_id"]
    assert app.last["container"]["message_ts"] == sent["ts"]
    with pytest.raises(AssertionError, match="今回は難しい"):
        await misaki.click("別の人を紹介")


async def test_the_newest_message_with_the_button_is_meant(app: StubApp, client: Any, misaki: Person) -> None:
    for value in ("old", "new"):
        await client.chat_postMessage(channel=misaki.id, text="x", blocks=[actions(button("開く", value=value))])
    await misaki.click("開く")
    assert app.last["actions"][0]["value"] == "new"


async def test_an_old_screen_still_has_the_old_button(app: StubApp, client: Any, misaki: Person) -> None:
    sent = await client.chat_postMessage(channel=misaki.id, text="x", blocks=CARD)
    before = misaki.last
    await client.chat_update(channel=sent["channel"], ts=sent["ts"], text="y", blocks=[section("引き受けました")])
    with pytest.raises(AssertionError):
        await misaki.click("引き受ける")
    await misaki.click("引き受ける", on=before)
    assert app.last["actions"][0]["value"] == "accept[1]"


async def test_a_changed_message_has_working_buttons(app: StubApp, client: Any, misaki: Person) -> None:
    sent = await client.chat_postMessage(channel=misaki.id, text="x", blocks=CARD)
    await client.chat_update(channel=sent["channel"], ts=sent["ts"], text="y", blocks=[actions(button("日を決める"))])
    await misaki.click("日を決める")
    body = {"text": "z", "replace_original": True, "blocks": [actions(button("終える"))]}
    await webhook(app.last["response_url"]).send_dict(body)
    await misaki.click("終える")
    assert app.last["actions"][0]["block_id"]


async def test_being_asked_back(app: StubApp, client: Any, misaki: Person) -> None:
    await client.chat_postMessage(channel=misaki.id, text="x", blocks=[actions(button("やめる", confirm=CONFIRM))])
    assert await misaki.click("やめる", sure=False) is None
    assert app.bodies == []
    await misaki.click("やめる")
    assert len(app.bodies) == 1


async def test_a_link_button_opens_the_page_and_tells_the_app(app: StubApp, client: Any, misaki: Person) -> None:
    link = button("開く", url="https://example.com/jobs")
    await client.chat_postMessage(channel=misaki.id, text="x", blocks=[actions(link)])
    await misaki.click("開く")
    assert misaki.visited == ["https://example.com/jobs"]
    assert len(app.bodies) == 1


async def test_a_click_without_an_answer_shows_a_warning(app: StubApp, client: Any, misaki: Person) -> None:
    await client.chat_postMessage(channel=misaki.id, text="x", blocks=CARD)
    app.answers = [(500, None)]
    with pytest.raises(SlackTrouble, match="warning"):
        await misaki.click("引き受ける")


async def test_answering_through_the_response_url(app: StubApp, client: Any, misaki: Person) -> None:
    await client.chat_postMessage(channel=misaki.id, text="x", blocks=CARD)
    await misaki.click("引き受ける")
    hook = webhook(app.last["response_url"])
    await hook.send(text="ひみつ", response_type="ephemeral", replace_original=False)
    assert misaki.private[-1].text == "ひみつ"
    await hook.send(text="済み", blocks=[section("済みました")], replace_original=True)
    assert misaki.see("済みました").buttons == []
    bad = await hook.send(text="x", blocks=[{"type": "marquee"}])
    assert "invalid_blocks" in bad.body
    for _ in range(2):
        await hook.send(text="x")
    assert (await hook.send(text="x")).status_code == 404
    assert (await webhook(misaki.slack.url + "/response/R404").send(text="x")).status_code == 404


async def test_a_response_url_ends_after_half_an_hour(app: StubApp, misaki: Person) -> None:
    await misaki.command("/mentor")
    await misaki.slack.advance(1801)
    late = await webhook(app.last["response_url"]).send(text="x")
    assert "expired_url" in late.body


async def test_filling_in_and_sending_off_a_modal(app: StubApp, client: Any, misaki: Person) -> None:
    await open_modal(
        client,
        misaki,
        field("名前", entry(max_length=5)),
        field("言葉", select("日本語", "English")),
        field("話題", select("電池", "海外", kind="multi_static_select", action_id="topics"), optional=True),
        field("日", {"type": "datepicker", "action_id": "day"}, optional=True),
        callback_id="profile",
        private_metadata="meta",
    )
    form = misaki.modal
    assert (form.title, form.labels) == ("登録", ["名前", "言葉", "話題", "日"])
    form.fill("名前", "佐藤").choose("言葉", "English").pick("話題", "電池", "海外").pick_date("日", date(2026, 12, 1))
    assert (form.value("言葉"), form.value("話題"), form.value("日")) == ("English", ["電池", "海外"], "2026-12-01")
    form.clear("日")
    await form.submit()
    values = app.last["view"]["state"]["values"]
    assert values["名前"]["text"] == {"type": "plain_text_input", "value": "佐藤"}
    assert values["言葉"]["choice"]["selected_option"] == option("English")
    assert [chosen["value"] for chosen in values["話題"]["topics"]["selected_options"]] == ["電池", "海外"]
    assert values["日"]["day"]["selected_date"] is None
    assert (app.last["view"]["callback_id"], app.last["view"]["private_metadata"]) == ("profile", "meta")
    assert not misaki.has_modal


async def test_what_slack_itself_does_not_let_through(app: StubApp, client: Any, misaki: Person) -> None:
    await open_modal(client, misaki, field("名前", entry(max_length=5)), field("言葉", select("日本語")))
    form = misaki.modal
    with pytest.raises(AssertionError, match="required but empty"):
        await form.submit()
    with pytest.raises(AssertionError, match="only 5"):
        form.fill("名前", "長すぎる名前")
    with pytest.raises(AssertionError, match="会社"):
        form.fill("会社", "x")
    with pytest.raises(AssertionError, match="no single option"):
        form.choose("言葉", "Deutsch")
    with pytest.raises(AssertionError, match="plain_text_input"):
        form.choose("名前", "x")
    assert app.bodies == []
    await form.close()
    with pytest.raises(AssertionError, match="closed"):
        form.fill("名前", "x")
    assert app.bodies == []


async def test_errors_beside_the_field_keep_the_modal_and_what_was_entered(
    app: StubApp, client: Any, misaki: Person
) -> None:
    await open_modal(client, misaki, field("コード", entry()))
    app.answers = [(200, {"response_action": "errors", "errors": {"コード": "確認できませんでした。"}})]
    await misaki.modal.fill("コード", "ABC").submit()
    assert misaki.modal.errors == {"コード": "確認できませんでした。"}
    assert misaki.modal.value("コード") == "ABC"
    await misaki.modal.submit()
    assert not misaki.has_modal


async def test_the_next_page_keeps_what_was_entered_under_the_same_ids(
    app: StubApp, client: Any, misaki: Person
) -> None:
    await open_modal(client, misaki, field("名前", entry()))
    following = modal(
        field("名前", entry(initial_value="新しい")), field("会社", entry(initial_value="X", action_id="company"))
    )
    app.answers = [(200, {"response_action": "update", "view": following})]
    await misaki.modal.fill("名前", "古い").submit()
    assert (misaki.modal.value("名前"), misaki.modal.value("会社")) == ("古い", "X")


@pytest.mark.parametrize(
    "answer",
    [
        (500, None),
        (200, "ok"),
        (200, {"response_action": "errors", "errors": {"なし": "x"}}),
        (200, {"response_action": "errors", "errors": {}}),
        (200, {"response_action": "update", "view": modal(section("x"), title=plain("x" * 25))}),
        (200, {"response_action": "explode"}),
    ],
)
async def test_bad_answers_to_a_modal(app: StubApp, client: Any, misaki: Person, answer: Any) -> None:
    await open_modal(client, misaki, field("名前", entry()))
    app.answers = [answer]
    with pytest.raises(SlackTrouble, match="trouble connecting"):
        await misaki.modal.fill("名前", "x").submit()
    assert misaki.has_modal


async def test_pages_on_top_of_each_other(app: StubApp, client: Any, misaki: Person) -> None:
    await open_modal(client, misaki, field("a", entry()))
    app.answers = [
        (200, {"response_action": "push", "view": modal(field("b", entry()))}),
        (200, {"response_action": "clear"}),
    ]
    await misaki.modal.fill("a", "1").submit()
    assert misaki.modal.labels == ["b"]
    await misaki.modal.fill("b", "2").submit()
    assert not misaki.has_modal


async def test_a_button_inside_a_modal_and_on_the_home_page(app: StubApp, client: Any, misaki: Person) -> None:
    await open_modal(client, misaki, section("x", accessory=button("コードがない")))
    await misaki.modal.click("コードがない")
    assert app.last["container"] == {"type": "view", "view_id": misaki.modal.view.id}
    assert "response_url" not in app.last
    home = {"type": "home", "blocks": [actions(button("プロフィール"))]}
    await client.views_publish(user_id=misaki.id, view=home)
    await misaki.click_home("プロフィール")
    assert app.last["view"]["type"] == "home"


async def test_closing_is_told_only_where_the_app_asked(app: StubApp, client: Any, misaki: Person) -> None:
    await open_modal(client, misaki, field("a", entry()), notify_on_close=True)
    await misaki.modal.close()
    assert app.last["type"] == "view_closed"


async def test_writing_to_the_bot(app: StubApp, misaki: Person) -> None:
    await misaki.write("相談 <電池> & 量産")
    event = app.last["event"]
    assert (event["type"], event["channel_type"], event["user"]) == ("message", "im", misaki.id)
    assert event["text"] == "相談 &lt;電池&gt; &amp; 量産"
    assert app.last["event_id"].startswith("Ev")


async def test_joining_leaving_and_changing(slack: FakeSlack, app: StubApp, misaki: Person) -> None:
    lounge = slack.add_channel("lounge", with_bot=False)
    await misaki.join_team()
    assert app.last["event"]["user"]["id"] == misaki.id
    await misaki.join_channel(lounge)
    assert (app.last["event"]["type"], app.last["event"]["channel"]) == ("member_joined_channel", lounge.id)
    await misaki.invite_bot(lounge)
    assert app.last["event"]["user"] == slack.workspace.bot.id
    await misaki.change_profile(title="EV", tz="Europe/Berlin")
    assert app.last["event"]["user"]["profile"]["title"] == "EV"
    with pytest.raises(AssertionError, match="colour"):
        await misaki.change_profile(colour="red")
    await misaki.be_deactivated()
    assert app.last["event"]["user"]["deleted"] is True
    await misaki.open_home()
    assert app.last["event"]["tab"] == "home"


async def test_seeing(client: Any, misaki: Person) -> None:
    with pytest.raises(AssertionError, match="no message"):
        _ = misaki.last
    with pytest.raises(AssertionError, match="no modal"):
        _ = misaki.modal
    with pytest.raises(AssertionError, match="no home page"):
        _ = misaki.home
    await client.chat_postMessage(channel=misaki.id, text="<!date^1763600400^{date}|11月20日>に<https://e.com|ここ>で")
    assert misaki.last.text == "11月20日にここで"
    with pytest.raises(AssertionError, match="ここ"):
        misaki.see("どこ")
