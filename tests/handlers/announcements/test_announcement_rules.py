"""Pure decisions: what an announcement may hold, when it may go out, whom a topic finds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n import use_locale
from bot.incoming import FormValues
from bot.policy import Policy
from handlers.announcements import rules
from handlers.announcements.audience import describe, find_topics, read_form
from handlers.announcements.rules import Problem, find_address_problem, find_send_at, read_moment, read_texts
from handlers.announcements.standing import make_report
from handlers.topics import get_working_reader
from storage.models import Announcement, AnnouncementState
from storage.queries.batches import Tally
from tests.support.world import START

FIRST = datetime(2026, 11, 20)  # noqa: DTZ001 - a wall clock
EMPTY = {"title_ja": "", "body_ja": "", "title_en": "", "body_en": ""}


def test_a_language_that_was_not_written_is_missing() -> None:
    texts, problems = read_texts(EMPTY | {"title_en": " Summer \n party ", "body_en": " We meet. "})
    assert texts == {"en": {"title": "Summer party", "body": "We meet."}}
    assert problems == {}


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("", None),
        ("https://sample-seiki.example/a?b=1#c", None),
        ("http://sample-seiki.example/", Problem.NO_HTTPS),
        ("ftp://sample-seiki.example/", Problem.NO_HTTPS),
        ("javascript:alert(1)", Problem.NO_HTTPS),
        ("sample-seiki.example", Problem.NO_HTTPS),
        ("https://", Problem.UNREADABLE),
        ("https://localhost/", Problem.UNREADABLE),
        ("https://a.example/<b>", Problem.UNREADABLE),
        ("https://user:word@a.example/", Problem.UNREADABLE),
        ("https://[::1", Problem.UNREADABLE),
        ("https://a.example/" + "x" * 1000, Problem.UNREADABLE),
    ],
)
def test_addresses(url: str, problem: Problem | None) -> None:
    assert find_address_problem(url) is problem


@given(st.text(max_size=60))
def test_whatever_is_typed_as_an_address_is_taken_or_told(text: str) -> None:
    assert find_address_problem(text) is not None or text == "" or text.startswith("https://")


@given(
    st.integers(0, 345 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes)),
    st.sampled_from(["Asia/Tokyo", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Chatham"]),
)
def test_a_moment_is_what_the_clock_shows_there_or_a_sentence(wall: datetime, zone: str) -> None:
    found = read_moment(f"{wall:%Y-%m-%d}", f"{wall:%H:%M}", zone, START)
    if isinstance(found, datetime):
        assert START < found <= START + rules.FARTHEST
        assert found.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wall
    else:
        assert found in (Problem.PAST, Problem.GAP)


def test_the_hour_that_is_skipped_and_the_one_that_comes_twice() -> None:
    assert read_moment("2027-03-28", "02:30", "Europe/Berlin", START) is Problem.GAP
    assert read_moment("2027-10-31", "02:30", "Europe/Berlin", START) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_it_never_goes_out_before_it_could_be_undone() -> None:
    policy = Policy()
    soon, later = START + timedelta(minutes=3), START + timedelta(days=3)
    assert find_send_at(None, START, policy) == find_send_at(soon, START, policy) == START + timedelta(minutes=10)
    assert find_send_at(later, START, policy) == later


def test_five_hundred_are_not_above_five_hundred() -> None:
    assert [rules.needs_approval(people, Policy()) for people in (500, 501)] == [False, True]
    assert rules.needs_approval(1, replace(Policy(), approval_above=0))


@pytest.mark.parametrize("state", list(AnnouncementState))
def test_while_it_is_being_replaced_nothing_else_is_begun(state: AnnouncementState) -> None:
    it = Announcement(author_id=1, state=state, replacing="correct", created_at=START, changed_at=START)
    can = rules.find_abilities(it)
    assert (can.withdraw, can.correct) == (False, False)


def test_a_topic_finds_its_other_names_and_what_is_narrower() -> None:
    written = {"電池の量産": "電池の量産", "lithiumionbatteries": "lithium-ion batteries", "囲碁": "囲碁", "xyz": "XYZ"}
    reader = get_working_reader("")
    found = set(find_topics(written, ["battery"], reader))
    assert {"電池の量産", "lithiumionbatteries"} <= found
    assert "囲碁" not in found
    assert find_topics(written, ["ＸＹＺ"], reader) == ("xyz",)
    assert find_topics(written, ["そんな話題はない"], reader) == ()


def test_the_form_is_read_with_a_sentence_for_each_slip() -> None:
    raw = {
        "role": "alumnus",
        "left_from": "2020年",
        "left_to": "20",
        "cities": "大阪、 Osaka,名古屋",
        "topics": "x" * 41,
    }
    with use_locale("en"):
        rule, errors = read_form(FormValues(raw | {"departments": ("設計2課",)}))
    assert rule["cities"] == ["大阪", "Osaka", "名古屋"]
    assert (rule["role"], rule["left_from"], rule["departments"]) == ("alumnus", 2020, ["設計2課"])
    assert set(errors) == {"left_to", "topics"}


def test_years_in_the_wrong_order_are_told() -> None:
    _rule, errors = read_form(FormValues({"left_from": "2024", "left_to": "2020"}))
    assert list(errors) == ["left_to"]


@pytest.mark.parametrize(
    ("years", "words"),
    [
        ((2020, 2020), "2020"),
        ((2019, 2021), "2019 to 2021"),
        ((2019, 0), "2019 or later"),
        ((0, 2021), "2021 or earlier"),
    ],
)
def test_years_in_words(years: tuple[int, int], words: str) -> None:
    with use_locale("en"):
        facts = describe({"left_from": years[0], "left_to": years[1]})
    assert [fact.value for fact in facts if fact.label == "Left the company"] == [(words,)]


def test_the_report_counts_each_delivery_once() -> None:
    tallies = [
        Tally("sent", "", "chat", False, 90),
        Tally("pending", "", "chat", False, 3),
        Tally("sending", "", "chat", False, 2),
        Tally("failed", "no_account", "", False, 1),
        Tally("skipped", "unreachable", "chat", False, 2),
        Tally("skipped", "month_full", "chat", False, 4),
        Tally("uncertain", "cannot_ask", "teams", False, 1),
        Tally("sent", "", "chat", True, 2),
    ]
    report = make_report(tallies, 30)
    assert report.planned == 103
    assert report.sent + report.on_the_way + report.uncertain + report.all_failed + sum(report.skipped.values()) == 103
    assert (report.all_failed, report.channels, report.pressed) == (3, 2, 30)
