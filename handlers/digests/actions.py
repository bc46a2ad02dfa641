"""The buttons of digests."""

from bot.actions import Action, action


@action("digest.rhythm")
class SetRhythm(Action):
    """[Monthly], [Every two months], [Every week], [Stop]; `rhythm` is as `Member.digest` has it."""

    rhythm: str


@action("digest.channel")
class UseChannel(Action):
    """[Post it here], [Don't post it here]: the channel is the one in which the button stands."""

    on: int
