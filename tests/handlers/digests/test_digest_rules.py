"""What a reader gets and when, over random communities and all zones."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.digest import EVERY_ROLE, DigestItem, DigestOffer, DigestReader, Fit, FitFor, ItemKind
from handlers.digests.rules import (
    FEWEST,
    MOST,
    REMEMBERED,
    WEEKLY,
    Chooser,
    add_seen,
    find_round,
    next_moment,
    read_seen,
    weigh,
)

PEOPLE = st.integers(1, 12)
BEGIN, END = datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)
ROLES = st.sampled_from([EVERY_ROLE, frozenset({"alumnus"}), frozenset({"employee"})])


def item(kind: ItemKind, key: str, **given: object) -> DigestItem:
    return DigestItem(kind, key, lambda role: (), **given)  # pyright: ignore[reportArgumentType]


def news(count: int, **given: object) -> DigestOffer:
    return DigestOffer(tuple(item(ItemKind.NEWS, f"news:{n}", about=100 + n, **given) for n in range(count)))


@st.composite
def offers(draw: st.DrawFn) -> list[DigestOffer]:
    """What several features offer."""
    made: list[DigestOffer] = []
    for number in range(draw(st.integers(0, 4))):
        items = tuple(
            item(
                draw(st.sampled_from(list(ItemKind))),
                f"{number}:{n}",
                about=draw(st.one_of(st.just(0), PEOPLE)),
                roles=draw(ROLES),
                purpose=draw(st.sampled_from(["", "news", "jobs"])),
                from_hr=draw(st.booleans()),
                shown=draw(st.integers(0, 3)),
            )
            for n in range(draw(st.integers(0, 12)))
        )
        scores = {one.key: float(draw(st.integers(-1, 3))) for one in items}
        made.append(DigestOffer(items, draw(st.sampled_from([None, fit_by(scores)]))))
    return made


def fit_by(scores: Mapping[str, float]) -> FitFor:
    return lambda db, readers: lambda reader, one: scores[one.key]


@st.composite
def readers(draw: st.DrawFn) -> list[DigestReader]:
    """A few readers."""
    agreed = st.frozensets(st.sampled_from(["news", "jobs"]))
    ids = draw(st.lists(PEOPLE, min_size=1, max_size=8, unique=True))
    return [DigestReader(id, "ja", draw(st.sampled_from(sorted(EVERY_ROLE))), "", draw(agreed)) for id in ids]


@given(offers(), readers(), st.dictionaries(PEOPLE, st.frozensets(PEOPLE)), st.sets(st.integers(0, 11)))
def test_nobody_ever_gets_what_is_not_for_them(
    given_offers: list[DigestOffer],
    all_readers: list[DigestReader],
    parted: Mapping[int, frozenset[int]],
    before: set[int],
) -> None:
    chooser = Chooser(given_offers)
    chooser.meet(None, all_readers)
    fits = {
        one.key: offer.fit_for and offer.fit_for(None, all_readers) for offer in given_offers for one in offer.items
    }
    seen = [f"0:{number}" for number in before]
    for reader in all_readers:
        chosen = [chooser.items[n] for n in chooser.choose(reader, parted.get(reader.id, frozenset()), seen)]
        assert not chosen or FEWEST <= len(chosen) <= MOST
        assert 3 * sum(one.from_hr for one in chosen) <= len(chosen)
        assert len({one.key for one in chosen}) == len(chosen)
        for one in chosen:
            fit = fits[one.key]
            assert reader.role in one.roles
            assert one.purpose in ("", *reader.agreed)
            assert one.about != reader.id
            assert one.about not in parted.get(reader.id, ())
            assert one.key not in seen
            assert one.kind is ItemKind.NEWS or fit is None or fit(reader, one) > 0
        kinds = Counter(one.kind for one in chosen)
        assert kinds[ItemKind.EVENT] <= 1
        assert kinds[ItemKind.JOB] <= 2
        assert kinds[ItemKind.QUESTION] <= 1
        places = [list(ItemKind).index(one.kind) for one in chosen]
        assert places == sorted(places)


@given(st.integers(5, 40), st.integers(1, 60))
def test_everybody_s_news_get_their_turn(count: int, people: int) -> None:
    chooser = Chooser([news(count)])
    told: Counter[str] = Counter({f"news:{n}": 0 for n in range(count)})
    for id in range(1, people + 1):
        told.update(chooser.items[n].key for n in chooser.choose(DigestReader(id, "ja", "alumnus")))
    assert max(told.values()) - min(told.values()) <= 1


def test_the_least_shown_come_first_and_of_equals_the_one_offered_first() -> None:
    counts = [5, 0, 2, 0, 9, 1, 3, 4, 0]
    items = tuple(item(ItemKind.NEWS, str(n), shown=count) for n, count in enumerate(counts))
    chooser = Chooser([DigestOffer(items)])
    assert set(chooser.choose(DigestReader(1, "ja", "alumnus"))) == {1, 3, 8, 5, 2, 6, 7}
    assert {4, 0} <= set(chooser.choose(DigestReader(2, "ja", "alumnus"))) | {4}


def test_turns_are_counted_for_alumni_and_employees_together() -> None:
    everybody, alumni = news(6), DigestOffer((item(ItemKind.NEWS, "alumni", roles=frozenset({"alumnus"})),))
    told: dict[str, int] = {}
    offer = DigestOffer(everybody.items + alumni.items, note_shown=lambda db, shown: told.update(shown))
    chooser = Chooser([offer])
    for id in range(1, 11):
        chooser.choose(DigestReader(id, "ja", "employee" if id % 2 else "alumnus"))
    chooser.keep()
    chooser.note_shown(None)
    assert told["alumni"] == 5
    assert all(told[f"news:{n}"] in (9, 10) for n in range(6))


def test_what_was_chosen_in_a_transaction_that_is_begun_anew_does_not_count() -> None:
    told: dict[str, int] = {}
    items = tuple(item(ItemKind.NEWS, str(n), shown=n) for n in range(20))
    chooser = Chooser([DigestOffer(items, note_shown=lambda db, shown: told.update(shown))])
    people = [DigestReader(id, "ja", "alumnus") for id in range(1, 5)]
    chooser.meet(None, people)
    kept = [chooser.choose(reader) for reader in people]
    chooser.keep()
    chooser.meet(None, people)
    first = [chooser.choose(reader) for reader in people]
    chooser.meet(None, people)
    assert [chooser.choose(reader) for reader in people] == first
    chooser.note_shown(None)
    assert told == Counter(str(n) for chosen in kept for n in chosen)


def test_how_well_something_fits_is_read_anew_for_each_chunk_and_only_where_there_is_something() -> None:
    asked: list[list[int]] = []

    def fit_for(db: object, readers: Sequence[DigestReader]) -> Fit:
        ids = [reader.id for reader in readers]
        asked.append(ids)
        return lambda reader, one: float(reader.id in ids)

    chooser = Chooser([news(3), DigestOffer((item(ItemKind.JOB, "job"),), fit_for), DigestOffer((), fit_for)])
    first, second = DigestReader(1, "ja", "alumnus"), DigestReader(2, "ja", "alumnus")
    chooser.meet(None, [first])
    assert [len(chooser.choose(reader)) for reader in (first, second)] == [4, 3]
    chooser.meet(None, [second])
    assert [len(chooser.choose(reader)) for reader in (first, second)] == [3, 4]
    assert asked == [[1], [2]]


def test_what_fits_best_is_taken_of_jobs() -> None:
    jobs = tuple(item(ItemKind.JOB, f"job:{n}", purpose="jobs") for n in range(5))
    scores = {"job:0": 0.0, "job:1": 0.2, "job:2": 0.9, "job:3": 0.5, "job:4": -1.0}
    chooser = Chooser([news(3), DigestOffer(jobs, fit_by(scores))])
    agreed = DigestReader(1, "ja", "alumnus", "", frozenset({"jobs"}))
    chooser.meet(None, [agreed])
    assert [chooser.items[n].key for n in chooser.choose(agreed)][3:] == ["job:2", "job:3"]
    assert len(chooser.choose(DigestReader(2, "ja", "alumnus"))) == 3


@given(st.integers(0, 12), st.integers(0, 6))
def test_hr_has_a_third_at_most_and_the_rest_is_as_much_as_fits(own: int, hr: int) -> None:
    chosen = weigh(range(own), range(100, 100 + hr))
    from_hr = sum(number >= 100 for number in chosen)
    assert 3 * from_hr <= len(chosen) <= MOST
    if own >= FEWEST:
        assert len(chosen) - from_hr >= min(own, MOST - 2)
        assert from_hr == min(hr, 2, min(own, MOST - min(hr, 2)) // 2)
    if own < 2:
        assert chosen == []


def test_two_of_their_own_and_one_of_hr_are_a_digest_and_one_alone_is_none() -> None:
    assert len(weigh([1, 2], [9])) == FEWEST
    assert weigh([1, 2], []) == []
    assert weigh([1], [8, 9]) == []


@given(st.lists(st.text("abc:0", min_size=1), max_size=200))
def test_what_was_seen_is_remembered_up_to_a_point(keys: list[str]) -> None:
    text = ""
    for key in keys:
        text = add_seen(text, [key])
    assert read_seen(text) == tuple(keys[-REMEMBERED:])


def distinct_zones() -> list[str]:
    """Zones by where their clocks stand through ten years: most names are the same as another."""
    marks = [BEGIN + timedelta(days=5 * n) for n in range(730)]
    found = {
        tuple(mark.astimezone(ZoneInfo(name)).utcoffset() for mark in marks): name for name in available_timezones()
    }
    return sorted(found.values())


def test_over_ten_years_in_every_zone_no_digest_is_missed_and_none_comes_twice() -> None:
    for zone in distinct_zones():
        at, months, pairs = next_moment(zone, BEGIN), list[str](), list[str]()
        moments = [at]
        while at < END:
            turn = find_round(zone, at, at + timedelta(minutes=1))
            assert turn.at == at
            assert "weekly" in turn.rhythms
            months += [turn.period[:7]] if "monthly" in turn.rhythms else []
            pairs += [turn.period[:7]] if "bimonthly" in turn.rhythms else []
            at = next_moment(zone, at)
            moments.append(at)
        expected = [f"{year}-{month:02}" for year in range(2020, 2030) for month in range(1, 13)]
        assert [month for month in months if month < "2030"] == expected, zone
        assert [month for month in pairs if month < "2030"] == [
            month for month in expected if int(month[-2:]) % 2 == 0
        ], zone
        assert all(timedelta(days=6) < after - before < timedelta(days=8) for before, after in pairwise(moments)), zone
        assert sum(moment.astimezone(ZoneInfo(zone)).hour == WEEKLY.at.hour for moment in moments) >= len(moments) - 1


@given(
    st.sampled_from(["Asia/Tokyo", "Europe/Berlin", "America/Detroit", "Australia/Lord_Howe", "Pacific/Apia", "UTC"]),
    st.lists(st.integers(1, 60 * 24 * 60), min_size=5, max_size=60),
)
def test_however_long_musubi_was_down_every_month_comes_once(zone: str, waits: list[int]) -> None:
    """`waits` are the minutes between Musubi's looks at the clock: up to 60 days."""
    now, slot = BEGIN, next_moment(zone, BEGIN)
    served: list[tuple[datetime, datetime, frozenset[str]]] = []
    for minutes in waits:
        before, now = now, now + timedelta(minutes=minutes)
        if slot <= now:
            turn = find_round(zone, slot, now)
            assert slot <= turn.at <= now
            assert turn.at > now - timedelta(days=8)
            served.append((before, now, turn.rhythms))
            slot = next_moment(zone, now)
    firsts = [at for at in list_tuesdays(zone, BEGIN, now) if at.astimezone(ZoneInfo(zone)).day <= 7]
    for at in firsts:
        covering = [rhythms for before, after, rhythms in served if before < at <= after]
        assert len(covering) == 1
        assert "monthly" in covering[0]
    assert sum("monthly" in rhythms for *_, rhythms in served) <= len(firsts)


def list_tuesdays(zone: str, begin: datetime, end: datetime) -> list[datetime]:
    found: list[datetime] = []
    at = next_moment(zone, begin)
    while at <= end:
        found.append(at)
        at = next_moment(zone, at)
    return found


@pytest.mark.parametrize("zone", ["Nowhere/Town", ""])
def test_a_zone_that_is_none_counts_as_utc(zone: str) -> None:
    assert next_moment(zone, BEGIN) == next_moment("UTC", BEGIN)
    assert find_round(zone, next_moment(zone, BEGIN), END).period == "2029-12-25"
