"""Every message and form of HR, in both languages, on every platform."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest

from bot.i18n import LANGUAGES
from bot.policy import Policy
from bot.ui import Form, Message, Para
from handlers.hr import cards, forms, newcomers, summary, views
from handlers.hr.actions import Correct
from handlers.hr.kinds import Case, Kind, Locked, Slice
from handlers.hr.rules import Note, Reason
from handlers.hr.summary import Report
from handlers.hr.trouble import Trouble, name_message, say_why
from handlers.roster import Column, Fault, Problem
from storage.models import Account, Application, Greets, Member, RosterEntry, Workspace
from tests.handlers.hr.figures_shown import FIGURES
from tests.support.golden import check_views
from tests.support.people import moment

READING = views.Reading(me=1, mail_is_on=True)
NO_MAIL = views.Reading(me=1, mail_is_on=False)


NOW = moment(1)


def entry(**values: Any) -> RosterEntry:
    row: dict[str, Any] = {"id": 7, "employee_number": "00123", "name": "佐藤 美咲", "email": "misaki@mail.example"}
    row |= {"left_on": date(2026, 3, 31), "imported_at": moment(1)} | values
    return RosterEntry(**row)


def member(**values: Any) -> Member:
    row: dict[str, Any] = {"id": 12, "name": "高橋 翔", "created_at": moment(10), "department": "設計2課"}
    return Member(**(row | values))


def account() -> Account:
    return Account(
        id=5, platform="slack", external_id="U1", name="misaki", email="m@mail.example", created_at=moment(1)
    )


def case(**values: Any) -> Case:
    row: dict[str, Any] = {"id": 3, "member_id": 12, "name": "佐藤 美咲", "employee_number": "00132"}
    row |= {"left_month": "2026-03", "created_at": moment(20)} | values
    application = Application(**row)
    decided = "山本 由佳" if application.state in ("approved", "declined") else ""
    return Case(application, member(), (account(),), (entry(), entry(id=8, name="佐藤 美紀")), decided)


def part(kind: Kind, people: Sequence[Any], page: int = 0, pages: int = 1) -> Slice:
    return Slice(kind, people, page, pages, total=len(people) + 5 * (pages - 1))


def draw(kind: Kind, *people: Any, page: int = 0, pages: int = 1, reading: views.Reading = READING) -> Message:
    return views.draw_list(part(kind, people, page, pages), reading)


def everything() -> dict[Kind, int]:
    return {kind: number for number, kind in enumerate(Kind, start=1)}


TROUBLES = (
    Trouble(
        "invitation:7:1", "佐藤 美咲", "the mail server refused the address (550)", is_uncertain=False, entry=entry()
    ),
    Trouble("welcome:12", "高橋 翔", "cannot_ask", is_uncertain=True),
    Trouble("welcome:13", "高橋 翔", "invalid_auth", is_uncertain=False, waits_since=moment(19)),
    Trouble("welcome:14", "高橋 翔", "", is_uncertain=False, waits_since=moment(19)),
    Trouble("consultation:5:asker:1", "高橋 翔", "user_not_found", is_uncertain=False),
    Trouble("hr.week:2026-11-23:1", "", "can't be shown on Slack: too long", is_uncertain=False),
)

KNOWN = forms.tell_cells(entry(joined_on=date(2010, 4, 1), language="ja"))

WEEK = Report(
    joined=("佐藤 美咲", "田中 一郎"),
    invited=tuple(f"招待 {number}" for number in range(7)),
    half_way=("高橋 翔",),
    notes=(
        Note("田中 一郎", Reason.NOT_DELIVERED),
        Note("招待 1", Reason.LONG_SERVICE, 31),
        Note("高橋 翔", Reason.HALF_WAY),
        Note("佐藤 美咲", Reason.HAS_JOINED, 12),
    ),
    overdue=1,
    hand_over=4,
)


def sentences(*texts: str) -> Message:
    return Message("Sentences", (Para(("\n".join(texts),)),))


VIEWS: dict[str, Callable[[], Message | Form]] = {
    **FIGURES,
    "page": lambda: views.page(everything()),
    "page_at_first": lambda: views.page(dict.fromkeys(Kind, 0)),
    "waiting": lambda: draw(Kind.WAITING, case(), case(id=4, employee_number="", left_month="")),
    "waiting_nobody": lambda: draw(Kind.WAITING),
    "joined": lambda: draw(Kind.JOINED, member(activated_at=moment(20)), page=1, pages=3),
    "invited": lambda: draw(Kind.INVITED, entry(invited_at=moment(1), code_serial=1)),
    "half_way": lambda: draw(Kind.HALF_WAY, member(), member(name="佐藤 美咲", registration_step=1)),
    "hand_over": lambda: draw(Kind.HAND_OVER, entry(), entry(email="")),
    "hand_over_without_mail": lambda: draw(Kind.HAND_OVER, entry(), reading=NO_MAIL),
    "troubled": lambda: draw(Kind.TROUBLED, *TROUBLES),
    "locked": lambda: draw(
        Kind.LOCKED,
        Locked(Account(id=5, platform="slack", external_id="U1", created_at=moment(1)), member(), moment(20, 11)),
    ),
    "roles": lambda: draw(Kind.ROLES, member(id=1), member(name="中村 健", department="")),
    "empty_lists": lambda: Message("Empty", tuple(block for kind in Kind for block in draw(kind).blocks[:2])),
    "done": lambda: views.draw_list(part(Kind.INVITED, ()), READING, note="佐藤 美咲さんにご招待を送ります。"),
    "code": lambda: views.show_code(entry(code_expires_at=moment(30)), "7K3M-XA4P"),
    "card": lambda: cards.card(case()),
    "card_approved": lambda: cards.card(case(state="approved")),
    "card_declined": lambda: cards.card(case(state="declined")),
    "card_closed": lambda: cards.card(case(state="closed")),
    "approve_form": lambda: cards.approve_form(case(), in_list=False),
    "decline_form": lambda: cards.decline_form(case(), "記録と合いませんでした。", in_list=True),
    "lock": lambda: cards.locked("misaki"),
    "overdue": lambda: cards.overdue(case()),
    "stranger": lambda: cards.stranger("佐藤 美咲", ("Sato, Misaki",)),
    "add_form": lambda: forms.add_form({}),
    "correct_form": lambda: forms.correct_form(
        forms.tell_cells(entry(joined_on=date(2010, 4, 1), language="ja")), Correct(7, "invited", 0)
    ),
    "entered": lambda: forms.entered(entry(), moment(30), by_mail=True),
    "entered_without_mail": lambda: forms.entered(entry(email=""), moment(30), by_mail=False),
    "corrections": lambda: sentences(
        forms.corrected(entry(), moment(30), by_mail=True), forms.corrected(entry(), None, by_mail=True)
    ),
    "grant_form": lambda: forms.grant_form("中村"),
    "found": lambda: forms.found([member(), member(is_hr=True), member(department="")], 2),
    "role_given": lambda: forms.role_given("中村 健", "山本 由佳"),
    "role_taken": lambda: forms.role_taken("中村 健", "山本 由佳"),
    "newcomers": lambda: newcomers.question(Workspace(id=1, platform="slack", tenant="T1", missed=312)),
    "newcomers_settled": lambda: Message(
        "Settled", tuple(block for greets in Greets for block in newcomers.settled(greets).blocks)
    ),
    "week": lambda: summary.week(WEEK, Policy()),
    "handovers": lambda: summary.handovers(("佐藤 美咲", "田中 一郎")),
    "section": lambda: Message("Section", summary.section(2, 1)),
    "section_quiet": lambda: Message("Section", summary.section(0, 0)),
}


@pytest.mark.parametrize("locale", LANGUAGES)
def test_views(locale: str) -> None:
    check_views("hr", locale, VIEWS)


def test_of_a_consultation_nothing_is_told() -> None:
    assert name_message("consultation:5:asker:1") == name_message("something.new:1")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("left", "deactivated"),
        ("user_not_found", "the person uninstalled: blocked"),
        ("the mail server refused the address (550)", "no such mailbox in the workspace"),
    ],
)
def test_reasons_that_mean_the_same(one: str, other: str) -> None:
    assert say_why(one) == say_why(other)


@pytest.mark.parametrize("reason", ["", "left over", "token: 400 invalid_client"])
def test_other_reasons_are_quoted_for_the_operator(reason: str) -> None:
    assert f"（{reason}）" in say_why(reason)


def test_problems_without_a_field_stand_beside_the_number() -> None:
    told = forms.explain_problems((Problem(0, Fault.KNOWN_NUMBER, None, "1"), Problem(0, Fault.MISSING, Column.NAME)))
    assert set(told) == {Column.NUMBER, Column.NAME}
