"""The buttons and forms of jobs."""

from bot.actions import Action, action

ELSEWHERE = -1
"""The page of a button that stands in no list: in an announcement, a digest, on the home page."""


# For whoever looks for a job


@action("jobs.open")
class OpenBoard(Action):
    """[Jobs]: beside the message, which may still be of use."""


@action("jobs.page")
class TurnPage(Action):
    """[Before], [Next]: `page` counts from 0."""

    page: int


@action("jobs.agree")
class Agree(Action):
    """[Agree and look]: the consent for jobs."""


@action("jobs.details")
class Details(Action):
    """[Details]."""

    job: int


@action("jobs.talk.ask", opens_form=True)
class AskTalk(Action):
    """[Talk casually]."""

    job: int


@action("jobs.talk")
class Talk(Action):
    """The form of [Talk casually]."""

    job: int


@action("jobs.withdraw")
class Withdraw(Action):
    """[Call it off] on one's own interest."""

    interest: int


@action("jobs.hide")
class Hide(Action):
    """[Not for me]; `page` says in which page of the list, or ELSEWHERE."""

    job: int
    page: int


@action("jobs.unhide")
class Unhide(Action):
    """[Show it again]."""

    job: int


@action("jobs.wish.ask", opens_form=True)
class AskWish(Action):
    """[What I wish for]."""


@action("jobs.wish")
class Wish(Action):
    """The form of it."""


@action("jobs.refer.ask", opens_form=True)
class AskRefer(Action):
    """[Refer a friend]."""

    job: int


@action("jobs.refer")
class Refer(Action):
    """The form of it."""

    job: int


# For HR and the named contact


@action("jobs.take")
class TakeUp(Action):
    """[Talk with them]: whoever presses first talks with the person."""

    interest: int


@action("jobs.pass")
class PassOn(Action):
    """[Leave it to HR], of the named contact."""

    interest: int


@action("jobs.move")
class Move(Action):
    """A step on. `seen` is the stage that was shown with the button: of two who press, the first moves it. `job` and
    `page` say in which list."""

    interest: int
    seen: str
    to: str
    job: int
    page: int


@action("jobs.end.ask", opens_form=True)
class AskEnd(Action):
    """[Close…] on an interest."""

    interest: int
    seen: str
    job: int
    page: int


@action("jobs.end")
class End(Action):
    """The form of it."""

    interest: int
    seen: str
    job: int
    page: int


@action("jobs.desk")
class OpenDesk(Action):
    """[For HR]: all jobs with who is where."""

    page: int


@action("jobs.people")
class ShowPeople(Action):
    """[People]: who is where in a job, 0 for all of them."""

    job: int
    page: int


@action("jobs.people.open")
class OpenPeople(Action):
    """[Who is where] on a message that is to stay: the list comes as a message of its own."""

    job: int


@action("jobs.new", opens_form=True)
class New(Action):
    """[Write a job]."""


@action("jobs.save")
class Save(Action):
    """The form of a job: `job` is 0 for a new one; `goes_out`: 1 when an announcement is to follow."""

    job: int
    goes_out: int


@action("jobs.edit", opens_form=True)
class Edit(Action):
    """[Edit…]."""

    job: int


@action("jobs.announce")
class Announce(Action):
    """[Announce…] on an open job, also on one that came from a feed."""

    job: int


@action("jobs.close")
class Close(Action):
    """[Close] on a job."""

    job: int
    page: int


@action("jobs.feed.answer")
class AnswerFeed(Action):
    """[Close them], [Leave them open]: HR's word on a feed that would close more than half. `which` is the list that
    was shown, so that an old button agrees to nothing new."""

    which: str
    yes: int
