"""The workspaces in which the app is installed, by their team id.

One today: the token of the settings. Several need no more than another source of tokens (OAuth installation), because
everything else asks here for the token of the team it deals with.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from adapters.slack.web import CallFailed, Json, Web


@dataclass(frozen=True, slots=True)
class Workspace:
    """One installation: its team, our bot in it, and what the token may do."""

    team: str
    name: str
    token: str
    bot_user: str
    bot_id: str
    scopes: frozenset[str]


class Workspaces:
    """Finds the workspace of a team. What the tokens stand for is asked once, at the start or at the first need."""

    def __init__(self, web: Web, tokens: Sequence[str]) -> None:
        self._web = web
        self._tokens = tuple(tokens)
        self._known: dict[str, Workspace] = {}
        self._lock = asyncio.Lock()

    async def learn(self) -> list[Workspace]:
        """Asks Slack what the tokens stand for. Raises CallFailed."""
        async with self._lock:
            for token in self._tokens:
                if token not in {workspace.token for workspace in self._known.values()}:
                    workspace = await self._introduce(token)
                    self._known[workspace.team] = workspace
        return list(self._known.values())

    async def _introduce(self, token: str) -> Workspace:
        answer = await self._web.ask(token, "auth.test")
        data: Json = answer.data
        return Workspace(
            team=str(data["team_id"]),
            name=str(data.get("team", "")),
            token=token,
            bot_user=str(data["user_id"]),
            bot_id=str(data.get("bot_id", "")),
            scopes=answer.scopes,
        )

    async def find(self, team: str) -> Workspace | None:
        """The workspace of a team, None where the app is not installed. Raises CallFailed when Slack can't be asked."""
        if team not in self._known and len(self._known) < len(self._tokens):
            await self.learn()
        return self._known.get(team)

    async def get(self, team: str) -> Workspace:
        """The workspace of a team. Raises CallFailed, with `not_installed` where the app is not installed."""
        workspace = await self.find(team)
        if workspace is None:
            raise CallFailed("not_installed")
        return workspace
