"""Announcements' pages and messages as they are read, in both languages, on every platform."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest

from bot.actions import Action
from bot.i18n import LANGUAGES, use_locale
from bot.policy import Policy
from bot.ui import Button, Buttons, Form, Message, Para, Reader
from handlers.actions import OpenHome
from handlers.announcements import actions, corrections, forms, kinds, notices, report_views, views
from handlers.announcements.audience import audience_form
from handlers.announcements.drawing import draw, withdrawn
from handlers.announcements.forms import Sending
from handlers.announcements.kinds import Kind
from handlers.announcements.rules import LONGEST_BODY, LONGEST_TITLE, Abilities
from handlers.announcements.standing import Correction, Reach, Report, Sheet
from storage.models import Announcement, AnnouncementState, Purpose, Role
from tests.support.everywhere import find_problems
from tests.support.golden import check_views
from tests.support.world import START

NO_DB = cast(Any, None)
"""News have nothing behind them that would be looked up."""

BOTH = {
    "ja": {"title": "夏の集いを開きます", "body": "七月四日、本社の食堂に集まります。\n\nお子さまとご一緒にどうぞ。"},
    "en": {"title": "Our summer party", "body": "We meet at headquarters on 4 July.\n\nBring your children."},
}
RULE = {
    "role": "alumnus",
    "departments": ["電池開発部", "設計2課"],
    "left_from": 2015,
    "left_to": 2024,
    "cities": ["大阪"],
    "topics": ["電池"],
}
NAMES = ("佐藤 美咲", "Emily Carter", "片山 美和子", "熊谷 淳", "平井 圭太")


def make(state: AnnouncementState = AnnouncementState.DRAFT, **given: Any) -> Announcement:
    whole: dict[str, Any] = {"id": 7, "author_id": 1, "texts": BOTH, "asked": 1} | given
    return Announcement(state=state, created_at=START, changed_at=START, **whole)


def sheet(announcement: Announcement, **given: Any) -> Sheet:
    return Sheet(announcement, "お知らせ", "山本 由佳", **given)


FULL = make(
    audience=RULE,
    picture="https://sample-seiki.example/party.png",
    link="https://sample-seiki.example/party",
)
ONE = make(texts={"ja": BOTH["ja"]}, picture="https://a.example/b.png", picture_problem="too_large")
REACHED = Reach(1234, NAMES)
REPORT = Report(
    planned=1234,
    sent=1200,
    on_the_way=12,
    uncertain=1,
    failed={"no_account": 3, "channel_not_found": 2, "user_disabled: deactivated": 4, "HTTP 500": 1},
    skipped={"month_full": 9, "withdrawn": 1, "paused": 1},
    pressed=310,
)
IN_CHANNELS = Report(planned=0, channels=2, channels_failed={"is_archived": 1, "HTTP 500": 1}, channels_uncertain=1)
SENT = make(AnnouncementState.SENT, audience=RULE, begun_at=START, approver_id=2, planned=1234)
NEW = {
    "ja": BOTH["ja"] | {"body": "七月五日、本社の食堂に集まります。\n\nお子さまとご一緒にどうぞ。"},
    "en": {
        "title": "Our summer party, a day later",
        "body": "We meet at headquarters on 5 July.\n\nBring your children.",
    },
}
LONG = {"ja": {"title": "夏の集い", "body": "七月五日です。" * 200}}
CORRECTION = Correction(31, "山本 由佳", NEW)


def party(db: object, subject_id: int, reader: object, now: object) -> tuple[Para | Buttons, ...]:
    return (Para(("8/1",)), Buttons((Button("Going", OpenHome()),)))


def new_party() -> Action:
    return OpenHome()


PARTY = Kind("party", lambda: "催し", Purpose.NEWS, new_party, party)


def shown(announcement: Announcement, *, corrected: bool = False) -> Message:
    found = draw(NO_DB, announcement, Role.ALUMNUS, START, Policy(), corrected=corrected)
    assert found is not None
    return found


def shown_in(locale: str) -> Message:
    with use_locale(locale):
        return shown(FULL)


def standing(announcement: Announcement, *, can: bool = False, **given: Any) -> Message:
    able = Abilities(withdraw=can, correct=can, send_again=can)
    return report_views.standing(sheet(announcement, can=able, **given))


def sending(it: Announcement) -> Message:
    return report_views.standing(sheet(it, report=REPORT, can=Abilities(stop=True, withdraw=True)))


CORRECTED = sheet(SENT, correction=CORRECTION)
SCHEDULED = make(AnnouncementState.SCHEDULED, send_at=START + timedelta(minutes=10))
WAITING = make(AnnouncementState.WAITING, audience=RULE, wanted_at=START + timedelta(days=2))

VIEWS: dict[str, Callable[[], Message | Form]] = {
    "list_at_first": lambda: views.page((), (), ()),
    "list": lambda: views.page((PARTY,), [sheet(FULL)], [sheet(SCHEDULED), sheet(SENT), CORRECTED], "OK"),
    "draft": lambda: views.draft(sheet(FULL, reach=REACHED)),
    "draft_nobody": lambda: views.draft(sheet(ONE)),
    "begun": lambda: views.begun(sheet(FULL)),
    "preview": lambda: views.preview(sheet(FULL, reach=REACHED), [("ja", shown_in("ja")), ("en", shown_in("en"))]),
    "waiting": lambda: standing(WAITING, reach=REACHED),
    "waiting_for_me": lambda: standing(WAITING, reach=REACHED, mine=False),
    "scheduled": lambda: standing(SCHEDULED),
    "sending": lambda: sending(make(AnnouncementState.SENDING, begun_at=START)),
    "sent": lambda: standing(SENT, can=True, approver="大野 健", report=REPORT),
    "sent_channels": lambda: standing(
        make(AnnouncementState.SENT, begun_at=START, via="channels"), can=True, report=IN_CHANNELS
    ),
    "stopped": lambda: standing(make(AnnouncementState.STOPPED, begun_at=START), report=REPORT),
    "withdrawn_page": lambda: standing(make(AnnouncementState.WITHDRAWN, begun_at=START), report=REPORT),
    "announcement": lambda: shown(FULL),
    "announcement_one_language": lambda: shown(ONE),
    "announcement_corrected": lambda: shown(FULL, corrected=True),
    "withdrawn": withdrawn,
    "words_form": lambda: forms.words_form(actions.SaveNews(7), BOTH, FULL.picture, FULL.link),
    "correct_form": lambda: forms.words_form(actions.Correct(7), BOTH),
    "correct_form_again": lambda: forms.words_form(actions.Correct(7), NEW, note="Written before."),
    "correction": lambda: standing(SENT, can=True, approver="大野 健", correction=CORRECTION),
    "correction_for_me": lambda: standing(SENT, can=True, correction=replace(CORRECTION, mine=False)),
    "correction_ask": lambda: corrections.ask_to_agree(SENT, CORRECTION),
    "correction_ask_long": lambda: corrections.ask_to_agree(SENT, replace(CORRECTION, texts=LONG)),
    "correction_long": lambda: standing(SENT, correction=replace(CORRECTION, texts=LONG)),
    "correction_words": lambda: corrections.words_as_file(SENT, CORRECTION),
    "correction_agreed": lambda: corrections.agreed(SENT, "大野 健"),
    "correction_declined": lambda: corrections.declined(SENT, "大野 健", "場所もお書きください。"),
    "correction_taken_back": lambda: corrections.taken_back(SENT, "大野 健"),
    "correction_overtaken": lambda: corrections.overtaken(SENT, "大野 健"),
    "correction_not_needed": lambda: corrections.not_needed(SENT),
    "correction_not_made": lambda: corrections.not_made(SENT, views.say_empty()),
    "audience_form": lambda: audience_form(7, RULE, ["電池開発部", "設計2課", "人事部"]),
    "send_form": lambda: forms.send_form(FULL, Sending(), "Asia/Tokyo", 1234, 500, 2),
    "send_form_few": lambda: forms.send_form(FULL, Sending("2026-12-01", "09:15"), "Asia/Tokyo", 3, 500, 0),
    "decline_form": lambda: forms.decline_form(actions.Decline(7, 1), BOTH["ja"]["title"]),
    "ask_to_agree": lambda: notices.ask_to_agree(sheet(WAITING, reach=REACHED), shown(FULL)),
    "agreed": lambda: notices.agreed(SCHEDULED, "大野 健"),
    "declined": lambda: notices.declined(FULL, "大野 健", "日付をお確かめください。"),
    "undone": lambda: notices.undone(FULL, "大野 健"),
    "on_the_way": lambda: notices.on_the_way(SENT),
    "on_the_way_channels": lambda: notices.on_the_way(make(AnnouncementState.SENT, via="channels")),
    "on_the_way_both": lambda: notices.on_the_way(make(AnnouncementState.SENT, via="both", planned=12)),
    "not_sent": lambda: notices.not_sent(FULL, views.say_empty()),
    "picture_problem": lambda: notices.picture_problem(ONE),
    "corrected_by": lambda: notices.corrected_by(SENT, "大野 健"),
}


@pytest.mark.parametrize("locale", LANGUAGES)
def test_announcements_look_like_this(locale: str) -> None:
    check_views("announcements", locale, VIEWS)


HOSTILE = ["<!channel> <@U012> & *bold*", "{name} {0} %s", "</at> {{DATE(2026-01-01)}}", '"\\', "あ", "👩‍👩‍👧‍👦"]


@pytest.mark.parametrize("sign", HOSTILE)
@pytest.mark.parametrize("locale", LANGUAGES)
def test_whatever_stands_in_it_every_platform_can_show_it(
    sign: str, locale: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kinds, "_kinds", {})
    text = {"title": (sign * 100)[:LONGEST_TITLE], "body": (sign * 2000)[:LONGEST_BODY]}
    it = make(texts={"ja": text, "en": text}, audience=RULE | {"departments": [sign * 9], "cities": [sign[:40]]})
    one = sheet(it, reach=Reach(9, (sign * 20,) * 5))
    other = Correction(
        31, sign * 20, {locale: words | {"body": words["body"][1:]} for locale, words in it.texts.items()}
    )
    sent = make(AnnouncementState.SENT, texts=it.texts, audience=it.audience, begun_at=START)
    with use_locale(locale):
        found = shown(it)
        made = [
            found,
            views.draft(one),
            views.preview(one, [("ja", found), ("en", found)]),
            views.page((PARTY,), [one] * 5, [one] * 6),
            notices.ask_to_agree(one, found),
            corrections.ask_to_agree(sent, other),
            standing(sent, can=True, correction=replace(other, mine=False), report=REPORT),
            forms.words_form(actions.SaveNews(7), it.texts),
        ]
    assert [find_problems(view, Reader(locale, "Asia/Tokyo")) for view in made] == [[]] * len(made)


def test_buttons_of_a_preview_are_words() -> None:
    message = Message("x", (Buttons((Button("Going", OpenHome()),)),))
    page = views.preview(sheet(FULL), [("ja", message)])
    labels = [button.label for block in page.blocks if isinstance(block, Buttons) for button in block.buttons]
    assert "Going" not in labels


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("no_account", "no account"),
        ("left", "takes no more"),
        ("leftover", "did not take"),
        ("user_disabled", "did not take"),
        ("no such mailbox (550)", "mail address"),
    ],
)
def test_reasons_are_said_in_words(reason: str, words: str) -> None:
    with use_locale("en"):
        assert words in report_views.say_why_failed(reason)
