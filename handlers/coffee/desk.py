"""What every step needs, and how somebody stands to the rounds."""

from dataclasses import dataclass, replace
from datetime import date

from handlers.coffee import views
from handlers.coffee.days import find_next_day
from handlers.coffee.rules import find_start
from handlers.coffee.views import Page, Standing
from handlers.desk import Desk as SharedDesk
from storage.models import CoffeeMember, Member, Purpose
from storage.queries import coffee as queries
from storage.queries.consents import find_consents
from storage.queries.members import find_card


@dataclass(frozen=True, slots=True)
class Desk(SharedDesk):
    """With the days of rounds."""

    def find_next(self) -> date | None:
        """The day of the next round that has not begun."""
        today = self.today
        begun = today if find_start(today, self.policy.zone) <= self.now else date.fromordinal(today.toordinal() - 1)
        return find_next_day(begun, self.policy.coffee_rhythm, self.policy.zone)

    def find_following(self, day: date) -> date | None:
        """The day of the round after that of `day`."""
        return find_next_day(day, self.policy.coffee_rhythm, self.policy.zone)


def describe(desk: Desk, me: Member, part: CoffeeMember | None) -> Page:
    """How somebody with this part stands to the rounds. Whom they were introduced to is left out."""
    next_day = desk.find_next()
    return Page(_find_standing(desk, me, part, next_day), next_day, part.resting_until if part else None)


def _list_partners(desk: Desk, me: Member) -> tuple[str, ...]:
    return tuple(
        card.name
        for group in queries.list_open_groups(desk.db, me.id or 0)[:1]
        for seat in queries.list_group(desk.db, group.id or 0)
        if (card := find_card(desk.db, me, seat.member_id)) is not None
    )


def _find_standing(desk: Desk, me: Member, part: CoffeeMember | None, next_day: date | None) -> Standing:
    if part is None or not part.joined or Purpose.INTRODUCTIONS not in find_consents(desk.db, me.id or 0):
        return Standing.OUT
    if part.asked_to_stay:
        return Standing.ASKED
    if part.resting_until is not None and part.resting_until > desk.now:
        return Standing.RESTS
    return Standing.SKIPS if next_day is not None and part.skips == next_day else Standing.IN


def show(desk: Desk, me: Member) -> views.Message:
    """The page."""
    shown = describe(desk, me, queries.find_part(desk.db, me.id or 0))
    return views.page(replace(shown, partners=_list_partners(desk, me)))
