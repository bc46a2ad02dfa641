"""The identity services: OpenID metadata and keys of the Bot Framework, and Microsoft's token endpoint for bots."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import jwt
from aiohttp import web

from .keys import ISSUER, Json, Keyring, SigningKey, make_rsa, sign

SCOPE = "https://api.botframework.com/.default"
OUTBOUND_KEY = 901
"""Number of the RSA key that signs the bot's own tokens."""


@dataclass
class Identity:
    """What the two services know, and how often they were asked."""

    app_id: str
    password: str
    tenant: str
    ring: Keyring = field(default_factory=Keyring)
    lifetime: int = 3599
    metadata_reads: int = 0
    key_reads: int = 0
    tokens_given: int = 0
    generation: int = 0

    def make_token(self, now: datetime) -> str:
        """A token for the bot's calls to the connector."""
        self.tokens_given += 1
        payload = {
            "aud": "https://api.botframework.com",
            "iss": f"https://sts.windows.net/{self.tenant}/",
            "appid": self.app_id,
            "tid": self.tenant,
            "exp": int((now + timedelta(seconds=self.lifetime)).timestamp()),
            "generation": self.generation,
            "serial": self.tokens_given,
        }
        return sign(SigningKey("login", make_rsa(OUTBOUND_KEY)), payload)

    def revoke(self) -> None:
        """Makes every token given so far worthless."""
        self.generation += 1

    def accepts(self, header: str | None, now: datetime) -> bool:
        """Whether an `Authorization` header of the bot is good."""
        scheme, _, token = (header or "").partition(" ")
        try:
            claims: Json = jwt.decode(
                token,
                make_rsa(OUTBOUND_KEY).public_key(),
                algorithms=["RS256"],
                audience="https://api.botframework.com",
                options={"verify_exp": False},
            )
        except jwt.InvalidTokenError:
            return False
        alive = claims["exp"] > now.timestamp() and claims["generation"] == self.generation
        return scheme == "Bearer" and alive

    def refuse(self, form: Json, tenant: str) -> tuple[str, str] | None:
        """What is wrong with a token request, as Entra's error and description, or None."""
        if tenant.lower() != self.tenant:
            return "invalid_request", f"AADSTS90002: Tenant '{tenant}' not found."
        if form.get("grant_type") != "client_credentials":
            return "unsupported_grant_type", "AADSTS70003: The app requested an unsupported grant type."
        if form.get("client_id") != self.app_id:
            return "unauthorized_client", "AADSTS700016: Application was not found in the directory."
        if form.get("client_secret") != self.password:
            return "invalid_client", "AADSTS7000215: Invalid client secret provided."
        if form.get("scope") != SCOPE:
            return "invalid_scope", "AADSTS70011: The provided value for the input parameter 'scope' is not valid."
        return None


def describe_metadata(base: str) -> Json:
    """The OpenID document of the Bot Framework."""
    return {
        "issuer": ISSUER,
        "authorization_endpoint": "https://invalid.botframework.com",
        "jwks_uri": f"{base}/v1/.well-known/keys",
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
    }


async def read_token_request(request: web.Request) -> Json:
    """The form of a token request. Raises HTTPBadRequest for anything but a form."""
    if request.content_type != "application/x-www-form-urlencoded":
        raise web.HTTPBadRequest(text="AADSTS900144: The request body must be a form.")
    return dict(await request.post())
