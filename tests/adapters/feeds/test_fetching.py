"""Fetching on the wire: a real TLS server, and all the ways in which an address can mean harm."""

import asyncio
import datetime as dt
import gzip
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from ipaddress import ip_address
from pathlib import Path
from socket import AddressFamily
from typing import Any, cast

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.test_utils import TestServer
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from adapters.feeds import SourceFetcher
from adapters.feeds.fetching import PublicResolver, is_public
from bot.failures import FetchFailed
from tests.support.patience import UNHURRIED

NAME = "feed.example"
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@pytest.fixture(scope="module")
def contexts(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's and a client's, of a certificate made here."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    begin = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    made = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), begin, begin.replace(year=2090)
    )
    names = x509.SubjectAlternativeName([x509.DNSName(NAME), x509.DNSName("inside.example")])
    certificate = made.add_extension(names, critical=False).sign(key, hashes.SHA256())
    folder = tmp_path_factory.mktemp("tls")
    pem, private = folder / "cert.pem", folder / "key.pem"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pem, private)
    return server, ssl.create_default_context(cafile=str(pem))


class Names(AbstractResolver):
    """Everything leads to this machine."""

    def __init__(self, address: str = "127.0.0.1") -> None:
        self.address = address

    async def resolve(
        self, host: str, port: int = 0, family: AddressFamily = AddressFamily.AF_INET
    ) -> list[ResolveResult]:
        return [ResolveResult(hostname=host, host=self.address, port=port, family=family, proto=0, flags=0)]

    async def close(self) -> None:
        return None


class Web:
    """A server whose answers a test chooses, and who counts what it is asked."""

    def __init__(self, server: TestServer, client: ssl.SSLContext) -> None:
        self.server, self.client = server, client
        self.port = int(cast(Any, server).port)
        self.answers: dict[str, Answer] = {}
        self.asked: list[str] = []

    def url(self, path: str = "/jobs") -> str:
        return f"https://{NAME}:{self.port}{path}"

    async def fetch(self, address: str = "", *, patience: float = UNHURRIED, largest: int = 1000) -> bytes:
        fetcher = SourceFetcher(resolver=Names(), context=self.client, timeout=patience, largest=largest)
        return await fetcher.fetch(address or self.url())

    async def fails(self, address: str = "", **given: float) -> tuple[str, str]:
        with pytest.raises(FetchFailed) as caught:
            await self.fetch(address, **given)  # pyright: ignore[reportArgumentType]
        return caught.value.reason, caught.value.detail


@pytest_asyncio.fixture
async def site(contexts: tuple[ssl.SSLContext, ssl.SSLContext]) -> AsyncIterator[Web]:
    async def answer(request: web.Request) -> web.StreamResponse:
        site.asked.append(request.path)
        return await site.answers[request.path](request)

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    server = TestServer(app, scheme="https")
    await server.start_server(ssl=contexts[0])
    site = Web(server, contexts[1])
    yield site
    await server.close()


def says(body: bytes = b"", status: int = 200, **headers: str) -> Answer:
    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(
            body=body, status=status, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )

    return answer


async def test_what_stands_there(site: Web) -> None:
    site.answers["/jobs"] = says(b"[1]")
    assert await site.fetch() == b"[1]"


async def test_redirects_are_followed_a_few_times_and_only_to_https(site: Web) -> None:
    site.answers |= {
        "/jobs": says(status=302, Location="/b"),
        "/b": says(status=301, Location=site.url("/c")),
        "/c": says(b"x"),
    }
    assert await site.fetch() == b"x"
    site.answers["/jobs"] = says(status=302, Location="/jobs")
    assert await site.fails() == ("redirects", "")
    for target in (f"http://{NAME}/", "file:///etc/passwd", "ftp://x.example/"):
        site.answers["/jobs"] = says(status=302, Location=target)
        assert await site.fails() == ("insecure", "")


@pytest.mark.parametrize(
    "target", ["https://127.0.0.1/", "https://10.0.0.1/x", "https://[::1]/", "https://169.254.169.254/latest/meta-data"]
)
async def test_no_redirect_leads_inside(site: Web, target: str) -> None:
    site.answers["/jobs"] = says(status=307, Location=target)
    assert await site.fails() == ("private", "")
    assert site.asked == ["/jobs"]


@pytest.mark.parametrize("status", [401, 404, 500, 204])
async def test_other_answers_are_told_by_their_number(site: Web, status: int) -> None:
    site.answers["/jobs"] = says(status=status)
    assert await site.fails() == ("status", str(status))


async def test_too_much_is_not_read_packed_or_not(site: Web) -> None:
    site.answers["/jobs"] = says(b"x" * 2000)
    assert (await site.fails())[0] == "too_large"
    site.answers["/jobs"] = says(gzip.compress(b"x" * 10_000_000), Content_Encoding="gzip")
    assert (await site.fails(largest=100_000))[0] == "too_large"


async def test_who_never_ends_is_left(site: Web) -> None:
    async def slow(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(3600)
        return web.Response()

    site.answers["/jobs"] = slow
    assert (await site.fails(patience=0.2))[0] == "timeout"


async def test_a_certificate_of_another_name_and_nobody_there(site: Web) -> None:
    assert (await site.fails(f"https://other.example:{site.port}/"))[0] == "unreachable"
    assert (await site.fails(f"https://{NAME}:1/"))[0] == "unreachable"


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "::1", "fd00::1", "::ffff:10.0.0.1"]
)
async def test_a_name_that_stands_for_an_inner_address_is_not_asked(site: Web, address: str) -> None:
    fetcher = SourceFetcher(resolver=PublicResolver(Names(address)), context=site.client, timeout=UNHURRIED)
    with pytest.raises(FetchFailed) as caught:
        await fetcher.fetch(site.url())
    assert caught.value.reason == "private"
    assert site.asked == []


@pytest.mark.parametrize("address", ["http://jobs.example/", "ftp://jobs.example/", "https://", "https:///x"])
async def test_only_https(site: Web, address: str) -> None:
    assert (await site.fails(address))[0] == "insecure"


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700:4700::1111", True),
        ("0.0.0.0", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("fe80::1%eth0", False),
        ("jobs.example", False),
    ],
)
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_no_private_network_is_public() -> None:
    assert not any(is_public(str(ip_address(number << 8))) for number in range(0x0A0000, 0x0A0100))


async def test_a_file(tmp_path: Path) -> None:
    file = tmp_path / "jobs.csv"
    file.write_bytes(b"id,title\n")
    assert await SourceFetcher().fetch(str(file)) == b"id,title\n"
    for source, reason in ((file, "too_large"), (tmp_path / "none.csv", "no_file"), (tmp_path, "no_file")):
        with pytest.raises(FetchFailed) as caught:
            await SourceFetcher(largest=3 if source == file else 10**6).fetch(str(source))
        assert caught.value.reason == reason
