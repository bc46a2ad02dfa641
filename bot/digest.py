"""What a feature may put into digests, in neutral words. The feature offers, `handlers/digests` chooses for each
reader.

A feature's `digest` is a plain function whose parameters are provided by type: the unit of work, `DigestReaders`, now,
the policy. It is called once for a chunk of up to a thousand readers, and answers for all of them with a fixed number
of queries. What depends on one reader alone is `DigestOffer.fit`: pure, on facts that were read for all.

    def offer(db: UnitOfWork, readers: DigestReaders, now: datetime) -> DigestOffer:
        events = list_open_events(db, now)
        return DigestOffer(tuple(_as_item(event) for event in events))
"""

import json
from collections.abc import Callable, Iterable, Mapping
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
class DigestReaders:
    """Those for whom is being chosen now: a chunk of one zone's readers, or, for a channel, one who is nobody (id 0).
    `since` is the moment after which something is new."""

    all: tuple[DigestReader, ...]
    since: datetime

    @property
    def ids(self) -> list[int]:
        """Their member ids."""
        return [reader.id for reader in self.all]


Fit = Callable[[DigestReader, DigestItem], float]
"""How well an item fits a reader: the higher the better, 0 or less for not at all. Pure and quick: it is called for
each reader and item of the offer."""


def _forget(shown: Mapping[str, int]) -> None:
    """Nothing is kept."""


@dataclass(frozen=True, slots=True)
class DigestOffer:
    """What one feature offers to these readers. Without `fit` everything fits everybody alike. `note_shown` hears, in
    the same transaction, by key how many readers were shown an item."""

    items: tuple[DigestItem, ...] = ()
    fit: Fit | None = None
    note_shown: Callable[[Mapping[str, int]], None] = field(default=_forget)


DigestSource = Callable[..., DigestOffer]


@dataclass(frozen=True, slots=True)
class DigestSources:
    """All features' sources; a job or an errand's step asks for it by type."""

    collect: Callable[[DigestReaders], tuple[DigestOffer, ...]]


@dataclass(frozen=True, slots=True)
class Asked:
    """In whose transaction, and for whom a source is called."""

    context: Any
    readers: DigestReaders


_blocks: TypeAdapter[tuple[Block, ...]] = TypeAdapter(tuple[Annotated[Block, Discriminator("kind")], ...])


def dump_blocks(blocks: Iterable[Block]) -> str:
    """The blocks as a piece of a stored message's JSON, for `join_message`. A piece that many readers get is made
    once."""
    return _blocks.dump_json(tuple(blocks)).decode()[1:-1]


def join_message(summary: str, pieces: Iterable[str]) -> str:
    """The message's JSON, as `bot.ui.load_message` reads it, of pieces that are ready."""
    return f'{{"summary":{json.dumps(summary, ensure_ascii=False)},"blocks":[{",".join(filter(None, pieces))}]}}'
