"""Announcements (お知らせ): what HR writes, to whom it goes, and what became of it."""

from bot.feature import Errand, Feature
from handlers.announcements import pictures
from handlers.announcements.actions import OpenList
from handlers.announcements.audience import Fitting, narrows
from handlers.announcements.composing import begin
from handlers.announcements.jobs import fan_out, work
from handlers.announcements.kinds import Kind, Text, add_kind
from handlers.announcements.routes import router
from handlers.announcements.sending import SEND, begin_sending
from storage.queries.announcements import note_press

__all__ = [
    "FEATURE",
    "Fitting",
    "Kind",
    "OpenList",
    "Text",
    "add_kind",
    "begin",
    "fan_out",
    "narrows",
    "note_press",
]

FEATURE = Feature(
    "announcements",
    router,
    reminders={SEND: begin_sending},
    errands=(Errand("announcements", work), Errand("announcements.pictures", pictures.work)),
)
