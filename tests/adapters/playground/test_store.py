"""The workspace's memory: what was kept is there after a restart, once, and only for those whom it concerns."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from adapters.playground.database import Database, FromTheFutureError
from adapters.playground.store import BOT, Placed, Post, Settler, Store, UnknownPlaceError, direct, group_of, mailbox
from tests.adapters.playground.conftest import NOW

HELLO = Post("dm:misaki", BOT, "card", {"blocks": []}, key="delivery:1")


def test_a_message_is_there_after_a_restart(open_store: Callable[[], Store], store: Store) -> None:
    placed = store.post(HELLO, NOW)
    assert open_store().read_body("misaki", placed.message) == {"blocks": []}


def test_the_same_key_arrives_once(store: Store) -> None:
    first = store.post(HELLO, NOW)
    again = store.post(Post("dm:misaki", BOT, "card", {"other": 1}, key="delivery:1"), NOW)
    assert again == first
    assert store.read_body("misaki", first.message) == {"blocks": []}


def test_messages_without_a_key_are_all_kept(store: Store) -> None:
    post = Post("dm:misaki", "misaki", "text", {"text": "はい"})
    assert store.post(post, NOW).message != store.post(post, NOW).message


def test_a_delivery_is_found_by_its_key_and_no_other(store: Store) -> None:
    assert store.find_delivery("delivery:1") is None
    placed = store.post(HELLO, NOW)
    assert store.find_delivery("delivery:1") == placed
    assert store.find_delivery("delivery:2") is None


def test_a_message_to_nowhere_is_refused_and_leaves_nothing(store: Store) -> None:
    before = store.change()
    with pytest.raises(UnknownPlaceError):
        store.post(Post("dm:nobody", BOT, "card", {}, key="delivery:9"), NOW)
    assert store.find_delivery("delivery:9") is None
    assert store.change() == before


class TestReplacing:
    def test_the_new_body_stands_in_the_old_ones_place(self, store: Store) -> None:
        placed = store.post(HELLO, NOW)
        assert store.replace(placed.message, {"new": 1}, NOW, "delivery:2") == placed
        assert store.read_body("misaki", placed.message) == {"new": 1}

    def test_the_same_key_replaces_once(self, store: Store) -> None:
        placed = store.post(HELLO, NOW)
        store.replace(placed.message, {"new": 1}, NOW, "delivery:2")
        store.replace(placed.message, {"new": 2}, NOW, "delivery:3")
        store.replace(placed.message, {"new": 1}, NOW, "delivery:2")
        assert store.read_body("misaki", placed.message) == {"new": 2}

    def test_the_replacement_is_found_as_delivered(self, store: Store) -> None:
        placed = store.post(HELLO, NOW)
        store.replace(placed.message, {}, NOW, "delivery:2")
        assert store.find_delivery("delivery:2") == placed

    def test_what_is_not_there_can_not_be_replaced(self, store: Store) -> None:
        with pytest.raises(UnknownPlaceError):
            store.replace(99, {}, NOW, "delivery:2")
        assert store.find_delivery("delivery:2") is None


class TestTheBeginning:
    def test_people_settle_once(self, store: Store) -> None:
        assert store.settle([Settler("late", True)], [], [], NOW) is False
        assert "late" not in store.list_joined()

    def test_everybody_has_a_mailbox_and_only_members_read_the_channels(self, store: Store) -> None:
        assert store.kind_for("kenichi", mailbox("kenichi")) == "mail"
        assert store.kind_for("sho", "channel:news") == "channel"
        with pytest.raises(UnknownPlaceError):
            store.kind_for("kenichi", "channel:news")

    def test_the_first_day_is_remembered(self, open_store: Callable[[], Store]) -> None:
        assert open_store().begin(date(2026, 11, 20)) == date(2026, 11, 20)
        assert open_store().begin(date(2027, 1, 5)) == date(2026, 11, 20)

    def test_a_settling_that_fails_leaves_nothing(self, open_store: Callable[[], Store]) -> None:
        store = open_store()
        with pytest.raises(sqlite3.IntegrityError):
            store.settle([Settler("misaki", True), Settler("misaki", True)], [], [], NOW)
        assert store.list_joined() == {}
        assert store.settle([Settler("misaki", True)], [], [], NOW) is True


class TestTheClock:
    def test_moves_add_up_and_survive(self, open_store: Callable[[], Store], store: Store) -> None:
        store.move_clock(timedelta(hours=1), "a")
        assert store.move_clock(timedelta(days=1), "b") == timedelta(days=1, hours=1)
        assert open_store().offset() == timedelta(days=1, hours=1)

    def test_the_same_move_sent_again_counts_once(self, store: Store) -> None:
        store.move_clock(timedelta(days=1), "a")
        assert store.move_clock(timedelta(days=1), "a") == timedelta(days=1)

    def test_a_new_workspace_has_the_machines_time(self, store: Store) -> None:
        assert store.offset() == timedelta()


class TestJoining:
    def test_who_joins_is_in_and_the_event_waits_for_the_bot(self, store: Store) -> None:
        assert store.join("kenichi", {"kind": "joined"}, "key-1", NOW) is True
        assert store.has_joined("kenichi")
        assert store.kind_for("kenichi", "channel:news") == "channel"
        assert store.list_queued() == [("key-1", {"kind": "joined"})]

    def test_joining_twice_is_one_event(self, store: Store) -> None:
        store.join("kenichi", {"kind": "joined"}, "key-1", NOW)
        assert store.join("kenichi", {"kind": "joined"}, "key-2", NOW) is False
        assert len(store.list_queued()) == 1

    def test_strangers_can_not_join(self, store: Store) -> None:
        assert store.join("nobody", {"kind": "joined"}, "key-1", NOW) is False
        assert store.list_queued() == []

    def test_what_was_said_before_is_no_news(self, store: Store) -> None:
        placed = store.post(Post("channel:news", "sho", "text", {"text": "おはようございます"}), NOW)
        store.join("kenichi", {}, "key-1", NOW)
        seat = sqlite3.connect(store_path(store)).execute(
            "select read_up_to from seats where person = 'kenichi' and conversation = 'channel:news'"
        )
        assert seat.fetchone() == (placed.message,)


def store_path(store: Store) -> str:
    with store.database.read() as connection:
        return connection.execute("pragma database_list").fetchone()["file"]


class TestGroups:
    def test_the_same_people_meet_in_the_same_place(self, store: Store) -> None:
        group = store.open_group(["misaki", "sho"], NOW)
        assert store.open_group(["sho", "misaki", "sho"], NOW) == group == group_of(["misaki", "sho"])
        assert store.kind_for("sho", group) == "group"

    def test_others_have_no_seat_in_it(self, open_store: Callable[[], Store]) -> None:
        store = open_store()
        store.settle([Settler(person, True) for person in ("a", "b", "c")], [], [], NOW)
        group = store.open_group(["a", "b"], NOW)
        with pytest.raises(UnknownPlaceError):
            store.kind_for("c", group)

    def test_nobody_is_put_in_who_has_not_joined(self, store: Store) -> None:
        with pytest.raises(UnknownPlaceError):
            store.open_group(["misaki", "kenichi"], NOW)
        with pytest.raises(UnknownPlaceError):
            store.kind_for("misaki", group_of(["misaki", "kenichi"]))


class TestWhoSeesWhat:
    def test_only_the_one_it_is_for_sees_a_private_message(self, store: Store) -> None:
        group = store.open_group(["misaki", "sho"], NOW)
        placed = store.post(Post(group, BOT, "card", {}, only_for="sho"), NOW)
        assert store.check_sees("sho", placed.message) == Placed(group, placed.message)
        with pytest.raises(UnknownPlaceError):
            store.check_sees("misaki", placed.message)
        with pytest.raises(UnknownPlaceError):
            store.read_body("misaki", placed.message)

    def test_nobody_sees_anothers_direct_conversation(self, store: Store) -> None:
        placed = store.post(HELLO, NOW)
        with pytest.raises(UnknownPlaceError):
            store.check_sees("sho", placed.message)
        with pytest.raises(UnknownPlaceError):
            store.kind_for("sho", direct("misaki"))


class TestTheQueue:
    def test_events_wait_in_their_order_until_they_are_taken(
        self, open_store: Callable[[], Store], store: Store
    ) -> None:
        for number in (3, 1, 2):
            post = Post("dm:misaki", "misaki", "text", {"text": "はい"}, key=f"key-{number}")
            store.post_and_queue(post, {"n": number}, NOW)
        assert [event["n"] for _, event in open_store().list_queued()] == [3, 1, 2]
        store.unqueue("key-1")
        assert [key for key, _ in store.list_queued()] == ["key-3", "key-2"]

    def test_a_message_and_its_event_are_kept_together_or_not_at_all(self, store: Store) -> None:
        with pytest.raises(UnknownPlaceError):
            store.post_and_queue(Post("dm:nobody", "misaki", "text", {}, key="key-1"), {"n": 1}, NOW)
        assert store.list_queued() == []


class TestAnswers:
    def test_an_answer_is_given_again_as_it_was(self, open_store: Callable[[], Store], store: Store) -> None:
        assert store.find_answer("key-1") is None
        store.keep_answer("key-1", {"kind": "form", "form": {"title": "相談"}})
        store.keep_answer("key-1", {"kind": "nothing"})
        assert open_store().find_answer("key-1") == {"kind": "form", "form": {"title": "相談"}}


def test_reading_goes_forward_only(store: Store) -> None:
    first = store.post(HELLO, NOW).message
    store.mark_read("misaki", "dm:misaki", first)
    after = store.change()
    store.mark_read("misaki", "dm:misaki", first - 1)
    store.mark_read("misaki", "dm:misaki", first)
    assert store.change() == after


def test_the_language_of_choice_is_kept(open_store: Callable[[], Store], store: Store) -> None:
    assert store.language("misaki") == ""
    store.set_language("misaki", "en", {"kind": "language"}, "key-1", NOW)
    assert open_store().language("misaki") == "en"
    assert store.list_joined() == {"misaki": "en", "sho": ""}


def test_every_change_has_a_higher_number(store: Store) -> None:
    numbers = [store.change()]
    for change in (
        lambda: store.post(HELLO, NOW),
        lambda: store.set_home("misaki", {}),
        lambda: store.move_clock(timedelta(hours=1), "a"),
        lambda: store.join("kenichi", {}, "key-1", NOW),
        lambda: store.open_group(["misaki", "sho"], NOW),
    ):
        change()
        numbers.append(store.change())
    assert numbers == sorted(set(numbers))


def test_moments_are_kept_in_utc(store: Store) -> None:
    local = datetime.fromisoformat("2026-11-20T10:00:00+09:00")
    store.post(HELLO, local)
    with store.database.read() as connection:
        assert connection.execute("select sent_at from messages").fetchone()[0] == NOW.astimezone(UTC).isoformat()


def test_commits_wait_for_the_disk(store: Store) -> None:
    with store.database.read() as connection:
        assert connection.execute("pragma synchronous").fetchone()[0] == 2
        assert connection.execute("pragma journal_mode").fetchone()[0] == "wal"


def test_a_file_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "newer.sqlite3"
    with sqlite3.connect(path) as connection:
        connection.execute("pragma user_version = 99")
    connection.close()
    with pytest.raises(FromTheFutureError, match="version 99"):
        Database(path)
