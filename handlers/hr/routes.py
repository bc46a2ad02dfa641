"""HR's page. All of it is for HR, whatever a button said when it was shown."""

from collections.abc import Callable

from bot.i18n import _
from bot.incoming import Command, FormValues
from bot.replies import OpenForm, Private, ReplaceMessage, Reply
from bot.routing import Router, Who
from handlers.hr import cards, decisions, forms, leavers, lists, roles, views
from handlers.hr.actions import (
    Add,
    AnswerNewcomers,
    Approve,
    AskAdd,
    AskApprove,
    AskCorrect,
    AskDecline,
    AskGrant,
    Back,
    Correct,
    Decline,
    Grant,
    OpenList,
    OpenPage,
    Revoke,
    SearchEmployee,
    SendAgain,
    SendFigures,
    ShowCode,
    ShowFigures,
    ShowList,
    Unlock,
)
from handlers.hr.desk import Desk
from handlers.hr.figures import draw_figures, send_file
from handlers.hr.kinds import Case, Kind
from handlers.hr.newcomers import answer_newcomers
from storage.queries.applications import forget_wrong_codes

router = Router()


@router.command(
    "hr",
    words=("hr", "人事", "事務局"),
    who=Who.HR,
    about=lambda: _("HR's page: leavers, approvals, what was not delivered"),
)
def show_page(command: Command, desk: Desk) -> Reply:
    """`/hr`."""
    return Private(views.page(lists.count_all(desk)))


@router.button(OpenPage, who=Who.HR)
def open_page(pressed: OpenPage, desk: Desk) -> Reply:
    """[HR's page]."""
    return Private(views.page(lists.count_all(desk)))


@router.button(OpenList, who=Who.HR)
def open_list(pressed: OpenList, desk: Desk) -> Reply:
    """The way to a list from elsewhere."""
    return Private(leavers.draw_list(desk, pressed.kind, 0))


@router.button(Back, who=Who.HR)
def go_back(pressed: Back, desk: Desk) -> Reply:
    """[Back]."""
    return ReplaceMessage(views.page(lists.count_all(desk)))


@router.button(ShowList, who=Who.HR)
def show_list(pressed: ShowList, desk: Desk) -> Reply:
    """The way to a list, and through its pages."""
    return leavers.show_list(desk, pressed.kind, pressed.page)


@router.button(ShowFigures, who=Who.HR)
def show_figures(pressed: ShowFigures, desk: Desk) -> Reply:
    """[Figures]."""
    return ReplaceMessage(draw_figures(desk))


@router.button(SendFigures, who=Who.HR)
def send_figures(pressed: SendFigures, desk: Desk) -> Reply:
    """[As a file]."""
    return ReplaceMessage(send_file(desk))


def _decide(desk: Desk, id: int, decide: Callable[[Case], Reply]) -> Reply:
    """An application that is no more is answered by the list of those that are."""
    case = decisions.find_case(desk, id)
    return decide(case) if case else leavers.show_list(desk, Kind.WAITING, 0)


@router.button(AskApprove, who=Who.HR)
def ask_approve(pressed: AskApprove, desk: Desk) -> Reply:
    """[Approve]."""
    return _decide(desk, pressed.id, lambda case: decisions.ask_approve(desk, case, in_list=bool(pressed.in_list)))


@router.form(Approve, who=Who.HR)
def approve(form: Approve, values: FormValues, desk: Desk) -> Reply:
    """The form of [Approve]."""
    choice, in_list = values.text(cards.ENTRY), bool(form.in_list)
    return _decide(desk, form.id, lambda case: decisions.approve(desk, case, choice, in_list=in_list))


@router.button(AskDecline, who=Who.HR)
def ask_decline(pressed: AskDecline, desk: Desk) -> Reply:
    """[Decline…]."""
    return _decide(desk, pressed.id, lambda case: decisions.ask_decline(desk, case, in_list=bool(pressed.in_list)))


@router.form(Decline, who=Who.HR)
def decline(form: Decline, values: FormValues, desk: Desk) -> Reply:
    """The form of [Decline…]."""
    reason, in_list = values.text(cards.REASON), bool(form.in_list)
    return _decide(desk, form.id, lambda case: decisions.decline(desk, case, reason, in_list=in_list))


@router.button(AskAdd, who=Who.HR)
def ask_add(pressed: AskAdd, desk: Desk) -> Reply:
    """[Add a leaver]."""
    return OpenForm(forms.add_form({}))


@router.form(Add, who=Who.HR)
def add(form: Add, values: FormValues, desk: Desk) -> Reply:
    """The form of [Add a leaver]."""
    return leavers.add(desk, forms.read_cells(values))


@router.button(AskCorrect, who=Who.HR)
def ask_correct(pressed: AskCorrect, desk: Desk) -> Reply:
    """[Correct…]."""
    return leavers.ask_correct(desk, Correct(pressed.id, pressed.kind, pressed.page))


@router.form(Correct, who=Who.HR)
def correct(form: Correct, values: FormValues, desk: Desk) -> Reply:
    """The form of [Correct…]."""
    return leavers.correct(desk, form, forms.read_cells(values))


@router.button(SendAgain, who=Who.HR)
def send_again(pressed: SendAgain, desk: Desk) -> Reply:
    """[Send], [Send again]."""
    return leavers.invite(desk, pressed)


@router.button(ShowCode, who=Who.HR)
def show_code(pressed: ShowCode, desk: Desk) -> Reply:
    """[Show code]."""
    return leavers.show_code(desk, pressed.id)


@router.button(Unlock, who=Who.HR)
def unlock(pressed: Unlock, desk: Desk) -> Reply:
    """[Unlock]: the wrong codes no longer count."""
    if forget_wrong_codes(desk.db, pressed.id):
        desk.note("account.unlock", f"account:{pressed.id}")
    return leavers.show_list(desk, Kind.LOCKED, 0, note=_("Unlocked. The registration is open again."))


@router.button(AskGrant, who=Who.HR)
def ask_grant(pressed: AskGrant, desk: Desk) -> Reply:
    """[Give the role…]."""
    return OpenForm(forms.grant_form())


@router.form(SearchEmployee, who=Who.HR)
def search_employee(form: SearchEmployee, values: FormValues, desk: Desk) -> Reply:
    """The form of [Give the role…]."""
    return roles.search(desk, values.text(forms.WHO))


@router.button(Grant, who=Who.HR)
def grant(pressed: Grant, desk: Desk) -> Reply:
    """[Give]."""
    return roles.grant(desk, pressed.id)


@router.button(Revoke, who=Who.HR)
def revoke(pressed: Revoke, desk: Desk) -> Reply:
    """[Take back]."""
    return roles.revoke(desk, pressed.id)


@router.button(AnswerNewcomers, who=Who.HR)
def answer_about_newcomers(pressed: AnswerNewcomers, desk: Desk) -> Reply:
    """[Welcome them], [Don't write]."""
    return answer_newcomers(desk, pressed)
