"""Every form and message of the profile, in both languages."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from bot.i18n import LANGUAGES, use_locale
from bot.policy import Policy
from bot.ui import Checkboxes, Form, Message, MultiSelect, Para, Select
from handlers.profile import views, words
from handlers.profile.actions import EditChoices, EditProfile, WriteNews
from handlers.profile.forms import Frame, about_form, choices_form, explain, news_form
from handlers.profile.rules import About, Choices, Digest, Fault
from storage.models import Member, Purpose, Role
from storage.queries.members import ProfileField
from tests.support.golden import check_views
from tests.support.world import START

POLICY = Policy()
FULL: dict[str, Any] = {
    "name": "佐藤 美咲",
    "department": "設計2課",
    "joined_on": date(2010, 4, 1),
    "left_on": date(2026, 3, 31),
    "employer": "アオバ電池",
    "job": "開発部長",
    "city": "仙台",
    "languages": ["ja", "en"],
    "latest_news": "引っ越しました。",
}


def member(**values: Any) -> Member:
    given: dict[str, Any] = {"created_at": START, "language": "ja", **values}
    return Member(**given)


def about(*, is_employee: bool = False) -> Form:
    told = About("アオバ電池", "開発部長", "設計2課", "仙台", ("ja", "en"), ("採用", "量産", "タイ"), "元気です。")
    return about_form(Frame("T", "S", EditProfile()), told, ("採用", "起業"), is_employee=is_employee)


def choose(choices: Choices, role: Role = Role.ALUMNUS, *, ask_guidelines: bool = True) -> Form:
    frame = Frame("T", "S", EditChoices())
    return choices_form(frame, choices, role=role, zone="Europe/Berlin", ask_guidelines=ask_guidelines)


MADE = Choices(
    frozenset({Purpose.NEWS, Purpose.CONSULTATIONS}),
    (ProfileField.EMPLOYER,),
    (ProfileField.CITY, ProfileField.TOPICS),
    3,
    nameless=True,
    quiet_from=0,
    quiet_to=0,
    digest=Digest.NEVER,
    language="en",
    accepted=True,
)

VIEWS: dict[str, Callable[[], Message | Form]] = {
    "about": about,
    "about_employee": lambda: about(is_employee=True),
    "choices_new": lambda: choose(Choices()),
    "choices_made": lambda: choose(MADE, ask_guidelines=False),
    "choices_employee": lambda: choose(Choices(), Role.EMPLOYEE),
    "faults": lambda: Message("Faults", (Para(("\n".join(map(explain, Fault)),)),)),
    "news_form": lambda: news_form(Frame("T", "S", WriteNews()), "元気です。"),
    "saved": lambda: views.saved(member(**FULL, visibility={"employer": "alumni", "city": "nobody"}), ("電池", "採用")),
    "saved_without_joining": lambda: views.saved(member(left_on=date(2026, 3, 31)), ()),
    "saved_employee": lambda: views.saved(member(**FULL, role=Role.EMPLOYEE), ()),
    "saved_empty": lambda: views.saved(member(), ()),
    "choices_saved": views.choices_saved,
    "ask_news": lambda: views.ask_news(""),
    "ask_news_again": lambda: views.ask_news("元気です。"),
    "news_saved": lambda: views.news_saved(member(**FULL, visibility={"latest_news": "alumni"})),
    "news_taken_away": lambda: views.news_saved(member()),
}


@pytest.mark.parametrize("locale", LANGUAGES)
def test_views(locale: str) -> None:
    check_views("profile", locale, VIEWS)


def test_nothing_is_ticked_before_somebody_ticks_it() -> None:
    form = choose(Choices())
    boxes = [item for item in form.items if isinstance(item, Checkboxes | MultiSelect)]
    names = {"guidelines", "consents", "nameless", "alumni_only", "hidden", "digest_consents"}
    assert {item.name for item in boxes} == names
    assert all(item.values == () for item in boxes)


@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize("form", [about, lambda: choose(Choices()), lambda: choose(MADE, Role.EMPLOYEE)])
def test_lists_fit_into_slack(locale: str, form: Callable[[], Form]) -> None:
    with use_locale(locale):
        lists = [item for item in form().items if isinstance(item, Checkboxes | MultiSelect | Select)]
    for item in lists:
        assert 1 <= len(item.options) <= (10 if isinstance(item, Checkboxes) else 100), item.name
        assert all(0 < len(option.label) <= 75 and len(option.value) <= 75 for option in item.options), item.name
        chosen = (item.value,) if isinstance(item, Select) else item.values
        assert set(chosen) <= {option.value for option in item.options}, f"{item.name} has a value it doesn't offer"


@pytest.mark.parametrize("locale", LANGUAGES)
def test_topics_offered_at_first_are_short_and_different(locale: str) -> None:
    with use_locale(locale):
        starters = words.list_starters()
    assert len(set(starters)) == len(starters) == 12
    assert all(len(topic) <= 40 for topic in starters)


@pytest.mark.parametrize(
    ("zone", "japanese", "english"),
    [("Asia/Tokyo", "日本時間", "Japan Time"), ("UTC", "UTC", "UTC"), ("Etc/UTC", "UTC", "UTC")],
)
def test_time_zones_have_names(zone: str, japanese: str, english: str) -> None:
    with use_locale("ja"):
        assert words.zone_name(zone) == japanese
    with use_locale("en"):
        assert words.zone_name(zone) == english
