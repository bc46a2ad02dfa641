"""The people of some groups, as far as introductions need it: read at once, then looked up."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Self

from handlers.coffee.desk import Desk
from handlers.coffee.topics import find_shared
from handlers.coffee.views import Meeting, Way
from storage.models import Account, Member
from storage.queries.coffee import find_taking_part
from storage.queries.digests import list_barriers
from storage.queries.introductions import find_common, list_accounts
from storage.queries.members import Card, render_card
from storage.queries.outbox import choose_account
from storage.queries.topics import list_topics


@dataclass(frozen=True, slots=True)
class People:
    """Those who take part in a round as things stand, between whom a block stands, their topics and accounts."""

    members: Mapping[int, Member]
    barriers: Mapping[int, frozenset[int]]
    topics: Mapping[int, tuple[str, ...]]
    accounts: Mapping[int, Sequence[Account]]

    @classmethod
    def read(cls, desk: Desk, ids: Collection[int], day: date) -> Self:
        """Those of these members who still take part in the round of that day. Six statements."""
        members = find_taking_part(desk.db, ids, day, desk.now)
        here = list(members)
        return cls(
            members, list_barriers(desk.db, here, here), list_topics(desk.db, here), list_accounts(desk.db, here)
        )

    def may_meet(self, ids: Collection[int]) -> bool:
        """Whether each may be shown to each of the others: all there, and no block between any two."""
        return all(id in self.members for id in ids) and not any(
            other in self.barriers.get(one, ()) for one, other in combinations(ids, 2)
        )

    def choose_together(self, ids: Collection[int]) -> tuple[int, ...]:
        """As many of them as may meet, two at least: somebody may have gone or set a block since. None if nobody
        may."""
        for size in range(len(ids), 1, -1):
            for chosen in combinations(ids, size):
                if self.may_meet(chosen):
                    return chosen
        return ()

    def list_common(self, ids: Sequence[int]) -> list[tuple[Account, ...]]:
        """Accounts of all of them in one workspace, the workspace of the newest account first."""
        return find_common(self.accounts, ids)

    def find_account(self, id: int) -> Account | None:
        """Where somebody is written to."""
        return choose_account(self.accounts.get(id, ()), self.members[id])

    def find_name(self, id: int) -> str:
        """Somebody's name."""
        return self.members[id].name

    def render(self, viewer: int, id: int) -> Card:
        """One as the other may see them."""
        return render_card(self.members[viewer], self.members[id], self.topics.get(id, ()))

    def describe(self, desk: Desk, group: int, me: int, ids: Sequence[int], opens: str) -> Meeting:
        """The introduction as one of them may know it, in their language. `opens`: the platform on which a
        conversation of all of them is opened, if one is."""
        others = [id for id in ids if id != me]
        cards = tuple(self.render(me, id) for id in others)
        mine = [self.render(id, me).topics for id in others]
        shared = find_shared(mine, [card.topics for card in cards], desk.policy)
        if opens:
            return Meeting(group, cards, shared, Way.ROOM, opens)
        common = self.list_common(ids)
        return Meeting(group, cards, shared, Way.FIND if common else Way.RELAY, common[0][0].platform if common else "")
