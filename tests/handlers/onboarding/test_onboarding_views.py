"""Every message and form of the registration, in both languages."""

from collections.abc import Callable

import pytest

from bot.i18n import LANGUAGES, use_locale
from bot.policy import Policy
from bot.ui import Form, Message, Note, Para
from handlers.onboarding import views
from handlers.onboarding.rules import Gap, Identity, Verdict
from handlers.profile import Frame
from tests.support.golden import check_views
from tests.support.people import moment

POLICY = Policy()
NAME = "佐藤 美咲"


def sentences(*texts: str) -> Message:
    """Sentences that stand beside fields, as one view."""
    return Message("Sentences", (Para(("\n".join(texts),)),))


def titles(frame: Frame) -> Form:
    return Form(frame.title, frame.submit, frame.action, (Note(("The form",)),))


VIEWS: dict[str, Callable[[], Message | Form]] = {
    "identify": lambda: views.identify_form(Identity(), POLICY),
    "identify_again": lambda: views.identify_form(Identity("7K3M", "123", NAME, "2026-03"), POLICY),
    "identify_code_only": lambda: views.identify_form(Identity(), POLICY, code_only=True),
    "about_frame": lambda: titles(views.about_frame()),
    "choices_frame": lambda: titles(views.choices_frame()),
    "gaps": lambda: sentences(*(views.explain_gap(gap) for gap in Gap)),
    "verdicts": lambda: sentences(
        *(
            views.explain_verdict(verdict, left, code_only=left == 1)
            for verdict in (Verdict.UNKNOWN, Verdict.EXPIRED, Verdict.USED)
            for left in (3, 1)
        )
    ),
    "locked": lambda: views.locked(moment(20, 11, 4), POLICY),
    "filed": lambda: views.waiting(moment(25), just_filed=True),
    "waiting": lambda: views.waiting(moment(25), just_filed=False),
    "waiting_without_day": lambda: views.waiting(None, just_filed=False),
    "still_waiting": lambda: views.still_waiting(NAME, moment(30)),
    "still_waiting_without_day": lambda: views.still_waiting(NAME, None),
    "approved": lambda: views.approved(NAME),
    "declined": lambda: views.declined(NAME, "お名前の漢字が名簿と違うようです。"),
    "declined_without_reason": lambda: views.declined(NAME, ""),
    "completed": lambda: views.completed(POLICY),
    "greeted": lambda: views.greeted(NAME, 2, POLICY),
    "greeted_without_consultations": lambda: views.greeted(NAME, 0, POLICY),
}


@pytest.mark.parametrize("locale", LANGUAGES)
def test_views(locale: str) -> None:
    check_views("onboarding", locale, VIEWS)


@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize("frame", [views.about_frame, views.choices_frame])
def test_titles_and_buttons_fit_into_slack_s_24_characters(locale: str, frame: Callable[[], Frame]) -> None:
    with use_locale(locale):
        assert max(len(frame().title), len(frame().submit)) <= 24
        form = views.identify_form(Identity(), POLICY)
    assert max(len(form.title), len(form.submit)) <= 24
