"""Whoever joins is welcomed once, and reminded twice at most of a registration that is undone."""

from bot.feature import Feature
from handlers.welcome.jobs import KIND, greet_former_employee, nudge, stop_nudging
from handlers.welcome.routes import router

__all__ = ["FEATURE", "stop_nudging"]

FEATURE = Feature("welcome", router, reminders={KIND: nudge}, on_member_changed=greet_former_employee)
