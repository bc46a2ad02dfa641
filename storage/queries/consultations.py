"""Consultations. Nothing here tells HR what anybody wants to talk about: that is for `storage.queries.figures`, which
tells of nobody.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import and_, col, func, or_, select

from storage.glance import MEMBER, finds_any
from storage.models import (
    Account,
    Consultation,
    ConsultationRequest,
    ConsultationState,
    FollowUp,
    Member,
    Proposal,
    RequestState,
    Room,
    Status,
)
from storage.queries.reminders import forget, set_reminders
from storage.statements import insert_ignore, is_one_of, write_out
from storage.uow import UnitOfWork

TIMER = "consultation.wake"
"""The kind of the one reminder of an open consultation."""

MEETING = "consultation"
"""The kind under which the times of consultations are kept."""

OPEN = (
    ConsultationState.PROPOSED,
    ConsultationState.ASKING,
    ConsultationState.SEARCHING,
    ConsultationState.ACCEPTED,
)
_SAID_NO = (RequestState.DECLINED, RequestState.SUGGESTED, RequestState.EXPIRED, RequestState.CALLED_OFF)
_LONG_PAST = timedelta(days=90)


# One consultation


def lock_member(db: UnitOfWork, member_id: int) -> Member:
    """The member, held until the end of the transaction, so that two presses at once come one after the other."""
    return db.session.exec(select(Member).where(Member.id == member_id).with_for_update()).one()


def find_locked(db: UnitOfWork, consultation_id: int) -> Consultation | None:
    """The consultation, held until the end of the transaction."""
    return db.session.exec(select(Consultation).where(Consultation.id == consultation_id).with_for_update()).first()


def get_consultation(db: UnitOfWork, consultation_id: int) -> Consultation:
    """The consultation, for reading. Raises when there is none."""
    return db.session.get_one(Consultation, consultation_id)


def find_by_form(db: UnitOfWork, asker_id: int, form_key: str) -> Consultation | None:
    """The consultation that this opening of the form has led to."""
    statement = select(Consultation).where(Consultation.asker_id == asker_id, Consultation.form_key == form_key)
    return db.session.exec(statement).first()


def add_consultation(db: UnitOfWork, consultation: Consultation) -> Consultation:
    """Keeps a new consultation and gives it its id."""
    db.session.add(consultation)
    db.session.flush()
    return consultation


def set_timer(db: UnitOfWork, consultation: Consultation, at: datetime) -> None:
    """Lets the consultation's one timer ring at `at`."""
    set_reminders(db, TIMER, {consultation.id or 0: at})


def stop_timer(db: UnitOfWork, consultation: Consultation) -> None:
    """Nothing more is to come."""
    forget(db, TIMER, consultation.id or 0)


def count_open(db: UnitOfWork, asker_id: int) -> int:
    """How many consultations of this asker are open."""
    statement = select(func.count()).where(Consultation.asker_id == asker_id, col(Consultation.state).in_(OPEN))
    return db.session.exec(statement).one()


# These two are on every home page, so they are built once: building a statement costs more than running it.
_OPEN_OF = (
    select(Consultation)
    .where(
        or_(Consultation.asker_id == MEMBER, Consultation.mentor_id == MEMBER),
        is_one_of(col(Consultation.state), OPEN),
    )
    .order_by(col(Consultation.id))
)
_WAITING_FOR = (
    select(ConsultationRequest)
    .where(ConsultationRequest.mentor_id == MEMBER, col(ConsultationRequest.state) == write_out(RequestState.OPEN))
    .order_by(col(ConsultationRequest.id))
)
HAS_OPEN = finds_any(_OPEN_OF)
HAS_WAITING = finds_any(_WAITING_FOR)


def list_open(db: UnitOfWork, member_id: int) -> list[Consultation]:
    """The open consultations that a member asked for, or has accepted, oldest first."""
    return list(db.session.exec(_OPEN_OF, params={"member": member_id}).all())


def list_untold(db: UnitOfWork, member_id: int, now: datetime) -> list[Consultation]:
    """What a member has not heard of, because they could not be written to when it happened; not what is long past."""
    told = or_(
        and_(Consultation.asker_id == member_id, Consultation.asker_card == ""),
        and_(Consultation.mentor_id == member_id, Consultation.mentor_card == ""),
    )
    recent = or_(col(Consultation.ended_at).is_(None), col(Consultation.ended_at) > now - _LONG_PAST)
    return list(db.session.exec(select(Consultation).where(told, recent).order_by(col(Consultation.id))).all())


# Proposals and requests


def set_proposals(db: UnitOfWork, consultation_id: int, people: Sequence[tuple[int, list[dict[str, str]]]]) -> None:
    """Makes these the proposals: members with their reasons, the best first.

    Earlier ones are kept without a rank and never deleted, so that an old button can't come to mean somebody else.
    """
    known = {proposal.mentor_id: proposal for proposal in list_proposals(db, consultation_id, ranked=False)}
    for proposal in known.values():
        proposal.rank = 0
    for rank, (mentor_id, reasons) in enumerate(people, start=1):
        proposal = known.get(mentor_id) or Proposal(consultation_id=consultation_id, mentor_id=mentor_id, rank=0)
        proposal.rank, proposal.reasons = rank, reasons
        db.session.add(proposal)
    db.session.flush()


def list_proposals(db: UnitOfWork, consultation_id: int, *, ranked: bool = True) -> list[Proposal]:
    """The proposals, the best first; with `ranked` only those that are shown now."""
    statement = select(Proposal).where(Proposal.consultation_id == consultation_id).order_by(col(Proposal.rank))
    return [proposal for proposal in db.session.exec(statement).all() if proposal.rank or not ranked]


def find_proposal(db: UnitOfWork, consultation_id: int, proposal_id: int) -> Proposal | None:
    """A proposal of this consultation that is shown now."""
    return next((one for one in list_proposals(db, consultation_id) if one.id == proposal_id), None)


def add_request(db: UnitOfWork, request: ConsultationRequest) -> ConsultationRequest:
    """Keeps a new request and gives it its id."""
    db.session.add(request)
    db.session.flush()
    return request


def find_request(db: UnitOfWork, request_id: int) -> ConsultationRequest | None:
    """A request by id."""
    return db.session.get(ConsultationRequest, request_id, populate_existing=True)


def find_open_request(db: UnitOfWork, consultation_id: int) -> ConsultationRequest | None:
    """The request that waits for an answer."""
    return _find_request(db, consultation_id, RequestState.OPEN)


def find_accepted_request(db: UnitOfWork, consultation_id: int) -> ConsultationRequest | None:
    """The request that was accepted."""
    return _find_request(db, consultation_id, RequestState.ACCEPTED)


def _find_request(db: UnitOfWork, consultation_id: int, state: RequestState) -> ConsultationRequest | None:
    statement = select(ConsultationRequest).where(
        ConsultationRequest.consultation_id == consultation_id, ConsultationRequest.state == state
    )
    return db.session.exec(statement).first()


def list_open_requests(db: UnitOfWork, mentor_id: int) -> list[ConsultationRequest]:
    """The requests that wait for this member's answer, oldest first."""
    return list(db.session.exec(_WAITING_FOR, params={"member": mentor_id}).all())


def list_asked(db: UnitOfWork, consultation: Consultation) -> set[int]:
    """Whom this asker must not ask (again): everybody asked for this consultation, whoever has a request of this asker
    open, and who didn't take an earlier one with the same topic."""
    same_topic = and_(col(ConsultationRequest.state).in_(_SAID_NO), Consultation.topic == consultation.topic)
    statement = (
        select(ConsultationRequest.mentor_id)
        .join(Consultation)
        .where(
            Consultation.asker_id == consultation.asker_id,
            or_(
                Consultation.id == consultation.id,
                ConsultationRequest.state == RequestState.OPEN,
                same_topic,
            ),
        )
    )
    return set(db.session.exec(statement).all())


# Meeting


def list_shared_accounts(db: UnitOfWork, one: Member, other: Member) -> list[tuple[Account, Account]]:
    """Pairs of reachable accounts of the two in the same workspace, the newest first."""
    statement = (
        select(Account)
        .where(
            col(Account.member_id).in_((one.id, other.id)),
            col(Account.reachable).is_(True),
            Account.platform != "email",
        )
        .order_by(col(Account.id).desc())
    )
    accounts = db.session.exec(statement).all()
    return [
        (mine, theirs)
        for mine in accounts
        for theirs in accounts
        if mine.member_id == one.id
        and theirs.member_id == other.id
        and (mine.platform, mine.tenant) == (theirs.platform, theirs.tenant)
    ]


def find_room(db: UnitOfWork, consultation: Consultation) -> Room | None:
    """The group conversation of the two, if there is one."""
    return db.session.get(Room, consultation.room_id) if consultation.room_id else None


def ensure_follow_up(db: UnitOfWork, consultation_id: int, member_id: int, now: datetime) -> FollowUp:
    """The row for what one side says of the talk."""
    row = {"consultation_id": consultation_id, "member_id": member_id, "answer": "", "line": "", "at": now}
    db.session.flush()
    insert_ignore(db.session, FollowUp, [row])
    statement = select(FollowUp).where(FollowUp.consultation_id == consultation_id, FollowUp.member_id == member_id)
    return db.session.exec(statement).one()


def list_follow_ups(db: UnitOfWork, consultation_id: int) -> dict[int, FollowUp]:
    """What both sides have said, by member."""
    statement = select(FollowUp).where(FollowUp.consultation_id == consultation_id)
    return {row.member_id: row for row in db.session.exec(statement).all()}


# For HR


def list_hr(db: UnitOfWork) -> list[Member]:
    """Who has the HR role."""
    statement = select(Member).where(col(Member.is_hr).is_(True), Member.status == Status.ACTIVE)
    return list(db.session.exec(statement.order_by(col(Member.id))).all())
