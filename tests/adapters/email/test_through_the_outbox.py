"""Invitations through the real app to a real SMTP server: sent once, retried, uncertain, and what HR then sees."""

import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from adapters.email import EmailAdapter
from bot.app import App, build
from bot.clock import FrozenClock
from bot.i18n import use_locale
from bot.settings import read_settings
from handlers import roster
from storage.models import Account, Delivery, DeliveryState
from storage.queries.deliveries import list_troubled
from tests.adapters.email.post_office import Office, open_post
from tests.handlers.roster.sheets import JANE, MISAKI, SHO, sheet
from tests.support.rows import list_rows
from tests.support.world import POLICY, START

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # the server's, on loopback


@dataclass
class Post:
    """A community that has mail only, and the server it writes to."""

    app: App
    clock: FrozenClock
    office: Office

    def bring_in(self, *rows: str) -> None:
        given, now = sheet(*rows).encode(), self.clock.now()
        report = self.app.store.run_here(lambda db: roster.import_leavers(db, given, POLICY, now))
        assert report.problems == ()

    async def later(self, **delta: float) -> None:
        """The clock moves on, and everything that is due happens."""
        self.clock.move(timedelta(**delta))
        await self.app.ticker.settle()

    def states(self) -> list[str]:
        return [delivery.state for delivery in list_rows(self.app.store, Delivery)]

    def reasons(self) -> list[str]:
        return [row["reason"] for row in self.app.store.run_here(list_troubled)]


@contextlib.asynccontextmanager
async def open_app(url: str, office: Office, smtp: str) -> AsyncGenerator[Post]:
    clock = FrozenClock(START)
    settings = read_settings(_env_file=None, musubi_database_url=url, musubi_secret="secret of a test")
    adapter = EmailAdapter(smtp_url=smtp, mail_from="musubi@example.jp", community="縁", clock=clock, timeout=5.0)
    app = build(settings, [lambda lines: adapter], clock=clock, policy=POLICY)
    yield Post(app, clock, office)
    app.store.close()


@pytest.fixture
async def post(database_url: str) -> AsyncGenerator[Post]:
    """A community with mail, on a database of either kind."""
    office = Office()
    async with open_post(office) as smtp, open_app(database_url, office, smtp) as opened:
        yield opened


async def test_each_leaver_gets_one_invitation_in_their_language(post: Post) -> None:
    post.bring_in(MISAKI, SHO, JANE)
    await post.later(days=10)
    await post.later(days=40)
    assert sorted(post.office.recipients) == ["jane.smith@mail.example", "misaki@mail.example", "sho@mail.example"]
    by_reader = {str(mail["To"]): mail for mail in post.office.kept}
    assert by_reader["misaki@mail.example"]["Subject"] == "「縁」へのご招待（サンプル精機）"
    assert by_reader["jane.smith@mail.example"]["Subject"] == "An invitation to En, from Sample Seiki"
    assert len({mail["Message-ID"] for mail in post.office.kept}) == 3
    assert post.states() == [DeliveryState.SENT] * 3


async def test_a_busy_server_is_tried_again_with_the_same_code(post: Post) -> None:
    post.bring_in(MISAKI)
    post.office.replies = {"RCPT": ["450 busy"], "DATA": ["451 later"]}
    await post.later(days=10)
    assert (post.office.kept, post.states()) == ([], [DeliveryState.PENDING])
    await post.later(minutes=1)
    await post.later(minutes=5)
    assert len(post.office.kept) == 1
    assert post.states() == [DeliveryState.SENT]


async def test_an_address_that_is_gone_is_closed_and_told(post: Post) -> None:
    post.bring_in(MISAKI)
    post.office.replies = {"RCPT": ["550 5.1.1 no such user"]}
    await post.later(days=10)
    assert post.states() == [DeliveryState.FAILED]
    assert post.reasons() == ["the mail server refused the address (550 5.1.1)"]
    (account,) = list_rows(post.app.store, Account)
    assert not account.reachable


async def test_a_relay_that_refuses_closes_nobody(post: Post) -> None:
    post.bring_in(MISAKI)
    post.office.replies = {"RCPT": ["550 5.7.1 relaying denied"]}
    await post.later(days=10)
    assert post.states() == [DeliveryState.FAILED]
    (account,) = list_rows(post.app.store, Account)
    assert account.reachable


async def test_an_answer_lost_after_the_mail_is_never_followed_by_a_second_mail(post: Post) -> None:
    post.bring_in(MISAKI)
    post.office.drop_after_data = True
    await post.later(days=10)
    post.office.drop_after_data = False
    for _ in range(3):
        await post.later(hours=1)
    assert len(post.office.kept) == 1
    assert post.states() == [DeliveryState.UNCERTAIN]
    assert post.reasons() == ["cannot_ask"]


async def test_a_wrong_password_waits_for_the_right_one(sqlite_url: str) -> None:
    office = Office()
    async with open_post(office, password="right") as smtp:
        async with open_app(sqlite_url, office, smtp.replace("//", "//musubi:wrong@")) as post:
            post.bring_in(MISAKI)
            for _ in range(20):
                await post.later(days=1)
            assert post.states() == [DeliveryState.PENDING], "nothing is used up"
        async with open_app(sqlite_url, office, smtp.replace("//", "//musubi:right@")) as post:
            await post.later(days=30)
            assert post.states() == [DeliveryState.SENT]
    assert office.recipients == ["misaki@mail.example"]


async def test_an_invitation_whose_code_has_run_out_is_not_sent(sqlite_url: str) -> None:
    office = Office()
    async with open_post(office, password="right") as smtp:
        async with open_app(sqlite_url, office, smtp.replace("//", "//musubi:wrong@")) as post:
            post.bring_in(MISAKI)
            await post.later(days=10)
        async with open_app(sqlite_url, office, smtp.replace("//", "//musubi:right@")) as post:
            await post.later(days=10 + POLICY.code_valid.days + 1)
            assert post.states() == [DeliveryState.SKIPPED]
    assert office.kept == []


async def test_the_adapter_has_nothing_to_open_or_to_serve(post: Post) -> None:
    (adapter,) = post.app.adapters
    routes = len(post.app.make_web().router.routes())
    adapter.add_routes(post.app.make_web())
    await adapter.start()
    await adapter.close()
    assert adapter.directory is None
    assert routes == len(post.app.make_web().router.routes())


@pytest.mark.parametrize(("locale", "words"), [("ja", "メール"), ("en", "Mail")])
async def test_the_doctor_looks_at_the_server(post: Post, locale: str, words: str) -> None:
    (adapter,) = post.app.adapters
    with use_locale(locale):
        (finding,) = await adapter.check()
    assert (finding.level, words in finding.title) == ("ok", True)
