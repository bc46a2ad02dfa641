"""Slack's limits, as far as our messages and forms can reach them.

Sources: docs.slack.dev/reference/block-kit and docs.slack.dev/reference/methods. The size of all blocks of one message
is documented nowhere; it was measured by users at about 13,200 characters (slackapi/bolt-js, issue 2509).
"""


class RenderError(ValueError):
    """What was to be shown does not fit into Slack: a label too long, too many options, an address that is no link."""


MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
BLOCKS_SIZE = 13_000
SUMMARY = 1000
"""Our own: a notification shows less, and `chat.update` takes 4,000."""

HEADER = 150
SECTION = 3000
BUTTONS_IN_ROW = 25
BUTTON_LABEL = 75
BUTTON_VALUE = 2000
CONFIRM_TEXT = 300
URL = 3000
ALT_TEXT = 2000

VIEW_TITLE = 24
PRIVATE_METADATA = 3000
FIELD_LABEL = 2000
FIELD_HINT = 2000
PLACEHOLDER = 150
INPUT_LENGTH = 3000
OPTIONS = 100
CHECKBOXES = 10
OPTION_LABEL = 75
OPTION_VALUE = 150

BODY = 1_000_000
"""Our own, in bytes: Slack's requests stay far below."""
SIGNATURE_AGE = 300
"""Seconds after which a signed request is a replay: docs.slack.dev/authentication/verifying-requests-from-slack."""
ANSWER_BUDGET = 1.5
"""Seconds for each call that must be over before Slack's three seconds are."""


def check_length(what: str, text: str, most: int) -> str:
    """The text, if it has 1 to `most` characters. Raises RenderError otherwise, without the text."""
    if not text.strip():
        raise RenderError(f"{what} is empty")
    if len(text) > most:
        raise RenderError(f"{what} has {len(text)} characters; {most} fit")
    return text


def check_count(what: str, count: int, most: int) -> None:
    """Raises RenderError unless there are 1 to `most`."""
    if not 1 <= count <= most:
        raise RenderError(f"{count} {what}; 1 to {most} fit")
