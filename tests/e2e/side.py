"""What a person does and sees on one side of the page, in the words of somebody who clicks."""

import re
from typing import Self

from playwright.sync_api import Locator, Page, expect


class Side:
    """One pane: the person whose side it is, where they are, and what they can do there."""

    def __init__(self, page: Page, name: str) -> None:
        self.page = page
        self.name = name
        self.pane = page.get_by_role("region", name=name, exact=True)

    @property
    def box(self) -> Locator:
        """Where the person writes."""
        return self.pane.get_by_role("combobox")

    @property
    def log(self) -> Locator:
        """The messages of the conversation that is open."""
        return self.pane.get_by_role("log")

    @property
    def messages(self) -> Locator:
        """Every message in it."""
        return self.log.get_by_role("article")

    @property
    def last(self) -> Locator:
        """The last message."""
        return self.messages.last

    @property
    def cards(self) -> Locator:
        """Every card of Musubi's in it."""
        return self.log.locator(".card")

    def say(self, text: str) -> Self:
        """Writes something and sends it."""
        self.box.fill(text)
        self.box.press("Enter")
        return self

    def go(self, place: str | re.Pattern[str]) -> Self:
        """Opens a conversation, the home page or the mails."""
        tab = self.pane.get_by_role("tab", name=place)
        tab.click()
        expect(tab).to_have_attribute("aria-selected", "true")
        return self

    def sees(self, text: str | re.Pattern[str]) -> Self:
        """Waits until the text stands in what is open."""
        expect(self.pane.get_by_role("tabpanel")).to_contain_text(text)
        return self

    def hears(self, text: str | re.Pattern[str]) -> Self:
        """Waits until the last message holds the text."""
        expect(self.last).to_contain_text(text)
        return self

    def button(self, label: str | re.Pattern[str]) -> Locator:
        """The newest button of that name."""
        return self.pane.get_by_role("tabpanel").get_by_role("button", name=label, exact=isinstance(label, str)).last

    def press(self, label: str | re.Pattern[str]) -> Self:
        """Presses the newest button of that name."""
        self.button(label).click()
        return self

    def form(self, title: str | re.Pattern[str]) -> "Dialog":
        """The form that is open for the person."""
        return Dialog(self.page, title)

    def last_page(self) -> "Dialog":
        """The page that a form ends with: nothing to fill in any more, only a way out."""
        page = self.page.locator("dialog:has(.page-card)")
        expect(page).to_be_visible()
        return Dialog(self.page, page)


class Dialog:
    """A window over the page."""

    def __init__(self, page: Page, title: str | re.Pattern[str] | Locator) -> None:
        self.page = page
        self.node = title if isinstance(title, Locator) else page.get_by_role("dialog", name=title)
        expect(self.node).to_be_visible()

    def fill(self, label: str | re.Pattern[str], text: str) -> Self:
        """Writes into a field."""
        self.node.get_by_label(label).fill(text)
        return self

    def choose(self, label: str | re.Pattern[str], option: str) -> Self:
        """Chooses one of several."""
        self.node.get_by_role("combobox", name=label).select_option(label=option)
        return self

    def tick(self, *labels: str) -> Self:
        """Ticks boxes."""
        for label in labels:
            self.node.get_by_role("checkbox", name=label).check()
        return self

    def press(self, label: str | re.Pattern[str]) -> Self:
        """Presses one of its buttons."""
        self.node.get_by_role("button", name=label, exact=isinstance(label, str)).last.click()
        return self

    def sees(self, text: str | re.Pattern[str]) -> Self:
        """Waits until the text stands in the window."""
        expect(self.node).to_contain_text(text)
        return self

    def close(self) -> None:
        """Leaves it by its last button, and waits until it is closed."""
        self.node.get_by_role("button").last.click()
        self.is_gone()

    def is_gone(self) -> None:
        """Waits until the window is closed."""
        expect(self.node).to_be_hidden()
