"""The buttons and forms of a relayed room. They carry ids; whose seat it is is looked up when they come back."""

from bot.actions import Action, action


@action("room.reply", opens_form=True)
class Reply(Action):
    """[Reply]: a form to write in this room, where no thread says which one is meant."""

    room: int


@action("room.send")
class Send(Action):
    """The form behind [Reply]. `key` tells one opening of it from another."""

    room: int
    key: str


@action("room.close")
class Close(Action):
    """[Close]."""

    room: int


@action("room.report", opens_form=True)
class Report(Action):
    """[Report], of the whole room, or of one message (0: the newest is chosen first)."""

    room: int
    message: int


@action("room.reported")
class Reported(Action):
    """The form behind [Report]."""

    room: int


@action("room.pick")
class Pick(Action):
    """One of the rooms to which a text might go."""

    held: int
    room: int


@action("room.drop")
class Drop(Action):
    """[Don't send]."""

    held: int
