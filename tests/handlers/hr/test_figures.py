"""HR's page of figures, as it comes about month by month."""

import csv
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest_asyncio

from bot.ui import File
from handlers.hr.actions import SendFigures, ShowFigures
from handlers.hr.figures_csv import render
from storage.models import DemandFigure, MonthFigures, Role, UnmetDemand
from storage.queries.figures import list_demand, list_months
from tests.handlers.consultations.people import add_asker, add_member, add_mentor, ask, ask_first, wait
from tests.handlers.hr.scene import shown
from tests.support.rows import list_rows
from tests.support.world import Actor, World

NEXT_MONTH = datetime(2026, 11, 30, 20, 0, tzinfo=UTC)
"""Five in the morning of 1 December in Tokyo."""


@pytest_asyncio.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    """The whole product."""
    made = World(sqlite_url)
    await made.app.slots.prepare()
    yield made
    made.close()


async def add_hr(world: World) -> Actor:
    return await add_member(world, "山本 由佳", role=Role.EMPLOYEE, consents=(), is_hr=True)


async def look(yuka: Actor) -> str:
    """What HR reads."""
    await yuka.command("/hr")
    await yuka.press("数字")
    return shown(yuka)


async def end_the_month(world: World) -> None:
    world.clock.at = NEXT_MONTH
    await world.settle()


async def talk(world: World, number: int) -> tuple[Actor, Actor]:
    """Two people find each other, and say that they talked."""
    topic = f"電池{number}"
    asker, mentor = await add_asker(world, f"社員 {number}"), await add_mentor(world, f"卒業 {number}", (topic,))
    await ask_first(asker, topic)
    await mentor.press("引き受ける")
    return asker, mentor


async def say_yes(person: Actor, useful: int) -> None:
    person.answer = None
    await person.press("はい")
    await person.submit(useful=str(useful))


async def test_a_month_of_five_pairs(world: World) -> None:
    yuka = await add_hr(world)
    assert "最初の数字は" in await look(yuka)
    pairs = [await talk(world, number) for number in range(5)]
    assert "最初の数字は" in await look(yuka), "the month has not ended"
    await end_the_month(world)
    assert "2026年11月: 5名が相談を希望、5名にお相手が決定" in await look(yuka)
    await wait(world, days=16, hours=6)
    for number, (asker, mentor) in enumerate(pairs):
        await say_yes(asker, 5)
        await say_yes(mentor, 3 + number % 2)
    assert "お話" not in await look(yuka), "a day's difference would tell of one person"
    world.clock.at = NEXT_MONTH + timedelta(days=31)
    await world.settle()
    seen = await look(yuka)
    assert "2026年12月: 5名がお話、役に立った度合いは5点中4.2（ばらつき0.9）" in seen
    for word in ("電池", "社員", "卒業"):
        assert word not in seen


async def test_four_pairs_are_no_figure(world: World) -> None:
    yuka = await add_hr(world)
    for number in range(4):
        await talk(world, number)
    await end_the_month(world)
    assert "人数が少ないため" in await look(yuka)
    (row,) = list_rows(world.store, MonthFigures)
    assert (row.asked, row.accepted, row.held, row.useful) == (None, None, None, None), "it is not even kept"


async def wish(world: World, number: int, topic: str) -> Actor:
    asker = await add_asker(world, f"社員 {number}")
    await ask(asker, topic)
    return asker


async def test_a_topic_of_five_people_is_told_once_and_then_forgotten(world: World) -> None:
    yuka = await add_hr(world)
    for number in range(4):
        await wish(world, number, "ブラジル カブキクラブ" if number == 0 else "ブラジル")
    await end_the_month(world)
    assert "ブラジル" not in await look(yuka)
    await wish(world, 9, "ブラジル")
    world.clock.at = NEXT_MONTH + timedelta(days=31)
    await world.settle()
    seen = await look(yuka)
    assert "ブラジル: 5名（2026年11月〜2026年12月）" in seen
    assert "カブキ" not in seen, "one person's word"
    assert "歌舞伎" not in seen
    left = {row.term for row in list_rows(world.store, UnmetDemand)}
    assert left
    assert all(term.startswith("word:") for term in left), "what was told is forgotten, and the rest waits"


async def test_special_topics_of_too_few_are_told_as_the_broader_one(world: World) -> None:
    yuka = await add_hr(world)
    wishes = ["ブラジル", "ブラジル", "メキシコ", "メキシコ", "メキシコ"]
    for number, topic in enumerate(wishes):
        await wish(world, number, topic)
    await end_the_month(world)
    seen = await look(yuka)
    assert "ブラジル" not in seen
    assert "メキシコ" not in seen
    assert "中南米" in seen
    assert list_rows(world.store, UnmetDemand) == []


async def test_nobodys_name_is_told_however_many_say_it(world: World) -> None:
    yuka = await add_hr(world)
    await add_member(world, "権田原 一郎")
    for number in range(6):
        await wish(world, number, "権田原")
    await end_the_month(world)
    assert "権田原" not in await look(yuka)


async def test_one_person_is_not_five(world: World) -> None:
    await add_hr(world)
    sho = await wish(world, 1, "ブラジル")
    for _ in range(5):
        sho.answer = None
        await sho.press("取りやめる")
        await ask(sho, "ブラジル")
    await end_the_month(world)
    assert list_rows(world.store, DemandFigure) == []


async def test_what_too_few_wished_for_is_forgotten_after_half_a_year(world: World) -> None:
    await wish(world, 1, "ブラジル")
    assert len(list_rows(world.store, UnmetDemand)) == 1
    world.clock.at = datetime(2027, 4, 30, 20, 0, tzinfo=UTC)
    await world.settle()
    assert len(list_rows(world.store, UnmetDemand)) == 1
    world.clock.at = datetime(2027, 5, 31, 20, 0, tzinfo=UTC)
    await world.settle()
    assert list_rows(world.store, UnmetDemand) == []
    assert len(list_rows(world.store, MonthFigures)) == 7, "months that were missed are counted too"


async def test_the_file_holds_what_the_page_shows(world: World) -> None:
    yuka = await add_hr(world)
    for number in range(5):
        await wish(world, number, "ブラジル")
    await end_the_month(world)
    await look(yuka)
    await yuka.press("ファイルで受け取る")
    assert "ファイルをメッセージでお送りしました" in shown(yuka)
    (file,) = [block for block in yuka.inbox[-1].blocks if isinstance(block, File)]
    assert (file.name, file.text[0]) == ("musubi-figures-2026-12-01-050000.csv", "\ufeff")
    rows = list(csv.DictReader(StringIO(file.text[1:])))
    assert [list(row.values()) for row in rows] == [
        ["2026-11", "2026-11", "相談を希望した人", "", "5"],
        ["2026-11", "2026-11", "お応えできる方がいなかった人", "ブラジル", "5"],
    ]


def test_a_word_can_not_become_a_formula() -> None:
    line = ("2026-11", "2026-11", "x", '=HYPERLINK("https://evil.example")', 5)
    (row,) = list(csv.reader(StringIO(render([line]))))[1:]
    assert row[3].startswith("'=")


async def test_the_figures_are_for_hr(world: World) -> None:
    sho = await add_asker(world)
    for action in (ShowFigures(), SendFigures()):
        await sho.press_action(action)
        assert "相談の数字" not in shown(sho)
    assert not any(isinstance(block, File) for message in sho.inbox for block in message.blocks)


async def test_counting_twice_changes_nothing(world: World) -> None:
    await add_hr(world)
    for number in range(5):
        await talk(world, number)
    await end_the_month(world)
    before = list_rows(world.store, MonthFigures)
    for _ in range(3):
        await wait(world, days=1)
    with world.store.begin() as db:
        assert [row.month for row in list_months(db, 9)] == [row.month for row in before]
        assert list_demand(db, "2026-01", 9) == []
