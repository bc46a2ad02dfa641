"""A feature whose effects can be counted, for tests of the dispatcher."""

from datetime import datetime

from bot.actions import Action, action
from bot.failures import UserError
from bot.feature import Feature
from bot.i18n import _
from bot.incoming import Command, FormValues, HomeOpened, MemberJoined, MessageReceived
from bot.replies import FormErrors, Nothing, OpenForm, Private, ReplaceMessage, Reply, ShowHome
from bot.routing import Router, Who
from bot.ui import Button, Buttons, Form, Message, Para, TextInput
from storage.models import Account, Member
from storage.uow import UnitOfWork
from tests.support.rows import list_rows
from tests.support.world import World


@action("test.dispatch.note", opens_form=True)
class Note(Action):
    """A form that notes, a button that notes."""

    id: int


@action("test.dispatch.unrouted")
class Unrouted(Action):
    """Nobody answers it any more."""


def say(text: str) -> Message:
    return Message(text, (Para((text,)),))


def note(db: UnitOfWork, me: Member, text: str) -> None:
    """The effect of a handler: seen in the database, once for every time it took place."""
    member = db.session.get_one(Member, me.id)
    member.latest_news += text + ";"


def make_feature() -> Feature:
    """Commands for anybody and for some, forms, buttons and events."""
    router = Router()
    _add_commands(router)
    _add_guarded(router)
    _add_forms(router)
    _add_events(router)
    return Feature("test", router)


def _add_commands(router: Router) -> None:
    @router.command("note", words=("note", "メモ"), who=Who.ANYONE)
    def note_it(command: Command, me: Member, db: UnitOfWork) -> Reply:
        note(db, me, command.text)
        return Private(say(f"noted {command.text}"))

    @router.command("form", words=("form",), who=Who.ANYONE)
    def show_form(command: Command) -> Reply:
        return OpenForm(Form("Title", "Send", Note(7), (TextInput("text", "Text", command.text),)))

    @router.command("form short", words=("short",), who=Who.ANYONE)
    def show_short_form(command: Command) -> Reply:
        return OpenForm(Form("Short", "Send", Note(8), (TextInput("text", "Text", command.text),)))

    @router.command("refuse", words=("refuse",), who=Who.ANYONE)
    def refuse(me: Member, db: UnitOfWork) -> Reply:
        note(db, me, "must not stay")
        raise UserError("That can't be done today.")

    @router.command("break", words=("break",), who=Who.ANYONE)
    def break_down(me: Member, db: UnitOfWork) -> Reply:
        note(db, me, "must not stay")
        raise RuntimeError("broken on purpose")


def _add_guarded(router: Router) -> None:
    @router.command("replace", words=("replace",), who=Who.ANYONE)
    def replace_it() -> Reply:
        return ReplaceMessage(say("new"))

    @router.command("staff", words=("staff",), who=Who.EMPLOYEE)
    def staff() -> Reply:
        return Private(say("for staff"))

    @router.command("secret", who=Who.HR)
    def secret() -> Reply:
        return Private(say("for HR"))

    @router.command("active")
    def active() -> Reply:
        return Private(say("for active members"))

    @router.command("language", who=Who.ANYONE)
    def language() -> Reply:
        return Private(say(_("Home")))


def _add_forms(router: Router) -> None:
    @router.button(Note, who=Who.ANYONE)
    def press(pressed: Note, me: Member, db: UnitOfWork) -> Reply:
        note(db, me, f"pressed {pressed.id}")
        return ReplaceMessage(say("done"))

    @router.form(Note, who=Who.ANYONE)
    def submit(filled: Note, values: FormValues, me: Member, db: UnitOfWork) -> Reply:
        if not values.text("text"):
            form = Form("Title", "Send", filled, (TextInput("text", "Text"),))
            return FormErrors(form, {"text": "Please write something."})
        note(db, me, f"{filled.id} {values.text('text')}")
        return Nothing()


def _add_events(router: Router) -> None:
    @router.event(MemberJoined)
    def welcome(me: Member) -> Reply:
        return Private(say("welcome"))

    @router.event(HomeOpened)
    def home(now: datetime) -> Reply:
        return ShowHome(Message(f"{now:%H:%M}", (Buttons((Button("Note", Note(1)),)),)))

    @router.event(MessageReceived)
    def menu(message: MessageReceived, me: Member, db: UnitOfWork) -> Reply:
        note(db, me, f"read {message.text}")
        return Private(say("menu"))


def news(world: World, user: str) -> str:
    """What the handlers noted for a person."""
    return find_member(world, user).latest_news


def find_member(world: World, user: str) -> Member:
    """The member behind an account."""
    members = {member.id: member for member in list_rows(world.store, Member)}
    return members[{account.external_id: account.member_id for account in list_rows(world.store, Account)}[user]]
