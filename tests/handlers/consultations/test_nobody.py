"""Nobody suitable: why, when it is looked again, and what HR learns of it."""

from datetime import UTC, datetime

import pytest

from handlers.consultations import rules
from handlers.consultations.demand import list_terms
from handlers.topics import Concept, Reader, Vocabulary
from storage.models import ConsultationState, UnmetDemand
from tests.handlers.consultations.people import (
    TOPIC,
    add_asker,
    add_mentor,
    ask,
    consultation,
    make_world,
    names_in,
    read,
    timers,
    wait,
)
from tests.support.rows import list_rows

NEW_YEAR = datetime(2026, 12, 31, 15, 30, tzinfo=UTC)
"""Just after midnight on 1 January in Tokyo; still December in UTC."""


async def test_nobody_suitable_says_why_and_when_it_is_looked_again(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho = await add_asker(world)
    await ask(sho, "ブラジルでの工場立ち上げ")
    card = sho.inbox[-1]
    assert card.summary == "「ブラジルでの工場立ち上げ」にくわしい方が、いまは見つかりませんでした。"
    assert "もう一度探し、結果をお知らせします" in read(card)
    assert sho.buttons() == ["話題を変える", "取りやめる"]
    assert [row.due_at - world.clock.now() for row in timers(world).values()] == [world.policy.search_again]
    world.close()


async def test_it_is_really_looked_again(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho = await add_asker(world)
    await ask(sho)
    await wait(world, days=14)
    assert "もう一度お探ししましたが" in sho.inbox[-1].summary
    sho.answer = None
    assert sho.buttons() == ["話題を変える", "取りやめる"], "the first card has none any more"
    await add_mentor(world)
    await wait(world, days=14)
    assert "もう一度お探ししたところ" in sho.inbox[-1].summary
    assert names_in(sho) == ["佐藤 美咲"]
    world.close()


async def test_you_choose_holds_when_looking_again(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho = await add_asker(world)
    misaki, kenichi = await add_mentor(world, "佐藤 美咲"), await add_mentor(world, "田中 健一")
    await ask(sho)
    sho.answer = None
    await sho.press("おまかせ")
    for mentor in (misaki, kenichi):
        await mentor.press("今回は難しい")
        await mentor.submit()
    assert consultation(world).state == ConsultationState.SEARCHING
    ai = await add_mentor(world, "鈴木 愛")
    await wait(world, days=14)
    assert len(ai.inbox) == 1
    assert "にくわしい方に依頼しました" in sho.inbox[-1].summary
    world.close()


async def test_it_is_not_looked_for_ever(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho = await add_asker(world)
    await ask(sho)
    for _ in range(rules.MOST_LOOKS):
        assert consultation(world).state == ConsultationState.SEARCHING
        await wait(world, days=14)
    assert consultation(world).state == ConsultationState.CLOSED
    assert "言葉を変えて、もう一度相談" in sho.inbox[-1].summary
    assert timers(world) == {}
    await sho.press("もう一度相談する")
    assert sho.form is not None
    assert sho.form.fields[0].value == TOPIC  # type: ignore[union-attr]
    world.close()


async def test_unmet_demand_is_what_it_is_about_a_month_and_nobody(sqlite_url: str) -> None:
    """Once for each topic and person, in the month of the community's zone; words, not the line that was typed."""
    world = make_world(sqlite_url, at=NEW_YEAR)
    sho, rei = await add_asker(world), await add_asker(world, "李 佳怡")
    await ask(sho, "法務")
    await wait(world, days=14)
    await ask(rei, "社内の法務")
    await wait(world, hours=9)
    sho.answer = None
    await sho.press("話題を変える")
    await sho.submit(topic="特許")
    rows = list_rows(world.store, UnmetDemand)
    assert sorted((row.term, row.month) for row in rows) == [
        ("concept:legal", "2027-01"),
        ("concept:legal", "2027-01"),
        ("concept:patents", "2027-01"),
        ("word:社内", "2027-01"),
    ]
    assert len({row.asker for row in rows}) == 2
    assert set(UnmetDemand.model_fields) == {"id", "term", "asker", "month"}
    world.close()


SMALL = Reader(
    Vocabulary({"erp": Concept("erp", ("基幹システム",), ("ERP",)), "law": Concept("law", ("法務",), ("law",))})
)


@pytest.mark.parametrize(
    ("topic", "terms"),
    [
        ("法務", ["concept:law"]),
        ("ＥＲＰ, erp & Law", ["concept:erp", "concept:law"]),
        ("kabuki with ERP", ["concept:erp", "word:kabuki"]),
        ("x" * 60, []),
    ],
)
def test_a_topic_is_noted_as_concepts_and_the_words_left_over(topic: str, terms: list[str]) -> None:
    assert list_terms(SMALL, topic) == terms
