"""People on their way into a community: on HR's list, at the door, and registered.

code = add_leaver(world, "佐藤 美咲")
misaki = await alumna(world, "佐藤 美咲", consents=("consultations",), more_topics="電池")
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import select

from bot.incoming import AccountKind, FormValue
from storage.models import RosterEntry
from storage.queries.roster import issue_code
from storage.uow import UnitOfWork
from tests.support.world import Actor, World

SECRET = b"secret of a test"
"""The secret that `World` gives its settings."""

LEFT = date(2026, 3, 31)


def add_leaver(
    world: World,
    name: str = "佐藤 美咲",
    number: str = "00123",
    *,
    left_on: date = LEFT,
    email: str = "",
    department: str = "設計2課",
    valid: timedelta = timedelta(days=60),
) -> str:
    """Puts somebody on HR's list and returns their invitation code."""

    def add(db: UnitOfWork) -> str:
        entry = RosterEntry(
            employee_number=number,
            name=name,
            email=email,
            department=department,
            joined_on=date(2010, 4, 1),
            left_on=left_on,
            imported_at=world.clock.now(),
        )
        db.session.add(entry)
        db.session.flush()
        return issue_code(db, entry, SECRET, valid, world.clock.now())

    return world.store.run_here(add)


def find_entry(world: World, number: str = "00123") -> RosterEntry:
    """A row of HR's list as it is now."""
    wanted = select(RosterEntry).where(RosterEntry.employee_number == number)
    return world.store.run_here(lambda db: db.session.exec(wanted).one())


async def alumnus(
    world: World,
    name: str = "佐藤 美咲",
    number: str = "00123",
    *,
    locale: str = "ja-JP",
    department: str = "設計2課",
    **values: FormValue,
) -> Actor:
    """Somebody who has left and registered. `values` go into the forms of the second and third step, by field name."""
    code = add_leaver(world, name, number, department=department)
    actor = world.person(name, locale=locale, kind=AccountKind.GUEST)
    await actor.join()
    await actor.press(word(actor, "登録する", "Register"))
    await actor.submit(code=code)
    about = {"employer", "job", "city", "languages", "topics", "more_topics", "latest_news"}
    await actor.submit(**{name: value for name, value in values.items() if name in about})
    choices: dict[str, FormValue] = {name: value for name, value in values.items() if name not in about}
    await actor.submit(**{"guidelines": ("accepted",)} | choices)
    return actor


def word(actor: Actor, japanese: str, english: str) -> str:
    """The label that this person reads."""
    return japanese if actor.profile.locale.startswith("ja") else english


def moment(day: int, hour: int = 10, minute: int = 0) -> datetime:
    """A moment of November 2026, Tokyo's time."""
    return datetime(2026, 11, day, hour, minute, tzinfo=ZoneInfo("Asia/Tokyo"))
