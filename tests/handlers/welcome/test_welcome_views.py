"""Every message of a welcome, in both languages."""

import pytest

from bot.i18n import LANGUAGES
from bot.policy import Policy
from handlers.welcome import views
from tests.support.golden import check_views
from tests.support.people import moment

POLICY = Policy()
NAME = "佐藤 美咲"


@pytest.mark.parametrize("locale", LANGUAGES)
def test_views(locale: str) -> None:
    check_views(
        "welcome",
        locale,
        {
            "leaver": lambda: views.welcome_leaver(NAME, POLICY),
            "employee": lambda: views.welcome_employee(NAME, POLICY),
            "hr": lambda: views.welcome_hr(NAME, POLICY),
            "nudge": lambda: views.nudge(NAME, POLICY, begun=False, last=False),
            "nudge_last": lambda: views.nudge(NAME, POLICY, begun=False, last=True),
            "nudge_begun": lambda: views.nudge(NAME, POLICY, begun=True, last=False),
            "put_off": lambda: views.put_off(moment(23)),
            "put_off_for_good": lambda: views.put_off(None),
            "no_more": lambda: views.no_more(POLICY),
        },
    )
