"""Finding a time for two people: suggested by one, picked by the other, kept in both calendars.

What the time is for is a host's business (`Host`): consultations now, other introductions later. A host adds itself
with `add_host`, puts `suggest_button` on its card, and tells by `end` when there is nothing to meet for any more, or by
`settle_by_hand` that the two have told a day in another way.
"""

from collections.abc import Callable
from datetime import date, datetime

from bot.dates import get_zone
from bot.feature import Feature
from handlers.meetings import flow, jobs
from handlers.meetings.home import show_home
from handlers.meetings.hosts import Acting, Host, Matter, add_host
from handlers.meetings.routes import router
from handlers.meetings.views import suggest_button
from storage.queries import meetings as queries
from storage.uow import UnitOfWork

FEATURE = Feature(
    "meetings",
    router,
    reminders={
        queries.ANSWER: jobs.check_answer,
        queries.DAY_BEFORE: jobs.remind_day_before,
        queries.HOUR_BEFORE: jobs.remind_hour_before,
    },
    home=show_home,
    glance=(queries.HAS_COMING,),
)


def end(acting: Acting, kind: str, subject_id: int) -> None:
    """What the two were to meet for has ended: their cards lose the buttons, and a time that is still to come is taken
    out of their calendars. To be called while the subject is held; changes nothing the second time."""
    meeting = queries.find_by_subject(acting.db, kind, subject_id)
    if meeting is not None:
        flow.end(acting, meeting)


def settle_by_hand(acting: Acting, kind: str, subject_id: int, day: date, say_day: Callable[[], str]) -> None:
    """One of the two has told the day in another way. A time agreed on for that very day stays; all else is over."""
    meeting = queries.find_by_subject(acting.db, kind, subject_id)
    if meeting is None or (meeting.starts_at is None and not meeting.proposer_id):
        return
    days = (
        {meeting.starts_at.astimezone(get_zone(one.zone)).date() for one in flow.list_both(acting, meeting)}
        if (meeting.starts_at is not None)
        else set[date]()
    )
    if day not in days:
        flow.settle_by_hand(acting, meeting, say_day)


def find_time(db: UnitOfWork, kind: str, subject_id: int) -> datetime | None:
    """The time that the two have agreed on."""
    return queries.find_time(db, kind, subject_id)


__all__ = ["FEATURE", "Acting", "Host", "Matter", "add_host", "end", "find_time", "settle_by_hand", "suggest_button"]
