"""The names of fields, choices and languages, in the current language."""

from babel import Locale
from babel.dates import get_timezone_location

from bot.i18n import _, current_locale
from handlers.profile.rules import Digest, News
from storage.models import Purpose, Visibility
from storage.queries.members import ProfileField


def field_name(field: ProfileField, *, is_employee: bool) -> str:
    """A profile field's label; an employee's department is the present one."""
    match field:
        case ProfileField.DEPARTMENT:
            return _("Department") if is_employee else _("Former department")
        case ProfileField.YEARS:
            return _("Years at the company")
        case ProfileField.EMPLOYER:
            return _("Employer")
        case ProfileField.JOB:
            return _("Role")
        case ProfileField.CITY:
            return _("City")
        case ProfileField.LANGUAGES:
            return _("Languages")
        case ProfileField.TOPICS:
            return _("Topics")
        case ProfileField.LATEST_NEWS:
            return _("Latest news")


def purpose_name(purpose: Purpose) -> str:
    """What a member agrees to, as a sentence of theirs."""
    match purpose:
        case Purpose.NEWS:
            return _("I'd like to get news and events")
        case Purpose.JOBS:
            return _("I'd like to get jobs")
        case Purpose.CONSULTATIONS:
            return _("I may be asked for a consultation")
        case Purpose.INTRODUCTIONS:
            return _("I may be introduced to other members")
        case Purpose.NEWCOMER:
            return _("Name me when I am new")
        case Purpose.MILESTONES:
            return _("Congratulate me on anniversaries")
        case Purpose.SPOTLIGHT:
            return _("Introduce me with what my profile shows")
        case Purpose.NEWS_QUESTION:
            return _("Ask me for news once a month")


def visibility_name(visibility: Visibility) -> str:
    """Who sees a field."""
    match visibility:
        case Visibility.EVERYONE:
            return _("everyone")
        case Visibility.ALUMNI:
            return _("alumni only")
        case Visibility.NOBODY:
            return _("nobody")


def digest_name(digest: Digest) -> str:
    """How often the digest comes."""
    match digest:
        case Digest.WEEKLY:
            return _("Every week")
        case Digest.MONTHLY:
            return _("Every month")
        case Digest.BIMONTHLY:
            return _("Every two months")
        case Digest.NEVER:
            return _("Never")


def news_text(news: News) -> str:
    """A ready-made piece of news: the button's label, and what others read."""
    match news:
        case News.WELL:
            return _("I'm doing well")
        case News.NEW_JOB:
            return _("I have a new job")
        case News.MOVED:
            return _("I have moved")
        case News.LEARNING:
            return _("I'm learning something new")
        case News.COFFEE:
            return _("Up for a coffee")


def list_starters() -> tuple[str, ...]:
    """Topics offered before the community has a list of its own."""
    return (
        _("Changing careers"),
        _("Management"),
        _("Working abroad"),
        _("Founding a company"),
        _("Technology and research"),
        _("Manufacturing and quality"),
        _("Product development"),
        _("Sales and marketing"),
        _("Finance and accounting"),
        _("Hiring and people"),
        _("IT and data"),
        _("Work and family"),
    )


def language_name(code: str) -> str:
    """A spoken language's name, such as 「日本語」 or "Japanese"."""
    return Locale.parse(current_locale()).languages[code]


def zone_name(zone: str) -> str:
    """A time zone as people call it, such as 「日本時間」 or "Japan Time"."""
    if zone.endswith("UTC"):
        return "UTC"
    return get_timezone_location(zone, locale=current_locale())
