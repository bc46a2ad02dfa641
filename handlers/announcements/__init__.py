"""Announcements (お知らせ): what HR writes, to whom it goes, and what became of it."""

from bot.feature import Feature
from handlers.announcements.composing import begin
from handlers.announcements.kinds import Kind, Text, add_kind

__all__ = ["FEATURE", "Kind", "Text", "add_kind", "begin"]

FEATURE = Feature("announcements")
