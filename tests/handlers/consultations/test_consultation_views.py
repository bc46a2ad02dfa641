"""Every view of a consultation: its words in both languages, and that every platform can show it whatever people
wrote.
"""

import pytest

from bot.i18n import LANGUAGES, use_locale
from bot.ui import Button, Buttons, Form, Message, Para, Reader
from handlers.consultations import rules
from handlers.consultations.views.people import Person
from storage.models import Role
from storage.queries.members import Card
from storage.queries.topics import LONGEST_TOPIC
from tests.handlers.consultations.shown import Words, all_views
from tests.support.everywhere import find_problems
from tests.support.golden import check_views

HOSTILE = [
    "<!channel> <@U012> & *bold* _it_ ~no~ `code`",
    "[link](https://evil.example) <https://evil.example|here>",
    "<at>Everybody</at> {{DATE(2026-01-01T00:00:00Z,SHORT)}} # **x**",
    "{name} {0} {topic} %s %(x)s \\n",
    "\u202eright to left\u202c 👩‍👩‍👧‍👦 Zoë O'Brien\n> quote\n\n\n",
    "あ" * 400,
    "🎌" * 400,
    '"' * 400,
]


def hostile(text: str) -> Words:
    """The text in every place where people write, as long as it can be there."""
    return Words(
        name=text[:120],
        other=text[:120],
        department=text[:150],
        employer=text[:150],
        job=text[:150],
        city=text[:150],
        company=text[:150],
        topic=text[: rules.LONGEST_TOPIC],
        aim=text[: rules.LONGEST_AIM],
        shared=text[:LONGEST_TOPIC],
        line=text[: rules.LONGEST_LINE],
    )


@pytest.mark.parametrize("locale", LANGUAGES)
def test_the_words_of_every_view(locale: str) -> None:
    check_views("consultations", locale, all_views(Words()))


@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_every_view_can_be_shown_everywhere(text: str, locale: str) -> None:
    for name, make in all_views(hostile(text)).items():
        with use_locale(locale):
            view = make()
        assert find_problems(view, Reader(locale, "Asia/Tokyo")) == [], name


@pytest.mark.parametrize("locale", LANGUAGES)
def test_a_message_says_little_before_its_buttons(locale: str) -> None:
    """The house's rule: at most four short lines; the proposals, which are a list, may have more."""
    for name, make in all_views(Words()).items():
        with use_locale(locale):
            view = make()
        if isinstance(view, Message) and not name.startswith(("proposals", "home")):
            assert sum(isinstance(block, Para) for block in view.blocks) <= 4, name


@pytest.mark.parametrize(("locale", "longest"), [("ja", 9), ("en", 24)])
def test_buttons_are_short(locale: str, longest: int) -> None:
    for name, make in all_views(Words()).items():
        with use_locale(locale):
            view = make()
        for button in list_all_buttons(view):
            assert len(button.label) <= longest, (name, button.label)
            assert not button.label.endswith(("。", ".")), (name, button.label)


def list_all_buttons(view: Message | Form) -> list[Button]:
    """The buttons of a message; a form has none."""
    if isinstance(view, Form):
        return []
    return [button for block in view.blocks if isinstance(block, Buttons) for button in block.buttons]


@pytest.mark.parametrize("locale", LANGUAGES)
def test_at_most_one_button_stands_out_and_never_a_dangerous_one(locale: str) -> None:
    for name, make in all_views(Words()).items():
        with use_locale(locale):
            loud = [button for button in list_all_buttons(make()) if button.style != "default"]
        if not name.startswith("proposals"):
            assert len(loud) <= 1, name
        assert all(button.style == "primary" for button in loud), name


def test_the_nameless_are_told_apart_by_letters_only() -> None:
    card = Card(5, "佐藤 美咲", "さとう みさき", Role.ALUMNUS, department="設計2課", employer="X社", city="仙台")
    person = Person(card, 2)
    with use_locale("ja"):
        assert (person.name, person.mention, person.line) == ("アルムナイB", "アルムナイB", "")
        assert Person(Card(5, "高橋 翔", "", Role.EMPLOYEE), 1).name == "社員A"
    with use_locale("en"):
        assert person.name == "Alumnus B"
