"""From a draft to its sending: handed in, agreed to by a second person, undone, begun."""

from collections.abc import Callable

from bot.feature import Due
from bot.i18n import _, use_locale
from bot.incoming import FormValues
from bot.replies import FormErrors, OpenForm, Reply
from handlers.announcements import forms, notices, rules, views
from handlers.announcements.actions import Decline
from handlers.announcements.audience import count_people
from handlers.announcements.composing import say_gone
from handlers.announcements.desk import Desk, Office
from handlers.announcements.drawing import draw
from handlers.announcements.forms import Sending
from handlers.announcements.kinds import find_kind
from handlers.announcements.pieces import say_title
from handlers.announcements.standing import Reach, Sheet
from storage.models import Announcement, AnnouncementState, Member
from storage.queries import announcements
from storage.queries.channels import list_channels
from storage.queries.members import get_member
from storage.queries.reminders import remind

SEND = "announcement.send"
"""The kind of the reminders that begin the sending; `step` is `Announcement.asked`."""


def ask_send(desk: Desk, it: Announcement) -> Reply:
    """[Send…]."""
    people = desk.office.count(it)
    if problem := _find_problem(desk, it, people):
        return desk.show(it, problem)
    return OpenForm(_make_form(desk, it, forms.present(it, desk.me.zone), people))


def _make_form(desk: Desk, it: Announcement, given: Sending, people: int) -> forms.Form:
    above, channels = desk.office.policy.approval_above, len(list_channels(desk.db))
    return forms.send_form(it, given, desk.me.zone, people, above, channels)


def _find_problem(desk: Desk, it: Announcement, people: int) -> str:
    """Why it can't be sent as it is."""
    if not desk.is_sendable(it):
        return say_gone(it)
    if it.picture_problem:
        return views.say_picture(it)
    if not people:
        return views.say_empty()
    if rules.needs_approval(people, desk.office.policy) and not desk.office.list_hr(without=it.author_id):
        return _(
            "It reaches {people}, so a second person in HR must agree, and there is nobody else with the role yet. "
            "You can give it to somebody on HR's page."
        ).format(people=count_people(people))
    return ""


def send(desk: Desk, it: Announcement, values: FormValues) -> Reply:
    """The form of [Send…]."""
    given, people = Sending.read(values), desk.office.count(it)
    if problem := _find_problem(desk, it, people):
        return desk.show(it, problem)
    wanted = rules.read_moment(given.day, given.clock, desk.me.zone, desk.now) if given.day else None
    if isinstance(wanted, rules.Problem):
        clock = given.clock if forms.is_clock(given.clock) else Sending().clock
        shown = Sending(given.day, clock, given.via)
        return FormErrors(_make_form(desk, it, shown, people), forms.say({_find_field(given): wanted}))
    it.wanted_at, it.changed_at, it.asked, it.approver_id = wanted, desk.now, it.asked + 1, None
    it.via = given.via if given.via in forms.WAYS and list_channels(desk.db) else "members"
    it.needs_approval = rules.needs_approval(people, desk.office.policy)
    desk.note("hand_in", it, str(people))
    if it.needs_approval:
        ask_others(desk.office, it, people)
        return desk.show(it)
    schedule(desk.office, it)
    return desk.show(it)


def _find_field(given: Sending) -> str:
    return "clock" if given.day and not forms.is_clock(given.clock) else "day"


def ask_others(office: Office, it: Announcement, people: int) -> None:
    """Everybody else in HR is asked whether it may go out."""
    it.state = AnnouncementState.WAITING
    author = get_member(office.db, it.author_id)
    for other in office.list_hr(without=it.author_id):
        with use_locale(other.language):
            shown = draw(office.db, it, other.role, office.now, office.policy)
            sheet = Sheet(it, "", author.name, reach=Reach(people))
            if shown is not None:
                card = notices.ask_to_agree(sheet, shown)
                office.tell(other, f"{it.id}:agree:{it.asked}", lambda card=card: card)


def schedule(office: Office, it: Announcement) -> None:
    """It goes out when it was wanted, but not before it could be undone."""
    it.state = AnnouncementState.SCHEDULED
    it.send_at = rules.find_send_at(it.wanted_at, office.now, office.policy)
    remind(office.db, SEND, it.id or 0, it.send_at, it.asked)


# The second person


def agree(desk: Desk, it: Announcement, asked: int) -> Reply:
    """[Agree]. Pressed again, late, or by the author, it says how things stand and changes nothing."""
    if it.state != AnnouncementState.WAITING or it.asked != asked:
        return desk.show(it)
    if it.author_id == desk.me.id:
        return desk.show(it, _("Somebody else in HR must agree: you wrote it."))
    author = get_member(desk.db, it.author_id)
    if not rules.is_hr(author):
        call_off(desk.office, it, lambda: _say_lost(author))
        return desk.show(it)
    it.approver_id = desk.me.id
    schedule(desk.office, it)
    desk.note("agree", it)
    desk.office.tell(author, f"{it.id}:agreed:{asked}", lambda: notices.agreed(it, desk.me.name))
    return desk.show(it, _("Thank you. You have agreed."))


def ask_decline(desk: Desk, it: Announcement, asked: int) -> Reply:
    """[Not like this…]."""
    if it.state != AnnouncementState.WAITING or it.asked != asked or it.author_id == desk.me.id:
        return desk.show(it)
    return OpenForm(forms.decline_form(Decline(it.id or 0, asked), say_title(it)))


def decline(desk: Desk, it: Announcement, asked: int, reason: str) -> Reply:
    """The form of [Not like this…]: a draft again, and the author reads why."""
    if it.state != AnnouncementState.WAITING or it.asked != asked or it.author_id == desk.me.id:
        return desk.show(it)
    if not reason:
        form = forms.decline_form(Decline(it.id or 0, asked), say_title(it))
        return FormErrors(form, {forms.REASON: _("Please say what should change.")})
    it.state = AnnouncementState.DRAFT
    desk.note("decline", it)
    author = get_member(desk.db, it.author_id)
    desk.office.tell(author, f"{it.id}:declined:{asked}", lambda: notices.declined(it, desk.me.name, reason))
    return desk.done(_("The author has been told."))


def undo(desk: Desk, it: Announcement) -> Reply:
    """[Undo], [Take back]: a draft again. Too late, it says so by how things stand."""
    if it.state not in (AnnouncementState.WAITING, AnnouncementState.SCHEDULED):
        return desk.show(it)
    it.state, it.send_at, it.approver_id, it.changed_at = AnnouncementState.DRAFT, None, None, desk.now
    desk.note("undo", it)
    if it.author_id != desk.me.id:
        author = get_member(desk.db, it.author_id)
        desk.office.tell(author, f"{it.id}:undone:{it.asked}", lambda: notices.undone(it, desk.me.name))
        return desk.done(_("Undone. It is a draft of {name}'s again.").format(name=author.name))
    return desk.show(it, _("Undone. Nothing was sent."))


# When its time has come


def begin_sending(due: Due, office: Office) -> None:
    """The reminder: looks once more at everything that may have changed since, and begins. The errand does the rest."""
    it = announcements.hold(office.db, due.subject_id)
    if it is None or it.state != AnnouncementState.SCHEDULED or it.asked != due.step:
        return
    # What is asked is only whether it reaches anybody, and more than one person in HR may decide alone.
    people = office.count(it, most=office.policy.approval_above + 1)
    if say_problem := _find_late_problem(office, it, people):
        call_off(office, it, say_problem)
    elif rules.needs_approval(people, office.policy) and it.approver_id is None:
        it.asked += 1
        it.needs_approval = True
        ask_others(office, it, office.count(it))
    else:
        it.state, it.begun_at, it.changed_at, it.cursor = AnnouncementState.SENDING, office.now, office.now, 0
        kind = find_kind(it.kind)
        if kind is not None:
            kind.begun(office.db, it.subject_id, office.now)


def _find_late_problem(office: Office, it: Announcement, people: int) -> Callable[[], str] | None:
    """What keeps it from going out now, as what says so in the language of whoever reads it."""
    author = get_member(office.db, it.author_id)
    for one in (author, *((get_member(office.db, it.approver_id),) if it.approver_id is not None else ())):
        if not rules.is_hr(one):
            return lambda: _say_lost(one)
    if draw(office.db, it, author.role, office.now, office.policy) is None:
        return lambda: say_gone(it)
    return None if people else views.say_empty


def _say_lost(member: Member) -> str:
    return _("{name} does not have the HR role any more.").format(name=member.name)


def call_off(office: Office, it: Announcement, say: Callable[[], str]) -> None:
    """Not sent: a draft again, and everybody in HR reads why."""
    it.state, it.send_at, it.approver_id, it.changed_at = AnnouncementState.DRAFT, None, None, office.now
    for member in office.list_hr():
        office.tell(member, f"{it.id}:not_sent:{it.asked}", lambda: notices.not_sent(it, say()))
