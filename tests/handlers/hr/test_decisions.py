"""Applications: from the card to the decision, once, whoever of HR is first."""

import pytest

from bot.replies import FormErrors, ReplaceMessage
from handlers.hr.actions import Approve, AskApprove, AskDecline, Decline
from handlers.hr.cards import NOBODY
from storage.models import Application, Status
from storage.queries.registration import find_application
from tests.handlers.hr.scene import acts, applicant, hr, newest, shown, world
from tests.support.people import LEFT, add_leaver, find_entry
from tests.support.world import Actor, World, list_buttons, text_of

__all__ = ["world"]


def application(world: World, id: int = 1) -> Application:
    with world.store.begin() as db:
        found = find_application(db, id)
        assert found is not None
        return found


def options(actor: Actor) -> list[str]:
    assert actor.form is not None
    (select,) = [item for item in actor.form.fields if item.name == "entry"]
    return [option.label for option in getattr(select, "options")]  # noqa: B009 - of a union


async def test_a_card_reaches_everybody_in_hr(world: World) -> None:
    yuka = await hr(world)
    ken = world.employee("中村 健")
    await ken.join()
    await yuka.command("/hr")
    await yuka.press("人事の担当")
    await yuka.press("担当を追加…")
    await yuka.submit(who="中村")
    await yuka.press("渡す")
    await applicant(world)
    for actor in (yuka, ken):
        card = newest(actor)
        assert "佐藤 美咲" in card.summary
        assert all(word in text_of(card) for word in ("00123", "2026年3月", "似た方はいません"))
        assert [button.label for button in list_buttons(card)] == ["承認", "却下…"]


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_approved_as_somebody_of_the_roster(request: pytest.FixtureRequest, kind: str) -> None:
    world = World(request.getfixturevalue(f"{kind}_url"))
    yuka = await hr(world)
    add_leaver(world, "佐藤 美咲", "00132")
    add_leaver(world, "高橋 翔", "00777")
    misaki = await applicant(world)
    await yuka.press("承認")
    assert options(yuka) == ["佐藤 美咲（00132、2026年3月退職）", "名簿にはないが、本人だと分かる"]
    await yuka.submit(entry=str(find_entry(world, "00132").id))
    member = misaki.member()
    assert (member.registration_step, member.roster_id, member.department) == (
        1,
        find_entry(world, "00132").id,
        "設計2課",
    )
    assert list_buttons(newest(misaki)), "how to go on"
    assert "山本 由佳さんが承認しました" in text_of(newest(yuka))
    assert list_buttons(newest(yuka)) == []
    decided = application(world)
    assert (decided.state, decided.decided_by, decided.decided_at) == (
        "approved",
        yuka.member().id,
        world.clock.now(),
    )
    assert [(act.act, act.subject, act.detail) for act in acts(world)] == [
        ("application.approved", "application:1", f"entry={find_entry(world, '00132').id}")
    ]
    world.close()


async def test_approved_as_nobody_of_the_roster(world: World) -> None:
    yuka = await hr(world)
    misaki = await applicant(world)
    await yuka.press("承認")
    await yuka.submit(entry=NOBODY)
    member = misaki.member()
    assert (member.registration_step, member.roster_id, member.name) == (1, None, "佐藤 美咲")


async def test_the_entry_with_the_same_number_is_chosen_beforehand(world: World) -> None:
    yuka = await hr(world)
    add_leaver(world, "佐藤 美紀", "123")
    add_leaver(world, "佐藤 美咲", "00999")
    await applicant(world)
    await yuka.press("承認")
    assert yuka.form is not None
    assert getattr(yuka.form.fields[0], "value", "") == str(find_entry(world, "123").id)
    assert options(yuka)[0].startswith("佐藤 美紀")


async def test_declined_with_a_reason_that_the_person_reads_and_may_try_again(world: World) -> None:
    yuka = await hr(world)
    misaki = await applicant(world)
    await yuka.press("却下…")
    reply = await yuka.submit(reason=" ")
    assert isinstance(reply, FormErrors)
    assert set(yuka.errors) == {"reason"}
    await yuka.submit(reason="社員番号が記録と合いませんでした。")
    assert "社員番号が記録と合いませんでした。" in text_of(newest(misaki))
    assert "却下" in text_of(newest(yuka))
    assert (application(world).state, misaki.member().status) == ("declined", Status.UNVERIFIED)
    add_leaver(world)
    await misaki.press("登録する")
    await misaki.submit(number="00123", name="佐藤 美咲", left="2026/3")
    assert misaki.member().registration_step == 1
    assert "社員番号が" not in repr([act.detail for act in acts(world)]), "no words about a person in the log"


async def test_two_of_hr_at_once_make_one_decision(world: World) -> None:
    yuka = await hr(world)
    ken = world.person("中村 健", email="ken@sample-seiki.example")
    await ken.join()
    with world.store.begin() as db:
        member = ken.member()
        member.is_hr = True
        db.session.merge(member)
    misaki = await applicant(world)
    await yuka.press("承認")
    await ken.press("却下…")
    await yuka.submit(entry=NOBODY)
    assert "山本 由佳さんが承認しました" in text_of(newest(ken)), "the card changes for both"
    reply = await ken.submit(reason="存じ上げない方です。")
    assert isinstance(reply, ReplaceMessage)
    assert "山本 由佳さんが承認しました" in text_of(reply.message)
    assert misaki.member().registration_step == 1
    assert "存じ上げない" not in repr(misaki.inbox)
    assert [act.act for act in acts(world)] == ["application.approved"]


@pytest.mark.parametrize("action", [AskApprove(1, 0), AskDecline(1, 0), Approve(1, 0), Decline(1, 0)])
async def test_an_old_card_shows_how_it_stands(world: World, action: AskApprove) -> None:
    yuka = await hr(world)
    await applicant(world)
    await yuka.press("承認")
    form = yuka.form
    await yuka.submit(entry=NOBODY)
    if isinstance(action, Approve | Decline):
        yuka.form = form
        reply = await yuka.submit(entry=NOBODY)
    else:
        reply = await yuka.press_action(action)
    assert isinstance(reply, ReplaceMessage)
    assert "承認しました" in text_of(reply.message)
    assert len(acts(world)) == 1


async def test_the_cards_of_somebody_who_found_their_code_lose_their_buttons(world: World) -> None:
    code = add_leaver(world)
    yuka, misaki = await hr(world), await applicant(world, number="99999", name="田中 健一")
    assert "承認" in yuka.buttons()
    await misaki.press("コードを入力")
    await misaki.submit(code=code)
    await world.settle()
    assert "承認" not in yuka.buttons()
    assert "別の方法で登録された" in text_of(newest(yuka))


async def test_hr_is_told_once_when_the_promised_day_passes(world: World) -> None:
    yuka, misaki = await hr(world), await applicant(world, number="99999", name="田中 健一")
    before = len(yuka.inbox)
    await world.pass_time(days=4.9)
    assert len(yuka.inbox) == before
    await world.pass_time(days=1)
    assert "返事を待っています" in newest(yuka).summary
    assert len(yuka.inbox) == before + 1
    await world.pass_time(days=6)
    assert len(yuka.inbox) == before + 1, "once; the person hears again all the same"
    await yuka.press("承認")
    await yuka.submit(entry="0")
    await world.settle()
    assert misaki.member().registration_step == 1
    assert "承認" not in yuka.buttons(), "neither card has buttons any more"


async def test_what_was_decided_in_time_is_not_told_again(world: World) -> None:
    yuka, _misaki = await hr(world), await applicant(world, number="99999", name="田中 健一")
    await yuka.press("承認")
    await yuka.submit(entry="0")
    before = len(yuka.inbox)
    await world.pass_time(days=6)
    assert not any("返事を待っています" in message.summary for message in yuka.inbox)
    assert len(yuka.inbox) == before


async def test_a_card_of_somebody_who_found_their_code_says_so(world: World) -> None:
    yuka = await hr(world)
    misaki = await applicant(world)
    code = add_leaver(world, "佐藤 美咲", "00132")
    await misaki.press("コードを入力")
    await misaki.submit(code=code)
    assert misaki.member().registration_step == 1
    reply = await yuka.press_action(AskApprove(1, 0))
    assert isinstance(reply, ReplaceMessage)
    assert "別の方法で登録された" in text_of(reply.message)
    assert acts(world) == []


async def test_somebody_who_came_in_as_the_chosen_entry_meanwhile_is_not_doubled(world: World) -> None:
    yuka = await hr(world)
    code = add_leaver(world, "佐藤 美咲", "00132")
    misaki = await applicant(world)
    await yuka.press("承認")
    chosen = str(find_entry(world, "00132").id)
    other = world.person("美咲")
    await other.join()
    await other.press("登録する")
    await other.submit(code=code)
    reply = await yuka.submit(entry=chosen)
    assert isinstance(reply, FormErrors)
    assert set(yuka.errors) == {"entry"}
    assert misaki.member().registration_step == 0


async def test_an_entry_that_was_never_offered_is_refused(world: World) -> None:
    yuka = await hr(world)
    add_leaver(world, "高橋 翔", "00777", left_on=LEFT.replace(year=2012))
    misaki = await applicant(world)
    await yuka.press("承認")
    await yuka.submit(entry=str(find_entry(world, "00777").id))
    assert set(yuka.errors) == {"entry"}
    assert misaki.member().registration_step == 0


async def test_an_application_that_is_no_more_leads_to_the_list(world: World) -> None:
    yuka = await hr(world)
    reply = await yuka.press_action(AskApprove(4711, 0))
    assert isinstance(reply, ReplaceMessage)
    assert "承認待ちの方はいません" in shown(yuka)


async def test_nobody_but_hr_decides(world: World) -> None:
    await hr(world)
    misaki, sho = await applicant(world), world.employee("高橋 翔")
    await sho.join()
    for actor in (misaki, sho):
        for action in (AskApprove(1, 0), Approve(1, 0)):
            await actor.press_action(action)
            assert actor.form is None
    assert application(world).state == "waiting"


async def test_from_the_list_and_back_to_it(world: World) -> None:
    yuka = await hr(world)
    for number in range(7):
        await applicant(world, f"佐藤 {number}", f"0{number}")
    await yuka.command("/hr")
    assert "7名" in shown(yuka)
    await yuka.press("承認待ち")
    assert "1 / 2ページ" in shown(yuka)
    assert shown(yuka).count("社員番号") == 5
    await yuka.press("次へ")
    assert shown(yuka).count("社員番号") == 2
    await yuka.press("前へ")
    await yuka.press("承認")
    await yuka.submit(entry=NOBODY)
    assert "佐藤 0: 山本 由佳さんが承認しました" in shown(yuka)
    assert "6名" in shown(yuka)
