"""Help: what can I do here? Also the answer to everything Musubi doesn't understand."""

from bot.feature import Feature
from handlers.help.routes import router

__all__ = ["FEATURE"]

FEATURE = Feature("help", router)
