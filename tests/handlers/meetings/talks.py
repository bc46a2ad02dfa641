"""Two people whose consultation is accepted, and what they do with its time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import vobject

from bot.ui import File, list_files
from handlers.consultations import FEATURE as CONSULTATIONS
from handlers.home import FEATURE as HOME
from handlers.meetings import FEATURE as MEETINGS
from storage.models import Meeting, Reminder
from tests.handlers.consultations.people import add_asker, add_mentor, ask_first, read
from tests.support.rows import list_rows
from tests.support.world import START, Actor, World

KIND = "consultation"

opened: list[World] = []
"""The worlds of the present test, to be closed."""


async def accept_talk(url: str, **mentor: Any) -> tuple[World, Actor, Actor]:
    """A world in which 高橋 翔 (asks) and 佐藤 美咲 (has accepted) are about to find a time. `mentor` are options of
    hers, such as her zone."""
    world = World(
        url, features=(CONSULTATIONS, MEETINGS, HOME), at=START + timedelta(hours=7)
    )  # 17:00 in Tokyo, 9:00 in Berlin
    opened.append(world)
    misaki = await add_mentor(world, **mentor)
    sho = await add_asker(world)
    await ask_first(sho)
    await misaki.press("Accept" if mentor.get("locale", "ja") == "en" else "引き受ける")
    clear(sho, misaki)
    return world, sho, misaki


def clear(*actors: Actor) -> None:
    """Looks away from what was last answered, back to the messages."""
    for actor in actors:
        actor.answer = None


async def suggest(actor: Actor, **values: str) -> None:
    """[Suggest times], and the form as it comes, or with other values."""
    clear(actor)
    await actor.press("日程を提案")
    await actor.submit(**values)
    clear(actor)


def meeting(world: World) -> Meeting:
    """The one meeting as it is now."""
    (found,) = list_rows(world.store, Meeting)
    return found


def alarms(world: World) -> dict[str, Reminder]:
    """The meeting's reminders that are still to ring, by kind."""
    rows = list_rows(world.store, Reminder)
    return {row.kind: row for row in rows if row.kind.startswith("meeting.") and row.state == "pending"}


def slot_labels(actor: Actor) -> list[str]:
    """The buttons with times, on whichever message has them now."""
    return [label for label in actor.buttons() if "月" in label and "日（" in label]


def files_of(actor: Actor) -> list[File]:
    """Every file that somebody was sent, the oldest first; one that was sent again counts once."""
    sent = [parcel for parcel in actor.world.chat.sent if getattr(parcel.target, "user", "") == actor.user]
    files = {file.name: file for parcel in sent for file in list_files(parcel.message)}
    return list(files.values())


def read_entry(file: File) -> Any:
    """The calendar entry as another program reads it: the calendar, with `.vevent` in it."""
    other_library: Any = vobject
    return other_library.readOne(file.text)


async def read_home(actor: Actor) -> str:
    """Somebody's home page as it is read."""
    await actor.open_home()
    assert actor.home is not None
    text = read(actor.home)
    actor.home = None
    return text


def at(day: int, hour: int, month: int = 11) -> datetime:
    """A moment on Tokyo's clocks in that year."""
    return datetime(2026, month, day, hour, tzinfo=UTC) - timedelta(hours=9)


def newest(actor: Actor) -> str:
    """The last message on somebody's screen."""
    return read(actor.inbox[-1])


async def agree(url: str) -> tuple[World, Actor, Actor]:
    """Both have agreed on Tuesday the 24th at 12:00."""
    world, sho, misaki = await accept_talk(url)
    await suggest(sho)
    await misaki.press("11月24日（火）12:00")
    clear(sho, misaki)
    return world, sho, misaki
