"""Double clicks, old buttons, somebody else's buttons, forms sent twice: one effect, and one kind answer."""

from typing import Any

import pytest

from bot.actions import Action
from bot.replies import FormErrors, OpenForm, Private, ReplaceMessage
from handlers.consultations import actions
from storage.models import ConsultationState, Delivery, RequestState, Status
from tests.handlers.consultations.people import (
    AIM,
    TOPIC,
    add_asker,
    add_mentor,
    ask,
    change,
    consultation,
    make_world,
    read,
    requests,
    wait,
)
from tests.support.rows import list_rows
from tests.support.world import Actor, World

OUT_OF_DATE = "このボタンは使えなくなりました"

ALL: list[Action] = [
    actions.AskAgain(1),
    actions.Ask(1, 1),
    actions.YouChoose(1),
    actions.ChangeTopic(1),
    actions.CallOff(1),
    actions.Show(1),
    actions.Accept(1),
    actions.Decline(1),
    actions.Suggest(1),
    actions.ShowRequest(1),
    actions.SetDate(1),
    actions.ShareContact(1),
    actions.Talked(1),
    actions.NotTalked(1, "not_yet"),
]
"""Every button that belongs to somebody."""

FORMS: list[Action] = [
    actions.NewTopic(1),
    actions.Reason(1),
    actions.Suggestion(1),
    actions.TalkDate(1),
    actions.Contact(1),
    actions.Feedback(1),
]


async def settle_stage(world: World, stage: str) -> tuple[Actor, Actor]:
    """Brings a consultation to a stage."""
    sho, misaki = await add_asker(world), await add_mentor(world)
    await ask(sho, "法務" if stage == "searching" else TOPIC)
    sho.answer = None
    if stage in ("asking", "accepted", "held", "declined", "called_off"):
        await sho.press("依頼する")
    if stage in ("accepted", "held"):
        await misaki.press("引き受ける")
    if stage == "held":
        await wait(world, days=15)
        await sho.press("はい")
        await sho.submit(useful="5")
    if stage == "declined":
        await misaki.press("今回は難しい")
        await misaki.submit()
    if stage == "called_off":
        await sho.press("取りやめる")
    return sho, misaki


STAGES = ["proposed", "searching", "asking", "accepted", "held", "declined", "called_off"]


def picture(world: World) -> list[Any]:
    """Everything that a press could change."""
    return [
        [row.model_dump(exclude={"wakes"}) for row in list_rows(world.store, type(consultation(world)))],
        [row.model_dump() for row in requests(world)],
        [row.key for row in list_rows(world.store, Delivery) if not row.replaces_key],
    ]


@pytest.mark.parametrize("stage", STAGES)
async def test_a_strangers_press_does_nothing_and_tells_nothing(sqlite_url: str, stage: str) -> None:
    world = make_world(sqlite_url)
    await settle_stage(world, stage)
    rei = await add_asker(world, "李 佳怡")
    before = picture(world)
    for action in ALL:
        await rei.press_action(action)
        assert rei.form is None
        assert rei.answer is not None
        assert rei.answer.summary.startswith(OUT_OF_DATE), action
    assert picture(world) == before
    world.close()


@pytest.mark.parametrize("stage", STAGES)
async def test_a_strangers_form_does_nothing_and_tells_nothing(sqlite_url: str, stage: str) -> None:
    world = make_world(sqlite_url)
    await settle_stage(world, stage)
    rei = await add_asker(world, "李 佳怡")
    before = picture(world)
    for action in FORMS:
        await submit_raw(
            rei, action, topic="電池", aim=AIM, name="佐藤 美咲", day="2026-12-01", contact="x", useful="5"
        )
        assert rei.answer is not None
        assert rei.answer.summary.startswith(OUT_OF_DATE), action
    assert picture(world) == before
    world.close()


async def submit_raw(actor: Actor, action: Action, **values: str) -> object:
    """Sends a form off that was never opened."""
    from bot.actions import encode
    from bot.incoming import FormSubmitted, FormValues

    origin = actor.origin(actor.world.next_key())
    reply = await actor.world.dispatch(FormSubmitted(origin, encode(action), FormValues(values)))
    actor.answer = reply.message if isinstance(reply, Private | ReplaceMessage) else None
    return reply


@pytest.mark.parametrize("id", [0, -1, 2, 10**9])
async def test_ids_that_are_nobodys(sqlite_url: str, id: int) -> None:
    world = make_world(sqlite_url)
    sho, misaki = await settle_stage(world, "asking")
    for actor in (sho, misaki):
        for make in (actions.CallOff, actions.Accept, actions.Decline, actions.Show, actions.Talked):
            await actor.press_action(make(id))
            assert actor.answer is not None
            assert actor.answer.summary.startswith(OUT_OF_DATE)
    world.close()


@pytest.mark.parametrize("stage", STAGES)
async def test_every_button_at_every_stage_gets_an_answer(sqlite_url: str, stage: str) -> None:
    """The asker and the mentor press everything they ever saw, in any state: never an error, never nothing."""
    world = make_world(sqlite_url)
    people = await settle_stage(world, stage)
    for action in ALL:
        for person in people:
            reply = await person.press_action(action)
            assert isinstance(reply, OpenForm | Private | ReplaceMessage), action
            if not isinstance(reply, OpenForm):
                assert "error" not in read(reply.message)
                assert "うまくいきませんでした" not in reply.message.summary
    for action in FORMS:
        for person in people:
            reply = await submit_raw(person, action)
            assert isinstance(reply, FormErrors | Private | ReplaceMessage), action
    world.close()


async def test_ask_pressed_twice(database_url: str) -> None:
    world = make_world(database_url)
    sho, misaki = await settle_stage(world, "proposed")
    await sho.press("依頼する")
    before = picture(world)
    await sho.press_action(actions.Ask(1, 1))
    assert sho.answer is not None
    assert "依頼しました" in sho.answer.summary
    assert picture(world) == before
    assert len(misaki.inbox) == 1
    world.close()


async def test_accept_pressed_twice(database_url: str) -> None:
    world = make_world(database_url)
    sho, misaki = await settle_stage(world, "accepted")
    before = picture(world)
    await misaki.press_action(actions.Accept(1))
    assert misaki.answer is not None
    assert "引き受けてくださり" in misaki.answer.summary
    await misaki.press_action(actions.Decline(1))
    assert misaki.form is None
    assert picture(world) == before
    assert len(sho.inbox) == 3
    world.close()


async def test_the_same_click_delivered_twice(sqlite_url: str) -> None:
    """The platform's own duplicate: nothing is answered a second time."""
    world = make_world(sqlite_url)
    _, misaki = await settle_stage(world, "asking")
    await misaki.press_action(actions.Accept(1), key="same")
    before = picture(world)
    await misaki.press_action(actions.Accept(1), key="same")
    assert picture(world) == before
    world.close()


async def test_a_decline_form_sent_twice(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    _, misaki = await settle_stage(world, "asking")
    await misaki.press("今回は難しい")
    form = misaki.form
    await misaki.submit()
    before = picture(world)
    misaki.form = form
    await misaki.submit(reason="topic", line="もう一度")
    assert picture(world) == before
    assert misaki.answer is not None
    assert "ご返事ありがとうございます" in misaki.answer.summary
    world.close()


async def test_a_form_that_comes_after_the_end(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho, misaki = await settle_stage(world, "asking")
    await misaki.press("別の人を紹介")
    form = misaki.form
    await sho.press("取りやめる")
    misaki.form = form
    await misaki.submit(name="田中 健一")
    assert misaki.answer is not None
    assert misaki.answer.summary == "この依頼は取り下げになりました。ご返事は必要ありません。"
    assert [row.state for row in requests(world)] == [RequestState.WITHDRAWN]
    world.close()


async def test_an_accept_a_month_later(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho, misaki = await settle_stage(world, "asking")
    kenichi = await add_mentor(world, "田中 健一")
    await wait(world, days=10)
    await kenichi.press("引き受ける")
    await wait(world, days=20)
    before = picture(world)
    await misaki.press_action(actions.Accept(1))
    assert misaki.answer is not None
    assert "別の方にお願いすることにしました" in misaki.answer.summary
    assert picture(world) == before
    assert len(sho.inbox) >= 3
    world.close()


async def test_a_proposal_of_an_earlier_list(sqlite_url: str) -> None:
    """After the topic was changed, the old button means nobody: above all nobody else."""
    world = make_world(sqlite_url)
    sho = await add_asker(world)
    misaki = await add_mentor(world, topics=("電池開発",))
    kenichi = await add_mentor(world, "田中 健一", ("海外赴任",))
    await ask(sho, "電池")
    sho.answer = None
    await sho.press("話題を変える")
    await sho.submit(topic="海外赴任")
    await sho.press_action(actions.Ask(1, 1))
    assert requests(world) == []
    assert sho.answer is not None
    assert "海外赴任" in sho.answer.summary
    await sho.press_action(actions.Ask(1, 2))
    assert (len(misaki.inbox), len(kenichi.inbox)) == (0, 1)
    world.close()


async def test_another_consultations_proposal(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho, rei = await add_asker(world), await add_asker(world, "李 佳怡")
    misaki = await add_mentor(world)
    await ask(sho)
    await ask(rei)
    await sho.press_action(actions.Ask(1, 2))
    assert requests(world) == []
    assert misaki.inbox == []
    world.close()


async def test_who_is_suspended_presses_in_vain(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    _, misaki = await settle_stage(world, "asking")
    change(world, misaki, status=Status.SUSPENDED)
    await misaki.press_action(actions.Accept(1))
    assert consultation(world).state == ConsultationState.SEARCHING
    assert misaki.answer is not None
    assert "停止" in misaki.answer.summary
    world.close()


async def test_a_button_on_the_home_page_leaves_no_second_live_card(sqlite_url: str) -> None:
    """Shown once more and pressed there: the card in the conversation changes too."""
    world = make_world(sqlite_url)
    _, misaki = await settle_stage(world, "asking")
    await misaki.press_action(actions.ShowRequest(1))
    assert misaki.answer is not None
    assert misaki.answer.summary == misaki.inbox[0].summary
    await misaki.press_action(actions.Accept(1))
    assert "引き受けてくださり" in misaki.answer.summary
    assert "引き受けてくださり" in misaki.inbox[0].summary
    world.close()
