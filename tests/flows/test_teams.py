"""Flows 1 to 3 on Teams, as people live them: signed activities through the real endpoint, against the strict fake."""

from collections.abc import AsyncIterator

import pytest

from storage.models import Delivery, Status
from tests.fake_teams import Actor, Dialog, NotSent
from tests.flows.teams_company import AIM, TOPIC, Company
from tests.support.people import add_leaver
from tests.support.rows import list_rows


@pytest.fixture
async def company(sqlite_url: str) -> AsyncIterator[Company]:
    """Everything; at the end nothing may have gone wrong on the way."""
    async with Company(sqlite_url) as started:
        yield started
        started.check_nothing_went_wrong()


@pytest.fixture
async def troubled(sqlite_url: str) -> AsyncIterator[Company]:
    """Everything, with a Teams that may fail."""
    async with Company(sqlite_url) as started:
        yield started


def list_states(company: Company) -> list[tuple[str, str]]:
    """State and reason of every delivery."""
    return [(delivery.state, delivery.reason) for delivery in list_rows(company.store, Delivery)]


def add_guest(company: Company, name: str = "佐藤 美咲") -> Actor:
    """Somebody who has left, with a guest's account; the app is not installed yet."""
    return company.teams.add_person(name, role="guest")


def sees(person: Actor, words: str) -> bool:
    """Whether something in the person's chat says that."""
    return any(words in sent.text for sent in person.messages())


# Flow 1: leaver → welcome


async def test_who_installs_the_app_is_welcomed_once(company: Company) -> None:
    misaki = await company.join(add_guest(company))
    [welcome] = misaki.messages()
    assert welcome.text.startswith("佐藤 美咲さん、ようこそ。サンプル精機の卒業生の輪「縁」です。")
    assert welcome.buttons_for(misaki.account) == ["登録する", "あとで"]
    assert welcome.summary == "「縁」へようこそ"


async def test_who_is_added_to_the_team_is_written_to_in_their_own_chat(company: Company) -> None:
    yuka, misaki = await company.add_hr(), add_guest(company)
    channel = await company.teams.add_team("縁", [yuka], by=yuka)
    misaki.chat.installed = True  # being in a team with the app is enough to be written to
    await company.teams.join_team(channel, misaki, by=yuka)
    await company.settle()
    assert misaki.latest.text.startswith("佐藤 美咲さん、ようこそ。")
    assert misaki.messages(channel) == []


async def test_installing_again_brings_no_second_welcome(company: Company) -> None:
    misaki = await company.join(add_guest(company))
    await misaki.uninstall()
    await company.join(misaki)
    assert len(misaki.messages()) == 1


async def test_who_does_not_register_is_reminded_twice_and_then_left_in_peace(company: Company) -> None:
    misaki = await company.join(add_guest(company))
    seen: list[int] = []
    for _again in range(4):
        await company.pass_time(days=4)
        seen.append(len(misaki.messages()))
    assert seen == [2, 3, 3, 3]


async def test_who_removes_the_app_is_not_written_to(company: Company) -> None:
    misaki = await company.join(add_guest(company))
    await misaki.uninstall()
    await company.pass_time(days=8)
    assert len(misaki.messages()) == 1
    assert company.teams.refusals == []


async def test_hr_adds_a_leaver_in_a_dialog(company: Company) -> None:
    yuka = await company.add_hr()
    await yuka.write("人事")
    await company.settle()
    dialog = await yuka.open("退職者を追加")
    assert "name" in dialog.inputs
    assert dialog.buttons


# Flow 2: onboarding


async def test_registering_with_a_code(company: Company) -> None:
    misaki = await company.join(add_guest(company))
    code = add_leaver_of(company)
    dialog = await misaki.open("登録する")
    dialog = await dialog.next({"code": "0000-0000"})
    assert dialog.errors["code"].startswith("このコードでは確認できませんでした。")
    assert dialog.values["code"] == "0000-0000"
    assert company.status(misaki) == Status.UNVERIFIED
    words = await company.register(dialog, code)
    assert "登録が済みました" in words
    await company.settle()
    assert company.status(misaki) == Status.ACTIVE
    assert "ご登録ありがとうございます" in misaki.latest.text


def add_leaver_of(company: Company, name: str = "佐藤 美咲", number: str = "00123") -> str:
    """Puts somebody on HR's list; gives the code."""
    world: object = company
    return add_leaver(world, name, number)  # pyright: ignore[reportArgumentType]


async def test_the_guidelines_must_be_accepted_and_nothing_is_ticked(company: Company) -> None:
    misaki = await company.join(add_guest(company))
    dialog = await (await misaki.open("登録する")).next({"code": add_leaver_of(company)})
    dialog = await dialog.next()
    assert (dialog.values["guidelines"], dialog.values["consents"]) == ("", "")
    with pytest.raises(NotSent):
        await dialog.submit()


async def test_on_a_phone_too(company: Company) -> None:
    misaki = await company.join(add_guest(company))
    misaki.account.mobile = True
    await company.register(await misaki.open("登録する"), add_leaver_of(company))
    assert company.status(misaki) == Status.ACTIVE


async def test_five_wrong_codes_close_the_form_for_an_hour(company: Company) -> None:
    misaki = await company.join(add_guest(company))
    code = add_leaver_of(company)
    dialog = await misaki.open("登録する")
    for _again in range(5):
        following = await dialog.submit({"code": "0000-0000"})
        dialog = following if isinstance(following, Dialog) and "code" in following.inputs else dialog
    locked = await misaki.press("登録する")
    assert locked.dialog is None or "code" not in locked.dialog.inputs
    await company.pass_time(hours=2)
    dialog = await (await misaki.open("登録する")).next({"code": code})
    assert dialog.title.startswith("あなたについて")


async def test_whom_the_roster_does_not_know_hr_approves(company: Company) -> None:
    yuka, ken = await company.add_hr(), await company.join(add_guest(company, "田中 健一"))
    dialog = await ken.open("登録する")
    page = await dialog.next({"number": "99999", "name": "田中 健一", "left": "2024年9月"})
    assert "人事の担当者が確認します" in page.text
    await page.finish(button="閉じる")
    await company.settle()
    assert "田中 健一" in yuka.latest.text
    approve = await yuka.open("承認")
    await approve.submit({"名簿のどなたですか": "名簿にはないが、本人だと分かる"})
    await company.settle()
    assert "承認" not in yuka.latest.buttons_for(yuka.account), "the card is settled"
    dialog = await ken.open("続ける")
    assert dialog.title.startswith("あなたについて")


async def test_before_registering_nothing_shows_other_members(company: Company) -> None:
    await company.add_alumna()
    ken = await company.join(add_guest(company, "田中 健一"))
    for word in ("相談 電池", "メニュー", "hello"):
        await ken.write(word)
        await company.settle()
    assert not sees(ken, "佐藤")
    assert "登録する" in ken.latest.buttons_for(ken.account)


# Flow 3: consultation


async def test_a_consultation_from_the_wish_to_the_last_word(company: Company) -> None:
    misaki, sho = await company.add_alumna(), await company.add_employee()
    await company.ask(sho)
    request = misaki.latest
    assert AIM in request.text
    assert "高橋 翔" in request.text
    await misaki.press("引き受ける", on=request)
    await company.settle()
    assert "引き受ける" not in request.buttons_for(misaki.account)
    assert sees(sho, "佐藤 美咲")
    assert sees(misaki, "高橋 翔")
    await company.pass_time(days=15)
    await sho.press("はい")
    await misaki.press("はい")


async def test_proposals_give_true_reasons(company: Company) -> None:
    await company.add_alumna()
    sho = await company.add_employee()
    page = await company.wish(sho)
    await page.finish(button="閉じる")
    await company.settle()
    assert TOPIC in sho.latest.text
    assert "依頼する" in sho.latest.buttons_for(sho.account)


async def test_not_this_time_goes_on_to_the_next(company: Company) -> None:
    people = [await company.add_alumna(), await company.add_alumna("鈴木 直子", "00124")]
    sho = await company.add_employee()
    await company.ask(sho)
    [first] = [person for person in people if sees(person, AIM)]
    [second] = [person for person in people if person is not first]
    await (await first.open("今回は難しい")).submit()
    await company.settle()
    assert sees(second, AIM)
    assert "今回はご都合が合わない" in sho.latest.text


async def test_an_unanswered_request_is_recalled_to_mind_and_then_moves_on(company: Company) -> None:
    misaki, sho = await company.add_alumna(), await company.add_employee()
    await company.ask(sho)
    before = len(misaki.messages())
    await company.pass_time(days=8)
    assert len(misaki.messages()) == before + 2
    await company.pass_time(days=3)
    with pytest.raises(AssertionError, match="sees no button"):
        await misaki.press("引き受ける")
    assert TOPIC in sho.latest.text


async def test_a_button_pressed_twice_has_one_effect(company: Company) -> None:
    misaki, sho = await company.add_alumna(), await company.add_employee()
    await company.ask(sho)
    request = misaki.latest
    _, accept = misaki.find_button("引き受ける", on=request)
    await misaki.execute(request, accept, {})
    await company.settle()
    count = len(company.teams.sent)
    request.views.clear()
    await misaki.execute(request, accept, {})
    await company.settle()
    assert len(company.teams.sent) <= count + 1, "at most a word to who pressed again"


async def test_somebody_else_can_not_press_my_button(company: Company) -> None:
    misaki, sho = await company.add_alumna(), await company.add_employee()
    await company.ask(sho)
    _, accept = misaki.find_button("引き受ける")
    before = len(sho.messages())
    action = {"type": "Action.Execute", "verb": accept["verb"], "data": accept["data"]}
    answer = await sho.invoke(sho.chat.id, "adaptiveCard/action", {"action": action})
    await company.settle()
    assert answer.status == 200
    assert "引き受ける" in misaki.latest.buttons_for(misaki.account)
    assert not any("引き受けて" in sent.text for sent in sho.messages()[before:])


async def test_in_a_channel_the_form_comes_in_the_persons_own_chat(company: Company) -> None:
    await company.add_alumna()
    sho = await company.add_employee()
    channel = await company.teams.add_team("縁", [sho])
    await sho.write(f"相談 {TOPIC}", to=channel)
    await company.settle()
    assert sho.messages(channel) == []
    assert (await sho.open("開く")).values["topic"] == TOPIC


async def test_nobody_suitable_is_said_with_the_next_date(company: Company) -> None:
    sho = await company.add_employee()
    page = await company.wish(sho, "ブラジルでの工場立ち上げ")
    await page.finish(button="閉じる")
    await company.settle()
    told = "\n".join([page.text, *(sent.text for sent in sho.messages())])
    assert "くわしい方が、いまは見つかりませんでした" in told
    assert "2026-12-04" in told or "12月4日（金）" in told


# With a Teams that fails


async def test_throttles_and_failures_delay_but_double_nothing(troubled: Company) -> None:
    misaki, sho = await troubled.add_alumna(), await troubled.add_employee()
    await (await troubled.wish(sho)).finish(button="閉じる")
    troubled.teams.throttle(20, times=2)
    troubled.teams.fail("/activities", status=502, times=2)
    await troubled.pass_time(hours=48)
    await sho.press("依頼する")
    await troubled.pass_time(hours=12)
    assert sum(AIM in sent.text for sent in misaki.messages()) == 1
    assert {state for state, _ in list_states(troubled)} <= {"sent", "pending", "skipped"}


async def test_a_lost_answer_is_uncertain_and_never_sent_twice(troubled: Company) -> None:
    misaki = add_guest(troubled)
    troubled.teams.drop_answer("/activities")
    await troubled.join(misaki)
    await troubled.pass_time(hours=12)
    assert sum("ようこそ" in sent.text for sent in misaki.messages()) == 1
    assert [state for state, _ in list_states(troubled)] == ["uncertain"]


async def test_who_blocks_musubi_is_left_alone(troubled: Company) -> None:
    misaki = await troubled.join(add_guest(troubled))
    misaki.block()
    await troubled.pass_time(days=10)
    assert [status for _, _, status in troubled.teams.refusals] == [403]


async def test_events_delivered_again_and_again_have_one_effect(troubled: Company) -> None:
    misaki = add_guest(troubled)
    misaki.chat.installed = True
    installed = await misaki.install()
    for _again in range(4):
        assert (await troubled.teams.send_again(installed)).status == 200
    await troubled.settle()
    written = await misaki.write("メニュー")
    for _again in range(4):
        await troubled.teams.send_again(written)
    await troubled.settle()
    assert len(misaki.messages()) == 2


async def test_an_outage_is_caught_up_with(troubled: Company) -> None:
    """Teams sends again what was not answered in 15 seconds."""
    misaki, troubled.teams.strict = add_guest(troubled), False
    troubled.teams.fail("openidconfiguration", status=503)
    await misaki.install()
    assert len(troubled.teams.courier.unanswered) == 2
    await troubled.pass_time(hours=1)
    answers = await troubled.teams.pass_time(20)
    await troubled.settle()
    assert [answer.status for answer in answers] == [200, 200]
    assert len(misaki.messages()) == 1
