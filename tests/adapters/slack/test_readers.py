"""The language of an answer is what it says of itself; else it is told from its own words, not from the names in it."""

import pytest

from adapters.slack.readers import guess_language, guess_reader
from bot.incoming import Origin
from bot.replies import FormErrors, Nothing, OpenForm, Private, Reply
from bot.ui import Form, Heading, Mention, Message, Para, Quote, TextInput
from tests.adapters.slack.samples import EVERYTHING, FORM, WriteNote

ENGLISH_FORM = Form("Profile", "Next", WriteNote("x"), (TextInput("name", "Your name", value="さとう みさき"),))


def about(summary: str, *blocks: Heading | Para | Quote) -> Private:
    """A message."""
    return Private(Message(summary, blocks))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("引き受けました。", "ja"),
        ("Musubi の Slack アプリで /mentor と書けます", "ja"),
        ("佐藤 美咲 accepted your request", "en"),
        ("We could not show the answer to the request about 電池 here.", "en"),
        ("", None),
        ("123 ✓", None),
    ],
)
def test_the_language_of_words(text: str, language: str | None) -> None:
    assert guess_language(text) == language


@pytest.mark.parametrize(
    ("reply", "platform", "language"),
    [
        (Private(EVERYTHING), "en-GB", "ja"),
        (OpenForm(FORM), "en-GB", "ja"),
        (OpenForm(ENGLISH_FORM), "ja-JP", "en"),
        (FormErrors(ENGLISH_FORM, {}), "ja-JP", "en"),
        (
            about("Request", Heading("A request"), Quote("電池のことを伺いたいです。よろしくお願いします。")),
            "ja-JP",
            "en",
        ),
        (about("Request", Para((Mention(1, "さとう みさき"), " would like to talk to you."))), "ja-JP", "en"),
        (Private(Message("春の見学会: Sent", (Heading("春の見学会のお知らせ"),)), locale="en"), "ja-JP", "en"),
        (Nothing(), "ja-JP", "ja"),
        (Nothing(), "de-DE", "en"),
        (Nothing(), "", "en"),
    ],
)
def test_the_reader_of_an_answer(reply: Reply, platform: str, language: str) -> None:
    reader = guess_reader(reply, Origin("slack", "T1", "U1", locale=platform), "Asia/Tokyo")
    assert (reader.locale, reader.zone, reader.mentions) == (language, "Asia/Tokyo", {})
