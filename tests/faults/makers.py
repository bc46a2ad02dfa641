"""The real adapters, pointed at the fakes of the test's process, with short timeouts."""

from adapters.slack import SlackAdapter
from adapters.slack.outbound import SlackSender
from bot.app import AdapterMaker, Lines
from tests.faults.bots import TIMEOUT, Config
from tests.support.makers import teams_maker


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
    *_names, openid_url, service_url = config.secrets
    return teams_maker(config.api_url, openid_url, service_url, limit=TIMEOUT)
