"""What people do in a relayed room on the page: opening its thread, editing and deleting what they wrote."""

import re

from playwright.sync_api import Locator, expect

from tests.e2e.flows import page_says, speak
from tests.e2e.side import Side


def find_message(side: Side, text: str) -> Locator:
    """The message that holds the text."""
    return side.messages.filter(has_text=text).last


def use_tool(side: Side, text: str, tool: str, language: str = "ja") -> None:
    """Edits or deletes one's own message, by keyboard alone."""
    button = find_message(side, text).get_by_role("button", name=page_says(language)(tool))
    button.focus()
    expect(button).to_be_focused()
    side.page.keyboard.press("Enter")


def enter(side: Side, other: str, language: str = "ja") -> None:
    """Opens the thread from the message that begins it."""
    side.go("Musubi")
    title = speak(language)("Your conversation with {name}").format(name=other)
    opening = side.messages.filter(has_text=title).first
    opening.get_by_role("button", name=re.compile(re.escape(page_says(language)("Open the thread")))).click()
    expect(side.pane.get_by_role("tab", name=other)).to_have_attribute("aria-selected", "true")
