"""Anything, in any order: people press, time passes, people leave, the platform fails. Whatever happens, nobody is left
waiting without a word.
"""

import asyncio
import shutil
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlmodel import SQLModel, select

from bot.actions import Action, encode
from bot.failures import FailureKind, SendFailed
from bot.incoming import ButtonPressed, FormSubmitted, FormValues
from bot.replies import Nothing, OpenForm, Private, ReplaceMessage
from bot.ui import Message
from handlers.consultations import actions, rules
from storage.models import (
    Account,
    Block,
    Consultation,
    ConsultationRequest,
    ConsultationState,
    Delivery,
    Member,
    Reminder,
    RequestState,
    Status,
)
from storage.queries.changes import announce_change
from storage.queries.consultations import TIMER
from tests.handlers.consultations.people import (
    AIM,
    add_asker,
    add_mentor,
    change,
    make_world,
    wait,
)
from tests.support.world import Actor, World, list_buttons

TOPICS = ("電池", "海外赴任", "法務")
LIVE: dict[str, tuple[type[Action], ...]] = {
    ConsultationState.PROPOSED: (actions.Ask, actions.YouChoose, actions.ChangeTopic, actions.CallOff),
    ConsultationState.SEARCHING: (actions.ChangeTopic, actions.CallOff),
    ConsultationState.ASKING: (actions.CallOff,),
    ConsultationState.ACCEPTED: (
        actions.SetDate,
        actions.ShareContact,
        actions.CallOff,
        actions.Talked,
        actions.NotTalked,
    ),
    ConsultationState.HELD: (actions.Talked, actions.NotTalked),
    ConsultationState.CALLED_OFF: (actions.AskAgain,),
    ConsultationState.CLOSED: (actions.AskAgain,),
}
"""Which buttons of a consultation may be alive in which state."""


CAPACITY = 2


@dataclass(frozen=True)
class Picture:
    """How everything stands, read at once."""

    consultations: list[Consultation]
    requests: list[ConsultationRequest]
    timers: dict[int, Reminder]
    deliveries: dict[str, Delivery]
    members: dict[int, Member]
    reachable: dict[str, int]
    """The reachable accounts with whose they are."""

    @classmethod
    def take(cls, world: World) -> "Picture":
        """Reads it."""
        with world.store.begin() as db:
            rows = [list(db.session.exec(select(table)).all()) for table in TABLES]
        consultations, requests, reminders, deliveries, members, accounts = cast("list[Any]", rows)
        return cls(
            consultations,
            requests,
            {row.subject_id: row for row in reminders if row.kind == TIMER and row.state == "pending"},
            {row.key: row for row in deliveries},
            {row.id: row for row in members},
            {row.external_id: row.member_id for row in accounts if row.reachable},
        )

    def can_be_told(self, member_id: int) -> bool:
        """Whether a message can reach the member."""
        return member_id in self.reachable.values() and self.members[member_id].status != Status.WITHDRAWN

    def is_changing(self) -> bool:
        """Whether a change of a message is on its way, or the platform has refused one for good."""
        rows = self.deliveries.values()
        waits = any(row.state in ("pending", "sending") for row in rows)
        refused = any(row.replaces_key and row.state in ("failed", "uncertain") for row in rows)
        unsent = any(row.state == "skipped" and row.reason not in ("answered", "overtaken") for row in rows)
        return waits or refused or unsent


TABLES: tuple[type[SQLModel], ...] = (Consultation, ConsultationRequest, Reminder, Delivery, Member, Account)


def check_timer(one: Consultation, seen: Picture, world: World) -> None:
    """Never silent: each open consultation has its timer, each ended one a reason and none."""
    is_open = one.state in rules.OPEN
    assert (one.id in seen.timers) == is_open, one
    assert (one.ended_at is None) == is_open
    assert bool(one.end_reason) == (one.state in (ConsultationState.CALLED_OFF, ConsultationState.CLOSED))
    if is_open:
        assert seen.timers[one.id or 0].due_at > world.clock.now(), "what was due has been done"


def check_requests(one: Consultation, seen: Picture) -> None:
    """One open request while asking, none otherwise; one accepted at most; nobody twice, and not the asker."""
    mine = [row for row in seen.requests if row.consultation_id == one.id]
    states = [row.state for row in mine]
    assert states.count(RequestState.OPEN) == (1 if one.state == ConsultationState.ASKING else 0)
    accepted = [row.mentor_id for row in mine if row.state in (RequestState.ACCEPTED, RequestState.CALLED_OFF)]
    assert accepted == ([one.mentor_id] if one.accepted_at else [])
    asked = [row.mentor_id for row in mine]
    assert len(set(asked)) == len(asked)
    assert one.asker_id not in asked


def check_buttons(message: Message, seen: Picture) -> None:
    """No button on the message is dead."""
    states = {one.id: one.state for one in seen.consultations}
    asked = {row.id: row.state for row in seen.requests}
    for button in list_buttons(message):
        match button.action:
            case actions.Accept(request=id) | actions.Decline(request=id) | actions.Suggest(request=id):
                assert asked[id] == RequestState.OPEN, message
            case action:
                id = getattr(action, "consultation", None)
                assert id is None or isinstance(action, LIVE[states[id]]), message


class Consultations(RuleBasedStateMachine):
    """Two askers and three mentors over weeks."""

    folder: Path
    template: Path
    count = 0

    def __init__(self) -> None:
        super().__init__()
        type(self).count += 1
        path = shutil.copyfile(self.template, self.folder / f"{self.count}.sqlite3")
        self.loop = asyncio.new_event_loop()
        self.world: World = make_world(f"sqlite:///{path}")
        self.askers: list[Actor] = []
        self.mentors: list[Actor] = []
        self.run(self.settle_people())

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Runs a coroutine to its end."""
        return self.loop.run_until_complete(work)

    async def settle_people(self) -> None:
        """The cast."""
        self.askers = [await add_asker(self.world, name) for name in ("高橋 翔", "李 佳怡")]
        topics = (("電池", "海外赴任"), ("電池開発",), ("海外赴任",))
        names = ("佐藤 美咲", "田中 健一", "鈴木 愛")
        self.mentors = [
            await add_mentor(self.world, name, topic, capacity=CAPACITY, nameless=name == "田中 健一")
            for name, topic in zip(names, topics, strict=True)
        ]

    @property
    def people(self) -> list[Actor]:
        """Everybody."""
        return self.askers + self.mentors

    async def dispatch(self, incoming: ButtonPressed | FormSubmitted) -> object:
        """Lets it arrive; an answer always comes, and never "something went wrong"."""
        reply = await self.world.dispatch(incoming)
        await self.world.settle()
        assert not isinstance(reply, Nothing)
        if isinstance(reply, Private | ReplaceMessage):
            assert "問題が起き" not in reply.message.summary, reply
            assert "うまくいき" not in reply.message.summary, reply
        return reply

    async def press(self, actor: Actor, action: Action, message: str = "") -> object:
        """Presses a button; a form that opens is sent off with what fits."""
        origin = actor.origin(self.world.next_key(), message)
        reply = await self.dispatch(ButtonPressed(origin, encode(action)))
        if isinstance(reply, ReplaceMessage):
            self.show(actor, message, reply.message)
        if isinstance(reply, OpenForm):
            values = {item.name: getattr(item, "value", "") or "" for item in reply.form.fields}
            values |= {"aim": AIM} | {key: value for key, value in self.filling.items() if key in values}
            submitted = FormSubmitted(
                actor.origin(self.world.next_key()), encode(reply.form.action), FormValues(values)
            )
            await self.dispatch(submitted)
        return reply

    def show(self, actor: Actor, id: str, message: Message) -> None:
        """The pressed message becomes another, as the platform does it."""
        for item in self.world.chat.direct.get(actor.user, []):
            if item.id == id:
                item.message = message

    @property
    def filling(self) -> dict[str, str]:
        """What people write."""
        today = self.world.clock.now() + timedelta(hours=9)
        return {
            "contact": "sho@example.jp",
            "name": "鈴木 愛",
            "useful": "4",
            "day": (today + timedelta(days=2)).date().isoformat(),
        }

    # What happens

    @rule(who=st.integers(0, 1), topic=st.sampled_from(TOPICS))
    def ask(self, who: int, topic: str) -> None:
        """Somebody wishes for a talk."""
        self.run(self._ask(self.askers[who], topic))

    async def _ask(self, asker: Actor, topic: str) -> None:
        await asker.command(f"/mentor {topic}")
        if asker.form is not None:
            await asker.submit(aim=AIM)

    @rule(who=st.integers(0, 4), which=st.integers(0, 30))
    def press_something_in_view(self, who: int, which: int) -> None:
        """Somebody presses one of the buttons they see."""
        actor = self.people[who]
        shown = [
            (item.id, button)
            for item in self.world.chat.direct.get(actor.user, [])
            for button in list_buttons(item.message)
        ]
        if shown:
            id, button = shown[which % len(shown)]
            self.run(self.press(actor, button.action, id))

    @rule(who=st.integers(0, 4), id=st.integers(1, 4), kind=st.integers(0, 12))
    def press_something_old_or_forged(self, who: int, id: int, kind: int) -> None:
        """Somebody presses what they may never have seen."""
        every: list[Action] = [
            actions.Ask(id, id),
            actions.YouChoose(id),
            actions.CallOff(id),
            actions.Accept(id),
            actions.Decline(id),
            actions.Suggest(id),
            actions.Talked(id),
            actions.NotTalked(id, "not_yet"),
            actions.SetDate(id),
            actions.KeepMe(),
            actions.Rest(),
            actions.ShowRequest(id),
            actions.AskAgain(id),
        ]
        self.run(self.press(self.people[who], every[kind]))

    @rule(days=st.sampled_from([0.4, 1, 3, 4, 10, 15]))
    def pass_time(self, days: float) -> None:
        """Time passes."""
        self.run(wait(self.world, days=days))

    @rule(who=st.integers(0, 4), status=st.sampled_from([Status.ACTIVE, Status.PAUSED, Status.SUSPENDED]))
    def change_status(self, who: int, status: Status) -> None:
        """Somebody pauses, is suspended, or comes back."""
        change(self.world, self.people[who], status=status)
        self.run(self.world.settle())

    @rule(who=st.integers(0, 4))
    def leave_and_come_back_later(self, who: int) -> None:
        """Somebody leaves the workspace; the next thing they do brings them back."""
        self.run(self.people[who].leave())

    @rule(one=st.integers(0, 4), other=st.integers(0, 4))
    def block(self, one: int, other: int) -> None:
        """Somebody would rather not meet somebody."""
        owner, blocked = self.people[one].member().id or 0, self.people[other].member().id or 0
        now = self.world.clock.now()
        with self.world.store.begin() as db:
            known = select(Block).where(Block.owner_id == owner, Block.member_id == blocked)
            if owner != blocked and db.session.exec(known).first() is None:
                db.session.add(Block(owner_id=owner, member_id=blocked, created_at=now))
            announce_change(db, owner, now)
        self.run(self.world.settle())

    @precondition(lambda self: not self.world.chat.failures)
    @rule(kind=st.sampled_from([FailureKind.RETRY, FailureKind.BUG]))
    def fail_once(self, kind: FailureKind) -> None:
        """The platform refuses the next message."""
        self.world.chat.failures.append(SendFailed(kind, "out of order"))

    # What always holds

    @invariant()
    def nobody_is_left_waiting(self) -> None:
        """Everything that must hold after every step, on one look at the database."""
        seen = Picture.take(self.world)
        for one in seen.consultations:
            check_timer(one, seen, self.world)
            check_requests(one, seen)
            assert one.asker_card in seen.deliveries or not seen.can_be_told(one.asker_id), "the asker has been told"
        for member_id in seen.members:
            waiting = [row for row in seen.requests if row.mentor_id == member_id and row.state == RequestState.OPEN]
            assert len(waiting) <= CAPACITY, "nobody is asked for more than they take"
        if not seen.is_changing():
            for actor in self.people:
                self._check_screen(actor, seen)

    def _check_screen(self, actor: Actor, seen: "Picture") -> None:
        """What can be pressed still fits how things stand; of what the platform can't reach any more, nobody knows."""
        if actor.user in seen.reachable:
            for item in self.world.chat.direct.get(actor.user, []):
                check_buttons(item.message, seen)

    def teardown(self) -> None:
        """Closes the database."""
        self.world.close()
        self.loop.close()


def test_anything_in_any_order(sqlite_template: Path, tmp_path: Path) -> None:
    Consultations.folder, Consultations.template = tmp_path, sqlite_template
    run_state_machine_as_test(Consultations, settings=settings(max_examples=10, stateful_step_count=25))
