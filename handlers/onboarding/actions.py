"""The buttons and forms of the registration; `handlers.actions.Register` is the way in."""

from bot.actions import Action, action


@action("onboarding.identify")
class Identify(Action):
    """Step 1: who are you."""


@action("onboarding.about")
class TellAbout(Action):
    """Step 2: about you."""


@action("onboarding.choices")
class Choose(Action):
    """Step 3: your choices."""


@action("onboarding.code", opens_form=True)
class EnterCode(Action):
    """[Enter a code], while HR looks at an application."""
