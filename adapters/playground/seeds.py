"""What stands in the channels when the workspace is first opened, so that it feels lived in."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from adapters.playground.people import Resident
from adapters.playground.store import Post

CHANNEL = "channel:latest"

WRITERS = (
    ("miwako-katayama", 9, time(10, 12)),
    ("grace-whitfield", 8, time(19, 40)),
    ("shintaro-matsuo", 7, time(7, 55)),
    ("atsushi-kumagai", 5, time(12, 31)),
    ("keita-hirai", 4, time(9, 18)),
    ("emily-carter", 3, time(21, 6)),
    ("misaki-sato", 1, time(8, 24)),
)
"""Who has told how they are doing, how many days ago, and when on that day."""


def make_seeds(people: Sequence[Resident], today: date, zone: str) -> list[tuple[Post, datetime]]:
    """A few people's latest news of the days before `today`, in the hours of `zone`, the oldest first."""
    news = {person.id: person.latest_news for person in people}
    return [
        (
            Post(CHANNEL, writer, "text", {"text": news[writer]}),
            datetime.combine(today - timedelta(days=days), at, ZoneInfo(zone)),
        )
        for writer, days, at in WRITERS
        if writer in news
    ]
