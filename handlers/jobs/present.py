"""From the database to what is shown: who may see what of a job, of its contact, and of the people in it."""

from functools import lru_cache

from handlers.jobs import people_views, views, words
from handlers.jobs.desk import Desk
from handlers.jobs.fitting import Fit, Seeker, Shelf, rank
from handlers.jobs.people_views import Person
from handlers.jobs.rules import PAGE, SHOWN_AFTER, can_be_contact, may_have_managed
from handlers.jobs.views import Board, Offer
from handlers.topics import Reader, get_working_reader
from storage.models import Job, JobInterest, Member
from storage.queries import jobs as queries
from storage.queries import referrals
from storage.queries.members import Card, find_card, get_member
from storage.queries.topics import list_topics

_OPEN = 300
"""So many open jobs are looked at, the newest first; a company has some dozens."""


def get_reader(desk: Desk) -> Reader:
    """The vocabulary of this community."""
    return get_working_reader(desk.policy.topics_file)


def find_contact(desk: Desk, job: Job, person: Member) -> Card | None:
    """The named contact, where it may be the one who talks with this person: there, not somebody whom a block keeps
    apart from them, and nobody who may have been their manager. None: HR."""
    if job.contact_id is None or job.contact_id == person.id:
        return None
    contact = get_member(desk.db, job.contact_id)
    if not can_be_contact(contact) or may_have_managed(contact, person):
        return None
    return find_card(desk.db, person, job.contact_id)


def find_seeker(desk: Desk, me: Member) -> Seeker:
    """What the member told of themselves."""
    wish = queries.find_wish(desk.db, me.id or 0)
    topics = list_topics(desk.db, [me.id or 0]).get(me.id or 0, ())
    return make_seeker(tuple(wish.kinds), wish.place, me.city, topics)


def make_seeker(kinds: tuple[str, ...], place: str, city: str, topics: tuple[str, ...]) -> Seeker:
    """A wish for a place counts in the place of the city."""
    return Seeker(kinds, tuple(filter(None, (place or city,))), topics)


def make_shelf(reader: Reader, jobs: list[Job]) -> Shelf:
    """The jobs, read; remembered while none of them changes."""
    return _make_shelf(reader, tuple(_Kept(job) for job in jobs))


class _Kept:
    """A job as a key: the same as long as it hasn't changed."""

    def __init__(self, job: Job) -> None:
        self.job = Job(**job.model_dump())
        self._key = (job.id, job.title_ja, job.title_en, job.text_ja, job.text_en, job.kind, job.place)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Kept) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)


@lru_cache(maxsize=4)
def _make_shelf(reader: Reader, jobs: tuple[_Kept, ...]) -> Shelf:
    return Shelf(reader, [kept.job for kept in jobs])


def find_fits(desk: Desk, jobs: list[Job], me: Member) -> list[Fit]:
    """How well each job fits the member."""
    return make_shelf(get_reader(desk), jobs).fit(find_seeker(desk, me)) if jobs else []


def make_offer(desk: Desk, job: Job, fit: Fit, me: Member, stage: str = "") -> Offer:
    """A job as the member sees it."""
    contact = find_contact(desk, job, me)
    reasons = tuple(words.tell_reason(reason) for reason in fit.reasons)
    return Offer(job, reasons, contact.name if contact else "", stage)


def show_details(desk: Desk, job: Job, me: Member) -> views.Message:
    """[Details]."""
    (fit,) = find_fits(desk, [job], me)
    interest = queries.find_mine(desk.db, job.id or 0, me.id or 0)
    ongoing = interest if interest is not None and interest.stage in queries.ONGOING else None
    offer = make_offer(desk, job, fit, me, interest.stage if interest else "")
    return views.details(offer, can_refer=desk.can_refer, interest=ongoing)


def show_board(desk: Desk, me: Member, page: int = 0, note: str = "") -> views.Message:
    """The open jobs, the best fit first, without those that are not for the member."""
    id = me.id or 0
    mine = queries.list_mine(desk.db, id)
    stages = {interest.job_id: interest.stage for interest, _job in mine}
    jobs = [
        job
        for job in queries.list_open(desk.db, _OPEN)
        if not (queries.is_hidden(desk.db, id, job.id or 0) and job.id not in stages)
    ]
    ranked = rank(jobs, find_fits(desk, jobs, me))
    pages = max(1, -(-len(ranked) // PAGE))
    page = min(max(page, 0), pages - 1)
    shown = ranked[page * PAGE : (page + 1) * PAGE]
    offers = tuple(make_offer(desk, job, fit, me, stages.get(job.id or 0, "")) for job, fit in shown)
    wish = queries.find_wish(desk.db, id)
    since = desk.now - SHOWN_AFTER
    own = tuple((one, job) for one, job in mine if one.stage in queries.ONGOING or one.changed_at > since)
    friends = tuple(
        one for one in referrals.list_referrals(desk.db, id) if one[0].created_at > desk.now - 3 * SHOWN_AFTER
    )
    has_wish = bool(wish.kinds or wish.place)
    return views.board(Board(offers, page, pages, len(ranked), own, friends, has_wish, desk.can_refer, me.is_hr), note)


# For HR and the contact


def describe_person(desk: Desk, interest: JobInterest, reader: Member) -> Person | None:
    """Somebody in a job as the reader, HR or the contact, may know them; None when the contact may not see them."""
    job = queries.get_job(desk.db, interest.job_id)
    handler = get_member(desk.db, interest.handler_id).name if interest.handler_id else ""
    mine = interest.handler_id == reader.id or (interest.handler_id is None and reader.is_hr)
    said = interest.words if mine else ""
    referral = referrals.find_referral(desk.db, interest.referral_id) if interest.referral_id else None
    referrer = get_member(desk.db, referral.referrer_id).name if referral else ""
    if interest.member_id is None:
        name, email, words = (referral.name, referral.email, referral.words) if referral else ("", "", "")
        return Person(interest, job, name, 0, email, referrer, handler, said or words) if name else None
    member = get_member(desk.db, interest.member_id)
    if not reader.is_hr and find_card(desk.db, reader, interest.member_id) is None:
        return None
    return Person(interest, job, member.name, interest.member_id, "", referrer, handler, said)


def show_people(desk: Desk, reader: Member, job_id: int, page: int = 0, note: str = "") -> people_views.Message:
    """Who is where, for HR."""
    interests = queries.list_all(desk.db, job_id, since=desk.now - SHOWN_AFTER)
    shown = [person for one in interests if (person := describe_person(desk, one, reader)) is not None]
    size = people_views.PEOPLE_A_PAGE
    pages = max(1, -(-len(shown) // size))
    page = min(max(page, 0), pages - 1)
    job = queries.find_job(desk.db, job_id) if job_id else None
    return people_views.people(tuple(shown[page * size : (page + 1) * size]), job, page, pages, note)
