"""The two actions that every feature may point to."""

from bot.actions import Action, action


@action("home.open")
class OpenHome(Action):
    """[Home]: shows the home page."""


@action("onboarding.register", opens_form=True)
class Register(Action):
    """[Register]: opens the registration where it was left."""
