"""What an app manifest lets Slack send and the token do."""

from dataclasses import dataclass
from typing import Any

import yaml

from tests.fake_slack.problems import Json

DEFAULT_SCOPES = (
    "app_mentions:read channels:history channels:read chat:write commands files:write groups:history groups:read "
    "im:history im:read im:write mpim:history mpim:read mpim:write users:read users:read.email"
)

# docs.slack.dev/reference/events: what a token must be allowed for an event to arrive
EVENT_SCOPES = {
    "team_join": "users:read",
    "user_change": "users:read",
    "member_joined_channel": "channels:read",
    "member_left_channel": "channels:read",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "message.channels": "channels:history",
    "app_mention": "app_mentions:read",
    "app_home_opened": "",
    "app_uninstalled": "",
    "tokens_revoked": "",
}


@dataclass(frozen=True, slots=True)
class Installed:
    """What the workspace knows of the installed app. `commands` and `events` None: everything is allowed."""

    scopes: frozenset[str]
    commands: frozenset[str] | None = None
    events: frozenset[str] | None = None
    home_tab: bool = True
    messages_tab: bool = True

    def gets(self, event: str) -> bool:
        """Whether this event is sent to the app."""
        needed = EVENT_SCOPES[event]
        return (self.events is None or event in self.events) and (not needed or needed in self.scopes)

    def knows(self, command: str) -> bool:
        """Whether the workspace has this slash command."""
        return self.commands is None or command in self.commands


def install(text: str | None) -> Installed:
    """Reads a manifest (YAML). None: an app that may do everything the fake knows."""
    if text is None:
        return Installed(frozenset(DEFAULT_SCOPES.split()))
    manifest: Json = yaml.safe_load(text)
    features, settings = manifest.get("features", {}), manifest.get("settings", {})
    home: Json = features.get("app_home", {})
    commands: list[Any] = features.get("slash_commands", [])
    return Installed(
        scopes=frozenset(manifest["oauth_config"]["scopes"]["bot"]),
        commands=frozenset(command["command"] for command in commands),
        events=frozenset(settings.get("event_subscriptions", {}).get("bot_events", [])),
        home_tab=home.get("home_tab_enabled", False),
        messages_tab=home.get("messages_tab_enabled", False) and not home.get("messages_tab_read_only_enabled", False),
    )
