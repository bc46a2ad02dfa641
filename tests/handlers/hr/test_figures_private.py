"""Whatever HR can read of consultations: no word of anybody, and nothing about fewer than five people."""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from shutil import copyfile
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.feature import Due
from bot.installation import Installation
from bot.policy import Policy
from bot.ui import File, Message
from handlers.hr.figures_jobs import count_what_ended
from storage.models import (
    Consultation,
    ConsultationState,
    DemandFigure,
    FollowUp,
    Member,
    MonthFigures,
    Role,
)
from storage.queries import figures
from storage.uow import Store, UnitOfWork
from tests.handlers.consultations.people import AIM, add_asker, add_member, add_mentor, ask, wait
from tests.support.world import START, Actor, World, text_of

PLACE = Installation(b"secret of a test")
LATER = datetime(2026, 12, 1, 0, 0, tzinfo=UTC)
SECRETS = ("青天の霹靂", "ねらいの文章", "ひとことの文章", "高橋 翔", "佐藤 美咲")
TERMS = ("concept:brazil", "concept:mexico", "word:歌舞伎", "word:将棋")


class Event(NamedTuple):
    """A consultation of a month: who, with whom, how far it got, and what both thought of it."""

    asker: int
    mentor: int
    got: int
    """0: asked, 1: accepted, 2: held, 3: rated."""
    useful: int


PEOPLE = st.integers(1, 8)
EVENTS = st.lists(
    st.builds(Event, PEOPLE, st.integers(9, 16), st.integers(0, 3), st.integers(1, 5)), min_size=10, max_size=60
)
WISHES = st.lists(st.tuples(PEOPLE, st.sampled_from(TERMS)), min_size=10, max_size=60)


@pytest.fixture(scope="module")
def files(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Fresh databases, one after the other."""
    folder = tmp_path_factory.mktemp("figures")
    return (Path(copyfile(sqlite_template, folder / f"{number}.sqlite3")) for number in count())


def fill(db: UnitOfWork, events: list[Event], wishes: list[tuple[int, str]]) -> None:
    """Lets all of it happen in November."""
    db.session.add_all([Member(id=id, created_at=START) for id in range(1, 17)])
    db.session.flush()
    for number, event in enumerate(events, start=1):
        db.session.add(make_consultation(number, event))
    db.session.flush()
    for number, event in enumerate(events, start=1):
        if event.got == 3:
            said = FollowUp(consultation_id=number, member_id=event.asker, useful=event.useful, at=START)
            db.session.add(said)
    for asker, term in wishes:
        figures.note_unmet_demand(db, [term], figures.hash_asker(PLACE.secret, asker), "2026-11")


def make_consultation(id: int, event: Event) -> Consultation:
    """One that has come as far as it got."""
    row = Consultation(id=id, asker_id=event.asker, form_key=str(id), topic=SECRETS[0], aim=AIM, created_at=START)
    if event.got >= 1:
        row.mentor_id, row.accepted_at, row.state = event.mentor, START, ConsultationState.ACCEPTED
    if event.got >= 2:
        row.state, row.ended_at = ConsultationState.HELD, START
    return row


def read_back(
    events: list[Event], wishes: list[tuple[int, str]], file: Path
) -> tuple[MonthFigures, list[DemandFigure]]:
    """What HR's queries return when the month has been counted."""
    store = Store(f"sqlite:///{file}")
    with store.begin() as db:
        fill(db, [Event(1, 9, 0, 1), *events], wishes)
        count_what_ended(db, Due("hr.figures", 0, 0, LATER), LATER, Policy(), PLACE)
    with store.begin() as db:
        (month,) = figures.list_months(db, 99)
        found = month, figures.list_demand(db, "", 99)
    store.close()
    return found


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(events=EVENTS, wishes=WISHES)
def test_nothing_that_hr_can_ask_for_is_about_fewer_than_five(
    events: list[Event], wishes: list[tuple[int, str]], files: Iterator[Path]
) -> None:
    month, demand = read_back(events, wishes, next(files))
    askers = [{event.asker for event in events if event.got >= got} for got in range(4)]
    askers[0].add(1)
    mentors = [{event.mentor for event in events if event.got >= got} for got in range(4)]
    told = [(cell, got) for got, cell in enumerate((month.asked, month.accepted, month.held)) if cell is not None]
    for cell, got in told:
        assert cell == len(askers[got]) >= 5
        assert got == 0 or len(mentors[got]) >= 5
    for cell, got in told:
        for other, later in told:
            assert later <= got or cell == other or cell - other >= 5, "the difference is a figure about so many"
    assert month.useful is None or min(len(askers[3]), len(mentors[3])) >= 5
    check_demand(demand, wishes)


def check_demand(demand: list[DemandFigure], wishes: list[tuple[int, str]]) -> None:
    """Each topic is one that five people wished for, or the broader one of what they did."""
    people: dict[str, set[int]] = defaultdict(set)
    for asker, term in wishes:
        people[term].add(asker)
    for row in demand:
        assert row.people >= 5
        if row.term in TERMS:
            assert row.people == len(people[row.term])
        else:
            few = [people[term] for term in TERMS if term.startswith("concept:") and len(people[term]) < 5]
            assert row.people == len(set[int]().union(*few))
    for term, those in people.items():
        assert len(those) < 5 or term in {row.term for row in demand}, "what enough people wished for is told"


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(events=EVENTS, wishes=WISHES)
def test_nothing_that_hr_can_ask_for_is_a_text(
    events: list[Event], wishes: list[tuple[int, str]], files: Iterator[Path]
) -> None:
    month, demand = read_back(events, wishes, next(files))
    texts = [value for row in (month, *demand) for value in row.model_dump().values() if isinstance(value, str)]
    for text in texts:
        assert re.fullmatch(r"\d{4}-\d\d|concept:[a-z0-9-]+|" + "|".join(TERMS), text), text


# As HR sees it


async def read_everything(yuka: Actor) -> str:
    """HR's page, the figures, the file, and every message that HR has had."""
    await yuka.command("/hr")
    seen = [yuka.answer]
    await yuka.press("数字")
    seen.append(yuka.answer)
    await yuka.press("ファイルで受け取る")
    return "\n".join(tell(message) for message in (*seen, *yuka.inbox) if message)


def tell(message: Message) -> str:
    """All words of a message and of its files."""
    return "\n".join([text_of(message), *(block.text for block in message.blocks if isinstance(block, File))])


async def test_hr_reads_no_word_of_anybody(sqlite_url: str) -> None:
    world = World(sqlite_url)
    await world.app.slots.prepare()
    yuka = await add_member(world, "山本 由佳", role=Role.EMPLOYEE, consents=(), is_hr=True)
    for number in range(6):
        name = "高橋 翔" if number == 0 else f"社員 {number}"
        asker = await add_asker(world, name)
        await asker.command(f"/mentor ブラジル {SECRETS[0] if number < 4 else ''}")
        await asker.submit(aim=SECRETS[1])
    await add_mentor(world, "佐藤 美咲", ("将棋",))
    await ask(await add_asker(world, "李 佳怡"), "将棋")
    await wait(world, days=30)
    seen = await read_everything(yuka)
    assert "ブラジル" in seen, "six people's topic"
    assert "2026-11" in seen
    for secret in (*SECRETS, "霹靂", "将棋", "李", "社員"):
        assert secret not in seen
    world.close()
