"""Payloads of buttons and forms: what goes out comes back, and nothing else is taken for ours."""

import json
from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.actions import MAX_LENGTH, Action, StaleActionError, action, decode, encode, list_actions, values_of
from storage.models import RequestState


@action("test.plain")
class Plain(Action):
    """Nothing carried."""


@action("test.answer", opens_form=True)
class Answer(Action):
    """An id and a choice."""

    id: int
    choice: str


ids = st.integers(-(2**63), 2**63 - 1)
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=100)


@given(ids, texts)
def test_what_is_encoded_comes_back(id: int, choice: str) -> None:
    assert decode(encode(Answer(id, choice))) == Answer(id, choice)


def test_an_action_without_fields_comes_back() -> None:
    assert encode(Plain()) == "test.plain[]"
    assert decode("test.plain[]") == Plain()


def test_a_choice_of_an_enumeration_comes_back_as_its_text() -> None:
    assert decode(encode(Answer(1, RequestState.OPEN))) == Answer(1, "open")


def test_japanese_stays_readable_and_short() -> None:
    assert encode(Answer(1, "電池")) == 'test.answer[1,"電池"]'


@given(st.text(max_size=200))
def test_text_from_anywhere_is_stale_or_ours(text: str) -> None:
    try:
        payload = decode(text)
    except StaleActionError:
        return
    assert decode(encode(payload)) == payload


@given(st.text(max_size=60))
def test_a_tampered_tail_is_stale_or_ours(tail: str) -> None:
    try:
        payload = decode("test.answer[" + tail)
    except StaleActionError:
        return
    assert isinstance(payload, Answer)
    assert (type(payload.id), type(payload.choice)) == (int, str)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "test.answer",
        "test.gone[1]",
        "test.answer[]",
        'test.answer[1,"a",2]',
        'test.answer["1","a"]',
        "test.answer[1,2]",
        'test.answer[true,"a"]',
        'test.answer[1.0,"a"]',
        'test.answer[NaN,"a"]',
        'test.answer[null,"a"]',
        'test.answer[1,"a"',
        'test.answer[9223372036854775808,"a"]',
        r'test.answer[1,"\u0000"]',
        r'test.answer[1,"\ud800"]',
        "test.answer" + "[" * 980,
        'test.answer[1,"' + "a" * MAX_LENGTH + '"]',
    ],
)
def test_what_is_not_ours_is_stale(text: str) -> None:
    with pytest.raises(StaleActionError):
        decode(text)


def test_a_bottomless_payload_is_stale_even_deep_in_the_stack() -> None:
    def descend(levels: int) -> None:
        if levels:
            descend(levels - 1)
        else:
            decode("test.answer" + "[" * 980)

    with pytest.raises(StaleActionError):
        descend(300)


@pytest.mark.parametrize("choice", ["a" * MAX_LENGTH, "a\0b", "\udc00"])
def test_what_would_not_come_back_is_refused_when_made(choice: str) -> None:
    with pytest.raises(ValueError, match=r"test\.answer"):
        encode(Answer(1, choice))


@pytest.mark.parametrize("id", [None, True, 2**63, "1"])
def test_an_id_that_is_none_is_noticed_when_made(id: object) -> None:
    with pytest.raises(ValueError, match=r"test\.answer\.id can't carry this"):
        encode(Answer(id, "a"))  # pyright: ignore[reportArgumentType]


def test_a_payload_as_long_as_allowed_comes_back() -> None:
    room = MAX_LENGTH - len(encode(Answer(1, "")))
    assert decode(encode(Answer(1, "x" * room))) == Answer(1, "x" * room)


def test_two_actions_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match=r"two actions are called test\.plain"):
        action("test.plain")(type("Other", (Action,), {"__module__": __name__}))


def test_only_ints_and_strings_are_carried() -> None:
    with pytest.raises(ValueError, match=r"test\.odd\.when must be int or str"):

        @action("test.odd")
        class Odd(Action):
            when: float

    assert "test.odd" not in [known.action_name for known in list_actions()]


@pytest.mark.parametrize("name", ["", "with space", "a[b", "Ａ", "x" * 81])
def test_a_name_must_be_plain(name: str) -> None:
    with pytest.raises(ValueError, match="can't be an action's name"):
        action(name)


def test_actions_are_values_in_order() -> None:
    payload = Answer(7, "yes")
    assert values_of(payload) == [7, "yes"]
    with pytest.raises(FrozenInstanceError):
        payload.id = 8  # pyright: ignore[reportAttributeAccessIssue]


def test_actions_know_whether_they_open_a_form() -> None:
    assert Answer.opens_form
    assert not Plain.opens_form


def test_all_actions_are_listed_by_name() -> None:
    names = [known.action_name for known in list_actions()]
    assert names == sorted(names)
    assert {"test.plain", "test.answer"} <= set(names)


@given(ids, texts)
def test_the_encoded_text_is_json_behind_a_name(id: int, choice: str) -> None:
    name, _bracket, rest = encode(Answer(id, choice)).partition("[")
    assert name == "test.answer"
    assert json.loads("[" + rest) == [id, choice]
