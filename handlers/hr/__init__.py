"""HR's page: applications, leavers, who has joined, what was not delivered, and the role itself."""

# First what others need of this package: onboarding imports it, and is imported by what follows.
from handlers.hr.alerts import (
    tell_hr_of_application,
    tell_hr_of_arrival,
    tell_hr_of_lock,
    tell_hr_of_overdue,
    tell_hr_of_stranger,
)  # isort: split

from datetime import time

from bot.feature import Feature, Recurring
from bot.recurrence import Rule
from handlers.hr.figures_jobs import count_what_ended
from handlers.hr.jobs import find_handover_rule, show_section, summarise_week, tell_of_handovers
from handlers.hr.newcomers import ask_about_newcomers
from handlers.hr.routes import router
from storage.queries.newcomers import ASK_HR

__all__ = [
    "FEATURE",
    "tell_hr_of_application",
    "tell_hr_of_arrival",
    "tell_hr_of_lock",
    "tell_hr_of_overdue",
    "tell_hr_of_stranger",
]

FEATURE = Feature(
    "hr",
    router,
    reminders={ASK_HR: ask_about_newcomers},
    recurring=(
        Recurring("hr.weekly_summary", Rule(time(9), frozenset({0})), summarise_week),
        Recurring("hr.handovers", find_handover_rule, tell_of_handovers),
        Recurring("hr.figures", Rule(time(5)), count_what_ended),
    ),
    home=show_section,
)
