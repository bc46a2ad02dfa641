"""What is said about referred friends: to the referrer, to the friend, and on the friend's page. Pure.

What the referrer is sent holds the day and the job, never the friend's name: erasing a friend must leave none behind.
"""

from datetime import date, datetime

from bot.i18n import _, current_locale, pgettext, prose
from bot.pages import Choice, PagePart
from bot.policy import Policy
from bot.ui import Block, Button, Buttons, Fact, Facts, Heading, Link, Message, Note, Para, Quote, When
from handlers.jobs import actions, words
from handlers.jobs.actions import ELSEWHERE
from handlers.jobs.views import all_jobs, sentence
from handlers.names import community_name, company_name
from storage.models import Job, Stage

AGREE, DECLINE, WITHDRAW = "agree", "decline", "withdraw"


# To the referrer


def asked_by_mail(job: Job, name: str, by: date) -> Message:
    """After the form, where mail goes out."""
    text = _("Thank you. {name} gets a mail about “{title}” and decides by {day}.").format(
        name=name, title=words.title_of(job), day=words.day_of(by)
    )
    return Message(text, (Note((text,), "done"), Para((_after(),)), Buttons((all_jobs(),))))


def asked_by_link(job: Job, name: str, link: str, by: date) -> Message:
    """After the form, where no mail goes out: the link to hand over."""
    text = _("Thank you. Please hand this link about “{title}” to {name}, who decides there by {day}.").format(
        name=name, title=words.title_of(job), day=words.day_of(by)
    )
    return Message(text, (Note((text,), "done"), Para((Link(link, link),)), Para((_after(),)), Buttons((all_jobs(),))))


def _after() -> str:
    return _("You will be told what becomes of it. HR sees nothing before your friend agrees.")


def agreed(job: Job, asked: datetime) -> Message:
    """The friend said yes."""
    text = _("Your friend, whom you asked on {day}, would like to hear more about “{title}”. HR writes to them.")
    return _tell(text, job, asked)


def not_this_time(job: Job, asked: datetime) -> Message:
    """The friend said no, gave no answer, or thought better of it: the words are the same."""
    text = _("“{title}”: your friend, whom you asked on {day}, won't go on with it. Thank you for thinking of them.")
    message = _tell(text, job, asked)
    erased = Note((_("What you told us about them has been erased."),))
    return Message(message.summary, (*message.blocks, erased))


def step(job: Job, asked: datetime, stage: str) -> Message:
    """How far the friend has come, and no more than that."""
    match stage:
        case Stage.TALKING:
            text = _("“{title}”: HR talks with your friend, whom you asked on {day}.")
        case Stage.INTERVIEWING:
            text = _("“{title}”: your friend, whom you asked on {day}, is in interviews.")
        case Stage.HIRED:
            text = _(
                "“{title}”: your friend, whom you asked on {day}, is coming to us. Thank you for bringing us together."
            )
        case _:
            text = _(
                "“{title}”: with your friend, whom you asked on {day}, it does not go on this time. Thank you for it."
            )
    return _tell(text, job, asked)


def _tell(text: str, job: Job, asked: datetime) -> Message:
    title, day = words.title_of(job), When(asked, "date")
    summary = _("Your friend and “{title}”").format(title=title)
    return Message(summary, (prose(text, title=title, day=day),))


def twice() -> str:
    """Under the address, when somebody with it was referred to this job before: whoever it was."""
    return _("Somebody with this address has been asked about this job already, and nobody is asked twice.")


def too_many(most: int) -> str:
    """Under the address, after several friends in a day."""
    return _("You have asked {n} friends since yesterday. Please ask the next one tomorrow.").format(n=most)


# To a friend who is a member


def thought_of_you(job: Job, referrer: str, said: str) -> Message:
    """A friend who is here hears it as a member does."""
    summary = _("{name} thought of you for “{title}”").format(name=referrer, title=words.title_of(job))
    id = job.id or 0
    return Message(
        summary,
        (
            Para((summary,)),
            *((Quote(said),) if said else ()),
            Facts(words.facts_of(job, "")[:-1]),
            Note((_("Nobody hears of it unless you say so."),)),
            Buttons(
                (
                    Button(pgettext("job", "Details"), actions.Details(id), style="primary"),
                    Button(_("Talk casually"), actions.AskTalk(id)),
                    Button(_("Not for me"), actions.Hide(id, ELSEWHERE)),
                )
            ),
        ),
    )


# To a friend who is not


def letter(job: Job, referrer: str, name: str, said: str, link: str, by: date, policy: Policy) -> Message:
    """The mail that asks."""
    holes = {"referrer": referrer, "title": words.title_of(job), "company": company_name(policy), "name": name}
    summary = _("{referrer} thought of you: “{title}” at {company}").format(**holes)
    ask = _("{name}, {referrer} knows {company} and thought of you for a job there.").format(**holes)
    more = Para((Link(_("See more, and say yes or no"), link),))
    gone = _("Only if you say yes, HR learns your name and address. Without an answer by {day} both are erased.")
    return Message(
        summary,
        (
            Heading(words.title_of(job)),
            Para((ask,)),
            *((Quote(said),) if said else ()),
            Facts(words.facts_of(job, "")[:-1]),
            more,
            Note((gone.format(day=words.day_of(by)),)),
        ),
    )


def no_pages() -> Message:
    """Where friends can't reach us."""
    text = _("Referring a friend is not set up here yet. Please tell HR about the job your friend would suit.")
    return sentence(text, all_jobs())


# The page


def ask(job: Job, referrer: str, said: str, by: date, policy: Policy) -> PagePart:
    """What it is about, with both answers."""
    holes = {"referrer": referrer, "company": company_name(policy), "community": community_name(policy)}
    intro = _("{referrer}, who belongs to {community}, the circle around {company}, thought of you for this job.")
    rules = _(
        "If you say yes, HR of {company} learns your name and mail address and writes to you. If you say no, or "
        "nothing by {day}, both are erased and nobody asks you about this job again. You can take a yes back on this "
        "page."
    )
    return _part(
        words.title_of(job),
        (
            Para((intro.format(**holes),)),
            *((Quote(said),) if said else ()),
            *_describe(job),
            Para((rules.format(**holes, day=words.day_of(by)),)),
        ),
        Choice(AGREE, _("Yes, tell me more"), "primary"),
        Choice(DECLINE, _("No, thank you")),
    )


def _describe(job: Job) -> tuple[Block, ...]:
    language = words.tell_language(job)
    rows = words.facts_of(job, "", link=True)
    facts = Facts(tuple(row for row in rows if row.label != _("Who talks with you")))
    return (facts, *((Note((language,)),) if language else ()), Para((words.text_of(job),)))


def standing(job: Job, stage: str, policy: Policy) -> PagePart:
    """Agreed: how far it has come, and the way out."""
    company = company_name(policy)
    if stage in (Stage.HIRED, Stage.CLOSED):
        said = _("It came to an end here. What you told us is erased soon; you can have that now.")
        out = Choice(WITHDRAW, _("Erase it now"))
    else:
        said = _("Thank you. HR of {company} has your name and address and writes to you.").format(company=company)
        out = Choice(WITHDRAW, _("I have changed my mind"))
    note = Note((_("If you change your mind, everything about you is erased, and nobody asks why."),))
    how_far = Facts((Fact(_("How far"), (words.stage_name(stage),)),))
    return _part(words.title_of(job), (Para((said,)), how_far, note), out)


def thanks_no() -> PagePart:
    """After a no, or a yes taken back."""
    text = _("Thank you for telling us. Your name and address are erased, and nobody asks you about this job again.")
    return _part(_("Nothing is kept"), (Para((text,)),))


def over() -> PagePart:
    """The date has passed, or the job is closed."""
    text = _("This job is closed, or the day by which we asked has passed. Your name and address are erased.")
    return _part(_("Nothing is kept"), (Para((text,)),))


def nowhere() -> PagePart:
    """A link that is none of ours, or too old."""
    text = _("This link leads nowhere, or no longer does. If you typed it, please look at it once more.")
    return _part(_("No page here"), (Para((text,)),))


def _part(title: str, blocks: tuple[Block, ...], *choices: Choice) -> PagePart:
    return PagePart(current_locale(), title, blocks, choices)
