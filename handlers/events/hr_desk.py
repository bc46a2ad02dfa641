"""HR's pages of events, from what the database knows."""

from zoneinfo import ZoneInfo

from bot.i18n import current_locale
from bot.ui import Message, pack_file
from handlers.desk import Desk
from handlers.events import hr_views, rules
from handlers.events.hr_views import Line, Person
from handlers.events.listing import count_seats
from handlers.events.name_tags import Tag, list_missing, print_tags
from handlers.events.present import find_title, make_sight
from handlers.introducing import card_for
from storage.models import Event, EventState, Member, Role
from storage.queries import events as queries
from storage.queries.outbox import Terms, post
from storage.queries.topics import list_topics


def draw_list(desk: Desk, me: Member, page: int) -> Message:
    """All events, whoever of HR wrote them: somebody must be able to step in."""
    found = queries.list_all(desk.db, desk.now, limit=hr_views.EVENTS + 1, offset=page * hr_views.EVENTS)
    lines = make_lines(desk, found[: hr_views.EVENTS], me)
    return hr_views.listing(lines, page, more=len(found) > hr_views.EVENTS)


def make_lines(desk: Desk, events: list[Event], me: Member) -> list[Line]:
    """Events with what was answered."""
    counts = queries.count_answers(desk.db, [event.id or 0 for event in events])
    return [
        Line(
            make_sight(event, me.zone, count_seats(counts[event.id or 0]), desk.now),
            counts[event.id or 0],
            event.capacity,
        )
        for event in events
    ]


def draw_desk(desk: Desk, event: Event, me: Member, *, note: str = "") -> Message:
    """One event with what can be done about it now."""
    (line,) = make_lines(desk, [event], me)
    results_on = rules.find_results_day(event)
    is_over = event.state == EventState.ANNOUNCED and event.ends_at <= desk.now
    shown = hr_views.Desk(
        line,
        may_mark=rules.may_mark(event, desk.now),
        has_results=is_over and results_on <= desk.now,
        results_on=results_on if is_over and results_on > desk.now else None,
        note=note,
    )
    return hr_views.desk(shown)


def list_people(desk: Desk, event_id: int, limit: int | None, offset: int) -> list[tuple[int, Person]]:
    """Those who come, as HR knows them from the roster, by member."""
    guests = queries.list_guests(desk.db, event_id, limit=limit, offset=offset)
    return [
        (
            guest.member.id or 0,
            Person(
                guest.member.name,
                guest.member.kana,
                guest.member.department,
                guest.member.role == Role.ALUMNUS,
                guest.answer.attended,
            ),
        )
        for guest in guests
    ]


def list_tags(desk: Desk, event_id: int) -> list[Tag]:
    """What stands on the tags: what each of them shows to everybody, for everybody reads it."""
    guests = queries.list_guests(desk.db, event_id)
    topics = list_topics(desk.db, [guest.member.id or 0 for guest in guests])
    cards = [card_for(Role.EMPLOYEE, guest.member, topics.get(guest.member.id or 0, ())) for guest in guests]
    return [Tag(card.name, card.kana, card.department, card.role == Role.ALUMNUS, card.topics) for card in cards]


def send_tags(desk: Desk, event: Event, me: Member) -> Message:
    """Sends the tags as a file to whoever of HR pressed; returns what is answered."""
    tags = list_tags(desk, event.id or 0)
    (line,) = make_lines(desk, [event], me)
    if not tags:
        return hr_views.no_tags(line.sight)
    stamp = f"{desk.now.astimezone(ZoneInfo(desk.policy.zone)):%Y%m%d-%H%M%S}"
    data = print_tags(find_title(event), tags, current_locale())
    file = pack_file(f"name-tags-{event.id}-{stamp}.pdf", "application/pdf", data, hr_views.say_tags())
    terms = Terms(f"event:{event.id}:tags:{me.id}:{stamp}", desk.now)
    post(desk.db, me, lambda: hr_views.tags_file(line.sight, file), terms)
    return hr_views.tags_sent(line.sight, len(tags), list_missing(tags))
