"""Slash commands as Slack sends them, given straight to a web application's handler: no socket and no client, so that
nothing but the application is measured.
"""

import asyncio
import itertools
import time
from unittest.mock import Mock
from urllib.parse import urlencode

from aiohttp import StreamReader, web
from aiohttp.test_utils import make_mocked_request

from tests.fake_slack.payloads import command as make_command
from tests.fake_slack.signing import sign
from tests.fake_slack.workspace import Channel, User, Workspace

PATH = "/slack/events"
_triggers = itertools.count(1)


class Sender:
    """Makes signed requests of one person in the direct conversation with the bot."""

    def __init__(self, workspace: Workspace, user: User, channel: Channel, secret: str) -> None:
        self._workspace = workspace
        self._user = user
        self._channel = channel
        self._secret = secret

    def write(self, name: str, text: str) -> tuple[bytes, dict[str, str]]:
        """The body and the headers of a request that no other equals: every command has its own trigger."""
        trigger = f"{next(_triggers)}.{self._workspace.team}.bench"
        links = {"trigger_id": trigger, "response_url": f"https://hooks.slack.example/commands/{trigger}"}
        payload = make_command(self._workspace, self._user, self._channel, name, text, links)
        body = urlencode(payload).encode()
        timestamp = int(time.time())
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Content-Length": str(len(body)),
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": str(timestamp),
            "X-Slack-Signature": sign(self._secret, timestamp, body),
        }
        return body, headers

    def make(self, name: str, text: str) -> web.Request:
        """The request as an application's handler gets it."""
        body, headers = self.write(name, text)
        return make_mocked_request("POST", PATH, headers, payload=_as_stream(body))


def _as_stream(body: bytes) -> StreamReader:
    stream = StreamReader(Mock(_reading_paused=False), 2**16, loop=asyncio.get_running_loop())
    stream.feed_data(body)
    stream.feed_eof()
    return stream


async def answer(application: web.Application, request: web.Request) -> web.StreamResponse:
    """What the application answers."""
    match = await application.router.resolve(request)
    return await match.handler(request)


def read(response: web.StreamResponse) -> str:
    """The body's text. Raises RuntimeError for anything but 200: a fast refusal is not what is to be measured."""
    text = (response.text or "") if isinstance(response, web.Response) else ""
    if response.status != 200:
        raise RuntimeError(f"{response.status} {text[:80]}")
    return text
