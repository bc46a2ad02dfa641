"""Adding and correcting leavers, inviting them again, and taking their code to hand it over."""

from bot.i18n import _
from bot.replies import FormErrors, OpenForm, Private, ReplaceMessage, Reply
from bot.ui import Message
from handlers import roster
from handlers.hr import forms, lists, views
from handlers.hr.actions import Correct, SendAgain
from handlers.hr.desk import Desk
from handlers.hr.kinds import Kind
from handlers.roster import Column
from storage.models import RosterEntry
from storage.queries.roster import find_entry


def add(desk: Desk, cells: dict[Column, str]) -> Reply:
    """A leaver who is in no list."""
    entered = roster.enter_leaver(desk.db, cells, desk.policy, desk.now)
    if entered.entry is None:
        return FormErrors(forms.add_form(cells), forms.explain_problems(entered.problems))
    desk.note("roster.add", f"entry:{entered.entry.id}")
    by_mail = roster.can_be_mailed(entered.entry, desk.installation)
    return Private(forms.entered(entered.entry, entered.invitation_at, by_mail=by_mail))


def ask_correct(desk: Desk, action: Correct) -> Reply:
    """The form with what the roster says."""
    entry = find_entry(desk.db, action.id)
    if entry is None:
        return show_list(desk, action.kind, action.page)
    return OpenForm(forms.correct_form(forms.tell_cells(entry), action))


def correct(desk: Desk, action: Correct, cells: dict[Column, str]) -> Reply:
    """What the roster says of a leaver is put right; an invitation that is still to come moves with it."""
    entry = find_entry(desk.db, action.id)
    if entry is None:
        return show_list(desk, action.kind, action.page)
    changed = roster.change_leaver(desk.db, entry, cells, desk.policy, desk.now)
    if changed.entry is None:
        return FormErrors(forms.correct_form(cells, action), forms.explain_problems(changed.problems))
    desk.note("roster.correct", f"entry:{entry.id}")
    by_mail = roster.can_be_mailed(entry, desk.installation)
    note = forms.corrected(entry, changed.invitation_at, by_mail=by_mail)
    return show_list(desk, action.kind, action.page, note=note)


def invite(desk: Desk, action: SendAgain) -> Reply:
    """Sends the invitation, with a new code; once, however often the button is pressed."""
    entry = find_entry(desk.db, action.id)
    if entry is None:
        return show_list(desk, action.kind, action.page)
    return show_list(desk, action.kind, action.page, note=_invite(desk, entry, action.serial))


def _invite(desk: Desk, entry: RosterEntry, serial: int) -> str:
    """Does it, and says what came of it."""
    if roster.has_joined(desk.db, entry):
        return _("{name} has come in meanwhile.").format(name=entry.name)
    if entry.code_serial != serial:
        return _("{name} has been invited meanwhile.").format(name=entry.name)
    if not roster.can_be_mailed(entry, desk.installation):
        return _("{name} has no mail address here. Please hand the code over.").format(name=entry.name)
    roster.mail_invitation(desk.db, entry, desk.policy, desk.installation, desk.now)
    desk.note("invitation.mail", f"entry:{entry.id}", f"serial={entry.code_serial}")
    return _("The invitation to {name} is on its way.").format(name=entry.name)


def show_code(desk: Desk, id: int) -> Reply:
    """The code, for the one who asks only; that it was looked at is noted."""
    entry = find_entry(desk.db, id)
    if entry is None:
        return show_list(desk, Kind.HAND_OVER, 0)
    if roster.has_joined(desk.db, entry):
        return show_list(desk, Kind.HAND_OVER, 0, note=_("{name} has come in meanwhile.").format(name=entry.name))
    code = roster.take_code(desk.db, entry, desk.policy, desk.installation, desk.now)
    desk.note("invitation.show", f"entry:{entry.id}", f"serial={entry.code_serial}")
    return Private(views.show_code(entry, code))


def show_list(desk: Desk, kind: str, page: int, *, note: str = "") -> Reply:
    """A list in the place of the message whose button was pressed; HR's page for a list that no longer exists."""
    return ReplaceMessage(draw_list(desk, kind, page, note=note))


def draw_list(desk: Desk, kind: str, page: int, *, note: str = "") -> Message:
    """A page of a list, as it stands now."""
    if kind not in set(Kind):
        return views.page(lists.count_all(desk), note=note)
    reading = views.Reading(desk.me.id or 0, desk.installation.mail_is_on)
    return views.draw_list(lists.cut(desk, Kind(kind), page), reading, note=note)
