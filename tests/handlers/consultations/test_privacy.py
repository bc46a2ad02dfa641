"""What people want to talk about stays between them: HR sees numbers and topics without people."""

import ast
import inspect
from pathlib import Path

import pytest
import structlog

from handlers.hr import figures as figures_page
from storage.models import AuditEntry, Consultation, Content, Delivery, RequestState, Role, Seen, UnmetDemand
from storage.queries import figures
from storage.queries.figures import hash_asker
from tests.handlers.consultations.people import (
    add_asker,
    add_member,
    add_mentor,
    consultation,
    make_world,
    read_all,
    requests,
    wait,
)
from tests.support.rows import list_rows
from tests.support.world import Actor, World

TOPIC = "電池の秘密の話題"
AIM = "ねらい：上司には言えない悩みについて"
LINE = "届けたい一行"
CONTACT = "secret@example.jp"

ROOT = Path(__file__).parents[3]


async def play_everything(world: World, sho: Actor, misaki: Actor, kenichi: Actor) -> None:
    """A whole consultation with a no, a yes, a day, a talk and thanks."""
    await sho.command(f"/mentor {TOPIC}")
    await sho.submit(aim=AIM)
    sho.answer = None
    await sho.press("おまかせ")
    first, second = (misaki, kenichi) if misaki.inbox else (kenichi, misaki)
    await first.press("今回は難しい")
    await first.submit(reason="timing")
    await second.press("引き受ける")
    second.answer = None
    await second.press("日にちを伝える")
    await second.submit(day="2026-11-25")
    await wait(world, days=6)
    for person in (sho, second):
        person.answer = None
        await person.press("はい")
        await person.submit(useful="5", line=LINE, share=("share",))


async def test_hr_hears_nothing_of_it(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    hr = await add_member(world, "山本 由佳", is_hr=True, role=Role.EMPLOYEE)
    sho, misaki, kenichi = await add_asker(world), await add_mentor(world), await add_mentor(world, "田中 健一")
    await play_everything(world, sho, misaki, kenichi)
    assert consultation(world).state == "held"
    assert hr.inbox == []
    assert list_rows(world.store, AuditEntry) == []
    world.close()


async def test_what_people_wrote_is_in_their_own_rows_and_messages_only(sqlite_url: str) -> None:
    """No other table, no key, no log line holds a word of it."""
    world = make_world(sqlite_url)
    sho, misaki, kenichi = await add_asker(world), await add_mentor(world), await add_mentor(world, "田中 健一")
    with structlog.testing.capture_logs() as logs:
        await play_everything(world, sho, misaki, kenichi)
    secrets = (TOPIC, AIM, LINE, "電池", "高橋", "佐藤", "田中")
    for secret in secrets:
        assert secret not in str(logs), "logs hold ids"
        assert secret not in str([row.key for row in list_rows(world.store, Delivery)])
        assert secret not in str(list_rows(world.store, Seen))
    written = [row.body for row in list_rows(world.store, Content)]
    assert any(AIM in body for body in written), "the person asked reads it, of course"
    assert list_rows(world.store, UnmetDemand) == []
    world.close()


async def test_the_reason_and_the_decliner_stay_unknown_to_the_asker(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho, misaki, kenichi = await add_asker(world), await add_mentor(world), await add_mentor(world, "田中 健一")
    await sho.command(f"/mentor {TOPIC}")
    await sho.submit(aim=AIM)
    sho.answer = None
    await sho.press("おまかせ")
    first = misaki if misaki.inbox else kenichi
    await first.press("今回は難しい")
    await first.submit(reason="timing", line=LINE)
    (declined, _) = requests(world)
    assert (declined.state, declined.decline_reason) == (RequestState.DECLINED, "timing")
    told = "\n".join(message.summary for message in sho.inbox[1:]) + read_all(sho).partition("次の方に")[2]
    for word in (first.profile.name, "時期", LINE):
        assert word not in told
    world.close()


async def test_unmet_demand_can_not_be_led_back_to_the_person(sqlite_url: str) -> None:
    world = make_world(sqlite_url)
    sho = await add_asker(world)
    await sho.command("/mentor 法務")
    await sho.submit(aim=AIM)
    (row,) = list_rows(world.store, UnmetDemand)
    asker = hash_asker(b"secret of a test", sho.member().id or 0)
    assert row.model_dump() == {"id": 1, "term": "concept:legal", "asker": asker, "month": "2026-11"}
    foreign = [key.target_fullname for column in UnmetDemand.__table__.columns for key in column.foreign_keys]  # type: ignore[attr-defined]
    assert foreign == []
    world.close()


def test_hrs_page_reads_only_tables_that_hold_nothing_small() -> None:
    """By their source: no table of consultations, and no unmet demand that still waits."""
    for query in (figures.list_months, figures.list_demand):
        names = {node.id for node in ast.walk(ast.parse(inspect.getsource(query))) if isinstance(node, ast.Name)}
        assert names & {"MonthFigures", "DemandFigure"}
        assert names & {"Consultation", "ConsultationRequest", "Proposal", "FollowUp", "Member", "UnmetDemand"} == set()
    page = ast.parse(inspect.getsource(figures_page))
    assert {node.attr for node in ast.walk(page) if isinstance(node, ast.Attribute) and _is_query(node)} == {
        "list_months",
        "list_demand",
    }


def _is_query(node: ast.Attribute) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id == "figures"


@pytest.mark.parametrize("feature", ["hr", "roster"])
def test_hrs_features_never_touch_consultations(feature: str) -> None:
    """Neither the tables nor the queries."""
    tables = {Consultation.__name__, "ConsultationRequest", "Proposal", "FollowUp"}
    for path in sorted((ROOT / "handlers" / feature).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                names = {alias.name for alias in node.names}
                assert not names & tables, path
                if node.module == "storage.queries.consultations":
                    assert names <= {"list_hr"}, path
