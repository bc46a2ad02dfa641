"""The buttons and forms of a consultation. They carry ids; who may press them is looked up when they come back."""

from bot.actions import Action, action

# Of the asker


@action("consultation.start", opens_form=True)
class Start(Action):
    """[Ask somebody]: the form, empty."""


@action("consultation.again", opens_form=True)
class AskAgain(Action):
    """[Ask again]: the form, filled with what an ended consultation was about."""

    consultation: int


@action("consultation.wish")
class Wish(Action):
    """The form itself. `key` tells one opening of it from another."""

    key: str


@action("consultation.ask")
class Ask(Action):
    """[Ask] beside one proposal."""

    consultation: int
    proposal: int


@action("consultation.you_choose")
class YouChoose(Action):
    """[You choose]."""

    consultation: int


@action("consultation.change_topic", opens_form=True)
class ChangeTopic(Action):
    """[Change the topic]."""

    consultation: int


@action("consultation.new_topic")
class NewTopic(Action):
    """The form behind [Change the topic]."""

    consultation: int


@action("consultation.call_off")
class CallOff(Action):
    """[Call it off], by the asker at any time, by the other side after acceptance."""

    consultation: int


@action("consultation.show")
class Show(Action):
    """[Show] on the home page: how a consultation stands, for whichever side presses it."""

    consultation: int


# Of the person asked


@action("consultation.accept")
class Accept(Action):
    """[Accept]."""

    request: int


@action("consultation.decline", opens_form=True)
class Decline(Action):
    """[Not this time…]."""

    request: int


@action("consultation.reason")
class Reason(Action):
    """The form behind [Not this time…]."""

    request: int


@action("consultation.suggest", opens_form=True)
class Suggest(Action):
    """[Suggest someone]."""

    request: int


@action("consultation.suggestion")
class Suggestion(Action):
    """The form behind [Suggest someone]."""

    request: int


@action("consultation.show_request")
class ShowRequest(Action):
    """[Answer] on the home page."""

    request: int


@action("consultation.keep_me")
class KeepMe(Action):
    """[Keep me], after several requests without an answer."""


@action("consultation.rest")
class Rest(Action):
    """[Rest a month]."""


@action("consultation.stop")
class Stop(Action):
    """[Stop]: takes the consent back."""


# Of both, after acceptance


@action("consultation.set_date", opens_form=True)
class SetDate(Action):
    """[Tell the day]."""

    consultation: int


@action("consultation.date")
class TalkDate(Action):
    """The form behind [Tell the day]."""

    consultation: int


@action("consultation.share_contact", opens_form=True)
class ShareContact(Action):
    """[Share my contact]."""

    consultation: int


@action("consultation.contact")
class Contact(Action):
    """The form behind [Share my contact]."""

    consultation: int


@action("consultation.talked", opens_form=True)
class Talked(Action):
    """[Yes]: we talked; opens the two questions."""

    consultation: int


@action("consultation.not_talked")
class NotTalked(Action):
    """[Planned], [Not yet] or [Called off]."""

    consultation: int
    answer: str


@action("consultation.feedback")
class Feedback(Action):
    """The two questions."""

    consultation: int
