"""Two people press whatever is in sight, old and new, in any order: both calendars show what is agreed on, always."""

import random
from datetime import timedelta

import pytest

from bot.actions import Action
from bot.ui import Buttons
from handlers.meetings import actions
from storage.models import Delivery, DeliveryState, Meeting, MeetingState
from storage.queries import meetings as queries
from tests.handlers.meetings.talks import KIND, accept_talk, alarms, clear, files_of, read_entry
from tests.support.rows import list_rows
from tests.support.world import Actor, World

STEPS = 22
_LIVE = (actions.Pick, actions.OtherTimes, actions.TakeOff)
"""What only the newest card of a meeting may offer."""


class Story:
    """One run: a world, its two people, and everything that was ever offered to them."""

    def __init__(self, world: World, people: tuple[Actor, Actor], chance: random.Random) -> None:
        self.world, self.people, self.chance = world, people, chance
        self.offered: list[Action] = [actions.Suggest(KIND, 1, 0)]

    async def step(self) -> str:
        """Somebody does something, or an hour or a day goes by."""
        actor = self.chance.choice(self.people)
        kind = self.chance.choice(["press", "press", "press", "old", "suggest", "wait"])
        match kind:
            case "press":
                await self._press(actor, self._list_offers(actor) or self.offered)
            case "old":
                await self._press(actor, self.offered)
            case "suggest":
                await self._press(actor, [actions.Suggest(KIND, 1, self.chance.choice([0, 1]))])
            case _:
                await self.world.pass_time(hours=self.chance.choice([1, 5, 30]))
        for person in self.people:
            self.offered += [one for one in self._list_offers(person) if one not in self.offered]
        return f"{actor.user} {kind}"

    async def _press(self, actor: Actor, offers: list[Action]) -> None:
        await actor.press_action(self.chance.choice(offers))
        if actor.form is not None:
            later = self.world.clock.now() + timedelta(days=self.chance.choice([1, 3, 8]))
            await actor.submit(day1=f"{later:%Y-%m-%d}", time1="12:00", day2="", day3="")
        actor.form = None
        clear(actor)

    def _list_offers(self, actor: Actor) -> list[Action]:
        return [
            button.action
            for message in actor.inbox
            for block in message.blocks
            if isinstance(block, Buttons)
            for button in block.buttons
            if isinstance(button.action, _LIVE) or type(button.action) is actions.Suggest
        ]

    def check(self) -> None:
        """What holds whatever was done."""
        found = list_rows(self.world.store, Meeting)
        if found:
            self._check_alarms(found[0])
            for person in self.people:
                self._check_calendar(found[0], person)
                self._check_cards(person)
        states = {row.state for row in list_rows(self.world.store, Delivery)}
        assert states <= {DeliveryState.SENT, DeliveryState.SKIPPED, DeliveryState.PENDING}

    def _check_alarms(self, one: Meeting) -> None:
        kinds = set(alarms(self.world))
        assert (queries.ANSWER in kinds) == (one.state == MeetingState.PROPOSED)
        assert one.starts_at is not None or not kinds & {queries.DAY_BEFORE, queries.HOUR_BEFORE}

    def _check_calendar(self, one: Meeting, person: Actor) -> None:
        entries = [read_entry(file).vevent for file in files_of(person)]
        numbers = [int(entry.sequence.value) for entry in entries]
        assert numbers == sorted(set(numbers)), "each version once, and in its order"
        assert len({entry.uid.value for entry in entries}) <= 1
        if not entries or numbers[-1] != one.sequence:
            return  # the last one waits for the end of the quiet hours
        if one.starts_at is not None:
            assert entries[-1].status.value == "CONFIRMED"
            assert entries[-1].dtstart.value == one.starts_at
        else:
            assert entries[-1].status.value == "CANCELLED" or entries[-1].dtstart.value <= self.world.clock.now()

    def _check_cards(self, person: Actor) -> None:
        """Outside the quiet hours at most one message has live buttons; in them the older one loses its in the
        morning."""
        if 8 <= (self.world.clock.now() + timedelta(hours=9)).hour < 21:
            alive = [
                message
                for message in person.inbox
                if any(
                    isinstance(button.action, _LIVE)
                    for block in message.blocks
                    if isinstance(block, Buttons)
                    for button in block.buttons
                )
            ]
            assert len(alive) <= 1


@pytest.mark.parametrize("seed", range(6))
async def test_any_order(sqlite_url: str, seed: int) -> None:
    world, sho, misaki = await accept_talk(sqlite_url)
    story = Story(world, (sho, misaki), random.Random(seed))
    done: list[str] = []
    for _step in range(STEPS):
        done.append(await story.step())
        try:
            story.check()
        except AssertionError as error:
            raise AssertionError(f"after {done}") from error
