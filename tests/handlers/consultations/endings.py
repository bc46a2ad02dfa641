"""Everything that can happen to a consultation, from everywhere it can stand: scenes and causes for a walk through all
of them. A cause happens in every scene, also where it can do nothing: people press old buttons, too.
"""

import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from copy import copy, deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from shutil import copyfile
from typing import Any

from bot.actions import Action
from handlers.consultations import actions, rules
from storage.models import Block, ConsultationState, Purpose, Status
from storage.queries.changes import announce_change
from storage.queries.consents import set_consents
from storage.queries.consultations import list_proposals
from tests.handlers.consultations.people import (
    TOPIC,
    add_asker,
    add_mentor,
    ask,
    change,
    make_world,
    requests,
    timers,
    wait,
)
from tests.support.world import Actor, World

State = ConsultationState
ELSEWHERE = "法務"
"""A topic that neither mentor knows."""


@dataclass
class Scene:
    """The asker, the mentor who comes first, and another one."""

    world: World
    asker: Actor
    first: Actor
    second: Actor
    newcomers: list[Actor] = field(default_factory=list[Actor])

    @property
    def people(self) -> tuple[Actor, ...]:
        """Everybody."""
        return (self.asker, self.first, self.second, *self.newcomers)

    @property
    def request(self) -> int:
        """The newest request, or one that was never made."""
        return max((row.id or 0 for row in requests(self.world)), default=1)

    @property
    def mentor(self) -> Actor:
        """Who was asked last, or comes first."""
        ids = {actor.member().id: actor for actor in (self.first, self.second)}
        return ids[requests(self.world)[-1].mentor_id] if requests(self.world) else self.first

    async def press(self, actor: Actor, action: Action, **values: str) -> None:
        """Presses a button, wherever it was shown, and sends the form off if one opens."""
        actor.answer = actor.form = None
        await actor.press_action(action)
        if actor.form is not None:
            await actor.submit(**values)

    async def ring(self) -> bool:
        """Lets time pass until the consultation's timer rings, by day; False when it has none."""
        moments = [row.due_at for row in timers(self.world).values()]
        if moments:
            self.world.clock.at = max(moments[0], self.world.clock.at)
            await wait(self.world)
        return bool(moments)


Act = Callable[[Scene], Awaitable[Any]]


class Still:
    """A scene that stands still: from it the same scene begins as often as needed, each time in another database."""

    def __init__(self, scene: Scene, file: Path) -> None:
        """Closes the scene, whose database is `file`."""
        self.file, self.at = file, scene.world.clock.now()
        self.users = [who.user for who in (scene.asker, scene.first, scene.second)]
        self._keys = vars(scene.world)["_keys"]
        self._chat = {name: each for name, each in vars(scene.world.chat).items() if name != "sent"}
        scene.world.close()
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # all of it is in the one file that is copied

    def begin(self, file: Path) -> Scene:
        """The scene once more, in the database `file`."""
        world = make_world(f"sqlite:///{copyfile(self.file, file)}", at=self.at)
        vars(world)["_keys"] = copy(self._keys)
        vars(world.chat).update(deepcopy(self._chat))
        asker, first, second = (Actor(world, user) for user in self.users)
        return Scene(world, asker, first, second)


async def build(url: str, *steps: Act, topic: str = TOPIC, others: bool = True) -> Scene:
    """A new consultation, led by `steps` to where it stands. `others`: the second mentor knows the topic, too."""
    world = make_world(url)
    asker = await add_asker(world)
    first = await add_mentor(world, "佐藤 美咲", (TOPIC,), department="設計2課")
    second = await add_mentor(world, "田中 健一", (TOPIC,) if others else ("語学",), department="生産技術部")
    await ask(asker, topic)
    scene = Scene(world, asker, first, second)
    for step in steps:
        await step(scene)
    return scene


# What people do


async def choose(scene: Scene) -> None:
    """The asker asks the first who is proposed."""
    with scene.world.store.begin() as db:
        proposals = list_proposals(db, 1)
    await scene.press(scene.asker, actions.Ask(1, (proposals[0].id or 0) if proposals else 1))


async def let_choose(scene: Scene) -> None:
    """[You choose]."""
    await scene.press(scene.asker, actions.YouChoose(1))


async def accept(scene: Scene) -> None:
    """The person asked says yes."""
    await scene.press(scene.mentor, actions.Accept(scene.request))


async def decline(scene: Scene) -> None:
    """The person asked says no."""
    await scene.press(scene.mentor, actions.Decline(scene.request), reason="timing")


async def call_off(scene: Scene) -> None:
    """The asker calls it off."""
    await scene.press(scene.asker, actions.CallOff(1))


async def tell_day(scene: Scene) -> None:
    """The asker tells the day of the talk: the day after tomorrow."""
    day = (scene.world.clock.now() + timedelta(days=2)).date().isoformat()
    await scene.press(scene.asker, actions.SetDate(1), day=day)


async def ring(scene: Scene) -> None:
    """The timer rings once."""
    await scene.ring()


def say(who: str, answer: str) -> Act:
    """One side answers whether they talked."""

    async def step(scene: Scene) -> None:
        actor = scene.asker if who == "asker" else scene.mentor
        action = actions.Talked(1) if answer == "yes" else actions.NotTalked(1, answer)
        await scene.press(actor, action, **({"useful": "4"} if answer == "yes" else {}))

    return step


def change_topic(topic: str) -> Act:
    """The asker changes the topic."""

    async def step(scene: Scene) -> None:
        await scene.press(scene.asker, actions.ChangeTopic(1), topic=topic)

    return step


def suggest(name: str) -> Act:
    """The person asked suggests somebody."""

    async def step(scene: Scene) -> None:
        await scene.press(scene.mentor, actions.Suggest(scene.request), name=name)

    return step


def press(who: str, action: Action) -> Act:
    """Somebody presses a button of their own."""

    async def step(scene: Scene) -> None:
        await scene.press(scene.asker if who == "asker" else scene.mentor, action)

    return step


# Who goes


def become(who: str, **fields: Any) -> Act:
    """Somebody's row changes, as another feature does it."""

    async def step(scene: Scene) -> None:
        change(scene.world, scene.asker if who == "asker" else scene.mentor, **fields)
        await scene.world.settle()

    return step


def leave(who: str) -> Act:
    """Somebody leaves the workspace."""

    async def step(scene: Scene) -> None:
        await (scene.asker if who == "asker" else scene.mentor).leave()

    return step


async def take_consent_back(scene: Scene) -> None:
    """The person asked does not want to be asked any more."""
    id, now = scene.mentor.member().id or 0, scene.world.clock.now()
    with scene.world.store.begin() as db:
        set_consents(db, id, {Purpose.NEWS}, now)
        announce_change(db, id, now)
    await scene.world.settle()


def block(by: str, *, department: bool = False) -> Act:
    """One side would rather not meet the other, or their former department."""

    async def step(scene: Scene) -> None:
        asker, mentor, now = scene.asker.member(), scene.mentor.member(), scene.world.clock.now()
        owner, other = (asker, mentor) if by == "asker" else (mentor, asker)
        row = Block(owner_id=owner.id or 0, member_id=None if department else other.id, created_at=now)
        row.department = other.department if department else ""
        with scene.world.store.begin() as db:
            db.session.add(row)
            announce_change(db, owner.id or 0, now)
        await scene.world.settle()

    return step


async def somebody_comes_who_knows(scene: Scene) -> None:
    """A third alumna knows both topics, and the timer rings."""
    scene.newcomers.append(await add_mentor(scene.world, "鈴木 愛", (TOPIC, ELSEWHERE)))
    await scene.ring()


async def all_mentors_pause_unseen(scene: Scene) -> None:
    """Nobody can be asked any more, and the asker presses what still stands there."""
    for actor in (scene.first, scene.second):
        change(scene.world, actor, status=Status.PAUSED)
    await choose(scene)


SCENES: dict[State, dict[str, Callable[[str], Awaitable[Scene]]]] = {
    State.PROPOSED: {
        "one proposal": lambda url: build(url, others=False),
        "two proposals": build,
        "the asker was reminded": lambda url: build(url, ring),
    },
    State.ASKING: {
        "chosen, nobody else": lambda url: build(url, choose, others=False),
        "chosen, another left": lambda url: build(url, choose),
        "chosen by Musubi": lambda url: build(url, let_choose),
        "reminded twice": lambda url: build(url, choose, ring, ring),
        "the second after a no": lambda url: build(url, let_choose, decline),
    },
    State.SEARCHING: {
        "nobody": lambda url: build(url, topic=ELSEWHERE),
        "nobody left": lambda url: build(url, choose, decline, others=False),
        "nobody left, chosen by Musubi": lambda url: build(url, let_choose, decline, others=False),
        "for the last time": lambda url: build(url, *[ring] * (rules.MOST_LOOKS - 1), topic=ELSEWHERE),
    },
    State.ACCEPTED: {
        "just now": lambda url: build(url, choose, accept),
        "with a day": lambda url: build(url, choose, accept, tell_day),
        "asked whether they talked": lambda url: build(url, choose, accept, ring),
        "one has it planned": lambda url: build(url, choose, accept, ring, say("asker", "planned")),
        "asked for the last time": lambda url: build(url, choose, accept, *[ring] * rules.MOST_TIMES_ASKED),
    },
    State.HELD: {"talked": lambda url: build(url, choose, accept, ring, say("asker", "yes"))},
    State.CALLED_OFF: {
        "before": lambda url: build(url, call_off),
        "after accepting": lambda url: build(url, choose, accept, call_off),
    },
    State.CLOSED: {
        "the asker went": lambda url: build(url, choose, accept, become("asker", status=Status.PAUSED)),
        "left alone": lambda url: build(url, ring, ring),
    },
}
"""Where a consultation can stand."""

CAUSES: dict[str, Act] = {
    "time passes": ring,
    "somebody comes who knows": somebody_comes_who_knows,
    "the asker asks the first": choose,
    "the asker lets Musubi choose": let_choose,
    "the asker changes to what nobody knows": change_topic(ELSEWHERE),
    "the asker changes to what somebody knows": change_topic("電池"),
    "the asker calls it off": call_off,
    "the asker asks when all have paused": all_mentors_pause_unseen,
    "the mentor accepts": accept,
    "the mentor declines": decline,
    "the mentor suggests the other": suggest("田中 健一"),
    "the mentor suggests a stranger": suggest("だれか"),
    "the mentor calls it off": press("mentor", actions.CallOff(1)),
    "the mentor rests": press("mentor", actions.Rest()),
    "the mentor stops": press("mentor", actions.Stop()),
    "the mentor takes the consent back": take_consent_back,
    "the asker tells the day": tell_day,
    "the asker says yes": say("asker", "yes"),
    "the mentor says yes": say("mentor", "yes"),
    "the asker says planned": say("asker", "planned"),
    "the mentor says not yet": say("mentor", "not_yet"),
    "the asker says called off": say("asker", "called_off"),
    "the mentor says called off": say("mentor", "called_off"),
    "the asker pauses": become("asker", status=Status.PAUSED),
    "the asker is suspended": become("asker", status=Status.SUSPENDED),
    "the asker withdraws": become("asker", status=Status.WITHDRAWN),
    "the asker leaves the workspace": leave("asker"),
    "the mentor pauses": become("mentor", status=Status.PAUSED),
    "the mentor is suspended": become("mentor", status=Status.SUSPENDED),
    "the mentor withdraws": become("mentor", status=Status.WITHDRAWN),
    "the mentor leaves the workspace": leave("mentor"),
    "the asker blocks the mentor": block("asker"),
    "the mentor blocks the asker": block("mentor"),
    "the mentor blocks the asker's department": block("mentor", department=True),
}
"""What can happen to it."""
