"""A small feature that answers in every way a feature can, chosen by what is asked for."""

from collections.abc import Callable

from bot.actions import Action, action
from bot.failures import UserError
from bot.feature import Feature
from bot.incoming import Command, FormValues, MemberJoined, MessageDeleted, MessageEdited, MessageReceived
from bot.replies import FormErrors, Nothing, OpenForm, Private, ReplaceMessage, Reply, ShowHome
from bot.routing import Router, Who
from bot.ui import Button, Buttons, Form, Heading, Message, Para, TextInput


@action("slacktest.do", opens_form=True)
class Do(Action):
    """A button: `what` is the answer it wants."""

    what: str


@action("slacktest.fill")
class Fill(Action):
    """A form: `what` is the answer it wants when it is sent off."""

    what: str


BUTTONS = ("nothing", "private", "form", "replace", "home", "boom", "sorry", "unshowable", "unopenable", "errors")
CHOICES = Buttons(tuple(Button(what, Do(what)) for what in BUTTONS))
WELCOME = Message("ようこそ", (Heading("ようこそ"), Para(("はじめに登録をお願いします。",)), CHOICES))
HOME = Message("ホーム", (Para(("いまの状況です。",)), CHOICES))
PAGE = Message("お伝えします", (Heading("お伝えします"), Para(("承りました。",)), Buttons(CHOICES.buttons[2:3])))


def say(text: str) -> Message:
    """A sentence."""
    return Message(text, (Para((text,)),))


def make_form(what: str, value: str = "") -> Form:
    """A form that, sent off, wants this answer."""
    return Form(
        "登録", "次へ", Fill(what), (TextInput("name", "お名前", value=value), TextInput("city", "町", required=False))
    )


class SmallFeature:
    """The feature, with a note of what it did."""

    def __init__(self) -> None:
        self.effects: list[str] = []
        self.fail = 0
        """How many of the next handlings fail."""
        router = Router()
        router.command("mentor", words=("相談",), who=Who.ANYONE)(self.command)
        router.command("alumni", who=Who.ANYONE)(self.command)
        router.button(Do, who=Who.ANYONE)(self.press)
        router.form(Fill, who=Who.ANYONE)(self.submit)
        router.event(MemberJoined)(self.join)
        router.event(MessageReceived)(self.hear)
        router.event(MessageEdited)(self.follow_edit)
        router.event(MessageDeleted)(self.follow_deletion)
        self.feature = Feature("slacktest", router)

    def _note(self, effect: str) -> None:
        if self.fail:
            self.fail -= 1
            raise RuntimeError("told to fail")
        self.effects.append(effect)

    def command(self, command: Command) -> Reply:
        """Answers as the text says."""
        self._note(f"{command.name} {command.text}")
        return self._answer(command.text or "form")

    def press(self, pressed: Do) -> Reply:
        """Answers as the button says."""
        self._note(f"do {pressed.what}")
        return self._answer(pressed.what)

    def submit(self, filled: Fill, values: FormValues) -> Reply:
        """Answers as the form says; a name of one letter is sent back."""
        name = values.text("name")
        if len(name) < 2:
            return FormErrors(make_form(filled.what, name), {"name": "2文字以上でお願いします。"})
        self._note(f"fill {name} {values.text('city')}".strip())
        return OpenForm(make_form("private", "二枚目")) if filled.what == "form" else self._answer(filled.what)

    def join(self) -> Reply:
        """Welcomes."""
        self._note("join")
        return Private(WELCOME)

    def follow_edit(self, edited: MessageEdited) -> Reply:
        """Notes what was changed, and how."""
        self._note(f"edit {edited.origin.message} {edited.text}")
        return Nothing()

    def follow_deletion(self, deleted: MessageDeleted) -> Reply:
        """Notes what was deleted."""
        self._note(f"delete {deleted.origin.message}")
        return Nothing()

    def hear(self, message: MessageReceived) -> Reply:
        """Repeats."""
        self._note(f"hear {message.text}")
        return Private(say(f"「{message.text}」と伺いました。"))

    def _answer(self, what: str) -> Reply:
        answers: dict[str, Callable[[], Reply]] = {
            "nothing": Nothing,
            "private": lambda: Private(PAGE),
            "form": lambda: OpenForm(make_form("form")),
            "replace": lambda: ReplaceMessage(say("引き受けました。")),
            "home": lambda: ShowHome(HOME),
            "unshowable": lambda: Private(Message("お知らせ", (Buttons((Button("長" * 76, Do("x")),)),))),
            "unopenable": lambda: OpenForm(Form("長" * 25, "次へ", Fill("x"), ())),
            "errors": lambda: FormErrors(make_form("private", "あ"), {"name": "もう一度お願いします。"}),
        }
        if what == "sorry":
            raise UserError("いまはできません。")
        if what == "boom":
            raise RuntimeError("boom")
        return answers.get(what, lambda: OpenForm(make_form(what)))()
