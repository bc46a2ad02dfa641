"""Times to meet, on both databases: one for each thing, held as it is now, with the reminders that are needed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from storage.models import Content, Delivery, Meeting, MeetingState, Member, Reminder, Status
from storage.queries import meetings as queries
from storage.queries.deliveries import find_body
from storage.uow import Store, UnitOfWork
from tests.support.rows import list_rows

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
AT = NOW + timedelta(days=4)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """A database with three members."""
    made = Store(database_url)
    with made.begin() as db:
        db.session.add_all(Member(status=Status.ACTIVE, name=name, created_at=NOW) for name in ("一", "二", "三"))
    yield made
    made.close()


def fresh(subject: int = 1, first: int = 1, second: int = 2) -> Meeting:
    """A meeting of two, not kept yet."""
    return Meeting(kind="walk", subject_id=subject, first_id=first, second_id=second, uid=f"u{subject}", created_at=NOW)


def keep(db: UnitOfWork, subject: int, *, first: int = 1, second: int = 2, **more: object) -> Meeting:
    """A meeting as given, kept."""
    made = queries.ensure_meeting(db, fresh(subject, first, second))
    for name, value in more.items():
        setattr(made, name, value)
    db.session.flush()
    return made


def test_there_is_one_for_each_thing(store: Store) -> None:
    with store.begin() as db:
        first = queries.ensure_meeting(db, fresh())
        first.round = 3
        again = queries.ensure_meeting(db, fresh(second=3))
        assert (again.id, again.second_id, again.round) == (first.id, 2, 3)
        assert queries.ensure_meeting(db, fresh(2)).id != first.id
    assert len(list_rows(store, Meeting)) == 2


def test_everything_is_kept(store: Store) -> None:
    slots = [AT.isoformat(), (AT + timedelta(days=1)).isoformat()]
    with store.begin() as db:
        keep(db, 1, state=MeetingState.PROPOSED, starts_at=AT, slots=slots, proposer_id=2, proposed_at=NOW, nudged=True)
    (found,) = list_rows(store, Meeting)
    assert (found.slots, found.starts_at, found.proposer_id, found.nudged) == (slots, AT, 2, True)
    assert (found.minutes, found.sequence, found.first_card) == (30, -1, "")


def test_it_is_found_by_what_it_is_for(store: Store) -> None:
    with store.begin() as db:
        made = keep(db, 7, starts_at=AT)
        assert queries.find_subject(db, made.id or 0) == ("walk", 7)
        assert queries.find_subject(db, 99) is None
        assert queries.find_time(db, "walk", 7) == AT
        assert queries.find_time(db, "walk", 8) is None
        assert queries.find_by_subject(db, "other", 7) is None
        assert queries.find_locked(db, 99) is None


def test_a_hold_sees_what_another_transaction_has_changed(store: Store) -> None:
    with store.begin() as db:
        id = keep(db, 1).id or 0
    with store.begin() as db:
        seen = db.session.get_one(Meeting, id)
        assert seen.round == 0
        db.session.commit()
        with store.begin() as other:
            held = queries.find_locked(other, id)
            assert held is not None
            held.round = 5
        again = queries.find_locked(db, id)
        assert again is not None
        assert again.round == 5


def test_what_is_taken(store: Store) -> None:
    with store.begin() as db:
        mine = keep(db, 1, starts_at=AT)
        keep(db, 2, first=3, second=1, starts_at=AT + timedelta(days=1))
        keep(db, 3, first=3, second=2, starts_at=AT + timedelta(days=2))
        keep(db, 4, starts_at=AT, state=MeetingState.ENDED)
        keep(db, 5, starts_at=NOW - timedelta(days=1))
        keep(db, 6)
        taken = {at for at, minutes in queries.list_taken(db, (1,), NOW, mine.id or 0) if minutes == 30}
        assert taken == {AT + timedelta(days=1)}
        assert len(queries.list_taken(db, (1, 2), NOW, 0)) == 3


def test_what_comes(store: Store) -> None:
    with store.begin() as db:
        keep(db, 1, starts_at=AT, state=MeetingState.FIXED)
        keep(db, 2, state=MeetingState.PROPOSED)
        keep(db, 3, starts_at=NOW, state=MeetingState.FIXED)
        keep(db, 4, starts_at=AT, state=MeetingState.ENDED)
        keep(db, 5)
        keep(db, 6, first=2, second=3, starts_at=AT, state=MeetingState.FIXED)
        assert [one.subject_id for one in queries.list_coming(db, 1, NOW)] == [1, 2]
        assert [one.subject_id for one in queries.list_coming(db, 3, NOW)] == [6]
        assert queries.list_coming(db, 1, AT)[0].subject_id == 2


def pending(store: Store) -> dict[str, datetime]:
    """The reminders to come."""
    return {row.kind: row.due_at for row in list_rows(store, Reminder) if row.state == "pending"}


def test_reminders_are_exactly_those_that_are_needed(store: Store) -> None:
    with store.begin() as db:
        meeting = keep(db, 1)
        queries.set_alarms(db, meeting, {queries.ANSWER: AT, queries.DAY_BEFORE: NOW})
    assert pending(store) == {queries.ANSWER: AT, queries.DAY_BEFORE: NOW}
    with store.begin() as db:
        queries.set_alarms(db, meeting, {queries.DAY_BEFORE: AT, queries.HOUR_BEFORE: AT})
    assert pending(store) == {queries.DAY_BEFORE: AT, queries.HOUR_BEFORE: AT}
    with store.begin() as db:
        queries.set_alarms(db, meeting, {})
    assert pending(store) == {}


def test_a_reminder_that_has_fired_can_be_set_anew(store: Store) -> None:
    with store.begin() as db:
        meeting = keep(db, 1)
        queries.set_alarms(db, meeting, {queries.DAY_BEFORE: NOW})
    with store.begin() as db:
        db.session.get_one(Reminder, 1).state = "done"
    with store.begin() as db:
        queries.set_alarms(db, meeting, {queries.DAY_BEFORE: AT})
    assert pending(store) == {queries.DAY_BEFORE: AT}


def test_the_body_behind_a_link(store: Store) -> None:
    with store.begin() as db:
        db.session.add(Content(id=5, body="{}"))
        db.session.flush()
        db.session.add(Delivery(key="k", content_id=5, available_at=NOW, created_at=NOW))
    with store.begin() as db:
        assert find_body(db, "k") == "{}"
        assert find_body(db, "another") is None
