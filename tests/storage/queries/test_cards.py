"""Messages that were delivered are changed, taken back, or left alone."""

from datetime import datetime

from bot.actions import Action, action
from bot.failures import FailureKind, SendFailed
from bot.feature import Feature
from bot.incoming import Command, Origin
from bot.replies import Nothing, Private, ReplaceMessage, Reply
from bot.routing import Router, Who
from bot.ui import Button, Buttons, Heading, Message, Note, Para
from storage.models import Account, Delivery, DeliveryState, Member, Urgency
from storage.queries.callers import find_account
from storage.queries.cards import retire, revise, was_sent
from storage.queries.outbox import Terms, post, post_to_account
from storage.uow import UnitOfWork
from tests.support.rows import list_rows
from tests.support.world import Actor, World

KEY = "card:1"


@action("test.cards.press")
class Press(Action):
    """A button of the card."""


def card() -> Message:
    """A card with a button."""
    return Message("A card", (Heading("A card"), Para(("What it is about",)), Buttons((Button("Press", Press()),))))


def changed() -> Message:
    """The card, later."""
    return Message("Changed", (Para(("Something else",)),))


def note() -> Message:
    """What stands in place of the buttons."""
    return Message("Over", (Note(("It is over",)),))


def feature() -> Feature:
    """Sends the card and answers its button."""
    router = Router()

    @router.command("card", who=Who.ANYONE)
    def send(command: Command, db: UnitOfWork, me: Member, now: datetime) -> Reply:
        urgency = Urgency.NUDGE if command.text == "quietly" else Urgency.ANSWER
        post(db, me, card, Terms(KEY, now, urgency))
        return Nothing()

    @router.button(Press, who=Who.ANYONE)
    def press(pressed: Press, db: UnitOfWork, me: Member, origin: Origin, now: datetime) -> Reply:
        revise(db, me, KEY, changed, now, origin.message)
        return ReplaceMessage(changed())

    @router.command("hello", who=Who.ANYONE)
    def hello(command: Command) -> Reply:
        return Private(note())

    return Feature("cards", router)


async def start(url: str) -> tuple[World, Actor]:
    """A community with somebody who was met."""
    world = World(url, features=(feature(),))
    sho = world.employee("高橋 翔")
    await sho.command("/hello")
    return world, sho


def give_account(world: World, account: Actor, to: Actor) -> None:
    """Makes the account somebody else's, as joining accounts does."""
    member_id = to.member().id
    with world.store.begin() as db:
        found = find_account(db, account.origin())
        assert found is not None
        found[0].member_id = member_id


def apply(world: World, actor: Actor, *, only_buttons: bool = False) -> None:
    """Changes the card, or takes its buttons."""
    member = actor.member()
    with world.store.begin() as db:
        if only_buttons:
            retire(db, member, KEY, note, world.clock.now(), follows="card:2")
        else:
            revise(db, member, KEY, changed, world.clock.now())


async def test_a_delivered_card_changes_in_its_place(database_url: str) -> None:
    world, sho = await start(database_url)
    await sho.command("/card")
    assert sho.inbox == [card()]
    apply(world, sho)
    await world.settle()
    assert sho.inbox == [changed()]
    world.close()


async def test_a_card_can_change_more_than_once(sqlite_url: str) -> None:
    world, sho = await start(sqlite_url)
    await sho.command("/card")
    apply(world, sho)
    apply(world, sho, only_buttons=True)
    await world.settle()
    assert sho.inbox == [Message("Changed", (*changed().blocks, *note().blocks))]
    world.close()


async def test_buttons_are_taken_and_the_rest_stays(sqlite_url: str) -> None:
    world, sho = await start(sqlite_url)
    await sho.command("/card")
    apply(world, sho, only_buttons=True)
    await world.settle()
    assert sho.inbox == [Message("A card", (*card().blocks[:2], *note().blocks))]
    world.close()


async def test_what_has_not_gone_out_is_taken_back(sqlite_url: str) -> None:
    world, sho = await start(sqlite_url)
    world.clock.at = world.clock.at.replace(hour=14)  # 23:00 in Tokyo
    await sho.command("/card quietly")
    apply(world, sho)
    await world.pass_time(hours=12)
    assert sho.inbox == []
    assert [row.reason for row in list_rows(world.store, Delivery)] == ["overtaken"]
    world.close()


async def test_the_pressed_card_is_changed_by_the_answer_alone(sqlite_url: str) -> None:
    world, sho = await start(sqlite_url)
    await sho.command("/card")
    await sho.press("Press")
    assert sho.inbox == [changed()]
    assert [row.state for row in list_rows(world.store, Delivery)] == [DeliveryState.SENT, DeliveryState.SKIPPED]
    apply(world, sho, only_buttons=True)
    await world.settle()
    assert sho.inbox == [Message("Changed", (*changed().blocks, *note().blocks))], "what it showed is known"
    world.close()


async def test_a_button_elsewhere_changes_the_card_too(sqlite_url: str) -> None:
    world, sho = await start(sqlite_url)
    await sho.command("/card")
    await sho.press_action(Press())
    assert sho.answer == changed()
    assert sho.inbox == [changed()]
    world.close()


async def test_the_card_is_found_on_the_account_that_took_it(sqlite_url: str) -> None:
    """The account seen last is gone, so the card went to the one before; that is where it must change."""
    world, sho = await start(sqlite_url)
    world.chat.profiles["U-new"] = sho.profile
    newer = Actor(world, "U-new")
    await newer.command("/hello")
    give_account(world, newer, sho)
    world.chat.failures.append(SendFailed(FailureKind.GONE, "account_inactive"))
    await sho.command("/card")
    await world.settle()
    assert (newer.inbox, sho.inbox) == ([], [card()])
    with world.store.begin() as db:
        assert was_sent(db, KEY)
    apply(world, sho)
    await world.settle()
    assert sho.inbox == [changed()]
    world.close()


async def test_a_newer_account_does_not_get_the_change(sqlite_url: str) -> None:
    """An edit goes where the message is, not where the person was seen last."""
    world, sho = await start(sqlite_url)
    await sho.command("/card")
    world.chat.profiles["U-new"] = sho.profile
    newer = Actor(world, "U-new")
    await newer.command("/hello")
    give_account(world, newer, sho)
    apply(world, sho)
    await world.settle()
    assert (sho.inbox, newer.inbox) == ([changed()], [])
    assert {row.account_id for row in list_rows(world.store, Delivery)} == {1}
    world.close()


async def test_mail_and_what_was_never_sent_stay_as_they_are(sqlite_url: str) -> None:
    world, sho = await start(sqlite_url)
    member, now = sho.member(), world.clock.now()
    with world.store.begin() as db:
        mail = Account(platform="email", external_id="sho@example.com", member_id=member.id, created_at=now)
        db.session.add(mail)
        db.session.flush()
        post_to_account(db, mail, "ja", card, Terms(KEY, now))
    await world.settle()
    apply(world, sho)
    with world.store.begin() as db:
        revise(db, member, "no such card", changed, now)
        retire(db, member, "no such card", note, now, follows="card:2")
        assert not was_sent(db, "no such card")
    await world.settle()
    assert [row.key for row in list_rows(world.store, Delivery)] == [KEY]
    world.close()


async def test_a_change_that_belongs_to_a_new_message_waits_with_it(sqlite_url: str) -> None:
    """In the night the card stays as it is, and its button alive; in the morning the new one comes."""
    world, sho = await start(sqlite_url)
    await sho.command("/card")
    world.clock.at = world.clock.at.replace(hour=14)
    follow(world, sho)
    await world.settle()
    assert sho.inbox == [card()]
    await world.pass_time(hours=10)
    assert sho.inbox == [note(), changed()]
    world.close()


async def test_when_the_new_message_is_taken_back_the_card_before_it_stands_again(sqlite_url: str) -> None:
    world, sho = await start(sqlite_url)
    await sho.command("/card")
    world.clock.at = world.clock.at.replace(hour=14)
    follow(world, sho)
    member = sho.member()
    with world.store.begin() as db:
        assert revise(db, member, "card:2", note, world.clock.now()) == KEY
    await world.pass_time(hours=10)
    assert sho.inbox == [note()]
    assert [row.reason for row in list_rows(world.store, Delivery)] == ["", "overtaken", "overtaken", ""]
    world.close()


async def test_a_third_message_retires_the_first_when_the_second_never_went_out(sqlite_url: str) -> None:
    world, sho = await start(sqlite_url)
    await sho.command("/card")
    world.clock.at = world.clock.at.replace(hour=14)
    follow(world, sho)
    follow(world, sho, "card:3", after="card:2")
    await world.pass_time(hours=10)
    assert sho.inbox == [note(), changed()]
    world.close()


def follow(world: World, actor: Actor, key: str = "card:2", after: str = KEY) -> None:
    """Sends another message in the morning, and takes the buttons off the one before."""
    member, now = actor.member(), world.clock.now()
    with world.store.begin() as db:
        retire(db, member, after, note, now, follows=key, keeps_text=False)
        post(db, member, changed, Terms(key, now, Urgency.NUDGE))
