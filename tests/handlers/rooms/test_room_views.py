"""How everything of a relayed room looks, in both languages and on every platform."""

from datetime import UTC, datetime

import pytest

from bot.i18n import LANGUAGES, use_locale
from bot.ui import Link, Message, Para, Reader, list_inlines
from handlers.rooms import forms, views
from handlers.rooms.forms import Quoted
from handlers.rooms.rules import MOST_WEIGHT, Problem, weigh
from handlers.rooms.views import Manner, Room, Written
from storage.models import RoomEnd
from tests.support.everywhere import find_problems
from tests.support.golden import View, check_views

AT = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
ROOM = {
    "ja": Room(7, "電池の量産立ち上げ", "佐藤 美咲"),
    "en": Room(7, "Ramping up battery production", "Misaki Sato"),
}
OTHER = {"ja": Room(8, "海外赴任の準備", "石原 修二"), "en": Room(8, "Moving abroad", "Shuji Ishihara")}
TEXT = {
    "ja": "はじめまして。\n量産の資料は https://example.com/line?x=1 にあります。",
    "en": "Hello.\nThe notes are at https://example.com/line?x=1.",
}
HOSTILE = "<!channel> <@U012ABC> @here <at>all</at> *bold* [bank](https://evil.example) javascript:alert(1) & `x`"


def make_views(locale: str) -> dict[str, View]:
    """Everything a person reads, made in the language."""
    room, other, name = ROOM[locale], OTHER[locale], ROOM[locale].names
    written = Written(12, name, TEXT[locale])
    edited = Written(12, name, TEXT[locale], edited=True)
    deleted = Written(12, name, "", edited=True, deleted=True)
    made: dict[str, View] = {
        "already_closed": views.already_closed(room.topic),
        "told_thread": views.told(room, Manner.THREAD),
        "told_chat": views.told(room, Manner.CHAT),
        "nobody_there": views.nobody_there(room),
        "not_delivered": views.not_delivered(room, AT),
        "own_copy": views.own_copy(room, TEXT[locale]),
        "corrected": views.corrected(room, edited, AT),
        "corrected_deleted": views.corrected(room, deleted, AT),
        "which": views.which([room, other], 3),
        "chosen": views.chosen(room),
        "dropped": views.dropped(),
        "lapsed": views.lapsed(),
        "home": Message("-", views.home([room, other])),
        "closed_by_me": views.closed(room, RoomEnd.BY_MEMBER, by_me=True),
        "form_reply": forms.reply_form(room, "0123456789abcdef"),
        "form_report": forms.report_form(7, [Quoted(12, TEXT[locale]), Quoted(11, HOSTILE)], 11),
    }
    made["opening_mail_one_way"] = views.opening(room, Manner.MAIL, 7, answers=False)
    for manner in Manner:
        made[f"opening_{manner}"] = views.opening(room, manner, 7)
        made[f"opening_closed_{manner}"] = views.opening_closed(room, manner)
        made[f"relayed_{manner}"] = views.relayed(room, written, manner)
        made[f"edited_{manner}"] = views.relayed(room, edited, manner)
        made[f"deleted_{manner}"] = views.relayed(room, deleted, manner)
    for why in RoomEnd:
        made[f"closed_{why}"] = views.closed(room, why)
    for problem in Problem:
        made[f"refused_{problem}"] = views.refused(problem, name, 20)
    return made


@pytest.mark.parametrize("locale", LANGUAGES)
def test_the_views_of_a_room_look_like_this(locale: str) -> None:
    with use_locale(locale):
        made = make_views(locale)
    check_views("rooms", locale, {name: lambda view=view: view for name, view in made.items()})


@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize("manner", list(Manner))
def test_what_would_harm_is_shown_as_it_is(locale: str, manner: Manner) -> None:
    with use_locale(locale):
        message = views.relayed(ROOM[locale], Written(1, HOSTILE, HOSTILE), manner)
    links = [piece for piece in list_inlines(message) if isinstance(piece, Link)]
    assert links == [Link("https://evil.example", "https://evil.example")], "a link shows where it leads"
    body = next(block for block in message.blocks if isinstance(block, Para) and links[0] in block.content)
    assert "".join(piece if isinstance(piece, str) else links[0].url for piece in body.content) == HOSTILE


@pytest.mark.parametrize("sign", ["縁", "&", "<", '"', "\\", "\n", "a", "https://e.example/ "])
def test_the_longest_message_that_is_passed_on_fits_everywhere(sign: str) -> None:
    text = sign
    while weigh(text + text) <= MOST_WEIGHT:
        text += text
    while weigh(text + sign) <= MOST_WEIGHT:
        text += sign
    written = Written(2**31, "名前" * 40, "x" + text.strip() + "x", edited=True)
    room = Room(2**31, "話題" * 40, "名前" * 40)
    for manner in Manner:
        message = views.relayed(room, written, manner)
        assert find_problems(message, Reader("ja", "Asia/Tokyo")) == [], manner
