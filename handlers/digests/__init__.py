"""Digests (まとめ便り): what is new in the community, for each member at their rhythm, and for channels."""

from datetime import time

from bot.feature import Errand, Feature, Recurring
from bot.recurrence import Rule
from handlers.digests.community import offer
from handlers.digests.jobs import follow, list_zones, post_to_channels, work
from handlers.digests.routes import router
from handlers.digests.rules import MONTHLY

__all__ = ["FEATURE"]

FEATURE = Feature(
    "digests",
    router,
    recurring=(
        Recurring("digests.zones", Rule(time(0, 30)), list_zones),
        Recurring("digests.channels", MONTHLY, post_to_channels),
    ),
    on_member_changed=follow,
    errands=(Errand("digests", work),),
    digest=offer,
)
