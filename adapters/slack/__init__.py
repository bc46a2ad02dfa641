"""Slack: everything that knows it, behind one adapter."""

from adapters.slack.adapter import SlackAdapter

__all__ = ["SlackAdapter"]
