"""The person asked: yes, not this time, somebody else; and whether to go on being asked."""

from datetime import UTC, datetime

import pytest

from bot.replies import FormErrors, ReplaceMessage
from bot.ui import Quote
from handlers.consultations.actions import KeepMe, Rest, Stop
from storage.models import Consent, ConsultationState, Delivery, Purpose, RequestState, Role
from storage.queries.consents import find_consents
from tests.handlers.consultations.people import (
    AIM,
    TOPIC,
    add_asker,
    add_member,
    add_mentor,
    ask,
    ask_first,
    change,
    consultation,
    decline,
    make_world,
    names_in,
    read,
    read_all,
    requests,
    wait,
)
from tests.support.rows import list_rows
from tests.support.world import Actor, World

LINE = "このごろ依頼が多く、少し困っています。"


async def suggest(actor: Actor, name: str) -> None:
    """[Suggest someone], and the form."""
    actor.answer = None
    await actor.press("別の人を紹介")
    await actor.submit(name=name)


# Yes


async def test_yes_reaches_both(database_url: str) -> None:
    world = make_world(database_url)
    sho, misaki = await add_asker(world), await add_mentor(world, employer="電池スタートアップ")
    await ask_first(sho)
    assert isinstance(await misaki.press("引き受ける"), ReplaceMessage)
    card = read(misaki.inbox[0])
    assert "高橋 翔さんとのお話を引き受けてくださり" in card
    assert "電池スタートアップの社外秘" in card
    accepted, meet = sho.inbox[-2:]
    assert accepted.summary == "佐藤 美咲さんが引き受けてくれました"
    assert "サンプル精機" in read(accepted)
    assert "電池スタートアップ" in read(accepted)
    assert meet.summary == "佐藤 美咲さんとお話しするには"
    saved = consultation(world)
    assert (saved.state, saved.mentor_id, saved.accepted_at) == ("accepted", misaki.member().id, world.clock.now())
    assert [row.state for row in requests(world)] == [RequestState.ACCEPTED]
    world.close()


async def test_yes_ends_a_row_of_silence(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho, misaki = await add_asker(world), await add_mentor(world, ignored_requests=2)
    await ask_first(sho)
    await misaki.press("引き受ける")
    assert misaki.member().ignored_requests == 0
    world.close()


# Not this time


async def test_no_goes_to_the_next_and_the_asker_learns_only_that(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho = await add_asker(world)
    misaki, kenichi = await add_mentor(world), await add_mentor(world, "田中 健一", ("電池",))
    await ask_first(sho)
    await kenichi.press("今回は難しい")
    assert kenichi.form is not None
    assert isinstance(await kenichi.submit(reason="busy"), ReplaceMessage)
    assert "別の方にお願いし" in kenichi.inbox[-1].summary
    assert AIM not in read(kenichi.inbox[-1])
    news = sho.inbox[-1]
    assert news.summary == "今回はご都合が合わないとのことでした。続けて次の方にお願いしています。"
    assert "佐藤" not in read(news), "nobody is named who has not said yes"
    assert "時間がとれない" not in read_all(sho)
    assert len(misaki.inbox) == 1
    first, second = requests(world)
    assert (first.state, first.decline_reason, second.rank) == (RequestState.DECLINED, "busy", 0)
    world.close()


async def test_who_has_no_time_is_offered_a_rest(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho, misaki = await add_asker(world), await add_mentor(world)
    await ask_first(sho)
    await decline(misaki, reason="busy")
    assert misaki.buttons() == ["1か月休む"]
    await misaki.press("1か月休む")
    assert misaki.member().resting_until == datetime(2026, 12, 19, 15, 0, tzinfo=UTC)
    world.close()


@pytest.mark.parametrize("reason", ["topic", "timing", "other"])
async def test_other_reasons_offer_nothing(sqlite_url: str, reason: str) -> None:
    world = make_world(sqlite_url)
    sho, misaki = await add_asker(world), await add_mentor(world)
    await ask_first(sho)
    await decline(misaki, reason=reason)
    assert misaki.buttons() == []
    world.close()


async def test_everybody_says_no(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho = await add_asker(world)
    mentors = [await add_mentor(world, name) for name in ("佐藤 美咲", "田中 健一")]
    await ask_first(sho)
    for mentor in mentors:
        await decline(mentor)
    assert "いまはほかに見つかりませんでした" in sho.inbox[-1].summary
    assert consultation(world).state == ConsultationState.SEARCHING
    assert sho.buttons().count("話題を変える") == 1
    world.close()


async def test_the_line_goes_to_hr_and_nowhere_else(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    hr = await add_member(world, "山本 由佳", is_hr=True, role=Role.EMPLOYEE)
    sho, misaki = await add_asker(world), await add_mentor(world)
    await ask_first(sho)
    await decline(misaki, line=LINE, reason="other")
    (letter,) = hr.inbox
    assert letter.summary == "相談を依頼された佐藤 美咲さんから、人事への伝言です。"
    assert letter.blocks[-1] == Quote(LINE)
    for secret in (TOPIC, AIM, "高橋", "電池"):
        assert secret not in read(letter)
    assert LINE not in read_all(sho)
    world.close()


async def test_without_a_line_hr_hears_nothing(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    hr = await add_member(world, "山本 由佳", is_hr=True, role=Role.EMPLOYEE)
    sho, misaki = await add_asker(world), await add_mentor(world)
    await ask_first(sho)
    await decline(misaki, line="  ")
    assert hr.inbox == []
    world.close()


# Somebody else


@pytest.mark.parametrize("name", ["田中 健一", "田中健一さん", "田中　健一", "ﾀﾅｶ ｹﾝｲﾁ", "たなか けんいち"])
async def test_a_suggested_member_is_the_next(sqlite_url: str, name: str) -> None:
    world = make_world(sqlite_url)
    sho = await add_asker(world)
    misaki = await add_mentor(world, topics=(TOPIC,))
    ai = await add_mentor(world, "鈴木 愛")
    kana = "タナカ ケンイチ" if "ﾀ" in name else "たなか けんいち"
    kenichi = await add_mentor(world, "田中 健一", ("法務",), kana=kana)
    await ask_first(sho)
    await suggest(misaki, name)
    assert (len(kenichi.inbox), len(ai.inbox)) == (1, 0), "before those who only share the topic"
    assert "ほかの会員の方からのご紹介です。" in read(kenichi.inbox[-1])
    assert "佐藤" not in read(kenichi.inbox[-1])
    assert "今回はご都合が合わない" in sho.inbox[-1].summary
    assert [row.state for row in requests(world)] == [RequestState.SUGGESTED, RequestState.OPEN]
    world.close()


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("山田 太郎", {}),
        ("田中 健一", {"capacity": 0}),
        ("田中 健一", {"consents": ()}),
        ("田中 健一", {"status": "paused"}),
        ("田中 健一", {"languages": ["en"]}),
        ("高橋 翔", {}),
        ("佐藤 美咲", {}),
        ("さん", {}),
    ],
)
async def test_who_can_not_be_asked_is_passed_over_without_a_word(
    sqlite_url: str, name: str, fields: dict[str, object]
) -> None:
    """The one who suggests reads the same, so nobody learns from it who is a member."""
    world = make_world(sqlite_url)
    sho, misaki = await add_asker(world), await add_mentor(world, topics=(TOPIC,))
    kenichi = await add_mentor(world, "田中 健一", ("法務",), **fields)
    ai = await add_mentor(world, "鈴木 愛")
    await ask_first(sho)
    await suggest(misaki, name)
    assert (
        misaki.inbox[-1].summary == "ご紹介ありがとうございます。会員で相談を受けている方であれば、次にお願いします。"
    )
    assert (len(ai.inbox), len(kenichi.inbox)) == (1, 0)
    world.close()


async def test_of_two_of_one_name_neither_is_taken_for_the_other(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho, misaki = await add_asker(world), await add_mentor(world)
    twins = [await add_mentor(world, "田中 健一", ("法務",)) for _ in range(2)]
    await ask_first(sho)
    await suggest(misaki, "田中 健一")
    assert [twin.inbox for twin in twins] == [[], []]
    assert consultation(world).state == ConsultationState.SEARCHING
    world.close()


async def test_a_suggestion_needs_a_name(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho, misaki = await add_asker(world), await add_mentor(world)
    await ask_first(sho)
    await misaki.press("別の人を紹介")
    assert isinstance(await misaki.submit(name=" "), FormErrors)
    assert list(misaki.errors) == ["name"]
    assert [row.state for row in requests(world)] == [RequestState.OPEN]
    world.close()


# Several without an answer


async def ignore_three(world: World, misaki: Actor) -> list[Actor]:
    """Three people ask, one after another, and get no answer."""
    askers = [await add_asker(world, name) for name in ("高橋 翔", "李 佳怡", "加藤 舞")]
    for asker in askers:
        await ask_first(asker)
        await wait(world, days=10)
    return askers


async def test_after_three_in_a_row_they_are_asked_whether_to_go_on(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    misaki = await add_mentor(world)
    askers = await ignore_three(world, misaki)
    assert misaki.inbox[-1].summary == "相談の依頼を続けてもよろしいですか"
    assert misaki.buttons() == ["続ける", "1か月休む", "やめる"], "no other card has a button left"
    assert misaki.member().ignored_requests == 3
    for asker in askers:
        assert any("ご返事の日が過ぎました" in message.summary for message in asker.inbox)
    await ask(await add_asker(world, "森 蓮"))
    assert consultation(world).state == ConsultationState.SEARCHING, "no further requests until they have answered"
    world.close()


async def test_two_in_a_row_are_nobodys_business(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    misaki = await add_mentor(world)
    for name in ("高橋 翔", "李 佳怡"):
        await ask_first(await add_asker(world, name))
        await wait(world, days=10)
    assert "続ける" not in misaki.buttons()
    await ask_first(await add_asker(world, "加藤 舞"))
    await decline(misaki)
    assert misaki.member().ignored_requests == 0
    world.close()


async def test_keep_me(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    misaki = await add_mentor(world)
    await ignore_three(world, misaki)
    await misaki.press("続ける")
    assert misaki.buttons() == []
    assert misaki.member().ignored_requests == 0
    ren = await add_asker(world, "森 蓮")
    await ask(ren)
    assert names_in(ren) == ["佐藤 美咲"]
    world.close()


async def test_a_month_of_rest(sqlite_url: str) -> None:
    world = make_world(sqlite_url, at=datetime(2027, 1, 1, 1, 0, tzinfo=UTC))
    misaki = await add_mentor(world)
    await ignore_three(world, misaki)
    assert world.clock.now() == datetime(2027, 1, 31, 1, 0, tzinfo=UTC)
    await misaki.press("1か月休む")
    until = datetime(2027, 2, 27, 15, 0, tzinfo=UTC)
    assert misaki.member().resting_until == until, "28 February, as there is no 31st"
    await wait(world, days=5)
    await misaki.press_action(Rest())
    assert misaki.member().resting_until == until, "the second press changes nothing"
    await ask(await add_asker(world, "森 蓮"))
    assert consultation(world).state == ConsultationState.SEARCHING
    world.close()


async def test_stop_takes_the_consent_back(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    misaki = await add_mentor(world, consents=(Purpose.CONSULTATIONS, Purpose.NEWS))
    await ignore_three(world, misaki)
    await misaki.press("やめる")
    await misaki.press_action(Stop())
    misaki_id = misaki.member().id or 0
    with world.store.begin() as db:
        assert find_consents(db, misaki_id) == {Purpose.NEWS}
    changes = [row for row in list_rows(world.store, Consent) if row.purpose == "consultations"]
    assert [row.given for row in changes if row.member_id == misaki_id] == [True, False]
    world.close()


@pytest.mark.parametrize("choice", [Rest(), Stop()])
async def test_resting_hands_on_what_is_still_open(sqlite_url: str, choice: Rest | Stop) -> None:
    world = make_world(sqlite_url)
    sho = await add_asker(world)
    misaki = await add_mentor(world, topics=(TOPIC,))
    kenichi = await add_mentor(world, "田中 健一")
    await ask_first(sho)
    await misaki.press_action(choice)
    assert len(kenichi.inbox) == 1
    assert misaki.buttons() == (["ホーム"] if isinstance(choice, Stop) else [])
    assert "お願いしていた方のご都合が変わった" in sho.inbox[-1].summary
    world.close()


async def test_keeping_on_leaves_what_is_open(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho, misaki = await add_asker(world), await add_mentor(world)
    await ask_first(sho)
    await misaki.press_action(KeepMe())
    assert [row.state for row in requests(world)] == [RequestState.OPEN]
    await misaki.press("引き受ける")
    assert consultation(world).state == ConsultationState.ACCEPTED
    world.close()


async def test_a_request_that_never_arrived_is_not_held_against_anybody(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho, misaki = await add_asker(world), await add_mentor(world)
    await ask(sho)
    world.clock.at = world.clock.at.replace(hour=13)  # 22:00 in Tokyo
    sho.answer = None
    await sho.press("依頼する")
    change(world, misaki, quiet_from=0, quiet_to=0)
    with world.store.begin() as db:
        for row in list_deliveries(db):
            row.state, row.reason = "failed", "the platform refused it"
    await wait(world, days=10)
    await wait(world, hours=11)
    assert misaki.inbox == []
    assert misaki.member().ignored_requests == 0
    assert [row.state for row in requests(world)] == [RequestState.WITHDRAWN]
    assert "ご返事の日が過ぎました" in sho.inbox[-1].summary
    world.close()


def list_deliveries(db: object) -> list[Delivery]:
    """What has not been sent."""
    from sqlmodel import select

    return list(db.session.exec(select(Delivery).where(Delivery.state == "pending")).all())  # type: ignore[attr-defined]
