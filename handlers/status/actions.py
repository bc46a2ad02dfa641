"""The buttons under latest news."""

from bot.actions import Action, action


@action("status.cheer")
class GiveCheer(Action):
    """[Applaud], under a member's latest news; `serial` is which news."""

    member_id: int
    serial: int


@action("status.stop")
class StopAsking(Action):
    """[Don't ask any more], under the monthly question."""
