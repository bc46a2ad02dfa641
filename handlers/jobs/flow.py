"""An interest from the first word to the last. Every step is told to the person, and, as far as the stage alone, to
whoever referred them. What is kept for telling the referrer, or HR of a friend, holds no name of the friend's, so that
erasing them leaves none behind.
"""

from functools import partial

from handlers.desk import send
from handlers.jobs import people_views, present, referral_views, views
from handlers.jobs.desk import Desk
from handlers.jobs.letters import write_to_friend
from handlers.jobs.rules import list_steps
from handlers.rooms import close_room, end_later, open_room
from storage.models import InterestEnd, Job, JobInterest, JobReferral, Member, ReferralState, Stage
from storage.queries import jobs as queries
from storage.queries import referrals
from storage.queries.consultations import list_hr
from storage.queries.members import find_card, get_member
from storage.queries.outbox import Make


def begin(desk: Desk, job: Job, me: Member, *, to_hr: bool, said: str) -> JobInterest | None:
    """A member would like to talk; None when they are in this job already. Called off before, it begins anew."""
    contact = None if to_hr else present.find_contact(desk, job, me)
    interest = _enter(desk, job, me, contact.member_id if contact else None, said)
    if interest is None:
        return None
    queries.unhide(desk.db, me.id or 0, job.id or 0)
    referral = _find_referral(desk, job, me)
    if referral is not None:
        interest.referral_id = referral.id
        agree(desk, referral, job)
    tell_arrival(desk, interest)
    return interest


def _enter(desk: Desk, job: Job, me: Member, handler_id: int | None, said: str) -> JobInterest | None:
    known = queries.find_mine(desk.db, job.id or 0, me.id or 0)
    if known is not None:
        if known.ended not in (InterestEnd.SELF, InterestEnd.GONE, InterestEnd.JOB):
            return None
        known.stage, known.ended, known.handler_id, known.words = Stage.INTERESTED.value, "", handler_id, said
        known.created_at = desk.now
        queries.note_change(desk.db, known, desk.now)
        return known
    fresh = JobInterest(
        job_id=job.id or 0,
        member_id=me.id,
        handler_id=handler_id,
        words=said,
        created_at=desk.now,
        changed_at=desk.now,
    )
    queries.add_interest(desk.db, fresh)
    return queries.find_mine(desk.db, job.id or 0, me.id or 0)


def _find_referral(desk: Desk, job: Job, me: Member) -> JobReferral | None:
    """The referral of a friend who turned out to be a member, while it waits."""
    waiting = referrals.list_waiting(desk.db, job_id=job.id or 0, friend_id=me.id or 0)
    return waiting[0] if waiting else None


def agree(desk: Desk, referral: JobReferral, job: Job) -> None:
    """The friend has said yes; the referrer is told."""
    referral.state, referral.answered_at = ReferralState.AGREED.value, desk.now
    tell_referrer(desk, referral, lambda: referral_views.agreed(job, referral.created_at), "agreed")


def refuse(desk: Desk, job: Job, me: Member) -> None:
    """A member says that a job is not for them: a friend who thought of them hears the same as of anybody else."""
    referral = _find_referral(desk, job, me)
    if referral is not None:
        end_referral(desk, referral, ReferralState.DECLINED)


def end_referral(desk: Desk, referral: JobReferral, state: ReferralState) -> None:
    """The friend won't: what is kept of them is erased, and the referrer is told, in the same words whatever the
    reason was."""
    job, asked = queries.get_job(desk.db, referral.job_id), referral.created_at
    referral.state, referral.answered_at = state.value, desk.now
    referrals.erase(desk.db, referral, desk.now)
    tell_referrer(desk, referral, lambda: referral_views.not_this_time(job, asked), "ended")


def tell_referrer(desk: Desk, referral: JobReferral, make: Make, what: str) -> None:
    """A message to whoever referred the friend."""
    send(desk, get_member(desk.db, referral.referrer_id), make, f"job:referrer:{referral.id}:{what}")


def tell_arrival(desk: Desk, interest: JobInterest) -> None:
    """Whoever is to talk with the person hears of them: the contact, or everybody of HR."""
    contact = get_member(desk.db, interest.handler_id) if interest.handler_id else None
    is_contact = contact is not None
    for reader in [contact] if contact else list_hr(desk.db):
        person = present.describe_person(desk, interest, reader)
        if person is not None and reader.id != interest.member_id:
            key = f"job:{interest.id}:{interest.changes}:arrival:{reader.id}"
            send(desk, reader, partial(people_views.arrival, person, for_contact=is_contact), key)


def take_up(desk: Desk, interest: JobInterest, by: Member) -> bool:
    """Somebody of HR, or the contact, talks with the person, also in the place of another one who has gone. True when
    a conversation was opened for the two."""
    interest.handler_id = by.id
    room = False
    if interest.member_id is not None and _can_meet(desk, by, interest.member_id):
        job = queries.get_job(desk.db, interest.job_id)
        people = (by.id or 0, interest.member_id)
        room = open_room(
            desk.db, room_key(interest), job.title_ja or job.title_en, people, desk.now, desk.policy, actor=by.id or 0
        )
    if not advance(desk, interest, Stage.TALKING, by, room=room):
        queries.note_change(desk.db, interest, desk.now)
    return room


def _can_meet(desk: Desk, one: Member, other_id: int) -> bool:
    other = get_member(desk.db, other_id)
    return find_card(desk.db, one, other_id) is not None and find_card(desk.db, other, one.id or 0) is not None


def room_key(interest: JobInterest) -> str:
    """The purpose of the two's conversation; an interest that began anew has a new one."""
    return f"job:{interest.id}:{interest.created_at:%Y%m%d%H%M%S}"


def advance(
    desk: Desk, interest: JobInterest, to: Stage, by: Member | None, said: str = "", *, room: bool = False
) -> bool:
    """A step on, told to both. False where it doesn't follow from where the interest stands."""
    if to not in list_steps(interest.stage):
        return False
    interest.stage = to.value
    interest.ended = InterestEnd.HR.value if to is Stage.CLOSED else ""
    queries.note_change(desk.db, interest, desk.now)
    _tell_step(desk, interest, by, said, room=room)
    if to in (Stage.HIRED, Stage.CLOSED):
        end_later(desk.db, room_key(interest), desk.now + desk.policy.room_stays)
    return True


def _tell_step(desk: Desk, interest: JobInterest, by: Member | None, said: str, *, room: bool) -> None:
    job, stage, key = queries.get_job(desk.db, interest.job_id), interest.stage, f"job:{interest.id}:{interest.changes}"
    if interest.member_id is not None:
        member = get_member(desk.db, interest.member_id)
        seen = by is not None and find_card(desk.db, member, by.id or 0) is not None
        who = by.name if by is not None and seen and stage == Stage.TALKING else ""
        send(desk, member, lambda: views.step(job, stage, who, said, room=room), f"{key}:person")
    referral = referrals.find_referral(desk.db, interest.referral_id) if interest.referral_id else None
    if referral is not None:
        if interest.member_id is None:
            write(desk, interest, lambda: views.step(job, stage, "", said), f"step:{interest.changes}")
        asked = referral.created_at
        tell_referrer(desk, referral, lambda: referral_views.step(job, asked, stage), f"step:{interest.changes}")


def write(desk: Desk, interest: JobInterest, make: Make, what: str) -> None:
    """A mail to a referred friend."""
    referral = referrals.find_referral(desk.db, interest.referral_id) if interest.referral_id else None
    if referral is not None:
        write_to_friend(desk, referral, make, what)


def forget_friends_of(desk: Desk, member: Member) -> None:
    """Whoever referred friends has left: those who have not answered are forgotten, without a word."""
    for referral in referrals.list_waiting(desk.db, referrer_id=member.id or 0):
        referral.state = ReferralState.EXPIRED.value
        referrals.erase(desk.db, referral, desk.now)


def pass_on(desk: Desk, interest: JobInterest) -> None:
    """The contact leaves it to HR."""
    interest.handler_id = None
    queries.note_change(desk.db, interest, desk.now)
    tell_arrival(desk, interest)


def end_by_itself(desk: Desk, interest: JobInterest, why: InterestEnd) -> None:
    """The person called it off, left, or the job was closed before anybody had talked. Whoever would have talked with
    them hears neutrally; of a job that HR closed nobody needs to."""
    interest.stage, interest.ended, interest.words = Stage.CLOSED.value, why.value, ""
    queries.note_change(desk.db, interest, desk.now)
    close_room(desk.db, room_key(interest), desk.now, desk.policy)
    job, key = queries.get_job(desk.db, interest.job_id), f"job:{interest.id}:{interest.changes}"
    if why is not InterestEnd.JOB:
        for reader in [get_member(desk.db, interest.handler_id)] if interest.handler_id else list_hr(desk.db):
            if reader.id != interest.member_id:
                send(desk, reader, lambda: people_views.no_longer(job), f"{key}:gone:{reader.id}")
    referral = referrals.find_referral(desk.db, interest.referral_id) if interest.referral_id else None
    if referral is not None:
        asked = referral.created_at
        tell_referrer(desk, referral, lambda: referral_views.not_this_time(job, asked), f"gone:{interest.changes}")
