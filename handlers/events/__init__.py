"""Events (イベント): what HR invites to, with seats, a waiting list, calendar files, reminders and name tags."""

from bot.feature import Feature
from bot.routing import Router
from handlers.events import hr_routes, routes
from handlers.events.jobs import REMINDERS, follow_member
from handlers.events.offer import offer
from storage.queries.events import HAS_OWN

__all__ = ["FEATURE"]

router = Router()
router.routes = [*routes.router.routes, *hr_routes.router.routes]

FEATURE = Feature(
    "events",
    router,
    reminders=REMINDERS,
    on_member_changed=follow_member,
    home=routes.show_home,
    glance=(HAS_OWN,),
    digest=offer,
)
