"""Jobs in digests, in announcements, and how well they fit."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from bot.digest import DigestReader
from bot.i18n import use_locale
from handlers.digests.rules import Chooser
from handlers.jobs.announcing import KIND
from handlers.jobs.fitting import Reason, Seeker, Shelf, is_in, rank
from handlers.jobs.offer import offer
from handlers.topics import get_working_reader
from storage.models import JobState, JobWish, Member, Purpose
from storage.queries import jobs as queries
from tests.handlers.digests.people import add_member
from tests.handlers.jobs.people import add_job, job, make_job, make_world
from tests.support.world import POLICY, START, World

ADVISOR = make_job(
    2, title_ja="寒冷地試験の顧問", text_ja="月に二日", title_en="", text_en="", kind="advisor", place="札幌市"
)


@pytest_asyncio.fixture
async def world(sqlite_url: str) -> AsyncIterator[World]:
    world = make_world(sqlite_url)
    yield world
    world.close()


def shelf() -> Shelf:
    return Shelf(
        get_working_reader(""),
        [
            make_job(1),
            ADVISOR,
            make_job(3, place="在宅可", title_ja="社員食堂", title_en="Canteen", text_ja="献立", text_en="Menu"),
        ],
    )


def test_every_reason_can_be_seen_in_the_job_and_in_the_person() -> None:
    one, two, three = shelf().fit(Seeker(("advisor",), ("札幌",), ("電池開発", "Battery development", "料理")))
    assert {(reason.kind, reason.mine) for reason in one.reasons} == {
        ("topic", "電池開発"),
        ("topic", "Battery development"),
    }
    assert two.reasons == (Reason("kind", "advisor"), Reason("place", "札幌"))
    assert three.reasons == ()
    assert one.score > two.score > three.score == 0


def test_with_nothing_told_nothing_fits() -> None:
    assert all(fit.score == 0 and fit.reasons == () for fit in shelf().fit(Seeker()))


def test_from_anywhere_is_no_reason_by_itself() -> None:
    (fit,) = Shelf(get_working_reader(""), [make_job(1, place="フルリモート")]).fit(Seeker(("full_time",)))
    assert [reason.kind for reason in fit.reasons] == ["kind", "remote"]


@pytest.mark.parametrize(
    ("mine", "place", "there"),
    [
        ("横浜", "横浜市・在宅可", True),
        ("横浜市", "神奈川県横浜市西区", True),
        ("Ｙｏｋｏｈａｍａ", "yokohama", True),
        ("York", "New York", True),
        ("York", "Yorkshire", False),
        ("津", "大津", False),
        ("", "横浜", False),
        ("大阪", "", False),
    ],
)
def test_places(mine: str, place: str, there: bool) -> None:
    assert is_in(mine, place) is there


def test_of_equals_the_newest_comes_first() -> None:
    jobs = [make_job(id) for id in (1, 3, 2)]
    fits = Shelf(get_working_reader(""), jobs).fit(Seeker())
    assert [one.id for one, _fit in rank(jobs, fits)] == [3, 2, 1]


def reader(id: int, *agreed: str) -> DigestReader:
    return DigestReader(id, "ja", "alumnus", agreed=frozenset(agreed))


async def choose(world: World, readers: list[DigestReader]) -> list[list[str]]:
    with world.store.begin() as db:
        made = offer(db, POLICY)
        chooser = Chooser([made])
        assert made.fit_for is not None
        fit = made.fit_for(db, readers)
        fits = [[item.key for item in made.items if fit(one, item) > 0] for one in readers]
        assert all(item.purpose == Purpose.JOBS and item.from_hr for item in made.items)
        assert chooser.items == list(made.items)
        return fits


async def test_a_digest_offers_what_fits_and_nothing_that_was_refused(world: World) -> None:
    for fields in ({}, {"title_ja": "顧問", "kind": "advisor", "place": "札幌"}, {"title_ja": "終わり"}):
        add_job(world, **fields)
    with world.store.begin() as db:
        ids = [add_member(db, f"人{number}").id or 0 for number in range(4)]
        db.session.get_one(Member, ids[0]).city = "横浜"
        queries.keep_wish(db, JobWish(member_id=ids[1], kinds=["advisor"]))
        queries.keep_wish(db, JobWish(member_id=ids[2], kinds=["advisor", "full_time"]))
        queries.hide(db, ids[2], 2, START)
        queries.get_job(db, 3).state = JobState.CLOSED
    assert await choose(world, [reader(id, "jobs") for id in ids]) == [["job:1"], ["job:2"], ["job:1"], []]


async def test_the_queries_for_a_chunk_don_t_grow_with_it(world: World) -> None:
    for _number in range(5):
        add_job(world)
    with world.store.begin() as db:
        ids = [add_member(db, f"人{number}").id or 0 for number in range(30)]
    counts: list[int] = []
    for some in (ids[:2], ids):
        statements: list[str] = []
        with world.store.begin() as db:
            event.listen(db.session.connection(), "before_cursor_execute", lambda *args: statements.append(args[2]))  # noqa: B023
            made = offer(db, POLICY)
            assert made.fit_for is not None
            made.fit_for(db, [reader(id) for id in some])
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 7


async def test_what_was_shown_is_counted(world: World) -> None:
    add_job(world)
    with world.store.begin() as db:
        offer(db, POLICY).note_shown(db, {"job:1": 7})
    assert job(world).shown == 7


async def test_an_announcement_shows_the_four_buttons_while_the_job_is_open(world: World) -> None:
    add_job(world)
    nobody = Member(language="ja", role="alumnus", created_at=START)
    with world.store.begin() as db, use_locale("ja"):
        shown = repr(KIND.draw(db, 1, nobody, START))
        for label in ("詳しく", "カジュアルに話す", "知人を紹介", "興味なし"):
            assert f"label='{label}'" in shown
        queries.get_job(db, 1).state = JobState.CLOSED
        assert KIND.draw(db, 1, nobody, START) is None
        assert KIND.draw(db, 99, nobody, START) is None
    assert (KIND.name, KIND.purpose) == ("job", Purpose.JOBS)


@given(st.lists(st.sampled_from(["電池開発", "battery", "料理", "起業", "x", "　"]), max_size=5), st.text(max_size=8))
def test_whatever_somebody_tells_scores_are_sane(topics: list[str], place: str) -> None:
    for fit in shelf().fit(Seeker(("advisor",), (place,), tuple(topics))):
        assert fit.score >= 0
        assert (fit.score > 0) == bool(fit.reasons)
