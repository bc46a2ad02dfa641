"""Latest news (近況) beyond telling them: in digests, applauded, and asked for once a month. Told they are in
`handlers.profile`."""

from bot.feature import Feature
from handlers.status.jobs import QUESTION, THANKS, ask, follow, tell_thanks
from handlers.status.offer import offer
from handlers.status.routes import router

__all__ = ["FEATURE"]

FEATURE = Feature(
    "status", router, reminders={QUESTION: ask, THANKS: tell_thanks}, on_member_changed=follow, digest=offer
)
