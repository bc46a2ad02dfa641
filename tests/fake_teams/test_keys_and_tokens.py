"""Published keys check what the fake signs, and its token endpoint is as picky as Microsoft's."""

import aiohttp
import jwt
import pytest

from tests.fake_teams import APP_ID, BAD_TOKENS, PASSWORD, TENANT, FakeTeams
from tests.fake_teams.keys import ISSUER, Json

GOOD_FORM = {
    "grant_type": "client_credentials",
    "client_id": APP_ID,
    "client_secret": PASSWORD,
    "scope": "https://api.botframework.com/.default",
}


async def fetch_json(session: aiohttp.ClientSession, url: str) -> Json:
    async with session.get(url) as response:
        assert response.status == 200
        return await response.json()


async def read_keys(session: aiohttp.ClientSession, teams: FakeTeams) -> dict[str, jwt.PyJWK]:
    metadata = await fetch_json(session, teams.openid_url)
    assert metadata["issuer"] == ISSUER
    published = await fetch_json(session, metadata["jwks_uri"])
    return {key["kid"]: jwt.PyJWK(key) for key in published["keys"]}


async def test_a_good_token_verifies_with_the_published_key(teams: FakeTeams, session: aiohttp.ClientSession) -> None:
    header = teams.courier.authorize()
    assert header is not None
    token = header.removeprefix("Bearer ")
    keys = await read_keys(session, teams)
    key = keys[jwt.get_unverified_header(token)["kid"]]
    claims = jwt.decode(token, key, algorithms=["RS256"], audience=APP_ID, issuer=ISSUER)
    assert claims["serviceurl"] == teams.service_url


async def test_rotation_publishes_a_new_key_beside_the_old(teams: FakeTeams, session: aiohttp.ClientSession) -> None:
    before = await read_keys(session, teams)
    teams.rotate_keys()
    after = await read_keys(session, teams)
    assert len(after) == 2
    assert before.keys() < after.keys()
    teams.rotate_keys(forget=True)
    assert len(await read_keys(session, teams)) == 1


async def test_keys_are_vouched_for_teams(teams: FakeTeams, session: aiohttp.ClientSession) -> None:
    published = await fetch_json(session, f"{teams.url}/v1/.well-known/keys")
    assert "msteams" in published["keys"][0]["endorsements"]


@pytest.mark.parametrize("name", sorted(BAD_TOKENS))
async def test_every_bad_token_differs_from_the_good_one(teams: FakeTeams, name: str) -> None:
    assert teams.courier.authorize(name) != teams.courier.authorize()


async def test_the_token_endpoint_gives_a_token(teams: FakeTeams, session: aiohttp.ClientSession) -> None:
    async with session.post(f"{teams.url}/{TENANT}/oauth2/v2.0/token", data=GOOD_FORM) as response:
        answer = await response.json()
    assert answer["token_type"] == "Bearer"
    assert answer["expires_in"] == 3599
    assert teams.service.identity.accepts(f"Bearer {answer['access_token']}", teams.service.now())


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("client_secret", "wrong", "invalid_client"),
        ("client_id", "somebody-else", "unauthorized_client"),
        ("scope", "https://graph.microsoft.com/.default", "invalid_scope"),
        ("grant_type", "password", "unsupported_grant_type"),
    ],
)
async def test_the_token_endpoint_refuses(
    teams: FakeTeams, session: aiohttp.ClientSession, field: str, value: str, error: str
) -> None:
    form = GOOD_FORM | {field: value}
    async with session.post(f"{teams.url}/{TENANT}/oauth2/v2.0/token", data=form) as response:
        assert response.status == 400
        assert (await response.json())["error"] == error


async def test_another_tenants_endpoint_refuses(teams: FakeTeams, session: aiohttp.ClientSession) -> None:
    async with session.post(f"{teams.url}/botframework.com/oauth2/v2.0/token", data=GOOD_FORM) as response:
        assert response.status == 400
        assert "AADSTS90002" in (await response.json())["error_description"]


async def test_a_token_request_must_be_a_form(teams: FakeTeams, session: aiohttp.ClientSession) -> None:
    async with session.post(f"{teams.url}/{TENANT}/oauth2/v2.0/token", json=GOOD_FORM) as response:
        assert response.status == 400


async def test_tokens_expire_and_can_be_revoked(teams: FakeTeams) -> None:
    identity, now = teams.service.identity, teams.service.now()
    identity.lifetime = -1
    assert not identity.accepts(f"Bearer {identity.make_token(now)}", now)
    identity.lifetime = 100
    token = identity.make_token(now)
    assert identity.accepts(f"Bearer {token}", now)
    teams.revoke_tokens()
    assert not identity.accepts(f"Bearer {token}", now)
