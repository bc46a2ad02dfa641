"""People answer, let go and leave, HR changes seats and day, and time passes, in any order: never more people than
seats, the waiting list keeps its order, nobody has two offers, and every calendar shows what is so."""

import random

import pytest

from handlers.events import actions
from storage.models import EventAnswer, EventState, Rsvp, Status
from tests.handlers.events.people import (
    add_hr,
    add_members,
    change_member,
    entries_of,
    event_of,
    make_event,
    make_world,
    press,
    say,
)
from tests.support.rows import list_rows
from tests.support.world import Actor, World

STEPS = 36
SAID = (Rsvp.GOING, Rsvp.GOING, Rsvp.GOING, Rsvp.MAYBE, Rsvp.NOT_GOING)


class Story:
    """One run: a world, its people, and what must hold after every step."""

    def __init__(self, world: World, hr: Actor, people: list[Actor], event: int, chance: random.Random) -> None:
        self.world, self.hr, self.people, self.event, self.chance = world, hr, people, event, chance
        self.names = {actor.member().id or 0: actor for actor in people}

    async def step(self) -> str:
        """Somebody does something, or time goes by."""
        kind = self.chance.choice(["say"] * 6 + ["offer"] * 2 + ["seats", "move", "leave", "wait", "wait"])
        before = self._waiting()
        await getattr(self, f"_{kind}")()
        await self.world.settle()
        self._check_order(before)
        return kind

    async def _say(self) -> None:
        await say(self.chance.choice(self.people), self.event, self.chance.choice(SAID))

    async def _offer(self) -> None:
        """Any offer there ever was, taken or let go, by anybody."""
        await press(
            self.chance.choice(self.people),
            actions.AnswerOffer(self.event, self.chance.randint(1, 3), self.chance.randint(0, 1)),
        )

    async def _seats(self) -> None:
        await self._save(capacity=self.chance.choice(["1", "2", "3", "4", ""]))

    async def _move(self) -> None:
        await self._save(place=self.chance.choice(["本社", "別館", "工場"]))

    async def _save(self, **values: str) -> None:
        await press(self.hr, actions.AskChange(self.event))
        if self.hr.form is not None:
            await self.hr.submit(**values)

    async def _leave(self) -> None:
        actor = self.chance.choice(self.people)
        is_there = actor.member().status == Status.ACTIVE
        change_member(self.world, actor, status=Status.PAUSED if is_there else Status.ACTIVE)

    async def _wait(self) -> None:
        await self.world.pass_time(hours=self.chance.choice([1, 5, 13]))

    def _rows(self) -> dict[int, EventAnswer]:
        return {row.member_id: row for row in list_rows(self.world.store, EventAnswer)}

    def _waiting(self) -> list[int]:
        rows = [row for row in self._rows().values() if row.rsvp == Rsvp.WAITING]
        return [row.member_id for row in sorted(rows, key=lambda row: row.place)]

    def _check_order(self, before: list[int]) -> None:
        """Who still waits stands in the same order; nobody was offered a seat past somebody who goes on waiting."""
        now, rows = self._waiting(), self._rows()
        stayed = [id for id in before if id in now and rows[id].place]
        assert stayed == [id for id in now if id in stayed]
        if now:
            offered = [id for id in before if rows[id].rsvp == Rsvp.OFFERED]
            first = min((before.index(id) for id in now if id in before), default=len(before))
            assert all(before.index(id) < first for id in offered if id in before)

    def check(self) -> None:
        """Seats, offers and calendars."""
        event, rows = event_of(self.world, self.event), self._rows()
        taken = [row for row in rows.values() if row.rsvp in (Rsvp.GOING, Rsvp.OFFERED)]
        assert not event.capacity or len(taken) <= event.capacity
        if event.state == EventState.ANNOUNCED and self._waiting():
            assert event.capacity, "without a limit nobody waits"
            assert len(taken) == event.capacity, "nobody waits while a seat is free"
        for id, row in rows.items():
            assert (row.offered_until is not None) == (row.rsvp == Rsvp.OFFERED)
            self._check_calendar(self.names[id], row)
            self._check_buttons(self.names[id], row)

    def _check_calendar(self, actor: Actor, row: EventAnswer) -> None:
        entries = entries_of(actor)
        member = actor.member()
        sleeps = member.quiet_from != member.quiet_to  # what is told in the quiet hours comes in the morning
        if member.status == Status.ACTIVE and row.rsvp == Rsvp.GOING and not sleeps:
            assert entries[-1] == (str(row.sequence), "CONFIRMED")
        assert [int(number) for number, _state in entries] == sorted({int(number) for number, _state in entries})

    def _check_buttons(self, actor: Actor, row: EventAnswer) -> None:
        """Only an offer that is open has buttons on the screen; one in the quiet hours has not come yet."""
        offers = {
            button.action.offer
            for message in actor.inbox
            for block in message.blocks
            for button in getattr(block, "buttons", ())
            if isinstance(button.action, actions.AnswerOffer)
        }
        assert offers <= ({row.offer} if row.rsvp == Rsvp.OFFERED else set())


@pytest.mark.parametrize("seed", range(4))
async def test_in_any_order(sqlite_url: str, seed: int) -> None:
    world = make_world(sqlite_url)
    hr = await add_hr(world)
    event = make_event(world, hr, capacity=2)
    story = Story(
        world,
        hr,
        [*await add_members(world, 3), *await add_members(world, 3, quiet_from=0, quiet_to=0)],
        event,
        random.Random(seed),
    )
    steps: list[str] = []
    for _ in range(STEPS):
        steps.append(await story.step())
        try:
            story.check()
        except AssertionError as error:
            raise AssertionError(f"seed {seed}, after {steps}") from error
    world.close()
