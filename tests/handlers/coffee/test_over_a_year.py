"""Round after round: nobody meets the same person within half a year, nobody has two partners, nobody is forgotten."""

from datetime import date, timedelta
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.policy import Policy
from handlers.coffee.days import find_next_day
from handlers.coffee.solving import Snapshot, make_arrays, name_groups
from matching.rounds import make_groups
from storage.models import Role
from storage.queries.coffee import NOT_AGAIN, Person

POLICY = Policy()
ROUNDS = 9
Met = dict[frozenset[int], date]


@st.composite
def communities(draw: st.DrawFn) -> list[Person]:
    """A few people, some of them employees."""
    count = draw(st.integers(2, 9))
    topics = st.lists(st.sampled_from(["電池開発", "相続", "人事", "マーケティング"]), max_size=2, unique=True)
    roles, departments = st.sampled_from([Role.ALUMNUS, Role.EMPLOYEE]), st.sampled_from(["", "a", "b"])
    return [Person(id, draw(roles), draw(departments), tuple(draw(topics))) for id in range(1, count + 1)]


async def hold(people: list[Person], day: date, met: Met, blocked: set[frozenset[int]]) -> list[tuple[int, ...]]:
    """One round, as the bot holds it, without its process."""
    lately = [pair for pair, at in met.items() if at > day - NOT_AGAIN]
    apart = tuple((min(pair), max(pair)) for pair in (*lately, *blocked))
    snapshot = Snapshot(tuple(people), apart, ())
    return name_groups(make_groups(await make_arrays(snapshot, POLICY)), [person.id for person in people])


@settings(max_examples=25)
@given(communities(), st.sets(st.frozensets(st.integers(1, 9), min_size=2, max_size=2), max_size=3))
async def test_over_three_quarters_of_a_year(people: list[Person], blocked: set[frozenset[int]]) -> None:
    met: Met = {}
    day = date(2026, 12, 7)
    for _ in range(ROUNDS):
        groups = await hold(people, day, met, blocked)
        members = [person for group in groups for person in group]
        assert len(members) == len(set(members))
        for group in groups:
            for pair in map(frozenset, combinations(group, 2)):
                assert pair not in blocked
                assert pair not in met or day - met[pair] >= NOT_AGAIN
                met[pair] = day
        check_nobody_is_forgotten(people, set(members), day, met, blocked)
        following = find_next_day(day, "monthly", "Asia/Tokyo")
        assert following is not None
        assert timedelta(days=20) < following - day < timedelta(days=45)
        day = following


def check_nobody_is_forgotten(
    people: list[Person], members: set[int], day: date, met: Met, blocked: set[frozenset[int]]
) -> None:
    """Raises AssertionError if two are left over who could have met."""
    left = [person.id for person in people if person.id not in members]
    for pair in map(frozenset, combinations(left, 2)):
        assert pair in blocked or (pair in met and day - met[pair] < NOT_AGAIN)


async def test_four_people_meet_everybody_once_and_then_wait() -> None:
    people = [Person(id, Role.ALUMNUS, "", ()) for id in range(1, 5)]
    met: Met = {}
    held: list[int] = []
    for month in range(5):
        day = date(2026, 12, 7) + timedelta(weeks=4 * month)
        groups = await hold(people, day, met, set())
        held.append(len(groups))
        met |= {frozenset(group): day for group in groups}
    assert held == [2, 2, 2, 0, 0]
    assert len(met) == 6
