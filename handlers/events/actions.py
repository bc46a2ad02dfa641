"""The buttons and forms of events. They carry ids and choices; rights and state are looked up when they come back."""

from bot.actions import Action, action


@action("event.list")
class ShowList(Action):
    """[Events], and through the pages of what is on."""

    page: int


@action("event.show")
class Show(Action):
    """[Details]."""

    event: int


@action("event.answer")
class Answer(Action):
    """[Going], [Maybe], [Not going]; `said` is a `storage.models.Rsvp`."""

    event: int
    said: str


@action("event.seat")
class AnswerOffer(Action):
    """[Take the seat], [Let it go]; `offer` is the number of the offer, `takes` 1 or 0."""

    event: int
    offer: int
    takes: int


@action("event.people")
class ShowPeople(Action):
    """[Who comes], for those who come."""

    event: int
    page: int


@action("event.agree")
class Agree(Action):
    """[Agree]: to news and events."""


@action("event.ask_opinion", opens_form=True)
class AskOpinion(Action):
    """[Answer three questions]."""

    event: int


@action("event.opinion")
class Opinion(Action):
    """The three questions."""

    event: int


# For HR


@action("event.new", opens_form=True)
class AskNew(Action):
    """[Event] on `/announce`: the form for a new one."""


@action("event.save")
class Save(Action):
    """The form of an event; `event` is 0 for a new one, `edition` the one that was seen."""

    event: int
    edition: int


@action("event.manage")
class Manage(Action):
    """[All events]: HR's list."""

    page: int


@action("event.desk")
class Open(Action):
    """[Open]: one event with what HR can do about it."""

    event: int


@action("event.change", opens_form=True)
class AskChange(Action):
    """[Change]."""

    event: int


@action("event.announce")
class Announce(Action):
    """[Announce]: a draft goes on to its audience."""

    event: int


@action("event.ask_cancel", opens_form=True)
class AskCancel(Action):
    """[Cancel the event…]."""

    event: int


@action("event.cancel")
class Cancel(Action):
    """The form of [Cancel the event…]."""

    event: int


@action("event.guests")
class ShowGuests(Action):
    """[Who comes], for HR."""

    event: int
    page: int


@action("event.attendance", opens_form=True)
class AskAttendance(Action):
    """[Mark attendance]: the form with a page of those who come."""

    event: int
    page: int


@action("event.mark")
class Mark(Action):
    """The form of [Mark attendance]."""

    event: int
    page: int


@action("event.all_came")
class MarkAll(Action):
    """[Everybody came]."""

    event: int


@action("event.tags")
class SendTags(Action):
    """[Name tags]."""

    event: int


@action("event.results")
class ShowResults(Action):
    """[What they said]."""

    event: int
