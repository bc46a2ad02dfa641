"""Slack as one piece: what the composition root makes, starts and closes."""

from collections.abc import Awaitable

import structlog
from aiohttp import web as aiohttp_web

from adapters.slack.directory import Languages, SlackDirectory
from adapters.slack.doctor import check_slack
from adapters.slack.endpoint import PATH, Endpoint
from adapters.slack.inbound import Inbound
from adapters.slack.limits import ANSWER_BUDGET
from adapters.slack.outbound import SlackSender
from adapters.slack.socket import SocketMode
from adapters.slack.web import CALL_TIMEOUT, CallFailed, Web
from adapters.slack.workspaces import Workspaces
from bot.failures import SettingsError
from bot.ports import Clock, Dispatch, Finding

log = structlog.get_logger(__name__)

_REFUSED = frozenset({"invalid_auth", "not_authed", "account_inactive", "token_revoked", "not_allowed_token_type"})


class SlackAdapter:
    """Slack over HTTP (with `signing_secret`), Socket Mode (with `app_token`), or both.

    `api_url` is Slack's Web API, or a local one. `zone` is used where a date has to be written out for somebody whose
    zone is not at hand. `ping_interval` (seconds) is how often a Socket Mode connection is looked after.
    `answer_budget` (seconds) is how long a call of the Web API may take while a person waits, `call_limit` while nobody
    does.
    """

    def __init__(
        self,
        *,
        token: str,
        signing_secret: str,
        dispatch: Dispatch,
        clock: Clock,
        app_token: str = "",
        api_url: str = "https://slack.com/api/",
        zone: str = "Asia/Tokyo",
        ping_interval: float = 10.0,
        answer_budget: float = ANSWER_BUDGET,
        call_limit: float = CALL_TIMEOUT,
    ) -> None:
        self._web = Web(api_url, call_limit)
        self._workspaces = Workspaces(self._web, [token])
        languages = Languages()
        self._inbound = Inbound(self._web, self._workspaces, languages, dispatch, zone, answer_budget)
        self._endpoint = Endpoint(signing_secret, clock, lambda: self._inbound.app) if signing_secret else None
        self._socket = SocketMode(self._web, app_token, ping_interval) if app_token else None
        self.sender = SlackSender(self._web, self._workspaces)
        self.directory = SlackDirectory(self._web, self._workspaces, languages)

    def add_routes(self, app: aiohttp_web.Application) -> None:
        """Adds POST /slack/events, where a signing secret is set."""
        if self._endpoint is not None:
            app.router.add_post(PATH, self._endpoint.take)

    async def start(self) -> None:
        """Learns who we are, and connects where Socket Mode is used. Raises SettingsError when Slack refuses a token.

        Slack out of reach stops nothing: what is missing is asked at the first need.
        """
        await self._check_start(self._workspaces.learn(), "SLACK_BOT_TOKEN")
        if self._socket is not None:
            await self._check_start(self._socket.check(), "SLACK_APP_TOKEN")
            self._socket.start(self._inbound.app)

    async def _check_start(self, asking: Awaitable[object], setting: str) -> None:
        try:
            await asking
        except CallFailed as failure:
            if failure.code in _REFUSED:
                problem = f"{setting}: Slack refuses it ({failure.code}). Copy it again from the app's settings."
                raise SettingsError([problem]) from failure
            log.warning("slack.not_reached", setting=setting, code=failure.code)

    async def close(self) -> None:
        """Hangs up and closes the connections."""
        if self._socket is not None:
            await self._socket.close()
        await self._web.close()

    async def check(self) -> list[Finding]:
        """How Slack's side stands, for `doctor`."""
        return await check_slack(self._workspaces, self._socket)
