"""What a page is told: everything at first, then only what changed, and never what isn't theirs."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.playground.store import BOT, FIRST_PAGE, Post, Settler, Store, UnknownPlaceError
from adapters.playground.views import read_earlier, read_everybody, read_view
from tests.adapters.playground.conftest import CHANNELS, NOW


def say(store: Store, conversation: str, author: str, text: str, only_for: str | None = None) -> int:
    return store.post(Post(conversation, author, "text", {"text": text}, only_for=only_for), NOW).message


def texts(view: dict[str, Any]) -> list[str]:
    return [message["body"]["text"] for message in view["messages"]]


def conversation(view: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in view["conversations"] if one["id"] == name)


def test_at_first_everything_is_told(store: Store) -> None:
    say(store, "dm:misaki", BOT, "ようこそ")
    say(store, "channel:news", "sho", "おはようございます")
    view = read_view(store, "misaki", 0)
    assert texts(view) == ["ようこそ", "おはようございます"]
    assert [one["id"] for one in view["conversations"]] == ["channel:news", "dm:misaki", "mail:misaki"]
    assert view["joined"] is True


def test_later_only_what_changed(store: Store) -> None:
    first = say(store, "dm:misaki", BOT, "ようこそ")
    seen = read_view(store, "misaki", 0)["seq"]
    say(store, "dm:misaki", BOT, "近況はいかがですか")
    store.replace(first, {"text": "ようこそ、佐藤さん"}, NOW)
    view = read_view(store, "misaki", seen)
    assert texts(view) == ["ようこそ、佐藤さん", "近況はいかがですか"]
    assert [message["edited"] for message in view["messages"]] == [True, False]
    assert read_view(store, "misaki", view["seq"])["messages"] == []


def test_nobody_is_told_of_others_private_messages(store: Store) -> None:
    group = store.open_group(["misaki", "sho"], NOW)
    say(store, group, BOT, "お二人へ")
    say(store, group, BOT, "翔さんへ", only_for="sho")
    say(store, "dm:sho", BOT, "翔さんだけ")
    assert texts(read_view(store, "misaki", 0)) == ["お二人へ"]
    assert texts(read_view(store, "sho", 0)) == ["お二人へ", "翔さんへ", "翔さんだけ"]
    assert [message["private"] for message in read_view(store, "sho", 0)["messages"]] == [False, True, False]
    assert conversation(read_view(store, "misaki", 0), group)["latest"] == 1


def test_a_group_names_its_people(store: Store) -> None:
    group = store.open_group(["sho", "misaki"], NOW)
    view = read_view(store, "misaki", 0)
    assert sorted(conversation(view, group)["people"]) == ["misaki", "sho"]
    assert conversation(view, "channel:news")["people"] == []


def test_unread_ones_are_those_of_others_since_the_last_look(store: Store) -> None:
    first = say(store, "channel:news", "sho", "一")
    say(store, "channel:news", "misaki", "二")
    say(store, "channel:news", "sho", "三")
    assert conversation(read_view(store, "misaki", 0), "channel:news")["unread"] == 2
    store.mark_read("misaki", "channel:news", first)
    assert conversation(read_view(store, "misaki", 0), "channel:news")["unread"] == 1
    assert conversation(read_view(store, "sho", 0), "channel:news")["unread"] == 1


def test_everybody_is_counted_at_once(store: Store) -> None:
    say(store, "dm:misaki", BOT, "一")
    last = say(store, "dm:misaki", BOT, "二")
    say(store, "mail:kenichi", BOT, "ご招待")
    store.mark_read("misaki", "dm:misaki", last - 1)
    people = read_everybody(store)["people"]
    assert (people["misaki"]["arrived"], people["misaki"]["unread"]) == (2, 1)
    assert (people["sho"]["arrived"], people["sho"]["unread"]) == (0, 0)
    assert (people["kenichi"]["joined"], people["kenichi"]["unread"]) == (False, 1)


def test_the_home_page_is_told_when_it_changed(store: Store) -> None:
    assert read_view(store, "misaki", 0)["home"] is None
    store.set_home("misaki", {"blocks": ["a"]})
    view = read_view(store, "misaki", 0)
    assert view["home"] == {"blocks": ["a"]}
    assert read_view(store, "misaki", view["seq"])["home"] is None


def test_strangers_have_no_view(store: Store) -> None:
    with pytest.raises(UnknownPlaceError):
        read_view(store, "nobody", 0)


def test_a_long_conversation_begins_with_its_last_page(store: Store) -> None:
    for number in range(FIRST_PAGE + 25):
        say(store, "dm:misaki", BOT, str(number))
    say(store, "channel:news", "sho", "おはよう")
    view = read_view(store, "misaki", 0)
    direct = [message for message in view["messages"] if message["conversation"] == "dm:misaki"]
    assert [message["body"]["text"] for message in direct] == [str(n) for n in range(25, FIRST_PAGE + 25)]
    earlier = read_earlier(store, "misaki", "dm:misaki", direct[0]["id"])
    assert [message["body"]["text"] for message in earlier] == [str(n) for n in range(25)]
    assert read_earlier(store, "misaki", "dm:misaki", earlier[0]["id"]) == []


def test_earlier_messages_are_only_for_who_sees_them(store: Store) -> None:
    last = say(store, "dm:misaki", BOT, "一")
    assert read_earlier(store, "sho", "dm:misaki", last + 1) == []
    assert len(read_earlier(store, "misaki", "dm:misaki", last + 1)) == 1


steps = st.lists(
    st.tuples(
        st.sampled_from(["say", "change", "look", "whisper"]), st.integers(0, 5), st.sampled_from(["misaki", "sho"])
    ),
    max_size=30,
)


@given(steps)
def test_looking_often_shows_the_same_as_looking_once(tmp_path_factory: Any, steps: list[tuple[str, int, str]]) -> None:
    """However the looks fall between the changes, putting them together gives what a fresh page is told."""
    store = Store(tmp_path_factory.mktemp("views") / "playground.sqlite3")
    store.settle([Settler("misaki", True), Settler("sho", True)], CHANNELS, [], NOW)
    seen, shown, posted = 0, dict[int, Any](), list[int]()
    for place, (step, number, person) in enumerate(steps):
        if step == "say":
            posted.append(say(store, "channel:news", person, f"{place}"))
        elif step == "whisper":
            posted.append(say(store, "channel:news", BOT, f"{place}", only_for=person))
        elif step == "change" and posted:
            store.replace(posted[number % len(posted)], {"text": f"{place}!"}, NOW + timedelta(minutes=place))
        elif step == "look":
            view = read_view(store, "misaki", seen)
            seen = view["seq"]
            shown |= {message["id"]: message for message in view["messages"]}
    shown |= {message["id"]: message for message in read_view(store, "misaki", seen)["messages"]}
    fresh = {message["id"]: message for message in read_view(store, "misaki", 0)["messages"]}
    store.close()
    assert shown == fresh
