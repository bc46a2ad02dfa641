"""The product's flows as people click through them, in any language: registering, asking, accepting, talking.

Labels are looked up in the product's own catalogues, so that a better word in a catalogue breaks no test.
"""

import contextlib
import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from playwright.sync_api import Error, Locator, Page, expect

from bot.i18n import load_translations
from tests.e2e.side import Side

CODE = re.compile(r"(?<![A-Z0-9])([A-Z0-9]{4}-[A-Z0-9]{4})")

Say = Callable[[str], str]

TOKYO = timedelta(hours=9)

KEYS = itertools.count(1)
"""For the acts of a test that no page makes: each carries a key of its own."""


def speak(language: str) -> Say:
    """How the product says an English sentence in that language."""
    return load_translations(language).gettext


def page_says(language: str) -> Say:
    """How the page itself says it."""
    translations = load_translations(language)
    return lambda text: translations.pgettext("playground", text)


def like(text: str) -> re.Pattern[str]:
    """The sentence, whatever stands in its holes."""
    return re.compile(".+".join(re.escape(part) for part in re.split(r"\{\w+\}", text) if part))


@dataclass(frozen=True, slots=True)
class Someone:
    """A person of the invented community."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays in a language, and what is talked about."""

    language: str
    asker: Someone
    mentor: Someone
    leaver: Someone
    topic: str
    aim: str


JAPANESE = Cast(
    "ja",
    Someone("sho-takahashi", "高橋 翔"),
    Someone("misaki-sato", "佐藤 美咲"),
    Someone("kenichi-tanaka", "田中 健一"),
    "電池の量産立ち上げ",
    "最初の半年で確かめておくべきことを伺いたいです。",
)
ENGLISH = Cast(
    "en",
    Someone("oliver-brandner", "Oliver Brandner"),
    Someone("emily-carter", "Emily Carter"),
    Someone("james-whitcombe", "James Whitcombe"),
    "Battery development",
    "How you kept a pack warm at minus thirty.",
)
HR = Someone("yuka-yamamoto", "山本 由佳")


def open_sides(page: Page, address: str, first: Someone, second: Someone, language: str) -> tuple[Side, Side]:
    """Shows two people side by side, on a page in that language, in the daytime of Tokyo."""
    go_to_daytime(page, address)
    page.goto(f"{address}?people={first.id},{second.id}&lang={language}")
    return Side(page, first.name), Side(page, second.name)


def read_in_english(side: Side) -> None:
    """Somebody who reads Japanese chooses English in Musubi's preferences."""
    before = speak("ja")
    side.say("/alumni settings")
    form = side.form(before("Preferences"))
    form.choose(before("Language of our messages"), before("English")).press(before("Save"))
    side.last_page().close()


def go_to_daytime(page: Page, address: str) -> None:
    """Moves the workspace's clock to ten in Tokyo, where it shows an hour in which nobody is to be written to."""
    hour = (read_clock(page, address) + TOKYO).hour
    if not 9 <= hour < 18:
        push_clock(page, address, (34 - hour) % 24 * 3600)


def read_clock(page: Page, address: str) -> datetime:
    """What the workspace's clock shows (UTC)."""
    answer = page.request.get(f"{address}/api/changes?people=&since=").json()
    return datetime.fromisoformat(answer["now"])


def push_clock(page: Page, address: str, seconds: int) -> None:
    """Moves the clock without pressing anything on the page; what is due by then has happened."""
    origin = address.removesuffix("/playground")
    body = {"key": f"pushed-by-a-test-{next(KEYS)}", "seconds": seconds}
    assert page.request.post(f"{address}/api/clock", data=body, headers={"Origin": origin}).ok


def settle(page: Page) -> None:
    """What is due by now has happened; the page has only to show it."""
    push_clock(page, page.url.split("?")[0], 1)


def move_clock(page: Page, language: str, label: str) -> None:
    """Presses one of the clock's buttons, and waits until what is due by then has happened and is shown."""
    button = page.get_by_role("button", name=page_says(language)(label))
    with page.expect_response("**/api/clock", timeout=60_000):
        button.click()
    expect(button).not_to_have_attribute("aria-busy", "true", timeout=60_000)


def wait_for_event(page: Page, language: str, side: Side, label: str) -> None:
    """Moves from event to event until the person has a button of that name; at most a few of them."""
    wait_in_time(page, language, side.pane.get_by_role("button", name=label, exact=True))


def wait_in_time(page: Page, language: str, wanted: Locator) -> None:
    """Moves from event to event until it is there; at most a few of them."""
    settle(page)
    with contextlib.suppress(Error):  # not there yet: on to the next event
        return wanted.first.wait_for(state="attached", timeout=1_500)
    for _ in range(12):
        move_clock(page, language, "Next event")
        if wanted.count():
            return None
    return expect(wanted).not_to_have_count(0)


def read_code(leaver: Side) -> str:
    """The invitation code in the leaver's mail."""
    frame = leaver.pane.frame_locator("iframe").last.locator("body")
    expect(frame).to_contain_text(CODE)
    found = CODE.search(frame.inner_text())
    assert found is not None
    return found[1]


def join(leaver: Side, language: str) -> None:
    """Joins the workspace; the welcome is there at once."""
    leaver.pane.get_by_role("button", name=page_says(language)("Join the workspace")).click()
    leaver.go("Musubi")
    expect(leaver.cards).to_have_count(1)


def register(leaver: Side, code: str, language: str) -> None:
    """The three short forms, with a code."""
    _ = speak(language)
    leaver.press(_("Register"))
    leaver.form(_("Who are you (1/3)")).fill(_("Invitation code"), code).press(_("Next"))
    about = leaver.form(_("About you (2/3)"))
    about.fill(_("City"), "浜松").fill(_("Latest news"), "庭の柿が色づきました。").press(_("Next"))
    choices = leaver.form(_("Your choices (3/3)"))
    choices.press(_("Register"))
    box = choices.node.get_by_role("checkbox", name=_("I'll keep to them"))
    expect(box).to_be_focused()
    choices.tick(_("I'll keep to them"), _("I'd like to get news and events")).press(_("Register"))
    leaver.last_page().close()


def ask(asker: Side, cast: Cast) -> None:
    """Fills in the form for a consultation; proposals follow."""
    _ = speak(cast.language)
    asker.say(f"/mentor {cast.topic}")
    form = asker.form(_("Ask for a consultation"))
    expect(form.node.get_by_label(_("Topic"))).to_have_value(cast.topic)
    form.fill(_("What you would like to get from it"), cast.aim).press(_("Find people"))
    asker.last_page().sees(cast.topic).close()
    asker.sees(_("People you could talk to")).sees(cast.mentor.name)
    asker.last.get_by_role("button", name=_("Ask"), exact=True).first.click()
    asker.sees(_("Your request is on its way"))


def accept(mentor: Side, cast: Cast) -> None:
    """The one who is asked says yes; both are told."""
    _ = speak(cast.language)
    wait_for_event(mentor.page, cast.language, mentor, _("Accept"))
    mentor.sees(cast.topic).sees(cast.aim).press(_("Accept"))
    mentor.sees(_("Before you talk"))


def talk(asker: Side, mentor: Side) -> None:
    """Both write in the room that was opened for them."""
    asker.go(mentor.name)
    mentor.go(asker.name)
    asker.say("来週の水曜か木曜の夕方はいかがでしょうか。")
    mentor.hears("来週の水曜か木曜の夕方はいかがでしょうか。")
    mentor.say("水曜の18時からでお願いします。")
    asker.hears("水曜の18時からでお願いします。")
    asker.go("Musubi")
    mentor.go("Musubi")


def send_what_came_back(side: Side) -> None:
    """After a reload: where the server was away for longer than the page's patience, what was written is in the box."""
    if side.box.input_value():
        side.box.press("Enter")


def tell_how_it_was(side: Side, language: str, useful: str) -> None:
    """Yes, and the two questions."""
    _ = speak(language)
    wait_for_event(side.page, language, side, _("Yes"))
    side.press(_("Yes"))
    form = side.form(_("How was it?"))
    form.node.get_by_role("combobox").select_option(label=_(useful))
    form.fill(_("In a line, if you like"), "図面の前に現場を見ることの大切さがわかりました。").press(_("Send"))
    form.is_gone()
    side.sees(_("Thank you. What you told us helps us to find the right people."))
