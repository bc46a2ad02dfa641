"""The words of every view, in both languages, on every platform."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.i18n import LANGUAGES, use_locale
from bot.ui import Button, File, Form, Message, Reader
from handlers.consultations.actions import SetDate
from handlers.meetings import actions, views
from handlers.meetings.forms import Times, times_form
from handlers.meetings.views import Kept, Question, Sight
from tests.support.everywhere import find_problems
from tests.support.golden import check_views

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
AT = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
SLOTS = [AT, AT + timedelta(days=1, hours=4), AT + timedelta(days=4, hours=6)]
HERE = Sight("consultation", 7, 3, 2, "佐藤 美咲", "Asia/Tokyo", "Asia/Tokyo", Button("日にちを伝える", SetDate(7)))
APART = Sight("consultation", 7, 3, 2, "佐藤 美咲", "Asia/Tokyo", "Europe/Berlin", Button("日にちを伝える", SetDate(7)))
ALONE = Sight("coffee", 7, 3, 2, "佐藤 美咲", "Asia/Tokyo", "Asia/Tokyo")
FILE = File("musubi-853cae90-0.ics", "text/calendar; method=REQUEST; charset=utf-8", "BEGIN:VCALENDAR", "Calendar file")
FIRST = Kept(FILE, "https://calendar.google.com/calendar/render?x", "https://outlook.office.com/calendar/x")
MOVED = Kept(FILE, FIRST.google, FIRST.outlook, changes=True)
NUMBERED = list(enumerate(SLOTS, start=1))
FORM = actions.Times("consultation", 7, 0, 2)

VIEWS: dict[str, Callable[[], Message | Form]] = {
    "open": lambda: views.open_card(HERE),
    "open_without_host_button": lambda: views.open_card(ALONE),
    "lapsed": lambda: views.lapsed(HERE),
    "proposed": lambda: views.proposed(HERE, SLOTS, None),
    "proposed_apart": lambda: views.proposed(APART, SLOTS, None),
    "proposed_change": lambda: views.proposed(HERE, SLOTS[1:], AT),
    "sent": lambda: views.sent(HERE),
    "pick": lambda: views.pick(HERE, Question(NUMBERED)),
    "pick_apart": lambda: views.pick(APART, Question(NUMBERED)),
    "pick_change": lambda: views.pick(HERE, Question(NUMBERED[1:], standing=AT)),
    "pick_reminds": lambda: views.pick(HERE, Question(NUMBERED, reminds=True)),
    "pick_last_turn": lambda: views.pick(HERE, Question(NUMBERED, last_turn=True)),
    "pick_last_turn_alone": lambda: views.pick(ALONE, Question(NUMBERED, last_turn=True)),
    "pick_all_passed": lambda: views.pick(HERE, Question([])),
    "fixed": lambda: views.fixed(HERE, AT, FIRST),
    "fixed_apart": lambda: views.fixed(APART, AT, FIRST),
    "moved": lambda: views.fixed(HERE, AT, MOVED, moved=True),
    "settled": lambda: views.settled(APART, AT),
    "taken_off": lambda: views.taken_off(HERE, AT, FILE, mine=True),
    "taken_off_by_other": lambda: views.taken_off(APART, AT, FILE, mine=False),
    "note_taken_off": views.note_taken_off,
    "called_off": lambda: views.called_off(AT, "Asia/Tokyo", "Europe/Berlin", FILE),
    "by_hand": lambda: views.by_hand("Thu 26 Nov"),
    "over": views.over,
    "moved_on": views.moved_on,
    "day_before": lambda: views.day_before(APART, AT),
    "hour_before": lambda: views.hour_before(APART, AT),
    "home_fixed": lambda: views.home_fixed(APART, AT),
    "home_waiting": lambda: views.home_waiting(HERE),
    "form": lambda: times_form(FORM, "佐藤 美咲", Times.of(SLOTS, HERE.zone), HERE.zone, HERE.there, NOW),
    "form_apart": lambda: times_form(FORM, "佐藤 美咲", Times.of(SLOTS[:2], APART.zone), APART.zone, APART.there, NOW),
    "form_empty": lambda: times_form(FORM, "佐藤 美咲", Times(()), HERE.zone, HERE.there, NOW),
}


@pytest.mark.parametrize("locale", LANGUAGES)
def test_the_words_of_every_view(locale: str) -> None:
    check_views("meetings", locale, VIEWS)


@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize("view", ["pick", "fixed"])
def test_a_long_name_and_the_longest_places_still_fit(locale: str, view: str) -> None:
    far = Sight("consultation", 7, 3, 2, "名" * 80, "America/Argentina/Buenos_Aires", "America/Indiana/Indianapolis")
    with use_locale(locale):
        question = Question(NUMBERED, standing=AT)
        message = views.pick(far, question) if view == "pick" else views.fixed(far, AT, FIRST)
        assert not find_problems(message, Reader(locale, far.zone))
