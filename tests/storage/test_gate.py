"""The gate between dispatcher and database: duplicate keys, known callers, answers into the outbox."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.incoming import Origin, Profile
from bot.policy import Policy
from storage import gate as gate_module
from storage.gate import Gate, GateKeeper
from storage.models import Account, Delivery, Seen
from storage.uow import Store
from tests.scheduler.postroom import say
from tests.support.rows import list_rows
from tests.support.world import START

ORIGIN = Origin("chat", "T1", "U1", "K1")
LATER = START + timedelta(minutes=1)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    store = Store(database_url)
    yield store
    store.close()


async def test_a_key_is_new_once(store: Store) -> None:
    gate = Gate(store, Policy())

    def ask(keeper: GateKeeper) -> bool:
        return keeper.is_new(ORIGIN, START)

    assert [await gate.run(ask) for _turn in range(3)] == [True, False, False]
    (seen,) = list_rows(store, Seen)
    assert (seen.key, seen.at) == ("chat:T1:K1", START)


async def test_a_key_counts_only_with_the_work_it_guards(store: Store) -> None:
    gate = Gate(store, Policy())

    def fail(keeper: GateKeeper) -> None:
        assert keeper.is_new(ORIGIN, START)
        raise KeyError("on purpose")

    for _turn in range(2):
        with pytest.raises(KeyError):
            await gate.run(fail)
    assert list_rows(store, Seen) == []


@pytest.mark.parametrize(
    "other", [Origin("teams", "T1", "U1", "K1"), Origin("chat", "T2", "U1", "K1"), Origin("chat", "T1", "U1", "K2")]
)
async def test_keys_of_others_are_others(store: Store, other: Origin) -> None:
    gate = Gate(store, Policy())
    assert await gate.run(lambda keeper: keeper.is_new(ORIGIN, START))
    assert await gate.run(lambda keeper: keeper.is_new(other, START))


async def test_without_a_key_everything_is_new(store: Store) -> None:
    gate, origin = Gate(store, Policy()), Origin("chat", "T1", "U1")
    assert [await gate.run(lambda keeper: keeper.is_new(origin, START)) for _turn in range(2)] == [True, True]
    assert list_rows(store, Seen) == []


async def test_somebody_is_known_from_the_second_time_on(store: Store) -> None:
    gate, profile = Gate(store, Policy()), Profile("翔")
    assert not gate.knows(ORIGIN)
    await gate.run(lambda keeper: keeper.find_caller(ORIGIN, profile, START))
    assert not gate.knows(ORIGIN), "a first meeting may yet be rolled back"
    await gate.run(lambda keeper: keeper.find_caller(ORIGIN, None, LATER))
    assert gate.knows(ORIGIN)
    assert not gate.knows(Origin("chat", "T2", "U1"))


async def test_who_was_never_introduced_stays_unknown(store: Store) -> None:
    gate = Gate(store, Policy())
    for at in (START, LATER):
        await gate.run(lambda keeper, at=at: keeper.find_caller(ORIGIN, None, at))
    assert not gate.knows(ORIGIN)


async def test_memory_is_bounded(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate_module, "_REMEMBERED", 3)
    gate = Gate(store, Policy())
    origins = [Origin("chat", "T1", f"U{number}") for number in range(5)]
    for origin in origins:
        for at in (START, LATER):
            await gate.run(lambda keeper, o=origin, at=at: keeper.find_caller(o, Profile("n"), at))
    assert sum(gate.knows(origin) for origin in origins) <= 3
    assert gate.knows(origins[-1])


async def test_an_answer_goes_where_the_question_came_from(store: Store) -> None:
    gate = Gate(store, Policy())

    def answer(keeper: GateKeeper) -> None:
        keeper.find_caller(ORIGIN, Profile("翔"), START)
        keeper.post_reply(ORIGIN, say("answer"), "ja", START)

    await gate.run(answer)
    (row,) = list_rows(store, Delivery)
    (account,) = list_rows(store, Account)
    assert (row.account_id, row.platform, row.tenant, row.locale) == (account.id, "chat", "T1", "ja")
    assert row.key == f"reply:chat:T1:K1:{account.id}"


async def test_an_answer_to_nobody_is_a_mistake(store: Store) -> None:
    gate = Gate(store, Policy())
    with pytest.raises(LookupError, match="never met"):
        await gate.run(lambda keeper: keeper.post_reply(ORIGIN, say("x"), "ja", START))
