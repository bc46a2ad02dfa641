"""The words of the roster: golden invitations, and a sentence for everything that can be wrong."""

from datetime import UTC, datetime

import pytest

from bot.i18n import LANGUAGES, use_locale
from bot.policy import Policy
from bot.ui import Link, list_inlines
from handlers.roster import Column, Fault, Problem, describe, name_column
from handlers.roster.views import Invited, invitation
from tests.support.golden import check_views

MISAKI = Invited("佐藤 美咲", "7K3M-XA4P", datetime(2027, 1, 29, 1, tzinfo=UTC))
JANE = Invited("Jane <b>Smith</b>", "7K3M-XA4P", datetime(2027, 1, 29, 1, tzinfo=UTC))
OPEN = Policy(join_url="https://join.slack.com/t/en-community/abc")


@pytest.mark.parametrize("locale", LANGUAGES)
def test_invitations(locale: str) -> None:
    check_views(
        "roster",
        locale,
        {
            "invitation": lambda: invitation(MISAKI, Policy(), locale),
            "invitation_with_link": lambda: invitation(MISAKI, OPEN, locale),
            "invitation_in_both": lambda: invitation(JANE, Policy(language=locale), ""),
        },
    )


def test_the_link_is_a_link() -> None:
    links = [piece for piece in list_inlines(invitation(MISAKI, OPEN, "ja")) if isinstance(piece, Link)]
    assert [link.url for link in links] == [OPEN.join_url]


@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize("fault", Fault)
def test_every_fault_has_a_sentence(fault: Fault, locale: str) -> None:
    problem = Problem(7, fault, Column.EMAIL, "00123", 4711)
    with use_locale(locale):
        sentence = describe(problem)
    assert sentence.endswith("。" if locale == "ja" else ".")
    assert not {"{column}", "{value}", "{other}"} & set(sentence.split())


def test_the_languages_differ() -> None:
    for fault in Fault:
        with use_locale("ja"):
            japanese = describe(Problem(1, fault, Column.NAME))
        with use_locale("en"):
            assert describe(Problem(1, fault, Column.NAME)) != japanese


def test_an_encoding_that_is_known_is_named() -> None:
    with use_locale("ja"):
        assert "EUC-JP" in describe(Problem(0, Fault.ENCODING, value="EUC-JP"))
        assert "CP932" in describe(Problem(0, Fault.ENCODING))


@pytest.mark.parametrize("column", Column)
def test_every_column_has_a_name(column: Column) -> None:
    with use_locale("ja"):
        japanese = name_column(column)
    with use_locale("en"):
        assert name_column(column) != japanese
