"""Digests as they are read, in both languages, on every platform."""

from datetime import date

import pytest

from bot.i18n import LANGUAGES
from bot.policy import Policy
from bot.ui import Block, Message
from handlers.digests import views
from handlers.introducing import card_for
from handlers.status import views as news
from storage.models import Member, Role
from tests.support.golden import check_views
from tests.support.world import START

MISAKI = Member(
    id=1,
    name="佐藤 美咲",
    role=Role.ALUMNUS,
    department="電池開発部",
    employer="ヒナタ蓄電",
    job="電池の開発責任者",
    city="横浜",
    latest_news="量産ラインの2本目が動きはじめました。",
    visibility={"employer": "alumni"},
    left_on=date(2022, 3, 31),
    created_at=START,
)
SHO = Member(
    id=2, name="高橋 翔", role=Role.EMPLOYEE, department="設計2課", latest_news="異動しました。", created_at=START
)
BARE = Member(id=3, name="Emily Carter", role=Role.ALUMNUS, created_at=START)


def whole(role: str, rhythm: str = "monthly") -> Message:
    """One of everything, as somebody in that role reads it."""
    blocks: tuple[Block, ...] = (
        *views.head(Policy()),
        *news.item(card_for(role, MISAKI), 1),
        *news.item(card_for(role, SHO), 4),
        *views.question("電池開発"),
        *views.thanks(12),
        *views.newcomer(card_for(role, BARE)),
        *views.anniversary(card_for(role, SHO), 3),
        *views.spotlight(card_for(role, MISAKI, ("電池開発", "量産立ち上げ"))),
        *views.tail(rhythm),
    )
    return Message(views.summary(Policy()), blocks)


def in_channel() -> Message:
    card = card_for("employee", MISAKI)
    return Message(views.summary(Policy()), (*views.head(Policy()), *news.item_to_read(card), *views.channel_tail()))


@pytest.mark.parametrize("locale", LANGUAGES)
def test_views(locale: str) -> None:
    made = {
        "whole_alumnus": lambda: whole("alumnus"),
        "whole_employee": lambda: whole("employee", "weekly"),
        "in_channel": in_channel,
        "ask_rhythm": lambda: views.ask_rhythm("bimonthly"),
        "rhythm_saved": lambda: views.rhythm_saved("monthly"),
        "stopped": lambda: views.rhythm_saved("never"),
        "ask_channel": lambda: views.ask_channel(on=False),
        "ask_channel_again": lambda: views.ask_channel(on=True),
        "channel_set": lambda: views.channel_saved(on=True),
        "channel_dropped": lambda: views.channel_saved(on=False),
    }
    check_views("digests", locale, made)


def test_what_is_for_alumni_stays_out_of_the_employees_digest() -> None:
    assert "ヒナタ蓄電" in str(whole("alumnus"))
    assert "ヒナタ蓄電" not in str(whole("employee"))
