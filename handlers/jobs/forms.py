"""The forms. Pure; titles and buttons have at most 24 characters (Slack)."""

from datetime import date

from bot.i18n import LANGUAGES, _
from bot.ui import Checkboxes, DateInput, Form, Note, Option, Para, Select, TextInput
from handlers.jobs import actions, words
from handlers.jobs.rules import (
    ANSWER_WITHIN,
    LONGEST_LINK,
    LONGEST_PLACE,
    LONGEST_TEXT,
    LONGEST_TITLE,
    LONGEST_WORDS,
    OPEN_FOR,
    Draft,
)
from storage.models import Job, JobKind, JobWish

CONTACT, HR = "contact", "hr"


def _kinds() -> tuple[Option, ...]:
    return tuple(Option(kind.value, words.kind_name(kind)) for kind in JobKind)


def talk_form(job: Job, contact: str) -> Form:
    """[Talk casually]: to whom, and a few words. `contact` is "" where only HR comes into question."""
    whom = (
        Select(
            "to",
            _("Who talks with you"),
            (Option(CONTACT, words.call(contact)[: words.LONGEST_LABEL]), Option(HR, _("HR"))),
            CONTACT,
            hint=_("If you know each other from earlier and would rather not, choose HR."),
        )
        if contact
        else Note((_("HR talks with you. Nobody of the department hears of it without your word."),))
    )
    return Form(
        _("Talk casually"),
        _("Send"),
        actions.Talk(job.id or 0),
        (
            Para((words.title_of(job),)),
            whom,
            TextInput(
                "words",
                _("What you would like to know"),
                hint=_("Only whoever talks with you reads it."),
                required=False,
                multiline=True,
                max_length=LONGEST_WORDS,
            ),
        ),
    )


def wish_form(wish: JobWish) -> Form:
    """What I wish for."""
    return Form(
        _("What I wish for"),
        _("Save"),
        actions.Wish(),
        (
            Note((_("Only Musubi uses this, to show you first what fits. Nobody else reads it."),)),
            Checkboxes("kinds", _("Kinds of work"), _kinds(), tuple(wish.kinds)),
            TextInput(
                "place",
                _("Place of work"),
                wish.place,
                hint=_("Without one, the city in your profile counts."),
                example=_("Sendai"),
                required=False,
                max_length=LONGEST_PLACE,
            ),
        ),
    )


def refer_form(job: Job, name: str = "", email: str = "", said: str = "", *, by_mail: bool) -> Form:
    """[Refer a friend]."""
    days = ANSWER_WITHIN.days
    if by_mail:
        how = _("Your friend gets a mail with a link and decides; only then does HR see the name.")
    else:
        how = _("You get a link to hand over. Your friend decides there; only then does HR see the name.")
    gone = _("Without an answer within {n} days, or after a no, everything you write here is erased.").format(n=days)
    return Form(
        _("Refer a friend"),
        _("Ask my friend"),
        actions.Refer(job.id or 0),
        (
            Para((words.title_of(job),)),
            Note((how,)),
            Note((gone,)),
            TextInput("name", _("Your friend's name"), name, max_length=80),
            TextInput("email", _("Your friend's mail address"), email, max_length=254),
            TextInput(
                "words",
                _("A few words to your friend"),
                said,
                hint=_("Your friend and HR read it."),
                required=False,
                multiline=True,
                max_length=LONGEST_WORDS,
            ),
        ),
    )


def job_form(action: actions.Save, draft: Draft, contact: str, today: date) -> Form:
    """A job, new or to be changed. `contact` is the name of the person who talks with those interested, or ""."""
    closes = draft.closes_on or today + OPEN_FOR
    return Form(
        _("Change the job") if action.job else _("Write a job"),
        _("On to the readers") if action.goes_out else _("Save"),
        action,
        (
            Note((_("One language is enough; readers of the other are told which it is in."),)),
            *(item for locale in LANGUAGES for item in _words(locale, draft)),
            Select("kind", _("Kind of work"), _kinds(), draft.kind),
            TextInput(
                "place",
                _("Place of work"),
                draft.place,
                example=_("Yokohama, or from home"),
                required=False,
                max_length=LONGEST_PLACE,
            ),
            TextInput("url", _("Link"), draft.url, example="https://", required=False, max_length=LONGEST_LINK),
            DateInput("closes_on", _("Open until"), closes),
            TextInput(
                "contact",
                _("Who talks with those interested"),
                contact,
                hint=_("An employee's name or mail address; without one it is HR."),
                required=False,
            ),
        ),
    )


def _words(locale: str, draft: Draft) -> tuple[TextInput, TextInput]:
    title, text = (draft.title_ja, draft.text_ja) if locale == "ja" else (draft.title_en, draft.text_en)
    names = (
        (_("Title in Japanese"), _("Text in Japanese"))
        if locale == "ja"
        else (_("Title in English"), _("Text in English"))
    )
    return (
        TextInput(f"title_{locale}", names[0], title, required=False, max_length=LONGEST_TITLE),
        TextInput(f"text_{locale}", names[1], text, required=False, multiline=True, max_length=LONGEST_TEXT),
    )


def end_form(action: actions.End, job: Job, name: str, said: str = "") -> Form:
    """[Close…] on somebody's interest."""
    return Form(
        _("Close an interest"),
        _("Close"),
        action,
        (
            Para((_("{name}: {title}").format(name=name, title=words.title_of(job)),)),
            Note((_("{name} is told that it will not go on this time, with thanks.").format(name=name),)),
            TextInput(
                "words",
                _("A word of your own"),
                said,
                hint=_("About the job, not about the person. It stands below the thanks."),
                required=False,
                multiline=True,
                max_length=LONGEST_WORDS,
            ),
        ),
    )
