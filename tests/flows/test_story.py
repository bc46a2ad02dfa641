"""Flows 1 to 3 as one story, end to end: from a row in HR's list to a talk that was held, on every platform."""

import re
from collections.abc import AsyncGenerator
from typing import get_args

import pytest

from bot.i18n import _, use_locale
from handlers.roster import import_leavers
from storage.models import Delivery
from tests.flows.stages import NAMES, Player, Stage, StageName, open_stage
from tests.support.rows import list_rows

CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b")
TOPIC = {"ja": "電池開発", "en": "battery development"}


@pytest.fixture(params=get_args(StageName))
async def stage(request: pytest.FixtureRequest, sqlite_url: str) -> AsyncGenerator[Stage]:
    """The app on one platform after another."""
    async with open_stage(request.param, sqlite_url) as opened:
        yield opened


@pytest.fixture(params=["ja", "en"])
def locale(request: pytest.FixtureRequest) -> str:
    """One language after the other."""
    return request.param


def say(locale: str, text: str) -> str:
    """A label or sentence as it stands on the screen."""
    with use_locale(locale):
        return _(text)


async def invite(stage: Stage, name: str, locale: str) -> str:
    """HR imports a list with one leaver; gives the code that the mail brings on the last day."""
    today = stage.clock.now().date()
    rows = f"社員番号,氏名,部署,退職日,メール,言語\n00123,{name},設計2課,{today},a@example.com,{locale}\n"
    now = stage.clock.now()
    report = await stage.app.store.run(lambda db: import_leavers(db, rows.encode(), stage.app.policy, now))
    assert report.added == 1
    await stage.pass_time(days=1)
    (parcel,) = stage.mail.sent
    found = CODE.search(repr(parcel.message))
    assert found is not None
    return found.group()


async def register(stage: Stage, player: Player, code: str, locale: str) -> None:
    """Joins, is welcomed, and fills in the three forms."""
    await player.join()
    await stage.settle()
    assert player.name in player.everything()
    await player.press(say(locale, "Register"))
    await player.fill({say(locale, "Invitation code"): code})
    await player.fill({say(locale, "Other topics, in your words"): TOPIC[locale], say(locale, "City"): "Yokohama"})
    await player.fill(
        {
            say(locale, "Guidelines"): (say(locale, "I'll keep to them"),),
            say(locale, "What may we write to you about?"): (say(locale, "I may be asked for a consultation"),),
        }
    )
    await stage.settle()


async def ask(stage: Stage, player: Player, locale: str) -> None:
    """Asks for a consultation and for the first person proposed."""
    await player.command("mentor", TOPIC[locale])
    await stage.settle()
    if not player.form:
        await player.press(say(locale, "Open"))
    await player.fill({say(locale, "What you would like to get from it"): "Where to begin"})
    await stage.settle()
    await player.press(say(locale, "Ask"))
    await stage.settle()


async def begin(stage: Stage, locale: str) -> tuple[Player, Player]:
    """An alumna who is registered, and an employee who has asked her."""
    alumna_name, employee_name, _hr = NAMES[locale]
    alumna = stage.cast(alumna_name, "alumna", f"{locale}-XX")
    employee = stage.cast(employee_name, "employee", f"{locale}-XX")
    await register(stage, alumna, await invite(stage, alumna_name, locale), locale)
    await employee.join()
    await stage.settle()
    await ask(stage, employee, locale)
    return alumna, employee


async def test_from_a_row_in_the_list_to_a_talk_that_was_held(stage: Stage, locale: str) -> None:
    alumna, employee = await begin(stage, locale)
    assert "Where to begin" in alumna.everything()
    assert employee.name in alumna.everything()
    await alumna.press(say(locale, "Accept"))
    await stage.settle()
    assert alumna.name in employee.everything()
    await stage.pass_time(days=15)
    for player in (alumna, employee):
        await player.press(say(locale, "Yes"))
    question = {"alumna": "How worthwhile was the talk?", "employee": "How useful was the talk?"}
    await alumna.fill({say(locale, question["alumna"]): say(locale, "5: very")})
    await employee.fill({say(locale, question["employee"]): say(locale, "4: quite")})
    await stage.settle()
    assert_nothing_failed(stage)


async def test_no_answer_is_followed_by_reminders_and_an_end_with_a_reason(stage: Stage, locale: str) -> None:
    alumna, employee = await begin(stage, locale)
    assert say(locale, "A request is waiting for your answer") not in alumna.everything()
    await stage.pass_time(days=4)
    assert say(locale, "A request is waiting for your answer") in alumna.everything()
    assert alumna.buttons().count(say(locale, "Accept")) == 1, "the first card's buttons are gone"
    await stage.pass_time(days=7)
    assert say(locale, "Change the topic") in employee.buttons()
    assert_nothing_failed(stage)


async def test_not_this_time_reaches_the_asker_without_a_reason(stage: Stage, locale: str) -> None:
    alumna, employee = await begin(stage, locale)
    await alumna.press(say(locale, "Not this time…"))
    await alumna.fill({say(locale, "Reason"): say(locale, "It is not my field")})
    await stage.settle()
    assert say(locale, "It is not my field") not in employee.everything()
    assert_nothing_failed(stage)


async def test_hr_approves_somebody_who_is_not_in_the_list(stage: Stage, locale: str) -> None:
    alumna_name, _employee, hr_name = NAMES[locale]
    alumna = stage.cast(alumna_name, "alumna", f"{locale}-XX")
    hr = stage.cast(hr_name, "hr", f"{locale}-XX")
    for player in (hr, alumna):
        await player.join()
        await stage.settle()
    await alumna.press(say(locale, "Register"))
    await alumna.fill(
        {
            say(locale, "Employee number"): "4711",
            say(locale, "Name"): alumna_name,
            say(locale, "Month of leaving"): "2026-03",
        }
    )
    await stage.settle()
    assert alumna_name in hr.everything()
    await hr.press(say(locale, "Approve"))
    await hr.fill({say(locale, "Who of the roster is this?"): say(locale, "Not in the roster: I know this person")})
    await stage.settle()
    await alumna.press(say(locale, "Continue"))
    assert alumna.form == say(locale, "About you (2/3)")
    assert_nothing_failed(stage)


def assert_nothing_failed(stage: Stage) -> None:
    """Every message went out, once."""
    states = {delivery.state for delivery in list_rows(stage.app.store, Delivery)}
    assert states <= {"sent", "pending", "skipped"}
