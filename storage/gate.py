"""The database as the dispatcher sees it: `bot.ports.Store` and `bot.ports.UnitOfWork`, bound to the community's
policy.
"""

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from bot.incoming import Origin, Profile
from bot.policy import Policy
from bot.ui import Message
from storage.models import Seen
from storage.queries import callers, outbox
from storage.statements import insert_ignore
from storage.uow import Store, UnitOfWork

T = TypeVar("T")

_REMEMBERED = 100_000
"""Accounts kept in memory as known; more are looked up again, at the price of one call to the platform."""


class Gate:
    """Runs the dispatcher's work on a store."""

    def __init__(self, store: Store, policy: Policy) -> None:
        self._store = store
        self._policy = policy
        self._known: set[tuple[str, str, str]] = set()

    async def run(self, work: Callable[[Any], T]) -> T:
        """See `bot.ports.Store.run`."""
        return await self._store.run(lambda uow: work(GateKeeper(uow, self._policy, self._known)))

    def knows(self, origin: Origin) -> bool:
        """See `bot.ports.Store.knows`."""
        return (origin.platform, origin.tenant, origin.user) in self._known


class GateKeeper:
    """An open transaction for the dispatcher; `uow` is the same for the handlers."""

    def __init__(self, uow: UnitOfWork, policy: Policy, known: set[tuple[str, str, str]]) -> None:
        self.uow = uow
        self._policy = policy
        self._known = known

    def is_new(self, origin: Origin, now: datetime) -> bool:
        """Notes the duplicate key; False when it was there already. What has no key is always new."""
        if not origin.key:
            return True
        key = f"{origin.platform}:{origin.tenant}:{origin.key}"
        return insert_ignore(self.uow.session, Seen, [{"key": key, "at": now}]) == 1

    def has_met(self, origin: Origin) -> bool:
        """See `bot.ports.UnitOfWork.has_met`."""
        return callers.find_account(self.uow, origin) is not None

    def find_caller(self, origin: Origin, profile: Profile | None, now: datetime) -> callers.Caller | None:
        """See `storage.queries.callers.meet`. Mail shows nobody's face: whoever is known by none of our accounts is
        not met by writing one, so that an erased person's address doesn't come back with an answer to an old mail."""
        if origin.platform == "email" and callers.find_account(self.uow, origin) is None:
            return None
        caller = callers.meet(self.uow, origin, profile, self._policy, now)
        if caller.account.name and caller.account.created_at < now:  # a first meeting may yet be rolled back
            self._remember(origin)
        return caller

    def _remember(self, origin: Origin) -> None:
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known.add((origin.platform, origin.tenant, origin.user))

    def mark_unreachable(self, origin: Origin, reason: str, now: datetime) -> None:
        """See `storage.queries.callers.mark_unreachable`."""
        callers.mark_unreachable(self.uow, origin, reason, now)

    def post_reply(self, origin: Origin, message: Message, locale: str, now: datetime) -> None:
        """Puts an answer into the outbox, for the account that asked."""
        found = callers.find_account(self.uow, origin)
        if found is None:
            raise LookupError("an answer to an account that was never met")
        cause = origin.key or secrets.token_hex(8)  # what has no key is always new, and so is its answer
        key = f"reply:{origin.platform}:{origin.tenant}:{cause}:{found[0].id}"
        outbox.post_to_account(self.uow, found[0], locale, lambda: message, outbox.Terms(key, now))
