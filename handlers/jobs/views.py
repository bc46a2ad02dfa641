"""What those who look for a job see. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.i18n import _, ngettext, pgettext
from bot.policy import Policy
from bot.ui import (
    Block,
    Bold,
    Button,
    Buttons,
    Chips,
    Divider,
    Fact,
    Facts,
    Heading,
    Message,
    Note,
    Para,
)
from handlers.jobs import actions, words
from handlers.jobs.actions import ELSEWHERE
from handlers.names import company_name
from storage.models import Job, JobInterest, JobReferral, ReferralState, Stage

Blocks = tuple[Block, ...]
_MOST_OWN = 8
"""One's own interests on a page; Slack takes ten facts together."""


@dataclass(frozen=True, slots=True)
class Offer:
    """An open job as one reader sees it: why it fits, in the reader's language, who talks with them ("" for HR), and
    how far they are, "" if they have not said anything."""

    job: Job
    reasons: tuple[str, ...] = ()
    contact: str = ""
    stage: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    """A page of the open jobs, and how the reader stands. `total` counts all jobs that are open for them; `has_wish`:
    they have said what they would like."""

    offers: tuple[Offer, ...]
    page: int = 0
    pages: int = 1
    total: int = 0
    mine: tuple[tuple[JobInterest, Job], ...] = ()
    friends: tuple[tuple[JobReferral, Job], ...] = ()
    has_wish: bool = False
    can_refer: bool = True
    is_hr: bool = False


def board(page: Board, note: str = "") -> Message:
    """`/jobs`."""
    return Message(
        _("Jobs"),
        (
            Heading(_("Jobs")),
            *((Note((note,), "done"),) if note else ()),
            Para((_introduce(page),)),
            *(block for offer in page.offers for block in _draw(offer, page)),
            *_number(page),
            *_mine(page),
            *_ways(page),
        ),
    )


def _introduce(page: Board) -> str:
    if not page.total:
        return _("No job is open for you at the moment. New ones are named in the digest, as far as they fit.")
    return ngettext("{n} job is open.", "{n} jobs are open, the best fit first.", page.total).format(n=page.total)


def _number(page: Board) -> Blocks:
    if page.pages < 2:
        return ()
    return (Note((_("Page {page} of {pages}").format(page=page.page + 1, pages=page.pages),)),)


def _draw(offer: Offer, page: Board) -> Blocks:
    job = offer.job
    line = _("{kind} · {place} · until {day}") if job.place else _("{kind} · until {day}")
    text = line.format(kind=words.kind_name(job.kind), place=job.place, day=words.until(job))
    chips = (Chips(offer.reasons),) if offer.reasons else ()
    note = (Note((_("You: {stage}").format(stage=words.stage_name(offer.stage)),)),) if offer.stage else ()
    return (Para((Bold(words.title_of(job)), "\n", text)), *chips, *note, _buttons(offer, page), Divider())


def _buttons(offer: Offer, page: Board) -> Buttons:
    id = offer.job.id or 0
    talk = () if offer.stage else (Button(_("Talk casually"), actions.AskTalk(id), style="primary"),)
    refer = (Button(_("Refer a friend"), actions.AskRefer(id)),) if page.can_refer else ()
    away = () if offer.stage else (Button(_("Not for me"), actions.Hide(id, page.page)),)
    return Buttons((Button(pgettext("job", "Details"), actions.Details(id)), *talk, *refer, *away))


def _mine(page: Board) -> Blocks:
    own = tuple(
        Fact(words.title_of(job), (words.stage_name(interest.stage),)) for interest, job in page.mine[:_MOST_OWN]
    )
    friends = tuple(Fact(words.title_of(job), (_tell_friend(referral),)) for referral, job in page.friends)
    return (
        *((Para((Bold(_("Your interests")),)), Facts(own)) if own else ()),
        *((Para((Bold(_("Friends you referred")),)), Facts(friends)) if friends else ()),
    )


def _tell_friend(referral: JobReferral) -> str:
    match referral.state:
        case ReferralState.WAITING:
            return _("{name}: no answer yet").format(name=referral.name)
        case ReferralState.AGREED if referral.name:
            return _("{name} has agreed").format(name=referral.name)
        case ReferralState.AGREED:
            return _("Has come to an end")
        case _:
            return _("Not this time")


def _ways(page: Board) -> Blocks:
    before = (Button(_("Before"), actions.TurnPage(page.page - 1)),) if page.page else ()
    after = (Button(_("Next"), actions.TurnPage(page.page + 1)),) if page.page + 1 < page.pages else ()
    wish = Button(_("Change my wishes") if page.has_wish else _("Say what I wish for"), actions.AskWish())
    desk = (Button(_("For HR"), actions.OpenDesk(0)),) if page.is_hr else ()
    hint = _("Say which kind of work and which place you would like, and what fits comes first.")
    return (*(() if page.has_wish or not page.total else (Note((hint,)),)), Buttons((*before, *after, wish, *desk)))


def ask_consent(policy: Policy, *, is_hr: bool) -> Message:
    """To somebody who has not agreed to hear of jobs."""
    text = _("Here you see the open jobs at {company}, the ones that fit you first.").format(
        company=company_name(policy)
    )
    note = _("You have not agreed to hear of jobs yet. Press below and you do; you can change it in your preferences.")
    desk = (Button(_("For HR"), actions.OpenDesk(0)),) if is_hr else ()
    agree = Button(_("Agree and look"), actions.Agree(), style="primary")
    return Message(_("Jobs"), (Heading(_("Jobs")), Para((text,)), Note((note,)), Buttons((agree, *desk))))


def details(offer: Offer, *, can_refer: bool, interest: JobInterest | None = None) -> Message:
    """[Details]."""
    job, id = offer.job, offer.job.id or 0
    language = words.tell_language(job)
    page = Board((), page=ELSEWHERE, can_refer=can_refer)
    own = (Note((_("You: {stage}").format(stage=words.stage_name(offer.stage)),)),) if offer.stage else ()
    call_off = Button(_("Call it off"), actions.Withdraw(interest.id or 0)) if interest else None
    rest = (call_off,) if call_off else ()
    shown = tuple(one for one in _buttons(offer, page).buttons if one.action != actions.Details(id))
    return Message(
        words.title_of(job),
        (
            Heading(words.title_of(job)),
            *((Note((language,)),) if language else ()),
            Para((words.text_of(job),)),
            Facts(words.facts_of(job, offer.contact, link=True)),
            *((Chips(offer.reasons),) if offer.reasons else ()),
            *own,
            Buttons((*shown, *rest, Button(_("All jobs"), actions.OpenBoard()))),
        ),
    )


def announcement(job: Job) -> Blocks:
    """What an announcement shows of a job below its own words."""
    id = job.id or 0
    return (
        Facts(words.facts_of(job, "")[:-1]),
        Buttons(
            (
                Button(pgettext("job", "Details"), actions.Details(id), style="primary"),
                Button(_("Talk casually"), actions.AskTalk(id)),
                Button(_("Refer a friend"), actions.AskRefer(id)),
                Button(_("Not for me"), actions.Hide(id, ELSEWHERE)),
            )
        ),
    )


def digest_item(job: Job) -> Blocks:
    """A job in a digest."""
    line = _("{kind} · {place} · until {day}") if job.place else _("{kind} · until {day}")
    text = line.format(kind=words.kind_name(job.kind), place=job.place, day=words.until(job))
    title = _("Job: {title}").format(title=words.title_of(job))
    return (
        Para((Bold(title), "\n", text)),
        Buttons(
            (
                Button(pgettext("job", "Details"), actions.Details(job.id or 0)),
                Button(_("All jobs"), actions.OpenBoard()),
            )
        ),
    )


def home(open_jobs: int, going: Sequence[tuple[JobInterest, Job]], *, waiting: int = 0) -> Blocks:
    """The part of the home page: how my interests stand, and the way in. `waiting`: people who wait for my word."""
    lines = tuple(Fact(words.title_of(job), (words.stage_name(one.stage),)) for one, job in going[:_MOST_OWN])
    count = ngettext("{n} open job", "{n} open jobs", open_jobs).format(n=open_jobs)
    people = ngettext(
        "{n} person waits for a word from you about a job.", "{n} people wait for a word from you about jobs.", waiting
    ).format(n=waiting)
    shown = (
        *((Para((Bold(_("Your interests")),)), Facts(lines)) if lines else ()),
        *((Para((people,)), Buttons((Button(_("Who is where"), actions.OpenPeople(0)),))) if waiting else ()),
        *((Para((count,)), Buttons((Button(_("Jobs"), actions.OpenBoard()),))) if open_jobs else ()),
    )
    return (Heading(_("Jobs")), *shown) if shown else ()


# What is said at once


def sentence(text: str, *buttons: Button, done: bool = False) -> Message:
    """A sentence, and what can be done next."""
    return Message(text, (Note((text,), "done") if done else Para((text,)), *((Buttons(buttons),) if buttons else ())))


def all_jobs() -> Button:
    """The way back to the list."""
    return Button(_("All jobs"), actions.OpenBoard())


def hidden(job: Job) -> Message:
    """After [Not for me]."""
    text = _("We won't show you “{title}” any more.").format(title=words.title_of(job))
    return sentence(text, Button(_("Show it again"), actions.Unhide(job.id or 0)), all_jobs(), done=True)


def shown_again(job: Job) -> Message:
    """After [Show it again]."""
    return sentence(_("“{title}” is in the list again.").format(title=words.title_of(job)), all_jobs(), done=True)


def closed_job(job: Job) -> Message:
    """An old button on a job that is closed."""
    text = _("“{title}” is closed. What is open now stands in the list.").format(title=words.title_of(job))
    return sentence(text, all_jobs())


def wishes_kept() -> Message:
    """After the form of wishes."""
    return sentence(_("Thank you. What fits comes first from now on."), all_jobs(), done=True)


def heard(job: Job, interest: JobInterest, contact: str) -> Message:
    """After [Talk casually]."""
    holes = {"title": words.title_of(job), "contact": contact}
    if contact:
        text = _("{contact} hears that you would like to talk about “{title}”, and nobody else but HR does.")
    else:
        text = _("HR hears that you would like to talk about “{title}”, and nobody else does.")
    after = _("You will be told at every step. It commits you to nothing.")
    call_off = Button(_("Call it off"), actions.Withdraw(interest.id or 0))
    return Message(
        text.format(**holes), (Note((text.format(**holes),), "done"), Para((after,)), Buttons((all_jobs(), call_off)))
    )


def standing(job: Job, interest: JobInterest) -> Message:
    """How one's interest stands, to whoever presses once more."""
    text = _("Your interest in “{title}”: {stage}.").format(
        title=words.title_of(job), stage=words.stage_name(interest.stage)
    )
    call_off = () if interest.stage in (Stage.HIRED, Stage.CLOSED) else (_call_off(interest),)
    return sentence(text, all_jobs(), *call_off)


def _call_off(interest: JobInterest) -> Button:
    return Button(_("Call it off"), actions.Withdraw(interest.id or 0))


def called_off(job: Job) -> Message:
    """After [Call it off]."""
    text = _("Your interest in “{title}” is closed. Whoever would have talked with you is told, without a reason.")
    return sentence(text.format(title=words.title_of(job)), all_jobs(), done=True)


# What is told at every step


def step(job: Job, stage: str, by: str, said: str = "", *, room: bool = False) -> Message:
    """To the person: how far it has come. `by` talks with them ("" for HR), `said` are HR's own words; `room`: a
    conversation between the two has been opened."""
    holes = {"title": words.title_of(job), "who": words.call(by)}
    text = _tell_step(stage).format(**holes)
    after = _tell_next(stage, room=room).format(**holes)
    more = (Para((said,)),) if said else ()
    return Message(text, (Para((text,)), *more, *((Para((after,)),) if after else ()), Buttons((all_jobs(),))))


def _tell_step(stage: str) -> str:
    match stage:
        case Stage.TALKING:
            return _("{who} would be glad to talk with you about “{title}”.")
        case Stage.INTERVIEWING:
            return _("“{title}”: the talk was a good one, and interviews come next.")
        case Stage.HIRED:
            return _("“{title}”: we are very glad that you are coming. Welcome.")
        case _:
            return _("“{title}”: it will not go on this time. Thank you for the time you took for us.")


def _tell_next(stage: str, *, room: bool) -> str:
    match stage:
        case Stage.TALKING if room:
            return _("A conversation between the two of you is open here; neither sees the other's address.")
        case Stage.TALKING | Stage.INTERVIEWING:
            return _("{who} will write to you about the day.")
        case Stage.HIRED:
            return _("HR will write to you about everything else.")
        case _:
            return _("We would be glad to hear from you about another job, and everything else here stays as it is.")


def job_over(job: Job) -> Message:
    """To somebody who was interested in a job that was closed before anybody had talked."""
    text = _("“{title}” has been closed before a talk came about, and your interest with it. Thank you for it.")
    after = _("Other jobs are open; what fits you comes first.")
    return Message(
        text.format(title=words.title_of(job)),
        (Para((text.format(title=words.title_of(job)),)), Para((after,)), Buttons((all_jobs(),))),
    )


def job_closed_meanwhile(job: Job) -> Message:
    """To somebody who is on the way in a job that was closed: theirs goes on."""
    text = _("“{title}” takes no new people any more. Nothing changes for you: what has begun goes on.")
    return sentence(text.format(title=words.title_of(job)), all_jobs())
