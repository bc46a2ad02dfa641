"""What `doctor` says about Teams."""

from bot.i18n import use_locale
from tests.adapters.teams.rig import Rig
from tests.fake_teams import FakeTeams


async def test_all_is_well(rig: Rig) -> None:
    assert [finding.level for finding in await rig.adapter.check()] == ["ok", "ok"]


async def test_a_wrong_secret_says_where_to_look() -> None:
    async with Rig(app_password="wrong") as rig:
        with use_locale("en"):
            token, keys = await rig.adapter.check()
    assert (token.level, keys.level) == ("error", "ok")
    assert "AADSTS7000215" in token.advice
    assert "value and not its id" in token.advice


async def test_no_way_out(rig: Rig, teams: FakeTeams) -> None:
    teams.fail("/oauth2/", status=503)
    teams.fail("openidconfiguration", status=503)
    with use_locale("ja"):
        token, keys = await rig.adapter.check()
    assert (token.level, keys.level) == ("error", "error")
    assert "127.0.0.1" in token.advice
    assert "127.0.0.1" in keys.advice


async def test_the_open_door_is_a_warning() -> None:
    async with Rig(app_id="", app_password="", tenant_id="", emulator=True) as rig:
        [finding] = await rig.adapter.check()
    assert finding.level == "warning"
    assert "TEAMS_APP_ID" in finding.advice
