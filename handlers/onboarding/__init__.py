"""Registration in three short forms: who are you, about you, your choices."""

from bot.feature import Feature
from handlers.onboarding.approval import approve, decline, withdraw_application
from handlers.onboarding.jobs import KIND, tell_waiting
from handlers.onboarding.routes import router
from handlers.onboarding.rules import count_tries, look_back

__all__ = ["FEATURE", "approve", "count_tries", "decline", "look_back", "withdraw_application"]

FEATURE = Feature("onboarding", router, reminders={KIND: tell_waiting})
