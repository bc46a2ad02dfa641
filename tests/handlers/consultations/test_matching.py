"""Topics as people write them: what is near, what is not, and what may be left out of a query."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from handlers.consultations.matching import EQUAL, fold, list_pieces, relate

LETTERS = st.text(alphabet=st.sampled_from("電池開発量立ち上げのとEVevbat　 +#.12AI"), max_size=10)
WORDS = [
    "電池",
    "開発",
    "量産",
    "立ち上げ",
    "の",
    "EV",
    "battery",
    "Batteries",
    "C++",
    "ai",
    "プロ",
    "プロジェクト",
    " ",
    "　",
]
TOPICS = LETTERS | st.lists(st.sampled_from(WORDS), max_size=5).map("".join)


@pytest.mark.parametrize(
    ("asked", "offered"),
    [
        ("電池開発", "電池開発"),
        ("電池開発", "電池 開発"),
        ("ＥＶ電池", "EV電池"),
        ("Battery Development", "battery  development"),
        ("ﾌﾞﾗｼﾞﾙ", "ブラジル"),
    ],
)
def test_the_same_topic_however_it_is_typed(asked: str, offered: str) -> None:
    assert relate(asked, offered) == EQUAL


@pytest.mark.parametrize(
    ("asked", "offered"),
    [
        ("電池の量産立ち上げ", "電池開発"),
        ("電池の量産立ち上げ", "量産立ち上げ"),
        ("ブラジルでの工場立ち上げ", "ブラジル赴任"),
        ("海外営業", "海外赴任"),
        ("ものづくり", "ものづくりの教え方"),
        ("EV battery", "battery development"),
        ("EV batteries", "battery development"),
        ("how to ramp up a plant", "plant ramp up"),
        ("EV", "EV電池開発"),
        ("C++", "C++ and embedded systems"),
        ("立ち上げ支援", "立ち上げの支援"),
    ],
)
def test_near_topics(asked: str, offered: str) -> None:
    assert 0 < relate(asked, offered) < EQUAL


@pytest.mark.parametrize(
    ("asked", "offered"),
    [
        ("電池開発", "事業開発"),
        ("business development", "battery development"),
        ("AI", "training"),
        ("Go", "negotiation"),
        ("art", "smart home"),
        ("プロジェクト管理", "プロダクト企画"),
        ("育休", "海外赴任"),
        ("の", "の使い方"),
        ("the history of the company", "the art of the possible"),
        ("", "電池"),
        ("電池", "　"),
        ("🔋", "電池"),
    ],
)
def test_what_only_looks_alike(asked: str, offered: str) -> None:
    assert relate(asked, offered) == 0


def test_nearer_topics_come_first() -> None:
    wanted = "電池の量産立ち上げ"
    order = ["電池の量産立ち上げ", "電池の量産", "量産", "電池開発", "海外赴任"]
    assert sorted(order, key=lambda topic: -relate(wanted, topic)) == order


@given(TOPICS, TOPICS)
def test_the_order_of_the_two_does_not_matter(one: str, other: str) -> None:
    assert relate(one, other) == relate(other, one)


@given(TOPICS)
def test_a_topic_is_itself(topic: str) -> None:
    assume(fold(topic))
    assert relate(topic, topic) == EQUAL
    assert relate(topic, topic.upper()) == EQUAL


@given(TOPICS, TOPICS)
def test_nothing_related_is_left_out_by_the_pieces(asked: str, offered: str) -> None:
    tight = fold(offered).replace(" ", "")
    assert relate(asked, offered) == 0 or any(piece in tight for piece in list_pieces(asked)), (
        list_pieces(asked),
        tight,
    )


@given(TOPICS)
def test_there_are_few_pieces_and_no_empty_one(topic: str) -> None:
    pieces = list_pieces(topic)
    assert "" not in pieces
    assert len(pieces) <= 2 * len(topic)
