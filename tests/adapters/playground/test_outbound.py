"""The workspace as a platform for the bot: what is sent arrives once, and the platform tells the truth about it."""

import asyncio
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from adapters.playground import Mailbox, PlaygroundSender, load_people
from adapters.playground.directory import PlaygroundDirectory, make_origin
from adapters.playground.keeper import Keeper
from adapters.playground.store import Store, group_of
from adapters.playground.views import read_view
from bot.clock import FrozenClock
from bot.failures import FailureKind, ProfileUnavailable, SendFailed
from bot.incoming import AccountKind, Origin
from bot.ports import Group, Parcel, Person, Receipt, Sender
from bot.ui import Heading, Message, Para, Reader
from tests.adapters.playground.conftest import NOW
from tests.adapters.playground.small_bot import PlainLetter, render_letter

PEOPLE = load_people(NOW.date())
READER = Reader("ja", "Asia/Tokyo")


def parcel(key: str, target: Person | Group, text: str = "お知らせ", replaces: Receipt | None = None) -> Parcel:
    return Parcel(key, target, Message(text, (Para((text,)),)), READER, datetime(2026, 11, 20, tzinfo=UTC), replaces)


def to(person: str) -> Person:
    return Person("demo", person)


@pytest.fixture
def sender(keeper: Keeper) -> PlaygroundSender:
    return PlaygroundSender(keeper, FrozenClock(NOW))


@pytest.fixture
def mailbox(keeper: Keeper) -> Mailbox:
    return Mailbox(keeper, FrozenClock(NOW), PEOPLE, render_letter)


@pytest.fixture
def directory(keeper: Keeper) -> PlaygroundDirectory:
    return PlaygroundDirectory(keeper, {person.id: person for person in PEOPLE})


async def summaries(keeper: Keeper, person: str) -> list[str]:
    return [message["body"]["summary"] for message in (await keeper(read_view, person, 0))["messages"]]


async def failure(sender: Sender, sent: Parcel) -> SendFailed:
    with pytest.raises(SendFailed) as caught:
        await sender.send(sent)
    return caught.value


class TestMessages:
    async def test_a_message_reaches_the_person(self, keeper: Keeper, sender: PlaygroundSender) -> None:
        receipt = await sender.send(parcel("k1", to("misaki-sato")))
        assert receipt.conversation == receipt.address == "dm:misaki-sato"
        assert await summaries(keeper, "misaki-sato") == ["お知らせ"]

    async def test_sent_twice_it_arrives_once(self, keeper: Keeper, sender: PlaygroundSender) -> None:
        first = await sender.send(parcel("k1", to("misaki-sato")))
        assert await sender.send(parcel("k1", to("misaki-sato"), "別の文")) == first
        assert await summaries(keeper, "misaki-sato") == ["お知らせ"]

    async def test_sent_many_times_at_once_it_arrives_once(self, keeper: Keeper, sender: PlaygroundSender) -> None:
        receipts = await asyncio.gather(*(sender.send(parcel("k1", to("misaki-sato"))) for _ in range(20)))
        assert len(set(receipts)) == 1
        assert await summaries(keeper, "misaki-sato") == ["お知らせ"]

    async def test_asked_what_arrived_it_answers_truly(self, sender: PlaygroundSender) -> None:
        sent = parcel("k1", to("misaki-sato"))
        assert await sender.find_sent(sent) is None
        receipt = await sender.send(sent)
        assert await sender.find_sent(sent) == receipt
        assert await sender.find_sent(parcel("k2", to("misaki-sato"))) is None

    async def test_a_message_is_replaced_where_it_stands(self, keeper: Keeper, sender: PlaygroundSender) -> None:
        receipt = await sender.send(parcel("k1", to("misaki-sato")))
        again = await sender.send(parcel("k2", to("misaki-sato"), "直した文", receipt))
        assert again == receipt
        assert await summaries(keeper, "misaki-sato") == ["直した文"]

    @pytest.mark.parametrize("message", ["999", "ts.123", ""])
    async def test_replacing_what_is_not_there_is_our_mistake(self, sender: PlaygroundSender, message: str) -> None:
        failed = await failure(sender, parcel("k1", to("misaki-sato"), "文", Receipt("dm:misaki-sato", message)))
        assert failed.kind is FailureKind.BUG

    @pytest.mark.parametrize("person", ["kenichi-tanaka", "nobody"])
    async def test_who_is_not_in_can_not_be_written_to(self, sender: PlaygroundSender, person: str) -> None:
        assert (await failure(sender, parcel("k1", to(person)))).kind is FailureKind.GONE

    async def test_what_does_not_fit_is_our_mistake(self, keeper: Keeper, sender: PlaygroundSender) -> None:
        long = replace(parcel("k1", to("misaki-sato")), message=Message("題", (Heading("あ" * 151),)))
        assert (await failure(sender, long)).kind is FailureKind.BUG
        assert await summaries(keeper, "misaki-sato") == []

    async def test_a_file_that_can_not_be_used_is_tried_again_after_asking(
        self, sender: PlaygroundSender, keeper: Keeper
    ) -> None:
        def drop(store: Store) -> None:
            with store.database.write() as connection:
                connection.execute("alter table messages rename to gone")

        await keeper(drop)
        failed = await failure(sender, parcel("k1", to("misaki-sato")))
        assert (failed.kind, failed.maybe_sent) == (FailureKind.RETRY, True)
        assert isinstance(failed.__cause__, sqlite3.Error)


class TestGroups:
    USERS = ("misaki-sato", "sho-takahashi")

    async def test_a_group_is_opened_with_its_people(self, keeper: Keeper, sender: PlaygroundSender) -> None:
        receipt = await sender.send(parcel("k1", Group("demo", self.USERS)))
        assert receipt.conversation == group_of(self.USERS)
        assert await summaries(keeper, "misaki-sato") == await summaries(keeper, "sho-takahashi") == ["お知らせ"]
        assert await summaries(keeper, "emily-carter") == []

    async def test_the_next_message_goes_to_the_same_group(self, sender: PlaygroundSender) -> None:
        first = await sender.send(parcel("k1", Group("demo", self.USERS)))
        again = await sender.send(parcel("k2", Group("demo", (), first.address)))
        assert again.conversation == first.conversation
        assert again.message != first.message

    async def test_a_group_with_somebody_who_is_not_in_is_not_opened(self, sender: PlaygroundSender) -> None:
        failed = await failure(sender, parcel("k1", Group("demo", ("misaki-sato", "kenichi-tanaka"))))
        assert failed.kind is FailureKind.GONE

    async def test_a_group_that_is_not_there_is_gone(self, sender: PlaygroundSender) -> None:
        assert (await failure(sender, parcel("k1", Group("demo", (), "group:no")))).kind is FailureKind.GONE


class TestMails:
    async def test_a_mail_reaches_the_mailbox_before_the_person_joins(self, keeper: Keeper, mailbox: Mailbox) -> None:
        receipt = await mailbox.send(parcel("k1", to("Kenichi.Tanaka@example.jp"), "縁へのご招待"))
        (mail,) = (await keeper(read_view, "kenichi-tanaka", 0))["messages"]
        assert receipt.conversation == "mail:kenichi-tanaka"
        assert mail["kind"] == "mail"
        assert mail["body"]["subject"] == "縁へのご招待"
        assert mail["body"]["to"] == "kenichi.tanaka@example.jp"
        assert "AB12-CD34" in mail["body"]["html"]

    async def test_a_mail_arrives_once(self, keeper: Keeper, mailbox: Mailbox) -> None:
        sent = parcel("k1", to("kenichi.tanaka@example.jp"))
        assert await mailbox.find_sent(sent) is None
        assert await mailbox.send(sent) == await mailbox.send(sent) == await mailbox.find_sent(sent)
        assert len((await keeper(read_view, "kenichi-tanaka", 0))["messages"]) == 1

    @pytest.mark.parametrize("target", [to("nobody@example.com"), Group("demo", ("a@example.com",))])
    async def test_a_mail_to_nobody_is_gone(self, mailbox: Mailbox, target: Person | Group) -> None:
        assert (await failure(mailbox, parcel("k1", target))).kind is FailureKind.GONE

    async def test_mails_are_drawn_as_the_composition_root_says(self, keeper: Keeper) -> None:
        drawn = Mailbox(keeper, FrozenClock(NOW), PEOPLE, lambda message, reader: PlainLetter("件名", "本文", ""))
        await drawn.send(parcel("k1", to("kenichi.tanaka@example.jp")))
        (mail,) = (await keeper(read_view, "kenichi-tanaka", 0))["messages"]
        assert (mail["body"]["subject"], mail["body"]["text"], mail["body"]["html"]) == ("件名", "本文", "")


class TestPeople:
    async def test_alumni_are_guests_and_employees_members(self, directory: PlaygroundDirectory) -> None:
        by_id = {person.id: person for person in PEOPLE}
        alumna = await directory.get_profile(make_origin(by_id["misaki-sato"]))
        employee = await directory.get_profile(make_origin(by_id["sho-takahashi"]))
        assert (alumna.kind, employee.kind) == (AccountKind.GUEST, AccountKind.MEMBER)
        assert (employee.name, employee.email_verified) == ("高橋 翔", True)
        assert employee.email.endswith("@seiki.example.jp")

    async def test_zone_and_language_are_the_persons_own(self, directory: PlaygroundDirectory) -> None:
        emily = await directory.get_profile(Origin("playground", "demo", "emily-carter"))
        assert (emily.locale, emily.zone) == ("en", "America/Detroit")

    async def test_a_language_chosen_here_counts(self, keeper: Keeper, directory: PlaygroundDirectory) -> None:
        await keeper(Store.set_language, "emily-carter", "ja", {}, "key-1", NOW)
        assert (await directory.get_profile(Origin("playground", "demo", "emily-carter"))).locale == "ja"

    @pytest.mark.parametrize("user", ["kenichi-tanaka", "nobody"])
    async def test_who_is_not_in_is_not_told_of(self, directory: PlaygroundDirectory, user: str) -> None:
        with pytest.raises(ProfileUnavailable):
            await directory.get_profile(Origin("playground", "demo", user))

    async def test_the_list_is_of_those_who_joined(self, directory: PlaygroundDirectory) -> None:
        here, there = await directory.list_people("demo"), await directory.list_people("demo-teams")
        listed = here + there
        assert len(listed) == 57
        assert {origin.tenant for origin, _ in here} == {"demo"}
        assert {origin.user for origin, _ in there} == {
            person.id for person in PEOPLE if person.look == "teams" and person.role != "leaver"
        }
        assert all(origin.platform == "playground" and origin.address == f"dm:{origin.user}" for origin, _ in listed)
        assert await directory.list_people("elsewhere") == []
