"""What people write in a thread, what features claim, and messages that are changed afterwards. The real app."""

from collections.abc import Iterator

import pytest

from bot.feature import Feature
from bot.incoming import Command, MessageDeleted, MessageEdited, MessageReceived, Origin, Scope, SharedFile
from bot.replies import Nothing, Private, Reply
from bot.routing import Router, RoutingError, Who
from bot.text import clean_incoming
from storage.models import Account, Member
from storage.uow import UnitOfWork
from tests.bot.notebook import make_feature, news, note, say
from tests.bot.test_routing import ORIGIN, table
from tests.support.rows import list_rows
from tests.support.world import Actor, World


def is_of_the_room(message: MessageReceived) -> bool:
    return message.thread == "root"


def is_a_riddle(message: MessageReceived, me: Member) -> bool:
    return message.text.endswith("?") and bool(me.name)


def make_claims() -> Feature:
    """A feature with a thread and messages of its own, beside the notebook's."""
    router = Router()

    @router.thread(is_of_the_room)
    def take(message: MessageReceived, me: Member, db: UnitOfWork) -> Reply:
        note(db, me, f"thread {message.text} {len(message.files)}")
        return Nothing()

    @router.message(is_a_riddle, who=Who.ACTIVE)
    def solve(message: MessageReceived, me: Member, db: UnitOfWork) -> Reply:
        note(db, me, f"riddle {message.text}")
        return Private(say("solved"))

    @router.event(MessageEdited)
    def edit(message: MessageEdited, me: Member, db: UnitOfWork) -> Reply:
        note(db, me, f"edited {message.origin.message} {message.text}")
        return Nothing()

    @router.event(MessageDeleted)
    def delete(message: MessageDeleted, me: Member, db: UnitOfWork) -> Reply:
        note(db, me, f"deleted {message.origin.message}")
        return Nothing()

    return Feature("claims", router)


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    world = World(database_url, features=[make_feature(), make_claims()])
    yield world
    world.close()


def write(actor: Actor, text: str, thread: str = "", key: str = "", scope: Scope = Scope.PERSONAL) -> MessageReceived:
    key = key or actor.world.next_key()
    origin = Origin("chat", "T1", actor.user, key, scope, conversation=f"dm-{actor.user}", message="own")
    return MessageReceived(origin, text, thread)


async def test_a_threads_messages_are_no_commands(world: World) -> None:
    sho = world.employee("翔")
    await world.dispatch(write(sho, "note to self", "root"))
    assert news(world, sho.user) == "thread note to self 0;"
    assert sho.inbox == []


async def test_a_thread_nobody_claims_is_like_any_message(world: World) -> None:
    sho = world.employee("翔")
    await world.dispatch(write(sho, "note x", "unknown"))
    await world.dispatch(write(sho, "hello", "unknown"))
    assert news(world, sho.user) == "x;read hello;"
    assert sho.inbox == [say("noted x"), say("menu")]


async def test_a_claimed_message_comes_after_the_words_and_before_the_menu(world: World) -> None:
    sho = world.employee("翔")
    for text in ("note why?", "why?", "hello"):
        await world.dispatch(write(sho, text))
    assert news(world, sho.user) == "why?;riddle why?;read hello;"
    assert sho.inbox == [say("noted why?"), say("solved"), say("menu")]


async def test_a_claim_is_checked_for_rights_like_every_route(world: World) -> None:
    stranger = world.person("誰か")
    await world.dispatch(write(stranger, "why?"))
    assert news(world, stranger.user) == ""
    assert len(stranger.inbox) == 1


async def test_the_same_message_of_a_thread_counts_once(world: World) -> None:
    sho = world.employee("翔")
    for _turn in range(3):
        await world.dispatch(write(sho, "hello", "root", key="K1"))
    assert news(world, sho.user) == "thread hello 0;"


@pytest.mark.parametrize("scope", [Scope.GROUP, Scope.CHANNEL])
async def test_among_others_nothing_is_claimed(world: World, scope: Scope) -> None:
    sho = world.employee("翔")
    assert await world.dispatch(write(sho, "hello", "root", scope=scope)) == Nothing()
    assert await world.dispatch(write(sho, "why?", scope=scope)) == Nothing()
    assert news(world, sho.user) == ""


async def test_edits_and_deletions_arrive_with_the_id_of_the_message(world: World) -> None:
    sho = world.employee("翔")
    await world.dispatch(MessageEdited(sho.origin("K1", "m7"), "better"))
    await world.dispatch(MessageDeleted(sho.origin("K2", "m8")))
    assert news(world, sho.user) == "edited m7 better;deleted m8;"


async def test_where_nobody_cares_edits_and_deletions_are_passed_over(database_url: str) -> None:
    world = World(database_url, features=[make_feature()])
    sho = world.employee("翔")
    for incoming in (MessageEdited(sho.origin("K1", "m7"), "x"), MessageDeleted(sho.origin("K2", "m8"))):
        assert await world.dispatch(incoming) == Nothing()
    assert sho.inbox == []
    world.close()


def test_a_typed_command_forgets_the_message_in_which_it_was_typed() -> None:
    router = Router()
    router.command("note", words=("note",))(lambda: Nothing())
    command = table(router).read_message(MessageReceived(Origin("chat", "T1", "U1", message="own"), "note x"))
    assert command == Command(Origin("chat", "T1", "U1"), "note", "x")


def test_a_guard_with_a_parameter_nobody_provides_stops_the_start() -> None:
    def asks_too_much(message: MessageReceived, secret: bytes) -> bool:
        return bool(secret)

    router = Router()
    router.message(asks_too_much)(lambda: Nothing())
    with pytest.raises(RoutingError, match="asks_too_much"):
        table(router)


def test_one_guard_for_two_routes_of_a_kind_stops_the_start() -> None:
    router = Router()
    router.thread(is_of_the_room)(lambda: Nothing())
    router.thread(is_of_the_room)(lambda: Nothing())
    with pytest.raises(RoutingError, match="two handlers"):
        table(router)


def test_names_and_addresses_of_files_are_cleaned() -> None:
    dirty = SharedFile("a\x00.pdf", "application/pdf\x07", "https://example.com/\x00x", 7)
    cleaned = clean_incoming(MessageReceived(ORIGIN, "see\x00", files=(dirty,)))
    file = SharedFile("a.pdf", "application/pdf", "https://example.com/x", 7)
    assert cleaned == MessageReceived(ORIGIN, "see", files=(file,))
    assert clean_incoming(MessageEdited(ORIGIN, "a\x00b")) == MessageEdited(ORIGIN, "ab")


async def test_nobody_is_met_by_mail(world: World) -> None:
    stranger = Actor(world, "who@example.org", "email")
    assert await world.dispatch(MessageReceived(stranger.origin("K1"), "note x", "root")) == Nothing()
    assert list_rows(world.store, Account) == []
    assert world.mail.sent == []
