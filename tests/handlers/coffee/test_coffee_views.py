"""Every view of the coffee rounds, in both languages."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.i18n import LANGUAGES
from bot.ui import Message
from handlers.coffee import views
from handlers.coffee.views import Meeting, Page, Reason, Standing, Way
from storage.models import Met, Role
from storage.queries.members import Card
from tests.support.golden import check_views

DAY = date(2026, 12, 7)
NEXT = date(2027, 1, 4)
UNTIL = datetime(2027, 1, 6, 1, 0, tzinfo=UTC)

MISAKI = Card(1, "佐藤 美咲", "さとう みさき", Role.ALUMNUS, False, "設計2課", None, None, "海風電力", "企画", "大阪")
SHO = Card(2, "高橋 翔", "たかはし しょう", Role.EMPLOYEE, False, "購買部")
KEN = Card(3, "Ken Brown", "", Role.ALUMNUS)
PAIR = Meeting(7, (MISAKI,), ("電池開発", "海外赴任"), Way.ROOM, "slack")
TRIO = Meeting(8, (SHO, KEN), (), Way.FIND, "teams")

VIEWS: dict[str, Callable[[], Message]] = {
    "page-out": lambda: views.page(Page(Standing.OUT, DAY)),
    "page-out-unplanned": lambda: views.page(Page(Standing.OUT, None)),
    "page-in": lambda: views.page(Page(Standing.IN, DAY)),
    "page-in-unplanned": lambda: views.page(Page(Standing.IN, None)),
    "page-in-with-partners": lambda: views.page(Page(Standing.IN, DAY, partners=("佐藤 美咲", "高橋 翔"))),
    "page-skips": lambda: views.page(Page(Standing.SKIPS, DAY)),
    "page-rests": lambda: views.page(Page(Standing.RESTS, DAY, UNTIL)),
    "stay": views.stay,
    "left": views.left,
    "announcement": lambda: views.announcement(DAY),
    "introduction-pair": lambda: views.introduction(PAIR),
    "introduction-trio": lambda: views.introduction(TRIO),
    "introduction-relayed": lambda: views.introduction(replace(PAIR, way=Way.RELAY, platform="")),
    "room": lambda: views.room_opening(("佐藤 美咲", "高橋 翔"), ("ja", "en")),
    "room-one-language": lambda: views.room_opening(("佐藤 美咲", "高橋 翔", "Ken Brown"), ("ja", "ja", "ja")),
    "left-over": lambda: views.left_over(Reason.NOBODY, NEXT),
    "left-over-unplanned": lambda: views.left_over(Reason.NOBODY, None),
    "left-over-fault": lambda: views.left_over(Reason.FAULT, NEXT),
    "gone": lambda: views.gone(NEXT),
    "gone-unplanned": lambda: views.gone(None),
    "question": lambda: views.question(PAIR),
    "question-trio": lambda: views.question(TRIO),
    "answered-met": lambda: views.answered(PAIR, Met.YES),
    "answered-planned": lambda: views.answered(PAIR, Met.PLANNED),
    "answered-not-yet": lambda: views.answered(PAIR, Met.NOT_YET),
    "answered-too-late": lambda: views.answered(PAIR, Met.NOT_YET, over=True),
    "closed": views.closed,
    "failed": lambda: views.failed(DAY),
    "section-out": lambda: Message("-", views.section(Page(Standing.OUT, DAY))),
    "section-in": lambda: Message("-", views.section(Page(Standing.IN, DAY))),
}


@pytest.mark.parametrize("locale", LANGUAGES)
def test_the_views_look_like_this(locale: str) -> None:
    check_views("coffee", locale, VIEWS)
