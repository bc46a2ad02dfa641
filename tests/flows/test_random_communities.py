"""Random communities over six weeks in which HR announces whatever it likes: how much of it reaches whom."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

import pytest

from bot.budget import MONTH, MOST_A_MONTH
from bot.ui import Message
from handlers.announcements import actions
from storage.models import Announcement, Purpose
from storage.queries.status import tell_news
from tests.handlers.announcements.people import actor_of, add_hr, add_member
from tests.support.rows import list_rows
from tests.support.world import Actor, World, text_of

DAY = timedelta(days=1)
NEEDED = {"知らせ": Purpose.NEWS, "催し": Purpose.NEWS, "仕事": Purpose.JOBS}
"""What a reader must have agreed to, by the first word of the title."""
_TITLE = re.compile(r"(知らせ|催し|仕事)その\d+")
_OWN = re.compile(r"近況その\d+")


@dataclass
class Community:
    """The people, what they agreed to, and what arrived when."""

    world: World
    random: Random
    hr: Actor
    consents: dict[str, frozenset[Purpose]] = field(default_factory=dict[str, frozenset[Purpose]])
    arrived: list[tuple[str, datetime, Message]] = field(default_factory=list[tuple[str, datetime, Message]])

    def add_people(self, count: int) -> None:
        with self.world.store.begin() as db:
            for number in range(count):
                name = f"人{number}"
                self.consents[name] = frozenset(p for p in Purpose if self.random.random() < 0.6)
                digest = self.random.choice(["monthly", "monthly", "weekly", "never"])
                add_member(db, name, consents=self.consents[name], digest=digest)

    def tell_news(self, number: int) -> None:
        with self.world.store.begin() as db:
            member = actor_of(self.world, self.random.choice(list(self.consents))).member()
            tell_news(db, db.session.merge(member), f"近況その{number}", self.world.clock.now())

    async def announce(self, number: int) -> None:
        """HR writes something and hands it in for all who agreed to its purpose."""
        kind = self.random.choice(list(NEEDED))
        await self.hr.command("/announce")
        title = f"{kind}その{number}"
        match kind:
            case "催し":
                await self.hr.press("イベント…")
                day = (self.world.clock.now() + 20 * DAY).date().isoformat()
                await self.hr.submit(title_ja=title, day=day, place="本社の食堂")
            case "仕事":
                await self.hr.press("求人…")
                await self.hr.submit(title_ja=title, text_ja="量産を立ち上げます。")
            case _:
                await self.hr.press("お知らせ…")
                await self.hr.submit(title_ja=title, body_ja="皆さまへ。")
        newest = max(one.id or 0 for one in list_rows(self.world.store, Announcement))
        await self.hr.press_action(actions.AskSend(newest))
        await self.hr.submit()

    async def pass_day(self) -> None:
        """A day goes by, and what arrives."""
        self.world.clock.move(DAY)
        before = {name: len(actor_of(self.world, name).inbox) for name in self.consents}
        await self.world.settle()
        for name, count in before.items():
            new = actor_of(self.world, name).inbox[count:]
            self.arrived += [(name, self.world.clock.now(), message) for message in new]


async def live(url: str, seed: int) -> Community:
    """Six weeks."""
    world = World(url)
    community = Community(world, Random(seed), add_hr(world))
    community.add_people(community.random.randint(4, 9))
    await world.app.slots.prepare()
    for number in range(45):
        if community.random.random() < 0.5:
            await community.announce(number)
        for more in range(community.random.randint(0, 2)):
            community.tell_news(10 * number + more)
        await community.pass_day()
    return community


def is_digest(message: Message) -> bool:
    return "まとめ便り" in message.summary


def list_unasked(community: Community) -> Iterator[tuple[str, datetime]]:
    """Announcements and monthly digests; who chose the weekly one asked for it."""
    for name, at, message in community.arrived:
        monthly = is_digest(message) and actor_of(community.world, name).member().digest == "monthly"
        if monthly or _TITLE.fullmatch(message.summary):
            yield name, at


@pytest.mark.parametrize("seed", range(2))
async def test_what_hr_sends_stays_within_what_members_agreed_to(sqlite_url: str, seed: int) -> None:
    community = await live(sqlite_url, seed)
    check_four_a_month(community)
    check_consents(community)
    check_a_third(community)
    community.world.close()


def check_four_a_month(community: Community) -> None:
    """Nobody gets more than four unasked messages a month."""
    unasked = list(list_unasked(community))
    busiest = 0
    for name in community.consents:
        moments = [at for who, at in unasked if who == name]
        counts = [sum(first <= at < first + MONTH for at in moments) for first in moments]
        busiest = max([busiest, *counts])
    assert busiest == MOST_A_MONTH, "the limit is reached, and never passed"


def check_consents(community: Community) -> None:
    """Nobody gets what they didn't agree to, in a message of its own or in a digest."""
    read = [
        (name, found.group(1))
        for name, _at, message in community.arrived
        for found in _TITLE.finditer(text_of(message))
    ]
    assert {kind for _name, kind in read} == set(NEEDED)
    assert [(name, kind) for name, kind in read if NEEDED[kind] not in community.consents[name]] == []


def check_a_third(community: Community) -> None:
    """A third of any digest is HR's at most."""
    texts = [text_of(message) for _name, _at, message in community.arrived if is_digest(message)]
    shares = [(len(_TITLE.findall(text)), len(_OWN.findall(text))) for text in texts]
    assert any(hr for hr, _own in shares)
    assert all(2 * hr <= own for hr, own in shares)
