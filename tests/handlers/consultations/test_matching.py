"""Which of somebody's own words fit a question: how well, told as which reason, and what may be left out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n import use_locale
from handlers.consultations.matching import LEAST_FIT, Match, Matcher
from handlers.consultations.views.people import say_reasons
from handlers.topics import get_reader
from storage.models import Role
from storage.queries.members import Card


def card(*topics: str, role: Role = Role.ALUMNUS, nameless: bool = False, **fields: str) -> Card:
    """Somebody as the reader sees them."""
    return Card(1, "佐藤 美咲", "", role, nameless=nameless, topics=topics, **fields)  # type: ignore[arg-type]


def match(question: str, *cards: Card, aim: str = "") -> list[Match]:
    """How well they fit."""
    return Matcher(get_reader(), question, aim).match(cards)


def say(question: str, one: Card, locale: str = "ja") -> tuple[str, ...]:
    """The reasons as they are read."""
    (found,) = match(question, one)
    with use_locale(locale):
        return say_reasons(list(found.reasons), one)


@pytest.mark.parametrize(
    ("question", "topics", "ja", "en"),
    [
        ("電池開発", ("電池開発",), "同じ話題：電池開発", "Same topic: 電池開発"),
        ("電池開発", ("battery development",), "同じ話題：電池開発", "Same topic: battery development"),
        ("battery development", ("電池の開発",), "同じ話題：電池の開発", "Same topic: battery development"),
        ("India", ("インド駐在",), "同じ話題：インド駐在", "Same topic: India"),
        ("釣りの話", ("釣り",), "近い話題：釣り", "Related topic: 釣り"),
    ],
)
def test_the_reason_is_read_in_the_readers_language(question: str, topics: tuple[str, ...], ja: str, en: str) -> None:
    assert say(question, card(*topics)) == (ja,)
    assert say(question, card(*topics), "en") == (en,)


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (card(job="電池開発エンジニア"), ("お仕事：電池開発エンジニア",)),
        (card(department="電池開発部"), ("以前の所属：電池開発部",)),
        (card(department="電池開発部", role=Role.EMPLOYEE), ("所属：電池開発部",)),
        (card("電池開発", job="営業"), ("同じ話題：電池開発",)),
    ],
)
def test_what_somebody_does_and_did_counts_too(one: Card, told: tuple[str, ...]) -> None:
    assert say("電池開発について", one) == told


@pytest.mark.parametrize(
    ("reason", "role", "ja", "en"),
    [
        ({"kind": "job"}, Role.ALUMNUS, "お仕事：電池開発", "By profession: battery development"),
        ({"kind": "former"}, Role.ALUMNUS, "以前の所属：電池開発", "By former department: battery development"),
        ({"kind": "former"}, Role.EMPLOYEE, "所属：電池開発", "By department: battery development"),
        ({"kind": "topic", "near": "same"}, Role.ALUMNUS, "同じ話題：電池開発", "Same topic: battery development"),
        (
            {"kind": "topic", "near": "related"},
            Role.ALUMNUS,
            "近い話題：電池開発",
            "Related topic: battery development",
        ),
    ],
)
def test_every_kind_of_match_in_both_languages(reason: dict[str, str], role: Role, ja: str, en: str) -> None:
    """What is written in a third language is shown by the concept's name; without one, as it is written."""
    names = {"topic": "배터리", "ja": "電池開発", "en": "battery development"}
    for locale, told in (("ja", ja), ("en", en)):
        with use_locale(locale):
            assert _say(reason | names, role, locale) == told


def _say(reason: dict[str, str], role: Role, locale: str) -> str:
    """The reason as it is read, written in the language that the reader doesn't read."""
    written = reason["topic"] if locale == "ja" else "電池開発"
    (told,) = say_reasons([reason | {"topic": written}], card(role=role))
    return told


def test_the_other_reasons_in_both_languages() -> None:
    reasons = [{"kind": "department"}, {"kind": "tenure"}, {"kind": "language", "language": "en"}, {"kind": "unknown"}]
    with use_locale("ja"):
        assert say_reasons(reasons, card()) == ("同じ部署にいた方", "在籍年数が近い方", "英語で話せます")
    with use_locale("en"):
        assert say_reasons(reasons, card(role=Role.EMPLOYEE)) == (
            "In your department",
            "With the company about as long as you",
            "Speaks English",
        )


def test_a_topic_without_a_concept_is_shown_as_it_is_written_in_every_language() -> None:
    for locale in ("ja", "en"):
        with use_locale(locale):
            (told,) = say_reasons([{"kind": "topic", "near": "related", "topic": "釣り"}], card())
            assert told.endswith("釣り")


def test_proposals_that_were_kept_before_concepts_came_are_still_told() -> None:
    """Rows of an earlier version have no names beside the topic."""
    with use_locale("ja"):
        assert say_reasons([{"kind": "topic", "topic": "battery", "near": "same"}], card()) == ("同じ話題：battery",)


def test_of_the_nameless_only_topics_count() -> None:
    """The rest would tell who they are."""
    found = match("電池開発", card(job="電池開発", department="電池開発部", nameless=True))
    assert found == [Match(0.0)]
    assert say("電池開発", card("電池開発", job="電池開発", nameless=True)) == ("同じ話題：電池開発",)


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("電池開発", "料理"),
        ("電池開発", "育休"),
        ("AI", "training"),
        ("Go", "negotiation"),
        ("インドネシア", "インド映画の字幕"),
        ("の", "の使い方"),
        ("the history of the company", "the art of the possible"),
        ("", "電池"),
        ("🔋", "電池"),
        ("電池", ""),
    ],
)
def test_who_does_not_fit_is_not_proposed(question: str, topic: str) -> None:
    (found,) = match(question, card(topic))
    assert (found.topic, found.reasons) == (0.0, ())


def test_who_fits_has_a_reason_that_is_in_their_own_words() -> None:
    topics = ("battery R&D", "インド", "品質管理", "釣り", "海外赴任")
    for found in match("インドでの電池の量産", *(card(topic) for topic in topics)):
        assert (found.topic >= LEAST_FIT) == bool(found.reasons)
        assert all(reason["topic"] in topics for reason in found.reasons)


def test_at_most_two_topics_are_reasons_the_same_ones_first() -> None:
    one = card("アジアの市場", "インド", "電池", "量産立ち上げ")
    told = say("インドでの電池の量産立ち上げ", one)
    assert len(told) == 2
    assert all(reason.startswith("同じ話題") for reason in told)


def test_several_of_the_questions_topics_fit_better_than_one() -> None:
    one, several = match("インドでの電池の量産立ち上げ", card("インド"), card("インド", "電池", "量産立ち上げ"))
    assert several.topic > one.topic + 0.3


def test_the_aim_counts_beside_the_topic() -> None:
    plain, also = match("電池開発", card("電池"), card("電池", "海外赴任"), aim="来年ドイツに赴任する予定です。")
    assert plain.topic == pytest.approx(also.topic)
    assert also.step > plain.step


def test_an_aim_alone_finds_nobody() -> None:
    (found,) = match("電池開発", card("料理"), aim="料理の話もしたいです。")
    assert found.topic == 0.0


PIECES = [
    "電池",
    "開発",
    "の",
    "インド",
    "EV",
    "battery",
    "立ち上げ",
    "育休",
    "釣り",
    "quality control",
    " ",
    "、",
    "C++",
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=5).map("".join)


@given(TEXTS, TEXTS)
def test_nobody_who_fits_is_left_out_before_being_read(question: str, topic: str) -> None:
    matcher = Matcher(get_reader(), question)
    (found,) = matcher.match([card(topic)])
    assert found.topic == 0.0 or matcher.find_nearness(topic) > 0


@given(TEXTS.filter(lambda text: text.strip() != ""))
def test_the_same_words_fit_wholly(text: str) -> None:
    (found,) = match(text, card(text))
    assert found.topic == 1.0
    assert found.reasons == ({"kind": "topic", "near": "same", "topic": text},)
