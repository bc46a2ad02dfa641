"""The real adapters of a company on Slack, on Teams and reachable by mail, pointed at the fakes of the test's process.

Everything here is made of plain values, so that Musubi may as well run in a process of its own.
"""

from dataclasses import dataclass

from adapters.email import EmailAdapter, ReplyAddresses
from adapters.slack import SlackAdapter
from adapters.teams import TeamsAdapter
from adapters.teams.addresses import LOOPBACK_HOSTS
from bot.app import AdapterMaker, App, Lines, build
from bot.ports import Clock
from bot.settings import read_settings
from tests.fake_teams import APP_ID, PASSWORD, TENANT
from tests.support import patience
from tests.support.world import POLICY

MAIL_SECRET = "the secret of the mail server"
BOT_ADDRESS = "musubi@example.jp"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where everything is: the database, the bot's own port, and the platforms."""

    database_url: str
    port: int
    slack_url: str
    slack_token: str
    slack_secret: str
    teams_url: str
    teams_openid_url: str
    teams_service_url: str
    smtp_url: str


def build_musubi(around: Surroundings, clock: Clock) -> App:
    """The whole product behind its three adapters."""
    settings = read_settings(
        _env_file=None,
        musubi_database_url=around.database_url,
        musubi_secret="secret of a test",
        musubi_public_url=f"http://127.0.0.1:{around.port}",
    )
    makers = [_make_slack(around), _make_teams(around), _make_email(around)]
    return build(settings, makers, clock=clock, policy=POLICY, limits=patience.UNPACED)


def _make_slack(around: Surroundings) -> AdapterMaker:
    return lambda lines: SlackAdapter(
        token=around.slack_token,
        signing_secret=around.slack_secret,
        api_url=around.slack_url,
        dispatch=lines.dispatch,
        clock=lines.clock,
        answer_budget=patience.UNHURRIED,
    )


def _make_teams(around: Surroundings) -> AdapterMaker:
    return lambda lines: TeamsAdapter(
        app_id=APP_ID,
        app_password=PASSWORD,
        tenant_id=TENANT,
        dispatch=lines.dispatch,
        clock=lines.clock,
        login_url=around.teams_url,
        openid_url=around.teams_openid_url,
        service_hosts=LOOPBACK_HOSTS,
        default_service_url=around.teams_service_url,
    )


def _make_email(around: Surroundings) -> AdapterMaker:
    def make(lines: Lines) -> EmailAdapter:
        return EmailAdapter(
            smtp_url=around.smtp_url,
            mail_from=f"縁 <{BOT_ADDRESS}>",
            community="縁",
            clock=lines.clock,
            replies=ReplyAddresses("reply@musubi.example.jp", b"secret of a test"),
            dispatch=lines.dispatch,
            incoming_secret=MAIL_SECRET,
        )

    return make
