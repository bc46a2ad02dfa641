"""The places that the bot is in, as adapters see them: `bot.ports.Places` on a store."""

from bot.ports import Place
from storage.queries import places
from storage.uow import Store


class KeptPlaces:
    """See `bot.ports.Places`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def add(self, place: Place) -> None:
        """See `bot.ports.Places`."""
        await self._store.run(lambda db: places.keep(db, place))

    async def remove(self, place: Place) -> None:
        """See `bot.ports.Places`."""
        await self._store.run(lambda db: places.forget(db, place))

    async def list(self, platform: str) -> list[Place]:
        """See `bot.ports.Places`."""
        return await self._store.run(lambda db: places.list_places(db, platform))
