"""Referring a friend: asking them, hearing their answer on the page, forgetting them."""

from collections.abc import Callable
from datetime import date
from zoneinfo import ZoneInfo

from bot.feature import Due
from bot.i18n import LANGUAGES, _, use_locale
from bot.pages import Page, PagePart, Visit, make_link
from handlers.desk import send
from handlers.jobs import flow, referral_views
from handlers.jobs.desk import Desk
from handlers.jobs.letters import write_to_friend
from handlers.jobs.links import make_token, read_token
from handlers.jobs.referral_views import AGREE, DECLINE, WITHDRAW
from handlers.jobs.rules import (
    ANSWER_WITHIN,
    FRIENDS_A_DAY,
    KEPT_AFTER,
    LONGEST_WORDS,
    is_address,
    is_over,
    tell_too_long,
)
from storage.models import (
    InterestEnd,
    Job,
    JobInterest,
    JobReferral,
    JobState,
    Member,
    Purpose,
    ReferralState,
    Status,
    Urgency,
)
from storage.queries import jobs as queries
from storage.queries import referrals
from storage.queries.consents import find_consents
from storage.queries.members import find_card, get_member
from storage.queries.reminders import remind

UNANSWERED = "job.referral"
"""The kind of the reminder at the end of a friend's two weeks."""
PAGE = "friend"
_DAY = ANSWER_WITHIN / ANSWER_WITHIN.days


def check(desk: Desk, me: Member, job: Job, name: str, email: str, said: str) -> dict[str, str]:
    """What is wrong with a referral, by field."""
    errors: dict[str, str] = {}
    if not name:
        errors["name"] = _("Please give your friend's name.")
    if not is_address(email):
        errors["email"] = _("This is no mail address. Please write one such as friend@example.com.")
    elif referrals.count_since(desk.db, me.id or 0, desk.now - _DAY) >= FRIENDS_A_DAY:
        errors["email"] = referral_views.too_many(FRIENDS_A_DAY)
    elif (friend := referrals.find_friend(desk.db, email)) is not None and friend.id == me.id:
        errors["email"] = _("This is your own address. To talk about the job yourself, press “Talk casually”.")
    if len(said) > LONGEST_WORDS:
        errors["words"] = tell_too_long(LONGEST_WORDS, len(said))
    return errors


def refer(desk: Desk, me: Member, job: Job, name: str, email: str, said: str) -> JobReferral | None:
    """Asks the friend; None when somebody with that address was asked about this job before. A friend who is a member
    is asked here, as far as they agreed to hear of jobs; the referrer hears the same either way."""
    friend = referrals.find_friend(desk.db, email) if desk.installation.mail_is_on else None
    friend = friend if friend is not None and friend.status != Status.UNVERIFIED else None
    referral = referrals.add_referral(
        desk.db,
        JobReferral(
            job_id=job.id or 0,
            referrer_id=me.id or 0,
            friend_id=friend.id if friend else None,
            name=name,
            email=email,
            words=said,
            email_hash=referrals.hash_address(desk.installation.secret, email),
            created_at=desk.now,
            answer_by=desk.now + ANSWER_WITHIN,
        ),
    )
    if referral is None:
        return None
    remind(desk.db, UNANSWERED, referral.id or 0, referral.answer_by)
    if friend is not None:
        _ask_member(desk, referral, job, me, friend)
    else:
        _ask_by_mail(desk, referral, job, me)
    return referral


def _ask_member(desk: Desk, referral: JobReferral, job: Job, me: Member, friend: Member) -> None:
    """Silence where the friend would not want to hear it: they are away, want no jobs, or don't want to meet."""
    wants = Purpose.JOBS in find_consents(desk.db, friend.id or 0)
    is_busy = queries.find_mine(desk.db, job.id or 0, friend.id or 0) is not None
    if not wants or is_busy or find_card(desk.db, friend, me.id or 0) is None:
        return
    said = referral.words
    key = f"job:friend:{referral.id}:thought"
    send(desk, friend, lambda: referral_views.thought_of_you(job, me.name, said), key, Urgency.PUSH)


def _ask_by_mail(desk: Desk, referral: JobReferral, job: Job, me: Member) -> None:
    link, day, name, said = link_of(desk, referral), answer_day(desk, referral), referral.name, referral.words
    policy = desk.policy
    write_to_friend(desk, referral, lambda: referral_views.letter(job, me.name, name, said, link, day, policy), "asked")


def link_of(desk: Desk, referral: JobReferral) -> str:
    """The friend's link."""
    token = make_token(desk.installation.secret, referral.id or 0, referral.created_at)
    return make_link(desk.installation.public_url, PAGE, token)


def answer_day(desk: Desk, referral: JobReferral) -> date:
    """The last day for an answer, in the community's zone."""
    return referral.answer_by.astimezone(ZoneInfo(desk.policy.zone)).date()


# The page


def show_page(visit: Visit, desk: Desk) -> Page:
    """The friend's page: looked at, it changes nothing."""
    id = read_token(desk.installation.secret, visit.token, desk.now)
    referral = referrals.find_referral(desk.db, id) if id is not None else None
    if referral is None:
        return _page(referral_views.nowhere, found=False)
    job = queries.get_job(desk.db, referral.job_id)
    _answer(desk, referral, job, visit.choice)
    return _show(desk, referral, job)


def _answer(desk: Desk, referral: JobReferral, job: Job, choice: str) -> None:
    """What the friend pressed, if it still counts. Pressed twice it counts once."""
    if _is_waiting(desk, referral, job) and choice == AGREE:
        _agree(desk, referral, job)
    elif referral.state == ReferralState.WAITING and choice == DECLINE:
        flow.end_referral(desk, referral, ReferralState.DECLINED)
    elif referral.state == ReferralState.AGREED and choice == WITHDRAW and referral.erased_at is None:
        _withdraw(desk, referral)


def _is_waiting(desk: Desk, referral: JobReferral, job: Job) -> bool:
    in_time = desk.now < referral.answer_by and job.state == JobState.OPEN
    return referral.state == ReferralState.WAITING and in_time


def _agree(desk: Desk, referral: JobReferral, job: Job) -> None:
    flow.agree(desk, referral, job)
    fresh = JobInterest(job_id=job.id or 0, referral_id=referral.id, created_at=desk.now, changed_at=desk.now)
    if queries.add_interest(desk.db, fresh):
        interest = queries.find_of_referral(desk.db, referral.id or 0)
        if interest is not None:
            flow.tell_arrival(desk, interest)


def _withdraw(desk: Desk, referral: JobReferral) -> None:
    interest = queries.find_of_referral(desk.db, referral.id or 0)
    if interest is not None and not is_over(interest.stage):
        flow.end_by_itself(desk, interest, InterestEnd.SELF)
    referral.state = ReferralState.WITHDRAWN.value
    referrals.erase(desk.db, referral, desk.now)


def _show(desk: Desk, referral: JobReferral, job: Job) -> Page:
    if _is_waiting(desk, referral, job):
        name, said, day = get_member(desk.db, referral.referrer_id).name, referral.words, answer_day(desk, referral)
        return _page(lambda: referral_views.ask(job, name, said, day, desk.policy))
    if referral.state == ReferralState.AGREED and referral.erased_at is None:
        interest = queries.find_of_referral(desk.db, referral.id or 0)
        stage = interest.stage if interest is not None else ""
        return _page(lambda: referral_views.standing(job, stage, desk.policy))
    if referral.state in (ReferralState.DECLINED, ReferralState.WITHDRAWN):
        return _page(referral_views.thanks_no)
    return _page(referral_views.over)


def _page(make: Callable[[], PagePart], *, found: bool = True) -> Page:
    parts: list[PagePart] = []
    for locale in LANGUAGES:
        with use_locale(locale):
            parts.append(make())
    return Page(tuple(parts), found)


# What the clock does


def give_up(due: Due, desk: Desk) -> None:
    """No answer in two weeks: the friend is forgotten."""
    referral = referrals.find_referral(desk.db, due.subject_id)
    if referral is not None and referral.state == ReferralState.WAITING and referral.answer_by <= desk.now:
        flow.end_referral(desk, referral, ReferralState.EXPIRED)


def forget_settled(desk: Desk) -> None:
    """Friends whose way ended some time ago are forgotten."""
    for referral in referrals.list_settled(desk.db, desk.now - KEPT_AFTER):
        referrals.erase(desk.db, referral, desk.now)
