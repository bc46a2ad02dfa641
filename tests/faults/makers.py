"""The real adapters, pointed at the fakes of the test's process, with short timeouts."""

from adapters.slack import SlackAdapter
from adapters.slack.outbound import SlackSender
from adapters.teams import TeamsAdapter
from adapters.teams.addresses import LOOPBACK_HOSTS
from bot.app import AdapterMaker, Lines
from tests.faults.bots import TIMEOUT, Config


def make_adapter(config: Config) -> AdapterMaker:
    """The adapter for the platform under test."""
    return _make_slack(config) if config.platform == "slack" else _make_teams(config)


def _make_slack(config: Config) -> AdapterMaker:
    token, secret = config.secrets

    def make(lines: Lines) -> SlackAdapter:
        adapter = SlackAdapter(
            token=token, signing_secret=secret, api_url=config.api_url, dispatch=lines.dispatch, clock=lines.clock
        )
        assert isinstance(adapter.sender, SlackSender)
        adapter.sender.timeout = TIMEOUT
        return adapter

    return make


def _make_teams(config: Config) -> AdapterMaker:
    app_id, password, tenant, openid_url, service_url = config.secrets

    def make(lines: Lines) -> TeamsAdapter:
        return TeamsAdapter(
            app_id=app_id,
            app_password=password,
            tenant_id=tenant,
            dispatch=lines.dispatch,
            clock=lines.clock,
            login_url=config.api_url,
            openid_url=openid_url,
            service_hosts=LOOPBACK_HOSTS,
            default_service_url=service_url,
            send_limit=TIMEOUT,
        )

    return make
