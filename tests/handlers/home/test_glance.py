"""The home page asks once what there is to read, and reads that alone; nothing goes missing by it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import Engine, event

from bot.glance import Glance, Question
from bot.i18n import use_locale
from bot.incoming import HomeOpened
from bot.replies import ShowHome
from bot.ui import Message
from handlers import FEATURES
from storage.glance import Glances
from storage.queries import jobs
from storage.uow import UnitOfWork
from tests.handlers.home.open_things import CASES, Case, Scene, add_other
from tests.support.golden import as_text
from tests.support.people import alumnus
from tests.support.world import Actor, World

QUESTIONS = frozenset(question for feature in FEATURES for question in feature.glance)
NAMES = [case.name for case in CASES]
LEAST = 3
"""Who calls, that the call is new, and the glance."""


@pytest_asyncio.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    world = World(sqlite_url)
    yield world
    world.close()


class Statements:
    """What an engine is told while this is open."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.all: list[str] = []

    def __enter__(self) -> list[str]:
        event.listen(self.engine, "before_cursor_execute", self._note)
        return self.all

    def __exit__(self, *error: object) -> None:
        event.remove(self.engine, "before_cursor_execute", self._note)

    def _note(self, connection: Any, cursor: Any, statement: str, *more: Any) -> None:
        self.all.append(statement)


async def draw(actor: Actor) -> tuple[Message, list[str]]:
    """The home page, and the statements that it took; the outbox is left alone."""
    world = actor.world
    engine = await world.store.run(lambda db: db.session.connection().engine)
    with Statements(engine) as statements:
        reply = await world.app.dispatch(HomeOpened(actor.origin(world.next_key())))
    assert isinstance(reply, ShowHome)
    return reply.message, statements


def _see_everything(glance: Glance, question: Question) -> bool:
    """The consent to hear of jobs is no question of whether there is something to read: it stays as it is."""
    return glance.answers[question] or question is not jobs.WANTS_JOBS


def read(page: Message) -> str:
    with use_locale("ja"):
        return as_text(page)


async def draw_reading_all(actor: Actor, monkeypatch: pytest.MonkeyPatch) -> Message:
    """The home page when every section reads whatever it may have to."""
    with monkeypatch.context() as patch:
        patch.setattr(Glance, "sees", _see_everything)
        return (await draw(actor))[0]


def look(actor: Actor) -> frozenset[Question]:
    """The questions whose answer is yes."""

    def work(db: UnitOfWork) -> frozenset[Question]:
        answers = Glances(QUESTIONS).look(db, actor.member().id or 0, actor.world.clock.now()).answers
        assert answers.keys() == QUESTIONS
        return frozenset(question for question, yes in answers.items() if yes)

    return actor.world.store.run_here(work)


def put(actor: Actor, *cases: Case, over: bool = False) -> None:
    """Adds what is open, or `over`, for this member."""
    world, me = actor.world, actor.member().id or 0
    for case in cases:
        other = add_other(world, f"相手 {case.name}")
        with world.store.begin() as db:
            (case.almost if over else case.begin)(Scene(world, db, me, other))


def test_every_question_has_a_case() -> None:
    assert frozenset[Question]().union(*(case.questions for case in CASES)) == QUESTIONS


@pytest.mark.parametrize("case", CASES, ids=NAMES)
async def test_what_is_open_is_seen_and_shown(world: World, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    misaki = await alumnus(world)
    bare, _statements = await draw(misaki)
    assert case.words not in read(bare)
    put(misaki, case)
    assert look(misaki) == case.questions
    page, _statements = await draw(misaki)
    assert case.words in read(page)
    assert page == await draw_reading_all(misaki, monkeypatch)


@pytest.mark.parametrize("case", CASES, ids=NAMES)
async def test_what_is_over_or_somebody_else_s_is_neither(world: World, case: Case) -> None:
    misaki = await alumnus(world)
    bare, _statements = await draw(misaki)
    put(misaki, case, over=True)
    assert look(misaki) == frozenset()
    page, statements = await draw(misaki)
    assert page == bare
    assert len(statements) == LEAST, statements


async def test_with_everything_open_everything_is_shown(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(database_url)
    misaki = await alumnus(world)
    assert look(misaki) == frozenset()
    bare, statements = await draw(misaki)
    assert len(statements) == LEAST, statements
    assert bare == await draw_reading_all(misaki, monkeypatch)
    put(misaki, *CASES)
    assert look(misaki) == QUESTIONS
    page, _statements = await draw(misaki)
    assert [case.name for case in CASES if case.words not in read(page)] == []
    assert page == await draw_reading_all(misaki, monkeypatch)
    world.close()


async def test_one_open_thing_is_all_that_is_read(world: World) -> None:
    """A glance that says yes costs the section's own reading, and not that of the others."""
    misaki = await alumnus(world)
    put(misaki, *(case for case in CASES if case.name == "consultation"))
    _page, statements = await draw(misaki)
    assert len(statements) == LEAST + 1, statements
