"""The invented community, settled in a real database behind the real page."""

from collections.abc import AsyncGenerator, Callable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from sqlmodel import SQLModel, col, func, select

from adapters.playground import Resident
from bot.cli.community import settle_if_new
from bot.cli.demo import Workspace
from bot.settings import demo_settings
from storage.migrate import migrate
from storage.models import Account, Member, Purpose, RosterEntry, Status
from storage.queries.consents import find_consents
from storage.queries.topics import list_topics
from storage.uow import UnitOfWork


@pytest.fixture
def make(tmp_path: Path) -> Callable[[], Workspace]:
    """Opens the workspace in the test's folder, as the command does."""

    def open_workspace() -> Workspace:
        settings = demo_settings(tmp_path)
        migrate(settings.musubi_database_url)
        return Workspace(settings, tmp_path)

    return open_workspace


@pytest.fixture
async def workspace(make: Callable[[], Workspace]) -> AsyncGenerator[Workspace]:
    """A workspace with its community."""
    opened = make()
    await settle_if_new(opened.app, opened.playground.people)
    yield opened
    await opened.app.close()


def count(db: UnitOfWork, model: type[SQLModel]) -> int:
    """How many rows a table has."""
    return db.session.exec(select(func.count()).select_from(model)).one()


def roles(people: Sequence[Resident], *names: str) -> list[Resident]:
    """The people with one of these roles."""
    return [person for person in people if person.role in names]


async def test_everybody_but_the_leavers_is_a_member(workspace: Workspace) -> None:
    people = workspace.playground.people
    joined = [person for person in people if person.role != "leaver"]
    with workspace.app.store.begin() as db:
        members = db.session.exec(select(Member)).all()
        assert {member.name for member in members} == {person.name for person in joined}
        assert {member.status for member in members} == {Status.ACTIVE.value}
        assert {member.name for member in members if member.is_hr} == {person.name for person in roles(people, "hr")}
        assert count(db, Account) >= len(joined)


async def test_alumni_are_in_the_roster_with_what_they_agreed_to(workspace: Workspace) -> None:
    people = workspace.playground.people
    misaki = next(person for person in people if person.id == "misaki-sato")
    quiet = next(person for person in roles(people, "alumnus") if person.quiet)
    with workspace.app.store.begin() as db:
        assert count(db, RosterEntry) >= len(roles(people, "alumnus"))
        member = db.session.exec(select(Member).where(Member.name == misaki.name)).one()
        shy = db.session.exec(select(Member).where(Member.name == quiet.name)).one()
        assert member.roster_id is not None
        assert list_topics(db, [member.id or 0])[member.id or 0] == misaki.topics
        assert Purpose.CONSULTATIONS in find_consents(db, member.id or 0)
        assert Purpose.CONSULTATIONS not in find_consents(db, shy.id or 0)


async def test_leavers_come_by_hr_s_list_and_are_invited_on_their_last_day(workspace: Workspace) -> None:
    leavers = roles(workspace.playground.people, "leaver")
    with workspace.app.store.begin() as db:
        for leaver in leavers:
            entry = db.session.exec(select(RosterEntry).where(RosterEntry.name == leaver.name)).one()
            assert (entry.email, entry.left_on, entry.code_used_at) == (leaver.email, leaver.left_on, None)
    workspace.clock.move(timedelta(days=60))
    await workspace.app.ticker.settle()
    with workspace.app.store.begin() as db:
        invited = db.session.exec(select(RosterEntry.name).where(col(RosterEntry.code_used_at).is_(None))).all()
        assert {leaver.name for leaver in leavers} == set(invited)
        assert all(entry.invited_at for entry in db.session.exec(select(RosterEntry)).all())


async def test_the_second_start_settles_nobody_again(make: Callable[[], Workspace], workspace: Workspace) -> None:
    with workspace.app.store.begin() as db:
        before = (count(db, Member), count(db, Account), count(db, RosterEntry))
    again = make()
    await settle_if_new(again.app, again.playground.people)
    with again.app.store.begin() as db:
        assert (count(db, Member), count(db, Account), count(db, RosterEntry)) == before
    await again.app.close()


async def test_the_page_and_the_health_check_answer(make: Callable[[], Workspace]) -> None:
    opened = make()
    await settle_if_new(opened.app, opened.playground.people)
    await opened.app.start()
    async with TestClient(TestServer(opened.app.make_web())) as client:
        page = await client.get("/playground")
        health = await client.get("/healthz")
        assert (page.status, await health.json()) == (200, {"status": "ok"})
        assert "Musubi" in await page.text()
    await opened.app.close()


async def test_the_secret_is_kept_and_private(make: Callable[[], Workspace], tmp_path: Path) -> None:
    first = demo_settings(tmp_path).musubi_secret
    assert demo_settings(tmp_path).musubi_secret == first
    assert (tmp_path / "secret").stat().st_mode & 0o077 == 0
