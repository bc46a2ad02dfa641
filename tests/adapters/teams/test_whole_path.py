"""From a signed activity through the real core and database to a card in Teams, with a small feature of one form."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime

import pytest
from aiohttp import web

from bot.actions import Action, action
from bot.app import App, build
from bot.clock import FrozenClock
from bot.feature import Feature
from bot.i18n import _, use_locale
from bot.incoming import Command, FormValues, MemberJoined
from bot.policy import Policy
from bot.replies import FormErrors, Nothing, OpenForm, Private, ReplaceMessage, Reply
from bot.routing import Router, Who
from bot.settings import read_settings
from bot.ui import Button, Buttons, Form, Mention, Message, Para, TextInput
from storage.models import Account, Member
from storage.queries import outbox
from storage.uow import UnitOfWork
from tests.adapters.teams.rig import START, sentence
from tests.fake_teams import TENANT, Actor, FakeTeams
from tests.support.makers import teams_maker
from tests.support.patience import UNPACED

router = Router()

with use_locale("ja"):
    CONTINUE = _("Please continue in the form.")


@action("teams-path.form", opens_form=True)
class Ask(Action):
    """[Ask]: opens the form, and is the form."""

    tries: int


@action("teams-path.count")
class Count(Action):
    """A button that counts its presses."""

    n: int


def make_form(aim: str = "") -> Form:
    """A form of one field."""
    return Form("相談", "送る", Ask(0), (TextInput("aim", "相談したいこと", aim, max_length=50),))


@router.command("ask", words=("ask", "相談"), who=Who.ANYONE)
def ask(command: Command) -> Reply:
    """Opens the form."""
    return OpenForm(make_form(command.text))


@router.button(Ask, who=Who.ANYONE)
def ask_again(payload: Ask) -> Reply:
    """The same from a card."""
    return OpenForm(make_form())


@router.form(Ask, who=Who.ANYONE)
def take(payload: Ask, values: FormValues, me: Member) -> Reply:
    """Checks and thanks."""
    if "電池" not in values.text("aim"):
        return FormErrors(make_form(values.text("aim")), {"aim": "話題を書いていただけますか。"})
    return Private(sentence(f"{me.name}さん、承りました。"))


@router.button(Count, who=Who.ANYONE)
def count(payload: Count) -> Reply:
    """One more."""
    buttons = Buttons((Button("もう1回", Count(payload.n + 1)),))
    return ReplaceMessage(Message("回数", (Para((f"{payload.n}回目です。",)), buttons)))


@router.event(MemberJoined)
def welcome(joined: MemberJoined, db: UnitOfWork, account: Account, me: Member, now: datetime) -> Reply:
    """Greets once, with a card."""

    def make() -> Message:
        text = Para((Mention(me.id or 0, me.name), "さん、ようこそ。"))
        return Message("ようこそ", (text, Buttons((Button("数える", Count(1)), Button("相談する", Ask(0))))))

    outbox.post_to_account(db, account, "ja", make, outbox.Terms(f"welcome:{account.id}", now))
    return Nothing()


@pytest.fixture
async def teams(sqlite_url: str) -> AsyncIterator[FakeTeams]:
    """A fake Teams with the whole of Musubi behind it."""
    clock = FrozenClock(START)
    async with FakeTeams(now=clock.now) as fake:
        app = make_app(fake, clock, sqlite_url)
        runner = web.AppRunner(app.make_web(), access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        await app.start()
        fake.connect(f"http://127.0.0.1:{runner.addresses[0][1]}/api/messages")
        yield fake
        await runner.cleanup()
        await app.close()


def make_app(teams: FakeTeams, clock: FrozenClock, url: str) -> App:
    settings = read_settings(_env_file=None, musubi_database_url=url, musubi_secret="secret of a test")
    maker = teams_maker(teams.url, teams.openid_url, teams.service_url)
    policy = Policy(home_tenants=frozenset({f"teams:{TENANT}"}))
    return build(settings, [maker], clock=clock, features=[Feature("path", router)], policy=policy, limits=UNPACED)


@pytest.fixture
async def sato(teams: FakeTeams) -> Actor:
    """Somebody who has just installed the app."""
    person = teams.add_person("佐藤 美咲")
    await person.install()
    return person


async def test_who_installs_is_greeted_once_by_name(teams: FakeTeams, sato: Actor) -> None:
    card = await sato.receives("ようこそ")
    assert "<at>佐藤 美咲</at>さん、ようこそ。" in card.text
    assert len(teams.sent_to(sato)) == 1


async def test_a_typed_word_leads_to_a_button_a_form_and_an_answer(teams: FakeTeams, sato: Actor) -> None:
    await sato.receives("ようこそ")
    await sato.write("相談 宇宙")
    await sato.receives(CONTINUE)
    dialog = await sato.open(sato.latest.buttons_for(sato.account)[0])
    assert dialog.values == {"aim": "宇宙"}
    dialog = await dialog.next()
    assert dialog.errors == {"aim": "話題を書いていただけますか。"}
    page = await dialog.next({"aim": "電池の量産"})
    assert page.text == "佐藤 美咲さん、承りました。"
    await page.finish(button="閉じる")


async def test_a_card_that_changes_with_every_press(teams: FakeTeams, sato: Actor) -> None:
    sent = await sato.receives("ようこそ")
    assert "1回目です。" in (await sato.press("数える")).text
    await teams.world.wait_until(lambda: "1回目" in sent.text, None, "the card for good")
    assert "2回目です。" in (await sato.press("もう1回")).text


async def test_four_deliveries_have_one_effect(teams: FakeTeams, sato: Actor) -> None:
    await sato.receives("ようこそ")
    answer = await sato.write("相談")
    await sato.receives(CONTINUE)
    for _again in range(3):
        assert (await teams.send_again(answer)).status == 200
    await sato.write("ask")
    await teams.world.wait_until(lambda: len(teams.sent_to(sato)) == 3, None, "the second answer")
    assert len(teams.sent_to(sato)) == 3, "one greeting, one answer to the first word, one to the second"


async def test_in_a_channel_the_answer_comes_in_the_persons_own_chat(teams: FakeTeams, sato: Actor) -> None:
    await sato.receives("ようこそ")
    channel = await teams.add_team("縁", [sato])
    await sato.write("相談", to=channel)
    await sato.receives(CONTINUE)
    assert sato.messages(channel) == []


async def test_an_old_button_is_told_so(teams: FakeTeams, sato: Actor) -> None:
    sent = await sato.receives("ようこそ")
    _, act = sato.find_button("数える")
    stale = act | {"data": {"musubi": {"press": "retired.action[1]", "locale": "ja"}}}
    pressed = await sato.execute(sent, stale, {})
    assert "使えなくなりました" in pressed.toast


async def test_who_blocks_the_bot_is_tried_once(teams: FakeTeams, sato: Actor) -> None:
    await sato.receives("ようこそ")
    sato.block()
    await sato.write("相談")
    await teams.world.wait_until(lambda: teams.refusals, None, "the refused answer")
    await asyncio.sleep(0.3)
    assert [status for _, _, status in teams.refusals] == [403]
    assert len(teams.sent_to(sato)) == 1
