"""The buttons of a welcome and of a nudge."""

from bot.actions import Action, action


@action("welcome.later")
class Later(Action):
    """[Later]: not now."""


@action("welcome.no_thanks")
class NoThanks(Action):
    """[No thanks]: no more nudges."""
