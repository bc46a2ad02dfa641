"""The fan-out: chunk by chunk into the outbox, and over what was sent when it is corrected or withdrawn."""

from datetime import datetime

from bot.feature import Step
from bot.i18n import LANGUAGES, find_language, use_locale
from bot.policy import Policy
from bot.ui import dump_message
from handlers.announcements import notices
from handlers.announcements.audience import make_audience
from handlers.announcements.desk import Office, make_batch
from handlers.announcements.drawing import ROLES, Bodies, find_purpose, withdrawn
from handlers.announcements.rules import TOO_LATE
from storage.models import Announcement, AnnouncementState, Role, Urgency
from storage.queries import announcements, audiences, batches, channels
from storage.queries.audiences import AudienceMember
from storage.queries.batches import Variant
from storage.queries.bulk import Address, Copy, list_addresses, post_copies
from storage.queries.members import get_member
from storage.queries.outbox import add_contents
from storage.uow import UnitOfWork

CHUNK = 80
"""People in one transaction, so that nobody who presses a button waits long: some 3 ms."""


async def work(step: Step) -> bool:
    """The errand: one chunk after another. Each counts once, whoever does it; what was broken off goes on with the next
    chunk."""
    worked = False
    while await step(make_next):
        worked = True
    return worked


def make_next(office: Office) -> bool:
    """Makes one chunk of the oldest announcement on which there is work to do. False when there is none."""
    it = announcements.find_open(office.db)
    if it is None:
        return False
    if it.state == AnnouncementState.SENDING:
        if not fan_out(office.db, it, office.now, office.policy):
            finish(office, it)
    else:
        replace_next(office, it)
    return True


def fan_out(db: UnitOfWork, it: Announcement, now: datetime, policy: Policy, limit: int = CHUNK) -> bool:
    """Puts the announcement into the outbox for the next `limit` people, and notes how far it is. False once everybody
    has been looked at. A handful of statements, whatever the number of people; each person counts once, however often
    a chunk is begun."""
    purpose = find_purpose(it)
    bodies = Bodies(db, it, now, policy)
    if it.cursor == 0 and it.via != "members":
        _post_to_channels(db, it, bodies)
    if purpose is None or it.via == "channels":
        return False
    rule = make_audience(db, it.audience, policy)
    told = channels.list_workspaces(db) if it.via == "both" else ()
    found = audiences.list_members(db, rule, purpose, it.cursor, limit, told)
    addresses = list_addresses(db, [member.id for member in found])
    copies = [copy for member in found if (copy := _make_copy(it, member, addresses, bodies))]
    if bodies.is_gone:  # called off on the way: nobody else is invited
        return False
    it.planned += post_copies(db, copies, now, now + TOO_LATE, make_batch(it))
    it.cursor = found[-1].id if found else it.cursor
    db.session.add(it)
    return len(found) == limit


def _make_copy(it: Announcement, member: AudienceMember, addresses: dict[int, Address], bodies: Bodies) -> Copy | None:
    locale = find_language(member.locale) or "en"
    body, key = bodies.get(locale, member.role), f"{make_batch(it)}:{member.id}"
    return Copy(key, member.id, addresses.get(member.id), locale, body, Urgency.PUSH) if body else None


def _post_to_channels(db: UnitOfWork, it: Announcement, bodies: Bodies) -> None:
    """In the community's language, with what employees may see."""
    locale = find_language(bodies.policy.language) or "ja"
    body = bodies.get(locale, Role.EMPLOYEE)
    for channel in channels.list_channels(db) if body else ():
        key = f"{make_batch(it)}:room:{channel.room_id}"
        channels.post(db, channel, key, locale, body, bodies.now, bodies.now + TOO_LATE, make_batch(it))


def finish(office: Office, it: Announcement) -> None:
    """Everybody has been looked at; the author hears of it."""
    it.state, it.done_at = AnnouncementState.SENT, office.now
    author = get_member(office.db, it.author_id)
    office.tell(author, f"{it.id}:sent:{it.asked}", lambda: notices.on_the_way(it))


def replace_next(office: Office, it: Announcement, limit: int = CHUNK) -> None:
    """Puts the next deliveries' replacements into the outbox: what is corrected, or the line that it was withdrawn."""
    db, batch = office.db, make_batch(it)
    last = batches.find_last(db, batch, it.replace_cursor, limit)
    if last is None:
        it.replacing, it.replace_cursor = "", 0
        return
    span = (it.replace_cursor, last)
    for variant, content_id in make_contents(office, it).items():
        batches.replace_sent(db, batch, variant, content_id, it.edition, span, office.now)
    it.replace_cursor = last


def make_contents(office: Office, it: Announcement) -> dict[Variant, int]:
    """What stands in the place of what was sent, stored, by its readers."""
    bodies = Bodies(office.db, it, office.now, office.policy, corrected=True)
    wanted = {Variant(locale, role): _make_body(it, bodies, locale, role) for locale in LANGUAGES for role in ROLES}
    made = {variant: body for variant, body in wanted.items() if body}
    ids = add_contents(office.db, list(dict.fromkeys(made.values())))
    return {variant: ids[body] for variant, body in made.items()}


def _make_body(it: Announcement, bodies: Bodies, locale: str, role: str) -> str:
    return make_withdrawn(locale) if it.replacing == "withdraw" else bodies.get(locale, role)


def make_withdrawn(locale: str) -> str:
    """The line that it was withdrawn, stored."""
    with use_locale(locale):
        return dump_message(withdrawn())
