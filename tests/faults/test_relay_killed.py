"""A consultation between Slack and Teams while Musubi, in a process of its own, is killed with SIGKILL all the time."""

import asyncio
import contextlib
import random
from collections.abc import Awaitable
from pathlib import Path

import pytest
from sqlmodel import select

from storage.models import Delivery
from tests.fake_slack import Person
from tests.fake_teams import Actor
from tests.fake_teams.dialogs import Misbehaved
from tests.faults.relay_killed import KilledCompany
from tests.flows.relay_company import count, meet, read_slack, read_teams
from tests.flows.relay_steps import consult, opening_of

pytestmark = [pytest.mark.xdist_group("storms"), pytest.mark.timeout(300)]


async def test_killed_between_any_two_steps_nothing_is_lost_or_doubled(database_url: str, tmp_path: Path) -> None:
    """On one database it is killed first before a step's messages go out, then when they are out, and so on; on the
    other one the other way round."""
    first = "before" if database_url.startswith("sqlite") else "after"
    async with KilledCompany(database_url, tmp_path, first=first) as company:
        await consult(company)
        company.check_nothing_went_wrong()
        assert company.kills > 45
        assert list_states(company) <= {"sent", "skipped"}


def list_states(company: KilledCompany, platform: str = "") -> set[str]:
    """In which states messages have ended; on one platform, or on all."""
    rows = company.store.run_here(lambda db: db.session.exec(select(Delivery.platform, Delivery.state)).all())
    return {state for where, state in rows if platform in (where, "")}


# At any moment


async def test_killed_at_random_moments_only_teams_is_uncertain_and_says_so(sqlite_url: str, tmp_path: Path) -> None:
    """Slack can be asked what arrived, Teams can't: what may be missing there is listed, and nothing comes twice."""
    draw = random.Random(23)
    async with KilledCompany(sqlite_url, tmp_path, restarting=False) as company:
        misaki, sho = await meet(company)
        company.draw = draw
        await _talk(company, misaki, sho, draw)
        company.draw = None
        await company.settle()
        _check_slack(misaki)
        missing = _count_missing(sho)
        uncertain = _count_uncertain(company)
        print({"kills": company.kills, "missing on Teams": missing, "uncertain": uncertain})
        assert missing <= uncertain
        assert list_states(company, "slack") <= {"sent", "skipped"}
        assert set(company.slack.count_by_key().values()) == {1}
        assert company.kills > 40


async def _talk(company: KilledCompany, misaki: Person, sho: Actor, draw: random.Random) -> None:
    """Ten messages each way, an edit and a deletion each."""
    for number in range(10):
        await _disturb(company, misaki.write(f"美咲から{number}番目です。", thread=opening_of(misaki)), draw)
        await _disturb(company, sho.write(f"翔から{number}番目です。"), draw)
    await _disturb(company, misaki.edit(misaki.written[-1], "美咲から9番目、改め"), draw)
    await _disturb(company, sho.edit(sho.written[-1], "翔から9番目、改め"), draw)
    await _disturb(company, misaki.delete(misaki.written[-2]), draw)
    await _disturb(company, sho.delete(sho.written[-2]), draw)


async def _disturb(company: KilledCompany, act: Awaitable[object], draw: random.Random) -> None:
    """Somebody does something while Musubi is killed; the platform sends again what was not answered."""
    task = asyncio.ensure_future(act)
    await company.kill_at_random(draw)
    with contextlib.suppress(Misbehaved):  # not answered: it comes again
        await task
    await company.settle()


def _check_slack(misaki: Person) -> None:
    """Everything that came from Teams stands there once, in its order."""
    heard = [shown.text.splitlines()[1] for shown in misaki.shown() if "翔から" in shown.text]
    assert [text for text in heard if "改め" not in text] == [f"翔から{number}番目です。" for number in range(8)]
    assert count(read_slack(misaki), "翔から9番目、改め") == 1
    assert count(read_slack(misaki), "（書いた方が削除しました）") == 1


def _count_missing(sho: Actor) -> int:
    """How much of what came from Slack doesn't stand there, or not as it should; nothing may stand there twice."""
    texts = read_teams(sho)
    wanted = [f"美咲から{number}番目です。" for number in range(8)]
    counts = [count(texts, words) for words in (*wanted, "美咲から9番目、改め", "（書いた方が削除しました）")]
    assert max(counts) <= 1
    told = [text.splitlines()[1] for text in texts if "番目です" in text]
    assert [text for text in told if text in wanted] == sorted(text for text in told if text in wanted)
    return counts.count(0)


def _count_uncertain(company: KilledCompany) -> int:
    """What is listed for HR."""
    with company.store.begin() as db:
        return len(db.session.exec(select(Delivery.id).where(Delivery.state == "uncertain")).all())
