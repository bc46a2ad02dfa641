"""The buttons of a break."""

from bot.actions import Action, action


@action("pause.ask")
class AskPause(Action):
    """[Take a break]: for how long?"""


@action("pause.begin")
class Pause(Action):
    """[1 month], [3 months], [6 months]."""

    months: int


@action("pause.end")
class ComeBack(Action):
    """[Come back]."""
