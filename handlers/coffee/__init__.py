"""Coffee rounds: everybody who joined is introduced to one other person, the best round overall."""

from bot.feature import Errand, Feature, Recurring
from bot.recurrence import Rule
from handlers.coffee import jobs, rounds
from handlers.coffee.introducing import CLOSE, HALFWAY
from handlers.coffee.routes import router, show_home
from handlers.coffee.rules import AT
from storage.queries.coffee import HAS_PART

__all__ = ["FEATURE"]

FEATURE = Feature(
    "coffee",
    router,
    reminders={HALFWAY: jobs.ask_halfway, CLOSE: jobs.close},
    recurring=(Recurring("coffee.calendar", Rule(AT), jobs.look_at_the_calendar),),
    on_member_changed=jobs.recheck_member,
    home=show_home,
    glance=(HAS_PART,),
    errands=(Errand("coffee.rounds", rounds.work),),
)
