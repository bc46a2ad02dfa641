"""Who is proposed, with which reasons, and who is not."""

from datetime import timedelta

import pytest

from storage.models import ConsultationState, Purpose, Role, Status, Visibility
from tests.handlers.consultations.people import (
    TOPIC,
    add_asker,
    add_mentor,
    ask,
    ask_first,
    chips_in,
    consultation,
    make_world,
    names_in,
    read,
    read_all,
    wait,
)


async def test_up_to_three_people_with_true_reasons(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho = await add_asker(world)
    await add_mentor(world, "佐藤 美咲", ("電池開発", "料理"), department="設計2課", employer="電池スタートアップ")
    await add_mentor(world, "田中 健一", (TOPIC,))
    await add_mentor(world, "鈴木 愛", ("量産",), languages=["en", "ja"])
    await add_mentor(world, "伊藤 誠", ("電池",))
    await add_mentor(world, "渡辺 直人", ("料理",))
    await ask(sho)
    assert names_in(sho) == ["田中 健一", "鈴木 愛", "伊藤 誠"]
    assert chips_in(sho) == [
        ("同じ話題：電池の量産立ち上げ", "日本語で話せます"),
        ("同じ話題：量産", "日本語で話せます"),
        ("同じ話題：電池", "日本語で話せます"),
    ]
    assert sho.answer is not None
    assert "3名" in sho.answer.summary
    world.close()


async def test_the_same_department_is_a_reason(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho = await add_asker(world)
    await add_mentor(world, "佐藤 美咲", department="設計2課", employer="電池スタートアップ", city="仙台")
    await ask(sho)
    assert chips_in(sho) == [("近い話題：電池開発", "同じ部署にいた方", "日本語で話せます")]
    assert "元設計2課・電池スタートアップ・仙台" in read(sho.inbox[-1])
    assert sho.buttons().count("おまかせ") == 0, "there is nothing to choose from"
    world.close()


async def test_what_a_mentor_hides_is_neither_shown_nor_a_reason(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho = await add_asker(world)
    hidden = {"department": Visibility.ALUMNI.value, "employer": "nobody", "languages": "nobody"}
    await add_mentor(world, department="設計2課", employer="電池スタートアップ", visibility=hidden)
    await ask(sho)
    assert chips_in(sho) == [("近い話題：電池開発",)]
    assert "設計2課" not in read(sho.inbox[-1])
    assert "スタートアップ" not in read(sho.inbox[-1])
    world.close()


async def test_hidden_topics_find_nobody(sqlite_url: str) -> None:
    """A reason would tell what the person hides."""
    world = make_world(sqlite_url)
    sho = await add_asker(world)
    await add_mentor(world, visibility={"topics": "nobody"})
    await ask(sho)
    assert consultation(world).state == ConsultationState.SEARCHING
    world.close()


async def test_whoever_wants_stays_nameless_until_accepting(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho = await add_asker(world)
    misaki = await add_mentor(world, "佐藤 美咲", nameless=True, employer="電池スタートアップ", city="仙台")
    await add_mentor(world, "田中 健一", (TOPIC,))
    await ask(sho)
    assert names_in(sho) == ["田中 健一", "アルムナイB"]
    sho.answer = None
    await sho.press("依頼する", index=1)
    assert "アルムナイBさんに依頼しました" in read(sho.inbox[-1])
    for told in ("佐藤", "美咲", "スタートアップ", "仙台"):
        assert told not in read_all(sho)
    await misaki.press("引き受ける")
    assert "佐藤 美咲さんが引き受けてくれました" in read_all(sho)
    world.close()


@pytest.mark.parametrize(
    "fields",
    [
        {"capacity": 0},
        {"status": Status.PAUSED},
        {"status": Status.SUSPENDED},
        {"status": Status.UNVERIFIED},
        {"ignored_requests": 3},
        {"languages": ["en"]},
        {"languages": [], "language": "en"},
        {"topics": ("料理",)},
        {"topics": ()},
        {"consents": ()},
        {"consents": (Purpose.NEWS, Purpose.JOBS, Purpose.INTRODUCTIONS)},
    ],
)
async def test_who_is_not_proposed(sqlite_url: str, fields: dict[str, object]) -> None:
    world = make_world(sqlite_url)
    sho = await add_asker(world)
    await add_mentor(world, **fields)  # type: ignore[arg-type]
    await ask(sho)
    assert consultation(world).state == ConsultationState.SEARCHING
    world.close()


async def test_who_rests_is_proposed_again_afterwards(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho = await add_asker(world)
    await add_mentor(world, resting_until=world.clock.now() + timedelta(days=30))
    await ask(sho)
    assert consultation(world).state == ConsultationState.SEARCHING
    await wait(world, days=14)
    assert consultation(world).state == ConsultationState.SEARCHING
    await wait(world, days=16)
    assert consultation(world).state == ConsultationState.PROPOSED
    world.close()


async def test_who_left_the_workspace_is_not_proposed(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho, misaki = await add_asker(world), await add_mentor(world)
    await misaki.leave()
    await ask(sho)
    assert consultation(world).state == ConsultationState.SEARCHING
    world.close()


async def test_nobody_is_proposed_to_themselves(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    misaki = await add_mentor(world)
    await ask(misaki)
    assert consultation(world).state == ConsultationState.SEARCHING
    world.close()


async def test_an_alumnus_may_ask_and_an_employee_may_help(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    misaki = await add_mentor(world, topics=())
    await add_mentor(world, "高橋 翔", role=Role.EMPLOYEE, department="設計2課", nameless=True)
    await ask(misaki)
    assert names_in(misaki) == ["社員A"]
    world.close()


async def test_who_is_not_registered_is_told_kindly(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    stranger = world.person("知らない 人")
    await stranger.command("/mentor 電池")
    assert stranger.form is None
    assert stranger.buttons() == ["登録する"]
    world.close()


async def test_a_full_month_is_full(sqlite_url: str) -> None:
    """What was accepted and what waits for an answer both count; the next month begins anew."""
    world = make_world(sqlite_url)
    sho, rei = await add_asker(world), await add_asker(world, "李 佳怡")
    misaki = await add_mentor(world, capacity=1)
    await ask_first(sho)
    await ask(rei)
    assert consultation(world).state == ConsultationState.SEARCHING, "a request waits"
    await misaki.press("引き受ける")
    await rei.press("話題を変える")
    await rei.submit(topic="電池")
    assert consultation(world).state == ConsultationState.SEARCHING, "one was accepted this month"
    await wait(world, days=14)
    assert consultation(world).state == ConsultationState.PROPOSED, "it is December"
    world.close()


async def test_what_was_called_off_leaves_room(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho, rei = await add_asker(world), await add_asker(world, "李 佳怡")
    misaki = await add_mentor(world, capacity=1)
    await ask_first(sho)
    await misaki.press("引き受ける")
    sho.answer = None
    await sho.press("取りやめる")
    await ask(rei)
    assert consultation(world).state == ConsultationState.PROPOSED
    world.close()


async def test_who_said_no_is_not_asked_for_the_same_topic_again(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho, misaki = await add_asker(world), await add_mentor(world)
    await ask_first(sho)
    await misaki.press("今回は難しい")
    await misaki.submit()
    await ask(sho)
    assert consultation(world).state == ConsultationState.SEARCHING
    await ask(sho, "電池開発")
    assert consultation(world).state == ConsultationState.PROPOSED, "another topic is another question"
    world.close()
