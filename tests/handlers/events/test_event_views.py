"""Every view of events, kept as text in both languages and drawn on every platform."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest

from bot.i18n import LANGUAGES, current_locale
from bot.ui import File, Form, Message, Para
from handlers.events import actions, hr_views, notices, rules, short_forms, views
from handlers.events.forms import Entered, check, event_form
from handlers.events.hr_views import Desk, Line, Person
from handlers.events.notices import Kept
from handlers.events.rules import Refusal, Stage
from handlers.events.views import Sight
from storage.models import Role, Rsvp
from storage.queries.members import Card
from tests.handlers.events.people import BEGINS
from tests.support.golden import check_views
from tests.support.world import START

FILE = File("musubi-853cae90-0.ics", "text/calendar; method=REQUEST; charset=utf-8", "BEGIN:VCALENDAR", "Calendar file")
KEPT = Kept(FILE, "https://calendar.google.com/calendar/render?x", "https://outlook.office.com/calendar/x")
MISAKI = Card(
    5, "佐藤 美咲", "さとう みさき", Role.ALUMNUS, department="電池開発部", topics=("電池開発", "量産立ち上げ")
)
SHO = Card(6, "高橋 翔", "たかはし しょう", Role.EMPLOYEE, department="設計2課")
PEOPLE = [
    Person("佐藤 美咲", "さとう みさき", "電池開発部", former=True, attended=True),
    Person("高橋 翔", "たかはし しょう", "設計2課", former=False, attended=False),
    Person("Emily Carter", "", "", former=True, attended=False),
]
WHEN = {"day": "2026-12-11", "starts": "19:00", "ends": "21:00", "zone": "Asia/Tokyo"}
COUNTS = {Rsvp.GOING.value: 19, Rsvp.OFFERED.value: 1, Rsvp.WAITING.value: 4, Rsvp.MAYBE.value: 3}


def see(**changes: object) -> Sight:
    ja = current_locale() == "ja"
    base = Sight(
        7,
        "電池の夕べ" if ja else "Battery evening",
        "久しぶりに集まりませんか。" if ja else "Shall we meet again?",
        BEGINS,
        BEGINS + timedelta(hours=2),
        "Asia/Tokyo",
        "Asia/Tokyo",
        "本社1階 ホール" if ja else "Head office, hall",
        answer_by=BEGINS - timedelta(days=3, hours=-5),
    )
    return replace(base, **cast(Any, changes))


def stand(rsvp: Rsvp, **changes: object) -> Sight:
    return see(rsvp=rsvp.value, **changes)


def line(stage: Stage = Stage.FULL, **changes: object) -> Line:
    return Line(see(stage=stage, **changes), COUNTS, 20)


def say_invitation() -> Message:
    return Message("invitation", views.invitation(see(left=3)))


LINKED = {"link": "https://meet.example.com/abc", "place": "", "there": "America/New_York"}

MEMBERS: dict[str, Callable[[], Message | Form]] = {
    "card_new": lambda: views.card(see(left=3)),
    "card_online_elsewhere": lambda: views.card(see(**LINKED)),
    "card_full": lambda: views.card(see(stage=Stage.FULL, left=0)),
    "card_closed": lambda: views.card(see(stage=Stage.CLOSED)),
    "card_going": lambda: views.card(stand(Rsvp.GOING)),
    "card_maybe": lambda: views.card(stand(Rsvp.MAYBE)),
    "card_not_going": lambda: views.card(stand(Rsvp.NOT_GOING)),
    "card_waiting_first": lambda: views.card(stand(Rsvp.WAITING, stage=Stage.FULL)),
    "card_waiting": lambda: views.card(stand(Rsvp.WAITING, stage=Stage.FULL, ahead=2)),
    "card_offered": lambda: views.card(stand(Rsvp.OFFERED, offer=1, offered_until=START + timedelta(hours=12))),
    "card_lapsed": lambda: views.card(stand(Rsvp.LAPSED, stage=Stage.FULL)),
    "card_going_closed": lambda: views.card(stand(Rsvp.GOING, stage=Stage.CLOSED)),
    "card_going_begun": lambda: views.card(stand(Rsvp.GOING, stage=Stage.CLOSED, begun=True)),
    "card_over": lambda: views.card(stand(Rsvp.GOING, stage=Stage.OVER, begun=True)),
    "card_cancelled": lambda: views.card(stand(Rsvp.GOING, stage=Stage.CANCELLED, reason="台風のためです。")),
    "invitation": say_invitation,
    "refused_closed": lambda: views.refused(see(stage=Stage.CLOSED), Refusal.CLOSED),
    "refused_begun": lambda: views.refused(see(stage=Stage.CLOSED, begun=True), Refusal.BEGUN),
    "refused_draft": lambda: views.refused(see(stage=Stage.DRAFT), Refusal.DRAFT),
    "refused_cancelled": lambda: views.refused(see(stage=Stage.CANCELLED), Refusal.CANCELLED),
    "calendar": lambda: notices.calendar(stand(Rsvp.GOING), KEPT),
    "removal": lambda: notices.removal(stand(Rsvp.NOT_GOING), FILE),
    "moved": lambda: notices.moved(stand(Rsvp.GOING), KEPT),
    "cancelled": lambda: notices.cancelled(stand(Rsvp.GOING, reason="台風のためです。"), FILE),
    "cancelled_waiting": lambda: notices.cancelled(stand(Rsvp.WAITING), None),
    "offer": lambda: notices.offer(stand(Rsvp.OFFERED), START + timedelta(hours=12), 1),
    "offer_taken": lambda: notices.offer_taken(see()),
    "offer_let_go": lambda: notices.offer_let_go(see()),
    "offer_over": lambda: notices.offer_over(see()),
    "lapsed": lambda: notices.lapsed(stand(Rsvp.LAPSED)),
    "undecided": lambda: notices.undecided(stand(Rsvp.MAYBE, left=2)),
    "day_before": lambda: notices.day_before(stand(Rsvp.GOING)),
    "hour_before": lambda: notices.hour_before(stand(Rsvp.GOING)),
    "after": lambda: notices.after(stand(Rsvp.GOING)),
    "thanks": lambda: notices.thanks(see().title),
    "asked_no_more": lambda: notices.asked_no_more(see().title),
    "opinion_form": lambda: short_forms.opinion_form(actions.Opinion(7), see().title),
    "people": lambda: views.people(stand(Rsvp.GOING), [MISAKI, SHO], 1, more=True),
    "people_none": lambda: views.people(stand(Rsvp.GOING), [], 0, more=False),
    "not_among_them": lambda: views.not_among_them(see()),
    "list": lambda: views.listing(
        [stand(Rsvp.GOING), stand(Rsvp.WAITING)], [see(stage=Stage.FULL), see(**LINKED)], 0, more=True, hr=False
    ),
    "list_empty": lambda: views.listing([], [], 0, more=False, hr=False),
    "list_hr": lambda: views.listing([], [see()], 1, more=False, hr=True),
    "without_consent": lambda: views.without_consent([stand(Rsvp.OFFERED)]),
    "home": lambda: Message("home", views.section([stand(Rsvp.GOING)])),
    "digest": lambda: Message("digest", views.item(see())),
}

HR: dict[str, Callable[[], Message | Form]] = {
    "hr_list": lambda: hr_views.listing([line(), line(Stage.DRAFT)], 1, more=True),
    "hr_list_empty": lambda: hr_views.listing([], 0, more=False),
    "hr_draft": lambda: hr_views.desk(Desk(Line(see(stage=Stage.DRAFT), {}, 0))),
    "hr_open": lambda: hr_views.desk(Desk(line(Stage.OPEN), note=hr_views.say_changed(19))),
    "hr_now": lambda: hr_views.desk(Desk(line(Stage.CLOSED), may_mark=True, note=hr_views.say_changed(0))),
    "hr_over_waiting": lambda: hr_views.desk(Desk(line(Stage.OVER), may_mark=True, results_on=BEGINS)),
    "hr_over": lambda: hr_views.desk(Desk(line(Stage.OVER), may_mark=True, has_results=True)),
    "hr_cancelled": lambda: hr_views.desk(Desk(line(Stage.CANCELLED, reason="台風のためです。"))),
    "hr_guests": lambda: hr_views.guests(see(), PEOPLE, 1, more=True, total=23),
    "hr_guests_none": lambda: hr_views.guests(see(), [], 0, more=False, total=0),
    "hr_attendance_saved": lambda: hr_views.attendance_saved(see(), 1, 3),
    "hr_tags_sent": lambda: hr_views.tags_sent(see(), 23, ["가나다"]),
    "hr_no_tags": lambda: hr_views.no_tags(see()),
    "hr_tags_file": lambda: hr_views.tags_file(see(), replace(FILE, name="tags.pdf", media_type="application/pdf")),
    "hr_results": lambda: hr_views.results(see(), rules.Results(12, 4.3, {"talk": 7, "people": None}, {"again": 9})),
    "hr_results_few": lambda: hr_views.results(see(), None),
    "form_new": lambda: event_form(actions.Save(0, 0), Entered(), ("Asia/Tokyo", "America/Detroit")),
    "form_change": lambda: event_form(
        actions.Save(7, 0), Entered(WHEN | {"title_ja": "電池の夕べ", "starts": "18:50"}), ("Asia/Tokyo",)
    ),
    "form_cancel": lambda: short_forms.cancel_form(actions.Cancel(7), see().title, 27),
    "form_cancel_nobody": lambda: short_forms.cancel_form(actions.Cancel(7), see().title, 0),
    "form_attendance": lambda: short_forms.attendance_form(
        actions.Mark(7, 0),
        see().title,
        [(number, hr_views.say_name(PEOPLE[number % 3]), number == 0) for number in range(12)],
        2,
    ),
}


def say_problems() -> Message:
    """Every sentence that can stand beside a field, under the names of what is wrong."""
    wrong = {
        "no name": {"title_ja": "", "place": "x"},
        "text without name": {"title_ja": "a", "text_en": "b", "place": "x"},
        "past": {"title_ja": "a", "place": "x", "day": "2026-11-19"},
        "far": {"title_ja": "a", "place": "x", "day": "2029-11-19"},
        "gap": {"title_ja": "a", "place": "x", "zone": "America/New_York", "day": "2027-03-14", "starts": "02:30"},
        "ends early": {"title_ja": "a", "place": "x", "ends": "18:00"},
        "no place": {"title_ja": "a"},
        "http": {"title_ja": "a", "link": "http://meet.example.com"},
        "capacity": {"title_ja": "a", "place": "x", "capacity": "many"},
        "too few": {"title_ja": "a", "place": "x", "capacity": "3"},
        "late deadline": {"title_ja": "a", "place": "x", "answer_by": "2026-12-12"},
        "past deadline": {"title_ja": "a", "place": "x", "answer_by": "2026-11-19"},
        "long": {"title_ja": "a" * 10_000, "place": "x"},
        "nothing": {"title_ja": "a", "place": "x", "day": "", "starts": "", "ends": ""},
        "zone": {"title_ja": "a", "place": "x", "zone": "Mars"},
    }
    said = {name: check(Entered(WHEN | values), START, 5)[1] for name, values in wrong.items()}
    return Message("problems", tuple(Para((f"{name}: {errors}",)) for name, errors in said.items()))


@pytest.mark.parametrize("locale", LANGUAGES)
def test_views(locale: str) -> None:
    check_views("events", locale, MEMBERS | HR | {"form_problems": say_problems})
