"""Slack's own clients, as the product uses them. They are half typed, so here they are Any."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.fake_slack.server import FakeSlack


def web_client(slack: FakeSlack, token: str = "", timeout: int = 30) -> Any:
    """The Web API; with the bot's token where none is given."""
    return AsyncWebClient(token=token or slack.bot_token, base_url=slack.api_url, retry_handlers=[], timeout=timeout)


def webhook(url: str) -> Any:
    """A response_url."""
    return AsyncWebhookClient(url, retry_handlers=[])


async def response_of(call: Any) -> Any:
    """What Slack answers to a call that it refuses."""
    with pytest.raises(SlackApiError) as caught:
        await call
    error: Any = caught.value
    return error.response
