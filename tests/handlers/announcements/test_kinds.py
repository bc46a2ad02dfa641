"""The kinds of things that are announced: each name belongs to one feature."""

from dataclasses import replace

import pytest

from bot.actions import Action
from handlers.actions import OpenHome
from handlers.announcements import Kind, add_kind, kinds
from storage.models import Purpose


@pytest.fixture(autouse=True)
def no_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "_kinds", {})


def make_new() -> Action:
    return OpenHome()


PARTY = Kind("party", lambda: "Party", Purpose.NEWS, make_new, lambda db, subject_id, reader, now: ())


def test_a_kind_is_found_by_its_name() -> None:
    add_kind(PARTY)
    assert kinds.find_kind("party") is PARTY
    assert kinds.list_kinds() == (PARTY,)


def test_adding_it_again_changes_nothing() -> None:
    add_kind(PARTY)
    add_kind(PARTY)
    assert kinds.list_kinds() == (PARTY,)


def test_no_two_features_have_one_name() -> None:
    add_kind(PARTY)
    with pytest.raises(ValueError, match="two features"):
        add_kind(replace(PARTY, purpose=Purpose.JOBS))


def test_news_belongs_to_nobody() -> None:
    with pytest.raises(ValueError, match="news"):
        add_kind(replace(PARTY, name="news"))
    assert kinds.find_kind("news") is None
