"""Moderation: messages that members report, and what HR decides about them."""

from bot.feature import Feature
from handlers.moderation.deciding import Told, report
from handlers.moderation.routes import router, show_home
from handlers.moderation.views import nothing_to_report, thanks

__all__ = ["FEATURE", "Told", "nothing_to_report", "report", "thanks"]

FEATURE = Feature("moderation", router, home=show_home)
