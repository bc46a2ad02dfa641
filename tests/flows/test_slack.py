"""Flows 1 to 3 on Slack in detail: through real Bolt against the strict fake. The whole story is in test_story.py."""

from collections.abc import AsyncIterator

import pytest

from bot.incoming import Origin
from storage.models import Status
from storage.queries.callers import find_account
from tests.fake_slack import Person
from tests.flows.slack_company import AIM, TOPIC, Company


@pytest.fixture
async def company(sqlite_url: str) -> AsyncIterator[Company]:
    """Everything, over HTTP; at the end nothing may have gone wrong on the way."""
    async with Company(sqlite_url) as started:
        yield started
        started.check_nothing_went_wrong()


@pytest.fixture(params=["http", "socket"])
async def both_ways(request: pytest.FixtureRequest, sqlite_url: str) -> AsyncIterator[Company]:
    """The same, over both of Slack's ways."""
    async with Company(sqlite_url, request.param) as started:
        yield started
        started.check_nothing_went_wrong()


@pytest.fixture
async def troubled(sqlite_url: str) -> AsyncIterator[Company]:
    """Everything, over HTTP, with a Slack that may fail."""
    async with Company(sqlite_url) as started:
        yield started


def status(company: Company, person: Person) -> str:
    """How Musubi stands to somebody."""
    origin = Origin("slack", company.slack.workspace.team, person.id)
    found = company.store.run_here(lambda db: find_account(db, origin))
    assert found is not None
    return str(found[1].status)


# Flow 1: leaver → welcome


async def test_hr_adds_a_leaver_who_joins_and_is_welcomed(company: Company) -> None:
    yuka = await company.add_hr()
    await yuka.command("/hr")
    await yuka.click("退職者を追加")
    assert yuka.modal.labels
    await yuka.modal.close()
    misaki = company.add_guest()
    await company.join(misaki)
    assert misaki.last.text.startswith("佐藤 美咲さん、ようこそ。サンプル精機の卒業生の輪「縁」です。")
    assert misaki.last.buttons == ["登録する", "あとで"]
    assert len(misaki.shown()) == 1, "one message, however many events told of the join"


async def test_joining_a_channel_too_brings_no_second_welcome(company: Company) -> None:
    lounge = company.slack.add_channel("みんなの広場")
    misaki = company.add_guest()
    await company.join(misaki)
    await misaki.join_channel(lounge)
    await company.settle()
    assert len(misaki.shown()) == 1


async def test_who_does_not_register_is_reminded_twice_and_then_left_in_peace(company: Company) -> None:
    misaki = company.add_guest()
    await company.join(misaki)
    seen: list[int] = []
    for _ in range(5):
        await company.pass_time(days=4)
        seen.append(len(misaki.shown()))
    assert seen == [2, 3, 3, 3, 3]
    assert "あとで" in misaki.shown()[1].buttons


async def test_no_thanks_is_an_answer(company: Company) -> None:
    misaki = company.add_guest()
    await company.join(misaki)
    await company.pass_time(days=4)
    await misaki.click("参加しない")
    await company.pass_time(days=10)
    assert len([one for one in misaki.shown() if not one.message.ephemeral_to]) == 2


# Flow 2: onboarding


async def test_registering_with_a_code(both_ways: Company) -> None:
    company = both_ways
    misaki = company.add_guest()
    code = company.add_leaver()
    await company.join(misaki)
    await misaki.click("登録する")
    await misaki.modal.fill("ご招待コード", "0000-0000").submit()
    assert misaki.modal.errors["ご招待コード"].startswith("このコードでは確認できませんでした。")
    assert status(company, misaki) == Status.UNVERIFIED
    await company.register(misaki, code)
    assert status(company, misaki) == Status.ACTIVE
    assert "ご登録ありがとうございます" in misaki.last.text


async def test_the_guidelines_must_be_accepted(company: Company) -> None:
    misaki = company.add_guest()
    code = company.add_leaver()
    await company.join(misaki)
    await misaki.click("登録する")
    await misaki.modal.fill("ご招待コード", code).submit()
    await misaki.modal.submit()
    with pytest.raises(AssertionError, match="required but empty"):
        await misaki.modal.submit()
    assert misaki.modal.value("お送りしてよいもの") == [], "nothing is ticked in advance"


async def test_five_wrong_codes_close_the_form_for_an_hour(company: Company) -> None:
    misaki = company.add_guest()
    code = company.add_leaver()
    await company.join(misaki)
    await misaki.click("登録する")
    for _ in range(5):
        await misaki.modal.fill("ご招待コード", "0000-0000").submit()
    await misaki.click("登録する")
    assert not misaki.has_modal or "ご招待コード" not in misaki.modal.labels
    assert status(company, misaki) == Status.UNVERIFIED
    await company.pass_time(hours=2)
    await misaki.click("登録する")
    await misaki.modal.fill("ご招待コード", code).submit()
    assert misaki.modal.title.startswith("あなたについて")


async def test_whom_the_roster_does_not_know_hr_approves(company: Company) -> None:
    yuka, ken = await company.add_hr(), company.add_guest("田中 健一")
    await company.join(ken)
    await ken.click("登録する")
    await ken.modal.fill("社員番号", "99999").fill("お名前", "田中 健一").fill("退職した年月", "2024年9月").submit()
    assert "人事の担当者が確認します" in ken.modal.text
    await ken.modal.close()
    await company.settle()
    assert "田中 健一" in yuka.last.text
    await yuka.click("承認")
    await yuka.modal.choose("名簿のどなたですか", "名簿にはないが、本人だと分かる").submit()
    await company.settle()
    assert "承認" in yuka.last.text or "確認" in ken.last.text
    assert len(ken.shown()) == 2, "a direct message says that the way is free"
    assert status(company, ken) == Status.UNVERIFIED, "two forms are left"


async def test_before_registering_nothing_shows_other_members(company: Company) -> None:
    await company.add_alumna()
    ken = company.add_guest("田中 健一")
    await company.join(ken)
    await ken.command("/mentor", TOPIC)
    assert not ken.has_modal
    await ken.open_home()
    assert not any("佐藤" in text for text in [*ken.everything, ken.home.text])


# Flow 3: consultation


async def test_a_consultation_from_the_wish_to_the_last_word(both_ways: Company) -> None:
    company = both_ways
    misaki, sho = await company.add_alumna(), await company.add_employee()
    await company.ask(sho)
    card = misaki.see("相談のお願いが届きました")
    assert AIM in card.text
    assert "@高橋 翔さん" in card.text
    await misaki.click("引き受ける")
    await company.settle()
    room = sho.see("ここは「電池の量産立ち上げ」についてお話しいただく場です")
    assert misaki.see("ここは「電池の量産立ち上げ」").message is room.message
    assert company.slack.workspace.channels[room.message.channel].kind == "mpim"
    assert sho.see("佐藤 美咲さんが引き受けてくれました")
    await company.pass_time(days=15)
    await sho.click("はい")
    assert sho.has_modal or sho.private or sho.last


async def test_not_this_time_goes_on_to_the_next(company: Company) -> None:
    people = {
        person.name: person for person in [await company.add_alumna(), await company.add_alumna("鈴木 直子", "00124")]
    }
    sho = await company.add_employee()
    await company.ask(sho)
    first = next(
        person for person in people.values() if any("お願いが届きました" in text for text in person.everything)
    )
    second = next(person for person in people.values() if person is not first)
    await first.click("今回は難しい")
    await first.modal.submit()
    await company.settle()
    assert second.see("相談のお願いが届きました")
    assert "今回はご都合が合わない" in sho.last.text
    assert "続けて次の方に" in sho.last.text


async def test_an_unanswered_request_is_recalled_to_mind_and_then_moves_on(company: Company) -> None:
    misaki, sho = await company.add_alumna(), await company.add_employee()
    await company.ask(sho)
    before = len(misaki.shown())
    await company.pass_time(days=8)
    assert len(misaki.shown()) == before + 2
    await company.pass_time(days=3)
    with pytest.raises(AssertionError):
        await misaki.click("引き受ける")
    assert "電池の量産立ち上げ" in sho.last.text


async def test_an_old_card_can_not_be_accepted_any_more(company: Company) -> None:
    misaki, sho = await company.add_alumna(), await company.add_employee()
    await company.ask(sho)
    old = misaki.see("相談のお願いが届きました")
    await sho.click("取りやめる")
    await company.settle()
    await misaki.click("引き受ける", on=old)
    await company.settle()
    assert not any("ここは「" in text for text in sho.everything)


async def test_nobody_suitable_is_said_with_the_next_date(company: Company) -> None:
    sho = await company.add_employee()
    await sho.command("/mentor", "ブラジルでの工場立ち上げ")
    await sho.modal.fill("相談で得たいこと", AIM).submit()
    await company.settle()
    told = "\n".join([sho.modal.text if sho.has_modal else "", *sho.everything])
    assert "くわしい方が、いまは見つかりませんでした" in told
    assert "12月4日（金）" in told


async def test_all_of_it_in_english(company: Company) -> None:
    english = {"locale": "en-GB", "tz": "Europe/London"}
    emily = company.add_guest("Emily Carter", **english)
    await company.join(emily)
    await emily.click("Register")
    await emily.modal.fill("Invitation code", company.add_leaver("Emily Carter", "00200")).submit()
    about = emily.modal.fill("Other topics, in your words", "battery")
    await about.pick("Languages you can talk in", "English").submit()
    choices = emily.modal
    for label in ("Guidelines", "What may we write to you about?"):
        choices.tick(label, *choices.options(label))
    await choices.submit()
    await company.settle()
    await emily.modal.close()
    anna = await company.add_employee("Anna Berg", "anna@sample-seiki.example", **english)
    await anna.command("/mentor", "battery")
    topic, aim, language, _ = anna.modal.labels
    assert anna.modal.value(topic) == "battery"
    await anna.modal.fill(aim, "What to watch in the first half year.").choose(language, "English").submit()
    await anna.modal.close()
    await company.settle()
    await anna.click("Ask")
    await company.settle()
    assert "Accept" not in emily.last.buttons, "it is one in the morning in London"
    await company.pass_time(hours=9)
    await emily.click("Accept")
    await company.settle()
    assert any("Anna Berg" in text for text in emily.everything)
    said = "".join([*emily.everything, *anna.everything])
    assert not [letter for letter in said if "\u3041" <= letter <= "\u30ff"]


# With a Slack that fails


async def test_lost_answers_and_throttles_delay_but_double_nothing(troubled: Company) -> None:
    misaki, sho = await troubled.add_alumna(), await troubled.add_employee()
    faults = troubled.slack.faults
    faults.drop(2, method="chat.postMessage")
    faults.throttle(2, retry_after=20, method="chat.postMessage")
    faults.fail(1, status=503, method="chat.postMessage")
    await sho.command("/mentor", TOPIC)
    await sho.modal.fill("相談で得たいこと", AIM).submit()
    await troubled.pass_time(hours=3)
    await sho.modal.close()
    await sho.click("依頼する")
    await troubled.pass_time(hours=3)
    await misaki.click("引き受ける")
    await troubled.pass_time(hours=3)
    assert sho.see("ここは「電池の量産立ち上げ」")
    assert set(troubled.slack.count_by_key().values()) == {1}


async def test_events_delivered_again_and_again_have_one_effect(troubled: Company) -> None:
    misaki = troubled.add_guest()
    join = await misaki.join_team()
    assert join is not None
    await troubled.slack.send_again(join, times=4)
    await troubled.settle()
    assert len(misaki.shown()) == 1
    await misaki.click("登録する")
    await misaki.modal.close()
    assert set(troubled.slack.count_by_key().values()) == {1}
