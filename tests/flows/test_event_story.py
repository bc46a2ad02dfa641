"""The life of an event end to end, on Slack and on Teams, in both languages: written by HR, answered, full, changed, a
freed seat taken from the waiting list, and cancelled. What the real platform would refuse fails the story."""

from collections.abc import AsyncGenerator
from datetime import date, timedelta
from typing import Any

import pytest
import vobject
from sqlmodel import select

from bot.i18n import _, use_locale
from storage.models import Delivery, Event, EventState, Member, Purpose
from storage.queries.consents import set_consents
from tests.fake_slack import FakeSlack
from tests.fake_slack.files import uploads_of
from tests.flows.stages import Player, Stage, StageName, gather_three, open_stage, settle
from tests.support.world import START

TITLE = {"ja": "電池の夕べ", "en": "Battery evening"}
DAY = date(2026, 12, 11)


@pytest.fixture(params=["slack-http", "teams"])
async def stage(request: pytest.FixtureRequest, sqlite_url: str) -> AsyncGenerator[Stage]:
    """The app on one platform after the other."""
    name: StageName = request.param
    async with open_stage(name, sqlite_url) as opened:
        yield opened


@pytest.fixture(params=["ja", "en"])
def locale(request: pytest.FixtureRequest) -> str:
    """One language after the other."""
    return request.param


class Telling:
    """What is said on the screen, in one language."""

    def __init__(self, locale: str) -> None:
        self.locale = locale

    def __call__(self, text: str, **holes: str) -> str:
        with use_locale(self.locale):
            return _(text).format(**holes) if holes else _(text)


async def gather(stage: Stage, locale: str) -> tuple[Player, Player, Player]:
    """An alumna, an employee and HR, registered and agreed to news and events."""
    players = await gather_three(stage, locale)
    with stage.app.store.begin() as db:
        for member in db.session.exec(select(Member)).all():
            set_consents(db, member.id or 0, (Purpose.NEWS,), START)
    return players


async def write_event(stage: Stage, hr: Player, locale: str) -> None:
    """HR writes an event of one seat; what an announcement does with it is told elsewhere."""
    say = Telling(locale)
    await hr.command("events")
    await settle(stage)
    await hr.press(say("Manage events"))
    await hr.press(say("New event"))
    await hr.fill(
        {
            say("Name in Japanese"): TITLE["ja"],
            say("Name in English"): TITLE["en"],
            say("Day"): DAY,
            say("Link"): "https://meet.example.com/abc",
            say("How many can come"): "1",
        }
    )
    await settle(stage)
    with stage.app.store.begin() as db:
        event = db.session.exec(select(Event)).one()
        assert (event.state, event.capacity, event.link) == (EventState.DRAFT, 1, "https://meet.example.com/abc")
        event.state = EventState.ANNOUNCED


async def sign_up(stage: Stage, player: Player, locale: str, label: str = "Going") -> None:
    """`/events`, the event's card, and Going."""
    say = Telling(locale)
    await player.command("events")
    await settle(stage)
    await player.press(say("Details"))
    await settle(stage)
    await player.press(say(label))
    await settle(stage)


def read_entries(stage: Stage) -> list[tuple[str, str]]:
    """The calendar files that were uploaded, as another library reads them: number and state."""
    assert isinstance(stage.platform, FakeSlack)
    other_library: Any = vobject
    files = [upload for upload in uploads_of(stage.platform.workspace).values() if upload.data is not None]
    entries = [other_library.readOne((upload.data or b"").decode()).vevent for upload in files]
    assert len({entry.uid.value for entry in entries}) == 1
    return [(entry.sequence.value, entry.status.value) for entry in entries]


async def test_the_life_of_an_event(stage: Stage, locale: str) -> None:
    say, title = Telling(locale), TITLE[locale]
    alumna, employee, hr = await gather(stage, locale)
    await write_event(stage, hr, locale)

    await sign_up(stage, employee, locale)
    assert say("You are going to {title}. Here it is for your calendar.", title=title) in employee.everything()
    await sign_up(stage, alumna, locale, "Join the waiting list")
    assert say("You are the first on the waiting list. We write to you when a seat is freed.") in alumna.everything()

    await hr.command("events")
    await settle(stage)
    await hr.press(say("Manage events"))
    await hr.press(say("Open"))
    await hr.press(say("Change"))
    await hr.fill({say("Day"): DAY + timedelta(days=7)})
    await settle(stage)
    moved = say("{title} has changed. This is how it is now.", title=title)
    assert moved in employee.everything()
    assert moved not in alumna.everything()

    await employee.press(say("Not going"))
    await settle(stage)
    assert say("Take the seat") in alumna.buttons()
    await alumna.press(say("Take the seat"))
    await settle(stage)
    assert say("You are going to {title}. Here it is for your calendar.", title=title) in alumna.everything()
    assert say("Take the seat") not in alumna.buttons()

    await hr.press(say("Cancel the event…"))
    await hr.fill({say("A word to them"): "Typhoon!"})
    await settle(stage)
    assert "Typhoon!" in alumna.everything()
    assert "Typhoon!" not in employee.everything()
    if isinstance(stage.platform, FakeSlack):
        going, off = ("0", "CONFIRMED"), "CANCELLED"
        assert read_entries(stage) == [going, ("1", "CONFIRMED"), ("2", off), going, ("1", off)]
    with stage.app.store.begin() as db:
        states = {delivery.state for delivery in db.session.exec(select(Delivery)).all()}
    assert states <= {"sent", "pending", "skipped"}
