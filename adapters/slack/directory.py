"""Who the people of a workspace are."""

import asyncio
from collections import OrderedDict

import structlog

from adapters.slack.profiles import read_profile
from adapters.slack.web import CallFailed, Json, Web, next_cursor
from adapters.slack.workspaces import Workspace, Workspaces
from bot.failures import ProfileUnavailable
from bot.incoming import Origin, Profile

log = structlog.get_logger(__name__)

_PAGE = 1000
_PATIENCE = 1.2
"""Seconds for one profile: somebody may be waiting for an answer."""
_LONGEST_WAIT = 120.0
_MOST_WAITS = 20
_REMEMBERED = 50_000
_REMEMBERED_NAMES = 1_000
_MOST_MENTIONED = 5
"""People whose names are asked for one message; each costs a call."""


class Languages:
    """People's languages as Slack told them. Commands and clicks don't carry them, and asking would cost their time."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[str, str], str] = OrderedDict()

    def remember(self, team: str, user: str, locale: str) -> None:
        """Keeps a person's language; the oldest are forgotten."""
        if locale:
            self._known[team, user] = locale
            self._known.move_to_end((team, user))
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)

    def find(self, team: str, user: str) -> str:
        """A person's language, "" if Slack has not told it lately."""
        return self._known.get((team, user), "")


class Names:
    """People's names, for text that mentions them. Asked when needed, and remembered."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self._known: OrderedDict[tuple[str, str], str] = OrderedDict()

    async def find(self, workspace: Workspace, users: tuple[str, ...]) -> dict[str, str]:
        """The names of these people, as far as Slack tells them in time: somebody waits for our answer."""
        asked = users[:_MOST_MENTIONED]
        names = await asyncio.gather(*(self._find(workspace, user) for user in asked))
        return {user: name for user, name in zip(asked, names, strict=True) if name}

    async def _find(self, workspace: Workspace, user: str) -> str:
        place = (workspace.team, user)
        if place not in self._known:
            try:
                answer = await self._web.call(workspace.token, "users.info", _PATIENCE, user=user)
            except CallFailed as failure:
                log.warning("slack.name_unavailable", user=user, code=failure.code)
                return ""
            name = read_profile(answer["user"], workspace.team).name
            self._known[place] = "" if name == user else name  # an account without any name: its id is not for others
            if len(self._known) > _REMEMBERED_NAMES:
                self._known.popitem(last=False)
        return self._known[place]


class SlackDirectory:
    """See `bot.ports.Directory`."""

    def __init__(self, web: Web, workspaces: Workspaces, languages: Languages) -> None:
        self._web = web
        self._workspaces = workspaces
        self._languages = languages

    async def get_profile(self, origin: Origin) -> Profile:
        """The person's name, language, zone, confirmed mail address, and what kind of account it is.

        Raises ProfileUnavailable.
        """
        try:
            workspace = await self._workspaces.get(origin.tenant)
            answer = await self._web.call(
                workspace.token, "users.info", _PATIENCE, user=origin.user, include_locale=True
            )
        except CallFailed as failure:
            log.warning("slack.profile_unavailable", user=origin.user, code=failure.code)
            raise ProfileUnavailable(failure.code) from failure
        profile = read_profile(answer["user"], workspace.team)
        self._languages.remember(workspace.team, origin.user, profile.locale)
        return profile

    async def list_tenants(self) -> list[str]:
        """The workspaces of our tokens. Raises ProfileUnavailable."""
        try:
            return [workspace.team for workspace in await self._workspaces.learn()]
        except CallFailed as failure:
            raise ProfileUnavailable(failure.code) from failure

    async def list_people(self, tenant: str) -> list[tuple[Origin, Profile]]:
        """Everybody in the workspace, deactivated people and bots too. Waits when Slack asks for it.

        Raises ProfileUnavailable when Slack does not tell all of them: half a list would look like people who left.
        """
        try:
            workspace = await self._workspaces.get(tenant)
            return await self._list(workspace)
        except CallFailed as failure:
            raise ProfileUnavailable(failure.code) from failure

    async def _list(self, workspace: Workspace) -> list[tuple[Origin, Profile]]:
        people: list[tuple[Origin, Profile]] = []
        cursor, waits = "", 0
        while True:
            try:
                page = await self._fetch(workspace, cursor)
            except CallFailed as failure:
                waits += 1
                if failure.code != "ratelimited" or waits > _MOST_WAITS:
                    raise
                await asyncio.sleep(min(_LONGEST_WAIT, failure.retry_after))
                continue
            people += [_introduce(user, workspace.team) for user in page["members"]]
            cursor = next_cursor(page)
            if not cursor:
                return people

    async def _fetch(self, workspace: Workspace, cursor: str) -> Json:
        return await self._web.call(
            workspace.token, "users.list", limit=_PAGE, include_locale=True, cursor=cursor or None
        )


def _introduce(user: Json, team: str) -> tuple[Origin, Profile]:
    return Origin("slack", team, str(user["id"])), read_profile(user, team)
