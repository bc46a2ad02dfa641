"""A company on the fake Slack: the whole product behind the real adapter, and people who take its usual steps."""

from pathlib import Path
from typing import cast

from handlers import FEATURES
from tests.adapters.slack.world import Mode, SlackWorld
from tests.fake_slack import Person
from tests.support.people import add_leaver
from tests.support.world import POLICY, World

MANIFEST = (Path(__file__).parents[2] / "manifest.yml").read_text()
TOPIC = "電池の量産立ち上げ"
AIM = "最初の半年で確かめておくべきことを伺いたいです。"


class Company(SlackWorld):
    """Sample Seiki and those who left it. Only what manifest.yml installs exists."""

    def __init__(self, url: str, mode: Mode = "http") -> None:
        super().__init__(url, mode, manifest=MANIFEST, features=FEATURES, policy=POLICY)

    async def add_employee(self, name: str = "高橋 翔", email: str = "sho@sample-seiki.example", **more: str) -> Person:
        """Somebody from the company, who has joined the workspace."""
        person = self.slack.add_person(name, email=email, **more)
        await self.join(person)
        return person

    def add_leaver(self, name: str = "佐藤 美咲", number: str = "00123") -> str:
        """Puts somebody on HR's list and returns their invitation code."""
        return add_leaver(cast("World", self), name, number)  # it wants the store and the clock, which both have

    async def add_hr(self) -> Person:
        """Somebody with the HR role."""
        return await self.add_employee("山本 由佳", "hr@sample-seiki.example")

    async def join(self, person: Person) -> None:
        """Joins the workspace, and reads the welcome."""
        await person.join_team()
        await self.settle()

    def add_guest(self, name: str = "佐藤 美咲", **more: str) -> Person:
        """Somebody who has left, with a guest's account; not in the workspace yet."""
        return self.slack.add_person(name, is_restricted=True, **more)

    async def add_alumna(self, name: str = "佐藤 美咲", number: str = "00123", topic: str = TOPIC) -> Person:
        """Somebody who has left, joined and registered, in Japanese."""
        person = self.add_guest(name)
        await self.join(person)
        await person.click("登録する")
        await self.register(person, self.add_leaver(name, number), topic)
        return person

    async def register(self, person: Person, code: str, topic: str = TOPIC) -> None:
        """The three forms, from the one that is open now."""
        await person.modal.fill("ご招待コード", code).submit()
        await person.modal.fill("そのほかの話題（ご自分の言葉で）", topic).pick("話せる言葉", "日本語").submit()
        choices = person.modal.tick("みんなの約束", "約束を守ります")
        await choices.tick("お送りしてよいもの", "相談のお願いを受け取る").submit()
        await self.settle()
        await person.modal.close()

    async def ask(self, person: Person, topic: str = TOPIC) -> None:
        """Wishes for a consultation, and asks whom Musubi proposes first."""
        await person.command("/mentor", topic)
        await person.modal.fill("相談で得たいこと", AIM).submit()
        await person.modal.close()
        await self.settle()
        await person.click("依頼する")
        await self.settle()

    def check_nothing_went_wrong(self) -> None:
        """Nobody saw an error of Slack's, Slack refused nothing, and nothing was delivered twice."""
        assert self.slack.troubles == []
        assert [f"{call.method}: {call.answer}" for call in self.slack.calls if call.answer != "ok"] == []
        assert all(delivery.accepted for delivery in self.slack.deliveries.all)
        assert set(self.slack.count_by_key().values()) == {1}
