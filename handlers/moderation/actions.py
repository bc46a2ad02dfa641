"""The buttons and forms of HR's queue of reported messages."""

from bot.actions import Action, action


@action("report.show")
class ShowNext(Action):
    """[Show] on the home page: the report that has waited longest."""


@action("report.decide", opens_form=True)
class Decide(Action):
    """[Fine], [Warn] or [Suspend]: `decision` is the `ReportState` that it leads to."""

    report: int
    decision: str


@action("report.decided")
class Decided(Action):
    """The form with the reason."""

    report: int
    decision: str


@action("report.lift")
class Lift(Action):
    """[Lift the suspension]."""

    report: int
