"""What HR sees of events. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.i18n import _, current_locale, fill, ngettext, prose
from bot.ui import Block, Bold, Button, Buttons, Chips, Divider, Fact, Facts, Heading, Message, Note, Para, Quote, When
from handlers.events import actions
from handlers.events.rules import Results, Stage
from handlers.events.short_forms import say_liked, say_wished
from handlers.events.views import Sight, show_facts, turn_pages
from storage.models import Rsvp

EVENTS = 5
GUESTS = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One event in HR's list: what was answered, and how many can come (0: no limit)."""

    sight: Sight
    counts: Mapping[str, int]
    capacity: int


def listing(lines: Sequence[Line], page: int, *, more: bool) -> Message:
    """All events, the next first."""
    title = _("Manage events")
    none = _("There is no event yet. You write one with /announce.")
    body: tuple[Block, ...] = tuple(
        block for number, line in enumerate(lines) for block in (*((Divider(),) if number else ()), *_show_line(line))
    )
    turn = turn_pages(page, actions.Manage, more=more)
    new = Button(_("New event"), actions.AskNew())
    return Message(title, (Heading(title), *(body or (Para((none,)),)), Buttons((*turn, new))))


def _show_line(line: Line) -> tuple[Block, ...]:
    head = fill(_("{title}: {time}"), title=Bold(line.sight.title), time=When(line.sight.starts_at))
    text = f"\n{join(say_stage(line.sight.stage), say_counts(line))}"
    return (Para((*head, text)), Buttons((Button(_("Open"), actions.Open(line.sight.id)),)))


def say_stage(stage: Stage) -> str:
    """Where an event stands, in a word or two."""
    match stage:
        case Stage.DRAFT:
            return _("Draft.")
        case Stage.OPEN:
            return _("Open.")
        case Stage.FULL:
            return _("Full.")
        case Stage.CLOSED:
            return _("Answers are closed.")
        case Stage.OVER:
            return _("Over.")
        case Stage.CANCELLED:
            return _("Cancelled.")


def join(*sentences: str) -> str:
    """Short sentences after each other, as the language writes them: Japanese leaves no space between."""
    return ("" if current_locale() == "ja" else " ").join(sentences)


def say_counts(line: Line) -> str:
    """Who answered what, as far as anybody did."""
    going, offered = line.counts.get(Rsvp.GOING, 0), line.counts.get(Rsvp.OFFERED, 0)
    waiting, maybe = line.counts.get(Rsvp.WAITING, 0), line.counts.get(Rsvp.MAYBE, 0)
    of = _("Going: {n} of {capacity}.") if line.capacity else _("Going: {n}.")
    said = [of.format(n=going, capacity=line.capacity)]
    if line.sight.stage in (Stage.OVER, Stage.CANCELLED):
        return said[0]  # nobody waits for anything any more
    if offered:
        said.append(_("Seats on offer: {n}.").format(n=offered))
    if waiting:
        said.append(_("Waiting list: {n}.").format(n=waiting))
    if maybe:
        said.append(_("Maybe: {n}.").format(n=maybe))
    return join(*said)


@dataclass(frozen=True, slots=True)
class Desk:
    """One event with what HR can do about it now. `note` says what was just done."""

    line: Line
    may_mark: bool = False
    has_results: bool = False
    results_on: datetime | None = None
    note: str = ""


def desk(shown: Desk) -> Message:
    """One event, and what HR can do about it."""
    sight = shown.line.sight
    text = join(say_stage(sight.stage), say_counts(shown.line))
    head: tuple[Block, ...] = (Heading(sight.title), show_facts(sight), Para((text,)))
    reason = (Quote(sight.reason),) if sight.reason else ()
    note = (Note((shown.note,), "done"),) if shown.note else ()
    later = _("What people say of it is here from {day} on.")
    wait = (Note(fill(later, day=When(shown.results_on, "date"))),) if shown.results_on is not None else ()
    return Message(sight.title, (*head, *reason, *wait, *note, *_list_rows(shown)))


def _list_rows(shown: Desk) -> tuple[Buttons, ...]:
    id, stage = shown.line.sight.id, shown.line.sight.stage
    change = Button(_("Change"), actions.AskChange(id))
    cancel = Button(_("Cancel the event…"), actions.AskCancel(id), style="danger")
    back = Button(_("All events"), actions.Manage(0))
    people = (
        Button(_("Who comes"), actions.ShowGuests(id, 0)),
        Button(_("Name tags"), actions.SendTags(id)),
        *((Button(_("Attendance"), actions.AskAttendance(id, 0)),) if shown.may_mark else ()),
    )
    results = (Button(_("What they said"), actions.ShowResults(id)),) if shown.has_results else ()
    match stage:
        case Stage.DRAFT:
            announce = Button(_("Choose the readers"), actions.Announce(id), style="primary")
            return (Buttons((announce, change, cancel, back)),)
        case Stage.CANCELLED:
            return (Buttons((back,)),)
        case Stage.OVER:
            return (Buttons(people), Buttons((*results, back)))
        case _:
            return (Buttons(people), Buttons((change, cancel, back)))


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who comes, as HR knows them."""

    name: str
    kana: str
    department: str
    former: bool
    attended: bool


def guests(sight: Sight, people: Sequence[Person], page: int, *, more: bool, total: int) -> Message:
    """Who comes, with readings."""
    title = _("Who comes: {title}").format(title=sight.title)
    count = ngettext("{n} person", "{n} people", total).format(n=total)
    body = tuple(Para((_say_person(one),)) for one in people)
    none = _("Nobody has signed up yet.")
    turn = turn_pages(page, lambda to: actions.ShowGuests(sight.id, to), more=more)
    shown: tuple[Block, ...] = (Note((count,)), *body) if body else (Para((none,)),)
    return Message(title, (Heading(title), *shown, Buttons((*turn, _back_to(sight)))))


def _back_to(sight: Sight) -> Button:
    """The way to the event's own page."""
    return Button(_("The event"), actions.Open(sight.id))


def say_name(one: Person) -> str:
    """Name, reading and department, on one line."""
    name = _("{name} ({kana})").format(name=one.name, kana=one.kana) if one.kana else one.name
    if not one.department:
        return name
    if one.former:
        return _("{name}, formerly {department}").format(name=name, department=one.department)
    return _("{name}, {department}").format(name=name, department=one.department)


def _say_person(one: Person) -> str:
    return _("✓ {name}").format(name=say_name(one)) if one.attended else say_name(one)


def attendance_saved(sight: Sight, came: int, total: int) -> Message:
    """On the last page of the form."""
    text = _("Noted: {came} of {total} are there.").format(came=came, total=total)
    everybody = Button(_("Everybody came"), actions.MarkAll(sight.id))
    ways = (everybody, _back_to(sight)) if came < total else (_back_to(sight),)
    return Message(text, (Note((text,), "done"), Buttons(ways)))


def tags_sent(sight: Sight, people: int, missing: Sequence[str]) -> Message:
    """The file is on its way; whose name it can't write is told, so that HR does it by hand."""
    text = ngettext("The name tag is on its way to you.", "{n} name tags are on their way to you.", people)
    lead = _("Our font lacks signs of these names. Please write them by hand:")
    by_hand = (Para((lead,)), Chips(tuple(missing[:10]))) if missing else ()
    said = text.format(n=people)
    return Message(said, (Note((said,), "done"), *by_hand, Buttons((_back_to(sight),))))


def no_tags(sight: Sight) -> Message:
    """There is nobody to make a tag for."""
    text = _("Nobody has signed up yet, so there are no name tags to print.")
    return Message(text, (Para((text,)), Buttons((_back_to(sight),))))


def results(sight: Sight, found: Results | None) -> Message:
    """What people said: counts only, and none below five."""
    title = _("What they said: {title}").format(title=sight.title)
    back = Buttons((_back_to(sight),))
    if found is None:
        few = _("Fewer than five people answered, so nothing is shown: nobody's answer may be guessed.")
        return Message(title, (Heading(title), Para((few,)), back))
    lead = prose(
        _("{n} people answered. On average {useful} of 5 for being worth their time."),
        n=str(found.people),
        useful=str(found.useful),
    )
    return Message(
        title,
        (
            Heading(title),
            lead,
            Note((_("What was good"),)),
            _count(found.liked, say_liked()),
            Note((_("What they would like next"),)),
            _count(found.wished, say_wished()),
            back,
        ),
    )


def _count(counts: Mapping[str, int | None], words: Mapping[str, str]) -> Facts:
    def say(one: str) -> str:
        count = counts.get(one)
        return str(count) if count is not None else _("fewer than five")

    return Facts(tuple(Fact(word, (say(one),)) for one, word in words.items()))


def tags_file(sight: Sight, file: Block) -> Message:
    """The message with the PDF."""
    text = _("Name tags for {title}: A4, ten on a sheet, 91 × 55 mm each, as on sheets for business cards.")
    said = text.format(title=sight.title)
    return Message(said, (Para((said,)), file))


def say_tags() -> str:
    """What the file is."""
    return _("Name tags (PDF)")


def say_changed(told: int) -> str:
    """After a change, how many hear of it."""
    if not told:
        return _("Saved.")
    text = ngettext("Saved. We tell the one who comes.", "Saved. We tell the {n} people who come.", told)
    return text.format(n=told)
