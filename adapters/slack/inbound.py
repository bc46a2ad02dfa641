"""From Bolt to the core and back: one catch-all listener for each kind, because our own router does the routing.

Nothing is answered before the core has committed (`process_before_response`): an event whose handling fails is answered
500, so that Slack sends it again; a command or click that fails has its kind sentence from the core.
"""

import re
from collections.abc import Mapping
from typing import Any, cast

import structlog
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.response import BoltResponse

from adapters.slack.answers import speak
from adapters.slack.directory import Languages, Names
from adapters.slack.incoming import list_mentioned, read_command, read_event, read_press, read_submission
from adapters.slack.limits import ANSWER_BUDGET
from adapters.slack.places import AtCommand, AtForm, AtHome, AtMessage, AtModal, Desk, Place
from adapters.slack.readers import guess_reader
from adapters.slack.render import Json
from adapters.slack.web import CallFailed, Web, sdk_log
from adapters.slack.workspaces import Workspace, Workspaces
from bot.incoming import HomeOpened, Interaction, Origin
from bot.ports import Dispatch
from bot.replies import Private, ShowHome

log = structlog.get_logger(__name__)

Payload = Mapping[str, Any]
_ANYTHING = re.compile(".*", re.DOTALL)


class _Authorize(AsyncAuthorize):
    """Tells Bolt the bot of the workspace that `Inbound` found; nothing is asked over the network."""

    async def __call__(self, *, context: Any, **_: Any) -> AuthorizeResult:
        workspace: Workspace = context["workspace"]
        return AuthorizeResult(
            enterprise_id=None,
            team_id=workspace.team,
            bot_token=workspace.token,
            bot_id=workspace.bot_id,
            bot_user_id=workspace.bot_user,
        )


class Inbound:
    """Bolt's app with our listeners. `zone` is used where a date has to be written without knowing the reader's;
    `budget` (seconds) is for one call of the Web API while a person waits."""

    def __init__(
        self,
        web: Web,
        workspaces: Workspaces,
        languages: Languages,
        dispatch: Dispatch,
        zone: str,
        budget: float = ANSWER_BUDGET,
    ) -> None:
        self._web = web
        self._workspaces = workspaces
        self._languages = languages
        self._names = Names(web)
        self._dispatch = dispatch
        self._zone = zone
        self._budget = budget
        self._app: AsyncApp | None = None

    @property
    def app(self) -> AsyncApp:
        """Bolt's app; made at first use, since it wants the connections of a running loop."""
        if self._app is None:
            self._app = self._make_app()
        return self._app

    def _make_app(self) -> AsyncApp:
        app = AsyncApp(
            name="musubi",
            logger=sdk_log,
            client=self._web.client(""),
            authorize=_Authorize(),
            before_authorize=self._check_team,
            process_before_response=True,
            request_verification_enabled=False,  # done before anything is parsed, by our clock: endpoint.py
        )
        listen = cast(Any, app)
        listen.command(_ANYTHING)(self._on_command)
        listen.action(_ANYTHING)(self._on_press)
        listen.view_submission(_ANYTHING)(self._on_submission)
        listen.view_closed(_ANYTHING)(self._on_closed)
        listen.event(_ANYTHING)(self._on_event)
        listen.error(self._on_error)
        return app

    # What Bolt asks

    async def _check_team(self, body: Any, context: Any, next_: Any) -> BoltResponse | None:
        """Turns away what comes from a workspace without our app, before anything is done with it."""
        team = team_of(body)
        workspace = await self._workspaces.find(team)
        if workspace is None and body.get("type") != "url_verification":
            log.warning("slack.request_refused", reason="unknown_team", team=team[:20])
            return BoltResponse(status=403, body="unknown team")
        context["workspace"] = workspace
        await next_()
        return None

    async def _on_error(self, error: Any, body: Any) -> BoltResponse:
        log.error("slack.listener_failed", kind=str(body.get("type", "command")), exc_info=error)
        return BoltResponse(status=500, body="")

    # What people do

    async def _on_command(self, body: Any, context: Any, ack: Any) -> None:
        workspace: Workspace = context["workspace"]
        incoming = read_command(body, workspace.team, self._languages.find(workspace.team, body["user_id"]))
        desk = self._desk(workspace, incoming.origin, body)
        await ack(await self._converse(incoming, AtCommand(desk), desk))

    async def _on_press(self, body: Any, context: Any, ack: Any) -> None:
        workspace: Workspace = context["workspace"]
        if body.get("type") != "block_actions" or not body["actions"][0].get("value"):
            await ack()  # a link button without a payload, or a choice inside a form: nothing to do
            return
        incoming = read_press(body, workspace.team, self._languages.find(workspace.team, body["user"]["id"]))
        desk = self._desk(workspace, incoming.origin, body)
        await self._converse(incoming, _place_of_press(body, desk), desk)
        await ack()

    async def _on_submission(self, body: Any, context: Any, ack: Any) -> None:
        workspace: Workspace = context["workspace"]
        incoming = read_submission(body, workspace.team, self._languages.find(workspace.team, body["user"]["id"]))
        desk = self._desk(workspace, incoming.origin, body)
        await ack(await self._converse(incoming, AtForm(desk, body["view"]), desk))

    async def _on_closed(self, ack: Any) -> None:
        await ack()

    async def _converse(self, incoming: Interaction, place: Place, desk: Desk) -> Json | str:
        reply = await self._dispatch(incoming)
        return await speak(reply, place, desk, guess_reader(reply, incoming.origin, self._zone)) or ""

    def _desk(self, workspace: Workspace, origin: Origin, body: Payload) -> Desk:
        return Desk(self._web, workspace.token, origin.user, str(body["trigger_id"]), self._budget)

    # What happens

    async def _on_event(self, body: Any, context: Any, request: Any) -> None:
        workspace: Workspace = context["workspace"]
        _log_retry(body, request)
        names = await self._names.find(workspace, list_mentioned(body, workspace))
        incoming = read_event(body, workspace, names)
        if incoming is None:
            return
        self._languages.remember(workspace.team, incoming.origin.user, incoming.origin.locale)
        reply = await self._dispatch(incoming)
        if isinstance(incoming, HomeOpened) and isinstance(reply, ShowHome | Private):
            await self._publish(workspace, incoming.origin, reply)

    async def _publish(self, workspace: Workspace, origin: Origin, reply: ShowHome | Private) -> None:
        """After the commit: failing now would only have the event dropped as a double. The next visit tries again."""
        desk = Desk(self._web, workspace.token, origin.user, "", self._budget)
        try:
            await desk.publish(reply.message, guess_reader(reply, origin, self._zone))
        except CallFailed as failure:
            log.warning("slack.home_not_published", user=origin.user, code=failure.code, detail=failure.detail)


def _place_of_press(body: Payload, desk: Desk) -> Place:
    container: Payload = body["container"]
    if container.get("type") == "view":
        view: Payload = body["view"]
        return AtHome(desk) if view.get("type") == "home" else AtModal(desk, view)
    return AtMessage(
        desk,
        channel=str(container.get("channel_id", "")),
        message=str(container.get("message_ts", "")),
        response_url=str(body.get("response_url", "")),
        hidden=bool(container.get("is_ephemeral")),
    )


def team_of(body: Payload) -> str:
    """The workspace whose installation a payload is for. In shared channels `team_id` may be the other side's."""
    authorizations: list[Payload] = body.get("authorizations") or []
    if authorizations:
        return str(authorizations[0].get("team_id", ""))
    team = body.get("team")
    if isinstance(team, dict):
        return str(cast(Payload, team).get("id", ""))
    return str(body.get("team_id", ""))


def _log_retry(body: Payload, request: Any) -> None:
    headers: Mapping[str, list[str]] = request.headers
    retry = headers.get("x-slack-retry-num", [""])[0]
    if retry and retry != "0":
        reason = headers.get("x-slack-retry-reason", [""])[0]
        log.info("slack.event_again", event_id=str(body.get("event_id", "")), retry=retry, reason=reason)
