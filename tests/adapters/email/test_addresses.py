"""Reply addresses: each names its thread and its person; none can be made up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.email.addresses import (
    LONGEST_KEY,
    LONGEST_NAME,
    Answered,
    NoReplyAddressError,
    ReplyAddresses,
    fold_address,
    make_message_id,
)

ADDRESSES = ReplyAddresses("reply@musubi.example.jp", b"secret of a test")
MISAKI = "misaki@mail.example"
KEYS = st.text(alphabet="abcdefghijklmnopqrstuvwxyz0123456789:_", min_size=1, max_size=LONGEST_KEY)


@given(KEYS)
def test_an_address_says_what_it_was_made_of(key: str) -> None:
    address = ADDRESSES.make(key, MISAKI)
    assert ADDRESSES.read(address, MISAKI) == Answered(key, is_own=True)
    assert ADDRESSES.read(address.upper(), MISAKI.title()) == Answered(key, is_own=True), "servers may change the case"
    assert len(address.partition("@")[0]) <= 64
    assert ADDRESSES.pattern.fullmatch(address)


def test_from_another_address_it_is_good_but_not_ones_own() -> None:
    address = ADDRESSES.make("room:1:2:1", MISAKI)
    assert ADDRESSES.read(address, "other@mail.example") == Answered("room:1:2:1", is_own=False)


@given(st.integers(0, 63), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567.+-@"))
def test_a_changed_address_is_none(place: int, sign: str) -> None:
    address = ADDRESSES.make("room:1:2:1", MISAKI)
    changed = address[:place] + sign + address[place + 1 :]
    found = ADDRESSES.read(changed, MISAKI)
    assert changed == address or found is None or not found.is_own


@pytest.mark.parametrize(
    "address",
    [
        "",
        "reply@musubi.example.jp",
        "reply+@musubi.example.jp",
        "reply+room.1.2.1-@musubi.example.jp",
        "reply+room.1.2.1@musubi.example.jp",
        "reply+-aaaaaaaaaaaaaaaaaaaaaa@musubi.example.jp",
        "reply+room.1.2.1-aaaaaaaaaaaaaaaaaaaaaa@musubi.example.jp",
        "reply+部屋-aaaaaaaaaaaaaaaaaaaaaa@musubi.example.jp",
        "reply+\udcff-a@musubi.example.jp",
    ],
)
def test_made_up_addresses_are_none(address: str) -> None:
    assert ADDRESSES.read(address, MISAKI) is None


def test_anothers_are_none() -> None:
    made = ADDRESSES.make("room:1:2:1", MISAKI)
    assert ReplyAddresses("reply@musubi.example.jp", b"another secret").read(made, MISAKI) is None
    assert ReplyAddresses("reply@other.example.jp", b"secret of a test").read(made, MISAKI) is None
    assert ReplyAddresses("mail@musubi.example.jp", b"secret of a test").read(made, MISAKI) is None


@pytest.mark.parametrize("key", ["", "a" * (LONGEST_KEY + 1), "Room:1", "room 1", "room-1", "部屋:1"])
def test_a_key_that_does_not_fit(key: str) -> None:
    with pytest.raises(NoReplyAddressError):
        ADDRESSES.make(key, MISAKI)


@pytest.mark.parametrize(
    "base", ["", "reply", "reply@", "re ply@example.jp", "<reply@example.jp>", "a" * 9 + "@example.jp"]
)
def test_a_base_that_is_no_address(base: str) -> None:
    assert LONGEST_NAME == 8
    with pytest.raises(ValueError, match="MUSUBI_REPLY_ADDRESS"):
        ReplyAddresses(base, b"x")


def test_the_secret_is_not_shown() -> None:
    assert "secret" not in repr(ADDRESSES)


def test_bare_addresses_and_message_ids() -> None:
    assert fold_address("佐藤 <Misaki@Mail.Example>") == MISAKI
    assert make_message_id("room:1", "example.jp") == make_message_id("room:1", "example.jp")
    assert make_message_id("room:1", "example.jp") != make_message_id("room:2", "example.jp")
