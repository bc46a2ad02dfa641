"""The buttons of the coffee rounds."""

from bot.actions import Action, action


@action("coffee.open")
class Open(Action):
    """[Coffee rounds]: how things stand for me."""


@action("coffee.join")
class Join(Action):
    """[Agree and join]."""


@action("coffee.skip")
class Skip(Action):
    """[Skip this one]. `day` is the round's day (ISO): an old button skips nothing later."""

    day: str


@action("coffee.come")
class Come(Action):
    """[Take part after all]: takes back a skip or a rest."""


@action("coffee.rest")
class Rest(Action):
    """[Rest a month]."""


@action("coffee.leave")
class Leave(Action):
    """[Leave], or [Stop] where it was asked."""


@action("coffee.keep")
class Keep(Action):
    """[Keep me]: after three introductions without a word."""


@action("coffee.answer")
class Answer(Action):
    """[Met], [Planned], [Not yet]; `said` is a `storage.models.Met`."""

    group: int
    said: str
