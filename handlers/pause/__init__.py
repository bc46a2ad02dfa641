"""A break of one, three or six months: out of sight, no messages, and back by itself."""

from bot.feature import Feature
from handlers.pause.actions import AskPause, ComeBack
from handlers.pause.jobs import KIND, end_pause
from handlers.pause.routes import router

__all__ = ["FEATURE", "AskPause", "ComeBack"]

FEATURE = Feature("pause", router, reminders={KIND: end_pause})
