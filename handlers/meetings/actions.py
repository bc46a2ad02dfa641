"""The buttons and forms around a time. They carry ids and numbers; who may press is looked up when they come back."""

from bot.actions import Action, action


@action("meeting.suggest", opens_form=True)
class Suggest(Action):
    """[Suggest times] and [Change the time]: the form with three times. `on_card` is 1 on the meeting's own card, which
    then shows how it went on."""

    kind: str
    subject: int
    on_card: int


@action("meeting.times")
class Times(Action):
    """The form with three times. `round` is the proposal that was the last when it was opened: whoever comes second
    sees what came first."""

    kind: str
    subject: int
    on_card: int
    round: int


@action("meeting.pick")
class Pick(Action):
    """One of the proposed times, by its number (from 1) in that round; 0 keeps the time that was agreed on before."""

    meeting: int
    round: int
    number: int


@action("meeting.other_times", opens_form=True)
class OtherTimes(Action):
    """[Other times]: none of those suits; the form for a proposal of one's own."""

    meeting: int
    round: int


@action("meeting.take_off")
class TakeOff(Action):
    """[Take it off]: the agreed time is given up. `round` as in Pick."""

    meeting: int
    round: int


@action("meeting.show")
class Show(Action):
    """[Show] on the home page."""

    meeting: int
