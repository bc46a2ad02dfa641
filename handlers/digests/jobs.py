"""What is due by the clock: the zones' digests, chunk by chunk, and the channels'."""

from collections.abc import Sequence
from datetime import datetime

from bot.digest import DigestIssue, DigestOffer, DigestReader, DigestSources
from bot.feature import Due, Step
from bot.i18n import find_language
from bot.policy import Policy
from handlers.digests.making import CHUNK, PIECES, SITTING, Sitting, Words, make_chunk
from handlers.digests.rules import LATE, NEW_FOR, Chooser, add_seen, find_round, next_moment, read_seen
from storage.models import DigestRun, Role
from storage.queries import channels, digests
from storage.queries.due import ensure_slot
from storage.queries.members import get_member
from storage.uow import UnitOfWork

NOBODY = 0
"""Whom a channel's digest is chosen for: it shows what every member may see."""


def list_zones(db: UnitOfWork, now: datetime) -> None:
    """Every zone in which somebody is gets its slot."""
    for zone in digests.list_zones(db):
        _ensure(db, zone, now)


def follow(db: UnitOfWork, due: Due, now: datetime) -> None:
    """A member has come or changed: the zone has its slot."""
    _ensure(db, get_member(db, due.subject_id).zone, now)


def _ensure(db: UnitOfWork, zone: str, now: datetime) -> None:
    ensure_slot(db, digests.SLOT + zone, next_moment(zone, now))


async def work(step: Step) -> bool:
    """The errand: begins what is due, then makes one chunk after another. Each step counts once, whoever does it, and
    what was broken off goes on with the next chunk."""
    worked = False
    while await step(begin_due) or await _sit(step):
        worked = True
    PIECES.clear()
    return worked


async def _sit(step: Step) -> bool:
    """Finds what is on offer, and makes digests of it for a sitting's readers. False when there is no run."""
    if await step(digests.find_open_run) is None:
        return False
    offers: list[DigestOffer] = []
    while (offer := await step(find_offer, len(offers))) is not None:
        offers.append(offer)
    sitting = await step(open_sitting, offers)
    for _chunk in range(SITTING):
        if not await step(make_next, sitting):
            break
        sitting.chooser.keep()
    await step(note_shown, sitting)
    return True


def begin_due(db: UnitOfWork, now: datetime) -> bool:
    """Begins the digests of one zone that is due. False when none is."""
    if not digests.has_zones(db):  # Musubi has just been installed
        list_zones(db, now)
    found = digests.find_due_zone(db, now)
    if found is None:
        return False
    zone, seen = found
    turn = find_round(zone, seen, now)
    rhythms = ",".join(sorted(turn.rhythms))
    run = DigestRun(zone=zone, at=turn.at, period=turn.period, rhythms=rhythms)
    digests.begin_run(db, run, seen, next_moment(zone, now))
    return True


def find_offer(number: int, now: datetime, sources: DigestSources) -> DigestOffer | None:
    """What one source offers now, None behind the last one. Each in a transaction of its own: for all of them together
    whoever presses a button would wait three times as long as for a chunk."""
    return sources.calls[number](DigestIssue(now - NEW_FOR)) if number < len(sources.calls) else None


def open_sitting(offers: Sequence[DigestOffer], policy: Policy) -> Sitting:
    """A sitting for what is on offer."""
    return Sitting(offers, policy)


def make_next(sitting: Sitting, db: UnitOfWork, now: datetime) -> bool:
    """Makes one chunk of the oldest run that isn't done. False when there is none."""
    run = digests.find_open_run(db)
    if run is not None:
        make_chunk(sitting, db, run, now, CHUNK)
    return run is not None


def note_shown(sitting: Sitting, db: UnitOfWork) -> None:
    """Counts the turns of a sitting. Broken off before, they are not counted: what was shown to some hundreds comes up
    once more a little early."""
    sitting.chooser.note_shown(db)


def post_to_channels(db: UnitOfWork, due: Due, now: datetime, policy: Policy, sources: DigestSources) -> None:
    """Posts the community's digest in the channels that HR named, in the community's language."""
    locale = find_language(policy.language) or "ja"
    reader = DigestReader(NOBODY, locale, Role.EMPLOYEE)  # what is for alumni only is not for a channel
    named = channels.list_channels(db)
    chooser = Chooser(sources.collect(DigestIssue(now - NEW_FOR, for_channel=True)) if named else ())
    chooser.meet(db, (reader,))
    for channel in named:
        chosen = chooser.choose(reader, (), read_seen(channel.seen))
        if chosen:
            body = Words(policy, chooser).write(reader, chosen, "channel")
            keys = [chooser.items[number].key for number in chosen]
            key = f"digest:channel:{channel.room_id}:{due.at:%Y-%m-%d}"
            channels.post(db, channel, key, locale, body, now, due.at + LATE)
            channel.seen = add_seen(channel.seen, keys)
    chooser.keep()
    chooser.note_shown(db)
