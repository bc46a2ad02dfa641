"""The product: one package per feature, and the one list of them."""

from bot.feature import Feature
from handlers import (
    accounts,
    announcements,
    coffee,
    consultations,
    digests,
    events,
    help,
    home,
    hr,
    jobs,
    meetings,
    moderation,
    onboarding,
    pause,
    profile,
    rooms,
    roster,
    status,
    welcome,
)

FEATURES: tuple[Feature, ...] = (
    welcome.FEATURE,
    onboarding.FEATURE,
    consultations.FEATURE,
    coffee.FEATURE,
    events.FEATURE,
    meetings.FEATURE,
    rooms.FEATURE,
    jobs.FEATURE,
    profile.FEATURE,
    status.FEATURE,
    announcements.FEATURE,
    digests.FEATURE,
    accounts.FEATURE,
    pause.FEATURE,
    roster.FEATURE,
    hr.FEATURE,
    moderation.FEATURE,
    home.FEATURE,
    help.FEATURE,
)
"""Every feature, in the order in which their sections stand on the home page. A new one is added here and nowhere
else."""
