"""Microsoft Teams. Everything that knows it, and botbuilder-core, stands in this folder."""

from adapters.teams.adapter import TeamsAdapter

__all__ = ["TeamsAdapter"]
