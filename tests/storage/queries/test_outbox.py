"""Putting messages into the outbox: in the reader's language, once, for the right account."""

import contextlib
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.i18n import current_locale, use_locale
from bot.ui import Message, load_message
from storage.models import Account, Content, Delivery, Member, Room, RoomAccount, Urgency
from storage.queries import outbox
from storage.queries.outbox import Terms
from tests.scheduler.postroom import START, PostRoom, say
from tests.support.rows import list_rows


@pytest.fixture
def room(database_url: str) -> Iterator[PostRoom]:
    room = PostRoom(database_url)
    yield room
    room.close()


def speak() -> Message:
    """Says in which language it was made."""
    return Message(current_locale(), ())


def set_language(room: PostRoom, member: Member, language: str) -> Member:
    with room.store.begin() as db:
        found = db.session.get_one(Member, member.id)
        found.language = language
    return found


@pytest.mark.parametrize(("language", "expected"), [("ja", "ja"), ("en", "en"), ("", "en")])
def test_a_message_is_made_in_its_readers_language(room: PostRoom, language: str, expected: str) -> None:
    member = set_language(room, room.member("misaki"), language)
    with use_locale("ja" if expected == "en" else "en"), room.store.begin() as db:
        outbox.post(db, member, speak, Terms("k", START))
    (content,) = list_rows(room.store, Content)
    assert load_message(content.body).summary == expected
    assert room.rows()["k"].locale == expected


def test_what_is_posted_keeps_its_terms(room: PostRoom) -> None:
    member = room.member("misaki")
    late = START + timedelta(days=1)
    with room.store.begin() as db:
        outbox.post(db, member, lambda: say("x"), Terms("k", START, Urgency.NUDGE, late, "earlier"))
    row = room.rows()["k"]
    assert (row.urgency, row.not_after, row.replaces_key) == ("nudge", late, "earlier")
    assert (row.state, row.available_at, row.created_at, row.attempts) == ("pending", START, START, 0)


def test_a_rolled_back_transaction_posts_nothing(room: PostRoom) -> None:
    member = room.member("misaki")
    with contextlib.suppress(KeyError), room.store.begin() as db:  # the failure is the test's own
        outbox.post(db, member, lambda: say("x"), Terms("k", START))
        raise KeyError
    assert list_rows(room.store, Delivery) == []
    assert list_rows(room.store, Content) == []


def test_a_second_post_of_one_key_wakes_nobody(room: PostRoom) -> None:
    member = room.member("misaki")
    for woken in (True, False):
        with room.store.begin() as db:
            outbox.post(db, member, lambda: say("x"), Terms("k", START))
            assert db.wakes_delivery is woken


def close_accounts(room: PostRoom, *users: str) -> None:
    with room.store.begin() as db:
        for account in list_rows(room.store, Account):
            if account.external_id in users:
                db.session.get_one(Account, account.id).reachable = False


@pytest.mark.parametrize(
    ("closed", "chosen"),
    [((), "new"), (("new",), "old"), (("new", "old"), "a@example.com"), (("new", "old", "a@example.com"), None)],
)
def test_chat_before_mail_the_newest_first_the_reachable_only(
    room: PostRoom, closed: tuple[str, ...], chosen: str | None
) -> None:
    member = room.member("old")
    room.account(member, "a@example.com", "email", "")
    room.account(member, "new", "teams")
    close_accounts(room, *closed)
    with room.store.begin() as db:
        account = outbox.find_best_account(db, member)
    assert (account.external_id if account else None) == chosen


def test_one_account_may_be_left_out(room: PostRoom) -> None:
    member = room.member("old")
    new = room.account(member, "new")
    with room.store.begin() as db:
        account = outbox.find_best_account(db, member, without=new.id)
    assert account is not None
    assert account.external_id == "old"


def test_somebody_elses_account_is_never_chosen(room: PostRoom) -> None:
    member = room.member("misaki")
    room.member("sho")
    close_accounts(room, "misaki")
    with room.store.begin() as db:
        assert outbox.find_best_account(db, member) is None


def test_a_post_to_an_account_belongs_to_its_member(room: PostRoom) -> None:
    member = room.member("misaki")
    (account,) = list_rows(room.store, Account)
    room.post_to_account(account, "k")
    assert (room.rows()["k"].member_id, room.rows()["k"].account_id) == (member.id, account.id)


def test_a_room_has_its_accounts(room: PostRoom) -> None:
    accounts = [room.account(None, user) for user in ("a", "b")]
    with room.store.begin() as db:
        made = outbox.add_room(db, "r1", accounts, START)
    room.post_to_room(made, "k")
    assert [row.account_id for row in list_rows(room.store, RoomAccount)] == [account.id for account in accounts]
    assert (room.rows()["k"].room_id, room.rows()["k"].platform) == (list_rows(room.store, Room)[0].id, "chat")


def test_nudges_can_be_taken_back_and_answers_can_not(room: PostRoom) -> None:
    misaki, sho = room.member("misaki"), room.member("sho")
    for member in (misaki, sho):
        room.post(member, f"nudge {member.name}", urgency=Urgency.NUDGE)
        room.post(member, f"answer {member.name}")
    with room.store.begin() as db:
        outbox.skip_nudges(db, misaki, "paused")
    assert room.states() == {
        "nudge misaki": "skipped",
        "answer misaki": "pending",
        "nudge sho": "pending",
        "answer sho": "pending",
    }
