"""The forms of a consultation. What is put into a field fits it: platforms refuse a form with more."""

from dataclasses import dataclass
from datetime import date

from bot.i18n import _
from bot.ui import Checkboxes, DateInput, Form, FormItem, Note, Option, Para, Select, TextInput
from handlers.consultations import actions
from handlers.consultations.rules import LONGEST_AIM, LONGEST_LINE, LONGEST_TOPIC
from handlers.consultations.views.people import say_timing

TIMINGS = ("soon", "month", "open")
LANGUAGES = ("ja", "en", "any")
REASONS = ("busy", "topic", "timing", "other")
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the form holds: the consultation as the asker describes it."""

    topic: str = ""
    aim: str = ""
    language: str = "ja"
    timing: str = "month"


def wish_form(wishes: Wishes, key: str) -> Form:
    """The form for a new consultation."""
    return Form(_("Ask for a consultation"), _("Find people"), actions.Wish(key), _wish_items(wishes))


def topic_form(wishes: Wishes, consultation_id: int) -> Form:
    """The same form, for changing what is being looked for."""
    return Form(_("Change the topic"), _("Look again"), actions.NewTopic(consultation_id), _wish_items(wishes))


def _wish_items(wishes: Wishes) -> tuple[FormItem, ...]:
    return (
        TextInput(
            "topic",
            _("Topic"),
            wishes.topic[:LONGEST_TOPIC],
            hint=_("In your own words. We look for people who named something near it."),
            example=_("Ramping up battery production"),
            max_length=LONGEST_TOPIC,
        ),
        TextInput(
            "aim",
            _("What you would like to get from it"),
            wishes.aim[:LONGEST_AIM],
            example=_("What to make sure of in the first half year"),
            multiline=True,
            max_length=LONGEST_AIM,
        ),
        Select("language", _("Language"), _language_options(), wishes.language),
        Select("timing", _("When"), tuple(Option(timing, say_timing(timing)) for timing in TIMINGS), wishes.timing),
        Note((_("Only the person who is asked reads this, with your name and department. HR does not."),)),
    )


def _language_options() -> tuple[Option, ...]:
    return (Option("ja", _("Japanese")), Option("en", _("English")), Option("any", _("Either is fine")))


def decline_form(request_id: int) -> Form:
    """Why not this time. Neither the reason nor the line reaches the asker."""
    return Form(
        _("Not this time"),
        _("Send"),
        actions.Reason(request_id),
        (
            Para((_("Thank you for telling us. The asker only learns that it doesn't suit this time."),)),
            Select("reason", _("Reason"), _reason_options(), "busy"),
            TextInput(
                "line",
                _("Anything HR should know"),
                hint=_("If you write something, HR receives it with your name, but nothing about the request."),
                required=False,
                multiline=True,
                max_length=LONGEST_LINE,
            ),
        ),
    )


def _reason_options() -> tuple[Option, ...]:
    return (
        Option("busy", _("I have no time just now")),
        Option("topic", _("It is not my field")),
        Option("timing", _("The timing doesn't suit")),
        Option("other", _("Another reason")),
    )


def suggest_form(request_id: int, name: str = "") -> Form:
    """Whom to ask instead."""
    return Form(
        _("Suggest someone"),
        _("Send"),
        actions.Suggestion(request_id),
        (
            TextInput(
                "name",
                _("Name"),
                name[:_LONGEST_NAME],
                hint=_("If the person is a member and takes requests, we ask them next. You are not named."),
                max_length=_LONGEST_NAME,
            ),
        ),
    )


def date_form(consultation_id: int, day: date | None) -> Form:
    """On which day they talk."""
    return Form(
        _("Tell the day"),
        _("Send"),
        actions.TalkDate(consultation_id),
        (
            DateInput("day", _("The day of your talk"), day, hint=_("The other side is told too.")),
            Note((_("The day after, we ask both of you how it went."),)),
        ),
    )


def contact_form(consultation_id: int, name: str, known: str) -> Form:
    """How to be reached by the other side. `known` is the person's own address, if we know it."""
    return Form(
        _("Share my contact"),
        _("Send"),
        actions.Contact(consultation_id),
        (
            TextInput(
                "contact",
                _("How {name} can reach you").format(name=name),
                known[:LONGEST_LINE],
                hint=_("Only {name} receives it, once.").format(name=name),
                example=_("A mail address or a phone number"),
                max_length=LONGEST_LINE,
            ),
        ),
    )


def feedback_form(consultation_id: int, name: str, *, asked: bool) -> Form:
    """The two questions. `asked` says that the reader is the one who was asked for the talk."""
    question = _("How worthwhile was the talk?") if asked else _("How useful was the talk?")
    return Form(
        _("How was it?"),
        _("Send"),
        actions.Feedback(consultation_id),
        (
            Select("useful", question, _useful_options()),
            TextInput("line", _("In a line, if you like"), required=False, max_length=LONGEST_LINE),
            _share(name),
        ),
    )


def _share(name: str) -> Checkboxes:
    option = Option("share", _("Pass the line on to {name}").format(name=_shorten(name)))
    return Checkboxes(
        "share", _("Who reads the line"), (option,), hint=_("Otherwise nobody does. HR sees numbers only.")
    )


def _shorten(name: str) -> str:
    """A name for the label of an option, which may have 75 characters (Slack)."""
    return name if len(name) <= 40 else f"{name[:39]}…"


def _useful_options() -> tuple[Option, ...]:
    return (
        Option("5", _("5: very")),
        Option("4", _("4: quite")),
        Option("3", _("3: fairly")),
        Option("2", _("2: a little")),
        Option("1", _("1: not really")),
    )
