"""What things are called, and a job in the reader's language. Pure."""

from collections.abc import Callable, Mapping
from datetime import date

from bot.dates import format_day
from bot.i18n import _, current_locale
from bot.ui import Fact, Inline, Link
from handlers.jobs.fitting import Reason
from storage.models import Job, JobKind, Stage

_KINDS: Mapping[str, Callable[[], str]] = {
    JobKind.FULL_TIME: lambda: _("Full-time"),
    JobKind.CONTRACT: lambda: _("Contract work"),
    JobKind.SIDE_JOB: lambda: _("Side job"),
    JobKind.ADVISOR: lambda: _("Advisor"),
}

_STAGES: Mapping[str, Callable[[], str]] = {
    Stage.INTERESTED: lambda: _("Interested"),
    Stage.TALKING: lambda: _("Talking"),
    Stage.INTERVIEWING: lambda: _("In interviews"),
    Stage.HIRED: lambda: _("Hired"),
    Stage.CLOSED: lambda: _("Closed"),
}


def kind_name(kind: str) -> str:
    """How one would work."""
    return _KINDS[kind]() if kind in _KINDS else kind


def stage_name(stage: str) -> str:
    """How far it has come."""
    return _STAGES[stage]() if stage in _STAGES else stage


def title_of(job: Job) -> str:
    """The title in the reader's language, else in the other one."""
    first, second = (job.title_ja, job.title_en) if current_locale() == "ja" else (job.title_en, job.title_ja)
    return first or second


def text_of(job: Job) -> str:
    """The text that goes with `title_of`."""
    own, other = (job.text_ja, job.text_en) if current_locale() == "ja" else (job.text_en, job.text_ja)
    return own if is_in_own_language(job) else other


def is_in_own_language(job: Job) -> bool:
    """Whether the job is there in the reader's language."""
    return bool(job.title_ja if current_locale() == "ja" else job.title_en)


def tell_language(job: Job) -> str:
    """A sentence for whoever reads a job in the other language; "" for everybody else."""
    if is_in_own_language(job):
        return ""
    return (
        _("This job is described in English.") if current_locale() == "ja" else _("This job is described in Japanese.")
    )


def until(job: Job) -> str:
    """The last day, as text: it is a day of the company's, not a moment."""
    return day_of(job.closes_on)


def day_of(day: date) -> str:
    """A calendar day in the reader's language."""
    return format_day(day, current_locale())


def call(name: str) -> str:
    """Somebody by name, as one calls them; HR where there is no name."""
    return _("{name}").format(name=name) if name else _("HR")


def facts_of(job: Job, contact: str, *, link: bool = False) -> tuple[Fact, ...]:
    """Kind of work, place, last day, who talks with you; with `link` where more is to be read."""
    rows: list[tuple[str, Inline]] = [(_("Kind of work"), kind_name(job.kind))]
    rows += [(_("Place of work"), job.place)] if job.place else []
    rows += [(_("Open until"), until(job))]
    rows += [(_("Who talks with you"), call(contact))]
    rows += [(_("Read on"), Link(_("The job's page"), job.url))] if link and job.url else []
    return tuple(Fact(label, (value,)) for label, value in rows)


LONGEST_LABEL = 75


def tell_reason(reason: Reason) -> str:
    """A reason in a few words."""
    return _tell(reason)[:LONGEST_LABEL]


def _tell(reason: Reason) -> str:
    match reason.kind:
        case "kind":
            return _("You wish for: {kind}").format(kind=kind_name(reason.mine))
        case "place":
            return _("Near you: {place}").format(place=reason.mine)
        case "remote":
            return _("From anywhere")
        case "topic":
            return _("Your topic: {topic}").format(topic=reason.mine)
        case _:
            return _("Near your topic {topic}: {offered}").format(topic=reason.mine, offered=reason.theirs)
