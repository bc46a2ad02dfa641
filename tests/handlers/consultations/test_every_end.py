"""Every way a consultation can go, from everywhere it can stand: whoever is concerned is told what happened and why,
and, where something goes on, by which day they hear again.

Each test takes one state, and everything that can happen in each scene of it. It holds that exactly those steps are
taken that `rules` allows in that state, so that a new step, state or reason fails here until it is walked through.
"""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from shutil import copyfile
from zoneinfo import ZoneInfo

import pytest

from bot.dates import format_day, format_when
from bot.policy import Policy
from handlers.consultations import rules
from handlers.consultations.rules import Standing, Step, Wake
from storage.models import (
    Account,
    Consultation,
    ConsultationRequest,
    ConsultationState,
    EndReason,
    RequestState,
    Status,
)
from tests.handlers.consultations.endings import CAUSES, SCENES, Act, Scene, Still, leave, ring
from tests.handlers.consultations.people import consultation, read, requests, timers
from tests.support.rows import list_rows
from tests.support.world import Actor

State = ConsultationState
ZONE = "Asia/Tokyo"

ASKER_HEARS: dict[str, str] = {
    EndReason.ASKER_CALLED_OFF: "相談を取りやめました",
    EndReason.MENTOR_CALLED_OFF: "お相手のご都合により",
    EndReason.NOT_CHOSEN: "どなたにも依頼しないまま",
    EndReason.NOBODY: "何度かお探ししましたが",
    EndReason.NO_TALK: "様子をうかがえませんでした",
    EndReason.ASKER_GONE: "ご参加をお休みのため",
    EndReason.MENTOR_GONE: "お相手のご都合により",
}
"""Why it ended, as the asker reads it."""

MENTOR_HEARS: dict[str, str] = {
    EndReason.ASKER_CALLED_OFF: "お相手のご都合により",
    EndReason.MENTOR_CALLED_OFF: "お話を取りやめました",
    EndReason.NO_TALK: "相談は閉じました",
    EndReason.ASKER_GONE: "お相手のご都合により",
    EndReason.MENTOR_GONE: "お相手のご都合により",
}
"""Why it ended, as the person who had accepted reads it."""

ONLY_BEFORE_ACCEPTING = {EndReason.NOT_CHOSEN, EndReason.NOBODY}

ASKED_HEARS: dict[str, str] = {
    RequestState.ACCEPTED: "引き受けてくださ",
    RequestState.DECLINED: "ご返事ありがとうございます",
    RequestState.SUGGESTED: "ご紹介ありがとうございます",
    RequestState.EXPIRED: "ご返事の日が過ぎました",
    RequestState.WITHDRAWN: "取り下げになりました",
}
"""What became of a request, as the person asked reads it."""

ASKER_HEARS_ON: dict[str, str] = {
    RequestState.DECLINED: "ご都合が合わない",
    RequestState.SUGGESTED: "ご都合が合わない",
    RequestState.EXPIRED: "ご返事の日が過ぎ",
    RequestState.WITHDRAWN: "ご都合が変わ",
}
"""Why somebody else is asked or looked for, as the asker reads it."""

ENDS: dict[State, set[str]] = {
    State.PROPOSED: {EndReason.ASKER_CALLED_OFF, EndReason.NOT_CHOSEN, EndReason.ASKER_GONE},
    State.ASKING: {EndReason.ASKER_CALLED_OFF, EndReason.ASKER_GONE},
    State.SEARCHING: {EndReason.ASKER_CALLED_OFF, EndReason.NOBODY, EndReason.ASKER_GONE},
    State.ACCEPTED: {
        EndReason.ASKER_CALLED_OFF,
        EndReason.MENTOR_CALLED_OFF,
        EndReason.NO_TALK,
        EndReason.ASKER_GONE,
        EndReason.MENTOR_GONE,
    },
}
"""With which reasons it can end from each state in one go."""

WAKES: dict[State, set[Wake]] = {
    State.PROPOSED: {Wake.NUDGE_ASKER, Wake.LAPSE},
    State.ASKING: {Wake.NUDGE_MENTOR, Wake.EXPIRE},
    State.SEARCHING: {Wake.LOOK},
    State.ACCEPTED: {Wake.QUESTION, Wake.LET_GO},
}
"""What its timer can bring."""


def test_no_reason_and_no_wake_is_forgotten() -> None:
    assert ASKER_HEARS.keys() == set(EndReason)
    assert MENTOR_HEARS.keys() == set(EndReason) - ONLY_BEFORE_ACCEPTING
    assert set().union(*ENDS.values()) == set(EndReason)
    assert set().union(*WAKES.values()) == set(Wake) - {Wake.WAIT}
    assert ENDS.keys() == WAKES.keys() == set(rules.OPEN)
    assert SCENES.keys() == set(State)


@dataclass
class Walk:
    """What was seen on the way, while `watches`."""

    watches: bool = False
    steps: set[tuple[str, Step]] = field(default_factory=set[tuple[str, Step]])
    wakes: set[Wake] = field(default_factory=set[Wake])
    ends: set[str] = field(default_factory=set[str])


find_next_state, decide_wake = rules.find_next_state, rules.decide_wake


@pytest.fixture
def walk(monkeypatch: pytest.MonkeyPatch) -> Walk:
    """Watches which steps are taken and what timers bring."""
    seen = Walk()

    def note_step(state: str, step: Step) -> State | None:
        found = find_next_state(state, step)
        if found is not None and seen.watches:
            seen.steps.add((state, step))
        return found

    def note_wake(standing: Standing, now: datetime, policy: Policy) -> Wake:
        found = decide_wake(standing, now, policy)
        if seen.watches:
            seen.wakes.add(found)
        return found

    monkeypatch.setattr(rules, "find_next_state", note_step)
    monkeypatch.setattr(rules, "decide_wake", note_wake)
    return seen


@dataclass(frozen=True)
class Moment:
    """How everything stands and what stands on the screens."""

    one: Consultation
    requests: dict[int, ConsultationRequest]
    screens: dict[str, dict[str, str]]
    """User → message → its text."""

    @classmethod
    def take(cls, scene: Scene) -> "Moment":
        """Looks."""
        direct = scene.world.chat.direct
        screens = {who.user: {item.id: read(item.message) for item in direct.get(who.user, [])} for who in scene.people}
        return cls(consultation(scene.world, 0), {row.id or 0: row for row in requests(scene.world)}, screens)


@dataclass(frozen=True)
class Happening:
    """A cause, with the moments before and after it."""

    scene: Scene
    before: Moment
    after: Moment

    def new_words(self, who: Actor) -> str:
        """What somebody reads that did not stand there before."""
        old, new = self.before.screens.get(who.user, {}), self.after.screens[who.user]
        changed = [text for id, text in new.items() if old.get(id) != text]
        return "\n".join([*changed, read(who.answer) if who.answer else ""])

    def can_be_told(self, who: Actor) -> bool:
        """Whether a message can reach them: who has gone for good or has left the workspace hears nothing."""
        accounts = [row for row in list_rows(self.scene.world.store, Account) if row.external_id == who.user]
        gone = who.member().status == Status.WITHDRAWN
        return not gone and any(row.reachable for row in accounts)

    def find(self, member_id: int | None) -> Actor:
        """The person behind a member."""
        return next(who for who in self.scene.people if who.member().id == member_id)

    def check(self) -> None:
        """Everything that must hold."""
        one, was = self.after.one, self.before.one
        for id, row in self.after.requests.items():
            self._check_request(row, self.before.requests.get(id))
        if one.state in rules.OPEN:
            self._check_goes_on()
        elif was.state in rules.OPEN:
            self._check_end()
        else:
            assert one.model_dump(exclude={"asker_card", "mentor_card", "cards"}) == was.model_dump(
                exclude={"asker_card", "mentor_card", "cards"}
            ), "what has ended stays as it was"

    def _check_request(self, row: ConsultationRequest, was: ConsultationRequest | None) -> None:
        """Who is asked learns by when; who is no longer asked learns why."""
        mentor = self.find(row.mentor_id)
        if (was is not None and was.state == row.state) or not self.can_be_told(mentor):
            return
        words = self.new_words(mentor)
        if row.state == RequestState.OPEN:
            assert "相談したいそうです" in words
            assert tell_day(row.reply_by) in words
        elif was is not None and was.state == RequestState.OPEN:
            assert ASKED_HEARS[row.state] in words

    def _check_goes_on(self) -> None:
        """There is a timer; and when something has changed, the asker knows why, and by which day they hear again."""
        one = self.after.one
        (timer,) = timers(self.scene.world).values()
        assert timer.due_at > self.scene.world.clock.now()
        if _summarise(self.after) == _summarise(self.before):
            return
        assert self.can_be_told(self.scene.asker)
        words = self.new_words(self.scene.asker)
        assert any(day in words for day in next_days(one, self.after.requests, self.scene)), words
        for state in self._closed_requests():
            assert one.state == State.ACCEPTED or ASKER_HEARS_ON[state] in words

    def _closed_requests(self) -> list[str]:
        was_open = {id for id, row in self.before.requests.items() if row.state == RequestState.OPEN}
        return [self.after.requests[id].state for id in was_open if self.after.requests[id].state != RequestState.OPEN]

    def _check_end(self) -> None:
        """No timer is left, and both are told why; the asker also what they can do."""
        one = self.after.one
        assert timers(self.scene.world) == {}
        if one.state == State.HELD:
            return
        if self.can_be_told(self.scene.asker):
            words = self.new_words(self.scene.asker)
            assert ASKER_HEARS[one.end_reason] in words
            assert one.topic in words
            assert "もう一度相談する" in words
        if one.accepted_at is not None and self.can_be_told(mentor := self.find(one.mentor_id)):
            assert MENTOR_HEARS[one.end_reason] in self.new_words(mentor)


def _summarise(moment: Moment) -> tuple[object, ...]:
    """What the asker should hear of when it changes."""
    one = moment.one
    open_requests = tuple(id for id, row in moment.requests.items() if row.state == RequestState.OPEN)
    return (one.state, one.looks, one.topic, one.times_asked, one.nudged, one.talk_on, open_requests)


def tell_day(at: datetime) -> str:
    """A moment's day, as people in Tokyo read it."""
    return format_when(at, "date", "ja", ZONE)


def next_days(one: Consultation, rows: dict[int, ConsultationRequest], scene: Scene) -> list[str]:
    """By which day the asker hears again, from what is stored: any of these will do."""
    policy = scene.world.policy
    match one.state:
        case State.PROPOSED:
            assert one.proposed_at is not None
            return [tell_day(one.proposed_at + policy.request_expires)]
        case State.ASKING:
            return [tell_day(row.reply_by) for row in rows.values() if row.state == RequestState.OPEN]
        case State.SEARCHING:
            assert one.next_at is not None
            return [tell_day(one.next_at)]
        case _:
            assert one.accepted_at is not None
            assert one.next_at is not None
            by = one.talk_on or (one.accepted_at + policy.talk_within).astimezone(ZoneInfo(ZONE)).date()
            return [tell_day(one.next_at), *([] if one.times_asked and not one.talk_on else [format_day(by, "ja")])]


async def check_while(scene: Scene, happen: Act, walk: Walk) -> Moment:
    """Lets something happen and looks at what everybody was told."""
    for who in scene.people:
        who.answer = None
    before = Moment.take(scene)
    walk.watches = True
    await happen(scene)
    walk.watches = False
    after = Moment.take(scene)
    Happening(scene, before, after).check()
    return after


@pytest.mark.parametrize("state", State)
async def test_everything_that_can_happen(state: State, sqlite_template: Path, tmp_path: Path, walk: Walk) -> None:
    for name, make in SCENES[state].items():
        first = copyfile(sqlite_template, tmp_path / f"{name}.sqlite3")
        still = Still(await make(f"sqlite:///{first}"), first)
        for number, (cause, happen) in enumerate(CAUSES.items()):
            scene = still.begin(tmp_path / f"{name} {number}.sqlite3")
            assert consultation(scene.world, 0).state == state, name
            try:
                after = await check_while(scene, happen, walk)
            except AssertionError as error:
                raise AssertionError(f"{state}, {name}: {cause}") from error
            walk.ends.add(after.one.end_reason if state in rules.OPEN else "")
            scene.world.close()
    allowed = {(state, step) for step in Step if find_next_state(state, step) is not None}
    assert {pair for pair in walk.steps if pair[0] == state} == allowed
    assert walk.ends - {""} == ENDS.get(state, set())
    assert walk.wakes - {Wake.WAIT} == WAKES.get(state, set())


@pytest.mark.parametrize(("state", "name"), [(state, name) for state in rules.OPEN for name in SCENES[state]])
async def test_it_ends_when_nobody_does_anything(state: State, name: str, sqlite_url: str, walk: Walk) -> None:
    scene = await SCENES[state][name](sqlite_url)
    rung = 0
    while consultation(scene.world, 0).state in rules.OPEN:
        await check_while(scene, ring, walk)
        rung += 1
        assert rung < 40, "it goes on for ever"
    assert consultation(scene.world, 0).end_reason in (EndReason.NOT_CHOSEN, EndReason.NOBODY, EndReason.NO_TALK)
    scene.world.close()


@pytest.mark.parametrize("state", rules.OPEN)
@pytest.mark.parametrize("who", ["asker", "mentor"])
async def test_who_could_not_be_told_hears_it_on_coming_back(
    state: State, who: str, sqlite_url: str, walk: Walk
) -> None:
    """What ended while somebody was away is told with its reason when they are back."""
    scene = await next(iter(SCENES[state].values()))(sqlite_url)
    actor = scene.asker if who == "asker" else scene.mentor
    await check_while(scene, leave(who), walk)
    before = Moment.take(scene)
    await actor.write("こんにちは")
    one = consultation(scene.world, 0)
    words = Happening(scene, before, Moment.take(scene)).new_words(actor)
    if who == "asker":
        assert ASKER_HEARS[one.end_reason] in words
    elif one.accepted_at is not None:
        assert MENTOR_HEARS[one.end_reason] in words
    scene.world.close()
