"""One person, many accounts: joined by a one-time code, taken apart with one press, and one of them gets the
messages."""

from bot.feature import Feature
from handlers.accounts.joining import Newcomer, join_by_code
from handlers.accounts.routes import router

__all__ = ["FEATURE", "Newcomer", "join_by_code"]

FEATURE = Feature("accounts", router)
