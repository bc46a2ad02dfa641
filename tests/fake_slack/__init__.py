"""A Slack to test against: a real HTTP server that refuses what Slack refuses, and people who use it.

async with FakeSlack(manifest=Path("manifest.yml").read_text()) as slack:
    ...                                             # start the app with slack.api_url, slack.bot_token ...
    slack.connect_http("http://127.0.0.1:8080/slack/events")     # or: await slack.connect_socket()
    misaki = slack.add_person("佐藤 美咲", email="misaki@example.com")
    await misaki.command("/mentor", "電池")
    await misaki.modal.fill("話題", "電池").choose("言葉", "日本語").submit()
    await misaki.click("引き受ける")
    assert "ありがとう" in misaki.last.text
    assert set(slack.count_by_key().values()) == {1}             # every delivery exactly once
"""

from tests.fake_slack.delivery import Answer, Delivery
from tests.fake_slack.faults import Pace
from tests.fake_slack.modal import Modal
from tests.fake_slack.person import Person, Shown, SlackTrouble
from tests.fake_slack.problems import ApiError
from tests.fake_slack.server import FakeSlack
from tests.fake_slack.workspace import Channel, Message

__all__ = [
    "Answer",
    "ApiError",
    "Channel",
    "Delivery",
    "FakeSlack",
    "Message",
    "Modal",
    "Pace",
    "Person",
    "Shown",
    "SlackTrouble",
]
