"""The invitation as a mail, word for word: golden files of the plain text, and what the page must have."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from adapters.email import render_letter
from bot.policy import Policy
from bot.ui import Button, Buttons, Chips, Fact, Facts, Heading, Message, Note, Para, Picture, Quote, Reader, When
from handlers.actions import OpenHome, Register
from handlers.roster.views import Invited, invitation

FOLDER = Path(__file__).parents[2] / "golden" / "email"
INVITED = Invited("佐藤 美咲", "7K3M-XA4P", datetime(2027, 1, 29, 1, tzinfo=UTC))
OPEN = Policy(join_url="https://join.slack.com/t/en-community/shared_invite/zt-1234567890-abcdefghijklmnop")
READERS = {"ja": Reader("ja", "Asia/Tokyo"), "en": Reader("en", "Europe/London")}

EVERYTHING = Message(
    "設計2課の高橋 翔さんから相談のお願いです",
    (
        Heading("相談のお願い"),
        Para(("設計2課の高橋 翔さんが「電池の量産立ち上げ」について相談したいそうです。",)),
        Quote(
            "来春から量産準備の担当になります。最初の半年で確かめておくべきことを伺いたいです。\n30分ほど、日本語で。"
        ),
        Facts((Fact("返事の期限", (When(datetime(2026, 11, 30, 8, tzinfo=UTC)),)), Fact("言葉", ("日本語",)))),
        Chips(("電池", "海外赴任", "Python")),
        Picture("https://example.com/a.png", "工場の写真"),
        Note(("このメールには返信できます。",), "done"),
        Buttons((Button("引き受ける", OpenHome(), "primary"), Button("今回は難しい", Register()))),
    ),
)

LETTERS: dict[str, Callable[[str], Message]] = {
    "invitation": lambda locale: invitation(INVITED, Policy(), locale),
    "invitation_with_link": lambda locale: invitation(INVITED, OPEN, locale),
    "invitation_in_both": lambda locale: invitation(INVITED, Policy(language=locale), ""),
    "everything": lambda locale: EVERYTHING,
}


@pytest.mark.parametrize("locale", READERS)
@pytest.mark.parametrize("name", LETTERS)
def test_letters(name: str, locale: str) -> None:
    letter = render_letter(LETTERS[name](locale), READERS[locale])
    path = FOLDER / f"{name}.{locale}.txt"
    written = f"Subject: {letter.subject}\n\n{letter.text}"
    if os.environ.get("MUSUBI_GOLDEN") == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(written, encoding="utf-8")
    assert written == path.read_text(encoding="utf-8"), "run with MUSUBI_GOLDEN=write and compare"


def test_no_letter_is_left_over() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {
        f"{name}.{locale}.txt" for name in LETTERS for locale in READERS
    }


class Page(HTMLParser):
    """What a page is made of."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keeps the tag."""
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in ("meta", "br", "hr", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Each tag is closed in its turn."""
        assert self.open.pop() == tag


@pytest.mark.parametrize("locale", READERS)
@pytest.mark.parametrize("name", LETTERS)
def test_the_page_needs_nothing_from_elsewhere(name: str, locale: str) -> None:
    page = Page(render_letter(LETTERS[name](locale), READERS[locale]).html)
    assert page.open == []
    assert ("html", {"lang": locale}) in page.tags
    tags = {tag for tag, _values in page.tags}
    assert not tags & {"script", "link", "style", "form", "input", "button", "iframe"}
    assert not [values for _tag, values in page.tags if any(each.startswith("on") for each in values)]


def test_the_page_is_readable_in_light_and_dark() -> None:
    page = Page(render_letter(EVERYTHING, READERS["ja"]).html)
    schemes = [
        values["content"] for tag, values in page.tags if tag == "meta" and "color-scheme" in values.get("name", "")
    ]
    assert schemes == ["light dark", "light dark"]
    styles = [values.get("style", "") for _tag, values in page.tags]
    assert not [style for style in styles if "background" in style or "color:#" in style.replace("border", "")]


def test_a_picture_says_what_it_shows() -> None:
    page = Page(render_letter(EVERYTHING, READERS["ja"]).html)
    (picture,) = [values for tag, values in page.tags if tag == "img"]
    assert picture["alt"] == "工場の写真"
