"""The roster: importing HR's list of leavers, and inviting them."""

from bot.feature import Feature
from handlers.roster.cells import Leaver, Limits
from handlers.roster.entering import Entered, change_leaver, enter_leaver
from handlers.roster.importing import INVITE, Change, ImportReport, Progress, Stage, import_leavers
from handlers.roster.invitations import (
    can_be_mailed,
    has_joined,
    mail_invitation,
    send_due_invitation,
    take_code,
)
from handlers.roster.problems import Column, Fault, Problem
from handlers.roster.schedule import is_before_last_day
from handlers.roster.words import describe, name_column

FEATURE = Feature("roster", reminders={INVITE: send_due_invitation})

__all__ = [
    "FEATURE",
    "INVITE",
    "Change",
    "Column",
    "Entered",
    "Fault",
    "ImportReport",
    "Leaver",
    "Limits",
    "Problem",
    "Progress",
    "Stage",
    "can_be_mailed",
    "change_leaver",
    "describe",
    "enter_leaver",
    "has_joined",
    "import_leavers",
    "is_before_last_day",
    "mail_invitation",
    "name_column",
    "take_code",
]
