"""What a member reads about their own profile. Pure."""

from bot.dates import format_month
from bot.i18n import _, current_locale, fill
from bot.ui import Block, Button, Buttons, Fact, Facts, Message, Note, Para, Quote
from handlers.actions import OpenHome
from handlers.profile import words
from handlers.profile.actions import EditChoices, EditProfile, ShareNews, WriteNews
from handlers.profile.rules import News, list_fields
from storage.models import Member, Role, Visibility
from storage.queries.members import ProfileField


def saved(member: Member, topics: tuple[str, ...]) -> Message:
    """The profile after a change, as others see it, with what nobody sees named apart."""
    text = _("Your profile is up to date. This is what others see:")
    told = tuple((field, value) for field in list_fields(member.role) if (value := _value_of(member, topics, field)))
    facts = tuple(_fact(member, field, value) for field, value in told if _visibility_of(member, field) in _SHOWN)
    blocks: tuple[Block, ...] = (
        (Para((text,)), Facts(facts)) if facts else (Para((_("Your profile is empty but for your name."),)),)
    )
    hidden = [_label(member, field) for field, _value in told if _visibility_of(member, field) not in _SHOWN]
    note = (Note((_("Shown to nobody: {fields}").format(fields=_(", ").join(hidden)),)),) if hidden else ()
    buttons = Buttons(
        (
            Button(_("Edit profile"), EditProfile()),
            Button(_("Preferences"), EditChoices()),
            Button(_("Home"), OpenHome()),
        )
    )
    return Message(_("Your profile is up to date."), (*blocks, *note, buttons))


_SHOWN = (Visibility.EVERYONE, Visibility.ALUMNI)


def _visibility_of(member: Member, field: ProfileField) -> Visibility:
    return Visibility(member.visibility.get(field, Visibility.EVERYONE))


def _label(member: Member, field: ProfileField) -> str:
    return words.field_name(field, is_employee=member.role == Role.EMPLOYEE)


def _fact(member: Member, field: ProfileField, value: str) -> Fact:
    visibility = _visibility_of(member, field)
    if visibility is not Visibility.EVERYONE:
        value = _("{value} ({visibility})").format(value=value, visibility=words.visibility_name(visibility))
    return Fact(_label(member, field), (value,))


def _value_of(member: Member, topics: tuple[str, ...], field: ProfileField) -> str:
    match field:
        case ProfileField.DEPARTMENT:
            return member.department
        case ProfileField.YEARS:
            return _years_of(member)
        case ProfileField.EMPLOYER:
            return member.employer
        case ProfileField.JOB:
            return member.job
        case ProfileField.CITY:
            return member.city
        case ProfileField.LANGUAGES:
            return _(", ").join(map(words.language_name, member.languages))
        case ProfileField.TOPICS:
            return _(", ").join(topics)
        case ProfileField.LATEST_NEWS:
            return member.latest_news


def _years_of(member: Member) -> str:
    if member.left_on is None:
        return ""
    left = format_month(member.left_on, current_locale())
    if member.joined_on is None:
        return _("until {left}").format(left=left)
    joined = format_month(member.joined_on, current_locale())
    return _("{joined} to {left}").format(joined=joined, left=left)


def choices_saved() -> Message:
    """After the preferences were changed."""
    text = _("Your preferences are saved, and hold from now on.")
    return Message(text, (Note((text,), "done"), Buttons((Button(_("Home"), OpenHome()),))))


def ask_news(present: str) -> Message:
    """How are you? One click, or one's own words."""
    text = _("How are you doing? One press tells the others.")
    now: tuple[Block, ...] = (Note((_("Your latest news now:"),)), Quote(present)) if present else ()
    return Message(
        text,
        (Para((text,)), *now, Buttons((*list_ready_made(), Button(_("In my own words"), WriteNews())))),
    )


def list_ready_made() -> tuple[Button, ...]:
    """A button for each of the ready-made news."""
    return tuple(Button(words.news_text(news), ShareNews(news.value)) for news in News)


def news_saved(member: Member) -> Message:
    """After the latest news changed, with who reads it."""
    again = Buttons((Button(_("Change it"), WriteNews()), Button(_("Home"), OpenHome())))
    if not member.latest_news:
        text = _("Your latest news is taken away.")
        return Message(text, (Note((text,), "done"), again))
    text = _("Your latest news is up to date.")
    visibility = _visibility_of(member, ProfileField.LATEST_NEWS)
    who = Note(fill(_("Who sees it: {visibility}"), visibility=words.visibility_name(visibility)))
    return Message(text, (Note((text,), "done"), Quote(member.latest_news), who, again))
