"""The home page: what is open for me, and the way to everything else. Features add their sections by `Feature.home`."""

from bot.feature import Feature
from handlers.home.routes import router

__all__ = ["FEATURE"]

FEATURE = Feature("home", router)
