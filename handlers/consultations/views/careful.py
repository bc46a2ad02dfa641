"""What not to talk about: said to both before they meet."""

from dataclasses import dataclass

from bot.i18n import _, prose
from bot.ui import Para
from storage.models import Role


@dataclass(frozen=True, slots=True)
class Workplaces:
    """Who is careful about what: the reader's role, the community's company, the reader's own employer and the other
    side's, as far as the reader knows it."""

    role: Role
    company: str
    own: str = ""
    others: str = ""


def be_careful(places: Workplaces) -> Para:
    """What is confidential stays out of the talk, on both sides."""
    if places.role is Role.EMPLOYEE:
        return _warn_employee(places)
    return _warn_alumnus(places)


def _warn_employee(places: Workplaces) -> Para:
    if places.others:
        text = _(
            "Please leave out what is confidential at {company}, and don't ask for what is confidential at {employer}. "
            "This matters most if the two compete or do business with each other."
        )
        return prose(text, company=places.company, employer=places.others)
    text = _(
        "Please leave out what is confidential at {company}, and don't ask for what is confidential where the other "
        "side works. This matters most if the two compete or do business with each other."
    )
    return prose(text, company=places.company)


def _warn_alumnus(places: Workplaces) -> Para:
    if places.own:
        text = _(
            "Please leave out what is confidential at {employer}, and what you know in confidence from your time at "
            "{company}. This matters most if the two compete or do business with each other."
        )
        return prose(text, employer=places.own, company=places.company)
    text = _(
        "Please leave out what is confidential where you work, and what you know in confidence from your time at "
        "{company}. This matters most if the two compete or do business with each other."
    )
    return prose(text, company=places.company)
