"""The two forms, as pure views: what is known in, forms out. Slack's limits hold everywhere: titles and buttons of 24
characters, options of 75, ten checkboxes.
"""

from collections.abc import Collection
from dataclasses import dataclass

from bot.actions import Action
from bot.i18n import LANGUAGES, _, ngettext
from bot.ui import (
    Checkboxes,
    Form,
    FormItem,
    Heading,
    MultiSelect,
    Note,
    Option,
    Para,
    Select,
    TextInput,
)
from handlers.profile import words
from handlers.profile.rules import (
    IN_DIGESTS,
    LONGEST_LINE,
    LONGEST_NEWS,
    MOST_CONSULTATIONS,
    NO_QUIET_HOURS,
    SPOKEN,
    About,
    Choices,
    Digest,
    Fault,
    list_fields,
    split_topics,
)
from storage.models import Purpose, Role
from storage.queries.topics import LONGEST_TOPIC, MOST_TOPICS

_MORE_TOPICS = (LONGEST_TOPIC + 2) * MOST_TOPICS


@dataclass(frozen=True, slots=True)
class Frame:
    """What differs where a form is used: its title and button, and the action that comes back."""

    title: str
    submit: str
    action: Action


def about_form(frame: Frame, about: About, offered: Collection[str], *, is_employee: bool) -> Form:
    """What the member tells of themselves. `offered` is the list of topics."""
    place = _employee_fields(about) if is_employee else _leaver_fields(about)
    return Form(
        frame.title,
        frame.submit,
        frame.action,
        (
            Note((_("Everything here is optional. You decide later who sees what."),)),
            *place,
            TextInput("city", _("City"), about.city, example=_("Sendai"), required=False, max_length=LONGEST_LINE),
            _languages(about),
            *_topics(about, offered),
            TextInput(
                "latest_news",
                _("Latest news"),
                about.latest_news,
                hint=_("How you are, in a line or two: what old colleagues would like to hear."),
                required=False,
                multiline=True,
                max_length=LONGEST_NEWS,
            ),
        ),
    )


def _leaver_fields(about: About) -> tuple[FormItem, ...]:
    return (
        TextInput("employer", _("Present employer"), about.employer, required=False, max_length=LONGEST_LINE),
        TextInput("job", _("Role"), about.job, example=_("Engineer"), required=False, max_length=LONGEST_LINE),
    )


def _employee_fields(about: About) -> tuple[FormItem, ...]:
    return (
        TextInput("department", _("Department"), about.department, required=False, max_length=LONGEST_LINE),
        TextInput("job", _("Role"), about.job, example=_("Engineer"), required=False, max_length=LONGEST_LINE),
    )


def _languages(about: About) -> MultiSelect:
    options = tuple(Option(code, words.language_name(code)) for code in SPOKEN)
    label = _("Languages you can talk in")
    spoken = tuple(code for code in SPOKEN if code in about.languages)
    return MultiSelect("languages", label, options, spoken, at_most=len(SPOKEN))


def _topics(about: About, offered: Collection[str]) -> tuple[FormItem, ...]:
    chosen, free = split_topics(about.topics, offered)
    most = ngettext("At most {n}, with those below.", "At most {n}, with those below.", MOST_TOPICS)
    return (
        MultiSelect(
            "topics",
            _("Topics you can be asked about"),
            tuple(Option(label, label) for label in offered),
            chosen,
            hint=most.format(n=MOST_TOPICS),
            at_most=MOST_TOPICS,
        ),
        TextInput(
            "more_topics",
            _("Other topics, in your words"),
            _(", ").join(free),
            hint=_("Separated by commas."),
            example=_("ramping up battery production, living in Thailand"),
            required=False,
            max_length=_MORE_TOPICS,
        ),
    )


def choices_form(frame: Frame, choices: Choices, *, role: str, zone: str, ask_guidelines: bool) -> Form:
    """What the member chooses. `ask_guidelines`: their present version has yet to be accepted."""
    return Form(
        frame.title,
        frame.submit,
        frame.action,
        (
            *(_guidelines(choices) if ask_guidelines else ()),
            _consents(choices),
            *_consultations(choices),
            *_visibility(choices, role),
            *_rhythm(choices, zone),
            _in_digests(choices),
            _language(choices),
        ),
    )


def _guidelines(choices: Choices) -> tuple[FormItem, ...]:
    return (
        Heading(_("Guidelines")),
        Para(
            (
                _(
                    "• We meet to keep in touch and to help each other, not to sell.\n"
                    "• We write nothing that hurts, and no gossip.\n"
                    "• We neither ask for nor tell what is confidential, at this company or at another."
                ),
            )
        ),
        Checkboxes(
            "guidelines",
            _("Guidelines"),
            (Option("accepted", _("I'll keep to them")),),
            ("accepted",) if choices.accepted else (),
            required=True,
        ),
    )


def _consents(choices: Choices) -> Checkboxes:
    return Checkboxes(
        "consents",
        _("What may we write to you about?"),
        tuple(Option(purpose.value, words.purpose_name(purpose)) for purpose in Purpose if purpose not in IN_DIGESTS),
        tuple(purpose.value for purpose in Purpose if purpose in choices.consents and purpose not in IN_DIGESTS),
        hint=_("Only what you tick. You can change it at any time."),
    )


def _in_digests(choices: Choices) -> Checkboxes:
    return Checkboxes(
        "digest_consents",
        _("In digests"),
        tuple(Option(purpose.value, words.purpose_name(purpose)) for purpose in IN_DIGESTS),
        tuple(purpose.value for purpose in IN_DIGESTS if purpose in choices.consents),
    )


def _consultations(choices: Choices) -> tuple[FormItem, ...]:
    numbers = range(MOST_CONSULTATIONS + 1)
    options = tuple(Option(str(n), _("None") if n == 0 else _up_to(n)) for n in numbers)
    nameless = Option("nameless", _("Don't show my name before I accept"))
    return (
        Select("capacity", _("Consultations a month"), options, str(choices.capacity)),
        Checkboxes(
            "nameless", _("When I am proposed to somebody"), (nameless,), ("nameless",) if choices.nameless else ()
        ),
    )


def _up_to(number: int) -> str:
    return ngettext("Up to {n}", "Up to {n}", number).format(n=number)


def _visibility(choices: Choices, role: str) -> tuple[FormItem, ...]:
    is_employee = role == Role.EMPLOYEE
    fields = list_fields(role)
    options = tuple(Option(field.value, words.field_name(field, is_employee=is_employee)) for field in fields)
    return (
        MultiSelect(
            "alumni_only",
            _("For alumni only"),
            options,
            tuple(field.value for field in fields if field in choices.alumni_only),
            hint=_("What you name neither here nor below is for every member to see."),
            at_most=len(options),
        ),
        MultiSelect(
            "hidden",
            _("For nobody"),
            options,
            tuple(field.value for field in fields if field in choices.hidden),
            at_most=len(options),
        ),
    )


def _rhythm(choices: Choices, zone: str) -> tuple[FormItem, ...]:
    hours = tuple(Option(str(hour), f"{hour}:00") for hour in range(24))
    none = Option(NO_QUIET_HOURS, _("No quiet hours"))
    start = NO_QUIET_HOURS if choices.quiet_from == choices.quiet_to else str(choices.quiet_from)
    digests = tuple(Option(digest.value, words.digest_name(digest)) for digest in Digest)
    return (
        Select(
            "quiet_from",
            _("Quiet hours from"),
            (none, *hours),
            start,
            hint=_("Unasked messages wait until they are over. Your time zone: {zone}").format(
                zone=words.zone_name(zone)
            ),
        ),
        Select("quiet_to", _("Quiet hours until"), hours, str(choices.quiet_to)),
        Select("digest", _("Digest"), digests, choices.digest.value),
    )


def _language(choices: Choices) -> Select:
    options = tuple(Option(code, words.language_name(code)) for code in LANGUAGES)
    return Select("language", _("Language of our messages"), options, choices.language)


def news_form(frame: Frame, text: str) -> Form:
    """The latest news, in one's own words."""
    return Form(
        frame.title,
        frame.submit,
        frame.action,
        (
            TextInput(
                "latest_news",
                _("Latest news"),
                text,
                hint=_("Leave it empty to take your news away."),
                required=False,
                multiline=True,
                max_length=LONGEST_NEWS,
            ),
        ),
    )


def explain(fault: Fault) -> str:
    """The sentence beside a field."""
    match fault:
        case Fault.TOO_MANY_TOPICS:
            return ngettext(
                "Please keep it to {n} topic, counting both lists.",
                "Please keep it to {n} topics, counting both lists.",
                MOST_TOPICS,
            ).format(n=MOST_TOPICS)
        case Fault.TOPIC_TOO_LONG:
            return _("Please keep each topic to {n} characters, and separate topics by commas.").format(n=LONGEST_TOPIC)
        case Fault.GUIDELINES:
            return _("To take part, please agree to the guidelines.")
        case Fault.SHOWN_AND_HIDDEN:
            return _("Something is named both here and under “For alumni only”. Please choose one of the two.")
