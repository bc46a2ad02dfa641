"""How HR's queue and what it tells people look, in both languages and on every platform."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.i18n import LANGUAGES, use_locale
from bot.ui import Message
from handlers.moderation import views
from handlers.moderation.views import Case
from storage.models import Report, ReportState
from tests.support.golden import View, check_views

AT = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
LATER = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
WORDS = {
    "ja": (
        "うちの会社の製品を買いませんか。",
        "営業です。",
        "案内の中での営業はお控えください。",
        "高橋 翔",
        "佐藤 美咲",
        "山本 由佳",
    ),
    "en": (
        "Would you buy our product?",
        "A sales pitch.",
        "Please don't sell here.",
        "Sho Takahashi",
        "Ann Sato",
        "Yuka",
    ),
}


def make_case(locale: str, state: ReportState = ReportState.WAITING, note: bool = True) -> Case:
    """A report, waiting or settled."""
    text, wrong, reason, writer, reporter, by = WORDS[locale]
    report = Report(
        id=5, message_id=1, reporter_id=2, reported_id=3, text=text, note=wrong if note else "", state=state, at=AT
    )
    if state is ReportState.WAITING:
        return Case(report, writer, reporter)
    report.reason, report.decided_at = reason, LATER
    return Case(report, writer, reporter, 2, by, can_lift=state is ReportState.SUSPENDED)


def make_views(locale: str) -> dict[str, View]:
    """Everything, made in the language."""
    reason, erased = WORDS[locale][2], make_case(locale, ReportState.FINE)
    erased.report.text = ""
    made: dict[str, View] = {
        "card": views.card(make_case(locale, note=False)),
        "card_again": views.card(replace(make_case(locale), before=1)),
        "card_erased": views.card(erased),
        "nothing_waits": views.nothing_waits(),
        "not_yours": views.not_yours(),
        "thanks": views.thanks(),
        "nothing_to_report": views.nothing_to_report(),
        "warned": views.warned(reason),
        "suspended": views.suspended(reason),
        "lifted": views.lifted(),
        "home": Message("-", views.home(2)),
        "home_one": Message("-", views.home(1)),
    }
    for state in (ReportState.FINE, ReportState.WARNED, ReportState.SUSPENDED):
        made[f"card_{state}"] = views.card(make_case(locale, state))
        made[f"told_{state}"] = views.reporter_told(state, reason)
        made[f"form_{state}"] = views.decide_form(5, state)
    return made


@pytest.mark.parametrize("locale", LANGUAGES)
def test_the_views_of_moderation_look_like_this(locale: str) -> None:
    with use_locale(locale):
        made = make_views(locale)
    check_views("moderation", locale, {name: lambda view=view: view for name, view in made.items()})


def test_what_the_writer_reads_does_not_name_who_reported_it() -> None:
    with use_locale("en"):
        told = (views.warned("Reason."), views.suspended("Reason."), views.lifted())
    assert not any("Ann Sato" in repr(message) for message in told)


def test_where_nothing_waits_the_home_page_says_nothing() -> None:
    assert views.home(0) == ()
