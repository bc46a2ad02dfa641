"""Slack's user objects as profiles. Pure."""

from collections.abc import Mapping
from typing import Any

from bot.dates import is_zone
from bot.incoming import AccountKind, Profile

SLACKBOT = "USLACKBOT"
"""Every workspace's Slackbot says of itself that it is no bot."""


def read_profile(user: Mapping[str, Any], team: str) -> Profile:
    """What a user object says, seen from the workspace `team`. A mail address counts only when Slack confirmed it."""
    profile: Mapping[str, Any] = user.get("profile") or {}
    return Profile(
        name=_read_name(user, profile),
        email=str(profile.get("email") or ""),
        email_verified=bool(profile.get("email")) and user.get("is_email_confirmed") is True,
        locale=str(user.get("locale") or ""),
        zone=_read_zone(user),
        title=str(profile.get("title") or ""),
        kind=read_kind(user, team),
        deactivated=bool(user.get("deleted")),
    )


def read_kind(user: Mapping[str, Any], team: str) -> AccountKind:
    """Bots first, then people of other organisations, then guests."""
    if user.get("is_bot") or user.get("is_workflow_bot") or user.get("id") == SLACKBOT:
        return AccountKind.BOT
    elsewhere = user.get("team_id", team) != team and team not in _teams_of(user)
    if user.get("is_stranger") or elsewhere:
        return AccountKind.STRANGER
    if user.get("is_restricted") or user.get("is_ultra_restricted"):
        return AccountKind.GUEST
    return AccountKind.MEMBER


def _teams_of(user: Mapping[str, Any]) -> list[str]:
    """On Enterprise Grid one person belongs to several workspaces of the same organisation."""
    enterprise: Mapping[str, Any] = user.get("enterprise_user") or {}
    return [str(team) for team in enterprise.get("teams") or ()]


def _read_name(user: Mapping[str, Any], profile: Mapping[str, Any]) -> str:
    names = (profile.get("real_name"), user.get("real_name"), profile.get("display_name"), user.get("name"))
    return next((" ".join(str(name).split()) for name in names if name and str(name).strip()), str(user.get("id", "")))


def _read_zone(user: Mapping[str, Any]) -> str:
    zone = str(user.get("tz") or "")
    return zone if is_zone(zone) else ""
