"""Takes the README's pictures from the running demo, into docs/pictures or the folder named: `make screenshots`.

Starts `python -m bot demo` with an empty folder on a free port, plays the flows in Debian's chromium as people click
through them, and takes each picture where there is something to see. Run it again after the page or its words have
changed, and look at the pictures before they are committed.
"""

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, Page, sync_playwright

# Run as a program, this folder is searched instead of the repository.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.e2e import flows
from tests.e2e.conftest import ARGUMENTS
from tests.e2e.flows import ENGLISH, HR, JAPANESE, Cast, speak, wait_for_event
from tests.e2e.servers import run_demo

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"

WIDE = {"width": 1440, "height": 900}
ALL = (
    "form-ja",
    "proposals-ja",
    "workspace-ja",
    "room-ja-dark",
    "invitation-ja",
    "home-ja",
    "workspace-en-dark",
    "workspace-en",
    "phone-ja",
    "phone-en-dark",
    "phone-people-en-dark",
)
"""The pictures, in the order in which they are taken."""

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "has_touch": True, "is_mobile": True,
}  # fmt: skip


def find_chromium() -> str:
    """The path of chromium. Ends the program with a sentence when there is none."""
    advice = "The pictures need Debian's chromium: apt-get install chromium fonts-noto-cjk"
    return shutil.which("chromium") or sys.exit(advice)


class Studio:
    """A browser in front of the demo."""

    def __init__(self, browser: Browser, address: str, folder: Path) -> None:
        self._browser = browser
        self.address = address
        self._folder = folder

    def open(self, language: str, scheme: Literal["light", "dark"], **options: Any) -> Page:
        """A page in a language and look."""
        given: dict[str, Any] = {"viewport": WIDE, "reduced_motion": "reduce", **options}
        locale = {"ja": "ja-JP", "en": "en-GB"}[language]
        page = self._browser.new_context(locale=locale, color_scheme=scheme, **given).new_page()
        page.set_default_timeout(15_000)
        return page

    def show(self, page: Page, people: str, places: str = "", language: str = "ja") -> Page:
        """Shows these people at these places."""
        page.goto(f"{self.address}?people={people}&at={places}&lang={language}")
        page.wait_for_selector(".panes .tab")
        return page

    def take(self, page: Page, name: str) -> None:
        """Takes the picture when everything has settled."""
        page.mouse.move(700, 5)
        page.evaluate("document.activeElement?.blur()")
        page.wait_for_timeout(900)
        page.screenshot(path=self._folder / f"{name}.png")
        print(self._folder / f"{name}.png")


def play_japanese(studio: Studio) -> None:
    """A consultation from both sides, with its form, its proposals and its room."""
    page = studio.open("ja", "light")
    asker, mentor = flows.open_sides(page, studio.address, JAPANESE.asker, JAPANESE.mentor, "ja")
    _ = speak("ja")
    asker.say(f"/mentor {JAPANESE.topic}")
    form = asker.form(_("Ask for a consultation"))
    form.fill(_("What you would like to get from it"), f"来春から量産準備の担当になります。{JAPANESE.aim}")
    studio.take(page, "form-ja")
    form.press(_("Find people"))
    asker.last_page().close()
    asker.sees(_("People you could talk to"))
    studio.take(page, "proposals-ja")
    asker.last.get_by_role("button", name=_("Ask"), exact=True).first.click()
    asker.sees(_("Your request is on its way"))
    wait_for_event(page, "ja", mentor, _("Accept"))
    studio.take(page, "workspace-ja")
    mentor.press(_("Accept"))
    mentor.sees(_("Before you talk"))
    flows.talk(asker, mentor)
    page.emulate_media(color_scheme="dark")
    asker.go(JAPANESE.mentor.name)
    studio.take(page, "room-ja-dark")


def play_welcome(studio: Studio) -> None:
    """A leaver's mail and HR's page, then the registration."""
    page = studio.open("ja", "light")
    leaver, yuka = flows.open_sides(page, studio.address, JAPANESE.leaver, HR, "ja")
    yuka.say("/hr").sees(speak("ja")("HR's page"))
    code = flows.read_code(leaver)
    studio.take(page, "invitation-ja")
    flows.join(leaver, "ja")
    flows.register(leaver, code, "ja")
    leaver.go(flows.page_says("ja")("Home"))
    studio.take(page, "home-ja")


def play_english(studio: Studio) -> None:
    """The same in English, in the dark."""
    page = studio.open("en", "dark")
    asker, mentor = flows.open_sides(page, studio.address, ENGLISH.asker, ENGLISH.mentor, "en")
    flows.ask(asker, ENGLISH)
    wait_for_event(page, "en", mentor, speak("en")("Accept"))
    studio.take(page, "workspace-en-dark")
    page.emulate_media(color_scheme="light")
    studio.take(page, "workspace-en")


def play_phones(studio: Studio) -> None:
    """What stands on a phone by now."""
    japanese = studio.open("ja", "light", **PHONE)
    studio.take(studio.show(japanese, _both(JAPANESE, mentor_first=True)), "phone-ja")
    english = studio.open("en", "dark", **PHONE)
    studio.take(studio.show(english, _both(ENGLISH, mentor_first=True), language="en"), "phone-en-dark")
    english.get_by_role("button", name=flows.page_says("en")("People")).first.click()
    studio.take(english, "phone-people-en-dark")


def _both(cast: Cast, *, mentor_first: bool) -> str:
    people = (cast.mentor.id, cast.asker.id) if mentor_first else (cast.asker.id, cast.mentor.id)
    return ",".join(people)


def main(folder: Path = PICTURES) -> None:
    """Takes all pictures into a folder."""
    chromium = find_chromium()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, run_demo(Path(data) / "demo") as demo, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        studio = Studio(browser, demo.address, folder)
        for play in (play_japanese, play_welcome, play_english, play_phones):
            play(studio)
        browser.close()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
