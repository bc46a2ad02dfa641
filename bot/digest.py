"""What a feature may put into digests, in neutral words. The feature offers, `handlers/digests` chooses for each
reader.

A feature's `digest` is a plain function whose parameters are provided by type: the unit of work, `DigestIssue`, now,
the policy. It says what there is, whoever reads it, and is called once for a thousand readers. They come in chunks,
each in a transaction of its own: what must be read of a chunk's readers, `DigestOffer.fit_for` reads with a fixed
number of queries, and gives how well an item fits one of them.

    def offer(db: UnitOfWork, issue: DigestIssue, now: datetime) -> DigestOffer:
        events = list_open_events(db, now)
        return DigestOffer(tuple(_as_item(event) for event in events))

What an item or an offer keeps must not use the transaction in which it was made: that is over when it is drawn.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Discriminator, TypeAdapter

from bot.ui import Block

EVERY_ROLE = frozenset({"alumnus", "employee"})


class ItemKind(StrEnum):
    """What an item is about, in the order in which a digest shows them."""

    NEWS = "news"
    """A member's latest news."""
    EVENT = "event"
    JOB = "job"
    QUESTION = "question"
    THANKS = "thanks"
    NEWCOMER = "newcomer"
    ANNIVERSARY = "anniversary"
    SPOTLIGHT = "spotlight"


@dataclass(frozen=True, slots=True)
class DigestItem:
    """Something that a digest may show.

    `key` names it for good: no reader is shown the same key twice. `draw` gives its blocks in the current language, for
    readers of a role; it is called once for each language and role, so it must not depend on more. `about` is the
    member whom it tells of (0: nobody): it is never shown to that member, nor across a block. `roles` are those who may
    see it, `purpose` is what a reader must have agreed to ("" for nothing; such items never stand in a channel).
    `from_hr` counts towards HR's third. `shown` is how many readers saw it before: the least shown comes first. `like`
    (hashable) is all that the drawing depends on: what was drawn of an equal one is used again while a run goes on.
    """

    kind: ItemKind
    key: str
    draw: Callable[[str], tuple[Block, ...]]
    about: int = 0
    roles: frozenset[str] = EVERY_ROLE
    purpose: str = ""
    from_hr: bool = False
    shown: int = 0
    like: object = None


@dataclass(frozen=True, slots=True)
class DigestReader:
    """Somebody who may get a digest. `agreed` are the purposes agreed to, as far as digests ask for them."""

    id: int
    locale: str
    role: str
    department: str = ""
    agreed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class DigestIssue:
    """For what is being collected: `since` is the moment after which something is new. What is `for_channel` anybody
    may read, and nobody can press for themselves."""

    since: datetime
    for_channel: bool = False


Fit = Callable[[DigestReader, DigestItem], float]
"""How well an item fits a reader: the higher the better, 0 or less for not at all. Pure and quick: it is called for
each reader and item of the offer."""


FitFor = Callable[[Any, Sequence[DigestReader]], Fit]
"""Reads in a unit of work what must be known of these readers."""


def _forget(db: Any, shown: Mapping[str, int]) -> None:
    """Nothing is kept."""


@dataclass(frozen=True, slots=True)
class DigestOffer:
    """What one feature offers. Without `fit_for` everything fits everybody alike. `note_shown` hears, in a unit of work
    after those that made the digests, by key how many readers were shown an item."""

    items: tuple[DigestItem, ...] = ()
    fit_for: FitFor | None = None
    note_shown: Callable[[Any, Mapping[str, int]], None] = field(default=_forget)


DigestSource = Callable[..., DigestOffer]


@dataclass(frozen=True, slots=True)
class DigestSources:
    """All features' sources, in the order of the features; a job or an errand's step asks for it by type."""

    calls: tuple[Callable[[DigestIssue], DigestOffer], ...]

    def collect(self, issue: DigestIssue) -> tuple[DigestOffer, ...]:
        """What all of them offer."""
        return tuple(call(issue) for call in self.calls)


@dataclass(frozen=True, slots=True)
class Asked:
    """In whose transaction, and for what a source is called."""

    context: Any
    issue: DigestIssue


_blocks: TypeAdapter[tuple[Block, ...]] = TypeAdapter(tuple[Annotated[Block, Discriminator("kind")], ...])


def dump_blocks(blocks: Iterable[Block]) -> str:
    """The blocks as a piece of a stored message's JSON, for `join_message`. A piece that many readers get is made
    once."""
    return _blocks.dump_json(tuple(blocks)).decode()[1:-1]


def join_message(summary: str, pieces: Iterable[str]) -> str:
    """The message's JSON, as `bot.ui.load_message` reads it, of pieces that are ready."""
    return f'{{"summary":{json.dumps(summary, ensure_ascii=False)},"blocks":[{",".join(filter(None, pieces))}]}}'
