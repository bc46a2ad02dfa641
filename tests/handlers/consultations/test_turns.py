"""Who comes first depends on what has happened: turns, talks that were useful, silence, careers; on both databases."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from bot.installation import Installation
from bot.policy import Policy
from handlers.consultations.desk import Desk
from handlers.consultations.search import find_people
from storage.models import (
    Consultation,
    ConsultationRequest,
    ConsultationState,
    FollowUp,
    Member,
    Proposal,
    RequestState,
    Status,
)
from storage.queries import standing
from tests.handlers.consultations.people import (
    add_asker,
    add_mentor,
    ask,
    chips_in,
    make_world,
    names_in,
    read_all,
    requests,
)
from tests.support.world import Actor, World


def add_past(
    world: World, asker: Actor, mentor: Actor, *, days: float, useful: int | None = None, shown: bool = False
) -> None:
    """A consultation of the past: asked so many days ago, or only proposed; held and rated, if it was."""
    at = world.clock.now() - timedelta(days=days)
    asker_id, mentor_id = asker.member().id or 0, mentor.member().id or 0
    with world.store.begin() as db:
        state = ConsultationState.HELD if useful else ConsultationState.CLOSED
        past = Consultation(asker_id=asker_id, topic="昔の話題", state=state, created_at=at, proposed_at=at)
        past.form_key, past.mentor_id = f"past{mentor_id}{days}", mentor_id if useful else None
        db.session.add(past)
        db.session.flush()
        id = past.id or 0
        if shown:
            db.session.add(Proposal(consultation_id=id, mentor_id=mentor_id, rank=1))
        else:
            request = ConsultationRequest(consultation_id=id, mentor_id=mentor_id, asked_at=at, reply_by=at)
            request.state = RequestState.DECLINED
            db.session.add(request)
        for member_id, rated in ((asker_id, useful), (mentor_id, 1)) if useful else ():
            db.session.add(FollowUp(consultation_id=id, member_id=member_id, answer="yes", useful=rated, at=at))


async def test_whoever_was_asked_lately_stands_back_for_another_who_fits_as_well(database_url: str) -> None:
    world = make_world(database_url)
    sho, rei = await add_asker(world), await add_asker(world, "李 佳怡")
    misaki, kenichi = await add_mentor(world, "佐藤 美咲"), await add_mentor(world, "田中 健一")
    await ask(sho, "電池開発")
    assert names_in(sho) == ["佐藤 美咲", "田中 健一"]
    add_past(world, rei, misaki, days=10)
    add_past(world, rei, kenichi, days=20, shown=True)
    await ask(rei, "電池開発")
    assert names_in(rei) == ["田中 健一", "佐藤 美咲"]
    world.close()


async def test_a_turn_long_ago_is_forgotten(database_url: str) -> None:
    world = make_world(database_url)
    sho, rei = await add_asker(world), await add_asker(world, "李 佳怡")
    misaki, kenichi = await add_mentor(world, "佐藤 美咲"), await add_mentor(world, "田中 健一")
    add_past(world, rei, misaki, days=100)
    add_past(world, rei, kenichi, days=5)
    await ask(sho, "電池開発")
    assert names_in(sho) == ["佐藤 美咲", "田中 健一"]
    world.close()


async def test_a_turn_does_not_bring_somebody_forward_who_fits_far_less(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho, rei = await add_asker(world), await add_asker(world, "李 佳怡")
    misaki = await add_mentor(world, "佐藤 美咲")
    await add_mentor(world, "田中 健一", ("製造業",))
    for days in (1, 2, 3, 4, 5):
        add_past(world, rei, misaki, days=days)
    await ask(sho, "電池開発")
    assert names_in(sho)[0] == "佐藤 美咲"
    world.close()


async def test_talks_that_were_useful_bring_somebody_forward(database_url: str) -> None:
    """What the askers said counts; what a mentor said of the talk does not."""
    world = make_world(database_url)
    sho, rei = await add_asker(world), await add_asker(world, "李 佳怡")
    misaki, kenichi = await add_mentor(world, "佐藤 美咲"), await add_mentor(world, "田中 健一")
    for days in (100, 110, 120):
        add_past(world, rei, misaki, days=days, useful=2)
        add_past(world, rei, kenichi, days=days, useful=5)
    await ask(sho, "電池開発")
    assert names_in(sho) == ["田中 健一", "佐藤 美咲"]
    ids = [misaki.member().id or 0, kenichi.member().id or 0]
    with world.store.begin() as db:
        assert standing.list_usefulness(db, ids) == {ids[0]: (6, 3), ids[1]: (15, 3)}
    world.close()


async def test_whoever_left_requests_without_an_answer_comes_later(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho = await add_asker(world)
    await add_mentor(world, "佐藤 美咲", ignored_requests=2)
    await add_mentor(world, "田中 健一")
    await ask(sho, "電池開発")
    assert names_in(sho) == ["田中 健一", "佐藤 美咲"]
    world.close()


async def test_a_tenure_about_as_long_as_mine_is_a_reason(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho = await add_asker(world, joined_on=date(2020, 4, 1))
    await add_mentor(world, "田中 健一", joined_on=date(1990, 4, 1), left_on=date(2020, 3, 31))
    await add_mentor(world, "佐藤 美咲", joined_on=date(2015, 4, 1), left_on=date(2022, 3, 31))
    await ask(sho, "電池開発")
    assert names_in(sho) == ["佐藤 美咲", "田中 健一"]
    assert ["在籍年数が近い方" in reasons for reasons in chips_in(sho)] == [True, False]
    world.close()


async def test_a_tenure_that_is_hidden_is_no_reason(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho = await add_asker(world, joined_on=date(2020, 4, 1))
    joined, left = date(2015, 4, 1), date(2022, 3, 31)
    await add_mentor(world, "佐藤 美咲", visibility={"years": "nobody"}, joined_on=joined, left_on=left)
    await add_mentor(world, "田中 健一", nameless=True, joined_on=joined, left_on=left)
    await ask(sho, "電池開発")
    assert all("在籍年数が近い方" not in reasons for reasons in chips_in(sho))
    world.close()


async def test_what_the_asker_is_thinking_of_counts(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho = await add_asker(world)
    await add_mentor(world, "田中 健一", ("電池開発", "料理"))
    await add_mentor(world, "佐藤 美咲", ("電池開発", "海外赴任"))
    await sho.command("/mentor 電池開発")
    await sho.submit(aim="来年ドイツへ赴任する予定です。赴任の準備についても伺いたいです。")
    assert names_in(sho) == ["佐藤 美咲", "田中 健一"]
    world.close()


async def test_an_english_profile_is_found_by_a_japanese_question_and_the_reason_is_japanese(database_url: str) -> None:
    world = make_world(database_url)
    sho = await add_asker(world)
    await add_mentor(world, "Emily Carter", ("Battery R&D",), languages=["ja", "en"])
    await add_mentor(world, "John Smith", ("Baking",), languages=["ja", "en"])
    await ask(sho, "電池開発")
    assert names_in(sho) == ["Emily Carter"]
    assert chips_in(sho) == [("同じ話題：電池開発", "日本語で話せます")]
    world.close()


async def test_a_job_that_is_seen_finds_somebody_and_a_hidden_one_does_not(database_url: str) -> None:
    world = make_world(database_url)
    sho = await add_asker(world)
    await add_mentor(world, "佐藤 美咲", (), job="電池開発エンジニア")
    await add_mentor(world, "田中 健一", (), job="電池開発エンジニア", visibility={"job": "nobody"})
    await add_mentor(world, "鈴木 愛", (), department="電池開発部", visibility={"department": "alumni"})
    await add_mentor(world, "伊藤 誠", (), department="電池開発部")
    await ask(sho, "電池開発")
    assert {name: reasons[0] for name, reasons in zip(names_in(sho), chips_in(sho), strict=True)} == {
        "佐藤 美咲": "お仕事：電池開発エンジニア",
        "伊藤 誠": "以前の所属：電池開発部",
    }
    world.close()


async def test_jobs_and_departments_of_those_who_left_are_not_read(database_url: str) -> None:
    world = make_world(database_url)
    await add_mentor(world, "佐藤 美咲", ("電池開発",), job="教師", department="設計2課")
    gone = await add_mentor(world, "田中 健一", (), job="弁護士", department="法務部")
    with world.store.begin() as db:
        db.session.get_one(Member, gone.member().id).status = Status.WITHDRAWN
    with world.store.begin() as db:
        assert standing.list_texts(db) == standing.Texts({"電池開発": "電池開発"}, ["教師"], ["設計2課"])
    world.close()


async def test_among_very_many_the_most_promising_are_looked_at(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many tell something near: the limits cut off those who are farthest from the question."""
    monkeypatch.setattr("handlers.consultations.search._MOST_PEOPLE", 2)
    monkeypatch.setattr("storage.queries.standing.MOST_TEXTS", 3)
    world = make_world(sqlite_url)
    sho = await add_asker(world)
    for number, topics in enumerate([("製造業",), ("電池",), ("製造業", "電池開発"), ("battery R&D",), ("料理",)]):
        await add_mentor(world, f"人{number}", topics, languages=["ja"])
    await ask(sho, "電池開発")
    assert sorted(names_in(sho)) == ["人2", "人3"]
    world.close()


async def test_whoever_is_suggested_comes_with_true_reasons_whatever_they_know(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho = await add_asker(world)
    misaki = await add_mentor(world, "佐藤 美咲", ("電池開発",))
    kenichi = await add_mentor(world, "田中 健一", ("料理",))
    await ask(sho, "電池開発")
    sho.answer = None
    await sho.press("依頼する")
    await misaki.press("別の人を紹介")
    await misaki.submit(name="田中 健一")
    assert [row.reasons for row in requests(world)][-1] == [
        {"kind": "suggested"},
        {"kind": "language", "language": "ja"},
    ]
    assert "電池開発" in read_all(kenichi)
    world.close()


async def test_a_companys_own_words_find_people(sqlite_url: str, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[kizuna]\nja = ["絆基盤"]\nen = ["KZN"]\nbroader = ["it"]\n', "utf-8")
    world = make_world(sqlite_url, policy=replace(Policy(), topics_file=str(own)))
    sho = await add_asker(world)
    await add_mentor(world, "佐藤 美咲", ("KZNの移行",))
    await add_mentor(world, "田中 健一", ("料理",))
    await ask(sho, "絆基盤について")
    assert names_in(sho) == ["佐藤 美咲"]
    world.close()


def look(world: World, asker: Actor) -> tuple[int, int]:
    """Looks for people once: how many are found, and with how many statements."""
    statements: list[object] = []

    def note(*given: object) -> None:
        statements.append(given[2])

    with world.store.begin() as db:
        asked = Consultation(asker_id=asker.member().id or 0, topic="電池開発", created_at=world.clock.now())
        asked.form_key = f"look{world.clock.now().timestamp()}"
        db.session.add(asked)
        db.session.flush()
        event.listen(world.store.engine, "before_cursor_execute", note)
        found = find_people(Desk(db, world.clock.now(), Policy(), Installation(b"")), asked)
        event.remove(world.store.engine, "before_cursor_execute", note)
    return len(found), len(statements)


async def test_proposals_cost_the_same_queries_for_few_and_for_many(sqlite_url: str) -> None:
    """What is looked up for people is looked up for all of them at once."""
    world = make_world(sqlite_url)
    sho = await add_asker(world)
    await add_mentor(world, "佐藤 美咲", ("電池開発",), job="電池開発エンジニア")
    few = look(world, sho)
    for number in range(12):
        await add_mentor(world, f"人{number}", ("電池開発",), job="電池開発エンジニア")
    world.clock.move(timedelta(minutes=1))
    many = look(world, sho)
    assert (few[0], many[0]) == (1, 13)
    assert few[1] == many[1] < 20
    world.close()
