"""The buttons and forms of announcements. `id` is the announcement's."""

from bot.actions import Action, action


@action("announce.list")
class OpenList(Action):
    """[Announcements] on HR's page: a message of its own."""


@action("announce.back")
class Back(Action):
    """[All announcements]: the list in the place of what was shown."""


@action("announce.news", opens_form=True)
class AskNews(Action):
    """[News…]: the form for a new one."""


@action("announce.edit", opens_form=True)
class AskEdit(Action):
    """[Edit…]."""

    id: int


@action("announce.save")
class SaveNews(Action):
    """The form with the words; `id` 0 for a new one."""

    id: int


@action("announce.open")
class Open(Action):
    """[Continue], [Refresh], [Report]: how it stands now."""

    id: int


@action("announce.open.beside")
class OpenBeside(Action):
    """[Report] and its like on a message that is to stay."""

    id: int


@action("announce.drop")
class ThrowAway(Action):
    """[Throw away] on a draft."""

    id: int


@action("announce.audience.ask", opens_form=True)
class AskAudience(Action):
    """[For whom…]."""

    id: int


@action("announce.audience")
class SaveAudience(Action):
    """The form of [For whom…]."""

    id: int


@action("announce.preview")
class Preview(Action):
    """[Preview]."""

    id: int


@action("announce.try")
class SendToMe(Action):
    """[Send to me]."""

    id: int


@action("announce.send.ask", opens_form=True)
class AskSend(Action):
    """[Send…]."""

    id: int


@action("announce.send")
class Send(Action):
    """The form of [Send…]."""

    id: int


@action("announce.agree")
class Agree(Action):
    """[Agree] of a second person of HR; `asked` says to which handing in."""

    id: int
    asked: int


@action("announce.decline.ask", opens_form=True)
class AskDecline(Action):
    """[Not like this…]."""

    id: int
    asked: int


@action("announce.decline")
class Decline(Action):
    """The form of [Not like this…]."""

    id: int
    asked: int


@action("announce.undo")
class Undo(Action):
    """[Undo], [Take back]: a draft again."""

    id: int


@action("announce.stop")
class Stop(Action):
    """[Stop] while it is being sent."""

    id: int


@action("announce.withdraw")
class Withdraw(Action):
    """[Withdraw] what was sent."""

    id: int


@action("announce.correct.ask", opens_form=True)
class AskCorrect(Action):
    """[Correct…] what was sent."""

    id: int


@action("announce.correct")
class Correct(Action):
    """The form of [Correct…]."""

    id: int


@action("announce.correct.agree")
class AgreeToCorrection(Action):
    """[Agree to the new words] of a second person of HR; `correction` says to which."""

    id: int
    correction: int


@action("announce.correct.decline.ask", opens_form=True)
class AskDeclineCorrection(Action):
    """[Not like this…] on a correction."""

    id: int
    correction: int


@action("announce.correct.decline")
class DeclineCorrection(Action):
    """The form of [Not like this…]."""

    id: int
    correction: int


@action("announce.correct.undo")
class TakeCorrectionBack(Action):
    """[Take the new words back]."""

    id: int
    correction: int


@action("announce.correct.words")
class SendWords(Action):
    """[Old and new words as a file]."""

    id: int
    correction: int


@action("announce.again")
class SendAgain(Action):
    """[Resend to the failed]."""

    id: int


@action("announce.uncertain")
class SendUncertain(Action):
    """[Resend to the uncertain]."""

    id: int


@action("announce.file")
class SendFile(Action):
    """[As a file]."""

    id: int
