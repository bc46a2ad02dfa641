"""How it went: asked the day after, asked again a few times, two questions, thanks; and what both answers mean."""

import pytest

from bot.replies import FormErrors, OpenForm
from bot.ui import Checkboxes, Quote, Select
from handlers.consultations import rules
from handlers.consultations.actions import Feedback, NotTalked, Talked
from storage.models import ConsultationState, EndReason, FollowUp
from tests.handlers.consultations.people import (
    TOPIC,
    add_asker,
    add_mentor,
    ask_first,
    change,
    consultation,
    make_world,
    read,
    read_all,
    timers,
    wait,
)
from tests.support.rows import list_rows
from tests.support.world import Actor, World

LINE = "最初の半年の進め方がはっきりしました。"


async def asked(url: str) -> tuple[World, Actor, Actor]:
    """A world in which both have just been asked whether they talked."""
    world = make_world(url)
    sho, misaki = await add_asker(world), await add_mentor(world)
    await ask_first(sho)
    await misaki.press("引き受ける")
    await wait(world, days=15)
    sho.answer = misaki.answer = None
    return world, sho, misaki


def answers(world: World) -> list[tuple[str, int | None, str]]:
    """What both have said."""
    return [(row.answer, row.useful, row.line) for row in list_rows(world.store, FollowUp)]


async def test_yes_leads_to_two_questions_and_thanks(database_url: str) -> None:
    world, sho, misaki = await asked(database_url)
    assert isinstance(await sho.press("はい"), OpenForm)
    assert consultation(world).state == ConsultationState.HELD
    assert timers(world) == {}
    assert sho.form is not None
    useful, line, share = sho.form.fields
    assert isinstance(useful, Select)
    assert isinstance(share, Checkboxes)
    assert useful.label == "お話は役に立ちましたか"
    assert (line.required, share.values) == (False, ()), "nothing is ticked in advance"
    await sho.submit(useful="5", line=LINE)
    assert sho.inbox[-1].summary.startswith("ありがとうございました")
    assert sho.buttons() == []
    assert answers(world) == [("yes", 5, LINE)]
    assert LINE not in read_all(misaki)
    await misaki.press("はい")
    assert misaki.form is not None
    assert misaki.form.fields[0].label == "お話ししてよかったと思いますか"
    await misaki.submit(useful="4")
    assert answers(world) == [("yes", 5, LINE), ("yes", 4, "")]
    assert consultation(world).ended_at is not None
    world.close()


async def test_yes_counts_even_if_the_questions_are_left(sqlite_url: str) -> None:
    world, sho, _ = await asked(sqlite_url)
    await sho.press("はい")
    assert consultation(world).state == ConsultationState.HELD
    assert sho.buttons() == ["質問に答える"], "they can be answered later"
    await wait(world, days=30)
    assert sho.buttons() == ["質問に答える"], "and nobody asks again"
    await sho.press("質問に答える")
    await sho.submit(useful="3")
    assert answers(world)[0] == ("yes", 3, "")
    world.close()


async def test_the_line_goes_to_the_other_side_if_the_person_says_so(sqlite_url: str) -> None:
    world, sho, misaki = await asked(sqlite_url)
    await sho.press("はい")
    form = sho.form
    await sho.submit(useful="5", line=LINE, share=("share",))
    assert misaki.inbox[-1].summary == f"「{TOPIC}」のお話のあと、高橋 翔さんからひとこと届きました。"
    assert misaki.inbox[-1].blocks[-1] == Quote(LINE)
    sho.form = form
    await sho.submit(useful="1", line="別の一行", share=("share",))
    assert answers(world) == [("yes", 5, LINE)], "the first answer stays"
    assert read_all(misaki).count("ひとこと届きました") == 2, "in the summary and the text of one message"
    world.close()


async def test_an_empty_line_is_not_passed_on(sqlite_url: str) -> None:
    world, sho, misaki = await asked(sqlite_url)
    await sho.press("はい")
    await sho.submit(useful="5", line="  ", share=("share",))
    assert "ひとこと" not in read_all(misaki)
    world.close()


@pytest.mark.parametrize("useful", ["", "6", "0", "very"])
async def test_useful_is_one_of_five(sqlite_url: str, useful: str) -> None:
    world, sho, _ = await asked(sqlite_url)
    await sho.press("はい")
    assert isinstance(await sho.submit(useful=useful), FormErrors)
    assert sho.errors == {"useful": "1つ選んでください。"}
    assert answers(world) == [("yes", None, "")]
    world.close()


@pytest.mark.parametrize(
    ("label", "answer", "said"),
    [
        ("予定あり", "planned", "ご予定が決まっているとのこと、何よりです。"),
        ("まだ", "not_yet", "お知らせくださりありがとうございます。"),
    ],
)
async def test_planned_and_not_yet_are_asked_again(sqlite_url: str, label: str, answer: str, said: str) -> None:
    world, sho, misaki = await asked(sqlite_url)
    await sho.press(label)
    card = sho.inbox[-1]
    assert card.summary == said
    assert "12月12日（土）にもう一度うかがいます" in read(card)
    assert sho.buttons() == ["話せました", "日にちを伝える"]
    assert answers(world)[0][0] == answer
    await wait(world, days=7)
    for person in (sho, misaki):
        assert person.buttons() == ["はい", "予定あり", "まだ", "中止"], "one live card each"
    world.close()


async def test_only_so_often(sqlite_url: str) -> None:
    world, sho, misaki = await asked(sqlite_url)
    for _ in range(rules.MOST_TIMES_ASKED - 1):
        await sho.press("まだ")
        sho.answer = None
        await wait(world, days=7)
    await sho.press("まだ")
    assert "この相談はいったん閉じます" in read(sho.inbox[-1])
    assert sho.buttons() == ["話せました"]
    await wait(world, days=7)
    saved = consultation(world)
    assert (saved.state, saved.end_reason) == (ConsultationState.CLOSED, EndReason.NO_TALK)
    assert "ここでいったん閉じます" in sho.inbox[-1].summary
    assert misaki.inbox[-1].summary == f"「{TOPIC}」の相談は閉じました。引き受けてくださり、ありがとうございました。"
    assert timers(world) == {}
    count = len(sho.inbox)
    await wait(world, days=60)
    assert len(sho.inbox) == count
    world.close()


async def test_a_day_told_late_is_asked_about_once_more(sqlite_url: str) -> None:
    world, sho, _ = await asked(sqlite_url)
    await wait(world, days=7)
    await wait(world, days=7)
    assert consultation(world).times_asked == rules.MOST_TIMES_ASKED
    from handlers.consultations.actions import SetDate

    await sho.press_action(SetDate(1))
    await sho.submit(day="2027-01-15")
    await wait(world, days=7)
    assert consultation(world).state == ConsultationState.ACCEPTED
    await wait(world, days=24)
    assert "話せましたか" in sho.inbox[-1].summary
    world.close()


@pytest.mark.parametrize(
    ("first", "second", "state"),
    [
        ("予定あり", "はい", ConsultationState.HELD),
        ("まだ", "はい", ConsultationState.HELD),
        ("まだ", "中止", ConsultationState.CALLED_OFF),
        ("予定あり", "中止", ConsultationState.CALLED_OFF),
        ("まだ", "予定あり", ConsultationState.ACCEPTED),
    ],
)
async def test_what_both_say_counts_together(
    sqlite_url: str, first: str, second: str, state: ConsultationState
) -> None:
    world, sho, misaki = await asked(sqlite_url)
    await sho.press(first)
    await misaki.press(second)
    assert consultation(world).state == state
    world.close()


async def test_called_off_is_told_to_the_other(sqlite_url: str) -> None:
    world, sho, misaki = await asked(sqlite_url)
    await misaki.press("中止")
    assert consultation(world).end_reason == EndReason.MENTOR_CALLED_OFF
    assert "お相手のご都合により" in sho.inbox[-1].summary
    assert sho.buttons() == ["もう一度相談する"]
    assert misaki.inbox[-1].summary == f"「{TOPIC}」のお話を取りやめました。依頼した方にもお伝えしています。"
    world.close()


async def test_after_the_others_yes_any_answer_is_thanked_for(sqlite_url: str) -> None:
    world, sho, misaki = await asked(sqlite_url)
    await sho.press("はい")
    await misaki.press("まだ")
    assert consultation(world).state == ConsultationState.HELD
    assert misaki.inbox[-1].summary == "お知らせくださりありがとうございます。ほかにしていただくことはありません。"
    assert [answer for answer, _, _ in answers(world)] == ["yes", "not_yet"]
    world.close()


async def test_a_yes_stays_a_yes(sqlite_url: str) -> None:
    """The same person presses an old button afterwards."""
    world, sho, _ = await asked(sqlite_url)
    await sho.press("はい")
    await sho.press_action(NotTalked(1, "called_off"))
    assert answers(world)[0][0] == "yes"
    assert consultation(world).state == ConsultationState.HELD
    world.close()


async def test_yes_pressed_twice_opens_the_same_questions(sqlite_url: str) -> None:
    world, sho, _ = await asked(sqlite_url)
    await sho.press("はい")
    assert isinstance(await sho.press_action(Talked(1)), OpenForm)
    await sho.submit(useful="5")
    reply = await sho.press_action(Talked(1))
    assert not isinstance(reply, OpenForm)
    assert sho.answer is not None
    assert sho.answer.summary.startswith("ありがとうございました")
    world.close()


@pytest.mark.parametrize("answer", ["yes", "", "maybe", "'); drop table member; --"])
async def test_a_forged_answer_is_none(sqlite_url: str, answer: str) -> None:
    world, sho, _ = await asked(sqlite_url)
    await sho.press_action(NotTalked(1, answer))
    assert answers(world) == []
    world.close()


async def test_nobody_else_answers(sqlite_url: str) -> None:
    world, _, _ = await asked(sqlite_url)
    rei = await add_asker(world, "李 佳怡")
    for action in (Talked(1), NotTalked(1, "not_yet"), Talked(99)):
        await rei.press_action(action)
        assert rei.answer is not None
        assert "このボタンは使えなくなりました" in rei.answer.summary
    assert consultation(world).state == ConsultationState.ACCEPTED
    assert answers(world) == []
    world.close()


async def test_no_feedback_on_what_was_not_held(sqlite_url: str) -> None:
    world, sho, misaki = await asked(sqlite_url)
    await sho.press("はい")
    form = sho.form
    assert form is not None
    assert form.action == Feedback(1)
    rei = await add_asker(world, "李 佳怡")
    rei.form = form
    await rei.submit(useful="1")
    assert answers(world) == [("yes", None, "")]
    change(world, misaki, status="withdrawn")
    await world.settle()
    sho.form = form
    await sho.submit(useful="5", line=LINE, share=("share",))
    assert answers(world) == [("yes", 5, LINE)], "thanks are said even when nobody is there to read the line"
    assert LINE not in read_all(misaki)
    world.close()


async def test_the_question_keeps_to_quiet_hours(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho, misaki = await add_asker(world), await add_mentor(world)
    world.clock.at = world.clock.at.replace(hour=11, minute=59)  # 20:59
    await ask_first(sho)
    await misaki.press("引き受ける")
    await wait(world, days=15, hours=1)
    assert not any("話せましたか" in message.summary for message in sho.inbox)
    assert sho.buttons()[-2:] == ["日にちを伝える", "取りやめる"], "until the morning the earlier card works"
    await world.pass_time(hours=11)
    assert "話せましたか" in sho.inbox[-1].summary
    world.close()
