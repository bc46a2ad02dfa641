"""Everything that is said about accounts, in both languages."""

from collections.abc import Callable

import pytest

from bot.i18n import LANGUAGES, use_locale
from bot.policy import Policy
from bot.ui import Form, Message, Para, Reader
from handlers.accounts import views
from handlers.accounts.rules import Verdict
from storage.models import Account, AccountJoin, Status
from tests.support.everywhere import find_problems
from tests.support.golden import check_views
from tests.support.people import moment

POLICY = Policy()
NAME = "佐藤 美咲"


def account(id: int, platform: str, name: str = NAME, *, reachable: bool = True) -> Account:
    mail = platform == "email"
    return Account(
        id=id,
        platform=platform,
        external_id="misaki@example.com" if mail else f"U{id}",
        name=name,
        email="misaki@example.com" if mail else "",
        reachable=reachable,
        created_at=moment(20),
    )


SLACK, TEAMS, MAIL = account(1, "slack"), account(2, "teams", "Sato, Misaki"), account(3, "email")
CLOSED = account(4, "slack", reachable=False)
JOIN = AccountJoin(id=9, member_id=1, former_id=2, former_status=Status.UNVERIFIED, account_ids=[2], at=moment(20))


def verdicts() -> Message:
    return Message("Sentences", (Para(("\n".join(map(views.explain, Verdict)),)),))


VIEWS: dict[str, Callable[[], Message | Form]] = {
    "page_one": lambda: views.page([SLACK], SLACK, []),
    "page_many": lambda: views.page([SLACK, TEAMS, MAIL, CLOSED], SLACK, [JOIN]),
    "page_unreachable": lambda: views.page([CLOSED], None, []),
    "outside": lambda: views.outside(POLICY),
    "code": lambda: views.code("7K3M-XA4P", moment(20, 10, 15), POLICY),
    "code_form": lambda: views.code_form("7K3M"),
    "verdicts": verdicts,
    "wrong": lambda: views.wrong(views.explain(Verdict.EXPIRED)),
    "locked": lambda: views.locked(moment(20, 11), POLICY),
    "yours_already": views.yours_already,
    "two_memberships": lambda: views.two_memberships(POLICY),
    "joined": lambda: views.joined(NAME, 9, TEAMS, SLACK, POLICY),
    "owner_told": lambda: views.owner_told(9, TEAMS, moment(20), POLICY),
    "taken_apart": lambda: views.taken_apart(told_hr=False),
    "taken_apart_by_owner": lambda: views.taken_apart(told_hr=True),
}


@pytest.mark.parametrize("locale", LANGUAGES)
def test_views(locale: str) -> None:
    check_views("accounts", locale, VIEWS)


@pytest.mark.parametrize("locale", LANGUAGES)
def test_the_form_fits_into_slack_s_24_characters(locale: str) -> None:
    with use_locale(locale):
        form = views.code_form()
    assert max(len(form.title), len(form.submit)) <= 24


@pytest.mark.parametrize("locale", LANGUAGES)
def test_many_accounts_fit_and_hostile_names_stay_names(locale: str) -> None:
    many = [account(id, "teams", f"<!channel> {'あ' * 200}") for id in range(1, 30)]

    with use_locale(locale):
        page = views.page(many, many[-1], [])
        assert find_problems(page, Reader(locale, "Asia/Tokyo")) == []
