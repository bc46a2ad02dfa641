"""What can be open for somebody: for each, rows as the feature leaves them, once open and once over."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.glance import Question
from handlers.rooms import close_room, open_room
from storage.models import (
    CoffeeMember,
    Consultation,
    ConsultationRequest,
    ConsultationState,
    Event,
    EventAnswer,
    EventState,
    Job,
    JobInterest,
    Meeting,
    MeetingState,
    Member,
    Purpose,
    RequestState,
    Rsvp,
    Stage,
)
from storage.queries import coffee, consultations, events, jobs, meetings, rooms
from storage.queries.consents import find_consents, set_consents
from storage.uow import UnitOfWork
from tests.support.rows import list_rows
from tests.support.world import World

KEY = "consultation:1"


@dataclass(frozen=True, slots=True)
class Scene:
    """An open transaction with the two: whose home page it is, and somebody else."""

    world: World
    db: UnitOfWork
    me: int
    other: int

    def add(self, row: Any) -> int:
        """Keeps a row, and gives its id."""
        self.db.session.add(row)
        self.db.session.flush()
        return int(getattr(row, "id", None) or 0)

    def in_days(self, days: int) -> Any:
        """A moment so many days from now."""
        return self.world.clock.now() + timedelta(days=days)


@dataclass(frozen=True, slots=True)
class Case:
    """Rows for something that is open, for something like it that is not, what answers, and what the page says."""

    name: str
    begin: Callable[[Scene], None]
    almost: Callable[[Scene], None]
    questions: frozenset[Question]
    words: str


def _consultation(scene: Scene, state: ConsultationState, asker: int, mentor: int | None = None) -> int:
    at = scene.in_days(-1)
    return scene.add(
        Consultation(asker_id=asker, mentor_id=mentor, topic="電池の量産", state=state, created_at=at, accepted_at=at)
    )


def _request(scene: Scene, state: RequestState) -> None:
    asked = _consultation(scene, ConsultationState.ASKING, scene.other)
    given: dict[str, Any] = {"asked_at": scene.in_days(-1), "reply_by": scene.in_days(3), "state": state}
    scene.add(ConsultationRequest(consultation_id=asked, mentor_id=scene.me, **given))


def _meeting(scene: Scene, days: int, consultation: ConsultationState, state: MeetingState) -> None:
    subject = _consultation(scene, consultation, scene.other, scene.me)
    both: dict[str, Any] = {"first_id": scene.other, "second_id": scene.me}
    at = scene.in_days(days)
    both["created_at"] = scene.in_days(-9)
    scene.add(Meeting(kind="consultation", subject_id=subject, uid="m", state=state, starts_at=at, **both))


def _answer(scene: Scene, days: int, rsvp: Rsvp) -> None:
    begins = scene.in_days(days)
    given: dict[str, Any] = {"starts_at": begins, "ends_at": begins + timedelta(hours=2), "uid": "e"}
    state, at = EventState.ANNOUNCED, scene.in_days(-9)
    event = scene.add(Event(author_id=scene.other, state=state, title_ja="電池の夕べ", created_at=at, **given))
    scene.add(EventAnswer(event_id=event, member_id=scene.me, rsvp=rsvp, changed_at=at))


def _room(scene: Scene) -> None:
    ids, now = (scene.me, scene.other), scene.world.clock.now()
    assert open_room(scene.db, KEY, "電池の量産", ids, now, scene.world.policy, actor=scene.other)


def _closed_room(scene: Scene) -> None:
    _room(scene)
    close_room(scene.db, KEY, scene.world.clock.now(), scene.world.policy)


def _job(scene: Scene) -> int:
    given: dict[str, Any] = {"closes_on": scene.in_days(30).date(), "created_at": scene.in_days(-1)}
    return scene.add(
        Job(title_ja="量産の立ち上げ", url="https://jobs.example/1", changed_at=scene.in_days(-1), **given)
    )


def _interest(scene: Scene, stage: Stage) -> None:
    at = scene.in_days(-1)
    scene.add(JobInterest(job_id=_job(scene), member_id=scene.me, stage=stage, created_at=at, changed_at=at))


def _agree(scene: Scene, member: int, purpose: Purpose) -> None:
    set_consents(scene.db, member, find_consents(scene.db, member) | {purpose}, scene.in_days(-1))


def _wish(scene: Scene, member: int) -> None:
    _job(scene)
    _agree(scene, member, Purpose.JOBS)


def _part(scene: Scene, member: int) -> None:
    _agree(scene, member, Purpose.INTRODUCTIONS)
    scene.add(CoffeeMember(member_id=member, changed_at=scene.in_days(-1)))


CASES = (
    Case(
        "consultation",
        lambda scene: void(_consultation(scene, ConsultationState.SEARCHING, scene.me)),
        lambda scene: void(_consultation(scene, ConsultationState.CLOSED, scene.me)),
        frozenset({consultations.HAS_OPEN}),
        "「電池の量産」",
    ),
    Case(
        "request",
        lambda scene: _request(scene, RequestState.OPEN),
        lambda scene: _request(scene, RequestState.EXPIRED),
        frozenset({consultations.HAS_WAITING}),
        "相談したいそうです",
    ),
    Case(
        "meeting",
        lambda scene: _meeting(scene, 4, ConsultationState.ACCEPTED, MeetingState.FIXED),
        lambda scene: _meeting(scene, -3, ConsultationState.HELD, MeetingState.FIXED),
        frozenset({meetings.HAS_COMING, consultations.HAS_OPEN}),
        "11月24日",
    ),
    Case(
        "event",
        lambda scene: _answer(scene, 5, Rsvp.GOING),
        lambda scene: _answer(scene, 5, Rsvp.NOT_GOING),
        frozenset({events.HAS_OWN}),
        "電池の夕べ",
    ),
    Case("room", _room, _closed_room, frozenset({rooms.HAS_OPEN_ROOMS}), "開いている会話"),
    Case(
        "interest",
        lambda scene: _interest(scene, Stage.TALKING),
        lambda scene: _interest(scene, Stage.CLOSED),
        frozenset({jobs.HAS_GOING}),
        "量産の立ち上げ",
    ),
    Case(
        "jobs",
        lambda scene: _wish(scene, scene.me),
        lambda scene: _wish(scene, scene.other),
        frozenset({jobs.WANTS_JOBS}),
        "募集中の求人",
    ),
    Case(
        "coffee",
        lambda scene: _part(scene, scene.me),
        lambda scene: _part(scene, scene.other),
        frozenset({coffee.HAS_PART}),
        "コーヒー会に参加中です",
    ),
)


def void(result: object) -> None:
    """Leaves a result alone."""


def add_other(world: World, name: str) -> int:
    """Somebody else: active, and registered without its forms."""
    with world.store.begin() as db:
        db.session.add(Member(name=name, status="active", created_at=world.clock.now()))
    return list_rows(world.store, Member)[-1].id or 0
