"""Deciding applications: once, whoever of HR is first."""

from bot.i18n import _
from bot.replies import FormErrors, OpenForm, ReplaceMessage, Reply
from handlers import onboarding
from handlers.hr import cards
from handlers.hr.alerts import settle_cards
from handlers.hr.cases import draw_up
from handlers.hr.desk import Desk
from handlers.hr.kinds import Case, Kind
from handlers.hr.leavers import show_list
from storage.queries.members import get_member
from storage.queries.registration import find_application
from storage.queries.roster import get_entry


def find_case(desk: Desk, id: int) -> Case | None:
    """The application, as it stands now."""
    application = find_application(desk.db, id)
    return draw_up(desk.db, application, get_member(desk.db, application.member_id)) if application else None


def is_open(case: Case) -> bool:
    """Whether HR is still to decide."""
    return case.application.state == "waiting"


def show(desk: Desk, case: Case, *, in_list: bool) -> Reply:
    """How the application stands: in HR's list, or on its card."""
    if not in_list:
        return ReplaceMessage(cards.card(case))
    return show_list(desk, Kind.WAITING, 0, note=f"{case.application.name}: {cards.tell_outcome(case)}")


def ask_approve(desk: Desk, case: Case, *, in_list: bool) -> Reply:
    """The form of [Approve]; of a decided case how it stands."""
    return OpenForm(cards.approve_form(case, in_list=in_list)) if is_open(case) else show(desk, case, in_list=in_list)


def ask_decline(desk: Desk, case: Case, *, in_list: bool) -> Reply:
    """The form of [Decline…]; of a decided case how it stands."""
    return OpenForm(cards.decline_form(case, in_list=in_list)) if is_open(case) else show(desk, case, in_list=in_list)


def approve(desk: Desk, case: Case, choice: str, *, in_list: bool) -> Reply:
    """Lets the person in as the chosen entry, or as nobody of the roster."""
    if not is_open(case):
        return show(desk, case, in_list=in_list)
    if choice != cards.NOBODY and choice not in [str(entry.id) for entry in case.candidates]:
        sentence = _("Somebody else has come in as this person meanwhile. Please choose again.")
        return FormErrors(cards.approve_form(case, in_list=in_list), {cards.ENTRY: sentence})
    entry = get_entry(desk.db, int(choice)) if choice != cards.NOBODY else None
    done = onboarding.approve(desk.db, case.member, entry, desk.now)
    closed = _close(desk, case, "approved" if done else "closed", f"entry={entry.id if entry else 0}")
    return show(desk, closed, in_list=in_list)


def decline(desk: Desk, case: Case, reason: str, *, in_list: bool) -> Reply:
    """Tells the person why not; they may try again."""
    if not is_open(case):
        return show(desk, case, in_list=in_list)
    if not reason:
        sentence = _("Please write the reason: the person reads it and learns what would help.")
        return FormErrors(cards.decline_form(case, reason, in_list=in_list), {cards.REASON: sentence})
    done = onboarding.decline(desk.db, case.application, reason, desk.now)
    return show(desk, _close(desk, case, "declined" if done else "closed"), in_list=in_list)


def _close(desk: Desk, case: Case, state: str, detail: str = "") -> Case:
    """Notes who decided, and takes the buttons off everybody's card."""
    application = case.application
    application.state, application.decided_by, application.decided_at = state, desk.me.id, desk.now
    desk.note(f"application.{state}", f"application:{application.id}", detail)
    closed = Case(application, case.member, case.accounts, case.candidates, desk.me.name)
    settle_cards(desk.db, closed, desk.now, pressed=desk.origin.message)
    return closed
