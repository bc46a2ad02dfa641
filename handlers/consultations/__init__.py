"""Consultations: an employee or alumnus asks somebody who knows; nobody is left without an answer."""

from bot.feature import Feature
from handlers.consultations import answering, asking, meeting
from handlers.consultations.home import show_home
from handlers.consultations.jobs import recheck_member, wake
from handlers.consultations.router import router
from handlers.consultations.times import TalkHost
from handlers.meetings import add_host
from storage.queries.consultations import HAS_OPEN, HAS_WAITING, MEETING, TIMER

ROUTES = (asking, answering, meeting)
"""The modules whose routes hang at the router."""

add_host(MEETING, TalkHost())

FEATURE = Feature(
    "consultations",
    router,
    reminders={TIMER: wake},
    on_member_changed=recheck_member,
    home=show_home,
    glance=(HAS_OPEN, HAS_WAITING),
)
