"""Where the bot is, kept for adapters: once each, with the latest address."""

from bot.ports import Place
from storage.places import KeptPlaces
from storage.uow import Store

HERE = Place("teams", "t", "19:a", "https://a/")


async def test_a_place_is_kept_once_with_its_latest_address(database_url: str) -> None:
    store = Store(database_url)
    places = KeptPlaces(store)
    moved = Place("teams", "t", "19:a", "https://b/")
    others = [Place("teams", "u", "19:a", "https://a/"), Place("other", "t", "19:a", "https://a/")]
    for place in (HERE, HERE, moved, *others):
        await places.add(place)
    assert await places.list("teams") == [moved, others[0]]
    assert await places.list("other") == [others[1]]
    store.close()


async def test_what_was_left_is_forgotten_and_nothing_else(database_url: str) -> None:
    store = Store(database_url)
    places = KeptPlaces(store)
    other = Place("teams", "t", "19:b", "https://a/")
    for place in (HERE, other):
        await places.add(place)
    await places.remove(HERE)
    await places.remove(HERE)
    assert await places.list("teams") == [other]
    store.close()
