"""What many people have is corrected, on Slack and on Teams, in both languages: HR writes the new words, a second
person reads the old ones beside them, wants something changed, agrees to what comes next, and the reader's message
changes where it stands. What the real platform would refuse fails the story."""

from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest
from sqlmodel import select

from bot.i18n import _, use_locale
from storage.models import Announcement, Member, Purpose
from storage.queries.consents import set_consents
from tests.flows.stages import NAMES, Player, Stage, StageName, gather_three, open_stage, settle
from tests.support.world import START

TITLE = {"ja": "夏の集い", "en": "Summer party"}
WRONG = {"ja": "夏の集い（七月四日）", "en": "Summer party on 4 July"}
RIGHT = {"ja": "夏の集い（七月五日）", "en": "Summer party on 5 July"}


@pytest.fixture(params=["slack-http", "teams"])
async def stage(request: pytest.FixtureRequest, sqlite_url: str) -> AsyncGenerator[Stage]:
    """The app on one platform after the other."""
    name: StageName = request.param
    async with open_stage(name, sqlite_url) as opened:
        yield opened


async def gather(stage: Stage, locale: str) -> tuple[Player, Player, Player]:
    """A reader, and two in HR."""
    reader = NAMES[locale][0]
    players = await gather_three(stage, locale)
    with stage.app.store.begin() as db:
        for member in db.session.exec(select(Member)).all():
            member.is_hr = member.name != reader
            set_consents(db, member.id or 0, (Purpose.NEWS,) if member.name == reader else (), START)
    return players


async def send(stage: Stage, hr: Player, locale: str) -> None:
    """Written and sent; a second person had to agree to it (500 people are not needed for that here)."""
    await hr.command("announce")
    await settle(stage)
    await hr.press(_("News…"))
    await hr.fill({_("Title in Japanese") if locale == "ja" else _("Title in English"): TITLE[locale]})
    await settle(stage)
    await hr.press(_("Send…"))
    await hr.fill({})
    stage.clock.at += timedelta(minutes=10)
    await settle(stage)
    await settle(stage)
    with stage.app.store.begin() as db:
        db.session.exec(select(Announcement)).one().needs_approval = True


async def correct(stage: Stage, hr: Player, locale: str, title: str) -> None:
    """[Correct…], and its form."""
    await hr.press(_("Correct…"))
    await hr.fill({_("Title in Japanese") if locale == "ja" else _("Title in English"): title})
    await settle(stage)


@pytest.mark.parametrize("locale", ["ja", "en"])
async def test_a_correction_that_a_second_person_agrees_to(stage: Stage, locale: str) -> None:
    reader, second, hr = await gather(stage, locale)
    with use_locale(locale):
        await send(stage, hr, locale)
        assert TITLE[locale] in reader.everything()

        await hr.press(_("Show"))
        await settle(stage)
        await correct(stage, hr, locale, WRONG[locale])
        assert WRONG[locale] not in reader.everything()
        for said in (_("Until now"), TITLE[locale], _("Corrected"), WRONG[locale]):
            assert said in second.everything()

        await second.press(_("Not like this…"))
        await second.fill({_("What should change"): "4 → 5"})
        await settle(stage)
        assert "4 → 5" in hr.everything()
        assert WRONG[locale] not in reader.everything()

        await correct(stage, hr, locale, RIGHT[locale])
        await second.press(_("Agree to the new words"))
        await settle(stage)
        await settle(stage)
        assert RIGHT[locale] in reader.everything()
        assert WRONG[locale] not in reader.everything()
    with stage.app.store.begin() as db:
        found = db.session.exec(select(Announcement).where(Announcement.kind == "news")).one()
        assert (found.edition, found.texts[locale]["title"]) == (1, RIGHT[locale])
