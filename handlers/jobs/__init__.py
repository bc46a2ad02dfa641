"""Jobs (求人): what is open and fits, casual talks, referred friends, and who is where. See docs/jobs.md."""

from datetime import time

from bot.feature import Errand, Feature, Recurring
from bot.pages import WebPage
from bot.recurrence import Rule
from handlers import announcements
from handlers.jobs import closing, feed_work, hr_routes, referring, routes
from handlers.jobs.announcing import KIND
from handlers.jobs.closing import open_job
from handlers.jobs.desk import Desk
from handlers.jobs.feed_taking import Outcome, note_outcome, take_over
from handlers.jobs.feed_words import tell_all
from handlers.jobs.home import show_home
from handlers.jobs.offer import offer
from handlers.jobs.router import router
from storage.queries.jobs import HAS_GOING, WANTS_JOBS

__all__ = ["FEATURE", "Desk", "Outcome", "note_outcome", "open_job", "take_over", "tell_all"]

ROUTES = (routes, hr_routes)
"""The modules whose routes hang at the router."""

FEATURE = Feature(
    "jobs",
    router,
    reminders={
        closing.CLOSES: closing.close_due,
        closing.WARNS: closing.warn,
        referring.UNANSWERED: referring.give_up,
    },
    recurring=(
        Recurring("jobs.feed", Rule(time(6, 30)), feed_work.look_at_the_feed),
        Recurring("jobs.forget", Rule(time(3, 40)), referring.forget_settled),
    ),
    on_member_changed=closing.recheck_member,
    home=show_home,
    glance=(HAS_GOING, WANTS_JOBS),
    errands=(Errand("jobs.feed", feed_work.work),),
    digest=offer,
    pages=(WebPage(referring.PAGE, referring.show_page),),
)

announcements.add_kind(KIND)
