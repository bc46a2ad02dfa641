"""What HR and the named contact see: who is where. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.i18n import _, fill, ngettext
from bot.ui import (
    Block,
    Bold,
    Button,
    Buttons,
    Divider,
    Fact,
    Facts,
    Heading,
    Inline,
    Mention,
    Message,
    Note,
    Para,
    Quote,
    When,
)
from handlers.jobs import actions, words
from handlers.jobs.rules import list_steps
from storage.models import InterestEnd, Job, JobInterest, JobState, Stage

Blocks = tuple[Block, ...]
JOBS_A_PAGE, PEOPLE_A_PAGE = 5, 4
_SHOWN_TITLES = 12


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a job, as whoever reads may know them: `member_id` is 0 for a friend, who has an `email`; `said` is
    what they wrote, "" where it was for somebody else."""

    interest: JobInterest
    job: Job
    name: str
    member_id: int = 0
    email: str = ""
    referrer: str = ""
    handler: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class FeedTrouble:
    """What is the matter with the feed: sentences; and, where HR is to decide, the jobs that would be closed."""

    lines: tuple[str, ...] = ()
    closing: tuple[Job, ...] = ()
    which: str = ""
    open_jobs: int = 0


@dataclass(frozen=True, slots=True)
class DeskPage:
    """HR's page of jobs."""

    jobs: tuple[Job, ...]
    counts: Mapping[int, Mapping[str, int]]
    page: int = 0
    pages: int = 1
    trouble: FeedTrouble | None = None
    read_at: datetime | None = None


def desk(shown: DeskPage, note: str = "") -> Message:
    """[For HR]."""
    rows = tuple(block for job in shown.jobs for block in _draw_job(job, shown))
    nothing = _("There are no jobs yet. Write one, or ask whoever runs Musubi for a feed.")
    return Message(
        _("Jobs: for HR"),
        (
            Heading(_("Jobs: for HR")),
            *((Note((note,), "done"),) if note else ()),
            *(feed_blocks(shown.trouble) if shown.trouble else ()),
            *(rows or (Para((nothing,)),)),
            *_number(shown.page, shown.pages),
            *(
                (Note(fill(_("The feed was last taken over on {day}."), day=When(shown.read_at))),)
                if shown.read_at
                else ()
            ),
            Buttons(
                (
                    *_turn(shown.page, shown.pages, actions.OpenDesk),
                    Button(_("Write a job"), actions.New(), style="primary"),
                    Button(_("Who is where"), actions.ShowPeople(0, 0)),
                    Button(_("The members' view"), actions.TurnPage(0)),
                )
            ),
        ),
    )


def _turn(page: int, pages: int, make: type[actions.OpenDesk]) -> tuple[Button, ...]:
    before = (Button(_("Before"), make(page - 1)),) if page else ()
    return (*before, *((Button(_("Next"), make(page + 1)),) if page + 1 < pages else ()))


def _number(page: int, pages: int) -> Blocks:
    return (Note((_("Page {page} of {pages}").format(page=page + 1, pages=pages),)),) if pages > 1 else ()


def _draw_job(job: Job, shown: DeskPage) -> Blocks:
    id, is_open = job.id or 0, job.state == JobState.OPEN
    counts = shown.counts.get(id, {})
    people = _(" · ").join(
        _("{stage} {n}").format(stage=words.stage_name(stage), n=counts[stage]) for stage in Stage if counts.get(stage)
    )
    day = _("until {day}") if is_open else _("closed, was open until {day}")
    line = Para((Bold(words.title_of(job)), "\n", day.format(day=words.until(job)), "\n", people or _("Nobody yet")))
    confirm = _("Close “{title}”? Those who are interested are told.").format(title=words.title_of(job))
    close = (Button(_("Close"), actions.Close(id, shown.page), confirm=confirm),) if is_open else ()
    see = (Button(_("People"), actions.ShowPeople(id, 0)),) if counts else ()
    change = Button(_("Change…") if is_open else _("Open again…"), actions.Edit(id))
    announce = (Button(_("Announce…"), actions.Announce(id)),) if is_open else ()
    return (line, Buttons((*see, change, *announce, *close)), Divider())


def feed_blocks(trouble: FeedTrouble) -> Blocks:
    """What is the matter with the feed."""
    if not trouble.closing:
        return (Para((Bold(_("The feed was not taken over")), "\n", "\n".join(trouble.lines))), Divider())
    titles = "\n".join(f"・{words.title_of(job)}" for job in trouble.closing[:_SHOWN_TITLES])
    more = len(trouble.closing) - _SHOWN_TITLES
    rest = ngettext("and {n} more", "and {n} more", more).format(n=more) if more > 0 else ""
    text = _("The feed would close {n} of its {total} open jobs. Nothing has been taken over yet.").format(
        n=len(trouble.closing), total=trouble.open_jobs
    )
    return (
        Para((Bold(text),)),
        Quote("\n".join(filter(None, (titles, rest)))),
        Buttons(
            (
                Button(_("Close them"), actions.AnswerFeed(trouble.which, 1)),
                Button(_("Leave them open"), actions.AnswerFeed(trouble.which, 0)),
            )
        ),
        Divider(),
    )


def feed_trouble(trouble: FeedTrouble) -> Message:
    """To HR, when a feed could not be taken over; once for each trouble."""
    summary = _("The feed of jobs needs a look")
    desk = Buttons((Button(_("Jobs: for HR"), actions.OpenDesk(0)),))
    return Message(summary, (Heading(summary), *feed_blocks(trouble), desk))


# Who is where


def people(shown: tuple[Person, ...], job: Job | None, page: int, pages: int, note: str = "") -> Message:
    """Who is where, in one job or in all."""
    summary = _("Who is where: {title}").format(title=words.title_of(job)) if job else _("Who is where")
    id = (job.id or 0) if job else 0
    rows = tuple(block for person in shown for block in draw_person(person, id, page))
    before = (Button(_("Before"), actions.ShowPeople(id, page - 1)),) if page else ()
    after = (Button(_("Next"), actions.ShowPeople(id, page + 1)),) if page + 1 < pages else ()
    return Message(
        summary,
        (
            Heading(summary),
            *((Note((note,), "done"),) if note else ()),
            *(rows or (Para((_("Nobody is on the way at the moment."),)),)),
            *_number(page, pages),
            Buttons((*before, *after, Button(_("Back"), actions.OpenDesk(0)))),
        ),
    )


def draw_person(person: Person, job: int, page: int) -> Blocks:
    """One person with what can be done next."""
    interest = person.interest
    rows = [Fact(_("How far"), (_tell_stage(interest),))]
    rows += [Fact(_("Job"), (words.title_of(person.job),))] if not job else []
    rows += [Fact(_("Who talks with them"), (person.handler,))] if person.handler else []
    rows += [Fact(_("Referred by"), (person.referrer,))] if person.referrer else []
    rows += [Fact(_("Mail"), (person.email,))] if person.email else []
    rows += [Fact(_("Since"), (When(interest.changed_at, "date"),))]
    said = (Quote(person.said),) if person.said else ()
    buttons = _person_buttons(person, job, page)
    return (Para((_name(person),)), Facts(tuple(rows)), *said, *buttons, Divider())


def _name(person: Person) -> Inline:
    return Mention(person.member_id, person.name) if person.member_id else Bold(person.name)


def _tell_stage(interest: JobInterest) -> str:
    match interest.ended:
        case InterestEnd.SELF:
            return _("Called off by themselves")
        case InterestEnd.GONE:
            return _("No longer here")
        case InterestEnd.JOB:
            return _("The job was closed")
        case _:
            return words.stage_name(interest.stage)


def _person_buttons(person: Person, job: int, page: int) -> Blocks:
    interest = person.interest
    steps = list_steps(interest.stage)
    if not steps:
        return ()
    on = _step_button(interest, steps[0], job, page)
    end = Button(_("Close…"), actions.AskEnd(interest.id or 0, interest.stage, job, page))
    return (Buttons((on, end)),)


def _step_button(interest: JobInterest, to: Stage, job: int, page: int) -> Button:
    id = interest.id or 0
    match to:
        case Stage.TALKING:
            return Button(_("Talk with them"), actions.Move(id, interest.stage, to, job, page), style="primary")
        case Stage.INTERVIEWING:
            return Button(_("On to interviews"), actions.Move(id, interest.stage, to, job, page), style="primary")
        case _:
            confirm = _("Hired? The person is told, and whoever referred them.")
            move = actions.Move(id, interest.stage, to, job, page)
            return Button(_("Hired"), move, style="primary", confirm=confirm)


def arrival(person: Person, *, for_contact: bool) -> Message:
    """To whoever is to talk with somebody who is interested: the named contact, or everybody of HR."""
    holes = {"name": person.name, "referrer": person.referrer, "title": words.title_of(person.job)}
    if person.member_id:
        summary = _("{name} would like to talk casually about “{title}”").format(**holes)
    else:  # this is kept: it names nobody whom we are to forget
        summary = _("A friend of {referrer}'s would like to hear of “{title}”").format(**holes)
    take = Button(_("Talk with them"), actions.TakeUp(person.interest.id or 0), style="primary")
    other = (
        Button(_("Leave it to HR"), actions.PassOn(person.interest.id or 0))
        if for_contact
        else Button(_("Who is where"), actions.OpenPeople(person.job.id or 0))
    )
    said = (Quote(person.said),) if person.said and person.member_id else ()
    return Message(summary, (Para((summary,)), *said, Buttons((take, other))))


def taken(person: Person, *, by_me: bool, room: bool = False, is_hr: bool = False) -> Message:
    """After [Talk with them], and to whoever presses later."""
    text = _tell_taken(person, by_me=by_me, room=room)
    names = {"name": person.name, "title": words.title_of(person.job)}
    message = _line(text.format(**names, who=words.call(person.handler), email=person.email))
    on = (Buttons((Button(_("Who is where"), actions.OpenPeople(person.job.id or 0)),)),) if is_hr else ()
    return Message(message.summary, (*message.blocks, *on))


def _tell_taken(person: Person, *, by_me: bool, room: bool) -> str:
    if not by_me:
        return _("{who} talks with {name} about “{title}” already.")
    if room:
        return _("{name} hears that you are glad to talk. A conversation between the two of you is open.")
    if person.email:
        return _("{name} hears that you are glad to talk. Please write to {email} about the day.")
    return _("{name} hears that you are glad to talk. Please write to them about the day.")


def stands(person: Person) -> Message:
    """How somebody stands, to whoever presses an old button."""
    return _line(_("{name}: {stage}.").format(name=person.name, stage=_tell_stage(person.interest)))


def passed_on(person: Person) -> Message:
    """After [Leave it to HR]."""
    return _line(_("HR talks with {name} instead of you.").format(name=person.name))


def no_longer(job: Job) -> Message:
    """To whoever would have talked: somebody is not available any more. Why, and who, is not said."""
    text = _("“{title}”: somebody who was interested is not available any more. Nothing is left to do.")
    return _line(text.format(title=words.title_of(job)))


def closes_soon(job: Job, counts: Mapping[str, int]) -> Message:
    """To HR, some days before the last day."""
    summary = _("“{title}” closes after {day}").format(title=words.title_of(job), day=words.until(job))
    waiting = counts.get(Stage.INTERESTED, 0)
    people = ngettext("{n} person has not heard from you yet.", "{n} people have not heard from you yet.", waiting)
    return Message(
        summary,
        (
            Para((summary,)),
            *((Note((people.format(n=waiting),)),) if waiting else ()),
            Buttons(
                (
                    Button(_("Move the date…"), actions.Edit(job.id or 0)),
                    Button(_("Who is where"), actions.OpenPeople(job.id or 0)),
                )
            ),
        ),
    )


def saved(job: Job) -> Message:
    """After the form of a job that isn't announced."""
    text = _("“{title}” is open until {day}.").format(title=words.title_of(job), day=words.until(job))
    return Message(text, (Note((text,), "done"), Buttons((Button(_("Jobs: for HR"), actions.OpenDesk(0)),))))


def _line(text: str) -> Message:
    return Message(text, (Note((text,), "done"),))
