"""The real adapters of a company on Slack, on Teams and reachable by mail, pointed at the fakes of the test's process.

Everything here is made of plain values, so that Musubi may as well run in a process of its own.
"""

from dataclasses import dataclass

from adapters.email import EmailAdapter, ReplyAddresses
from bot.app import AdapterMaker, App, Lines, build
from bot.ports import Clock
from bot.settings import read_settings
from tests.support import patience
from tests.support.makers import slack_maker, teams_maker
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
    slack = slack_maker(around.slack_url, around.slack_token, around.slack_secret)
    teams = teams_maker(around.teams_url, around.teams_openid_url, around.teams_service_url)
    makers = [slack, teams, _make_email(around)]
    return build(settings, makers, clock=clock, policy=POLICY, limits=patience.UNPACED)


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
