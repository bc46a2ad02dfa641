"""The real adapters, pointed at the fakes, as `bot.app.build` takes them.

Plain values go in, so that a Musubi in a process of its own is made in the same way. Limits in real time are far away
where a test is not about being late.
"""

from adapters.slack import SlackAdapter
from adapters.teams import TeamsAdapter
from adapters.teams.addresses import LOOPBACK_HOSTS
from bot.app import AdapterMaker, Lines
from tests.fake_teams import APP_ID, PASSWORD, TENANT
from tests.support.patience import UNHURRIED


def slack_maker(api_url: str, token: str, signing_secret: str, *, app_token: str = "") -> AdapterMaker:
    """Makes the adapter of a fake Slack; with `app_token` over Socket Mode, too."""

    def make(lines: Lines) -> SlackAdapter:
        adapter = SlackAdapter(
            token=token,
            signing_secret=signing_secret,
            app_token=app_token,
            api_url=api_url,
            dispatch=lines.dispatch,
            clock=lines.clock,
            answer_budget=UNHURRIED,
            call_limit=UNHURRIED,
        )
        adapter.sender.timeout = UNHURRIED
        return adapter

    return make


def teams_maker(login_url: str, openid_url: str, service_url: str, *, limit: float = UNHURRIED) -> AdapterMaker:
    """Makes the adapter of a fake Teams. `limit` is how many seconds a send or a request may take."""

    def make(lines: Lines) -> TeamsAdapter:
        return TeamsAdapter(
            app_id=APP_ID,
            app_password=PASSWORD,
            tenant_id=TENANT,
            dispatch=lines.dispatch,
            clock=lines.clock,
            login_url=login_url,
            openid_url=openid_url,
            service_hosts=LOOPBACK_HOSTS,
            default_service_url=service_url,
            send_limit=limit,
            request_limit=limit,
        )

    return make
