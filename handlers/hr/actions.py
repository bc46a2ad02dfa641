"""The buttons and forms of HR's page."""

from bot.actions import Action, action


@action("hr.open")
class OpenPage(Action):
    """[HR's page] on a message that is to stay: the page comes as a message of its own."""


@action("hr.open.list")
class OpenList(Action):
    """A list, likewise."""

    kind: str


@action("hr.back")
class Back(Action):
    """[Back] on a list: the page in its place."""


@action("hr.list")
class ShowList(Action):
    """One of the lists, in the place of what was shown: `kind` is a `handlers.hr.kinds.Kind`, `page` counts from 0."""

    kind: str
    page: int


@action("hr.figures")
class ShowFigures(Action):
    """[Figures]."""


@action("hr.figures.file")
class SendFigures(Action):
    """[As a file]."""


@action("hr.approve.ask", opens_form=True)
class AskApprove(Action):
    """[Approve] on the application `id`. `in_list`: 1 in HR's list, 0 on a card of its own."""

    id: int
    in_list: int


@action("hr.approve")
class Approve(Action):
    """The form of [Approve]."""

    id: int
    in_list: int


@action("hr.decline.ask", opens_form=True)
class AskDecline(Action):
    """[Decline…] on the application `id`."""

    id: int
    in_list: int


@action("hr.decline")
class Decline(Action):
    """The form of [Decline…]."""

    id: int
    in_list: int


@action("hr.add.ask", opens_form=True)
class AskAdd(Action):
    """[Add a leaver]."""


@action("hr.add")
class Add(Action):
    """The form of [Add a leaver]."""


@action("hr.correct.ask", opens_form=True)
class AskCorrect(Action):
    """[Correct…] on the roster entry `id`; `kind` and `page` say in which list."""

    id: int
    kind: str
    page: int


@action("hr.correct")
class Correct(Action):
    """The form of [Correct…]."""

    id: int
    kind: str
    page: int


@action("hr.invite")
class SendAgain(Action):
    """[Send again] or [Send] on the roster entry `id`. `serial` is the code that was out when the button was shown:
    pressed twice, by one or by two people, it sends once."""

    id: int
    serial: int
    kind: str
    page: int


@action("hr.code")
class ShowCode(Action):
    """[Show code] on the roster entry `id`."""

    id: int


@action("hr.unlock")
class Unlock(Action):
    """[Unlock] on the account `id`."""

    id: int


@action("hr.role.ask", opens_form=True)
class AskGrant(Action):
    """[Give the role to…]."""


@action("hr.role.search")
class SearchEmployee(Action):
    """The form of [Give the role to…]."""


@action("hr.role.grant")
class Grant(Action):
    """[Give] the HR role to the member `id`."""

    id: int


@action("hr.role.revoke")
class Revoke(Action):
    """[Take back] the HR role from the member `id`."""

    id: int


@action("hr.newcomers")
class AnswerNewcomers(Action):
    """[Welcome them] or [Don't write] about the workspace `id`; `greets` is a `storage.models.Greets`."""

    id: int
    greets: str
