"""What people do on Slack reaches the core, and the core's answers reach the people: over HTTP and over Socket Mode."""

import pytest

from adapters.slack.limits import ANSWER_BUDGET
from tests.adapters.slack.conftest import add_misaki
from tests.adapters.slack.world import SlackWorld
from tests.fake_slack.limits import ANSWER_SECONDS

LOST = "結果をここに表示できませんでした"
AGAIN = "入力画面を時間内に開けませんでした"


# Commands


async def test_a_command_is_answered_in_the_answer_itself(world: SlackWorld) -> None:
    misaki = add_misaki(world)
    await misaki.command("/mentor", "private")
    assert misaki.private[-1].text.startswith("お伝えします\n承りました。")
    assert [call.method for call in world.slack.calls if not call.method.startswith(("auth", "users", "apps"))] == []
    assert world.effects == ["mentor private"]


async def test_a_command_opens_a_form_and_the_form_leads_to_the_next(world: SlackWorld) -> None:
    misaki = add_misaki(world)
    await misaki.command("/mentor", "form")
    first = misaki.modal
    assert (first.title, first.labels) == ("登録", ["お名前", "町"])
    await first.fill("お名前", "佐藤").fill("町", "名古屋").submit()
    assert misaki.modal.value("お名前") == "二枚目", "not what was typed on the page before"
    await misaki.modal.fill("お名前", "美咲").submit()
    assert misaki.modal.title == "お伝えします"
    assert misaki.modal.text.startswith("承りました。")
    assert world.effects == ["mentor form", "fill 佐藤 名古屋", "fill 美咲"]


async def test_errors_stand_beside_the_field_and_what_was_typed_stays(world: SlackWorld) -> None:
    misaki = add_misaki(world)
    await misaki.command("/mentor", "nothing-after")
    await misaki.modal.fill("お名前", "佐").submit()
    assert misaki.modal.errors == {"お名前": "2文字以上でお願いします。"}
    assert misaki.modal.value("お名前") == "佐"
    assert world.effects == ["mentor nothing-after"]


@pytest.mark.parametrize(
    ("what", "says"),
    [("replace", "引き受けました。"), ("sorry", "いまはできません。"), ("boom", "もう一度"), ("unshowable", LOST)],
)
async def test_other_answers_to_a_command(over_http: SlackWorld, what: str, says: str) -> None:
    misaki = add_misaki(over_http)
    await misaki.command("/alumni", what)
    assert says in misaki.private[-1].text


async def test_a_failing_command_is_answered_with_a_kind_sentence_and_a_number(world: SlackWorld) -> None:
    misaki = add_misaki(world)
    world.small.fail = 1
    await misaki.command("/mentor", "private")
    assert any(len(word) == 8 for word in misaki.private[-1].text.replace("：", " ").split()), misaki.private[-1].text
    assert world.effects == []
    await misaki.command("/mentor", "private")
    assert world.effects == ["mentor private"]


async def test_an_unknown_command(over_http: SlackWorld) -> None:
    misaki = add_misaki(over_http)
    await misaki.command("/weather")
    assert over_http.effects == []
    assert len(misaki.private) == 1


async def test_the_home_page_by_command_is_shown_and_published(over_http: SlackWorld) -> None:
    misaki = add_misaki(over_http)
    await misaki.command("/alumni", "home")
    assert misaki.private[-1].text.startswith("いまの状況です。")
    assert misaki.home.text.startswith("いまの状況です。")


async def test_a_command_in_a_channel_is_answered_to_the_person_alone(over_http: SlackWorld) -> None:
    misaki = add_misaki(over_http)
    sho = over_http.slack.add_person("高橋 翔")
    lounge = over_http.slack.add_channel("lounge", misaki, sho, with_bot=False)
    await misaki.command("/mentor", "private", channel=lounge)
    assert len(misaki.private) == 1
    assert sho.shown() == []


async def test_a_form_that_came_too_late_asks_for_another_press(over_http: SlackWorld) -> None:
    misaki = add_misaki(over_http)
    over_http.slack.faults.refuse("expired_trigger_id", method="views.open")
    await misaki.command("/mentor", "form")
    assert AGAIN in misaki.private[-1].text
    await misaki.command("/mentor", "form")
    assert misaki.has_modal


async def test_a_slack_that_hangs_is_not_waited_for(sqlite_url: str) -> None:
    async with SlackWorld(sqlite_url, answer_budget=ANSWER_BUDGET) as world:
        misaki = add_misaki(world)
        world.slack.faults.hang(3600, method="views.open")
        await misaki.command("/mentor", "form")
        assert AGAIN in misaki.private[-1].text


def test_what_a_person_waits_for_is_answered_within_slacks_three_seconds() -> None:
    assert ANSWER_BUDGET * 2 <= ANSWER_SECONDS


async def test_a_form_that_does_not_fit(over_http: SlackWorld) -> None:
    misaki = add_misaki(over_http)
    await misaki.command("/mentor", "unopenable")
    assert LOST in misaki.private[-1].text


# Buttons


async def test_a_button_replaces_its_message(world: SlackWorld) -> None:
    misaki = add_misaki(world)
    await world.welcome(misaki)
    await misaki.click("replace")
    assert misaki.last.text == "引き受けました。"
    (message,) = world.slack.messages
    assert message.metadata is not None, "the delivery's key stays with the message"
    assert world.effects == ["join", "do replace"]


async def test_a_button_answers_below_its_message(world: SlackWorld) -> None:
    misaki = add_misaki(world)
    await world.welcome(misaki)
    await misaki.click("private")
    assert misaki.private[-1].text.startswith("お伝えします")
    assert "はじめに登録" in misaki.shown()[0].text


async def test_a_button_opens_a_form_whose_end_replaces_the_message(world: SlackWorld) -> None:
    misaki = add_misaki(world)
    await world.welcome(misaki)
    await misaki.click("form")
    modal = misaki.modal
    await modal.fill("お名前", "佐藤").submit()
    assert misaki.modal.labels == ["お名前", "町"]


async def test_a_form_replaces_the_message_it_was_opened_from(over_http: SlackWorld) -> None:
    misaki = add_misaki(over_http)
    await over_http.welcome(misaki)
    shown = misaki.shown()[0]
    await misaki.click("errors")
    assert misaki.modal.value("お名前") == "あ"
    modal = misaki.modal
    modal.view.payload["private_metadata"] = modal.view.payload["private_metadata"].replace("private", "replace")
    await modal.fill("お名前", "佐藤").submit()
    assert not misaki.has_modal
    assert misaki.shown()[0].text == "引き受けました。"
    assert misaki.shown()[0].message is shown.message


async def test_a_hidden_message_is_replaced_through_its_response_url(over_http: SlackWorld) -> None:
    misaki = add_misaki(over_http)
    await misaki.command("/alumni", "home")
    await misaki.click("replace")
    assert [one.text for one in misaki.private] == ["引き受けました。"]
    assert over_http.slack.calls_of("chat.update") == []


async def test_a_message_that_is_gone_is_answered_through_the_response_url(over_http: SlackWorld) -> None:
    misaki = add_misaki(over_http)
    await over_http.welcome(misaki)
    over_http.slack.faults.refuse("message_not_found", method="chat.update")
    await misaki.click("replace")
    assert misaki.last.text == "引き受けました。"


async def test_an_old_button_says_where_to_look(over_http: SlackWorld) -> None:
    misaki = add_misaki(over_http)
    await over_http.welcome(misaki)
    before = misaki.last
    (button,) = [element for element in before.blocks[-1]["elements"] if element["text"]["text"] == "private"]
    button["value"] = "slacktest.gone[1]"
    await misaki.click("private", on=before)
    assert "ホーム" in misaki.private[-1].text
    assert over_http.effects == ["join"]


async def test_a_click_delivered_four_times_has_one_effect(world: SlackWorld) -> None:
    misaki = add_misaki(world)
    await world.welcome(misaki)
    click = await misaki.click("replace")
    assert click is not None
    answers = await world.slack.send_again(click, times=3)
    assert all(answer.ok for answer in answers)
    assert world.effects == ["join", "do replace"]


async def test_a_click_sent_four_times_at_once_has_one_effect(over_http: SlackWorld) -> None:
    misaki = add_misaki(over_http)
    await over_http.welcome(misaki)
    click = await misaki.click("nothing")
    assert click is not None
    fresh = over_http.slack.workspace.new_trigger(misaki.id).id
    click.payload["trigger_id"] = fresh
    answers = await over_http.slack.deliveries.send_at_once(over_http.http, click, 4)
    assert all(answer.ok for answer in answers)
    assert over_http.effects == ["join", "do nothing", "do nothing"]


async def test_when_nothing_can_be_shown_the_person_is_written_to(over_http: SlackWorld) -> None:
    misaki = add_misaki(over_http)
    await over_http.welcome(misaki)
    over_http.slack.faults.fail(5, method="response_url")
    await misaki.click("private")
    assert LOST in misaki.last.text
    assert not misaki.last.message.ephemeral_to


async def test_when_slack_takes_nothing_the_click_is_still_answered(over_http: SlackWorld) -> None:
    misaki = add_misaki(over_http)
    await over_http.welcome(misaki)
    over_http.slack.faults.fail(9, method="response_url")
    over_http.slack.faults.fail(9, method="chat.postMessage")
    await misaki.click("private")
    assert over_http.effects == ["join", "do private"]


# The home page and modals


async def test_the_home_page(world: SlackWorld) -> None:
    misaki = add_misaki(world)
    delivery = await misaki.open_home()
    assert delivery is not None
    assert delivery.accepted
    assert world.account(misaki) is not None
    await misaki.command("/alumni", "home")
    await misaki.click_home("form")
    assert misaki.modal.title == "登録"
    await misaki.modal.close()
    await misaki.click_home("private")
    assert misaki.modal.title == "お伝えします"


async def test_a_button_on_the_home_page_that_came_too_late_is_answered_by_a_message(over_http: SlackWorld) -> None:
    misaki = add_misaki(over_http)
    await misaki.command("/alumni", "home")
    over_http.slack.faults.refuse("expired_trigger_id", 2, method="views.open")
    await misaki.click_home("form")
    assert AGAIN in misaki.last.text


async def test_refreshing_the_home_page_from_itself(over_http: SlackWorld) -> None:
    misaki = add_misaki(over_http)
    await misaki.command("/alumni", "home")
    published = len(over_http.slack.calls_of("views.publish"))
    await misaki.click_home("home")
    assert len(over_http.slack.calls_of("views.publish")) == published + 1
    assert not misaki.has_modal


async def test_buttons_inside_a_modal_turn_its_page(over_http: SlackWorld) -> None:
    misaki = add_misaki(over_http)
    await misaki.command("/alumni", "home")
    await misaki.click_home("private")
    await misaki.modal.click("form")
    assert misaki.modal.title == "登録"
    await misaki.modal.fill("お名前", "佐藤").submit()
    assert misaki.modal.value("お名前") == "二枚目"
