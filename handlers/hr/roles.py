"""The HR role: given by HR to employees, and taken back."""

from bot.i18n import _
from bot.incoming import AccountKind, Origin, Profile
from bot.membership import is_named_hr
from bot.policy import Policy
from bot.replies import FormErrors, Private, Reply
from handlers.hr import forms
from handlers.hr.alerts import tell_hr
from handlers.hr.desk import Desk
from handlers.hr.kinds import Kind
from handlers.hr.leavers import show_list
from storage.models import Account, Member, Role, Status
from storage.queries.applications import list_accounts
from storage.queries.joining import list_hr, search_employees
from storage.queries.members import get_member
from storage.queries.outbox import Terms, post

_MOST_FOUND = 5


def search(desk: Desk, who: str) -> Reply:
    """Whom the words mean."""
    people = search_employees(desk.db, who, _MOST_FOUND + 1)
    if not who or not people:
        sentence = _("No employee of that name or address is here. Only who has been met in a workspace can be found.")
        return FormErrors(forms.grant_form(who), {forms.WHO: sentence})
    return Private(forms.found(people, _MOST_FOUND))


def grant(desk: Desk, id: int) -> Reply:
    """Gives the role. Everybody in HR hears of it, the new one too."""
    member = get_member(desk.db, id)
    if member.status != Status.ACTIVE or member.role != Role.EMPLOYEE:
        note = _("{name} is no active employee, and can't have the role.").format(name=member.name)
        return show_list(desk, Kind.ROLES, 0, note=note)
    if not member.is_hr:
        member.is_hr = True
        desk.note("role.grant", f"member:{id}")
        name, by = member.name, desk.me.name
        tell_hr(desk.db, f"hr.role.given:{id}:{desk.now:%Y%m%dT%H%M%S}", lambda: forms.role_given(name, by), desk.now)
    return show_list(desk, Kind.ROLES, 0, note=_("{name} now has the HR role").format(name=member.name))


def revoke(desk: Desk, id: int) -> Reply:
    """Takes the role back: never from oneself, so that never nobody is left, and not from whom the settings name."""
    member = get_member(desk.db, id)
    if id == desk.me.id:
        note = _("You can't take the role from yourself. Somebody else in HR can.")
    elif _is_named(desk, member):
        note = _("{name} has the role by the settings (MUSUBI_HR). Please take the name out there.")
    else:
        note = _("{name} no longer has the HR role")
        _take(desk, member)
    return show_list(desk, Kind.ROLES, 0, note=note.format(name=member.name))


def _take(desk: Desk, member: Member) -> None:
    if not member.is_hr:
        return
    member.is_hr = False
    desk.note("role.revoke", f"member:{member.id}")
    name, by, key = member.name, desk.me.name, f"hr.role.taken:{member.id}:{desk.now:%Y%m%dT%H%M%S}"
    for each in (*list_hr(desk.db), member):
        post(desk.db, each, lambda: forms.role_taken(name, by), Terms(f"{key}:{each.id}", desk.now))


def _is_named(desk: Desk, member: Member) -> bool:
    return any(_names(desk.policy, account) for account in list_accounts(desk.db, member.id or 0))


def _names(policy: Policy, account: Account) -> bool:
    """As at every meeting: otherwise the role would come back by itself."""
    profile = Profile(account.name, account.email, account.email_verified, kind=AccountKind(account.kind))
    return is_named_hr(Origin(account.platform, account.tenant, account.external_id), profile, policy)
