"""From a line of HR's list, as Excel writes it in Japan, to a registered member, in both languages."""

import re
from datetime import timedelta

import pytest

from bot.incoming import AccountKind
from handlers import roster
from storage.models import Role, Status
from storage.queries.roster import find_by_number
from storage.uow import UnitOfWork
from tests.support.people import word
from tests.support.world import Actor, World, list_buttons, text_of

LIST = (
    "社員番号,氏名,フリガナ,退職日,入社日,部署,個人メール,言語\r\n"
    '="00123",佐藤　美咲,ｻﾄｳ ﾐｻｷ,令和8年11月30日,平成13年4月1日,設計２課,Misaki@Mail.example,日本語\r\n'
    "00124,Jane Smith,,2026/11/30,2015/4/1,Sales,jane@mail.example,英語\r\n"
)
CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b")


def read_code(world: World, address: str) -> str:
    """The code as the person finds it in the mail."""
    (shown,) = world.mail.direct[address]
    found = CODE.search(text_of(shown.message))
    assert found is not None
    return found[0]


async def bring_in(world: World) -> None:
    with world.store.begin() as db:
        report = roster.import_leavers(db, LIST.encode("cp932"), world.policy, world.clock.now())
    assert (report.encoding, report.added, report.problems) == ("CP932", 2, ())
    world.clock.move(timedelta(days=10))
    await world.settle()


async def register(actor: Actor, code: str) -> None:
    await actor.join()
    await actor.press(word(actor, "登録する", "Register"))
    await actor.submit(code=code.lower().replace("-", " "))
    await actor.submit()
    await actor.submit(guidelines=("accepted",))


@pytest.mark.parametrize(
    ("address", "locale", "name", "department"),
    [("misaki@mail.example", "ja-JP", "佐藤 美咲", "設計2課"), ("jane@mail.example", "en-US", "Jane Smith", "Sales")],
)
async def test_from_the_list_to_a_member(
    database_url: str, address: str, locale: str, name: str, department: str
) -> None:
    world = World(database_url)
    await bring_in(world)
    actor = world.person("someone", locale=locale, kind=AccountKind.GUEST)
    await register(actor, read_code(world, address))
    member = actor.member()
    assert (member.status, member.role, member.name, member.department) == (
        Status.ACTIVE,
        Role.ALUMNUS,
        name,
        department,
    )
    assert str(member.left_on) == "2026-11-30"
    yuka = world.hr()
    await yuka.join()
    await yuka.command("/hr")
    await yuka.press("登録済み")
    assert yuka.answer is not None
    assert name in text_of(yuka.answer)
    world.close()


async def test_the_code_of_one_is_no_code_of_another(sqlite_url: str) -> None:
    world = World(sqlite_url)
    await bring_in(world)
    misaki = world.person("misaki", kind=AccountKind.GUEST)
    await register(misaki, read_code(world, "misaki@mail.example"))
    thief = world.person("thief", kind=AccountKind.GUEST)
    await thief.join()
    await thief.press("登録する")
    await thief.submit(code=read_code(world, "misaki@mail.example"))
    assert thief.member().registration_step == 0
    assert set(thief.errors) == {"code"}
    world.close()


async def test_the_invitation_of_somebody_who_came_by_their_number_is_not_sent(sqlite_url: str) -> None:
    world = World(sqlite_url)
    with world.store.begin() as db:
        roster.import_leavers(db, LIST.encode("cp932"), world.policy, world.clock.now())
    misaki = world.person("misaki", kind=AccountKind.GUEST)
    await misaki.join()
    await misaki.press("登録する")
    await misaki.submit(number="123", name="さとう みさき", left="2026年11月")
    assert misaki.member().registration_step == 1
    world.clock.move(timedelta(days=10))
    await world.settle()
    assert "misaki@mail.example" not in world.mail.direct
    assert "jane@mail.example" in world.mail.direct
    world.close()


async def test_a_list_that_comes_again_with_changes_never_touches_the_member(sqlite_url: str) -> None:
    world = World(sqlite_url)
    await bring_in(world)
    misaki = world.person("misaki", kind=AccountKind.GUEST)
    await register(misaki, read_code(world, "misaki@mail.example"))
    changed = LIST.replace("設計２課", "人事部").replace("Misaki@Mail", "other@mail")

    def work(db: UnitOfWork) -> roster.ImportReport:
        return roster.import_leavers(db, changed.encode(), world.policy, world.clock.now())

    report = world.store.run_here(work)
    assert (report.updated, report.invitations) == (1, {})
    await world.settle()
    assert misaki.member().department == "設計2課"
    assert "other@mail.example" not in world.mail.direct
    with world.store.begin() as db:
        entry = find_by_number(db, "00123")
        assert entry is not None
        assert entry.department == "人事部"
    world.close()


async def test_the_mail_has_no_buttons_that_act(sqlite_url: str) -> None:
    world = World(sqlite_url)
    await bring_in(world)
    for shown in (*world.mail.direct["misaki@mail.example"], *world.mail.direct["jane@mail.example"]):
        assert list_buttons(shown.message) == []
    world.close()
